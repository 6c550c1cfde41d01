"""Codes can be read out and typed, and a typing error is told before anybody looks them up."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.comments.tracking import ALPHABET
from engage.receipts.codes import CodeKind, Mistyped, OtherKind, from_code, to_code

SECRET = bytes(range(16))


@given(st.binary(min_size=16, max_size=16))
def test_a_receipt_code_holds_all_of_its_128_bits(secret: bytes) -> None:
    assert from_code(to_code(secret, CodeKind.RECEIPT), CodeKind.RECEIPT) == secret


@pytest.mark.parametrize(("kind", "groups"), [(CodeKind.RECEIPT, 7), (CodeKind.WITHDRAWAL, 4)])
def test_a_code_is_groups_of_four_without_look_alikes(kind: CodeKind, groups: int) -> None:
    code = to_code(secrets.token_bytes(32), kind)

    assert [len(group) for group in code.split("-")] == [4] * groups
    assert set(code) <= set(ALPHABET) | {"-"}


@pytest.mark.parametrize(
    "change", [str.upper, lambda code: code.replace("-", " "), lambda code: f" {code}. "]
)
def test_capitals_spaces_and_hyphens_do_not_matter(change: object) -> None:
    code = to_code(SECRET, CodeKind.RECEIPT)

    assert from_code(change(code), CodeKind.RECEIPT) == SECRET  # type: ignore[operator]


@pytest.mark.parametrize("kind", CodeKind)
def test_every_wrong_letter_and_every_swap_is_told(kind: CodeKind) -> None:
    code = to_code(SECRET, kind).replace("-", "")
    wrong = [
        code[:at] + letter + code[at + 1 :]
        for at in range(len(code))
        for letter in ALPHABET
        if letter != code[at]
    ]
    wrong += [
        code[:one] + code[two] + code[one + 1 : two] + code[one] + code[two + 1 :]
        for one in range(len(code))
        for two in range(one + 1, len(code))
        if code[one] != code[two]
    ]
    wrong += [code[:-1], code + "2", "", "0" * len(code), "é" * len(code)]

    for typed in wrong:
        with pytest.raises(Mistyped):
            from_code(typed, kind)


@pytest.mark.parametrize("kind", CodeKind)
def test_the_other_code_of_a_receipt_is_told_as_such(kind: CodeKind) -> None:
    (other,) = set(CodeKind) - {kind}

    with pytest.raises(OtherKind):
        from_code(to_code(SECRET, other), kind)


def test_a_number_that_no_code_has_is_a_typing_error() -> None:
    largest = ALPHABET[-1] * 26
    digits = [len(ALPHABET) - 1] * 26
    checks = sum(digits) % 31, sum(place * digit for place, digit in enumerate(digits, 1)) % 31

    with pytest.raises(Mistyped):
        from_code(largest + "".join(ALPHABET[check] for check in checks), CodeKind.RECEIPT)
