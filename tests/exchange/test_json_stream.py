"""JSON of any length is read a value at a time, whatever is in it."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.exchange import json_stream
from engage.exchange.json_stream import MAX_VALUE, Malformed, Scanner, Unreadable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


class InPieces(io.StringIO):
    """A text that gives few characters at a time, so that every value crosses the edge of a buffer."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(min(3, size if size and size > 0 else 3))


class TestScanner:
    @given(st.lists(JSON, max_size=6), st.booleans(), st.sampled_from([None, 1]))
    def test_gives_the_items_of_a_list_as_json_does(
        self, values: list[Any], ascii_only: bool, indent: int | None
    ) -> None:
        text = json.dumps(values, ensure_ascii=ascii_only, indent=indent)

        assert list(Scanner(InPieces(text)).items()) == values

    @given(st.dictionaries(st.text(), JSON, max_size=5))
    def test_gives_the_keys_of_an_object_with_their_values(self, value: dict[str, Any]) -> None:
        scanner = Scanner(InPieces(json.dumps(value)))

        assert {key: scanner.value() for key in scanner.each_key()} == value

    @pytest.mark.parametrize(
        "text",
        [
            "[1",
            "[1,",
            "[1 2]",
            '["a',
            '["a\\',
            "[}",
            "[tru]",
            "[--1]",
            "[{]}]",
            "nonsense",
            '[{"a" 1}]',
            "[" + "9" * 5000 + "]",
        ],
    )
    def test_says_so_where_a_list_is_none(self, text: str) -> None:
        with pytest.raises(Malformed):
            list(Scanner(io.StringIO(text)).items())

    @pytest.mark.parametrize("text", ["{", '{"a"', '{"a":', '{"a":1', "{1:2}", '{"a":1 "b":2}'])
    def test_says_so_where_an_object_is_none(self, text: str) -> None:
        scanner = Scanner(io.StringIO(text))

        with pytest.raises(Malformed):
            assert [scanner.value() for _ in scanner.each_key()]

    def test_passes_over_a_nesting_bomb_and_goes_on(self) -> None:
        bomb = "[" * 500_000 + "]" * 500_000

        first, second = Scanner(io.StringIO(f'[{bomb}, "after"]')).items()

        assert first == Unreadable("The record is nested 500,000 levels deep, and the limit is 50.")
        assert second == "after"

    @pytest.mark.parametrize("piece", ["x", "\\\\", "\\u0041", "[]", "{"])
    def test_passes_over_a_huge_value_without_keeping_it(self, piece: str) -> None:
        huge = piece * (20_000_000 // len(piece))
        text = io.StringIO(f'["{huge}", 7]')
        started = time.process_time()
        tracemalloc.start()

        first, second = Scanner(text).items()

        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert isinstance(first, Unreadable)
        assert "too long" in first.why
        assert second == 7
        assert peak < 10 * MAX_VALUE
        assert time.process_time() - started < 60

    def test_does_not_take_endless_text_for_a_number(self) -> None:
        with pytest.raises(Malformed):
            list(Scanner(io.StringIO("[" + "1" * 10_000_000)).items())


class TestLines:
    def test_go_on_after_one_that_is_bad(self) -> None:
        text = '{"a": 1}\n\n{"a": \n{"a": 2} {"a": 3}\n' + "[" * 100 + "]" * 100 + '\n{"a": 4}'

        first, second, third, fourth, fifth = json_stream.lines(io.StringIO(text))

        assert (first, fifth) == ({"a": 1}, {"a": 4})
        assert all(isinstance(line, Unreadable) for line in (second, third, fourth))

    def test_that_are_too_long_are_passed_over(self) -> None:
        text = '"' + "x" * (3 * MAX_VALUE) + '"\n{"a": 1}\n'

        first, second = json_stream.lines(io.StringIO(text))

        assert first == Unreadable("The line is longer than 2,000,000 characters.")
        assert second == {"a": 1}

    @pytest.mark.parametrize(
        ("text", "is_lines"),
        [
            ('{"a": 1}\n{"a": 2}\n', True),
            ('\n{"a": 1}\n\n{"a": \n', True),
            ('{"a": 1}\n', False),
            ('{\n"a": 1}\n', False),
            ("[1]\n[2]\n", False),
            ("", False),
        ],
    )
    def test_are_told_from_one_json_text(self, text: str, is_lines: bool) -> None:
        assert json_stream.is_lines(io.StringIO(text)) is is_lines
