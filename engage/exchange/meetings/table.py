"""Meetings as a table: any delimited file whose columns have known names, or are named by whoever imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from engage.exchange.meetings.records import (
    SourceLink,
    SourceMeeting,
    State,
    address,
    end_of,
    instant,
    kind_of,
    made_up_id,
    place_of,
    summary_of,
    time_zone,
    title_and_state,
    title_of,
)
from engage.exchange.meetings.times import hour, moment
from engage.exchange.records import BadFile, RowProblem
from engage.exchange.tables import Record, Table, listed
from engage.exchange.values import BadRecord, fold, identifier, short, undo_formula_guard
from engage.meetings.models import FileKindName

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title", "meeting", "meeting name", "name", "subject", "event", "summary", "body", "titulo",
              "reunion", "asunto", "nombre"),
    "id": ("id", "meeting id", "event id", "eventid", "uid", "identificador"),
    "start": ("start", "starts at", "start datetime", "date and time", "begins", "inicio"),
    "date": ("date", "start date", "meeting date", "event date", "day"),
    "date_day_first": ("fecha", "dia", "fecha de inicio"),
    "time": ("time", "start time", "meeting time", "hour", "hora", "hora de inicio"),
    "end": ("end", "ends at", "end datetime", "fin", "final"),
    "end_time": ("end time", "hora final", "hora de fin", "until"),
    "time_zone": ("time zone", "timezone", "zona horaria"),
    "place": ("place", "location", "venue", "room", "lugar", "sala"),
    "address": ("address", "street", "street address", "direccion", "domicilio"),
    "join_url": ("join url", "meeting link", "zoom link", "online", "enlace de la reunion"),
    "description": ("description", "details", "notes", "descripcion", "detalles"),
    "organiser": ("organiser", "organizer", "host", "department", "organizador"),
    "kind": ("kind", "type", "classification", "category", "tipo", "categoria"),
    "status": ("status", "state", "estado"),
    "time_notes": ("time notes",),
    "agenda_url": ("agenda", "agenda url", "agenda link", "orden del dia"),
    "minutes_url": ("minutes", "minutes url", "minutes link", "actas"),
    "video_url": ("video", "video url", "recording", "grabacion"),
    "page_url": ("url", "link", "web page", "enlace"),
}  # fmt: skip
"""What a column may hold, and the headers that say so by themselves, folded.

Dates with slashes are month first, except in columns with a Spanish header or mapped to ``date_day_first``.
"""

IGNORE: Final = "ignore"
_STATES: Final = {
    "": State.CONFIRMED, "confirmed": State.CONFIRMED, "scheduled": State.CONFIRMED,
    "passed": State.CONFIRMED, "confirmada": State.CONFIRMED, "programada": State.CONFIRMED,
    "tentative": State.TENTATIVE, "tentativa": State.TENTATIVE, "provisional": State.TENTATIVE,
    "postponed": State.POSTPONED, "pospuesta": State.POSTPONED, "aplazada": State.POSTPONED,
    "cancelled": State.CANCELLED, "canceled": State.CANCELLED, "cancelada": State.CANCELLED,
}  # fmt: skip
_LINKS: Final = {
    "agenda_url": (FileKindName.AGENDA, "Agenda"),
    "minutes_url": (FileKindName.MINUTES, "Minutes"),
    "video_url": (FileKindName.RECORDING, "Video"),
    "page_url": (FileKindName.OTHER, "Page"),
}


def columns_of(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Where each field is: as ``columns`` maps it, else by the columns' names. Raises BadFile."""
    where: dict[str, str] = {}
    for column, field in columns.items():
        if column not in table.header:
            raise BadFile(
                table.file.path, f"there is no column “{column}”. The file has: {listed(table.header)}."
            )
        if field != IGNORE and field not in FIELDS:
            known = f"{', '.join(FIELDS)} or {IGNORE}"
            raise BadFile(table.file.path, f"“{field}” is no field; a column may be mapped to {known}.")
        if field != IGNORE:
            where[field] = column
    by_name = {name: field for field, names in FIELDS.items() for name in names}
    for column in table.header:
        if column not in columns and fold(column) in by_name:
            where.setdefault(by_name[fold(column)], column)
    if "title" not in where or not {"start", "date", "date_day_first"} & where.keys():
        raise BadFile(
            table.file.path,
            "no column is known to hold the title or the date of the meetings; name them with "
            f"--map COLUMN=title and --map COLUMN=date. The file has: {listed(table.header)}.",
        )
    return where


def read(
    table: Table, text: TextIO, where: Mapping[str, str], zone: ZoneInfo
) -> Iterator[SourceMeeting | RowProblem | None]:
    """Every meeting of the table; None for a row with nothing in it."""
    for record in table.records(text):
        if isinstance(record, RowProblem):
            yield record
        elif not any(record.cells.values()):
            yield None
        else:
            yield _read(record, where, zone)


def _read(record: Record, where: Mapping[str, str], zone: ZoneInfo) -> SourceMeeting | RowProblem:
    cells = {field: undo_formula_guard(record[column]).strip() for field, column in where.items()}
    try:
        return _meeting(record.row, cells, time_zone(cells["time_zone"]) if cells.get("time_zone") else zone)
    except BadRecord as error:
        return RowProblem(record.row, cells.get("id", "")[:100] or None, str(error))


def _meeting(row: int, cells: Mapping[str, str], zone: ZoneInfo) -> SourceMeeting:
    status = fold(cells.get("status", ""))
    if status not in _STATES:
        raise BadRecord(f"The status “{status[:40]}” is none of confirmed, tentative, postponed, cancelled.")
    title, state = title_and_state(title_of(cells.get("title", "")), _STATES[status])
    starts_at, has_hour = _start(cells, zone)
    place, join_url = place_of(cells.get("place", ""), address(cells.get("join_url", "")))
    links = ((kind, said, address(cells.get(field, ""))) for field, (kind, said) in _LINKS.items())
    own = cells.get("id", "")
    return SourceMeeting(
        row=row,
        source_id=identifier(own) if own else made_up_id(title, starts_at.date()),
        title=title,
        starts_at=starts_at,
        ends_at=end_of(starts_at, _end(cells, starts_at, zone)),
        time_zone=zone.key,
        state=state,
        kind=kind_of(cells.get("kind"), title),
        summary=summary_of(cells.get("description", "")),
        organiser=short(cells.get("organiser", ""), "organiser", 300),
        place_name=place,
        place_street=short(cells.get("address", ""), "address", 300),
        join_url=join_url,
        time_notes=short(cells.get("time_notes", ""), "note about the time", 300),
        is_whole_day=not has_hour,
        links=tuple(SourceLink(kind, said, url) for kind, said, url in links if url),
    )


def _start(cells: Mapping[str, str], zone: ZoneInfo) -> tuple[datetime, bool]:
    at = hour(cells.get("time", ""))
    for field in ("start", "date", "date_day_first"):
        found = moment(cells.get(field, ""), zone, day_first=field.endswith("day_first"))
        if found is not None:
            starts_at, has_hour = found
            if at is None or has_hour:
                return starts_at, has_hour
            on = starts_at.astimezone(zone).date()
            return instant(datetime.combine(on, at), zone), True
    raise BadRecord("The row has no date.")


def _end(cells: Mapping[str, str], starts_at: datetime, zone: ZoneInfo) -> datetime | None:
    """The end; an hour before the start is one of the next day."""
    found = moment(cells.get("end", ""), zone) if not _is_hour(cells.get("end", "")) else None
    if found is not None:
        return found[0]
    until = hour(cells.get("end_time", "") or cells.get("end", ""))
    if until is None:
        return None
    local = datetime.combine(starts_at.astimezone(zone).date(), until)
    ends_at = instant(local, zone)
    return ends_at if ends_at > starts_at else instant(local + timedelta(days=1), zone)


def _is_hour(value: str) -> bool:
    try:
        return hour(value) is not None
    except BadRecord:
        return False
