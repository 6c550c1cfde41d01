"""One concern of a report: everything that is counted of it, put in order. Pure: no words, no addresses.

What is told of it by a trait (district, language, channel, time) is its row of the report's tables, so that
this page gives away no small cell that they hide: see reports.hiding. Positions, tones and form letters are
what public comments say, and are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engage.analysis import OTHER
from engage.comments.filters import UNMEASURED, CommentFilter
from engage.reports.checked import CheckedLine
from engage.reports.inputs import Numbers
from engage.reports.measures import tally_key
from engage.reports.report import Report
from engage.reports.summary import SCORED, ConcernLine, Line


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

    ``place`` is its place among ``of`` concerns, from 1 on; what fits none stands after them. ``texts``,
    ``fewest`` and ``most`` submitters are None where they were not counted yet. ``checked_sides`` are its
    shares within each side, by the declared position, of sides that have comments. ``parts`` are what its
    comments have beside a form letter. ``previous`` and ``next`` are codes.
    """

    concern: ConcernLine
    place: int
    of: int
    checked: CheckedLine | None
    checked_sides: tuple[tuple[str, CheckedLine], ...]
    tones: tuple[Line, ...]
    traits: tuple[Trait, ...]
    parts: tuple[Line, ...]
    previous: str | None
    next: str | None

    @property
    def texts(self) -> int | None:
        """How many different texts raise it."""
        return self.concern.texts or None

    @property
    def fewest(self) -> int | None:
        """How many people or organisations raise it at least."""
        return self.concern.fewest_submitters if self.texts else None

    @property
    def most(self) -> int | None:
        """And at most."""
        return self.concern.most_submitters if self.texts else None

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
    concern = concerns[place]
    return ConcernDetail(
        concern=concern,
        place=place + 1,
        of=sum(row.key != OTHER for row in concerns),
        checked=next((row for row in report.checked.concerns if row.line.key == code), None),
        checked_sides=tuple(
            (side.position, row)
            for side in report.checked.sides
            for row in side.concerns
            if row.line.key == code
        ),
        tones=_tones(report.inputs.numbers, concern),
        traits=tuple(_traits(report, code)),
        parts=_parts(concern),
        previous=concerns[place - 1].key if place else None,
        next=concerns[place + 1].key if place + 1 < len(concerns) else None,
    )


def _tones(numbers: Numbers, concern: ConcernLine) -> tuple[Line, ...]:
    """With those that wait for the analyser: a concern that a person found may stand there before."""
    n = numbers.get(tally_key(("concern", "tone"), (concern.key, UNMEASURED)), 0)
    waiting = Line(UNMEASURED, n, CommentFilter(concern=concern.key, tone=UNMEASURED))
    lines = (*concern.by_tone, waiting)
    return lines if any(line.n for line in lines) else ()


def _parts(concern: ConcernLine) -> tuple[Line, ...]:
    """Without shares: they are told where the letters are."""
    lines = tuple(replace(line, base=0) for line in concern.by_part)
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
