"""Nearly identical texts, grouped as they arrive."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import pytest

from engage.analysis import CampaignIndex
from engage.analysis.fingerprint import normalise

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "regsgov_dedup_USDA-2020-0009-0001.csv"
LETTER = (
    "I urge the commissioners to think again about this agreement, because our deputies have enough to do "
    "and the county should spend its money on schools, roads and parks instead of the work of others."
)
OTHER_LETTER = (
    "Please keep working with our federal partners: a check of fingerprints in the jail takes minutes, costs "
    "little, and tells the sheriff who has been arrested before he lets anybody go home again."
)


def test_a_letter_with_a_name_and_a_line_of_ones_own_joins_its_campaign() -> None:
    index: CampaignIndex[str] = CampaignIndex()
    for number, text in enumerate(
        [LETTER, OTHER_LETTER, f"{LETTER} Rosa Díaz", f"As a nurse I say: {LETTER}", LETTER.upper()]
    ):
        index.add(f"c{number}", text)

    (group,) = index.groups()

    assert group.members == ("c0", "c2", "c3", "c4")
    assert group.representative == "c0"


def test_a_letter_inside_pages_of_ones_own_is_still_of_its_campaign() -> None:
    index: CampaignIndex[int] = CampaignIndex()
    own = " ".join(f"In {1990 + year} my family came to year {year} of its long story." for year in range(6))
    index.add(1, LETTER)

    assert index.add(2, f"{own} {LETTER}") is not None


def test_texts_of_their_own_and_a_few_words_belong_to_none() -> None:
    index: CampaignIndex[int] = CampaignIndex()
    texts = [LETTER, OTHER_LETTER, "Vote no", "Vote no", "", "   "]

    joined = [index.add(number, text) for number, text in enumerate(texts)]

    assert joined == [None] * 6
    assert index.groups() == ()


def test_the_second_text_of_a_campaign_is_told_its_id_and_the_id_stays() -> None:
    index: CampaignIndex[int] = CampaignIndex()

    first, second = index.add(1, LETTER), index.add(2, LETTER)
    (before,) = index.groups()
    third = index.add(3, LETTER + " Thanks.")
    (after,) = index.groups()

    assert first is None
    assert second == third == before.id == after.id


def test_the_same_texts_give_the_same_groups_and_ids() -> None:
    def groups() -> object:
        index: CampaignIndex[int] = CampaignIndex()
        for number in range(40):
            index.add(number, (LETTER if number % 3 else OTHER_LETTER) + f" Sent by number {number}.")
        return index.groups()

    assert groups() == groups()


def test_a_campaign_of_any_size_keeps_one_signature() -> None:
    index: CampaignIndex[int] = CampaignIndex()
    for number in range(500):
        index.add(number, LETTER)

    assert len(index.groups()[0].members) == 500
    assert len(index._signatures) == 1


LETTERS = ("Dear Secretary Sonny", "I strongly oppose the USDA", "I write in strong opposition")


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = normalise(text).split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


@pytest.mark.shared
def test_campaigns_of_a_real_docket_are_the_letters_that_it_was_written_with() -> None:
    """A text is of a letter if it has six tenths of that letter's word triples, counted exactly."""
    csv.field_size_limit(sys.maxsize)
    with SHARED.open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    letters = {
        start: _shingles(Counter(text for text in texts if text.startswith(start)).most_common(1)[0][0])
        for start in LETTERS
    }
    index: CampaignIndex[int] = CampaignIndex()
    for number, text in enumerate(texts):
        index.add(number, text)
    ours = {member: group.id for group in index.groups() for member in group.members}

    def letter_of(text: str) -> str | None:
        shares = {start: len(_shingles(text) & letter) / len(letter) for start, letter in letters.items()}
        best = max(shares, key=shares.__getitem__)
        return best if shares[best] >= 0.6 else None

    def pairs(counts: Counter[object]) -> int:
        return sum(count * (count - 1) // 2 for count in counts.values())

    truth = [letter_of(text) or number for number, text in enumerate(texts)]
    together = pairs(Counter((truth[number], group) for number, group in ours.items()))
    assert together / pairs(Counter(ours.values())) >= 0.999
    assert together / pairs(Counter(truth)) >= 0.99
