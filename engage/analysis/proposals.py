"""Sentences that propose something: instead of what is decided about, or as a condition of it.

A bare wish for a yes or a no ("sign it", "reject this") is none: that is a position. The rules know no side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.reading import Reading, read
from engage.analysis.voice_cues import LANGUAGES, find_cues

# An act is asked for where it stands at most so many words after the word that asks.
_REACH = 7
# "Don't spend that money on …" is a no.
_NEGATIONS = frozenset({"not", "no", "never", "don't", "dont", "nunca"})
_OPENERS = frozenset(
    {"and", "but", "so", "then", "please", "also", "first", "just", "at", "least"}
    | {"y", "pero", "entonces", "por", "favor", "tambien", "primero", "al", "menos"}
)


class ProposalKind(StrEnum):
    """How something is put forward."""

    INSTEAD = "instead"
    CONDITION = "condition"
    SAFEGUARD = "safeguard"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A half-open stretch of the original text: the words by which something is proposed."""

    kind: ProposalKind
    start: int
    end: int


def find_proposals(text: str) -> tuple[Proposal, ...]:
    """Where a text proposes something, at most once in a sentence, in order."""
    reading = read(text)
    by_sentence: dict[int, Proposal] = {}
    for kind, first, last in _places(reading):
        if kind is not ProposalKind.CONDITION and first > 0 and reading.words[first - 1].text in _NEGATIONS:
            continue
        by_sentence.setdefault(reading.sentences[first], _proposal(kind, reading, first, last))
    return tuple(sorted(by_sentence.values(), key=lambda one: one.start))


def _places(reading: Reading) -> list[tuple[ProposalKind, int, int]]:
    """The surer kind first: conditions, then what is put forward, then what is asked for beside them."""
    places = [
        (ProposalKind.CONDITION, one.first, one.last)
        for one in find_cues(reading, "conditions")
        if not reading.asks[reading.sentences[one.first]]
    ]
    places += [(ProposalKind.INSTEAD, one.first, one.last) for one in find_cues(reading, "proposes")]
    places += [(ProposalKind.SAFEGUARD, one.first, one.last) for one in find_cues(reading, "safeguards")]
    for language in LANGUAGES:
        acts = [
            (one.first, one.last)
            for one in find_cues(reading, "acts", (language,))
            if not reading.asks[reading.sentences[one.first]]
        ]
        places += [
            (ProposalKind.SAFEGUARD, first, last) for first, last in acts if _is_imperative(reading, first)
        ]
        for demand in find_cues(reading, "demands", (language,)):
            places += [
                (ProposalKind.SAFEGUARD, demand.first, last)
                for first, last in acts
                if demand.last <= first <= demand.last + _REACH
                and reading.sentences[first] == reading.sentences[demand.first]
            ]
    return places


def _is_imperative(reading: Reading, place: int) -> bool:
    """Whether a word begins its sentence, but for a word or two that only join or beg ("and please …")."""
    while place > 0 and reading.sentences[place - 1] == reading.sentences[place]:
        place -= 1
        if reading.words[place].text not in _OPENERS:
            return False
    return True


def _proposal(kind: ProposalKind, reading: Reading, first: int, last: int) -> Proposal:
    start, _ = reading.folded.original(reading.words[first].start, reading.words[first].end)
    _, end = reading.folded.original(reading.words[last - 1].start, reading.words[last - 1].end)
    return Proposal(kind, start, end)
