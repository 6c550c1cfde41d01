"""Open a comment period for a docket, and change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod, LatePolicy
from engage.comments.service.parity import require_finished
from engage.db.types import LANGUAGES, Localised
from engage.dockets.models import Docket
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken

SHORTEST_LIMIT = 200
LONGEST_TEXT = 100_000

NOT_WRITTEN = Localised()


class SlugTaken(RuleBroken):
    """Another period already has this address."""


class ClosesTooEarly(RuleBroken):
    """The period would close before it opens, or stop taking late comments before they are late."""


class AlreadyPublic(RuleBroken):
    """Residents have seen the period, so it cannot be hidden again, nor its dates be changed in silence."""


class DocketIsDraft(RuleBroken):
    """Residents do not see the docket, so they could not see a period of it either."""


@dataclass(frozen=True, slots=True)
class PeriodDraft:
    """What staff decide about a period. Instants are timezone-aware; ``time_zone`` is an IANA name.

    ``notice_posted_on`` None is the day of publication.
    """

    title: Localised
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    summary: Localised = NOT_WRITTEN
    plain_summary: Localised = NOT_WRITTEN
    instructions: Localised = NOT_WRITTEN
    notice: Localised = NOT_WRITTEN
    notice_posted_on: date | None = None
    required_languages: tuple[str, ...] = LANGUAGES
    text_limit: int = 5000
    late_policy: LatePolicy = LatePolicy.REFUSE
    late_until: datetime | None = None


def create_period(
    session: Session, *, docket: Docket, slug: str, draft: PeriodDraft, published_at: datetime | None
) -> CommentPeriod:
    """Add a period, also one that lies in the past; ``published_at`` None keeps it a draft of the staff.

    Raises BadSlug, SlugTaken, ClosesTooEarly, and DocketIsDraft and parity.NotFinished for one that residents
    would see.
    """
    if published_at is not None:
        _require_public(docket, published_at)
    period = CommentPeriod(docket_id=docket.id, slug=checked_slug(slug))
    _fill(period, draft, published_at)
    try:
        with session.begin_nested():
            session.add(period)
    except IntegrityError:
        raise SlugTaken(_l("Another comment period already has the address “%(slug)s”.", slug=slug)) from None
    return period


def change_period(
    session: Session, period: CommentPeriod, *, draft: PeriodDraft, published_at: datetime | None
) -> None:
    """Write a period anew; its address and its docket stay, and once it is published so do its dates.

    Raises ClosesTooEarly, parity.NotFinished, DocketIsDraft, and AlreadyPublic where it would hide what
    residents have seen or move a date without telling them why: see service.change.
    """
    if period.published_at is not None:
        if published_at is None:
            raise AlreadyPublic(_l("Residents have seen this period, so it stays visible."))
        _keep_dates(period, draft)
    elif published_at is not None:
        _require_public(period.docket, published_at)
    _fill(period, draft, period.published_at or published_at)
    session.flush()


def _require_public(docket: Docket, published_at: datetime) -> None:
    """The period is visible from its publication on: so is the docket, or its notice would count unseen."""
    if not docket.is_published(published_at):
        raise DocketIsDraft(_l("Publish the docket first: residents do not see it yet."))


def _keep_dates(period: CommentPeriod, draft: PeriodDraft) -> None:
    fixed = ("opens_at", "closes_at", "time_zone", "late_policy", "late_until")
    if any(getattr(period, name) != getattr(draft, name) for name in fixed):
        raise AlreadyPublic(
            _l("Residents have seen these dates. Extend, reopen or cancel the period, and say why.")
        )


def _fill(period: CommentPeriod, draft: PeriodDraft, published_at: datetime | None) -> None:
    if draft.closes_at <= draft.opens_at:
        raise ClosesTooEarly(_l("A period closes after it opens."))
    if draft.late_until is not None and draft.late_until <= draft.closes_at:
        raise ClosesTooEarly(_l("Late comments are taken until a time after the end."))
    if published_at is not None:
        require_finished(draft)
    period.published_at = published_at
    period.title, period.summary, period.instructions = draft.title, draft.summary, draft.instructions
    period.notice, period.required_languages = draft.notice, list(draft.required_languages)
    period.notice_posted_on = draft.notice_posted_on or _day_of_publication(period, draft)
    period.plain_summary = draft.plain_summary
    period.opens_at, period.closes_at = draft.opens_at, draft.closes_at
    period.time_zone, period.text_limit = draft.time_zone, draft.text_limit
    period.late_policy, period.late_until = draft.late_policy, draft.late_until


def _day_of_publication(period: CommentPeriod, draft: PeriodDraft) -> date | None:
    if period.published_at is None:
        return None
    return period.notice_posted_on or period.published_at.astimezone(ZoneInfo(draft.time_zone)).date()
