"""Numbers as people type them."""

from __future__ import annotations

import pytest
from flask import Flask

from engage.oversight.models import Unit
from engage.oversight.values import BadValue, Below, hundredths_of, plain, said, value_of


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("1204", Unit.PEOPLE, 120400),
        ("1,204", Unit.PEOPLE, 120400),
        (" 7 ", Unit.CASES, 700),
        ("$12.5", Unit.DOLLARS, 1250),
        ("1,234,567.89", Unit.DOLLARS, 123456789),
        ("3.25 %", Unit.PERCENT, 325),
        ("0", Unit.EVENTS, 0),
        ("2.0", Unit.EVENTS, 200),
    ],
)
def test_numbers_are_understood_as_people_write_them(typed: str, unit: Unit, value: int) -> None:
    assert hundredths_of(typed, unit) == value


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("-1", Unit.DOLLARS),
        ("1.5", Unit.PEOPLE),
        ("1.234", Unit.HOURS),
        ("1e3", Unit.HOURS),
        ("=1+1", Unit.HOURS),
        ("12,34", Unit.HOURS),
        ("nan", Unit.DAYS),
        ("١٢", Unit.DAYS),
        ("100.01", Unit.PERCENT),
        ("9999999999999", Unit.DOLLARS),
        ("", Unit.DAYS),
    ],
)
def test_what_is_no_number_of_the_unit_is_refused(app: Flask, typed: str, unit: Unit) -> None:
    with app.app_context(), pytest.raises(BadValue):
        hundredths_of(typed, unit)


@pytest.mark.parametrize(
    ("value", "text"), [(1250, "12.5"), (1205, "12.05"), (1200, "12"), (0, "0"), (None, "")]
)
def test_files_have_them_plain(value: int | None, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234500, Unit.DOLLARS, "$12,345"),
        (1250, Unit.PERCENT, "12.5%"),
        (5000, Unit.PERCENT, "50%"),
        (120400, Unit.PEOPLE, "1,204"),
    ],
)
def test_pages_have_them_as_they_are_read(app: Flask, value: int, unit: Unit, text: str) -> None:
    with app.test_request_context("/en/"):
        assert said(value, unit) == text


@pytest.mark.parametrize("typed", ["<10", "< 10", "fewer than 10", "Less than 10", "menos de 10"])
def test_a_bound_is_understood_and_comes_back_as_it_is_typed(app: Flask, typed: str) -> None:
    assert value_of(typed, Unit.PEOPLE) == Below(10)
    assert value_of(plain(Below(10)), Unit.PEOPLE) == Below(10)


@pytest.mark.parametrize(
    ("typed", "unit"), [("<5", Unit.PEOPLE), ("<", Unit.CASES), ("<10", Unit.DOLLARS), ("<1.5", Unit.EVENTS)]
)
def test_what_is_no_bound_or_tells_of_fewer_is_refused(app: Flask, typed: str, unit: Unit) -> None:
    with app.test_request_context("/en/"), pytest.raises(BadValue):
        value_of(typed, unit)
