"""What is told of the difference between two posted versions."""

from __future__ import annotations

from typing import Any

import pytest

from engage.meetings.notice_diff import Difference, What, differences

START = "2026-06-10T22:00:00+00:00"


def both(text: str) -> dict[str, str]:
    return {"en": text, "es": f"{text} (es)"}


def item(number: int, position: int, title: str = "", **more: Any) -> dict[str, Any]:
    said = {"id": number, "position": position, "title": both(title or f"Item {number}"), "summary": None}
    return said | {"files": []} | more


def file(title: str, digest: str | None = None, url: str | None = None) -> dict[str, Any]:
    return {"title": both(title), "digest": digest, "url": url}


def agenda(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"document": "agenda", "meeting": "uid", "starts_at": START, "items": list(items)} | more


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [_short(one) for one in differences(before, after)]


def _short(one: Difference) -> tuple[Any, ...]:
    return (
        one.what,
        one.title.en if one.title else None,
        one.file.en if one.file else one.name,
        one.before,
        one.after,
    )


class TestAnAgenda:
    def test_that_is_the_same_differs_in_nothing(self) -> None:
        whole = agenda(item(1, 1, files=[file("A", "aa")]), files=[file("Packet", "bb")])

        assert told(whole, whole) == []

    def test_that_gained_an_item_tells_it_with_its_documents(self) -> None:
        after = agenda(item(1, 1), item(2, 2, files=[file("A", "aa")]))

        assert told(agenda(item(1, 1)), after) == [
            (What.ITEM, "Item 2", "", None, 2),
            (What.FILE, "Item 2", "A", None, "aa"),
        ]

    def test_that_lost_an_item_does_not_call_the_others_moved(self) -> None:
        before, after = agenda(item(1, 1), item(2, 2), item(3, 3)), agenda(item(2, 1), item(3, 2))

        assert told(before, after) == [(What.ITEM, "Item 1", "", 1, None)]

    def test_in_another_order_tells_only_what_moved(self) -> None:
        before = agenda(*(item(number, number) for number in (1, 2, 3, 4)))
        after = agenda(item(4, 1), item(1, 2), item(2, 3), item(3, 4))

        assert told(before, after) == [(What.ORDER, "Item 4", "", 4, 1)]

    def test_with_other_words_tells_which_in_each_language(self) -> None:
        before = agenda(item(1, 1, summary={"en": "The old fee of ten dollars", "es": "Igual"}))
        after = agenda(item(1, 1, summary={"en": "The old fee of nine dollars", "es": "Igual"}))

        (one,) = differences(before, after)
        ((language, (change,)),) = one.texts

        assert (one.what, one.name, language) == (What.WORDS, "summary", "en")
        assert [(words.kind, words.text) for words in change.words if words.kind != "same"] == [
            ("removed", "ten"),
            ("added", "nine"),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "change"),
        [
            (file("A", "aa"), file("A", "bb"), (What.SWAPPED, "Item 1", "A", "aa", "bb")),
            (file("A", url="u:1"), file("A", url="u:2"), (What.SWAPPED, "Item 1", "A", "u:1", "u:2")),
        ],
    )
    def test_tells_that_a_document_of_the_same_name_was_exchanged(
        self, old: dict[str, Any], new: dict[str, Any], change: tuple[Any, ...]
    ) -> None:
        assert told(agenda(item(1, 1, files=[old])), agenda(item(1, 1, files=[new]))) == [change]

    def test_tells_documents_that_came_and_went_for_an_item_and_for_the_whole(self) -> None:
        before = agenda(item(1, 1, files=[file("A", "aa")]))
        after = agenda(item(1, 1, files=[file("B", "bb")]), files=[file("Packet", "cc")])

        assert told(before, after) == [
            (What.FILE, "Item 1", "A", "aa", None),
            (What.FILE, "Item 1", "B", None, "bb"),
            (What.FILE, None, "Packet", None, "cc"),
        ]

    def test_knows_an_item_that_was_written_anew_by_its_title(self) -> None:
        assert told(agenda(item(1, 1, "Budget")), agenda(item(7, 1, "Budget"))) == []

    def test_tells_an_item_that_was_marked_as_taken_off(self) -> None:
        changes = told(agenda(item(1, 1)), agenda(item(1, 1, withdrawn=True)))

        assert changes == [(What.WITHDRAWN, "Item 1", "", None, True)]

    def test_for_another_start_tells_it(self) -> None:
        changes = told(agenda(), agenda(starts_at="2026-06-11T22:00:00+00:00"))

        assert changes == [(What.FIELD, None, "starts_at", START, "2026-06-11T22:00:00+00:00")]


def test_a_notice_tells_every_field_that_changed_and_no_other() -> None:
    before = {
        "document": "notice",
        "title": both("A"),
        "address": "1 Main Street",
        "kind": "regular",
        "new": 1,
    }
    after = {"document": "notice", "title": both("B"), "address": "2 Main Street", "kind": "regular"}

    assert [one.name for one in differences(before, after)] == ["title", "address", "new"]
