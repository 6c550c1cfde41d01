"""Campaigns: texts that are nearly the same, grouped as they arrive.

A new text is compared with one representative of each campaign only (MinHash signatures of word shingles,
found through locality-sensitive hashing by the package rensa), so that a campaign of any size costs the same
for each text.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rensa import RMinHash, RMinHashLSH

from engage.analysis.fingerprint import fingerprint, normalise

Id = TypeVar("Id", bound=Hashable)

# People write a few words alike without knowing of each other: shorter texts belong to no campaign.
MIN_WORDS = 5
# Share of shingles that two texts must have in common, estimated, to be versions of one text; or the share of
# the shorter one that the longer must contain, where the shorter has enough of them: a letter with pages of
# one's own.
SIMILARITY = 0.6
CONTAINMENT = 0.7
_CONTAINED_SHINGLES = 25
# Longer texts are compared up to here.
MAX_CAMPAIGN_CHARACTERS = 100_000
_SHINGLE = 3
# 42 bands of 3 find texts that have three shingles in ten in common, which a contained letter may.
_PERMUTATIONS = 126
_BANDS = 42
_SEED = 287


@dataclass(frozen=True, slots=True)
class CampaignGroup(Generic[Id]):
    """Two or more nearly identical texts in the order of arrival; ``representative`` is the first."""

    id: str
    representative: Id
    members: tuple[Id, ...]


class CampaignIndex(Generic[Id]):
    """Groups texts by campaign, one at a time; equal texts in equal order give equal groups and ids."""

    def __init__(self) -> None:
        self._near = RMinHashLSH(threshold=SIMILARITY / 2, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._signatures: list[RMinHash] = []
        self._sizes: list[int] = []
        self._fingerprints: list[str] = []
        self._members: list[list[Id]] = []
        self._known: dict[bytes, int] = {}

    def add(self, member: Id, text: str) -> str | None:
        """Add a text; returns the id of the campaign that it joins, None while it stands alone."""
        words = normalise(text[:MAX_CAMPAIGN_CHARACTERS]).split()
        if len(words) < MIN_WORDS:
            return None
        print_ = fingerprint(text)
        key = bytes.fromhex(print_[:32])
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self._place(print_, words)
        self._members[number].append(member)
        return self._id(number) if len(self._members[number]) > 1 else None

    def groups(self) -> tuple[CampaignGroup[Id], ...]:
        """Every campaign, in the order of their first texts; texts of their own are in none."""
        return tuple(
            CampaignGroup(self._id(number), members[0], tuple(members))
            for number, members in enumerate(self._members)
            if len(members) > 1
        )

    def _id(self, number: int) -> str:
        return f"c-{self._fingerprints[number][:12]}"

    def _place(self, print_: str, words: list[str]) -> int:
        """The number of the campaign that a new text is nearest to, a new one where it is near to none."""
        shingles = {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
        signature = RMinHash(_PERMUTATIONS, _SEED)
        signature.update(sorted(shingles))
        candidates: list[int] = self._near.query(signature)
        near = [(-self._signatures[number].jaccard(signature), number) for number in candidates]
        for distance, number in sorted(near):
            if _is_version(-distance, len(shingles), self._sizes[number]):
                return number
        new = len(self._signatures)
        self._signatures.append(signature)
        self._sizes.append(len(shingles))
        self._fingerprints.append(print_)
        self._members.append([])
        self._near.insert(new, signature)
        return new


def _is_version(similarity: float, one: int, other: int) -> bool:
    """Whether two texts of so many shingles are versions of one, by their estimated Jaccard similarity."""
    if similarity >= SIMILARITY:
        return True
    shorter = min(one, other)
    common = similarity * (one + other) / (1 + similarity)
    return shorter >= _CONTAINED_SHINGLES and common >= CONTAINMENT * shorter
