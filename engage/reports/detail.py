"""One concern of a report: everything that is counted of it, put in order. Pure: no words, no addresses.

What a table tells by a person's traits (district, language, channel) follows the rule of small cells: see
survey.suppression. The positions, tones and days of a concern are what public comments say, and are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engage.comments.filters import CHANGED, COPY, OWN_WORDS, UNSTATED, CommentFilter
from engage.reports.checked import CheckedLine
from engage.reports.inputs import Inputs, Numbers
from engage.reports.measures import SUBMITTERS, TEXTS, TallyKey, tally_key
from engage.reports.report import Report
from engage.reports.summary import SCORED, TONES, ConcernLine, Line
from engage.survey.suppression import hidden_cells, hidden_in_line

DISTINCT = "concern_distinct"
PARTS = (COPY, CHANGED, OWN_WORDS)


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
    they were not counted yet. ``parts`` are what its comments have beside a form letter, ``alone`` those of
    none. ``previous`` and ``next`` are codes.
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
    alone: int | None
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
    parts = tuple(_line(numbers, concern, "part", key, {"part": key}) for key in PARTS)
    in_letters = sum(line.n for line in parts)
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
        parts=parts if in_letters else (),
        alone=concern.line.n - in_letters if in_letters else None,
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
    return Line(key, n, CommentFilter(concern=concern.key, **condition), base)


def _distinct(numbers: Numbers, concern: ConcernLine) -> tuple[int | None, int | None, int | None]:
    texts = numbers.get(tally_key((DISTINCT,), (concern.key, TEXTS)))
    if texts is None:
        return None, None, None
    names = numbers.get(tally_key((DISTINCT,), (concern.key, SUBMITTERS)), 0)
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
    known = _values(numbers, "day", concern.key)
    counted: dict[str, int] = {}
    for value, n in known.items():
        key = value[:7] if by_month else value
        counted[key] = counted.get(key, 0) + n
    if not counted:
        return (), by_month

    def condition(key: str) -> CommentFilter:
        if by_month:
            return CommentFilter(concern=concern.key, month=key)
        return CommentFilter(concern=concern.key, day=date.fromisoformat(key))

    lines = (Line(day.key, counted.get(day.key, 0), condition(day.key)) for day in report.summary.days)
    return tuple(lines), by_month


def _values(numbers: Numbers, dimension: str, code: str) -> dict[str, int]:
    """The values of a dimension that the comments of a concern have."""
    measure, begins = f"concern|{dimension}", f"{code}|"
    return {
        key[len(begins) :]: n
        for (name, key), n in numbers.items()
        if name == measure and key.startswith(begins)
    }


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
                Line(value, n, CommentFilter(concern=concern.key, **{dimension: value}), concern.line.n),
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
