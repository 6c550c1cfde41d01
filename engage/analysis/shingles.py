"""Texts as numbers of words and as overlapping word triples, and what two texts have of each other."""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise

# Words of a text that are compared; the rest of a longer one is not.
MAX_WORDS = 5_000
_MASK = 0xFFFFFFFF
_KNOWN_WORDS = 200_000
# A text is found by so many of its triples, at most.
_ANCHORS = 48
# Triples that two misread words near each other spoil.
_MISREAD = 6


class _Words(dict[str, int]):
    """A number of 32 bits for each word, the same on every machine; kept for words that were seen lately."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        number = self[word] = zlib.crc32(word.encode("utf-8", "surrogatepass"))
        return number


_WORDS = _Words()


def numbers_of(words: Sequence[str]) -> list[int]:
    """A number for each word, up to `MAX_WORDS`."""
    return list(map(_WORDS.__getitem__, words[:MAX_WORDS]))


class Shingles:
    """The triples of a text, given as the numbers of its words, of which there must be three or more."""

    def __init__(self, words: Sequence[int]) -> None:
        self.words = words

    @cached_property
    def ordered(self) -> list[int]:
        """Every triple in the text's order.

        The hash of a tuple of whole numbers is the same in every process; that of a string is not.
        """
        words = self.words
        return list(map(hash, zip(words, words[1:], words[2:], strict=False)))

    @cached_property
    def distinct(self) -> frozenset[int]:
        """Every triple once."""
        return frozenset(self.ordered)

    def only(self, triples: AbstractSet[int]) -> Letter:
        """What it has of some triples."""
        kept = [at for at, triple in enumerate(self.ordered) if triple in triples]
        return Letter([self.ordered[at] for at in kept], [self.words[at] for at in kept])

    def anchors(self) -> list[int]:
        """Some 48 triples at most, as numbers of 32 bits, that a text with these among others has as well.

        Of a longer text every second, fourth … is taken, by the number of the triple's first word
        (FracMinHash: Irber et al., bioRxiv 2022.01.11.475838).
        """
        words = self.words
        triples: Iterator[tuple[int, int, int]] = zip(words, words[1:], words[2:], strict=False)
        mask = _mask(len(words))
        if mask:
            triples = compress(triples, [not word & mask for word in words])
        return list({triple & _MASK for triple in map(hash, triples)})


class Letter(Shingles):
    """Triples that several texts have in common, in the order of one of them, with their first words."""

    def __init__(self, ordered: list[int], first_words: list[int]) -> None:
        self.ordered = ordered
        self.words = first_words

    def anchors(self) -> list[int]:
        """As of any text."""
        mask = _mask(len(self.ordered))
        return list(
            {one & _MASK for one, word in zip(self.ordered, self.words, strict=True) if not word & mask}
        )


def _mask(count: int) -> int:
    """What the number of a triple's first word must have no bit of, so that few triples are left."""
    mask = 0
    while count > _ANCHORS:
        mask, count = 2 * mask + 1, count // 2
    return mask


def common_letter(versions: Sequence[Shingles]) -> tuple[Letter, int]:
    """What at least half of some versions, and two, have in common; and which version is nearest to it."""
    counts = Counter(triple for version in versions for triple in version.distinct)
    needed = max(2, (len(versions) + 1) // 2)
    common = {triple for triple, count in counts.items() if count >= needed}
    shared = [len(common & version.distinct) for version in versions]
    fullest = max(range(len(versions)), key=lambda at: (shared[at], -len(versions[at].ordered)))
    nearest = max(range(len(versions)), key=lambda at: 2 * shared[at] - len(versions[at].ordered))
    return versions[fullest].only(common), nearest


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts have in common, in triples: how many they share, and how many there are of each."""

    common: int
    one: int
    other: int

    @property
    def similarity(self) -> float:
        """Shared triples among all of both (Jaccard)."""
        return self.common / (self.one + self.other - self.common)


def overlap(one: Shingles, other: Shingles) -> Overlap:
    """Compare two texts."""
    return Overlap(len(one.distinct & other.distinct), len(one.distinct), len(other.distinct))


def share_in(letter: Shingles, text: Shingles) -> float:
    """How much of a letter a text has, from 0 to 1, where a misread word here and there does not count.

    Misread words leave short gaps, which are closed; a sentence that was left out or is another leaves a long
    one. So a letter that was scanned badly stays whole, and one with half of the sentences is half of it.
    """
    return _closed(letter.ordered, text.distinct, _MISREAD)


def share_of_pairs_in(letter: Shingles, text: Shingles) -> tuple[float, float]:
    """The same by pairs of words, for texts that were scanned very badly: without closing gaps, and with."""
    pairs = set(pairwise(text.words))
    ordered = list(pairwise(letter.words))
    return _closed(ordered, pairs, 0), _closed(ordered, pairs, _MISREAD - 2)


def _closed(ordered: Sequence[Hashable], has: AbstractSet[Hashable], gap_closed: int) -> float:
    there = [at for at, one in enumerate(ordered) if one in has]
    if not there:
        return 0.0
    gaps = (after - before - 1 for before, after in pairwise(there))
    return (len(there) + sum(gap for gap in gaps if gap <= gap_closed)) / len(ordered)


def ends_alike(one: Sequence[int], other: Sequence[int]) -> int:
    """How many triples two texts share at their beginning and at their end: all but one filled-in blank."""
    short = min(len(one), len(other))
    head = next((at for at in range(short) if one[at] != other[at]), short)
    tail = next((at for at in range(short - head) if one[-1 - at] != other[-1 - at]), short - head)
    return head + tail


class WordPool:
    """The words of many texts, four bytes each, by the number that a text gets when it is kept."""

    def __init__(self) -> None:
        self._all = array("I")
        self._ends = array("Q", [0])

    def keep(self, numbers: Sequence[int]) -> int:
        """Keep the numbers of a text's words; gives the text's number, counted from 0."""
        self._all.extend(numbers)
        self._ends.append(len(self._all))
        return len(self._ends) - 2

    def __getitem__(self, number: int) -> Shingles:
        return Shingles(self._all[self._ends[number] : self._ends[number + 1]].tolist())
