"""One concern of a report: everything that is counted of it, put in order. Pure: no words, no addresses.

What a table tells by a person's traits (district, language, channel) follows the rule of small cells: see
survey.suppression. The positions, tones and days of a concern are what public comments say, and are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engage.comments.filters import ALONE, CHANGED, COPY, OWN_WORDS, UNSTATED, CommentFilter
from engage.reports.checked import CheckedLine
from engage.reports.inputs import Inputs, Numbers
from engage.reports.measures import LETTER_PART, TallyKey, of_concern, tally_key
from engage.reports.models import DistinctKind
from engage.reports.report import Report
from engage.reports.summary import SCORED, TONES, ConcernLine, Line
from engage.survey.suppression import hidden_cells, hidden_in_line

PARTS = (COPY, CHANGED, OWN_WORDS, ALONE)


@dataclass(frozen=True, slots=True)
class TraitLine:
    """The comments of a concern that have one value of a trait; ``is_hidden``: how many is not told."""

    line: Line
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Trait:
    """A concern by a trait of those who raise it: ``kind`` as in page.label. Empty: not counted yet."""

    kind: str
    lines: tuple[TraitLine, ...]

    @property
    def hides_any(self) -> bool:
        """Whether it has to be said why something is missing."""
        return any(row.is_hidden for row in self.lines)


@dataclass(frozen=True, slots=True)
class ConcernDetail:
    """A concern, counted in three ways and split in all ways that are counted.

    ``place`` is its place among all, from 1 on. ``texts``, ``fewest`` and ``most`` submitters are None where
    they were not counted yet. ``parts`` are what its comments have beside a form letter. ``previous`` and
    ``next`` are codes.
    """

    concern: ConcernLine
    place: int
    of: int
    texts: int | None
    fewest: int | None
    most: int | None
    checked: CheckedLine | None
    tones: tuple[Line, ...]
    days: tuple[Line, ...]
    by_month: bool
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
    days, by_month = _days(report, concern)
    parts = tuple(_line(numbers, concern, LETTER_PART, key, {"part": key}) for key in PARTS)
    return ConcernDetail(
        concern=concern,
        place=place + 1,
        of=len(concerns),
        texts=texts,
        fewest=fewest,
        most=most,
        checked=next((row for row in report.checked.concerns if row.line.key == code), None),
        tones=_tones(numbers, concern),
        days=days,
        by_month=by_month,
        traits=tuple(_traits(report.inputs, numbers, concern)),
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


def _days(report: Report, concern: ConcernLine) -> tuple[tuple[Line, ...], bool]:
    """A concern on the days, or in the months, in which the report counts all comments."""
    numbers, by_month = report.inputs.numbers, report.summary.by_month
    dimension = "month" if by_month else "day"
    found = []
    for each in report.summary.days:
        value = each.key if by_month else date.fromisoformat(each.key)
        found.append(_line(numbers, concern, dimension, each.key, {dimension: value}))
    return (tuple(found) if any(line.n for line in found) else ()), by_month


def _traits(inputs: Inputs, numbers: Numbers, concern: ConcernLine) -> Iterator[Trait]:
    districts = [(str(place.id), place.code) for place in inputs.districts] + [(UNSTATED, UNSTATED)]
    yield _trait(numbers, concern, "districts", "district", districts)
    for kind, dimension in (("languages", "language"), ("channels", "channel")):
        found = sorted(
            ((key, n) for (measure, key), n in numbers.items() if measure == dimension),
            key=lambda pair: (-pair[1], pair[0]),
        )
        yield _trait(numbers, concern, kind, dimension, [(key, key) for key, _ in found])


def _trait(
    numbers: Numbers, concern: ConcernLine, kind: str, dimension: str, keys: Sequence[tuple[str, str]]
) -> Trait:
    """``keys`` are the values as tallies know them and as addresses do; in the order of the report."""
    totals = [numbers.get(TallyKey(dimension, key), 0) for key, _ in keys]
    raised = [_number(numbers, concern, dimension, key) for key, _ in keys]
    if not any(raised):
        return Trait(kind, ())
    others = [max(0, total - n) for total, n in zip(totals, raised, strict=True)]
    hidden = _hidden(totals, raised, others)
    return Trait(
        kind,
        tuple(
            TraitLine(
                Line(value, n, _filter(concern, {dimension: value}), concern.line.n),
                place in hidden,
            )
            for place, ((_, value), n) in enumerate(zip(keys, raised, strict=True))
            if n or place in hidden
        ),
    )


def _hidden(totals: Sequence[int], raised: Sequence[int], others: Sequence[int]) -> frozenset[int]:
    """The values whose number is not told, so that no group below ten can be worked out of the others."""
    if not any(others):
        return hidden_in_line(raised)
    shut = hidden_in_line(totals)
    cells = hidden_cells([raised, others], shut_columns=shut)
    return frozenset(column for row, column in cells if row == 0)
