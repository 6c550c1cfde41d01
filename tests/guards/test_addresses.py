"""No page hides another one: what stands in an address may not be what somebody chose as a part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.routing.converters import AnyConverter

from engage.comments.tracking import tidy_tracking_number
from engage.dockets.slugs import RESERVED, SLUG, BadSlug, checked_slug
from engage.survey.definition import NAME

Part = str | tuple[str, str, str]
"""A part of an address between slashes: its text, or what stands before a variable, its name, and after."""


def is_a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def may_be_chosen(text: str) -> bool:
    return bool(SLUG.fullmatch(text)) and text not in RESERVED


CAN_BE: dict[str, Callable[[str], bool]] = {
    "slug": may_be_chosen,
    "document_slug": may_be_chosen,
    "indicator_slug": may_be_chosen,
    "tracking_number": lambda text: tidy_tracking_number(text) == text,
    "first_on": is_a_day,
    "name": lambda text: bool(NAME.fullmatch(text)),
}
"""What a variable of an address can be. One that is not listed can be anything."""


def parts_of(rule: Rule) -> list[Part]:
    return [_part(text) for text in rule.rule.strip("/").split("/")]


def _part(text: str) -> Part:
    before, opened, rest = text.partition("<")
    variable, _closed, after = rest.partition(">")
    return (before, variable.rpartition(":")[2], after) if opened else text


def taken_by(rule: Rule, part: tuple[str, str, str], text: str) -> str | None:
    """What the variable of a part is where the part is this text; None where it cannot be."""
    before, name, after = part
    if not (text.startswith(before) and text.endswith(after) and len(text) > len(before + after)):
        return None
    value = text[len(before) : len(text) - len(after)]
    if isinstance(rule._converters[name], IntegerConverter | AnyConverter):
        # The numbers and the languages of the site's own addresses are nobody's choice.
        return None
    return value


def words_beside(rule: Rule, other: Rule) -> dict[str, str] | None:
    """The variables of a rule with the words of another one in their place; None where they never meet."""
    own, others = parts_of(rule), parts_of(other)
    if len(own) != len(others):
        return None
    found: dict[str, str] = {}
    for mine, theirs in zip(own, others, strict=True):
        if not can_be_the_same(rule, mine, other, theirs):
            return None
        if isinstance(theirs, str) and not isinstance(mine, str):
            found[mine[1]] = str(taken_by(rule, mine, theirs))
    return found


def can_be_the_same(rule: Rule, mine: Part, other: Rule, theirs: Part) -> bool:
    if isinstance(mine, str):
        return mine == theirs if isinstance(theirs, str) else taken_by(other, theirs, mine) is not None
    if isinstance(theirs, str):
        return taken_by(rule, mine, theirs) is not None
    return mine[2].endswith(theirs[2]) or theirs[2].endswith(mine[2])


def meetings(app: Flask) -> Iterator[tuple[Rule, Rule, dict[str, str]]]:
    """Every two rules of which one has a word where the other one has a variable."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static")]
    for rule in rules:
        for other in rules:
            if rule is not other and (words := words_beside(rule, other)):
                yield rule, other, words


def address_of(rule: Rule, words: dict[str, str]) -> str:
    """An address of a rule with these words for its variables."""
    found = ""
    for part in parts_of(rule):
        if isinstance(part, str):
            found += f"/{part}"
        else:
            before, name, after = part
            number = "7" if isinstance(rule._converters[name], IntegerConverter) else "nothing"
            found += f"/{before}{words.get(name, 'en' if name == 'language' else number)}{after}"
    return found


def hidden(app: Flask) -> list[str]:
    """The pages that somebody could never open, and the pages that would open instead."""
    adapter = app.url_map.bind("localhost")
    found = set()
    for rule, other, words in meetings(app):
        if all(CAN_BE.get(name, bool)(word) for name, word in words.items()):
            url = address_of(rule, words)
            for method in (rule.methods or set()) & (other.methods or set()) - {"HEAD", "OPTIONS"}:
                opened, _values = adapter.match(url, method=method, return_rule=True)
                if opened is not rule:
                    found.add(f"{url} is of {rule.rule} and opens {opened.rule}")
    return sorted(found)


def test_no_page_hides_another(app: Flask) -> None:
    assert hidden(app) == []


def test_the_guard_finds_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.guards.test_addresses.RESERVED", RESERVED - {"schema", "attending"})

    assert {line.split()[0] for line in hidden(app)} >= {
        "/en/reports/schema.json",
        "/en/meetings/attending/minutes",
    }


def test_every_reserved_word_stands_in_an_address(app: Flask) -> None:
    found = {
        word
        for _rule, _other, words in meetings(app)
        for name, word in words.items()
        if CAN_BE.get(name) is may_be_chosen
    }

    assert sorted(RESERVED - found) == []


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_is_no_slug(word: str) -> None:
    with pytest.raises(BadSlug):
        checked_slug(word)
    assert checked_slug(f"{word}-2027") == f"{word}-2027"
