"""Campaigns: texts that are versions of one letter, grouped as they arrive.

A new text is compared with one letter for each campaign, never with its members, so that a campaign of any
size costs the same for each text: the letters that share a sample of its word triples (bottom-k MinHash:
Broder 1997) are looked up, then compared by all their triples. The letter of a campaign is what at least half
of its first versions have in common, so that what one person added or misspelled is no part of it.

The rule: a text belongs to the campaign of a letter where it has two thirds of the letter,
whatever else it says; or where it is nearly all letter. Two letters of one organisation that share half of
their sentences are two campaigns; a text with both in it belongs to the one of which it has more. Texts under
`MIN_WORDS` belong to none: people write a few words alike without knowing of each other.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from engage.analysis.anchors import Anchors
from engage.analysis.fingerprint import normalise
from engage.analysis.shingles import (
    Overlap,
    Shingles,
    WordPool,
    common_letter,
    ends_alike,
    numbers_of,
    overlap,
    share_in,
    share_of_pairs_in,
)

Id = TypeVar("Id", bound=Hashable)
Key = TypeVar("Key", int, tuple[Any, ...])

MIN_WORDS = 8
# Shared triples among all of two texts that make them versions of one.
SIMILARITY = 0.6
# Share of a letter that a text must have, misread words aside; more where it is one text that nobody else has
# sent yet. Of its triples and of its word pairs it must have so many as they stand.
SHARE = 0.65
_SHARE_OF_ONE = 0.8
_TRIPLES = 0.45
_TRIPLES_OF_ONE = 0.6
_TRIPLES_LEAST = 0.25
_PAIRS = 0.5
_SHARE_BY_PAIRS = 0.66
# Share of a text that must be of the letter where it has less of the letter than that.
_OWN = 0.85
# Fewer triples could be a turn of phrase: in one text, and in a letter that several have sent; of less than a
# long letter, much of the text must be.
_CONTAINED = 25
_CONTAINED_LETTER = 12
_LONG_LETTER = 40
_OF_TEXT = 0.25
# A form with one blank: what stands before and after it, of the longer of two.
_AROUND_BLANK = 0.65
_AROUND_BLANK_LEAST = 7
# Anchors that a letter must share to be compared: one in so many, at most so many.
_EVERY = 8
_SHARED = 3
_COMPARED = 4
# Versions of which a letter is made, and after how many it is made anew.
VERSIONS = 12
REMADE_AFTER = (2, 3, 4, 6, 8, 12)


@dataclass(frozen=True, slots=True)
class CampaignGroup(Generic[Id]):
    """Two or more versions of one letter in the order of arrival.

    ``representative`` is the first; ``exemplar`` shows the letter best: the text sent most often, or the one
    nearest to what all have in common.
    """

    id: str
    representative: Id
    members: tuple[Id, ...]
    exemplar: Id


@dataclass(slots=True)
class _Letter:
    """What the versions of a campaign have in common, and some of the versions."""

    shingles: Shingles
    versions: list[tuple[int, Shingles]] = field(default_factory=list)
    exemplar: int = 0


class CampaignIndex(Generic[Id]):
    """Groups texts by campaign, one at a time; equal texts in equal order give equal groups and ids.

    In another order the groups are the same unless texts stand at the very edge of the rule; ids and
    representatives follow the order, for they are those of the first text.
    """

    def __init__(self) -> None:
        self._pool = WordPool()
        self._by_letter = Anchors()
        self._by_text = Anchors()
        self._letters: dict[int, _Letter] = {}
        # By number of a distinct text: the campaign (its first text's number), copies, first member, place in
        # the pool, beginning of the fingerprint.
        self._campaign = array("i")
        self._copies = array("i")
        self._first: list[Id] = []
        self._kept = array("i")
        self._prints = array("Q")
        self._known: dict[bytes, int] = {}
        # By campaign of two or more: members. By member: text.
        self._sizes: dict[int, int] = {}
        self._members: list[Id] = []
        self._texts = array("i")

    def add(self, member: Id, text: str) -> str | None:
        """Add a text; returns the id of the campaign that it joins, None while it stands alone.

        The id stays as long as nothing arrives that shows two campaigns to be one: then it is the elder's.
        """
        normal = normalise(text)
        if normal.count(" ") < MIN_WORDS - 1:
            return None
        key = hashlib.sha256(normal.encode("utf-8", "surrogatepass")).digest()[:16]
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self._new(member, key)
            self._place(number, numbers_of(normal.split()))
        else:
            self._copy(number)
        self._members.append(member)
        self._texts.append(number)
        campaign = self._campaign_of(number)
        return self._id(campaign) if campaign in self._sizes else None

    def __len__(self) -> int:
        """How many texts there are that may belong to a campaign."""
        return len(self._members)

    def groups(self) -> tuple[CampaignGroup[Id], ...]:
        """Every campaign, in the order of their first texts; texts of their own are in none."""
        members: dict[int, list[Id]] = {}
        for member, number in zip(self._members, self._texts, strict=True):
            campaign = self._campaign_of(number)
            if campaign in self._sizes:
                members.setdefault(campaign, []).append(member)
        return tuple(
            CampaignGroup(self._id(campaign), ids[0], tuple(ids), self._exemplar(campaign))
            for campaign, ids in sorted(members.items())
        )

    def _id(self, campaign: int) -> str:
        return f"c-{self._prints[campaign]:012x}"

    def _campaign_of(self, number: int) -> int:
        campaign = self._campaign
        while campaign[number] != number:
            campaign[number] = campaign[campaign[number]]
            number = campaign[number]
        return number

    def _exemplar(self, campaign: int) -> Id:
        letter = self._letters.get(campaign)
        return self._first[letter.exemplar if letter else campaign]

    def _new(self, member: Id, key: bytes) -> int:
        number = len(self._first)
        self._first.append(member)
        self._campaign.append(number)
        self._copies.append(1)
        self._kept.append(-1)
        self._prints.append(int.from_bytes(key[:6], "big"))
        return number

    def _copy(self, number: int) -> None:
        """Count one more copy of a known text."""
        campaign = self._campaign_of(number)
        self._copies[number] += 1
        self._sizes[campaign] = self._sizes.get(campaign, 1) + 1
        letter = self._letters.get(campaign)
        if letter and self._copies[number] > self._copies[letter.exemplar]:
            letter.exemplar = number

    def _place(self, number: int, words: list[int]) -> None:
        """Let a new text join the campaign whose letter it has most of; keep it where there is none."""
        own = Shingles(words)
        anchors = own.anchors()
        matches = sorted(self._matches(own, self._candidates(self._by_letter, anchors)), reverse=True)
        if not matches:
            matches = sorted(self._matches(own, self._candidates(self._by_text, anchors)), reverse=True)
        if not matches:
            self._kept[number] = self._pool.keep(words)
            self._by_text.add(anchors, number)
            return
        campaign, *others = (-match[-1] for match in matches)
        letter = self._letters.get(campaign)
        if letter is None:
            single = self._single(campaign)
            letter = self._letters[campaign] = _Letter(single, [(campaign, single)], campaign)
        self._campaign[number] = campaign
        self._sizes[campaign] = self._sizes.get(campaign, 1) + 1
        if len(letter.versions) < VERSIONS:
            letter.versions.append((number, own))
            if len(letter.versions) in REMADE_AFTER:
                others += self._remake(campaign, letter)
        for other in others:
            if self._campaign_of(other) != campaign and self._is_same(letter, self._campaign_of(other)):
                campaign = self._unite(campaign, self._campaign_of(other))

    def _matches(self, own: Shingles, campaigns: list[int]) -> Iterator[tuple[int, int, int]]:
        """Those that a text is of: triples that it has of the letter, minus its others, minus the number."""
        for campaign in campaigns:
            letter = self._letters.get(campaign)
            theirs = letter.shingles if letter else self._single(campaign)
            both = overlap(theirs, own)
            if (has_letter if letter else are_versions)(theirs, own, both):
                yield both.common, both.common - both.one, -campaign

    def _candidates(self, index: Anchors, anchors: list[int], *, all_: bool = False) -> list[int]:
        """The campaigns with most of the anchors, or all that have enough; the elder first among equals."""
        least = least_shared(len(anchors))
        most: dict[int, int] = {}
        for text, shared in index.find(anchors).items():
            if shared >= least:
                campaign = self._campaign_of(text)
                most[campaign] = max(shared, most.get(campaign, 0))
        return sorted(most) if all_ else nearest(most)

    def _single(self, number: int) -> Shingles:
        return self._pool[self._kept[number]]

    def _remake(self, campaign: int, letter: _Letter) -> list[int]:
        """Make a campaign's letter anew from its versions; gives the campaigns that may be the same."""
        letter.shingles, nearest = common_letter([version for _, version in letter.versions])
        if self._copies[letter.exemplar] == 1:
            letter.exemplar = letter.versions[nearest][0]
        anchors = letter.shingles.anchors()
        self._by_letter.add(anchors, campaign)
        return [
            *self._candidates(self._by_letter, anchors, all_=True),
            *self._candidates(self._by_text, anchors, all_=True),
        ]

    def _is_same(self, letter: _Letter, other: int) -> bool:
        theirs = self._letters.get(other)
        if theirs is None:
            single = self._single(other)
            return has_letter(letter.shingles, single, overlap(letter.shingles, single))
        return are_versions(letter.shingles, theirs.shingles, overlap(letter.shingles, theirs.shingles))

    def _unite(self, one: int, other: int) -> int:
        """Make one campaign of two; gives its number, the elder's."""
        elder, younger = min(one, other), max(one, other)
        letters = [self._letters.pop(campaign) for campaign in (one, other) if campaign in self._letters]
        letter = max(letters, key=lambda letter: len(letter.versions))
        letter.exemplar = max((made.exemplar for made in letters), key=lambda number: self._copies[number])
        self._letters[elder] = letter
        self._sizes[elder] = self._sizes.get(elder, 1) + self._sizes.pop(younger, 1)
        self._campaign[younger] = elder
        return elder


def least_shared(anchors: int) -> int:
    """How many of a text's anchors a letter must have, to be compared with it at all."""
    return min(_SHARED, max(1, anchors // _EVERY))


def nearest(shared: Mapping[Key, int]) -> list[Key]:
    """The few that share most anchors with a text: those to compare; the lower key first among equals."""
    best = sorted(shared, key=lambda key: (-shared[key], key))[:_COMPARED]
    return [key for key in best if 2 * shared[key] >= shared[best[0]]]


def has_letter(letter: Shingles, text: Shingles, both: Overlap) -> bool:
    """Whether a text is a version of a letter that several people have sent."""
    if both.similarity >= SIMILARITY:
        return True
    if both.one >= _CONTAINED_LETTER and _contains(text, letter, both.common, _TRIPLES, SHARE):
        return True
    if both.one >= _CONTAINED and _contains_misread(text, letter, both.common):
        return True
    return both.other >= _CONTAINED and both.common >= _OWN * both.other


def are_versions(one: Shingles, other: Shingles, both: Overlap) -> bool:
    """Whether two texts, of neither of which more is known, are versions of one letter."""
    if both.similarity >= SIMILARITY:
        return True
    short, long = (one, other) if both.one <= both.other else (other, one)
    if len(short.distinct) >= _CONTAINED:
        return _contains(long, short, both.common, _TRIPLES_OF_ONE, _SHARE_OF_ONE)
    around = ends_alike(one.ordered, other.ordered)
    return around >= _AROUND_BLANK_LEAST and around >= _AROUND_BLANK * len(long.ordered)


def _contains(text: Shingles, letter: Shingles, common: int, triples: float, share: float) -> bool:
    """Whether a letter stands in a text, with whatever else."""
    of = len(letter.distinct)
    if of < _LONG_LETTER and of < _OF_TEXT * len(text.distinct):
        return False
    return common >= triples * of and share_in(letter, text) >= share


def _contains_misread(text: Shingles, letter: Shingles, common: int) -> bool:
    """Whether a letter stands in a text that was scanned very badly."""
    if common < _TRIPLES_LEAST * len(letter.distinct):
        return False
    pairs, closed = share_of_pairs_in(letter, text)
    return pairs >= _PAIRS and closed >= _SHARE_BY_PAIRS
