"""A year of meetings for calendars, and what readers of calendars make of what the site serves of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.meetings.models import Format, Meeting, MeetingChange, MeetingChangeKind, MeetingSeries
from tests.support import makers

DENVER = ZoneInfo("America/Denver")
PUBLISHED = datetime(2026, 11, 1, 12, tzinfo=UTC)
BEGIN, END = datetime(2027, 1, 1, tzinfo=DENVER), datetime(2028, 1, 1, tzinfo=DENVER)
FILES_OF_OCCURRENCES = ("weekly-2027-02-03", "weekly-2027-03-10", "monthly-2027-09-14", "monthly-2027-11-09")
TWO_HOURS = timedelta(hours=2)


@dataclass(frozen=True, order=True, slots=True)
class Seen:
    """One occurrence: when, and whether it was called off."""

    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool


def local(*parts: int) -> datetime:
    """A time as the clocks in Denver show it."""
    return datetime(*parts, tzinfo=DENVER)  # type: ignore[arg-type, misc]


def series(session: Session, slug: str, rule: str, first: datetime, **fields: Any) -> MeetingSeries:
    """A series with a public meeting at every start that its rule gives."""
    title = Localised(en=f"{slug} council", es=f"Consejo {slug}")
    row = MeetingSeries(
        slug=slug,
        uid=f"{slug}@test",
        title=title,
        rule=rule,
        starts_at=first,
        lasts_minutes=120,
        time_zone="America/Denver",
        left_out=[],
        changed_at=PUBLISHED,
    )
    session.add(row)
    session.flush()
    for start in rrulestr(rule, dtstart=first.replace(tzinfo=None)):
        starts_at = start.replace(tzinfo=DENVER)
        alone(
            session,
            starts_at,
            slug=f"{slug}-{starts_at:%Y-%m-%d}",
            series=row,
            recurrence_at=starts_at,
            title=title,
            **fields,
        )
    return row


def alone(session: Session, starts_at: datetime, **fields: Any) -> Meeting:
    """A public meeting of two hours in Denver."""
    values: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": starts_at + TWO_HOURS,
        "time_zone": "America/Denver",
        "published_at": PUBLISHED,
        "changed_at": PUBLISHED,
    }
    return makers.meeting(session, **values | fields)


def occurrence(row: MeetingSeries, *day: int) -> Meeting:
    """The meeting of a series on a day."""
    return next(one for one in row.meetings if one.local_start.date() == datetime(*day).date())  # type: ignore[arg-type]  # noqa: DTZ001


def change(session: Session, meeting: Meeting, kind: MeetingChangeKind, **values: Any) -> None:
    """Change a published meeting as the service does: with a public reason, and counted."""
    session.add(
        MeetingChange(
            meeting=meeting,
            kind=kind,
            happened_at=PUBLISHED + timedelta(days=1),
            old_starts_at=meeting.starts_at,
            new_starts_at=values.get("starts_at"),
            reason=Localised(en="The room has burst pipes.", es="Se rompió una tubería en la sala."),
        )
    )
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    meeting.changed_at = PUBLISHED + timedelta(days=1)
    session.flush()
    session.expire(meeting, ["changes"])


def year(session: Session) -> None:
    """A year in Denver with both changes of the clocks and everything that can happen to meetings."""
    kind = MeetingChangeKind
    weekly = series(session, "weekly", "FREQ=WEEKLY;BYDAY=WE;UNTIL=20271231T235900", local(2027, 1, 6, 18))
    monthly = series(session, "monthly", "FREQ=MONTHLY;BYDAY=2TU;COUNT=12", local(2027, 1, 12, 9, 30))
    # Left out before anybody saw it, the very first of a series, and one that is still a draft.
    for row, day in ((monthly, (2027, 5, 11)), (weekly, (2027, 1, 6))):
        gone = occurrence(row, *day)
        row.left_out = [*row.left_out, gone.starts_at.isoformat()]
        session.delete(gone)
    occurrence(weekly, 2027, 8, 4).published_at = None
    session.flush()
    # Moved by an hour, to another day, to another month; cancelled; postponed; elsewhere; longer.
    moved = {"starts_at": local(2027, 3, 10, 19), "ends_at": local(2027, 3, 10, 21)}
    change(session, occurrence(weekly, 2027, 3, 10), kind.MOVE, **moved)
    other_day = {"starts_at": local(2027, 7, 15, 9, 30), "ends_at": local(2027, 7, 15, 11)}
    change(session, occurrence(monthly, 2027, 7, 13), kind.RESCHEDULE, **other_day)
    far = {"starts_at": local(2027, 12, 2, 18), "ends_at": local(2027, 12, 2, 20)}
    late = occurrence(weekly, 2027, 11, 24)
    change(session, late, kind.RESCHEDULE, original_starts_at=late.starts_at, **far)
    change(session, occurrence(weekly, 2027, 3, 17), kind.CANCEL, cancelled_at=PUBLISHED)
    change(session, occurrence(monthly, 2027, 11, 9), kind.CANCEL, cancelled_at=PUBLISHED)
    change(session, occurrence(monthly, 2027, 9, 14), kind.POSTPONE, postponed_at=PUBLISHED)
    change(session, occurrence(weekly, 2027, 6, 2), kind.PLACE, place_name=makers.both("The library"))
    occurrence(weekly, 2027, 6, 9).ends_at = local(2027, 6, 9, 22)
    # Alone: on the days of both changes of the clocks, across them, cancelled, postponed, without an end.
    alone(session, local(2027, 3, 14, 1), ends_at=local(2027, 3, 14, 4), title=makers.both("Into summer"))
    alone(session, local(2027, 3, 14, 18))
    alone(session, local(2027, 11, 7, 0, 30), ends_at=local(2027, 11, 7, 3), title=makers.both("Into winter"))
    alone(session, local(2027, 11, 7, 18))
    alone(session, local(2027, 4, 1, 18), cancelled_at=PUBLISHED)
    alone(session, local(2027, 4, 2, 18), postponed_at=PUBLISHED)
    alone(session, local(2027, 4, 5, 18), ends_at=None)
    alone(session, local(2027, 4, 6, 23), format=Format.ONLINE, time_zone="America/New_York")
    alone(session, local(2027, 4, 7, 18), published_at=None, title=makers.both("A secret draft"))
    session.commit()


def of_the_site(meetings: Iterator[Meeting]) -> list[Seen]:
    """The site's own meetings of the year."""
    return sorted(
        Seen(one.starts_at.astimezone(UTC), one.last_instant.astimezone(UTC), one.cancelled_at is not None)
        for one in meetings
        if BEGIN <= one.starts_at < END
    )
