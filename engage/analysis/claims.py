"""Questions, and statements of fact that can be checked; and which of these do not go together.

Two statements are put beside each other where they speak of one thing in other numbers, or where one says
what the other denies. Which of them is right nobody here says: that is for the fact desk.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from engage.analysis.evidence import Evidence, EvidenceKind, find_evidence
from engage.analysis.folding import fold_all
from engage.analysis.phrases import stem, word_texts
from engage.analysis.reading import read
from engage.analysis.voice_cues import common_words, find_cues

Id = TypeVar("Id", bound=Hashable)

_ASKS = re.compile(r"\?[\"'»”)\]]*$")
# "Who would be against safety?" asks nothing: what is meant is said before and after.
_FEWEST_WORDS = 4
_COUNTED = (EvidenceKind.NUMBER, EvidenceKind.MONEY)
_DIGITS = re.compile(r"\d[\d.,]*")
_UNIT = re.compile(r"[a-z]{3,}")
# Two statements are about one thing where so many of their telling words are the same.
_SHARED, _SHARED_PART, _NEARLY_ALL = 3, 0.34, 0.8
_LEAST_LETTERS = 4
_MOST = 120


@dataclass(frozen=True, slots=True)
class Statement(Generic[Id]):
    """A sentence that states something. Two of one ``text_id`` are of one text."""

    id: Id
    text_id: Hashable
    text: str
    language: str = "und"


@dataclass(frozen=True, slots=True)
class _Read:
    words: frozenset[str]
    counts: frozenset[tuple[str, str]]
    is_denied: bool
    is_checkable: bool


def is_question(text: str) -> bool:
    """Whether a sentence asks something that can be answered, with a question mark or by its words."""
    text = text.strip()
    if len(text.split()) < _FEWEST_WORDS:
        return False
    if _ASKS.search(text):
        return True
    return next(find_cues(read(text), "asks"), None) is not None


def is_whole_question(text: str) -> bool:
    """Whether it can be answered by whoever reads it alone: "My address, too?" leans on what is before."""
    if not is_question(text):
        return False
    return "¿" in text or next(find_cues(read(text), "interrogatives"), None) is not None


def is_checkable(text: str) -> bool:
    """Whether a sentence states a fact that can be looked up: a number, a sum, a date, what a source says."""
    if is_question(text):
        return False
    return any(
        fact.kind in (*_COUNTED, EvidenceKind.SOURCE, EvidenceKind.DATE) for fact in find_evidence(text)
    )


def disputed(statements: Sequence[Statement[Id]], most: int = 1) -> list[tuple[Statement[Id], Statement[Id]]]:
    """At most ``most`` pairs that do not go together, those that share most words first. Deterministic.

    A statement is in one pair only, and never in one with another of its text. At most the first 120 are
    compared, those first that can be looked up.
    """
    read_ = [(each, _read(each)) for each in statements]
    # What can be looked up comes first.
    known = sorted(
        (pair for pair in read_ if len(pair[1].words) >= _SHARED), key=lambda pair: not pair[1].is_checkable
    )
    scored = sorted(
        (-score, first, second)
        for (first, (_, one)), (second, (_, other)) in combinations(enumerate(known[:_MOST]), 2)
        if (score := _contradict(one, other)) > 0
    )
    pairs: list[tuple[Statement[Id], Statement[Id]]] = []
    taken: set[int] = set()
    for _, first, second in scored:
        if (
            len(pairs) < most
            and not taken & {first, second}
            and known[first][0].text_id != known[second][0].text_id
        ):
            taken |= {first, second}
            pairs.append((known[first][0], known[second][0]))
    return pairs


def _read(statement: Statement[Id]) -> _Read:
    folded, common = fold_all(statement.text), common_words()
    words = frozenset(
        stem(word, statement.language)
        for word in word_texts(folded)
        if len(word) >= _LEAST_LETTERS and word not in common and not word.isdigit()
    )
    facts = find_evidence(statement.text)
    return _Read(
        words=words,
        counts=frozenset(_counts(statement.text, facts)),
        is_denied=next(find_cues(read(statement.text), "denies"), None) is not None,
        is_checkable=is_checkable(statement.text),
    )


def _counts(text: str, facts: tuple[Evidence, ...]) -> Iterator[tuple[str, str]]:
    """What is counted, and how much of it."""
    for fact in facts:
        if fact.kind in _COUNTED:
            folded = fold_all(text[fact.start : fact.end])
            unit = "money" if fact.kind is EvidenceKind.MONEY else (_UNIT.findall(folded) or ["%"])[-1]
            digits = _DIGITS.search(folded)
            yield unit, digits[0] if digits else folded.split()[0]


def _contradict(one: _Read, other: _Read) -> float:
    """How surely two statements speak of one thing and do not go together; 0 where they may both be right."""
    shared = one.words & other.words
    part = len(shared) / max(1, min(len(one.words), len(other.words)))
    if len(shared) < _SHARED or part < _SHARED_PART:
        return 0.0
    units = {unit for unit, _ in one.counts} & {unit for unit, _ in other.counts}
    of_units = [{pair for pair in each.counts if pair[0] in units} for each in (one, other)]
    if units and not of_units[0] & of_units[1]:
        return part + 1
    # Where only one of two sentences that share most of their words denies, they say opposite things.
    return part if one.is_denied != other.is_denied and part >= _NEARLY_ALL else 0.0
