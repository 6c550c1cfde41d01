"""Draft a meeting, hand it to the clerks, show it to residents, and write its texts anew."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken
from engage.meetings.access import may_write
from engage.meetings.models import Attendee, Format, Meeting, MeetingComment, MeetingKind, MeetingStatus
from engage.meetings.service.attend import change_capacity
from engage.meetings.service.notice import agenda_mark, post_all, post_notice


class SlugTaken(RuleBroken):
    """Another meeting already has this address."""


class AddressFixed(RuleBroken):
    """Residents may have kept the address of what is published, so it stays."""


class Announced(RuleBroken):
    """What residents have been told changes only with a public reason: see service.change."""


class PeriodFixed(RuleBroken):
    """Comments were made at the meeting or written for it: they stay in the record that they joined."""


class WrongMeetingState(RuleBroken):
    """This cannot follow the state that the meeting is in; it may have changed meanwhile."""


class NotFinished(RuleBroken):
    """Residents would miss something that they need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """All that staff write about a meeting, by the names of its columns."""

    kind: MeetingKind
    format: Format
    docket: Docket | None
    period: CommentPeriod | None
    title: Localised
    summary: Localised | None
    organiser: Localised | None
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    time_notes: Localised | None
    place_name: Localised | None
    place_street: str | None
    directions: Localised | None
    accessibility: Localised | None
    join_url: str | None
    join_phone: str | None
    join_is_public: bool
    takes_registrations: bool
    registration_minutes: int
    capacity: int | None
    accommodation_days: int
    takes_speakers: bool
    speakers_minutes: int
    speaking_seconds: int
    written_minutes: int
    is_tentative: bool


WRITTEN = tuple(field.name for field in fields(MeetingDraft))
"""The columns that staff write."""

ANNOUNCED = frozenset(
    {
        "kind",
        "format",
        "docket",
        "starts_at",
        "ends_at",
        "time_zone",
        "place_name",
        "place_street",
        "join_url",
        "join_phone",
        "is_tentative",
    }
)
"""What stands once residents have seen it: when and where, and by which rule the notice is judged."""


class Missing(StrEnum):
    """What a draft may lack, and residents may not."""

    TITLE = "title"
    SUMMARY = "summary"
    PLACE = "place"
    JOIN = "join"
    DOCKET = "docket"
    PERIOD = "period"


def fixed_fields(meeting: Meeting | None, now: datetime) -> frozenset[str]:
    """Which of WRITTEN can no longer be written in silence.

    Of what is over or cancelled only the comment period stays open: what was said there may still join it.
    """
    if meeting is None or meeting.published_at is None:
        return frozenset()
    if meeting.status(now) in (MeetingStatus.PASSED, MeetingStatus.CANCELLED):
        return frozenset(WRITTEN) - {"period"}
    return ANNOUNCED


def create_meeting(
    session: Session, *, slug: str, draft: MeetingDraft, host: User | None, now: datetime
) -> Meeting:
    """Begin a meeting that only staff see: ``host`` and the clerks. It may still lack much.

    Raises SlugTaken; RuleBroken for a bad slug or a period of another docket.
    """
    _refuse_foreign_period(draft)
    values = {name: getattr(draft, name) for name in WRITTEN}
    meeting = Meeting(slug=checked_slug(slug), host=host, changed_at=now, **values)
    try:
        with session.begin_nested():
            session.add(meeting)
    except IntegrityError:
        raise _taken(slug) from None
    return meeting


def change_meeting(
    session: Session,
    meeting: Meeting,
    *,
    draft: MeetingDraft,
    slug: str,
    host: User | None,
    actor: User | None,
    now: datetime,
) -> list[Attendee]:
    """Write it anew; where residents read of it, a changed notice is posted.

    Returns those whom more places let in from the waiting list. Raises AddressFixed, Announced, PeriodFixed,
    SlugTaken, TooFewPlaces, NotFinished, and WrongMeetingState where it is no longer ``actor``'s to write;
    RuleBroken for a bad slug or a period of another docket.
    """
    session.refresh(meeting, with_for_update=True)
    _refuse_other_hands(meeting, actor)
    changed = [name for name in WRITTEN if getattr(meeting, name) != getattr(draft, name)]
    if not fixed_fields(meeting, now).isdisjoint(changed):
        raise Announced(_l("Residents have been told this, so it changes only with a public reason."))
    if meeting.published_at is not None and slug != meeting.slug:
        raise AddressFixed(_l("The meeting is published, so its address can no longer change."))
    _refuse_foreign_period(draft)
    if "period" in changed:
        _refuse_other_period(session, meeting)
    promoted = change_capacity(session, meeting, draft.capacity)
    try:
        with session.begin_nested():
            meeting.slug, meeting.host = checked_slug(slug), host
            for name in changed:
                setattr(meeting, name, getattr(draft, name))
            if changed:
                meeting.changed_at = now
    except IntegrityError:
        raise _taken(slug) from None
    if meeting.published_at is not None:
        _refuse_unfinished(meeting, now)
        post_notice(session, meeting, actor=actor, now=now)
    return promoted


def submit_meeting(session: Session, meeting: Meeting, now: datetime) -> None:
    """Hand a draft to the clerks; its host leaves it alone from then on. Raises WrongMeetingState."""
    _hold_draft(session, meeting)
    if meeting.submitted_at is None:
        meeting.submitted_at = now
    session.flush()


def return_meeting(session: Session, meeting: Meeting) -> None:
    """Give a draft back to its host, who asks for it or has to mend it. Raises WrongMeetingState."""
    _hold_draft(session, meeting)
    meeting.submitted_at = None
    session.flush()


def publish_meeting(
    session: Session,
    meeting: Meeting,
    *,
    actor: User | None,
    now: datetime,
    seen: datetime | None = None,
    seen_agenda: str | None = None,
) -> None:
    """Show it to residents and post its notice; nothing more happens where they see it already.

    ``seen`` is when the draft that somebody read had last been changed, ``seen_agenda`` the mark of the
    agenda that they read. Raises NotFinished, and WrongMeetingState where the draft is not the one any more
    that was read.
    """
    session.refresh(meeting, with_for_update=True)
    if meeting.published_at is not None:
        return
    is_other = seen is not None and meeting.changed_at != seen
    if is_other or seen_agenda not in (None, agenda_mark(meeting)):
        raise WrongMeetingState(_l("The draft was changed meanwhile. Read it again before you publish it."))
    _refuse_unfinished(meeting, now)
    meeting.published_at = meeting.changed_at = now
    post_all(session, meeting, actor=actor, now=now)
    session.flush()


def delete_draft(session: Session, meeting: Meeting, *, actor: User | None) -> None:
    """Throw a draft away. One of a series leaves a gap in it. Raises WrongMeetingState."""
    _hold_draft(session, meeting)
    _refuse_other_hands(meeting, actor)
    if meeting.series is not None and meeting.recurrence_at is not None:
        meeting.series.left_out = [*meeting.series.left_out, meeting.recurrence_at.isoformat()]
    session.delete(meeting)
    session.flush()


def missing(meeting: Meeting, now: datetime) -> list[Missing]:
    """What residents would miss."""
    docket, period = meeting.docket, meeting.period
    lacks = {
        Missing.TITLE: not meeting.title.is_complete,
        Missing.SUMMARY: meeting.summary is None or not meeting.summary.is_complete,
        Missing.DOCKET: docket is not None and not docket.is_published(now),
        Missing.PERIOD: period is not None and (period.published_at is None or period.published_at > now),
    }
    where = missing_where(meeting.format, meeting.place_name, meeting.join_url, meeting.join_phone)
    return [what for what, is_lacking in lacks.items() if is_lacking] + where


def missing_where(
    form: Format, place_name: Localised | None, join_url: str | None, join_phone: str | None
) -> list[Missing]:
    """What people lack to come in this way."""
    lacks = {
        Missing.PLACE: form is not Format.ONLINE and not place_name,
        Missing.JOIN: form is not Format.IN_PERSON and not (join_url or join_phone),
    }
    return [what for what, is_lacking in lacks.items() if is_lacking]


def _hold_draft(session: Session, meeting: Meeting) -> None:
    """Read the row as it is now and hold it: a clerk may be publishing it at this moment."""
    session.refresh(meeting, with_for_update=True)
    if meeting.published_at is not None:
        raise WrongMeetingState(_l("Residents can see this meeting, so it is no draft any more."))


def _refuse_other_hands(meeting: Meeting, actor: User | None) -> None:
    """A host's page may be older than the clerk's publication of the very draft that it shows."""
    if actor is not None and not may_write(actor, meeting):
        raise WrongMeetingState(_l("This meeting is with the clerks. Take the draft back to write on."))


def _refuse_unfinished(meeting: Meeting, now: datetime) -> None:
    if missing(meeting, now):
        raise NotFinished(_l("Something that residents need is missing."))


def _refuse_foreign_period(draft: MeetingDraft) -> None:
    if draft.period is not None and draft.period.docket is not draft.docket:
        raise RuleBroken(_l("This comment period belongs to another docket."))


def _refuse_other_period(session: Session, meeting: Meeting) -> None:
    tied = sa.select(MeetingComment.comment_id).where(MeetingComment.meeting_id == meeting.id).limit(1)
    if session.scalar(tied) is not None:
        raise PeriodFixed(
            _l("Comments belong to this meeting already. They are part of its comment period, so it stays.")
        )


def _taken(slug: str) -> SlugTaken:
    return SlugTaken(_l("Another meeting already has the address “%(slug)s”.", slug=slug))
