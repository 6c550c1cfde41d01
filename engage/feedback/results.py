"""What is told of a form's answers: numbers only, those of small groups already taken out.

Made by the counting job, kept as JSON in ``FormResult.tables``, read by pages and files. A ``Count`` of None
is not told: it is below ``engage.survey.suppression.K``, or would give away one that is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Count = int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a table: how many, of how many, as a share with its interval (0 to 1).

    The interval is Wilson's at 95 %, as if those who answered had been drawn by chance; they were not, which
    every page says.
    """

    value: str
    count: Count
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix, or one choice of a ranking: how many answered it, and its cells.

    A ranking's cells are its places, "1" to "n". ``mean`` is the mean place, or the mean of a row's columns
    where these are numbers.
    """

    value: str
    answered: Count
    cells: tuple[Cell, ...]
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of numbers, scales and dates: told only where ten or more answered."""

    mean: float | None = None
    median: float | str | None = None


@dataclass(frozen=True, slots=True)
class Crosstab:
    """The answers to one question by those to another. ``rows`` are the values of the question, ``columns``
    those of ``by``.

    ``adds_up``: each person stands in one row (single choice, scale), so that rows sum to
    ``column_totals``. In a multiple choice they do not: ``column_totals`` are those who answered. ``by`` is
    a question's key, or "@language". ``row``: the row of a matrix that the table is of.
    """

    by: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Count, ...], ...]
    row_totals: tuple[Count, ...]
    column_totals: tuple[Count, ...]
    total: Count
    adds_up: bool = True
    row: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the analysis found in the texts of one question: three things, never one."""

    analysed: Count
    languages: tuple[Cell, ...] = ()
    tones: tuple[Cell, ...] = ()
    concerns: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to one question, in all versions that ask it the same.

    ``key`` tells apart questions of one name whose kind or choices changed from version to version: the
    name, and from the second such question on ``NAME@VERSION``. ``versions`` are the numbers of those that
    ask it; the newest of them holds its wording. ``asked`` is how many were asked it, ``answered`` how many
    did. ``others`` is how many wrote what *other* is.
    """

    key: str
    name: str
    kind: str
    versions: tuple[int, ...]
    asked: Count
    answered: Count
    cells: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    figures: Figures | None = None
    texts: Texts | None = None
    crosstabs: tuple[Crosstab, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is told of a form. ``total`` is how many counted answers there are, None if under K.

    ``unreadable`` is how many acknowledged answers cannot be opened, because the key is another one.
    """

    total: Count = None
    doubtful: Count = None
    languages: tuple[Cell, ...] = ()
    channels: tuple[Cell, ...] = ()
    versions: tuple[Cell, ...] = ()
    questions: tuple[QuestionResult, ...] = field(default_factory=tuple)
    unreadable: int = 0

    def question(self, key: str) -> QuestionResult | None:
        """The result with this key."""
        return next((one for one in self.questions if one.key == key), None)


def to_json(results: Results) -> dict[str, Any]:
    """As it is kept."""
    return asdict(results)


def from_json(kept: dict[str, Any]) -> Results:
    """What ``to_json`` made; of an empty object, results that tell nothing."""
    if not kept:
        return Results()
    cells = {name: _cells(kept[name]) for name in ("languages", "channels", "versions")}
    questions = tuple(_question(one) for one in kept["questions"])
    return Results(
        total=kept["total"],
        doubtful=kept["doubtful"],
        questions=questions,
        unreadable=kept.get("unreadable", 0),
        **cells,
    )


def _question(kept: dict[str, Any]) -> QuestionResult:
    changed: dict[str, Any] = {
        "versions": tuple(kept["versions"]),
        "cells": _cells(kept["cells"]),
        "rows": tuple(Row(**{**row, "cells": _cells(row["cells"])}) for row in kept["rows"]),
        "figures": Figures(**kept["figures"]) if kept["figures"] else None,
        "texts": _texts(kept["texts"]) if kept["texts"] else None,
        "crosstabs": tuple(_crosstab(one) for one in kept["crosstabs"]),
    }
    return QuestionResult(**{**kept, **changed})


def _texts(kept: dict[str, Any]) -> Texts:
    return Texts(kept["analysed"], *(_cells(kept[name]) for name in ("languages", "tones", "concerns")))


def _crosstab(kept: dict[str, Any]) -> Crosstab:
    listed = {name: tuple(kept[name]) for name in ("rows", "columns", "row_totals", "column_totals")}
    return Crosstab(**{**kept, **listed, "cells": tuple(tuple(row) for row in kept["cells"])})


def _cells(kept: list[dict[str, Any]]) -> tuple[Cell, ...]:
    return tuple(Cell(**cell) for cell in kept)
