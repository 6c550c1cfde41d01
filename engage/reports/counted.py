"""What the reports tell the author of a comment on its receipt: whether and where it is counted."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.comments.models import Comment, Disposition
from engage.receipts.parts import Step
from engage.reports.frozen import store
from engage.reports.models import CountedComment, ReportVersion
from engage.web.locale import day


def steps(session: Session, comment: Comment) -> list[Step]:
    """That a comment counts in the open report, as it is now, and in each published one that has it."""
    return [_in_open_report(session, comment), *_in_versions(session, comment)]


def _in_open_report(session: Session, comment: Comment) -> Step:
    name = _("Counted in the report")
    if comment.disposition is not Disposition.POSTED:
        return Step(name, "upcoming")
    counted = session.get(CountedComment, comment.id)
    is_counted = counted is not None and counted.facts.get("disposition") == Disposition.POSTED
    return Step(name, "past" if is_counted else "current")


def _in_versions(session: Session, comment: Comment) -> list[Step]:
    """Looked for by its number in the few pieces of each list; versions with the same list are asked once.

    One whose list was held back may have been made after the comment was posted: see frozen.freeze.
    """
    has: dict[str, bool] = {}
    found = []
    before = None
    for version in reversed(store.versions(session, comment.period)):
        digest = version.list_digest or ""
        if digest not in has:
            has[digest] = comment.tracking_number in store.StoredList(session, digest)
        if has[digest]:
            found.append(_step(comment, version, _("Counted in version %(number)s of the report")))
        elif comment.disposition is Disposition.POSTED:
            why = (
                _("Version %(number)s of the report counts the same comments as the one before")
                if digest == before
                else _("Version %(number)s of the report was made while it was not posted")
            )
            found.append(_step(comment, version, why))
        before = digest
    return found


def _step(comment: Comment, version: ReportVersion, name: str) -> Step:
    return Step(
        name % {"number": version.number},
        "past",
        day(version.published_at) if version.published_at else None,
        url_for("reports.version", slug=comment.period.slug, number=version.number),
    )
