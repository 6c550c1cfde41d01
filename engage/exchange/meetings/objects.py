"""Meetings as JSON: Legistar's Web API, City Scrapers, Open Civic Data. Its keys say what an object is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from engage.exchange.encoding import TextFile
from engage.exchange.json_stream import Malformed, Scanner, Unreadable, is_lines, lines
from engage.exchange.meetings.records import (
    MAX_ITEMS,
    MAX_LINKS,
    SourceLink,
    SourceMeeting,
    State,
    address,
    end_of,
    kind_of,
    place_of,
    summary_of,
    time_zone,
    title_and_state,
    title_of,
)
from engage.exchange.meetings.times import hour, moment
from engage.exchange.records import BadFile, RowProblem
from engage.exchange.values import BadRecord, identifier, short
from engage.meetings.models import FileKindName

LEGISTAR: Final = "legistar-json"
CITY_SCRAPERS: Final = "city-scrapers"
OPEN_CIVIC_DATA: Final = "ocd"

_LISTS: Final = frozenset({"value", "data", "results", "events", "meetings", "items"})
_STATES: Final = {"cancelled": State.CANCELLED, "canceled": State.CANCELLED, "tentative": State.TENTATIVE}
_CALLED_OFF: Final = re.compile(r"\bcancel|\bcancelad", re.IGNORECASE)
_JOIN: Final = re.compile(r"\bjoin\b|participar en línea|únase|unirse|\bzoom\b", re.IGNORECASE)
_KINDS: Final = (
    (FileKindName.MINUTES, r"minutes|actas?\b"),
    (FileKindName.AGENDA, r"agenda|orden del dia"),
    (FileKindName.PACKET, r"packet|material"),
    (FileKindName.NOTICE, r"notice|aviso"),
    (FileKindName.TRANSCRIPT, r"transcript|captions"),
    (FileKindName.RECORDING, r"video|audio|recording|grabacion"),
)


def values(file: TextFile, text: TextIO) -> Iterator[Any]:
    """The objects of a file: a list, a list under a known key, JSON lines, or a single one.

    Raises BadFile where the file stops being JSON.
    """
    if file.encoding == "cp1252":
        raise BadFile(file.path, f"line {file.first_odd_line} is not valid UTF-8, which JSON has to be.")
    with file.open() as beginning:
        has_lines = is_lines(beginning)
    try:
        yield from lines(text) if has_lines else _document(Scanner(text))
    except Malformed as error:
        raise BadFile(file.path, f"this is not valid JSON: {error}.") from error


def _document(scanner: Scanner) -> Iterator[Any]:
    if scanner.peek() == "[":
        yield from scanner.items()
        return
    whole: dict[str, Any] = {}
    has_list = False
    for key in scanner.each_key():
        if key in _LISTS and scanner.peek() == "[" and not whole:
            has_list = True
            yield from scanner.items()
        else:
            whole[key] = scanner.value()
    if not has_list:
        yield whole


def format_of(value: Any) -> str | None:
    """Which format an object is of; None for one that is of none."""
    if not isinstance(value, dict):
        return None
    if "EventId" in value or "EventGuid" in value:
        return LEGISTAR
    if value.get("_type") == "event" or "start_time" in value:
        return OPEN_CIVIC_DATA
    return CITY_SCRAPERS if "start" in value and "title" in value else None


def read(value: Any, row: int, zone: ZoneInfo, wanted: str) -> SourceMeeting | RowProblem:
    """The meeting of an object."""
    if isinstance(value, Unreadable):
        return RowProblem(row, None, value.why)
    if format_of(value) != wanted:
        return RowProblem(row, None, f"This is no meeting as {wanted} has them.")
    try:
        return _READERS[wanted](value, row, zone)
    except BadRecord as error:
        shown = value.get("EventId") or value.get("id")
        return RowProblem(row, str(shown)[:100] if shown else None, str(error))


def _legistar(value: Mapping[str, Any], row: int, zone: ZoneInfo) -> SourceMeeting:
    name = title_of(_text(value, "EventBodyName"))
    comment, status = _text(value, "EventComment"), _text(value, "EventAgendaStatusName")
    location = _text(value, "EventLocation")
    state = State.TENTATIVE if status.lower() == "tentative" else State.CONFIRMED
    if any(_CALLED_OFF.search(text) for text in (status, comment, location)):
        state = State.CANCELLED
    on = _text(value, "EventDate").partition("T")[0]
    at = hour(_text(value, "EventTime"))
    found = moment(f"{on}T{at:%H:%M}" if at else on, zone)
    if found is None:
        raise BadRecord("The entry has no date.")
    place, join_url = place_of(location)
    title, state = title_and_state(name, state)
    return SourceMeeting(
        row=row,
        source_id=identifier(_text(value, "EventGuid") or _text(value, "EventId")),
        title=title,
        starts_at=found[0],
        ends_at=None,
        time_zone=zone.key,
        state=state,
        kind=kind_of(comment, name),
        summary=summary_of(comment),
        organiser=name,
        place_name=place,
        join_url=join_url,
        is_whole_day=at is None,
        links=_legistar_links(value),
        items=_legistar_items(value.get("EventItems")),
    )


_LEGISTAR_LINKS: Final = {
    "EventAgendaFile": (FileKindName.AGENDA, "Agenda"),
    "EventMinutesFile": (FileKindName.MINUTES, "Minutes"),
    "EventVideoPath": (FileKindName.RECORDING, "Video"),
    "EventInSiteURL": (FileKindName.OTHER, "Page"),
}


def _legistar_links(value: Mapping[str, Any]) -> tuple[SourceLink, ...]:
    found = ((kind, title, address(_text(value, key))) for key, (kind, title) in _LEGISTAR_LINKS.items())
    return tuple(SourceLink(kind, title, url) for kind, title, url in found if url)


def _legistar_items(found: Any) -> tuple[str, ...]:
    items = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    items.sort(key=_order)
    titles = (short(_text(one, "EventItemTitle"), "title of an item") for one in items[:MAX_ITEMS])
    return tuple(title for title in titles if title)


def _order(item: Mapping[str, Any]) -> float:
    order = item.get("EventItemAgendaSequence")
    return float(order) if isinstance(order, int | float) else float("inf")


def _city_scrapers(value: Mapping[str, Any], row: int, zone: ZoneInfo) -> SourceMeeting:
    state = _STATES.get(_text(value, "status").lower(), State.CONFIRMED)
    location = value.get("location")
    where = location if isinstance(location, dict) else {}
    return _scraped(
        value,
        row,
        zone,
        state,
        names=("title", "start", "end", "classification"),
        place=_text(where, "name"),
        street=short(_text(where, "address"), "address", 300),
        links=_links(value.get("links"), "href", "title"),
        page=_text(value, "source"),
        notes=short(_text(value, "time_notes"), "note about the time", 300),
    )


def _open_civic_data(value: Mapping[str, Any], row: int, zone: ZoneInfo) -> SourceMeeting:
    state = _STATES.get(_text(value, "status").lower(), State.CONFIRMED)
    location = value.get("location")
    documents = _list(value.get("documents"))
    media = [{"note": one.get("note"), **_first(one.get("links"))} for one in _list(value.get("media"))]
    sources = _list(value.get("sources"))
    named = _text(value, "timezone")
    items = (short(_text(one, "description"), "item") for one in _list(value.get("agenda"))[:MAX_ITEMS])
    return _scraped(
        value,
        row,
        time_zone(named) if named else zone,
        state,
        names=("name", "start_time", "end_time", "classification"),
        place=_text(location, "name") if isinstance(location, dict) else "",
        street=None,
        links=(
            *_links(value.get("links"), "url", "note"),
            *_links([{**one, **_first(one.get("links"))} for one in documents], "url", "note"),
            *_links(media, "url", "note"),
        ),
        page=_text(sources[0], "url") if sources else "",
        notes=None,
        items=tuple(item for item in items if item),
    )


def _scraped(
    value: Mapping[str, Any],
    row: int,
    zone: ZoneInfo,
    state: State,
    *,
    names: tuple[str, str, str, str],
    place: str,
    street: str | None,
    links: Sequence[SourceLink],
    page: str,
    notes: str | None,
    items: Sequence[str] = (),
) -> SourceMeeting:
    """What both formats have, under the names that each gives it."""
    title_key, start_key, end_key, kind_key = names
    found = moment(_text(value, start_key), zone)
    if found is None:
        raise BadRecord("The entry has no start.")
    ends = moment(_text(value, end_key), zone)
    place_name, join_url = place_of(place)
    join_url = join_url or next((link.url for link in links if _JOIN.search(link.title)), None)
    title, state = title_and_state(title_of(_text(value, title_key)), state)
    own_page = address(page)
    known = {link.url for link in links} | {join_url}
    return SourceMeeting(
        row=row,
        source_id=identifier(_text(value, "id")),
        title=title,
        starts_at=found[0],
        ends_at=end_of(found[0], ends[0] if ends else None),
        time_zone=zone.key,
        state=state,
        kind=kind_of(_text(value, kind_key), title),
        summary=summary_of(_text(value, "description")),
        place_name=place_name,
        place_street=street,
        join_url=join_url,
        time_notes=notes,
        is_whole_day=value.get("all_day") is True or not found[1],
        links=(
            *(link for link in links if link.url != join_url),
            *(
                [SourceLink(FileKindName.OTHER, "Page", own_page)]
                if own_page and own_page not in known
                else []
            ),
        ),
        items=items,
    )


def _links(found: Any, url_key: str, title_key: str) -> tuple[SourceLink, ...]:
    links = []
    for one in _list(found)[:MAX_LINKS]:
        url = address(_text(one, url_key))
        if url:
            title = short(_text(one, title_key), "title of a link", 300) or "Link"
            kind = next((kind for kind, said in _KINDS if re.search(said, title.lower())), FileKindName.OTHER)
            links.append(SourceLink(kind, title, url))
    return tuple(links)


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first(value: Any) -> dict[str, Any]:
    found = _list(value)
    return {"url": found[0].get("url")} if found else {}


def _text(value: Mapping[str, Any], key: str) -> str:
    """A text or a number as text. Raises BadRecord for a list or an object in its place."""
    found = value.get(key)
    if found is None or isinstance(found, bool):
        return ""
    if isinstance(found, str | int | float):
        return str(found)
    raise BadRecord(f"“{key}” is a list or an object, where a text is expected.")


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], int, ZoneInfo], SourceMeeting]]] = {
    LEGISTAR: _legistar,
    CITY_SCRAPERS: _city_scrapers,
    OPEN_CIVIC_DATA: _open_civic_data,
}
