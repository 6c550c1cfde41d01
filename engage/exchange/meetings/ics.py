"""iCalendar files, as they are found: folded or not, with time zones of any name, with mistakes.

The file is cut into its entries before any of it is understood, so that a bad entry costs itself alone, and
nothing in it (nesting, a rule that never ends, a zone with a million changes) is followed further than the
limits here. A rule is expanded on the clocks of its place, from REACHES_BACK before now to REACHES_ON after.
Attendees, organisers and everything else that names persons is not read. What is private is passed over.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from icalendar import Event, vBroken

from engage.exchange.encoding import TextFile
from engage.exchange.meetings.ics_blocks import CONFERENCES, MAX_ENTRY, Block, cut, value_of
from engage.exchange.meetings.ics_zones import Zones, known_zone
from engage.exchange.meetings.records import (
    MAX_LINKS,
    YEARS,
    SourceLink,
    SourceMeeting,
    State,
    address,
    end_of,
    kind_of,
    made_up_id,
    place_of,
    summary_of,
    title_and_state,
    title_of,
)
from engage.exchange.records import MAX_ID, RowProblem
from engage.exchange.values import BadRecord
from engage.meetings.calendar.rules import BadRule, read_rule, wall_clock
from engage.meetings.models import FileKindName

REACHES_BACK: Final = timedelta(days=731)
REACHES_ON: Final = timedelta(days=731)
"""How far from now the occurrences of a rule are taken."""

MOST_RULES: Final = 1_000
_BARREN: Final = 50
"""A rule that gives nothing costs as many as these: it was followed in vain."""

_STATES: Final = {"CANCELLED": State.CANCELLED, "TENTATIVE": State.TENTATIVE}
_HIDDEN: Final = frozenset({"PRIVATE", "CONFIDENTIAL"})


def read(
    file: TextFile, text: TextIO, zone: ZoneInfo, now: datetime
) -> Iterator[SourceMeeting | RowProblem | None]:
    """Every meeting of the file, None for what is passed over. ``zone`` is that of times without any.

    Raises BadFile for what is no calendar, or one with more in it than a county has meetings.
    """
    found = cut(file, text)
    zones = Zones(found.zones, known_zone(found.zone_name or "") or zone)
    window = _Window(now - REACHES_BACK, now + REACHES_ON)
    by_uid: dict[str, list[_Entry]] = {}
    spoilt: dict[str, set[datetime]] = {}
    for block in found.entries:
        try:
            entry = _entry(block, zones)
        except BadRecord as error:
            uid = value_of(block, "UID")
            spoilt.setdefault(uid, set()).update(_stands_for(block, zones))
            yield RowProblem(block.row, uid[:MAX_ID] or None, str(error))
            continue
        if entry is None:
            yield None
        else:
            by_uid.setdefault(entry.uid, []).append(entry)
    left = [MOST_RULES]
    for uid, entries in by_uid.items():
        yield from _expanded(entries, spoilt.get(uid, set()), window, left)


@dataclass(frozen=True, slots=True)
class _Window:
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class _Time:
    """A time as the file tells it: on the wall, in a zone; or a whole day."""

    local: datetime
    zone: tzinfo
    is_day: bool

    @property
    def instant(self) -> datetime:
        return self.local.replace(tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One VEVENT, understood but for the days on which it comes again."""

    uid: str
    starts: _Time
    meeting: SourceMeeting
    rule: str | None
    left_out: tuple[_Time, ...]
    added: tuple[_Time, ...]
    instead_of: _Time | None


def _entry(block: Block, zones: Zones) -> _Entry | None:
    """The entry of some lines; None for a private one. Raises BadRecord."""
    event = _parsed(block)
    if str(event.get("CLASS", "")).strip().upper() in _HIDDEN:
        return None
    starts = _time(event, "DTSTART", zones)
    if starts is None:
        raise BadRecord("The entry has no start.")
    if starts.local.year not in YEARS:
        raise BadRecord(f"The year {starts.local.year} is too far from today.")
    title, state = title_and_state(
        title_of(_text(event, "SUMMARY")), _STATES.get(_text(event, "STATUS").upper(), State.CONFIRMED)
    )
    uid = _text(event, "UID").strip() or made_up_id(title, starts.instant.isoformat())
    if len(uid) > MAX_ID:
        raise BadRecord(f"The UID is longer than {MAX_ID} characters.")
    return _Entry(
        uid=uid,
        starts=starts,
        meeting=_meeting(event, block.row, uid, title, state, starts, zones),
        rule=_rule(event),
        left_out=_times(event, "EXDATE", zones),
        added=_times(event, "RDATE", zones),
        instead_of=_time(event, "RECURRENCE-ID", zones),
    )


def _stands_for(block: Block, zones: Zones) -> Iterator[datetime]:
    """Which occurrence a bad entry stands for: it is not where the rule says, but nobody knows where."""
    lines = [line for line in block.lines if line.upper().startswith("RECURRENCE-ID")]
    alone = Block(block.row, block.name, lines, is_whole=True)
    try:
        found = _time(_parsed(alone), "RECURRENCE-ID", zones) if lines else None
    except BadRecord:
        return
    if found is not None:
        yield found.instant


def _parsed(block: Block) -> Event:
    if not block.is_whole:
        raise BadRecord("The entry has no end.")
    if block.length > MAX_ENTRY:
        raise BadRecord(f"The entry is longer than {MAX_ENTRY:,} characters.")
    try:
        with warnings.catch_warnings():
            # It warns of names of time zones that it has to guess at; Zones does that here.
            warnings.simplefilter("ignore")
            event = Event.from_ical(block.text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise BadRecord(f"The entry cannot be read: {str(error)[:120]}") from error
    if not isinstance(event, Event):
        raise BadRecord("The entry cannot be read.")
    return event


def _meeting(
    event: Event, row: int, uid: str, title: str, state: State, starts: _Time, zones: Zones
) -> SourceMeeting:
    starts_at = starts.instant
    place, join_url = place_of(_text(event, "LOCATION"), _conference(event))
    categories = " ".join(_text(event, "CATEGORIES").split(","))
    return SourceMeeting(
        row=row,
        source_id=uid,
        uid=uid,
        title=title,
        starts_at=starts_at,
        ends_at=end_of(starts_at, _end_of(event, starts, zones)),
        time_zone=zones.name_of(starts.zone),
        state=state,
        kind=kind_of(categories, title),
        summary=summary_of(_text(event, "DESCRIPTION")),
        place_name=place,
        join_url=join_url,
        is_whole_day=starts.is_day,
        links=tuple(_links(event)),
    )


def _end_of(event: Event, starts: _Time, zones: Zones) -> datetime | None:
    ends = _time(event, "DTEND", zones)
    if ends is not None:
        return ends.instant
    if event.get("DURATION") is None:
        return None
    lasts = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(lasts, timedelta):
        raise BadRecord("The duration cannot be read.")
    return starts.instant + lasts


def _time(event: Event, name: str, zones: Zones) -> _Time | None:
    value = event.get(name)
    if value is None:
        return None
    if isinstance(value, list | vBroken):
        raise BadRecord(f"{name} cannot be read.")
    return _told(value.dt, value.params.get("TZID"), zones, name)


def _times(event: Event, name: str, zones: Zones) -> tuple[_Time, ...]:
    """All times of a property that may stand several times and each time hold several."""
    values = event.get(name)
    found = []
    for value in values if isinstance(values, list) else [values] if values is not None else []:
        if isinstance(value, vBroken):
            raise BadRecord(f"{name} cannot be read.")
        for one in value.dts:
            when = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            found.append(_told(when, value.params.get("TZID") or one.params.get("TZID"), zones, name))
    return tuple(found)


def _told(value: Any, zone_name: Any, zones: Zones, name: str) -> _Time:
    if isinstance(value, datetime):
        if value.tzinfo is not None and (zone_name is None or str(value.tzinfo) == "UTC"):
            local = value.astimezone(zones.default)
            return _Time(local.replace(tzinfo=None), zones.default, is_day=False)
        zone = zones.get(str(zone_name)) if zone_name else zones.default
        return _Time(value.replace(tzinfo=None), zone, is_day=False)
    if isinstance(value, date):
        midnight = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - on the wall of its place
        return _Time(midnight, zones.default, is_day=True)
    raise BadRecord(f"{name} cannot be read.")


def _rule(event: Event) -> str | None:
    value = event.get("RRULE")
    if value is None:
        return None
    if isinstance(value, list | vBroken):
        raise BadRecord("RRULE cannot be read, or there are several.")
    return str(value.to_ical().decode())


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    first = value[0] if isinstance(value, list) and value else value
    if first is None or isinstance(first, vBroken):
        return ""
    return first.to_ical().decode() if name == "CATEGORIES" else str(first)


def _conference(event: Event) -> str | None:
    """The first link to join by."""
    for name in CONFERENCES:
        values = event.get(name)
        for value in values if isinstance(values, list) else [values]:
            found = address(str(value)) if value is not None else None
            if found:
                return found
    return None


def _links(event: Event) -> Iterator[SourceLink]:
    page = address(_text(event, "URL"))
    if page:
        yield SourceLink(FileKindName.OTHER, "Page", page)
    values = event.get("ATTACH")
    for value in (values if isinstance(values, list) else [values] if values is not None else [])[:MAX_LINKS]:
        found = address(str(value))
        if found:
            title = str(getattr(value, "params", {}).get("FILENAME") or "Document")
            yield SourceLink(FileKindName.OTHER, title_of(title[:200]), found)


def _expanded(
    entries: list[_Entry], spoilt: set[datetime], window: _Window, rules_left: list[int]
) -> Iterator[SourceMeeting | RowProblem]:
    """The meetings under one UID: what a rule gives, less what is left out, and what stands instead."""
    instead = {one.instead_of.instant: one for one in entries if one.instead_of is not None}
    masters = [one for one in entries if one.instead_of is None]
    for again in masters[1:]:
        first = masters[0].meeting.row
        yield RowProblem(again.meeting.row, again.uid, f"The UID was already used in line {first}.")
    for master in masters[:1]:
        if master.rule is None and not master.added:
            yield master.meeting
        else:
            yield from _of_rule(master, spoilt | set(instead), window, rules_left)
    for start, one in instead.items():
        yield replace(one.meeting, source_id=_occurrence_id(one.uid, start))


def _of_rule(
    master: _Entry, instead: set[datetime], window: _Window, rules_left: list[int]
) -> Iterator[SourceMeeting | RowProblem]:
    meeting = master.meeting
    try:
        if rules_left[0] <= 0:
            raise BadRule("The calendar has more rules than can be followed.")
        starts = [start for start in _starts(master, window) if window.begins <= start <= window.ends]
        rules_left[0] -= 1 if starts else _BARREN
    except BadRule as error:
        yield RowProblem(meeting.row, master.uid, str(error))
        return
    lasts = meeting.ends_at - meeting.starts_at if meeting.ends_at else None
    for start in starts:
        if start not in instead:
            yield replace(
                meeting,
                source_id=_occurrence_id(master.uid, start),
                starts_at=start,
                ends_at=start + lasts if lasts else None,
            )


def _starts(master: _Entry, window: _Window) -> list[datetime]:
    """Every start in UTC. A day that is left out leaves out whatever begins on it."""
    zone = master.starts.zone
    first, last = (one.astimezone(zone).replace(tzinfo=None) for one in (window.begins, window.ends))
    local = {master.starts.local}
    if master.rule is not None:
        rule = read_rule(master.rule)
        local |= set(wall_clock(rule, master.starts.local, zone, last, first=first))
    days = {time.local.date() for time in master.left_out if time.is_day}
    starts = {one.replace(tzinfo=zone).astimezone(UTC) for one in local if one.date() not in days}
    starts |= {time.instant for time in master.added}
    return sorted(starts - {time.instant for time in master.left_out if not time.is_day})


def _occurrence_id(uid: str, start: datetime) -> str:
    return f"{uid}#{start:%Y%m%dT%H%M%SZ}"
