"""What is probably mistyped is asked about once, and what is unusual is left alone."""

from __future__ import annotations

import pytest

from engage.follows.addresses import suggestion, usable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@gmal.com", "ana@gmail.com"),
        ("ana@gmaill.com", "ana@gmail.com"),
        ("ana@hotmial.com", "ana@hotmail.com"),
        ("ana@yaho.com", "ana@yahoo.com"),
        ("ana@outlok.com", "ana@outlook.com"),
        ("ana@yahoo.com.mxx", "ana@yahoo.com.mx"),
    ],
)
def test_a_slip_of_the_finger_is_seen(typed: str, meant: str) -> None:
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "address",
    [
        "ana@gmail.com", "ana@ymail.com", "ana@mail.com", "ana@email.com", "ana@hotmail.es", "ana@yahoo.es",
        "ana@gmx.com", "ana@proton.me", "ana@olmeda.gov", "ana@apl.com", "ana@example.org", "ana@me.com",
    ],
)  # fmt: skip
def test_an_address_that_may_well_be_right_is_not_questioned(address: str) -> None:
    assert suggestion(address) is None


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "ana@localhost", "a b@example.org", "añá@example.org", f"{'a' * 250}@example.org"],
)
def test_what_no_mail_server_takes_is_no_address(text: str) -> None:
    assert usable(text) is None


def test_an_address_has_one_spelling() -> None:
    assert usable("  Ana@Example.ORG ") == "ana@example.org"
