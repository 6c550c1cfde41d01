"""iCalendar (RFC 5545, RFC 7986), written by a library: one meeting, or all of a docket or of the site.

What becomes of what, so that readers of every kind agree with the site:

- A meeting of its own is one VEVENT with its own UID. Cancelled, it stays at its date with STATUS:CANCELLED;
  postponed, it stays at its old date, TENTATIVE, and its title says so; rescheduled, it stands at the new
  date with a higher SEQUENCE.
- A series is one VEVENT with the series' UID and its rule. Starts of the rule at which the public sees no
  meeting are EXDATE. An occurrence that differs from the others in time, text, place or status follows with
  its RECURRENCE-ID.
- The file of one occurrence holds that occurrence alone, under the series' UID with its RECURRENCE-ID: who
  has both the file and the series has the occurrence once. So does the feed ``?each=1``, for programs that
  know no rules.

DTSTAMP is when the entry last changed, so that the same meetings give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, vInt, vRecur, vText, vUri

from engage.meetings.calendar.papers import Paper, public_papers
from engage.meetings.calendar.rules import MOST, BadRule, in_utc, instants, read_rule
from engage.meetings.calendar.sayings import (
    description_of,
    join_link,
    kind_of,
    page_of,
    place_of,
    title_of,
)
from engage.meetings.calendar.zones import zone_of
from engage.meetings.models import Meeting, MeetingSeries
from engage.web.links import address_of, path_to

MIMETYPE: Final = "text/calendar"
_PRODUCER: Final = "-//Engage//Meetings//EN"
_ASK_AGAIN: Final = timedelta(hours=6)
_LONGEST_SERIES: Final = timedelta(days=366 * 10)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar file is called, where it is, and in which language it speaks."""

    title: str
    path: str
    language: str
    now: datetime
    each_alone: bool = False
    """Every occurrence of a series is written out, for programs that know no rules."""


@dataclass(frozen=True, slots=True)
class _Said:
    """All that a reader is told of a meeting besides when it is and where its page is."""

    title: str
    written_in: str
    description: str
    place: str
    status: str
    kind: str
    join: str | None
    papers: tuple[Paper, ...]


def calendar_of(feed: Feed, meetings: Sequence[Meeting]) -> bytes:
    """The calendar of these meetings, with the series that they belong to."""
    return _whole(feed, meetings, _events(feed, meetings))


def one_meeting(feed: Feed, meeting: Meeting) -> bytes:
    """The calendar of one meeting; of a series, that occurrence alone."""
    event = _occurrence(feed, meeting, meeting.series) if meeting.series else _alone(feed, meeting)
    return _whole(feed, [meeting], [event])


def changed_at(meetings: Iterable[Meeting], now: datetime) -> datetime | None:
    """When anything of these meetings last changed for the public; None without any."""
    return max((_changed_at(meeting, now) for meeting in meetings), default=None)


def _whole(feed: Feed, meetings: Sequence[Meeting], events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", feed.title, parameters={"LANGUAGE": feed.language})
    calendar.add("x-wr-calname", feed.title)
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add("source", address_of(feed.path), parameters={"VALUE": "URI"})
    for name in sorted({zone for meeting in meetings for zone in _zones(meeting)}):
        calendar.add_component(zone_of(name, *_years(meetings)))
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _zones(meeting: Meeting) -> set[str]:
    return {meeting.time_zone} | ({meeting.series.time_zone} if meeting.series else set())


def _years(meetings: Sequence[Meeting]) -> tuple[int, int]:
    """From the first to the last year in which anything stands that is told in a time zone."""
    times = [time for meeting in meetings for time in (meeting.starts_at, meeting.last_instant)]
    for series in {meeting.series for meeting in meetings if meeting.series}:
        given, _rule = _given(series)
        times += [series.starts_at, *given[-1:]]
    return min(times).year, max(times).year


def _events(feed: Feed, meetings: Sequence[Meeting]) -> Iterator[Event]:
    """Meetings of their own, then series."""
    by_series: dict[int, tuple[MeetingSeries, list[Meeting]]] = {}
    for meeting in meetings:
        if meeting.series is None:
            yield _alone(feed, meeting)
        elif feed.each_alone:
            yield _occurrence(feed, meeting, meeting.series)
        else:
            by_series.setdefault(meeting.series.id, (meeting.series, []))[1].append(meeting)
    for series, of_series in by_series.values():
        yield from _series(feed, series, of_series)


def _series(feed: Feed, series: MeetingSeries, meetings: list[Meeting]) -> Iterator[Event]:
    """The rule and what differs from it; what it does not give stands alone."""
    given, rule = _given(series)
    by_start = {meeting.recurrence_at: meeting for meeting in meetings}
    by_rule = [by_start[start] for start in given if start in by_start]
    for meeting in meetings:
        if meeting not in by_rule:
            yield _alone(feed, meeting)
    if rule is None or not by_rule:
        return
    said = {meeting.id: _said(feed, meeting) for meeting in by_rule}
    # What most of them say; of several that are said equally often, what the earliest says.
    usual = Counter(said.values()).most_common(1)[0][0]
    master = _master(feed, series, usual, given[0])
    master.add("rrule", rule)
    left_out = [start.astimezone(series.zone) for start in given if start not in by_start]
    if left_out:
        master.add("exdate", left_out)
    changes = [_changed_at(meeting, feed.now) for meeting in by_rule]
    _stamp(master, len(series.left_out), max(series.changed_at, *changes))
    yield master
    for meeting in by_rule:
        is_there = (meeting.starts_at, meeting.last_instant) == (
            meeting.recurrence_at,
            (meeting.recurrence_at or meeting.starts_at) + series.lasts,
        )
        if said[meeting.id] != usual or not is_there:
            yield _occurrence(feed, meeting, series)


def _given(series: MeetingSeries) -> tuple[list[datetime], vRecur | None]:
    """Every start that the rule gives, and the rule ready to be written; neither of one without an end."""
    try:
        rule = read_rule(series.rule)
        found = list(instants(rule, series.starts_at, series.zone, series.starts_at + _LONGEST_SERIES))
        is_whole = ("COUNT" in rule or "UNTIL" in rule) and len(found) < MOST
        return (found, in_utc(rule, series.zone)) if is_whole else ([], None)
    except BadRule:
        return [], None


def _master(feed: Feed, series: MeetingSeries, said: _Said, starts_at: datetime) -> Event:
    event = _event(said, address_of(path_to("meetings.meeting_list", feed.language)))
    event.add("uid", series.uid)
    event.add("dtstart", starts_at.astimezone(series.zone))
    event.add("dtend", (starts_at + series.lasts).astimezone(series.zone))
    return event


def _alone(feed: Feed, meeting: Meeting) -> Event:
    """A meeting that no rule gives."""
    event = _event(_said(feed, meeting), page_of(meeting, feed.language))
    event.add("uid", meeting.uid)
    event.add("dtstart", meeting.local_start)
    event.add("dtend", meeting.last_instant.astimezone(meeting.zone))
    _stamp(event, meeting.sequence, _changed_at(meeting, feed.now))
    return event


def _occurrence(feed: Feed, meeting: Meeting, series: MeetingSeries) -> Event:
    """One occurrence, where and as it is, in place of the one that the rule gives."""
    event = _alone(feed, meeting)
    if meeting.recurrence_at not in _given(series)[0]:
        return event
    event["uid"] = vText(series.uid)
    event.add("recurrence-id", meeting.recurrence_at.astimezone(series.zone))
    # Some calendars leave out an occurrence whose number is below that of its series.
    event["sequence"] = vInt(len(series.left_out) + meeting.sequence)
    return event


def _event(said: _Said, page: str) -> Event:
    """What is said, without when. The address stands in the text too: many calendars do not show URL."""
    event = Event()
    language = {"LANGUAGE": said.written_in}
    event.add("summary", said.title, parameters=language)
    event.add("description", f"{said.description}\n{page}".lstrip(), parameters=language)
    event.add("location", said.place)
    event.add("url", page)
    event.add("categories", [said.kind])
    event.add("status", said.status)
    event.add("transp", "OPAQUE")
    if said.join:
        join = vUri(said.join, params={"VALUE": "URI", "LABEL": said.title.replace('"', "'")})
        join.params["FEATURE"] = ["AUDIO", "VIDEO"]
        event.add("conference", join)
    for paper in said.papers:
        kind = {"FMTTYPE": paper.media_type} if paper.media_type else {}
        event.add("attach", paper.address, parameters=kind | {"FILENAME": paper.title.replace('"', "'")})
    return event


def _said(feed: Feed, meeting: Meeting) -> _Said:
    title, written_in = title_of(meeting, feed.language)
    return _Said(
        title=title,
        written_in=written_in,
        description=description_of(meeting, feed.language),
        place=place_of(meeting, feed.language),
        status=_status(meeting),
        kind=kind_of(meeting, feed.language),
        join=join_link(meeting),
        papers=tuple(public_papers(meeting, feed.language, feed.now)),
    )


def _status(meeting: Meeting) -> str:
    """Of its facts, not of the hour: what is over is still what it was."""
    if meeting.cancelled_at is not None:
        return "CANCELLED"
    is_open = meeting.is_tentative or meeting.postponed_at is not None
    return "TENTATIVE" if is_open else "CONFIRMED"


def _stamp(event: Event, sequence: int, changed: datetime) -> None:
    event.add("sequence", sequence)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)


def _changed_at(meeting: Meeting, now: datetime) -> datetime:
    """The last of its changes, of its publication and of its documents."""
    shown = [file.posted_at for file in meeting.files if file.posted_at <= now]
    posted = [notice.posted_at for notice in meeting.notices]
    published = [meeting.published_at] if meeting.published_at else []
    return max(meeting.changed_at, *shown, *posted, *published)
