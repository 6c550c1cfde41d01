"""What is shown of the comments that raise one concern: what each side says of it, rare points with concrete
facts, what is proposed, what is asked and what is disputed.

Each is chosen by a rule that does not know which side is which: exchange the sides, and what is chosen is
exchanged, too. Of each campaign and each text only one comment is looked at, drawn by a digest, and of each
group at most `MOST_OF_A_GROUP`, so that the work does not grow with a flood.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from engage.analysis.claims import Statement, disputed, is_question, is_whole_question
from engage.analysis.evidence import Evidence, EvidenceKind, find_evidence, is_enough
from engage.analysis.proposals import find_proposals
from engage.analysis.quotes import (
    MAX_CHARACTERS,
    MIN_WORDS,
    SIDES,
    Candidate,
    Quote,
    choose,
    holds_personal_data,
)
from engage.analysis.sentences import sentences, trimmed
from engage.analysis.taxonomy import OTHER, Taxonomy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Id = TypeVar("Id", bound=Hashable)
Span = tuple[int, int]

MOST_OF_A_GROUP = 150
SAID_OF_A_SIDE, SAID_OF_OTHERS = 3, 2
CONCRETE, PROPOSALS, QUESTIONS, PAIRS = 3, 5, 3, 1
PAIRS_FROM = 100
"""The places of what is disputed: two of one pair follow each other, from here on."""

_SHORT = 60
_STRETCHES_OF_ONE = 4


class VoiceKind(StrEnum):
    """For what a stretch is shown."""

    SAID = "said"
    CONCRETE = "concrete"
    PROPOSAL = "proposal"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Mention(Generic[Id]):
    """A comment that raises a concern. ``digest`` is that of its text; ``cues`` are where the concern stands
    in it, none where only a person has found it there.
    """

    id: Id
    text: str
    digest: str
    position: str | None = None
    campaign: str | None = None
    language: str = "und"
    cues: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice(Generic[Id]):
    """Characters ``start`` to ``end`` (half-open) of a comment. ``place`` orders the voices of one kind."""

    kind: VoiceKind
    place: int
    id: Id
    start: int
    end: int


def draw(mentions: Iterable[Mention[Id]]) -> list[Mention[Id]]:
    """The mentions that are looked at, one of each campaign and text, in the order of the draw."""
    ranks: dict[str, tuple[str, Mention[Id]]] = {}
    for mention in mentions:
        key = mention.campaign or mention.digest
        rank = hashlib.sha256(f"{mention.digest} {mention.id}".encode()).hexdigest()
        if key not in ranks or rank < ranks[key][0]:
            ranks[key] = (rank, mention)
    groups: dict[str | None, list[Mention[Id]]] = defaultdict(list)
    for _, mention in sorted(ranks.values(), key=lambda pair: pair[0]):
        groups[_side(mention.position)].append(mention)
    kept = {mention.id for group in groups.values() for mention in group[:MOST_OF_A_GROUP]}
    return [mention for _, mention in sorted(ranks.values(), key=lambda pair: pair[0]) if mention.id in kept]


def choose_voices(
    drawn: Sequence[Mention[Id]],
    concern: str,
    *,
    taxonomy: Taxonomy | None = None,
    vectors: Mapping[Id, NDArray[np.float32]] | None = None,
) -> list[Voice[Id]]:
    """What is shown of one concern. Deterministic for what `draw` has drawn."""
    chooser = _Chooser(drawn, concern, taxonomy, vectors or {})
    return [*chooser.said(), *chooser.concrete(), *chooser.proposals(), *chooser.questions()]


class _Chooser(Generic[Id]):
    """Chooses what is shown of one concern, one kind after the other."""

    def __init__(
        self,
        drawn: Sequence[Mention[Id]],
        concern: str,
        taxonomy: Taxonomy | None,
        vectors: Mapping[Id, NDArray[np.float32]],
    ) -> None:
        self._drawn, self._taxonomy, self._vectors = drawn, taxonomy, vectors
        self._anywhere = concern == OTHER
        self._pieces = {mention.id: sentences(mention.text) for mention in drawn}

    def said(self) -> Iterator[Voice[Id]]:
        """Of each side as many, then of the others."""
        place = 0
        for side in (*SIDES, None):
            group = [mention for mention in self._drawn if _side(mention.position) == side]
            n = SAID_OF_OTHERS if side is None else SAID_OF_A_SIDE
            for quote in self._choose(group, {each.id: self._about(each) for each in group}, n):
                place += 1
                yield _voice(VoiceKind.SAID, place, quote)

    def concrete(self) -> Iterator[Voice[Id]]:
        """The stretches with most facts: of each side its first, then whoever has most."""
        ranked = sorted(self._facts(), key=lambda row: row[0])
        firsts: dict[str, int] = {}
        for number, (_, mention, _) in enumerate(ranked):
            side = _side(mention.position)
            if side is not None:
                firsts.setdefault(side, number)
        order = [*sorted(firsts.values()), *(at for at in range(len(ranked)) if at not in firsts.values())]
        place = 0
        for number in order:
            _, mention, (start, end) = ranked[number]
            if place < CONCRETE and not holds_personal_data(mention.text, start, end):
                place += 1
                yield Voice(VoiceKind.CONCRETE, place, mention.id, start, end)

    def proposals(self) -> Iterator[Voice[Id]]:
        """Sentences that propose something, as different from each other as can be."""
        spans = {mention.id: self._proposing(mention) for mention in self._drawn}
        for place, quote in enumerate(self._choose(self._drawn, spans, PROPOSALS), 1):
            yield _voice(VoiceKind.PROPOSAL, place, quote)

    def questions(self) -> Iterator[Voice[Id]]:
        """Sentences that ask, and pairs of statements that do not go together."""
        spans = {mention.id: self._asking(mention) for mention in self._drawn}
        for place, quote in enumerate(self._choose(self._drawn, spans, QUESTIONS), 1):
            yield _voice(VoiceKind.QUESTION, place, quote)
        stated = [
            Statement((mention.id, start, end), mention.id, mention.text[start:end], mention.language)
            for mention in self._drawn
            for start, end in self._stating(mention)
        ]
        whole = {mention.id: mention.text for mention in self._drawn}
        clean = [
            pair for pair in disputed(stated, 3 * PAIRS) if not any(_is_private(one, whole) for one in pair)
        ]
        for place, one in enumerate((one for pair in clean[:PAIRS] for one in pair), PAIRS_FROM):
            yield Voice(VoiceKind.QUESTION, place, *one.id)

    def _choose(
        self, mentions: Sequence[Mention[Id]], spans: Mapping[Id, list[Span]], n: int
    ) -> tuple[Quote[Id], ...]:
        speaking = [mention for mention in mentions if spans[mention.id]]
        return choose(
            [
                Candidate(each.id, each.text, each.position, None, each.language, tuple(spans[each.id]))
                for each in speaking
            ],
            n,
            vectors=self._matrix(speaking),
            taxonomy=self._taxonomy,
        )

    def _matrix(self, mentions: Sequence[Mention[Id]]) -> NDArray[np.float32] | None:
        if not mentions or any(mention.id not in self._vectors for mention in mentions):
            return None
        import numpy as np

        return np.stack([self._vectors[mention.id] for mention in mentions])

    def _about(self, mention: Mention[Id]) -> list[Span]:
        """A short comment whole; else its sentences about the concern, a short one with the next."""
        start, end = trimmed(mention.text, 0, len(mention.text))
        if end - start <= MAX_CHARACTERS:
            return [(start, end)] if _has_words(mention.text[start:end]) else []
        return self._stretches(mention, self._near(mention, reach=0))

    def _proposing(self, mention: Mention[Id]) -> list[Span]:
        starts = [proposal.start for proposal in find_proposals(mention.text)]
        return self._stretches(
            mention,
            [
                at
                for at in self._near(mention, reach=1)
                if any(
                    self._pieces[mention.id][at][0] <= start < self._pieces[mention.id][at][1]
                    for start in starts
                )
            ],
        )

    def _asking(self, mention: Mention[Id]) -> list[Span]:
        near = [self._pieces[mention.id][at] for at in self._near(mention, reach=1)]
        return [
            (start, end)
            for start, end in near
            if end - start <= MAX_CHARACTERS and is_whole_question(mention.text[start:end])
        ][:_STRETCHES_OF_ONE]

    def _stating(self, mention: Mention[Id]) -> list[Span]:
        near = [self._pieces[mention.id][at] for at in self._near(mention, reach=0)]
        return [
            (start, end)
            for start, end in near
            if end - start <= MAX_CHARACTERS
            and _has_words(mention.text[start:end])
            and not is_question(mention.text[start:end])
        ][:_STRETCHES_OF_ONE]

    def _facts(self) -> Iterator[tuple[tuple[int, int, int], Mention[Id], Span]]:
        """For each mention its stretch with most facts, and its rank."""
        for order, mention in enumerate(self._drawn):
            rows = [
                (-len(_kinds(facts)), -len(facts), start, end)
                for start, end in self._about(mention)
                if is_enough(facts := find_evidence(mention.text[start:end]))
            ]
            if rows:
                kinds, facts_, start, end = min(rows)
                yield (kinds, facts_, order), mention, (start, end)

    def _near(self, mention: Mention[Id], *, reach: int) -> list[int]:
        """The numbers of the sentences that hold a cue, with so many before and after them."""
        pieces = self._pieces[mention.id]
        if self._anywhere or len(pieces) == 1:
            return list(range(len(pieces)))
        held = [
            at
            for at, (start, end) in enumerate(pieces)
            if any(start <= first < end for first, _ in mention.cues)
        ]
        near = {at + step for at in held for step in range(-reach, reach + 1)}
        return sorted(near & set(range(len(pieces))))

    def _stretches(self, mention: Mention[Id], places: Iterable[int]) -> list[Span]:
        pieces, found, taken = self._pieces[mention.id], list[Span](), -1
        for at in places:
            if at <= taken:
                continue
            start, end = pieces[at]
            taken = at
            if end - start < _SHORT and at + 1 < len(pieces):  # It leans on what follows.
                end, taken = pieces[at + 1][1], at + 1
            if end - start <= MAX_CHARACTERS and _has_words(mention.text[start:end]):
                found.append((start, end))
        return found[:_STRETCHES_OF_ONE]


def _side(position: str | None) -> str | None:
    return position if position in SIDES else None


def _kinds(facts: tuple[Evidence, ...]) -> set[EvidenceKind]:
    return {fact.kind for fact in facts}


def _has_words(text: str) -> bool:
    return len(text.split()) >= MIN_WORDS


def _is_private(one: Statement[tuple[Id, int, int]], texts: Mapping[Id, str]) -> bool:
    number, start, end = one.id
    return holds_personal_data(texts[number], start, end)


def _voice(kind: VoiceKind, place: int, quote: Quote[Id]) -> Voice[Id]:
    return Voice(kind, place, quote.id, quote.start, quote.end)
