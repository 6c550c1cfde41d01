"""Templates are valid, in both languages, and favour no side in words or order."""

from __future__ import annotations

import re

import pytest

from engage.feedback.building.templates import FIXED_ORDERS, ORDER, Template, templates
from engage.survey import surveyjs
from engage.survey.definition import Flag, Kind, Question
from engage.survey.validity import faults, texts

LOADED = (
    # What one side calls the other or the matter, and what asks for agreement.
    "illegal", "alien", "invasion", "invader", "amnesty", "open border", "criminal immigrant", "law-abiding",
    "sanctuary", "raid", "deport", "rogue", "terror", "crackdown", "racist", "xenophob", "tear families",
    "protect our", "our community", "of course", "obviously", "don't you agree", "surely", "undocumented",
    "ilegal", "invasión", "amnistía", "frontera abierta", "santuario", "redada", "deporta", "racista",
    "xenóf", "separar familias", "migra ", "nuestra comunidad", "por supuesto", "obviamente", "indocumentad",
)  # fmt: skip
NO_OPINION = {"not_sure", "no_opinion", "did_not_want", "outside", "not_here"}
STATUS = re.compile(
    r"citizen|ciudadan|\bvisa\b|green card|immigration status|born in|nacionalidad de|papeles", re.IGNORECASE
)

QUESTIONS = [(one.code, question) for one in templates() for question in one.definition.questions()]


@pytest.mark.parametrize("template", templates(), ids=ORDER)
class TestATemplate:
    def test_could_be_published_as_it_is(self, template: Template) -> None:
        assert faults(template.definition, is_public=True) == []

    def test_says_everything_in_both_languages(self, template: Template) -> None:
        said = [text for _where, text in texts(template.definition) if text]

        assert all(text.is_complete for text in said)
        assert all(text.en != text.es for text in said if text.en != "No")

    def test_uses_no_word_that_takes_a_side(self, template: Template) -> None:
        said = " ".join(f"{text.en} {text.es}" for _where, text in texts(template.definition)).lower()

        assert [word for word in LOADED if word in said] == []

    def test_asks_nobody_for_their_status(self, template: Template) -> None:
        asked = [
            text for q in template.definition.questions() for text in (q.title, *(c.text for c in q.choices))
        ]

        assert [text for text in asked if STATUS.search(text.en) or STATUS.search(text.es)] == []

    def test_is_kept_as_forms_are(self, template: Template) -> None:
        assert surveyjs.loads(surveyjs.dumps(template.definition)) == template.definition


@pytest.mark.parametrize("question", [q for _code, q in QUESTIONS if q.choices], ids=lambda q: q.name)
def test_choices_stand_in_alphabetical_order_or_have_a_reason(question: Question) -> None:
    opinions = [one.text.en for one in question.choices if one.value not in NO_OPINION]

    if question.name not in FIXED_ORDERS:
        assert opinions == sorted(opinions)
        last = [one.value in NO_OPINION for one in question.choices]
        assert last == sorted(last)


def test_every_question_about_the_person_is_in_one_template_and_tells_what_for() -> None:
    about = {q.name for code, q in QUESTIONS if Flag.DEMOGRAPHIC in q.flags}

    assert about == {"age", "home_language", "area", "race_ethnicity", "disability", "years_here"}
    assert all(q.help and q.refuse and not q.is_required for _code, q in QUESTIONS if q.name in about)


def test_both_sides_of_the_position_are_offered_alike() -> None:
    (position,) = [q for _code, q in QUESTIONS if q.name == "position"]

    assert [len(one.text.en.split()) for one in position.choices[:2]] == [3, 3]
    assert {one.value for one in position.choices} == {"oppose", "support", "mixed", "not_sure"}
    assert position.kind is Kind.SINGLE
