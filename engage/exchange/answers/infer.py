"""What was asked, worked out from the columns of a file and from what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from engage.db.types import Localised
from engage.exchange.answers.columns import Column, Item, System, is_other
from engage.exchange.answers.source import AnswerSource, SourceAnswer
from engage.exchange.values import BadRecord, day, fold
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question

TICKS: Final = frozenset({"y", "yes", "x", "1", "true", "checked", "si", "n", "no", "0", "false"})
TICKED: Final = frozenset({"y", "yes", "x", "1", "true", "checked", "si"})
"""What a system writes for a choice that was made, folded, where it does not repeat the choice's text."""

_MOST_DISTINCT: Final = 60
_MOST_CHOICES: Final = 24
_LONGEST_CHOICE: Final = 160
_LONG_TEXT: Final = 80
_MOST_COLUMNS: Final = 12
_NUMBER: Final = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?")
_PERSON: Final = re.compile(
    r"\b(age|how old|gender|sex|income|household|earn|education|school|degree|race|ethnic\w*|religion|"
    r"location|region|zip|neighborhood|neighbourhood|district|county|city|live|born|country|citizen\w*|immigra\w*|"
    r"marital|married|disab\w*|language|employ\w*|occupation|edad|cuantos anos|genero|sexo|ingresos?|hogar|"
    r"educacion|escuela|raza|etnia|origen|barrio|vive|vivienda|nacio|pais|ciudadan\w*|inmigra\w*|"
    r"discapacidad|idioma|empleo|ocupacion)\b"
)
_WHY_PERSON: Final = Localised(
    "Asked by another system. It is told only in counts.",
    "Lo preguntó otro sistema. Solo se presenta en recuentos.",
)


@dataclass(slots=True)
class Seen:
    """What stands in a column: how often each value, up to a number of them, and what they all are."""

    values: Counter[str] = field(default_factory=Counter)
    is_full: bool = False
    filled: int = 0
    letters: int = 0
    longest: int = 0
    all_numbers: bool = True
    all_days: bool = True

    def add(self, cell: str) -> None:
        """Take one cell into account; an empty one says nothing."""
        if not cell:
            return
        self.filled += 1
        self.letters += len(cell)
        self.longest = max(self.longest, len(cell))
        if cell in self.values or len(self.values) < _MOST_DISTINCT:
            self.values[cell] += 1
        else:
            self.is_full = True
        self.all_numbers = self.all_numbers and _NUMBER.fullmatch(cell) is not None
        self.all_days = self.all_days and _is_day(cell)


def _is_day(cell: str) -> bool:
    try:
        return len(cell) >= 8 and day(cell, "day") is not None
    except BadRecord:
        return False


def look_at(source: AnswerSource, rows: Iterable[SourceAnswer]) -> list[Seen]:
    """One pass over the file: what stands in each of its columns."""
    seen = [Seen() for _name in source.table.header]
    wanted = [column.index for item in source.layout.items for column in _all_columns(item)]
    for answer in rows:
        for index in wanted:
            seen[index].add(answer.cells[index])
    return seen


def _all_columns(item: Item) -> Iterator[Column]:
    yield from item.columns
    if item.other is not None:
        yield item.other


def infer(source: AnswerSource, seen: Sequence[Seen], *, title: str, language: str) -> Definition:
    """The form that such a file would be the answers to; its texts are in one language."""
    names: set[str] = set()
    questions = tuple(
        question
        for item in source.layout.items
        for question in _Inferring(item, seen, source.system, language).questions(names)
    )
    return Definition(title=said(title, language), pages=(Page(name="page1", elements=questions),))


def said(text: str, language: str) -> Localised:
    """A text in the language of the file, the other one left to be written."""
    return Localised(en=text) if language == "en" else Localised(es=text)


class _Inferring:
    """What one item of a file asked."""

    def __init__(self, item: Item, seen: Sequence[Seen], system: System, language: str) -> None:
        self._item = item
        self._seen = seen
        self._system = system
        self._language = language

    def questions(self, names: set[str]) -> Iterator[Question]:
        """One question, or one for each column where they have nothing in common."""
        parts = [column for column in self._item.columns if column.part is not None]
        if len(parts) >= 2 and len(parts) == len(self._item.columns):
            yield from self._group(names)
            return
        for column in self._item.columns:
            whole = column.title if column.part is None else f"{column.title} - {column.part}"
            yield self._single(self._seen[column.index], whole, name_of(column.code or whole, names))

    def _group(self, names: set[str]) -> Iterator[Question]:
        item = self._item
        shown = [self._seen[column.index] for column in item.columns]
        name = name_of(item.code or item.title, names)
        offered = [column for column in item.columns if not is_other(column.part or "")]
        if offered and all(_is_tick(self._seen[one.index], one.part or "") for one in offered):
            texts = [column.part or "" for column in offered]
            has_other = len(texts) < len(item.columns) or item.other is not None
            yield self._made(name, Kind.MULTIPLE, item.title, choices=self._choices(texts), other=has_other)
            return
        parts, values = self._rated(offered)
        if _is_ranking(values):
            yield self._made(name, Kind.RANKING, item.title, choices=self._choices(parts))
        elif columns := _shared_values(values):
            rows = self._choices(parts)
            yield self._made(name, Kind.MATRIX, item.title, choices=self._choices(columns), rows=rows)
        else:
            names.discard(name.lower())
            for column, one in zip(item.columns, shown, strict=True):
                whole = f"{item.title} - {column.part}"
                yield self._single(one, whole, name_of(whole, names))

    def _rated(self, offered: Sequence[Column]) -> tuple[list[str], list[Seen]]:
        """The parts that people ranked or marked; “other” only where it was, too, and has no texts in it."""
        marks = {value for column in offered for value in self._seen[column.index].values}
        rated = [
            column
            for column in self._item.columns
            if column in offered or self._seen[column.index].values.keys() <= marks
        ]
        return [column.part or "" for column in rated], [self._seen[column.index] for column in rated]

    def _single(self, seen: Seen, title: str, name: str) -> Question:
        texts = list(seen.values)
        if self._item.other is not None:
            texts = [text for text in texts if not is_other(text)]
            return self._made(name, Kind.SINGLE, title, choices=self._choices(texts), other=True)
        if seen.filled and seen.all_numbers and not _is_closed(seen):
            return self._made(name, Kind.NUMBER, title)
        if seen.filled and seen.all_days:
            return self._made(name, Kind.DATE, title)
        if joined := _joined(seen, self._system):
            return self._made(name, Kind.MULTIPLE, title, choices=self._choices(joined))
        if _is_closed(seen):
            return self._made(name, Kind.SINGLE, title, choices=self._choices(texts))
        is_long = seen.longest > 2 * _LONG_TEXT or seen.letters > _LONG_TEXT * max(1, seen.filled)
        return self._made(name, Kind.LONG_TEXT if is_long else Kind.SHORT_TEXT, title)

    def _choices(self, texts: Iterable[str]) -> tuple[Choice, ...]:
        taken: set[str] = {"other", "none", "refused"}
        return tuple(Choice(value_of(text, taken), said(text, self._language)) for text in texts)

    def _made(
        self,
        name: str,
        kind: Kind,
        title: str,
        *,
        choices: tuple[Choice, ...] = (),
        rows: tuple[Choice, ...] = (),
        other: bool = False,
    ) -> Question:
        """A machine cannot know what is about the person: words in the title tell, rather once too often."""
        asks_person = (
            kind not in (Kind.SHORT_TEXT, Kind.LONG_TEXT) and _PERSON.search(fold(title)) is not None
        )
        return Question(
            name=name,
            kind=kind,
            title=said(title, self._language),
            choices=choices,
            rows=rows,
            other=other,
            help=_WHY_PERSON if asks_person else Localised(),
            refuse=asks_person and kind in (Kind.SINGLE, Kind.MULTIPLE),
            flags=frozenset({Flag.DEMOGRAPHIC}) if asks_person else frozenset(),
        )


def _is_tick(seen: Seen, part: str) -> bool:
    known = TICKS | {fold(part)}
    return not seen.is_full and all(fold(value) in known for value in seen.values)


def _is_ranking(shown: Sequence[Seen]) -> bool:
    places = {str(place) for place in range(1, len(shown) + 1)}
    values = set().union(*(one.values for one in shown))
    return len(values) > 2 and values <= places and not any(one.is_full for one in shown)


def _shared_values(shown: Sequence[Seen]) -> list[str]:
    """The columns of a matrix: the few values that its rows share, in the order in which they come."""
    values = list(dict.fromkeys(value for one in shown for value in one.values))
    fits = 2 <= len(values) <= _MOST_COLUMNS and max(map(len, values)) <= _LONGEST_CHOICE
    return values if fits and not any(one.is_full for one in shown) else []


def _is_closed(seen: Seen) -> bool:
    """Whether a column holds a few values again and again."""
    few = not seen.is_full and 0 < len(seen.values) <= _MOST_CHOICES and seen.longest <= _LONGEST_CHOICE
    is_yes_no = all(fold(value) in TICKS for value in seen.values)
    return few and (is_yes_no or seen.filled >= 2 * len(seen.values))


def _joined(seen: Seen, system: System) -> list[str]:
    """The choices of a multiple choice whose cells join them by commas, as Google Forms does."""
    if system is not System.GOOGLE_FORMS or seen.is_full or not any(", " in value for value in seen.values):
        return []
    alone = [value for value in seen.values if ", " not in value]
    pieces = [piece for value in seen.values for piece in split_joined(value, alone)]
    counted = Counter(pieces)
    is_list = len(counted) <= _MOST_CHOICES and max(map(len, counted)) <= _LONG_TEXT
    # In running text, what stands between commas hardly ever comes again.
    return list(counted) if is_list and len(alone) >= 1 and len(pieces) >= 1.5 * len(counted) else []


def split_joined(cell: str, choices: Iterable[str]) -> list[str]:
    """The choices in a cell that joins them by commas; those with a comma of their own first."""
    found = []
    for choice in sorted((one for one in choices if ", " in one), key=len, reverse=True):
        if choice in cell:
            found.append(choice)
            cell = cell.replace(choice, "", 1)
    return found + [piece for piece in (piece.strip(" ,") for piece in cell.split(", ")) if piece]


def name_of(text: str, taken: set[str]) -> str:
    """A name for a question, of the words of its title, unlike all others."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(text).encode("ascii", "ignore").decode()).strip("_")
    base = (words if words[:1].isalpha() else f"q_{words}")[:34].rstrip("_") or "q"
    return _unlike(base, taken)


def value_of(text: str, taken: set[str]) -> str:
    """The value of a choice, of the words of its text, unlike all others."""
    base = (
        re.sub(r"[^a-z0-9]+", "_", fold(text).encode("ascii", "ignore").decode()).strip("_")[:50] or "choice"
    )
    return _unlike(base, taken)


def _unlike(base: str, taken: set[str]) -> str:
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name.lower())
    return name
