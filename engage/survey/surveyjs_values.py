"""The values of a SurveyJS object as this site writes them: names, texts by language, numbers as texts."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from engage.db.types import Localised
from engage.survey.definition import Choice

Json = Mapping[str, Any]

_TAG = re.compile(r"<[^<>]*>")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def objects(value: object) -> list[Json]:
    """The objects of a list; anything else holds none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def name_of(of: Json) -> str:
    """What a page, a panel or a question is called; empty where it has no name."""
    return spelled(of.get("name"))[:200]


def words_of(survey: Json) -> dict[str, frozenset[str]]:
    """The words that we carry in calculated values, by the question that they are about."""
    found = {}
    for value in objects(survey.get("calculatedValues")):
        name, expression = str(value.get("name", "")), str(value.get("expression", ""))
        if name.startswith("engage_"):
            found[name.removeprefix("engage_")] = frozenset(expression.strip("'").split())
    return found


def localised(value: object, change: Callable[[str], str] = str) -> Localised:
    """A text of SurveyJS, plain or by language; its first language is called “default”: English here."""
    if isinstance(value, Mapping):
        english = _said(value.get("default")) or _in(value, "en")
        return Localised(change(english), change(_in(value, "es")))
    return Localised(change(_said(value)))


def _in(texts: Mapping[Any, Any], language: str) -> str:
    """The text in a language, or in one of its dialects."""
    for key in (language, *(key for key in texts if str(key).lower().startswith(f"{language}-"))):
        if said := _said(texts.get(key)):
            return said
    return ""


def _said(value: object) -> str:
    return clean(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def clean(text: str) -> str:
    """The text without characters that no page can show."""
    return _UNWANTED.sub("", text)


def unescaped(text: str) -> str:
    """Plain text of the little HTML that a note may have."""
    return clean(html.unescape(_TAG.sub(" ", text))).strip()


def spelled(value: object) -> str:
    """A value as a text: true and false as JSON writes them, 1.0 as 1."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def are_steps(named: tuple[Choice, ...]) -> bool:
    """Whether these are whole numbers in a row that are called as they are."""
    if any(not re.fullmatch(r"\d{1,3}", choice.value, re.ASCII) for choice in named):
        return False
    steps = [int(choice.value) for choice in named]
    are_unnamed = all(choice.text == Localised(choice.value) for choice in named)
    return are_unnamed and steps == list(range(steps[0], steps[0] + len(steps)))
