"""Open a comment period for a docket, and change it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.errors import RuleBroken

SHORTEST_LIMIT = 200
LONGEST_TEXT = 100_000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 80
NOT_WRITTEN = Localised()


class SlugTaken(RuleBroken):
    """Another period already has this address."""


class BadSlug(RuleBroken):
    """Not something that can stand in an address."""


class NotInBothLanguages(RuleBroken):
    """Residents would see a text that is missing in one of the languages."""


class ClosesTooEarly(RuleBroken):
    """The period would close before it opens."""


class AlreadyPublic(RuleBroken):
    """Residents have seen the period, so it cannot be hidden again."""


@dataclass(frozen=True, slots=True)
class PeriodDraft:
    """What staff decide about a period. Instants are timezone-aware; ``time_zone`` is an IANA name."""

    title: Localised
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    summary: Localised = NOT_WRITTEN
    plain_summary: Localised = NOT_WRITTEN
    instructions: Localised = NOT_WRITTEN
    text_limit: int = 5000


def create_period(
    session: Session, *, docket: Docket, slug: str, draft: PeriodDraft, published_at: datetime | None
) -> CommentPeriod:
    """Add a period, also one that lies in the past; ``published_at`` None keeps it a draft of the staff.

    Raises BadSlug, SlugTaken, ClosesTooEarly, and NotInBothLanguages for one that residents would see.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise BadSlug(_l("An address is made of small letters a to z, digits and single hyphens."))
    period = CommentPeriod(docket_id=docket.id, slug=slug, published_at=published_at)
    _fill(period, draft)
    try:
        with session.begin_nested():
            session.add(period)
    except IntegrityError:
        raise SlugTaken(_l("Another comment period already has the address “%(slug)s”.", slug=slug)) from None
    return period


def change_period(
    session: Session, period: CommentPeriod, *, draft: PeriodDraft, published_at: datetime | None
) -> None:
    """Write a period anew; its address and its docket stay.

    Raises ClosesTooEarly, NotInBothLanguages, and AlreadyPublic where it would hide what residents have seen.
    """
    if period.published_at is not None and published_at is None:
        raise AlreadyPublic(_l("Residents have seen this period, so it stays visible."))
    period.published_at = period.published_at or published_at
    _fill(period, draft)
    session.flush()


def _fill(period: CommentPeriod, draft: PeriodDraft) -> None:
    if draft.closes_at <= draft.opens_at:
        raise ClosesTooEarly(_l("A period closes after it opens."))
    if period.published_at is not None:
        _require_both_languages(draft)
    period.title, period.summary, period.instructions = draft.title, draft.summary, draft.instructions
    period.plain_summary = draft.plain_summary
    period.opens_at, period.closes_at = draft.opens_at, draft.closes_at
    period.time_zone, period.text_limit = draft.time_zone, draft.text_limit


def _require_both_languages(draft: PeriodDraft) -> None:
    """A title is needed; the other texts are there in both languages or in none."""
    others = (draft.summary, draft.plain_summary, draft.instructions)
    if not draft.title.is_complete or any(text and not text.is_complete for text in others):
        raise NotInBothLanguages(
            _l("Residents see a period only when everything in it is written in English and in Spanish.")
        )
