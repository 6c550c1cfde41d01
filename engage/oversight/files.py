"""The record as files: a long table, its dictionary, and objects; with what the pages say and no more."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from textwrap import indent
from typing import Any

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.oversight.models import Indicator
from engage.oversight.queries import Watched
from engage.oversight.told import REST, TOTAL, Cell, ToldStretch, ToldVersion
from engage.oversight.values import plain
from engage.survey.suppression import K
from engage.web.cells import safe_cell
from engage.web.links import said_in
from engage.web.locale import site_day

LICENCE = "CC0-1.0"
LIMITS = (
    "Figures are those that the office named as owner has published; this site has not counted them again "
    "unless the note says so. Figures of different methods do not compare. Counts of people and cases below "
    f"{K} are not told, nor what would give them away; this site adds nothing up over time for that reason."
)

DICTIONARY: dict[str, str] = {
    "docket": "End of the docket's address.",
    "indicator": "End of the indicator's address.",
    "indicator_en": "Name of the indicator in English.",
    "indicator_es": "Name of the indicator in Spanish.",
    "unit": "What is counted: people, cases, events, dollars, hours, days or percent.",
    "from": "First day of the stretch of time, included (ISO 8601).",
    "to": "Last day of the stretch of time, included (ISO 8601).",
    "due_on": "Last day on which figures of this stretch were in time (ISO 8601).",
    "method": "Number of the method by which it was measured; do not compare across methods.",
    "category": f"Key of the category; empty for the total, {REST} for what is in none of them.",
    "category_en": "Name of the category in English.",
    "category_es": "Name of the category in Spanish.",
    "value": "The value in the unit; empty where the state is not “told”.",
    "state": (
        "told; hidden: below the limit, or one that is could be worked out from it; below: its source "
        "says no more than that it is fewer than the number in “fewer_than”; not_collected; "
        "not_published: nothing was published for this stretch yet."
    ),
    "version": "current, or earlier: it was corrected later.",
    "published_on": "Day on which it was published (ISO 8601).",
    "note_en": "Note in English, such as why it was corrected or not collected.",
    "note_es": "Note in Spanish.",
    "fewer_than": "What the value is below, where the state is “below”.",
}
COLUMNS = tuple(DICTIONARY)

_MARK = "\ufeff"
"""At the beginning: it tells spreadsheets that a file is UTF-8."""


def dictionary() -> str:
    """What every column means, as CSV."""
    rows = [{"column": name, "meaning": text} for name, text in DICTIONARY.items()]
    return _MARK + _csv(("column", "meaning"), [{"column": "column", "meaning": "meaning"}, *rows])


def head() -> str:
    """The first line of the table."""
    return _MARK + _csv(COLUMNS, [dict(zip(COLUMNS, COLUMNS, strict=True))])


def as_csv(docket: Docket, watched: Watched) -> str:
    """The lines of these stretches, one a value. No cell begins as a formula does."""
    return _csv(COLUMNS, _rows(docket, watched))


def as_json(docket: Docket, indicator: Indicator, pages: Iterable[Watched], *, page: str) -> Iterator[str]:
    """One indicator in both languages, the same whoever asks, in pieces: its stretches come last."""
    yield from _open_ended(_about(docket, page) | {"indicator": _indicator(indicator)}, "stretches")
    yield from _stretches(pages)
    yield "\n  ]\n}\n"


def record_as_json(
    docket: Docket, record: Iterable[tuple[Indicator, Iterable[Watched]]], *, page: str
) -> Iterator[str]:
    """All indicators of a docket, each as `as_json` has it, with its own stretches, in pieces."""
    yield from _open_ended(_about(docket, page), "indicators")
    before = "\n"
    for indicator, pages in record:
        yield before
        yield from _open_ended(_indicator(indicator), "stretches")
        yield from _stretches(pages)
        yield "\n  ]\n}"
        before = ",\n"
    yield "\n  ]\n}\n"


def _open_ended(about: dict[str, Any], name: str) -> Iterator[str]:
    """An object that ends with a list of this name, up to where the list begins."""
    yield json.dumps(about, ensure_ascii=False, indent=2).removesuffix("\n}") + f',\n  "{name}": ['


def _stretches(pages: Iterable[Watched]) -> Iterator[str]:
    before = "\n"
    for watched in pages:
        for row in watched.stretches:
            yield before + indent(json.dumps(_stretch(row), ensure_ascii=False, indent=2), "    ")
            before = ",\n"


def _about(docket: Docket, page: str) -> dict[str, Any]:
    return {
        "docket": {"slug": docket.slug, "title": asdict(docket.title)},
        "page": page,
        "licence": LICENCE,
        "limits": LIMITS,
        "not_told_below": K,
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "slug": indicator.slug,
        "name": asdict(indicator.name),
        "definition": asdict(indicator.definition),
        "unit": indicator.unit,
        "frequency": indicator.frequency,
        "source": asdict(indicator.source),
        "source_url": indicator.source_url,
        "owner": asdict(indicator.owner),
        "promised_a_year": indicator.promised,
        "starts_on": indicator.starts_on.isoformat(),
        "ended_on": indicator.ended_on.isoformat() if indicator.ended_on else None,
        "categories": [{"key": row.key, "name": asdict(row.name)} for row in indicator.categories],
        "methods": [
            {
                "number": row.number,
                "valid_from": row.valid_from.isoformat(),
                "year_begins_in_month": row.first_month,
                "text": asdict(row.text),
            }
            for row in indicator.methods
        ],
    }


def _stretch(row: ToldStretch) -> dict[str, Any]:
    return {
        "from": row.stretch.first_on.isoformat(),
        "to": row.stretch.last_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "current": _version(row.current) if row.current else None,
        "earlier": [_version(version) for version in row.earlier],
    }


def _version(version: ToldVersion) -> dict[str, Any]:
    return {
        "published_on": site_day(version.published_at).isoformat(),
        "method": version.method,
        "note": asdict(version.note),
        "is_kept_back": version.is_kept_back,
        "values": {key or "total": _cell(cell) for key, cell in version.cells.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.below is not None:
        return {"state": cell.state, "fewer_than": cell.below}
    if cell.hundredths is None:
        return {"state": cell.state}
    whole, part = divmod(cell.hundredths, 100)
    return {"state": cell.state, "value": whole if not part else cell.hundredths / 100}


def _rows(docket: Docket, watched: Watched) -> Iterator[dict[str, Any]]:
    head = _head(docket, watched.indicator)
    for row in watched.stretches:
        of_stretch = head | {
            "from": row.stretch.first_on.isoformat(),
            "to": row.stretch.last_on.isoformat(),
            "due_on": row.due_on.isoformat(),
        }
        if row.current is None:
            yield of_stretch | {"state": "not_published"}
        for version in reversed(row.versions):
            yield from _of_version(of_stretch, watched.indicator, version, is_current=version is row.current)


def _of_version(
    head: Mapping[str, Any], indicator: Indicator, version: ToldVersion, *, is_current: bool
) -> Iterator[dict[str, Any]]:
    cells = version.cells or {TOTAL: version.total}
    for key, cell in cells.items():
        name = _name(indicator, key)
        yield {
            **head,
            "method": version.method,
            "category": key,
            "category_en": name.en,
            "category_es": name.es,
            "value": plain(cell.hundredths),
            "state": cell.state.value,
            "version": "current" if is_current else "earlier",
            "published_on": site_day(version.published_at).isoformat(),
            "note_en": version.note.en,
            "note_es": version.note.es,
            "fewer_than": "" if cell.below is None else cell.below,
        }


def _name(indicator: Indicator, key: str) -> Localised:
    if key == TOTAL:
        return Localised("Total", "Total")
    if key == REST:
        return Localised(*(said_in(code, "In none of these categories") for code in ("en", "es")))
    return next(row.name for row in indicator.categories if row.key == key)


def _head(docket: Docket, indicator: Indicator) -> dict[str, Any]:
    return {
        "docket": docket.slug,
        "indicator": indicator.slug,
        "indicator_en": indicator.name.en,
        "indicator_es": indicator.name.es,
        "unit": indicator.unit.value,
    }


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(row.get(name, "")) for name in columns])
    return buffer.getvalue()
