"""The meetings of the fictional county, done one after the other as a clerk would have done them.

Notices are posted in the order of time, because each version continues the chain of the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from dateutil.rrule import rrulestr
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.clock import from_wall_clock
from engage.comments.models import Comment, CommentPeriod
from engage.demo import reading
from engage.demo.reading import Calendar
from engage.dockets.models import Docket, Document, DocumentVersion
from engage.meetings.about import AtMeeting
from engage.meetings.models import (
    AgendaItem,
    DecidedState,
    FileKindName,
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingFile,
    MeetingKind,
    MeetingSeries,
    MinutesVersion,
)
from engage.meetings.service import post_agenda, post_notice

_COPIED = (
    "title", "summary", "time_notes", "join_url", "join_phone", "join_is_public", "capacity",
    "takes_speakers", "takes_registrations", "attended_in_person", "attended_remote",
)  # fmt: skip
_FOLDERS = ("docket-287g", "docket-cameras")
"""Those that have meetings; the first names the places."""

_MOVED = (MeetingChangeKind.MOVE, MeetingChangeKind.RESCHEDULE)

Step = tuple[datetime, Callable[[], object]]
"""What was done, and when."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who drafts the meetings, and who publishes them."""

    host: User
    clerk: User


def add_meetings(
    session: Session, periods: Mapping[str, CommentPeriod], staff: Staff, calendar: Calendar
) -> int:
    """Add every meeting of the dockets' files; returns how many there are."""
    office = reading.toml("county.toml")["office"]["name"]
    places = reading.toml(f"{_FOLDERS[0]}/meetings.toml")["places"]
    steps: list[Step] = []
    for folder in _FOLDERS:
        content = reading.toml(f"{folder}/meetings.toml")
        slug = reading.toml(f"{folder}/docket.toml")["slug"]
        docket = session.scalars(sa.select(Docket).where(Docket.slug == slug)).one()
        maker = _Maker(session, docket, periods, staff, calendar, places, office)
        steps += [step for row in content["meetings"] for step in maker.one(row)]
        steps += [step for row in content.get("series", []) for step in maker.series(row)]
    for _instant, do in sorted(steps, key=lambda step: step[0]):
        do()
        session.flush()
    return session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0


def tie_to_meeting(session: Session, comment: Comment, slug: str, position: int | None) -> None:
    """Let a comment belong to a meeting, and to the item of its agenda with this number."""
    meeting = session.scalars(sa.select(Meeting).where(Meeting.slug == slug)).one()
    item = next((item for item in meeting.items if item.position == position), None)
    AtMeeting(meeting, item).tie(session, comment)


@dataclass(frozen=True, slots=True)
class _Maker:
    session: Session
    docket: Docket
    periods: Mapping[str, CommentPeriod]
    staff: Staff
    calendar: Calendar
    places: Mapping[str, Any]
    office: Any

    def one(self, row: Mapping[str, Any]) -> Iterator[Step]:
        """A meeting of its own and all that was done with it."""
        published_at = self._at(row, "published")
        meeting = self._meeting(row, self.calendar.day(row["days"]), published_at, row["slug"])
        yield published_at, lambda: self._publish(meeting)
        agenda_at = self._at(row, "agenda")
        yield agenda_at, lambda: self._post_agenda(meeting, row["items"], agenda_at)
        for change in row.get("changes", []):
            to = self.calendar.day(change["to_days"]) if "to_days" in change else None
            happened_at = self.calendar.instant(change["days"], "11:00")
            kind = MeetingChangeKind(change["kind"])
            yield happened_at, self._changing(meeting, kind, happened_at, change["reason"], to)
        for file in row.get("files", []):
            yield self.calendar.instant(file["days"], "15:00"), self._filing(meeting, file)
        for number, minutes in enumerate(row.get("minutes", []), start=1):
            yield self.calendar.instant(minutes["days"], "14:00"), self._minuting(meeting, number, minutes)

    def series(self, row: Mapping[str, Any]) -> Iterator[Step]:
        """Meetings by a rule: one is left out before anybody saw it, one is moved afterwards."""
        published_at = self._at(row, "published")
        starts = self._starts(row)
        lasts = datetime.combine(date.min, time.fromisoformat(row["ends"])) - datetime.combine(
            date.min, time.fromisoformat(row["begins"])
        )
        series = MeetingSeries(
            docket_id=self.docket.id,
            host_id=self.staff.host.id,
            slug=row["slug"],
            uid=f"{row['slug']}@engage",
            title=row["title"],
            rule=row["rule"],
            starts_at=starts[0],
            lasts_minutes=lasts // timedelta(minutes=1),
            time_zone=self.calendar.zone.key,
            left_out=[starts[row["left_out"] - 1].isoformat()],
            changed_at=published_at,
        )
        yield published_at - timedelta(minutes=1), lambda: self.session.add(series)
        for number, start in enumerate(starts, start=1):
            if number != row["left_out"]:
                yield from self._occurrence(row, series, number, start, published_at)

    def _occurrence(
        self, row: Mapping[str, Any], series: MeetingSeries, number: int, start: datetime, published: datetime
    ) -> Iterator[Step]:
        day = start.astimezone(self.calendar.zone).date()
        meeting = self._meeting(row, day, published, f"{row['slug']}-{day.isoformat()}")
        meeting.series, meeting.recurrence_at = series, start
        yield published, lambda: self._publish(meeting)
        agenda_at = start - timedelta(days=row["agenda_days_before"])
        if agenda_at < self.calendar.instant(0, "00:00"):
            yield agenda_at, lambda: self._post_agenda(meeting, row["items"], agenda_at)
        if number == row["moved"]:
            happened_at = self.calendar.instant(row["moved_days"], "11:00")
            to = day + timedelta(days=row["moved_by_days"])
            kind = MeetingChangeKind.RESCHEDULE
            yield happened_at, self._changing(meeting, kind, happened_at, row["reason"], to)

    def _starts(self, row: Mapping[str, Any]) -> list[datetime]:
        """The starts that the rule gives, by the clocks of the place."""
        begins = datetime.combine(self.calendar.day(row["from_days"]), time.fromisoformat(row["begins"]))
        rule = rrulestr(row["rule"], dtstart=begins)
        return [from_wall_clock(local, self.calendar.zone) for local in rule]

    def _meeting(self, row: Mapping[str, Any], day: date, published_at: datetime, slug: str) -> Meeting:
        place = self.places[row["place"]]
        return Meeting(
            slug=slug,
            docket_id=self.docket.id,
            period_id=self.periods[row["period"]].id if "period" in row else None,
            host_id=self.staff.host.id,
            kind=MeetingKind(row["kind"]),
            format=Format(row["format"]),
            organiser=self.office,
            starts_at=self._on(day, row["begins"]),
            ends_at=self._on(day, row["ends"]),
            time_zone=self.calendar.zone.key,
            place_name=place["name"],
            place_street=place["street"],
            directions=place["directions"],
            accessibility=place["accessibility"],
            submitted_at=published_at - timedelta(days=1),
            published_at=published_at,
            changed_at=published_at,
            **{name: row[name] for name in _COPIED if name in row},
        )

    def _publish(self, meeting: Meeting) -> None:
        self.session.add(meeting)
        self.session.flush()
        post_notice(self.session, meeting, actor=self.staff.clerk, now=meeting.changed_at)

    def _post_agenda(self, meeting: Meeting, items: list[dict[str, Any]], now: datetime) -> None:
        for position, row in enumerate(items, start=1):
            item = AgendaItem(
                position=position,
                title=row["title"],
                summary=row.get("summary"),
                takes_written=row.get("takes_written", True),
                takes_speakers=row.get("takes_speakers", True),
                decided=DecidedState(row["decided"]) if "decided" in row else None,
                outcome=row.get("outcome"),
            )
            meeting.items.append(item)
            if "document" in row:
                version = self._version(row["document"], row["version"])
                item.files.append(
                    MeetingFile(
                        meeting=meeting,
                        kind=FileKindName.PACKET,
                        title=version.document.title,
                        version=version,
                        posted_at=now,
                    )
                )
        self.session.flush()
        post_agenda(self.session, meeting, actor=self.staff.clerk, now=now)

    def _version(self, slug: str, number: int) -> DocumentVersion:
        return self.session.scalars(
            sa.select(DocumentVersion)
            .join(Document)
            .where(
                Document.docket_id == self.docket.id, Document.slug == slug, DocumentVersion.number == number
            )
        ).one()

    def _changing(
        self, meeting: Meeting, kind: MeetingChangeKind, now: datetime, reason: Any, to: date | None
    ) -> Callable[[], None]:
        def change() -> None:
            old = meeting.starts_at
            if to is not None:
                clock = old.astimezone(self.calendar.zone).strftime("%H:%M")
                lasts = meeting.last_instant - old
                meeting.starts_at = self._on(to, clock)
                meeting.ends_at = meeting.starts_at + lasts
                meeting.original_starts_at = old
            if kind is MeetingChangeKind.CANCEL:
                meeting.cancelled_at = now
            meeting.sequence += 1
            meeting.changed_at = now
            self.session.add(
                MeetingChange(
                    meeting_id=meeting.id,
                    kind=kind,
                    happened_at=now,
                    actor_id=self.staff.clerk.id,
                    old_starts_at=old,
                    new_starts_at=meeting.starts_at if kind in _MOVED else None,
                    old_place=meeting.place_name,
                    reason=reason,
                )
            )
            self.session.flush()
            post_notice(self.session, meeting, actor=self.staff.clerk, now=now)
            if meeting.items:
                post_agenda(self.session, meeting, actor=self.staff.clerk, now=now)

        return change

    def _filing(self, meeting: Meeting, row: Mapping[str, Any]) -> Callable[[], None]:
        def file() -> None:
            meeting.files.append(
                MeetingFile(
                    kind=FileKindName(row["kind"]),
                    position=len(meeting.files),
                    title=row["title"],
                    url=row["url"],
                    posted_at=self.calendar.instant(row["days"], "15:00"),
                )
            )

        return file

    def _minuting(self, meeting: Meeting, number: int, row: Mapping[str, Any]) -> Callable[[], None]:
        def minute() -> None:
            meeting.minutes.append(
                MinutesVersion(
                    number=number,
                    body=row["body"],
                    published_at=self.calendar.instant(row["days"], "14:00"),
                    approved_on=self.calendar.day(row["approved_days"]) if "approved_days" in row else None,
                )
            )

        return minute

    def _at(self, row: Mapping[str, Any], what: str) -> datetime:
        return self.calendar.instant(row[f"{what}_days"], row.get(f"{what}_time", "09:00"))

    def _on(self, day: date, clock: str) -> datetime:
        return from_wall_clock(datetime.combine(day, time.fromisoformat(clock)), self.calendar.zone)
