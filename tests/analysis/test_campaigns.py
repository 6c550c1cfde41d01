"""Nearly identical texts, grouped as they arrive."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import pytest

from engage.analysis import CampaignIndex
from engage.analysis.additions import additions
from engage.analysis.anchors import Anchors
from engage.analysis.fingerprint import normalise
from engage.evaluation.campaign_sets import campaign_set
from engage.evaluation.pairs import pair_scores

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


def test_a_campaign_of_any_size_keeps_one_text() -> None:
    index: CampaignIndex[int] = CampaignIndex()
    for number in range(500):
        index.add(number, f"{LETTER} Yours, number {number}")

    assert len(index.groups()[0].members) == 500
    assert len(index._pool._ends) == 2


def test_what_one_person_added_is_no_part_of_the_letter() -> None:
    """The first to arrive has as much of their own as of the letter; the others have only the letter."""
    index: CampaignIndex[str] = CampaignIndex()
    own = "My two sons drive past the jail each morning and have asked me what will happen to their friends. "
    others = "We moved here for the quiet, for the river, and for a sheriff who knew all of us by our names. "
    for name, text in {
        "a": own * 2 + LETTER,
        "b": others * 2 + LETTER,
        "c": LETTER,
        "d": f"{LETTER} R. Díaz",
    }.items():
        index.add(name, text)

    (group,) = index.groups()

    assert group.members == ("a", "b", "c", "d")
    assert group.exemplar == "c"


def test_two_letters_with_half_of_their_sentences_in_common_are_two_campaigns() -> None:
    half = (
        "When people fear the deputies they stop reporting crimes, and everybody in the county is less safe. "
    )
    index: CampaignIndex[int] = CampaignIndex()
    letters = (
        half + OTHER_LETTER[:110],
        "The money is needed for schools and roads and for the night shift here. " + half,
    )
    for number in range(20):
        index.add(number, letters[number % 2] + f" Sent by number {number}.")

    assert [len(group.members) for group in index.groups()] == [10, 10]


def test_a_letter_that_was_scanned_badly_is_still_of_its_campaign() -> None:
    index: CampaignIndex[int] = CampaignIndex()
    index.add(1, LETTER)
    index.add(2, LETTER + " Thanks.")

    assert index.add(
        3,
        LETTER.replace("because", "becausc").replace("money on", "rnoney 0n").replace("to think", "fo think"),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_campaigns_made_to_be_hard_are_found_nearly_without_error(seed: int) -> None:
    comments = campaign_set(sizes=(300, 60, 60, 2, 5, 40, 40), unrelated=200, seed=seed)
    index: CampaignIndex[int] = CampaignIndex()
    for number, comment in enumerate(comments):
        index.add(number, comment.text)
    ours = {member: group.id for group in index.groups() for member in group.members}

    scores = pair_scores([one.campaign for one in comments], [ours.get(at) for at in range(len(comments))])

    assert scores.precision >= 0.999
    assert scores.recall >= 0.995


def test_the_order_of_arrival_hardly_matters() -> None:
    comments = campaign_set(sizes=(100, 30, 30, 5), unrelated=50, seed=3)

    def grouping(order: list[int]) -> dict[int, str]:
        index: CampaignIndex[int] = CampaignIndex()
        for number in order:
            index.add(number, comments[number].text)
        return {member: group.id for group in index.groups() for member in group.members}

    one, other = grouping(list(range(len(comments)))), grouping(list(reversed(range(len(comments)))))
    scores = pair_scores(
        [one.get(at) for at in range(len(comments))], [other.get(at) for at in range(len(comments))]
    )

    assert min(scores.precision, scores.recall) >= 0.99


def test_many_texts_are_found_by_their_anchors_when_they_no_longer_fit_in_the_dictionary() -> None:
    anchors = Anchors(latest=50)
    for text in range(100):
        anchors.add([text * 7, text * 7 + 1, 1_000_000], text)

    assert anchors.find([21, 22]) == {3: 2}
    assert 0 in anchors.find([1_000_000])
    assert len(anchors._sorted) < 5


class TestAdditions:
    def test_are_what_the_letter_does_not_have(self) -> None:
        own = "My brother was held over a weekend because of a misspelled name."
        before, after = LETTER.split(" because ")
        text = f"Dear commissioners,\n\n{before} {own} because {after}\n\nRosa Díaz"

        (span,) = additions(text, LETTER)

        assert text[slice(*span)] == own.rstrip(".")

    def test_names_towns_and_misread_words_are_none(self) -> None:
        assert (
            additions(
                LETTER.replace("county", "c0unty").replace("spend", "spcnd") + " Rosa Díaz, Juniper", LETTER
            )
            == ()
        )

    def test_a_greeting_is_none_however_long(self) -> None:
        assert additions(f"Dear Sheriff and members of the county board,\n{LETTER}", LETTER) == ()

    def test_spans_count_characters_of_the_text_as_given(self) -> None:
        own = "Señoras y señores: mi niña no durmió anoche por miedo"
        text = f"{LETTER}\n{own}"

        assert [text[start:end] for start, end in additions(text, LETTER)] == [own]


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
