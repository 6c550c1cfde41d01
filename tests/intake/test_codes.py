"""Codes of batches: said over a telephone, typed by somebody in a hurry, and never stored."""

from __future__ import annotations

import pytest

from engage.intake.codes import digest_of, new_code, tidy_code

CODE = "fobo-nodi-tide-mute-teka"


def test_a_code_is_five_words_that_can_be_said_and_no_two_are_alike() -> None:
    codes = [new_code() for _ in range(200)]

    assert len(set(codes)) == 200
    assert all([len(word) for word in code.split("-")] == [4] * 5 for code in codes)
    assert all(tidy_code(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.upper(),
        CODE.replace("-", " "),
        CODE.replace("-", ""),
        f"  {CODE.replace('-', '. ')}\n",
        CODE.replace("a", "á").replace("o", "ó"),
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    assert tidy_code(typed) == CODE


def test_one_wrong_or_missing_syllable_is_noticed() -> None:
    letters = CODE.replace("-", "")
    for place in range(0, 20, 2):
        for other in ("ba", "do", "ti"):
            if letters[place : place + 2] != other:
                assert tidy_code(letters[:place] + other + letters[place + 2 :]) is None
        assert tidy_code(letters[:place] + letters[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "-", "xyzzy", "ñ" * 20, "ba" * 9, "ba" * 11, "٣" * 20, CODE + "a"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert tidy_code(typed) is None


def test_only_the_key_of_the_site_makes_the_digest() -> None:
    assert digest_of(CODE, "one key" * 9) != digest_of(CODE, "another" * 9)
    assert CODE not in digest_of(CODE, "one key" * 9)
