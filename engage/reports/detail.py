"""One concern of a report: everything that is counted of it, put in order. Pure: no words, no addresses.

What is told of it by a trait (district, language, channel, time) is its row of the report's tables, so that
this page gives away no small cell that they hide: see reports.hiding. Positions, tones and form letters are
what public comments say, and are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engage.comments.filters import ALONE, CHANGED, COPY, OWN_WORDS, CommentFilter
from engage.reports.checked import CheckedLine
from engage.reports.inputs import Numbers
from engage.reports.measures import LETTER_PART, of_concern, tally_key
from engage.reports.models import DistinctKind
from engage.reports.report import Report
from engage.reports.summary import SCORED, TONES, ConcernLine, Line

PARTS = (COPY, CHANGED, OWN_WORDS, ALONE)


@dataclass(frozen=True, slots=True)
class Trait:
    """A concern by a trait: ``by`` as tables.Crosstab has it. ``cells`` are those that are told, with their
    column's comments as the base; ``untold`` the columns of which nothing is told here.
    """

    by: str
    cells: tuple[Line, ...]
    untold: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ConcernDetail:
    """A concern, counted in three ways and split in all ways that are counted.

    ``place`` is its place among all, from 1 on. ``texts``, ``fewest`` and ``most`` submitters are None where
    they were not counted yet. ``checked_sides`` are its shares within each side, by the declared position, of
    sides that have comments. ``parts`` are what its comments have beside a form letter. ``previous`` and
    ``next`` are codes.
    """

    concern: ConcernLine
    place: int
    of: int
    texts: int | None
    fewest: int | None
    most: int | None
    checked: CheckedLine | None
    checked_sides: tuple[tuple[str, CheckedLine], ...]
    tones: tuple[Line, ...]
    traits: tuple[Trait, ...]
    parts: tuple[Line, ...]
    previous: str | None
    next: str | None

    @property
    def scored(self) -> int:
        """How many of its comments have a tone."""
        return sum(line.n for line in self.tones if line.key in SCORED)


def detail(report: Report, code: str) -> ConcernDetail | None:
    """Everything of one concern; None where no posted comment raises it."""
    concerns = report.summary.concerns
    place = next((number for number, row in enumerate(concerns) if row.key == code), None)
    if place is None:
        return None
    concern, numbers = concerns[place], report.inputs.numbers
    texts, fewest, most = _distinct(numbers, concern)
    parts = tuple(_line(numbers, concern, LETTER_PART, key, {"part": key}) for key in PARTS)
    return ConcernDetail(
        concern=concern,
        place=place + 1,
        of=len(concerns),
        texts=texts,
        fewest=fewest,
        most=most,
        checked=next((row for row in report.checked.concerns if row.line.key == code), None),
        checked_sides=tuple(
            (side.position, row)
            for side in report.checked.sides
            for row in side.concerns
            if row.line.key == code
        ),
        tones=_tones(numbers, concern),
        traits=tuple(_traits(report, code)),
        parts=parts if any(line.n for line in parts) else (),
        previous=concerns[place - 1].key if place else None,
        next=concerns[place + 1].key if place + 1 < len(concerns) else None,
    )


def _number(numbers: Numbers, concern: ConcernLine, dimension: str, value: str) -> int:
    return numbers.get(tally_key(("concern", dimension), (concern.key, value)), 0)


def _line(
    numbers: Numbers,
    concern: ConcernLine,
    dimension: str,
    key: str,
    condition: Mapping[str, Any],
    base: int = 0,
) -> Line:
    n = _number(numbers, concern, dimension, key)
    return Line(key, n, _filter(concern, condition), base)


def _filter(concern: ConcernLine, condition: Mapping[str, Any]) -> CommentFilter:
    return CommentFilter(concern=concern.key, **condition)


def _distinct(numbers: Numbers, concern: ConcernLine) -> tuple[int | None, int | None, int | None]:
    texts = numbers.get(of_concern(concern.key, DistinctKind.TEXT))
    if texts is None:
        return None, None, None
    names = numbers.get(of_concern(concern.key, DistinctKind.SUBMITTER), 0)
    unnamed = _number(numbers, concern, "named", "no")
    return texts, max(names, min(1, concern.line.n)), names + unnamed


def _tones(numbers: Numbers, concern: ConcernLine) -> tuple[Line, ...]:
    scored = sum(_number(numbers, concern, "tone", label) for label in SCORED)
    found = (
        _line(numbers, concern, "tone", key, {"tone": key}, scored if key in SCORED else 0) for key in TONES
    )
    lines = tuple(found)
    return lines if any(line.n for line in lines) else ()


def _traits(report: Report, code: str) -> Iterator[Trait]:
    for table in report.tables:
        if table.of != "concerns":
            continue
        row = table.row(code)
        cells = row.cells if row else (None,) * len(table.columns)
        pairs = list(zip(table.columns, cells, strict=True))
        yield Trait(
            table.by,
            tuple(cell for _, cell in pairs if cell is not None and cell.n),
            (*(column for column, cell in pairs if cell is None), *table.apart),
        )
