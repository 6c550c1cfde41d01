"""Raw counts of answers, small ones too: they stay inside the job that makes them.

Answers come in handfuls, and only counts are kept of them: the memory that it takes does not grow with the
answers, but for eight bytes a number or date that was answered (a median needs them all).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engage.feedback.counting.plan import Asking, Plan
from engage.survey.answers import asked as asked_of
from engage.survey.definition import NONE, REFUSED, Definition, Kind, Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.int64]

LANGUAGE = "@language"
"""The key of the language in which somebody answered; no question can be called so."""

CHOSEN, NOT_CHOSEN = 0, 1
SAID = 0
"""The place of those who chose (or ranked) something; the ways to choose nothing come after it."""

Key = tuple[str, str | None]
"""A question's key, and a row of a matrix, a choice of a multiple choice, a thing ranked; None: the whole."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One answer as it is counted. ``answers`` has the names of texts too, whatever they say."""

    version: int
    language: str
    channel: str
    is_doubtful: bool
    answers: Mapping[str, Any]


@dataclass(slots=True)
class Sorting:
    """One way to sort people: into its values, those who did not answer, and those who were not asked.

    ``codes`` of a handful: the place of a value, ``len(values)`` for no answer, one more for not asked.
    """

    key: Key
    values: tuple[str, ...]
    codes: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many codes there are."""
        return len(self.values) + 2


class Tally:
    """The counts of one form."""

    def __init__(self, plan: Plan, languages: Sequence[str]) -> None:
        self.plan = plan
        self.total = self.doubtful = 0
        self.languages: Counter[str] = Counter()
        self.channels: Counter[str] = Counter()
        self.versions: Counter[int] = Counter()
        self.asked: Counter[str] = Counter()
        self.numbers: dict[str, array[float]] = {}
        self.days: dict[str, array[int]] = {}
        self.sortings: dict[Key, Sorting] = {
            one.key: one for asking in plan.askings for one in _sortings(asking)
        }
        self.by_language = Sorting((LANGUAGE, None), tuple(languages))
        self.breakdowns = [
            self.sortings[asking.key, None] for asking in plan.askings if asking.is_breakdown
        ] + [self.by_language]
        self._counts: dict[Key, Codes] = {}
        self._tables: dict[tuple[Key, Key], Codes] = {}
        self._readers = {version: _Reader(self, version) for version in plan.definitions}

    def add(self, answers: Iterable[Counted]) -> None:
        """Count a handful."""
        for one in answers:
            self.total += 1
            self.doubtful += one.is_doubtful
            self.languages[one.language] += 1
            self.channels[one.channel] += 1
            self.versions[one.version] += 1
            self.by_language.codes.append(_place(self.by_language.values, one.language))
            self._readers[one.version].read(one.answers)
        self._take_up()

    def line(self, key: Key) -> list[int]:
        """How many people each value has, then those without an answer and those not asked."""
        sorting = self.sortings.get(key, self.by_language)
        counts = self._counts.get(key)
        return [0] * sorting.size if counts is None else [int(count) for count in counts]

    def table(self, key: Key, by: Key) -> list[list[int]]:
        """The same by the codes of another sorting: rows are those of ``key``."""
        sorting, columns = self.sortings[key], self.sortings.get(by, self.by_language).size
        counts = self._tables.get((key, by))
        if counts is None:
            return [[0] * columns for _ in range(sorting.size)]
        return [[int(count) for count in row] for row in counts.reshape(sorting.size, columns)]

    def _take_up(self) -> None:
        """Count the codes of the handful and let them go."""
        import numpy as np

        every = [*self.sortings.values(), self.by_language]
        codes = {one.key: np.asarray(one.codes, dtype=np.int64) for one in every}
        for one in every:
            self._counts[one.key] = _plus(self._counts.get(one.key), codes[one.key], one.size)
            one.codes.clear()
        for one in self.sortings.values():
            for by in self.breakdowns:
                if by is not one:
                    joined = codes[one.key] * by.size + codes[by.key]
                    at = one.key, by.key
                    self._tables[at] = _plus(self._tables.get(at), joined, one.size * by.size)


def _plus(so_far: Codes | None, codes: Codes, size: int) -> Codes:
    import numpy as np

    counts = np.bincount(codes, minlength=size)
    return counts if so_far is None else so_far + counts


def _place(values: Sequence[str], value: str) -> int:
    """The code of a value: that of no answer where it is none of them."""
    return values.index(value) if value in values else len(values)


def _sortings(asking: Asking) -> Iterable[Sorting]:
    """The ways in which a question sorts people; the first is the question as a whole."""
    question = asking.question
    options = tuple(choice.value for choice in question.options)
    match question.kind:
        case Kind.SINGLE | Kind.SCALE:
            yield Sorting((asking.key, None), options)
        case Kind.MULTIPLE:
            yield Sorting((asking.key, None), ("", *_ways_out(question)))
            for value in things(question):
                yield Sorting((asking.key, value), ("chosen", "not"))
        case Kind.RANKING:
            yield Sorting((asking.key, None), ("", *_ways_out(question)))
            places = tuple(str(place + 1) for place in range(len(things(question))))
            for value in things(question):
                yield Sorting((asking.key, value), places)
        case Kind.MATRIX:
            yield Sorting((asking.key, None), ("answered",))
            for row in question.rows:
                yield Sorting((asking.key, row.value), options)
        case _:
            yield Sorting((asking.key, None), ("answered",))


def _ways_out(question: Question) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.options if choice.value in (NONE, REFUSED))


def things(question: Question) -> tuple[str, ...]:
    """What is chosen or ranked: everything but the ways to choose nothing."""
    return tuple(choice.value for choice in question.options if choice.value not in (NONE, REFUSED))


class _Reader:
    """Reads the answers to one version into the codes of all sortings."""

    def __init__(self, tally: Tally, version: int) -> None:
        plan = tally.plan
        self._tally, self._definition = tally, plan.definitions[version]
        self._asking = [one for one in plan.askings if version in one.versions]
        self._name = {one.key: one.question.name for one in self._asking}
        present = {one.key for one in self._asking}
        self._absent = [one for key, one in tally.sortings.items() if key[0] not in present]
        self._coders = {
            one.key: _Coder(one, [s for key, s in tally.sortings.items() if key[0] == one.key], tally)
            for one in self._asking
        }
        self._known: dict[str, frozenset[str] | None] = {}

    def read(self, answers: Mapping[str, Any]) -> None:
        asked = self._asked(answers)
        for sorting in self._absent:
            sorting.codes.append(len(sorting.values) + 1)
        for one in self._asking:
            name = self._name[one.key]
            if asked is not None and name not in asked:
                self._coders[one.key].skip()
                continue
            self._tally.asked[one.key] += 1
            self._coders[one.key].read(answers.get(name), is_given=name in answers)

    @cached_property
    def _deciding(self) -> tuple[str, ...]:
        """The questions whose answers decide who is asked what."""
        keys = {gate.key for one in self._asking for gate in one.gates}
        return tuple(one.question.name for one in self._asking if one.key in keys)

    def _asked(self, answers: Mapping[str, Any]) -> frozenset[str] | None:
        """The questions that somebody with these answers was asked, None for all of them."""
        if not self._deciding:
            return None
        deciding = {name: answers[name] for name in self._deciding if name in answers}
        spelled = repr(deciding)
        if spelled not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[spelled] = _names(self._definition, deciding)
        return self._known[spelled]


_MOST_KNOWN = 10_000
"""So many sets of deciding answers are remembered with whom they ask: texts and numbers have no end."""


def _names(definition: Definition, answers: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(one.question.name for one in asked_of(definition, answers))


class _Coder:
    """Turns the answers to one question into codes."""

    def __init__(self, asking: Asking, sortings: Sequence[Sorting], tally: Tally) -> None:
        self._whole, self._parts = sortings[0], sortings[1:]
        self._codes = {value: place for place, value in enumerate(self._whole.values)}
        self._key, self._tally = asking.key, tally
        readers: dict[Kind, Callable[[Any], None]] = {
            Kind.SINGLE: self._read_one,
            Kind.SCALE: self._read_one,
            Kind.MULTIPLE: self._read_several,
            Kind.RANKING: self._read_ranked,
            Kind.MATRIX: self._read_rows,
            Kind.NUMBER: self._read_number,
            Kind.DATE: self._read_date,
        }
        self._read = readers.get(asking.question.kind, self._read_given)

    def read(self, given: Any, *, is_given: bool) -> None:
        """One answer of somebody who was asked. A text's place may be kept and its words elsewhere."""
        if is_given and self._read == self._read_given:
            self._whole.codes.append(0)
        elif given in (None, "", [], {}):
            self._append_all(0)
        else:
            self._read(given)

    def skip(self) -> None:
        """Somebody who was not asked."""
        self._append_all(1)

    def _append_all(self, beyond: int) -> None:
        for one in (self._whole, *self._parts):
            one.codes.append(len(one.values) + beyond)

    def _read_given(self, _given: Any) -> None:
        self._whole.codes.append(0)

    def _read_one(self, given: Any) -> None:
        self._whole.codes.append(self._codes.get(str(given), len(self._codes)))

    def _read_several(self, given: Any) -> None:
        chosen = set(given) if isinstance(given, list) else {str(given)}
        self._whole.codes.append(self._way(chosen))
        for one in self._parts:
            one.codes.append(CHOSEN if one.key[1] in chosen else NOT_CHOSEN)

    def _way(self, chosen: set[str]) -> int:
        return next((place for way, place in self._codes.items() if way in chosen), SAID)

    def _read_ranked(self, given: Any) -> None:
        ranked = list(given) if isinstance(given, list) else [str(given)]
        self._whole.codes.append(self._way(set(ranked)))
        for one in self._parts:
            one.codes.append(ranked.index(one.key[1]) if one.key[1] in ranked else len(one.values))

    def _read_rows(self, given: Any) -> None:
        rows = given if isinstance(given, dict) else {}
        self._whole.codes.append(0 if rows else 1)
        for one in self._parts:
            one.codes.append(_place(one.values, str(rows.get(one.key[1], ""))))

    def _read_number(self, given: Any) -> None:
        self._whole.codes.append(0)
        self._tally.numbers.setdefault(self._key, array("d")).append(float(given))

    def _read_date(self, given: Any) -> None:
        self._whole.codes.append(0)
        day = date.fromisoformat(str(given)).toordinal()
        self._tally.days.setdefault(self._key, array("l")).append(day)
