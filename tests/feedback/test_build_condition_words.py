"""Conditions read as a person would say them, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from engage.db.types import Localised
from engage.feedback.condition_words import in_words
from engage.survey.definition import Choice, Definition, Kind, Page, Question
from engage.survey.expressions import parse

YES, NO = Choice("yes", Localised("Yes", "Sí")), Choice("no", Localised("No", "No"))
ROW = Choice("patrol", Localised("On patrol", "En patrulla"))
ASKED = Definition(
    pages=(
        Page(
            name="one",
            elements=(
                Question(
                    name="trust",
                    kind=Kind.SINGLE,
                    title=Localised("Trust it?", "¿Confía?"),
                    choices=(YES, NO),
                ),
                Question(
                    name="ways", kind=Kind.MULTIPLE, title=Localised("Which?"), choices=(YES, NO), other=True
                ),
                Question(name="age", kind=Kind.NUMBER, title=Localised("Age?", "¿Edad?")),
                Question(
                    name="rate",
                    kind=Kind.MATRIX,
                    title=Localised("Rate", "Valore"),
                    rows=(ROW,),
                    choices=(YES,),
                ),
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("{trust} = 'no'", "“Trust it?” is “No”"),
        ("{trust} <> 'no' and {age} >= 18", "“Trust it?” is not “No” and “Age?” is at least “18”"),
        ("{age} < 2.5 or ({trust} empty and {age} > 1)",
         "“Age?” is less than “2.5” or (“Trust it?” is not answered and “Age?” is more than “1”)"),
        ("{ways} anyof ['yes', 'other']", "one of “Yes”, “Other” is chosen in “Which?”"),
        ("!({ways} contains 'no')", "“No” is not chosen in “Which?”"),
        ("!({age} > 3)", "not (“Age?” is more than “3”)"),
        ("{rate.patrol} = 'yes'", "“Rate – On patrol” is “Yes”"),
        ("{gone.row} = 'what'", "“gone – row” is “what”"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(app: Flask, condition: str, words: str) -> None:
    with app.app_context():
        assert in_words(parse(condition), ASKED, "en") == words


def test_it_is_said_in_the_readers_language_whatever_the_page_is_in(app: Flask) -> None:
    with app.test_request_context("/en/"):
        said = in_words(parse("{trust} = 'yes' or {ways} contains 'no'"), ASKED, "es")

    assert said == "la respuesta a “¿Confía?” es “Sí” o se eligió “No” en “Which?”"
