"""Quotes that represent: they cover more points than chance, favour no side and hold no personal data."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engage.analysis.quotes import MAX_CHARACTERS, Candidate, choose, stretches

POINTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "points.toml").read_text(encoding="utf-8")
)["point"]


def candidates_of(points: Sequence[dict[str, Any]], *, with_sides: bool = False) -> list[Candidate[Any]]:
    """Every wording of some points; the id tells the point."""
    return [
        Candidate(
            (number, at), text, position=point["side"] if with_sides else None, language=point["language"]
        )
        for number, point in enumerate(points)
        for at, text in enumerate(point["texts"])
    ]


def share_covered(ids: Sequence[tuple[int, int]], most: int) -> float:
    return len({number for number, _ in ids}) / most


LONG = (
    "I have lived here for thirty years and I have seen three sheriffs. "
    "The training for this program takes only four weeks, which is not enough for such work. "
    "My number is 212-555-0147 if you want to talk about it with me at any time of the day. "
    "Mr. Lopez said at the hearing that the county would pay for it, and nobody has told us how much. "
    "I ask you to publish the figures before the vote."
)


class TestChoose:
    def test_covers_many_more_points_than_six_drawn_at_random(self) -> None:
        chosen, drawn = [], []
        for seed in range(30):
            draw = random.Random(seed)  # noqa: S311
            candidates = candidates_of(draw.sample(POINTS, 8))
            chosen.append(share_covered([quote.id for quote in choose(candidates)], 6))
            drawn.append(share_covered([each.id for each in draw.sample(candidates, 6)], 6))

        assert np.mean(chosen) > np.mean(drawn) + 0.1
        assert np.mean(chosen) >= 0.88

    def test_gives_both_sides_as_many_quotes_however_few_one_of_them_is(self) -> None:
        points = [point for point in POINTS if point["side"] == "oppose"][:9]
        few = [point for point in POINTS if point["side"] == "support"][:1]

        quotes = choose(candidates_of([*points, *few], with_sides=True))

        assert [quote.position for quote in quotes].count("support") == 3
        assert [quote.position for quote in quotes].count("oppose") == 3

    def test_a_side_with_less_gets_all_that_it_has_and_the_others_the_rest(self) -> None:
        oppose = candidates_of([point for point in POINTS if point["side"] == "oppose"][:4], with_sides=True)
        alone = Candidate((99, 0), "I want the jail to check everybody who is booked.", position="support")

        quotes = choose([*oppose, alone])

        assert len(quotes) == 6
        assert [quote.position for quote in quotes].count("support") == 1

    def test_exchanging_the_sides_exchanges_nothing_else(self) -> None:
        candidates = candidates_of(POINTS[:4] + POINTS[16:20], with_sides=True)
        other = {"support": "oppose", "oppose": "support"}
        swapped = [
            Candidate(each.id, each.text, other[each.position or ""], language=each.language)
            for each in candidates
        ]

        assert [q.id for q in choose(swapped)] == [q.id for q in choose(candidates)]

    def test_takes_no_two_of_one_campaign_nor_of_one_text(self) -> None:
        letters = [
            Candidate(number, f"Stop this agreement now, it harms us all {number}", campaign="c-1")
            for number in range(20)
        ]
        same = [Candidate(100 + number, "Please keep our county out of this, please!") for number in range(9)]

        assert len(choose([*letters, *same])) == 2

    def test_a_campaign_on_both_sides_is_quoted_once(self) -> None:
        letters = [
            Candidate(number, f"A letter that both sides have sent {number}", side, "c-1")
            for number, side in enumerate(["support", "oppose"])
        ]

        assert len(choose(letters)) == 1

    def test_quotes_nothing_that_holds_personal_data(self) -> None:
        quotes = choose(
            [
                Candidate("long", LONG, language="en"),
                Candidate("mail", "Write to me at ana.ruiz@example.org about this agreement, please."),
            ],
            n=6,
        )

        assert [quote.id for quote in quotes] == ["long"]
        assert "555" not in quotes[0].text

    def test_keeps_where_a_quote_stands_and_its_language(self) -> None:
        (quote,) = choose([Candidate("long", LONG, "oppose", language="en")])

        assert LONG[quote.start : quote.end] == quote.text
        assert quote.text.endswith(".")
        assert len(quote.text) <= MAX_CHARACTERS
        assert (quote.position, quote.language) == ("oppose", "en")

    def test_does_not_depend_on_the_order_of_the_comments(self) -> None:
        candidates = candidates_of(POINTS, with_sides=True)
        shuffled = random.Random(3).sample(candidates, len(candidates))  # noqa: S311

        assert choose(shuffled) == choose(candidates)

    def test_compares_by_meaning_where_vectors_are_given(self) -> None:
        """Six points in words that have nothing in common: only the vectors tell which say the same."""
        words = iter("abcdefghijklmnopqrstuvwxyz" * 8)
        texts = [" ".join(letter * 5 + next(words) for letter in "bcdfg") for _ in range(30)]
        vectors = np.eye(6, dtype="float32")[[number % 6 for number in range(30)]]

        quotes = choose([Candidate(number, text) for number, text in enumerate(texts)], vectors=vectors)

        assert {quote.id % 6 for quote in quotes} == set(range(6))

    @pytest.mark.parametrize("n", [0, 6])
    def test_of_nothing_that_can_be_quoted_there_is_no_quote(self, n: int) -> None:
        assert choose([Candidate(1, ""), Candidate(2, "No."), Candidate(3, "x" * 5000)], n) == ()

    def test_many_comments_cost_no_more_memory_than_a_sample_of_them(self) -> None:
        many = [
            Candidate(number, f"Word{number % 977} and word{number % 89} make this text number {number}")
            for number in range(20_000)
        ]

        assert len(choose(many)) == 6


class TestStretches:
    def test_of_a_short_text_is_the_whole(self) -> None:
        assert stretches("  Keep our families together, please. Thank you! \n") == [(2, 48)]

    def test_of_a_long_text_are_sentences_whole_and_short_enough_to_read(self) -> None:
        found = [LONG[start:end] for start, end in stretches(LONG)]

        assert found[0].startswith("I have lived here")
        assert all(text.endswith(".") and len(text) <= MAX_CHARACTERS for text in found)
        assert any(text.startswith("Mr. Lopez") for text in found)
