"""iCalendar files, as they are found: folded or not, with time zones of any name, with mistakes.

The file is cut into its entries before any of it is understood, so that a bad entry costs itself alone, and
nothing in it (nesting, a rule that never ends, a zone with a million changes) is followed further than the
limits here. A rule is expanded on the clocks of its place, from REACHES_BACK before now to REACHES_ON after.
Attendees, organisers and everything else that names persons is not read. What is private is passed over.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Event, Timezone, vBroken
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from engage.exchange.encoding import TextFile
from engage.exchange.meetings.records import (
    MAX_LINKS,
    MOST_MEETINGS,
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
from engage.exchange.records import MAX_ID, BadFile, RowProblem
from engage.exchange.values import BadRecord
from engage.meetings.calendar.recurrence import BadRule, read_rule, wall_clock
from engage.meetings.models import FileKindName

REACHES_BACK: Final = timedelta(days=731)
REACHES_ON: Final = timedelta(days=731)
"""How far from now the occurrences of a rule are taken."""

MAX_ENTRY: Final = 200_000
"""The longest entry, in characters."""

MOST_RULES: Final = 1_000
_BARREN: Final = 50
"""A rule that gives nothing costs as many as these: it was followed in vain."""

_LONGEST_LINE: Final = 200_000
_MOST_ZONES: Final = 200
_MOST_OBSERVANCES: Final = 200
_NAMED: Final = re.compile(r"([A-Za-z0-9-]+)[;:]")
_CONFERENCES: Final = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_READ: Final = frozenset(
    {
        *("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "STATUS", "CLASS", "URL", "ATTACH"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *_CONFERENCES,
    }
)
"""The properties of an entry that are read; all others, such as those that name persons, are not kept."""

_STATES: Final = {"CANCELLED": State.CANCELLED, "TENTATIVE": State.TENTATIVE}
_HIDDEN: Final = frozenset({"PRIVATE", "CONFIDENTIAL"})


@dataclass(slots=True)
class _Block:
    """The lines of one component, without those of components inside it; ``row`` is the line of its BEGIN."""

    row: int
    name: str
    lines: list[str] = field(default_factory=list)
    length: int = 0
    is_whole: bool = False
    keeps: bool = True

    def add(self, line: str) -> None:
        """Keep a line, unless it is of a property that nobody reads here."""
        self.length += len(line)
        named = _NAMED.match(line)
        if named and not line[:1].isspace():
            self.keeps = self.name != "VEVENT" or named[1].upper() in _READ
        if self.length > MAX_ENTRY:
            self.lines.clear()
        elif not self.keeps:
            return
        elif named or line[:1] in (" ", "\t") or not self.lines:
            self.lines.append(line)
        else:
            # A line break that was not escaped: what follows belongs to the line before.
            self.lines[-1] += f"\\n{line}"

    @property
    def text(self) -> str:
        body = "\r\n".join(self.lines)
        return f"BEGIN:{self.name}\r\n{body}\r\nEND:{self.name}\r\n"


@dataclass(slots=True)
class _File:
    """The entries and time zones of a file, unread, and which of them the next line belongs to.

    ``depth`` counts the components inside it that are open, such as alarms.
    """

    entries: list[_Block] = field(default_factory=list)
    zones: list[_Block] = field(default_factory=list)
    zone_name: str | None = None
    open: _Block | None = None
    depth: int = 0

    def take(self, line: str, row: int) -> None:
        """Put a line where it belongs. An entry inside an entry: the END of the first is missing."""
        word, _, name = line.upper().strip().partition(":")
        if word == "BEGIN" and name in ("VEVENT", "VTIMEZONE"):
            self.open, self.depth = _Block(row, name), 0
            (self.entries if name == "VEVENT" else self.zones).append(self.open)
        elif self.open is None:
            if word == "X-WR-TIMEZONE" and self.zone_name is None:
                self.zone_name = line.partition(":")[2].strip()
        elif word == "END" and (self.depth == 0 or name == self.open.name):
            self.open.is_whole, self.open = True, None
        else:
            self.depth += {"BEGIN": 1, "END": -1}.get(word, 0)
            if self.open.name == "VTIMEZONE" or (self.depth == 0 and word != "END"):
                self.open.add(line)


def read(
    file: TextFile, text: TextIO, zone: ZoneInfo, now: datetime
) -> Iterator[SourceMeeting | RowProblem | None]:
    """Every meeting of the file, None for what is passed over. ``zone`` is that of times without any.

    Raises BadFile for what is no calendar, or one with more in it than a county has meetings.
    """
    cut = _cut(file, text)
    zones = _Zones(cut.zones, _known_zone(cut.zone_name or "") or zone)
    window = _Window(now - REACHES_BACK, now + REACHES_ON)
    by_uid: dict[str, list[_Entry]] = {}
    spoilt: dict[str, set[datetime]] = {}
    for block in cut.entries:
        try:
            entry = _entry(block, zones)
        except BadRecord as error:
            uid = _value(block, "UID")
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


def _cut(file: TextFile, text: TextIO) -> _File:
    """The file's entries and time zones, unread."""
    found = _File()
    has_begun = False
    row = 0
    while line := text.readline(_LONGEST_LINE):
        row += 1
        line = line.strip("\r\n\ufeff")
        if not has_begun and line.strip():
            has_begun = line.strip().upper() == "BEGIN:VCALENDAR"
            if not has_begun:
                break
        found.take(line, row)
        if len(found.entries) > MOST_MEETINGS or len(found.zones) > _MOST_ZONES:
            raise BadFile(file.path, f"the calendar has more than {MOST_MEETINGS:,} entries.", row=row)
    if not has_begun:
        raise BadFile(file.path, "this is not a calendar: it does not begin with BEGIN:VCALENDAR.")
    return found


@dataclass(frozen=True, slots=True)
class _Window:
    begins: datetime
    ends: datetime


def _known_zone(name: str) -> ZoneInfo | None:
    """A zone by its name in the IANA's list or in Windows, or by the end of a longer one."""
    name = name.strip().strip('"')
    name = WINDOWS_TO_OLSON.get(name, name)
    parts = name.split("/")
    for length in (len(parts), 3, 2):
        wanted = "/".join(parts[-length:])
        if wanted in available_timezones():
            return ZoneInfo(wanted)
    return None


class _Zones:
    """The time zones that a file speaks of."""

    def __init__(self, blocks: list[_Block], default: ZoneInfo) -> None:
        self.default = default
        self._blocks = {_value(block, "TZID"): block for block in blocks}
        self._found: dict[str, tzinfo | None] = {}

    def get(self, name: str) -> tzinfo:
        """A zone by its TZID. Raises BadRecord for one that nobody knows and the file does not explain."""
        if name not in self._found:
            self._found[name] = _known_zone(name) or self._explained(name)
        zone = self._found[name]
        if zone is None:
            raise BadRecord(f"The time zone “{name[:60]}” is not known, and the file does not explain it.")
        return zone

    def name_of(self, zone: tzinfo) -> str:
        """The name to keep; a zone of the file's own keeps its instants and is told in the default zone."""
        return zone.key if isinstance(zone, ZoneInfo) else self.default.key

    def _explained(self, name: str) -> tzinfo | None:
        block = self._blocks.get(name)
        if block is None:
            return None
        known = _known_zone(_value(block, "X-LIC-LOCATION"))
        if known:
            return known
        rules = [line for line in block.lines if line.upper().startswith("RRULE")]
        begun = [line for line in block.lines if line.upper().startswith("BEGIN:")]
        if len(begun) > _MOST_OBSERVANCES or not all("FREQ=YEARLY" in rule.upper() for rule in rules):
            return None
        try:
            component = Timezone.from_ical(block.text)
            zone = component.to_tz() if isinstance(component, Timezone) else None
        except Exception:
            # Whatever a library makes of a stranger's zone: it is not known then.
            return None
        return zone


def _value(block: _Block, name: str) -> str:
    for line in block.lines:
        if line.upper().startswith((f"{name}:", f"{name};")):
            return line.partition(":")[2].strip()
    return ""


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


def _entry(block: _Block, zones: _Zones) -> _Entry | None:
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


def _stands_for(block: _Block, zones: _Zones) -> Iterator[datetime]:
    """Which occurrence a bad entry stands for: it is not where the rule says, but nobody knows where."""
    lines = [line for line in block.lines if line.upper().startswith("RECURRENCE-ID")]
    alone = _Block(block.row, block.name, lines, is_whole=True)
    try:
        found = _time(_parsed(alone), "RECURRENCE-ID", zones) if lines else None
    except BadRecord:
        return
    if found is not None:
        yield found.instant


def _parsed(block: _Block) -> Event:
    if not block.is_whole:
        raise BadRecord("The entry has no end.")
    if block.length > MAX_ENTRY:
        raise BadRecord(f"The entry is longer than {MAX_ENTRY:,} characters.")
    try:
        with warnings.catch_warnings():
            # It warns of names of time zones that it has to guess at; _Zones does that here.
            warnings.simplefilter("ignore")
            event = Event.from_ical(block.text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise BadRecord(f"The entry cannot be read: {str(error)[:120]}") from error
    if not isinstance(event, Event):
        raise BadRecord("The entry cannot be read.")
    return event


def _meeting(
    event: Event, row: int, uid: str, title: str, state: State, starts: _Time, zones: _Zones
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


def _end_of(event: Event, starts: _Time, zones: _Zones) -> datetime | None:
    ends = _time(event, "DTEND", zones)
    if ends is not None:
        return ends.instant
    if event.get("DURATION") is None:
        return None
    lasts = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(lasts, timedelta):
        raise BadRecord("The duration cannot be read.")
    return starts.instant + lasts


def _time(event: Event, name: str, zones: _Zones) -> _Time | None:
    value = event.get(name)
    if value is None:
        return None
    if isinstance(value, list | vBroken):
        raise BadRecord(f"{name} cannot be read.")
    return _told(value.dt, value.params.get("TZID"), zones, name)


def _times(event: Event, name: str, zones: _Zones) -> tuple[_Time, ...]:
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


def _told(value: Any, zone_name: Any, zones: _Zones, name: str) -> _Time:
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
    for name in _CONFERENCES:
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
