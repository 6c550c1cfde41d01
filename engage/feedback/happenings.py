"""What happens to feedback forms, read from their dates, for followers and feeds. All that is told is public.

Nobody is named and nothing that somebody wrote is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import Session, joinedload

from engage.feedback.models import FeedbackForm, FormResult, FormStatus
from engage.feedback.queries import public_forms
from engage.marks import N_
from engage.web.links import path_to, said_in
from engage.web.locale import moment, site_time_zone
from engage.web.news import DOCKET, MEETING, Happening, Subject, Told

CLOSING_SOON = timedelta(hours=72)


_SAID = {
    "opened": N_("A feedback form is open. It asks what you think, without your name."),
    "opened_until": N_(
        "A feedback form is open until %(closes)s. It asks what you think, without your name."
    ),
    "closing": N_("A feedback form closes soon: %(closes)s."),
    "results": N_("A feedback form has closed, and its results can be read."),
}


def form_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Opened, closing soon, results to be read: of forms about a docket or a meeting, from their dates."""
    about_something = sa.or_(FeedbackForm.docket_id.is_not(None), FeedbackForm.meeting_id.is_not(None))
    recent = (
        public_forms(now)
        .options(joinedload(FeedbackForm.meeting))
        .where(
            about_something,
            # What was asked elsewhere was never open here.
            FeedbackForm.source.is_(None),
            sa.or_(
                FeedbackForm.published_at >= since,
                FeedbackForm.opens_at.between(since, now),
                FeedbackForm.closes_at.between(since, now + CLOSING_SOON),
            ),
        )
        .order_by(FeedbackForm.id)
    )
    final = set(session.scalars(sa.select(FormResult.form_id).where(FormResult.is_final)))
    for form in session.scalars(recent):
        yield from _of_form(form, now, is_final=form.id in final)


def _of_form(form: FeedbackForm, now: datetime, *, is_final: bool) -> Iterator[Happening]:
    status = form.status(now)
    if status not in (FormStatus.OPEN, FormStatus.CLOSED):
        return
    opened = _seen_from(form)
    yield _about(form, "opened" if form.closes_at is None else "opened_until", "opened", opened)
    if form.closes_at is None:
        return
    soon = form.closes_at - CLOSING_SOON
    # Of a form that is open for less than that, the word that it opened is reminder enough.
    if status is FormStatus.OPEN and opened < soon <= now:
        yield _about(form, "closing", f"closing:{form.closes_at.isoformat()}", soon, is_reminder=True)
    if status is FormStatus.CLOSED and is_final:
        yield _about(form, "results", f"results:{form.closes_at.isoformat()}", form.closes_at)


def _seen_from(form: FeedbackForm) -> datetime:
    """Since when everybody may answer it."""
    docket = form.docket.published_at if form.docket else None
    return max(filter(None, (form.opens_at, form.published_at, docket)))


def _about(
    form: FeedbackForm, what: str, key: str, happened_at: datetime, *, is_reminder: bool = False
) -> Happening:
    return Happening(
        key=f"form:{form.id}:{key}",
        subjects=_subjects(form),
        happened_at=happened_at,
        tell=partial(_tell, form, what),
        is_reminder=is_reminder,
        needed_by=form.closes_at if is_reminder else None,
    )


def _subjects(form: FeedbackForm) -> tuple[Subject, ...]:
    meeting = (Subject(MEETING, str(form.meeting_id)),) if form.meeting_id is not None else ()
    docket = (Subject(DOCKET, str(form.docket_id)),) if form.docket_id is not None else ()
    return meeting + docket


def _tell(form: FeedbackForm, what: str, language: str) -> Told:
    with force_locale(language):
        closes = moment(form.closes_at, site_time_zone()) if form.closes_at else ""
    return Told(
        about=form.title.best(language)[0] or form.slug,
        text=said_in(language, _SAID[what], closes=closes),
        path=_path(form, what, language),
    )


def _path(form: FeedbackForm, what: str, language: str) -> str:
    """Where to answer it, or where to read what was answered."""
    page = "feedback.results" if what == "results" else "feedback.form"
    return path_to(page, language, slug=form.slug)
