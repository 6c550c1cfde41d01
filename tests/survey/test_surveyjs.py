"""A definition comes back from SurveyJS' JSON as it was, and what cannot be asked is named by its place."""

from __future__ import annotations

import pytest

from engage.survey import surveyjs
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section
from engage.survey.expressions import parse
from engage.survey.surveyjs import BadDefinition
from tests.support.makers import both

YES_NO = (Choice("yes", both("Yes")), Choice("no", both("No")))

EVERYTHING = Definition(
    title=both("Everything"),
    intro=both("All kinds of questions."),
    thanks=both("Thanks & good-bye <3"),
    pages=(
        Page(
            name="one",
            title=both("One"),
            elements=(
                Question(
                    name="single",
                    kind=Kind.SINGLE,
                    title=both("Single"),
                    help=both("Help"),
                    choices=YES_NO,
                    other=True,
                    other_text=both("Something else"),
                    refuse=True,
                    is_required=True,
                    flags=frozenset({Flag.BREAKDOWN}),
                ),
                Question(
                    name="several",
                    kind=Kind.MULTIPLE,
                    title=both("Several"),
                    choices=YES_NO,
                    none=True,
                    most_choices=2,
                    visible_if=parse("{single} = 'yes' or ({single} = 'other' and not {single} empty)"),
                ),
                Section(
                    name="inner",
                    title=both("Inner"),
                    questions=(
                        Question(
                            name="rows",
                            kind=Kind.MATRIX,
                            title=both("Rows"),
                            choices=YES_NO,
                            rows=(Choice("first", both("First")),),
                        ),
                        Question(name="order", kind=Kind.RANKING, title=both("Order"), choices=YES_NO),
                    ),
                ),
            ),
        ),
        Page(
            name="two",
            visible_if=parse("{rows.first} = 'yes'"),
            elements=(
                Question(name="say", kind=Kind.SHORT_TEXT, title=both("Say"), longest=80),
                Question(name="tell", kind=Kind.LONG_TEXT, title=both("Tell")),
                Question(name="number", kind=Kind.NUMBER, title=both("Number"), minimum="0", maximum="5.5"),
                Question(name="day", kind=Kind.DATE, title=both("Day"), minimum="2026-01-01"),
                Question(
                    name="scale",
                    kind=Kind.SCALE,
                    title=both("Scale"),
                    minimum="1",
                    maximum="7",
                    low_text=both("Bad"),
                    high_text=both("Good"),
                    is_smileys=True,
                ),
                Question(name="note", kind=Kind.NOTE, title=both("a <b> & c")),
            ),
        ),
    ),
)


def test_a_definition_comes_back_as_it_was() -> None:
    assert surveyjs.loads(surveyjs.dumps(EVERYTHING)) == EVERYTHING


def test_what_cannot_be_asked_is_named_by_its_place() -> None:
    survey = {"pages": [{"elements": [{"type": "signaturepad", "name": "sign"}]}]}

    with pytest.raises(BadDefinition, match=r"pages\[0\]\.elements\[0\]: “sign”: the type “signaturepad”"):
        surveyjs.read(survey)


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "[" * 100_000])
def test_what_is_no_definition_is_refused(text: str) -> None:
    with pytest.raises(BadDefinition):
        surveyjs.loads(text)
