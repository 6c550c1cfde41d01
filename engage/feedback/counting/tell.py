"""Write down what can be told of a form's counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engage.analysis.shares import wilson
from engage.feedback.counting import figures
from engage.feedback.counting.hiding import Block, Hiding
from engage.feedback.counting.plan import Asking
from engage.feedback.counting.tally import CHOSEN, Tally, things
from engage.feedback.results import Cell, Count, Crosstab, Figures, QuestionResult, Results, Row, Texts
from engage.survey.definition import Kind
from engage.survey.suppression import K, hidden_cells, hidden_in_line

TONES = ("positive", "neutral", "negative", "not_scored")
OTHER_LANGUAGES = "other"
"""All languages besides the site's own in which fewer than K answered or wrote, together."""


@dataclass(slots=True)
class TextCounts:
    """What the analysis found in the answers to one question; ``written`` are all, read or not."""

    written: int = 0
    read: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    tones: Counter[str] = field(default_factory=Counter)
    concerns: Counter[str] = field(default_factory=Counter)


def tell(tally: Tally, texts: Mapping[str, TextCounts], *, unreadable: int = 0) -> Results:
    """Everything that can be told. ``texts`` by the question's key."""
    if tally.total < K:
        return Results(unreadable=unreadable)
    hiding = Hiding(tally)
    versions = {str(number): count for number, count in sorted(tally.versions.items())}
    return Results(
        total=tally.total,
        doubtful=_of_two(tally.doubtful, tally.total),
        languages=_languages(tally.languages, tally.by_language.values),
        channels=_line({name: tally.channels[name] for name in sorted(tally.channels)}),
        versions=_line(versions),
        questions=tuple(_question(hiding, asking, texts.get(asking.key)) for asking in tally.plan.askings),
        unreadable=unreadable,
    )


def _of_two(count: int, total: int) -> Count:
    return count if count >= K and total - count >= K else None


def cell(value: str, count: Count, of: int) -> Cell:
    """A count as a share of those who answered, with its interval."""
    if count is None or not of:
        return Cell(value, None)
    low, high = wilson(count / of, 1 / of)
    return Cell(value, count, count / of, low, high)


def _cells(values: Sequence[str], counts: Sequence[int], hidden: frozenset[int]) -> tuple[Cell, ...]:
    of = sum(counts)
    return tuple(
        cell(value, None if place in hidden else counts[place], of) for place, value in enumerate(values)
    )


def _line(counts: Mapping[str, int]) -> tuple[Cell, ...]:
    """Counts that add up to all; that there is nobody is no secret here."""
    there = {value: count for value, count in counts.items() if count}
    return _cells(list(there), list(there.values()), hidden_in_line(list(there.values())))


def _languages(counts: Counter[str], own: Sequence[str]) -> tuple[Cell, ...]:
    """The site's languages, then others by number; the rare ones together, none singled out."""
    others = sorted((name for name in counts if name not in own), key=lambda name: (-counts[name], name))
    common = [name for name in others if counts[name] >= K]
    told = {name: counts[name] for name in (*own, *common)}
    return _line(told | {OTHER_LANGUAGES: counts.total() - sum(told.values())})


def _question(hiding: Hiding, asking: Asking, texts: TextCounts | None) -> QuestionResult:
    question, is_told = asking.question, hiding.is_told(asking)
    answered = hiding.answered(asking) if is_told else None
    cells, rows, told_figures = _TOLD[question.kind](hiding, asking) if is_told else _hidden(asking)
    return QuestionResult(
        asking.key,
        question.name,
        question.kind.value,
        asking.versions,
        hiding.asked(asking),
        answered,
        cells,
        rows,
        told_figures,
        _texts(texts, hiding.tally.by_language.values) if texts and is_told else None,
        tuple(_crosstabs(hiding, asking)),
    )


Told = tuple[tuple[Cell, ...], tuple[Row, ...], Figures | None]


def _hidden(asking: Asking) -> Told:
    """The lines of a question of which nothing is told."""
    question = asking.question
    options = tuple(Cell(choice.value, None) for choice in question.options)
    match question.kind:
        case Kind.MATRIX:
            return (), tuple(Row(row.value, None, options) for row in question.rows), None
        case Kind.RANKING:
            names = things(question)
            places = tuple(Cell(str(place + 1), None) for place in range(len(names)))
            return (), tuple(Row(name, None, places) for name in names), None
    return options, (), None


def _chosen_one(hiding: Hiding, asking: Asking) -> Told:
    key = asking.key, None
    values = [choice.value for choice in asking.question.options]
    hidden, counts = hiding.hidden(key), hiding.values(key)
    told = None
    if asking.question.kind is Kind.SCALE and not hidden:
        told = figures.of_steps({int(value): count for value, count in zip(values, counts, strict=True)})
    return _cells(values, counts, hidden), (), told


def _chosen_several(hiding: Hiding, asking: Asking) -> Told:
    """Shares are of those who answered, so that they add up to more than one."""
    key, hidden, of = (asking.key, None), hiding.hidden_choices(asking), hiding.answered(asking)
    ways = dict(zip(hiding.tally.sortings[key].values, hiding.values(key), strict=True))
    found = []
    for choice in asking.question.options:
        value = choice.value
        count = ways[value] if value in ways else hiding.values((asking.key, value))[CHOSEN]
        found.append(cell(value, None if value in hidden else count, of))
    return tuple(found), (), None


def _chosen_by_row(hiding: Hiding, asking: Asking) -> Told:
    values = [choice.value for choice in asking.question.options]
    are_numbers = all(value.isdecimal() for value in values)
    rows = []
    for row in asking.question.rows:
        counts, hidden = hiding.values((asking.key, row.value)), hiding.hidden((asking.key, row.value))
        mean = None
        if are_numbers and not hidden:
            mean = figures.mean({int(value): count for value, count in zip(values, counts, strict=True)})
        answered = sum(counts)
        told = answered if answered >= K else None
        rows.append(Row(row.value, told, _cells(values, counts, hidden), mean))
    return (), tuple(rows), None


def _ranked(hiding: Hiding, asking: Asking) -> Told:
    """A table of things by places, whose totals may be known: where all rank all, each is everybody."""
    names = things(asking.question)
    counts = [hiding.values((asking.key, name)) for name in names]
    of_rows, of_places = [sum(row) for row in counts], [sum(place) for place in zip(*counts, strict=True)]
    shut = hidden_in_line(of_rows)
    hidden = hidden_cells(counts, shut_rows=shut, shut_columns=hidden_in_line(of_places))
    rows = []
    for place, name in enumerate(names):
        out = frozenset(column for row, column in hidden if row == place)
        places = [str(number + 1) for number in range(len(names))]
        mean = None if out else figures.mean({n + 1: count for n, count in enumerate(counts[place])})
        answered = None if place in shut else of_rows[place]
        rows.append(Row(name, answered, _cells(places, counts[place], out), mean))
    return (), tuple(rows), None


def _number(hiding: Hiding, asking: Asking) -> Told:
    """No ranges where the number decides who is asked something: the two would cut it in different places."""
    numbers, question = hiding.tally.numbers[asking.key], asking.question
    found = (
        [] if hiding.decides(asking) else figures.ranges(numbers, low=question.minimum, high=question.maximum)
    )
    of = len(numbers)
    return tuple(cell(value, count, of) for value, count in found), (), figures.of_numbers(numbers)


def _date(hiding: Hiding, asking: Asking) -> Told:
    days = hiding.tally.days[asking.key]
    found = [] if hiding.decides(asking) else figures.months(days)
    return tuple(cell(value, count, len(days)) for value, count in found), (), figures.of_days(days)


def _nothing(_hiding: Hiding, _asking: Asking) -> Told:
    return (), (), None


_TOLD = {
    Kind.SINGLE: _chosen_one,
    Kind.SCALE: _chosen_one,
    Kind.MULTIPLE: _chosen_several,
    Kind.MATRIX: _chosen_by_row,
    Kind.RANKING: _ranked,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.SHORT_TEXT: _nothing,
    Kind.LONG_TEXT: _nothing,
}


def _texts(counts: TextCounts, own: Sequence[str]) -> Texts | None:
    """Told once all were read, so that no two states of the results differ by a single text."""
    if counts.written < K or counts.read < counts.written:
        return None
    tones = _line({tone: counts.tones[tone] for tone in TONES})
    concerns = tuple(
        cell(code, count, counts.read)
        for code, count in sorted(counts.concerns.items(), key=lambda item: (-item[1], item[0]))
        if _of_two(count, counts.read) is not None
    )
    return Texts(counts.read, _languages(counts.languages, own), tones, concerns)


def _crosstabs(hiding: Hiding, asking: Asking) -> list[Crosstab]:
    found = []
    for by in hiding.breakdowns(asking):
        for row, table in _tables(hiding, asking, by):
            if any(count is not None for cells in table.cells for count in cells):
                columns = hiding.columns(by)
                is_shared = asking.question.kind is not Kind.MULTIPLE
                found.append(
                    Crosstab(
                        by,
                        tuple(choice.value for choice in asking.question.options),
                        columns,
                        table.cells,
                        table.row_totals,
                        table.column_totals,
                        table.total,
                        is_shared,
                        row,
                    )
                )
    return found


def _tables(hiding: Hiding, asking: Asking, by: str) -> list[tuple[str, Block]]:
    """The tables of a question by another, with the row of a matrix that each is of."""
    match asking.question.kind:
        case Kind.MATRIX:
            rows = asking.question.rows
            return [(row.value, hiding.block((asking.key, row.value), by)) for row in rows]
        case Kind.MULTIPLE:
            return [("", _of_choices(hiding, asking, by))]
    return [("", hiding.block((asking.key, None), by))]


def _of_choices(hiding: Hiding, asking: Asking, by: str) -> Block:
    """One table of the first rows of those of all choices."""
    whole = hiding.block((asking.key, None), by)
    ways = {way: place for place, way in enumerate(hiding.tally.sortings[asking.key, None].values)}
    cells, totals = [], []
    for choice in asking.question.options:
        place = ways.get(choice.value, CHOSEN)
        block = whole if choice.value in ways else hiding.block((asking.key, choice.value), by)
        cells.append(block.cells[place])
        totals.append(block.row_totals[place])
    return Block(tuple(cells), tuple(totals), whole.column_totals, whole.total, whole.shut)
