"""Where meetings stand on the calendar, and where they stood: residents find what they once read there.

A meeting that was moved is found twice, at the start that holds and at each start that residents had seen.
What was cancelled or postponed stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.analysis.folding import fold_all
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.meetings.models import (
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingKind,
    MeetingStatus,
)
from engage.meetings.queries import is_over, public_meetings
from engage.web.paging import Page

LONGEST_WORDS = 100
MOST_TO_COME = 150
"""So many are listed; what is further off is in the calendar."""

STATUSES = tuple(status for status in MeetingStatus if status is not MeetingStatus.DRAFT)
"""What the list can be narrowed down to; residents see no drafts."""

_DAY = timedelta(days=1)

Value = TypeVar("Value")
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A meeting at one start that residents have seen. ``moved_to`` is None where this start holds."""

    meeting: Meeting
    starts_at: datetime
    moved_to: datetime | None

    @property
    def day(self) -> date:
        """The day in the place."""
        return self.starts_at.astimezone(self.meeting.zone).date()

    @property
    def reason(self) -> Localised | None:
        """Why it was moved from here, or is cancelled, postponed or moved to here: what was said last."""
        if self.moved_to is None:
            return latest_reason(self.meeting)
        left = (change for change in reversed(self.meeting.changes) if change.old_starts_at == self.starts_at)
        return next((change.reason for change in left if change.new_starts_at is not None), None)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the list is narrowed down to; None and "" mean any."""

    docket: str | None = None
    kind: MeetingKind | None = None
    status: MeetingStatus | None = None
    format: Format | None = None
    words: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Criteria:
        """What an address asks for; a value that is on no list is as good as none."""
        return cls(
            docket=arguments.get("docket", "").replace("\0", "")[:80] or None,
            kind=_member(MeetingKind, arguments.get("kind")),
            status=_one_of(STATUSES, _member(MeetingStatus, arguments.get("status"))),
            format=_member(Format, arguments.get("format")),
            words=arguments.get("words", "").strip()[:LONGEST_WORDS],
        )

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of an address that asks for the same."""
        given = {
            "docket": self.docket,
            "kind": self.kind,
            "status": self.status,
            "format": self.format,
            "words": self.words,
        }
        return {name: str(value) for name, value in given.items() if value}


def to_come(
    session: Session, criteria: Criteria, since: datetime, now: datetime
) -> tuple[list[Occasion], bool]:
    """What stands at ``since`` (the start of today) or later, the next first; and whether there is more."""
    wanted = _starts(session, criteria, now)
    rows = session.execute(
        sa.select(wanted)
        .where(_is_later(wanted, since, now))
        .order_by(wanted.c.starts_at, wanted.c.meeting_id)
        .limit(MOST_TO_COME + 1)
    ).all()
    return _occasions(session, rows[:MOST_TO_COME]), len(rows) > MOST_TO_COME


def next_day(session: Session, since: datetime, now: datetime) -> date | None:
    """The day of the first meeting at ``since`` or later, in its place; None where there is none."""
    wanted = _starts(session, Criteria(), now)
    rows = session.execute(
        sa.select(wanted)
        .where(wanted.c.holds, _is_later(wanted, since, now))
        .order_by(wanted.c.starts_at, wanted.c.meeting_id)
        .limit(1)
    ).all()
    return next((occasion.day for occasion in _occasions(session, rows)), None)


def past(
    session: Session, criteria: Criteria, since: datetime, now: datetime, *, number: int, size: int
) -> Page[Occasion]:
    """What stood before, the newest first."""
    wanted = _starts(session, criteria, now)
    earlier = sa.select(wanted).where(sa.not_(_is_later(wanted, since, now)))
    total = session.scalar(sa.select(sa.func.count()).select_from(earlier.subquery())) or 0
    rows = session.execute(
        earlier.order_by(wanted.c.starts_at.desc(), wanted.c.meeting_id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows=_occasions(session, rows), number=number, size=size, total=total)


def between(session: Session, first: date, last: date, now: datetime) -> list[Occasion]:
    """What stands or stood on the days from ``first`` up to and with ``last``, in the days of its place."""
    wanted = _starts(session, Criteria(), now)
    # A day begins at another instant in each place, so two days more are read than are wanted.
    begins, ends = _utc(first - _DAY), _utc(last + 2 * _DAY)
    rows = session.execute(
        sa.select(wanted)
        .where(wanted.c.starts_at >= begins, wanted.c.starts_at < ends)
        .order_by(wanted.c.starts_at, wanted.c.meeting_id)
    ).all()
    return [found for found in _occasions(session, rows) if first <= found.day <= last]


def dockets_with_meetings(session: Session, now: datetime) -> list[Docket]:
    """The dockets that the list can be narrowed down to."""
    shown = public_meetings(now).with_only_columns(Meeting.docket_id)
    return list(session.scalars(sa.select(Docket).where(Docket.id.in_(shown)).order_by(Docket.id)))


def latest_reason(meeting: Meeting) -> Localised | None:
    """The public reason of the last change that made the meeting what it is; None where nothing did."""
    if meeting.cancelled_at is not None:
        kind = MeetingChangeKind.CANCEL
    elif meeting.postponed_at is not None:
        kind = MeetingChangeKind.POSTPONE
    elif meeting.original_starts_at is not None:
        kind = MeetingChangeKind.RESCHEDULE
    else:
        return None
    return next((change.reason for change in reversed(meeting.changes) if change.kind is kind), None)


def _starts(session: Session, criteria: Criteria, now: datetime) -> sa.Subquery:
    """Every start of every meeting that fits: the one that holds and those that residents had seen."""
    fitting = public_meetings(now).where(*_conditions(session, criteria, now))
    holds = fitting.with_only_columns(
        Meeting.id.label("meeting_id"),
        Meeting.starts_at.label("starts_at"),
        Meeting.ends_at.label("ends_at"),
        sa.true().label("holds"),
    )
    stood = (
        fitting.join(MeetingChange, MeetingChange.meeting_id == Meeting.id)
        .where(MeetingChange.new_starts_at.is_not(None), MeetingChange.old_starts_at != Meeting.starts_at)
        .with_only_columns(Meeting.id, MeetingChange.old_starts_at, MeetingChange.old_starts_at, sa.false())
    )
    # UNION, not UNION ALL: who moved a meeting there and back twice left it once.
    return sa.union(holds, stood).subquery("starts")


def _is_later(wanted: sa.Subquery, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(wanted.c.starts_at >= since, sa.func.coalesce(wanted.c.ends_at, wanted.c.starts_at) > now)


def _conditions(session: Session, criteria: Criteria, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    if criteria.docket:
        yield Docket.slug == criteria.docket
    if criteria.kind:
        yield Meeting.kind == criteria.kind
    if criteria.format:
        yield Meeting.format == criteria.format
    if criteria.status:
        yield _has_status(criteria.status, now)
    if criteria.words:
        yield Meeting.id.in_(_with_words(session, criteria.words, now))


def _has_status(status: MeetingStatus, now: datetime) -> sa.ColumnElement[bool]:
    """The same as Meeting.status says of a published meeting, for the database."""
    is_cancelled = Meeting.cancelled_at.is_not(None)
    is_postponed = Meeting.postponed_at.is_not(None)
    is_moved = Meeting.original_starts_at.is_not(None)
    # In the order in which the model asks: the first that is true is the status.
    questions: list[tuple[MeetingStatus, sa.ColumnElement[bool]]] = [
        (MeetingStatus.CANCELLED, is_cancelled),
        (MeetingStatus.POSTPONED, is_postponed),
        (MeetingStatus.PASSED, is_over(now)),
        (MeetingStatus.RESCHEDULED, is_moved),
        (MeetingStatus.TENTATIVE, Meeting.is_tentative.is_(True)),
    ]
    said = sa.case(*((true, name.value) for name, true in questions), else_=MeetingStatus.CONFIRMED.value)
    return said == status.value


def _with_words(session: Session, words: str, now: datetime) -> list[int]:
    """The meetings with all these words, whatever their accents. A county has some thousands at most."""
    wanted = fold_all(words).split()
    rows = session.execute(
        public_meetings(now).with_only_columns(
            Meeting.id, Meeting.title, Meeting.summary, Meeting.organiser, Meeting.place_name
        )
    )
    return [number for number, *texts in rows if _has_all(wanted, texts)]


def _has_all(words: Sequence[str], texts: Sequence[Localised | None]) -> bool:
    whole = fold_all(" ".join(f"{text.en} {text.es}" for text in texts if text))
    return all(word in whole for word in words)


def _occasions(session: Session, rows: Sequence[sa.Row[Any]]) -> list[Occasion]:
    numbers = {row.meeting_id for row in rows}
    meetings = {
        meeting.id: meeting
        for meeting in session.scalars(
            sa.select(Meeting)
            .where(Meeting.id.in_(numbers))
            .options(joinedload(Meeting.docket), selectinload(Meeting.changes))
        )
    }
    return [
        Occasion(
            meeting=meetings[row.meeting_id],
            starts_at=row.starts_at,
            moved_to=None if row.holds else meetings[row.meeting_id].starts_at,
        )
        for row in rows
    ]


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _member(enumeration: type[Member], value: str | None) -> Member | None:
    return enumeration(value) if value in list(enumeration) else None


def _one_of(allowed: Sequence[Value], value: Value | None) -> Value | None:
    return value if value in allowed else None
