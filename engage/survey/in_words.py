"""Answers in people's own words, taken apart from those that were chosen from a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engage.survey.across import withheld_questions
from engage.survey.definition import Definition


@dataclass(frozen=True, slots=True)
class InWords:
    """One text of an answer, by the name that texts keep (a question's, or its comment's).

    ``is_confidential``: nobody reads it, it is only counted. So it is where the question was only asked
    because of a confidential answer: the text would tell of that answer.
    """

    name: str
    body: str
    is_confidential: bool


def names_in_words(definition: Definition) -> dict[str, bool]:
    """What is answered in people's own words, by the names of these answers: whether it is confidential."""
    withheld = withheld_questions(definition)
    found = {}
    for question in definition.questions():
        if question.is_text:
            found[question.name] = question.name in withheld
        elif question.other:
            found[question.comment_name] = question.name in withheld
    return found


def taken_apart(
    answers: Mapping[str, Any], in_words: Mapping[str, bool]
) -> tuple[dict[str, Any], list[InWords]]:
    """The closed answers of somebody, and what they wrote; ``in_words`` are ``names_in_words``."""
    closed = {name: answer for name, answer in answers.items() if name not in in_words}
    texts = [
        InWords(name, str(answers[name]), is_confidential)
        for name, is_confidential in in_words.items()
        if str(answers.get(name) or "").strip()
    ]
    return closed, texts
