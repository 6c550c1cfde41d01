"""Make a series of meetings from one of them, leave dates out, and show it to residents.

Each meeting of a series is a row like any other: who moves, changes or cancels one edits that meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.clock import to_wall_clock
from engage.db.types import Localised
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken
from engage.meetings import words
from engage.meetings.models import AgendaItem, Meeting, MeetingSeries
from engage.meetings.notice_content import canonical, digest_of
from engage.meetings.recurrence import LONGEST, MOST_MEETINGS, Recurrence, instant_of, occurrences
from engage.meetings.service.meeting import Missing, WrongMeetingState, missing, publish_meeting
from engage.meetings.service.notice import agenda_mark
from engage.web.locale import moment

LONGEST_SLUG = 80 - len("-2027-01-14")
"""Of a series: the day of each meeting comes behind it."""

_COPIED = (
    "docket_id", "period_id", "host_id", "kind", "format", "summary", "organiser", "time_zone", "time_notes",
    "place_name", "place_street", "directions", "accessibility", "join_url", "join_phone", "join_is_public",
    "takes_registrations", "registration_minutes", "capacity", "accommodation_days", "takes_speakers",
    "speakers_minutes", "speaking_seconds", "written_minutes", "is_tentative",
)  # fmt: skip
_COPIED_OF_ITEMS = ("position", "title", "summary", "takes_written", "takes_speakers")


class BadRecurrence(RuleBroken):
    """The rule gives no meetings, or too many."""


class SlugTaken(RuleBroken):
    """Another series, or a meeting, already has this address."""


class AlreadySeen(RuleBroken):
    """Residents have seen this meeting: it can only be cancelled."""


class SeriesIncomplete(RuleBroken):
    """A meeting of the series lacks something that residents need."""


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """A series to be made. ``first`` is its first start, naive, by the clocks of the template's place."""

    slug: str
    title: Localised
    template: Meeting
    first: datetime
    lasts_minutes: int
    recurrence: Recurrence

    @property
    def rule(self) -> str:
        """The RRULE."""
        return self.recurrence.rule(self.first, self.template.zone)

    @property
    def starts(self) -> list[datetime]:
        """The instants at which its meetings begin, in UTC. Raises BadRecurrence."""
        starts = occurrences(self.rule, self.first, self.template.zone)
        if not starts or starts[0] != instant_of(self.first, self.template.zone):
            raise BadRecurrence(_l("The series ends before its first meeting."))
        last = to_wall_clock(starts[-1], self.template.zone)
        if len(starts) > MOST_MEETINGS or last > self.first + LONGEST:
            raise BadRecurrence(_l("A series lasts three years at most."))
        return starts


def create_series(session: Session, draft: SeriesDraft, *, now: datetime) -> MeetingSeries:
    """Make a series and a draft of each of its meetings, with the texts, place and agenda of the template.

    The template itself becomes the first meeting where it begins at that instant and is of no series.
    Documents are not copied: they are about one date. Raises BadRecurrence, SlugTaken; RuleBroken for a bad
    slug.
    """
    checked_slug(draft.slug, longest=LONGEST_SLUG)
    template, starts = draft.template, draft.starts
    series = MeetingSeries(
        docket_id=template.docket_id,
        host_id=template.host_id,
        slug=draft.slug,
        uid=f"{uuid4()}@engage",
        title=draft.title,
        rule=draft.rule,
        starts_at=starts[0],
        lasts_minutes=draft.lasts_minutes,
        time_zone=template.time_zone,
        left_out=[],
        changed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(series)
            session.flush()
            for start in starts:
                if start == template.starts_at and template.series_id is None:
                    template.series_id, template.recurrence_at = series.id, start
                else:
                    session.add(_occurrence(series, template, start, now))
    except IntegrityError:
        raise SlugTaken(
            _l("Another series, or one of its meetings, already has the address “%(slug)s”.", slug=draft.slug)
        ) from None
    session.expire(series, ["meetings"])
    return series


def leave_out(session: Session, series: MeetingSeries, meeting: Meeting, *, now: datetime) -> None:
    """Take a date out that residents have not seen; calendars read that the rule has an exception there.

    Raises AlreadySeen.
    """
    if meeting.series_id != series.id or meeting.recurrence_at is None:
        raise ValueError("This meeting is none of the series.")
    _lock(session, series)
    start, meeting_id = meeting.recurrence_at, meeting.id
    try:
        with session.begin_nested():
            gone = session.execute(
                sa.delete(Meeting)
                .where(Meeting.id == meeting_id, Meeting.published_at.is_(None))
                .returning(Meeting.id),
                execution_options={"synchronize_session": False},
            ).all()
    except IntegrityError:
        gone = []
    if not gone:
        raise AlreadySeen(_l("Residents have seen this meeting, so it stays. Cancel it, with the reason."))
    session.expunge(meeting)
    series.left_out = sorted({*series.left_out, start.isoformat()})
    series.changed_at = now
    session.flush()
    session.expire(series, ["meetings"])


def put_in_again(
    session: Session, series: MeetingSeries, start: datetime, *, now: datetime
) -> Meeting | None:
    """Make the draft of a date anew that was left out, like the meeting before it.

    None where the date is not left out, or no meeting is left to make it from.
    """
    _lock(session, series)
    if start.isoformat() not in series.left_out or not series.meetings:
        return None
    before = [one for one in series.meetings if one.recurrence_at and one.recurrence_at < start]
    meeting = _occurrence(series, (before or series.meetings)[-1 if before else 0], start, now)
    try:
        with session.begin_nested():
            session.add(meeting)
    except IntegrityError:
        raise SlugTaken(_l("Another meeting has the address “%(slug)s” now.", slug=meeting.slug)) from None
    series.left_out = [one for one in series.left_out if one != start.isoformat()]
    series.changed_at = now
    session.flush()
    session.expire(series, ["meetings"])
    return meeting


def submit_series(session: Session, series: MeetingSeries, *, now: datetime) -> list[Meeting]:
    """Hand all drafts of a series that are still to come to the clerks; returns those that were not."""
    drafts = session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.series_id == series.id,
            Meeting.published_at.is_(None),
            Meeting.submitted_at.is_(None),
            Meeting.starts_at > now,
        )
        .order_by(Meeting.id)
        .with_for_update(of=Meeting)
        .execution_options(populate_existing=True)
    ).all()
    for meeting in drafts:
        meeting.submitted_at = now
    session.flush()
    return list(drafts)


def publish_series(
    session: Session, series: MeetingSeries, *, actor: User, now: datetime, seen: str | None = None
) -> list[Meeting]:
    """Show residents all drafts of a series that are still to come, each with its notice and agenda; returns
    them.

    ``seen`` is the mark of the drafts that somebody read. Raises SeriesIncomplete, which says what each date
    lacks, and WrongMeetingState where the drafts are not those any more that were read, before any is shown.
    """
    _lock(session, series)
    # Posting for one holds the ledger: whoever posts for another of them must not hold that row meanwhile.
    session.scalars(
        sa.select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.id).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    drafts = waiting(series, now)
    if seen not in (None, mark_of(drafts)):
        raise WrongMeetingState(_l("The draft was changed meanwhile. Read it again before you publish it."))
    if found := incomplete(series, now):
        raise SeriesIncomplete(
            _l(
                "Nothing is published yet, because residents would miss something. %(dates)s",
                dates=" ".join(_lacks(meeting, what) for meeting, what in found),
            )
        )
    for meeting in drafts:
        publish_meeting(session, meeting, actor=actor, now=now)
    return drafts


def mark_of(drafts: Sequence[Meeting]) -> str:
    """A text that is another one whenever one of these drafts or its agenda is: what somebody has read."""
    read = {str(one.id): [one.changed_at.isoformat(), agenda_mark(one)] for one in drafts}
    return digest_of(canonical(read))


def waiting(series: MeetingSeries, now: datetime) -> list[Meeting]:
    """The drafts of a series that are still to come."""
    return [one for one in series.meetings if one.published_at is None and one.starts_at > now]


def incomplete(series: MeetingSeries, now: datetime) -> list[tuple[Meeting, list[Missing]]]:
    """Those of them that cannot be published yet, with what residents would miss."""
    return [(one, what) for one in waiting(series, now) if (what := missing(one, now))]


def _lacks(meeting: Meeting, what: list[Missing]) -> str:
    day = moment(meeting.starts_at, meeting.zone)
    return f"{day}: {', '.join(str(words.MISSING[each]) for each in what)}."


def _occurrence(series: MeetingSeries, template: Meeting, start: datetime, now: datetime) -> Meeting:
    day = to_wall_clock(start, series.zone).date()
    meeting = Meeting(
        series_id=series.id,
        recurrence_at=start,
        slug=f"{series.slug}-{day.isoformat()}",
        title=series.title,
        starts_at=start,
        ends_at=start + timedelta(minutes=series.lasts_minutes),
        changed_at=now,
        **{name: getattr(template, name) for name in _COPIED},
    )
    meeting.items = [
        AgendaItem(**{name: getattr(item, name) for name in _COPIED_OF_ITEMS}) for item in template.items
    ]
    return meeting


def _lock(session: Session, series: MeetingSeries) -> None:
    """One change of a series at a time, on PostgreSQL; on SQLite every writer is alone anyway."""
    session.execute(sa.select(MeetingSeries.id).where(MeetingSeries.id == series.id).with_for_update())
    session.refresh(series, ["left_out"])
    session.expire(series, ["meetings"])
