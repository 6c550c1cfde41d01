"""Surveys as SurveyJS Creator and others write them come in, and hostile ones get a kind error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engage.db.types import Localised
from engage.survey import surveyjs
from engage.survey.conditions import AllOf
from engage.survey.definition import Definition, Kind, Question, Section
from engage.survey.expressions import parse
from engage.survey.surveyjs import LARGEST, BadDefinition


def _take(*elements: dict[str, Any], **survey: Any) -> tuple[Definition, list[str]]:
    taken = surveyjs.take(json.dumps({"title": "Form", "elements": list(elements), **survey}))
    return taken.definition, [str(note) for note in taken.notes if "To mend" not in note.text]


def _only(*elements: dict[str, Any], **survey: Any) -> Question:
    definition, _notes = _take(*elements, **survey)
    return next(definition.questions())


class TestElements:
    @pytest.mark.parametrize(
        ("element", "kind"),
        [
            ({"type": "text"}, Kind.SHORT_TEXT),
            ({"type": "text", "inputType": "number"}, Kind.NUMBER),
            ({"type": "text", "inputType": "date"}, Kind.DATE),
            ({"type": "comment"}, Kind.LONG_TEXT),
            ({"type": "radiogroup", "choices": ["a"]}, Kind.SINGLE),
            ({"type": "dropdown", "choices": ["a"]}, Kind.SINGLE),
            ({"type": "boolean"}, Kind.SINGLE),
            ({"type": "checkbox", "choices": ["a"]}, Kind.MULTIPLE),
            ({"type": "tagbox", "choices": ["a"]}, Kind.MULTIPLE),
            ({"type": "rating"}, Kind.SCALE),
            ({"type": "matrix", "columns": ["a"], "rows": ["b"]}, Kind.MATRIX),
            ({"type": "ranking", "choices": ["a", "b"]}, Kind.RANKING),
        ],
    )
    def test_is_taken_as_what_it_asks(self, element: dict[str, Any], kind: Kind) -> None:
        assert _only({**element, "name": "q", "title": "T"}).kind is kind

    def test_choices_may_be_plain_texts_and_numbers(self) -> None:
        question = _only(
            {"type": "dropdown", "name": "q", "choices": ["yes", 2, 2.5, {"value": 3, "text": "T"}]}
        )

        assert [choice.value for choice in question.choices] == ["yes", "2", "2.5", "3"]
        assert [choice.text.en for choice in question.choices] == ["yes", "2", "2.5", "T"]

    def test_old_names_of_properties_are_known(self) -> None:
        question = _only(
            {"type": "checkbox", "name": "q", "choices": ["a"], "hasOther": True, "hasNone": True}
        )

        assert (question.other, question.none) == (True, True)

    def test_a_boolean_has_its_own_labels_and_values(self) -> None:
        question = _only(
            {"type": "boolean", "name": "q", "labelTrue": "Yep", "valueTrue": "y", "valueFalse": "n"}
        )

        assert [(choice.value, choice.text.en) for choice in question.choices] == [("y", "Yep"), ("n", "No")]

    @pytest.mark.parametrize(
        ("rating", "low", "high"),
        [
            ({}, "1", "5"),
            ({"rateMin": 0}, "0", "5"),
            ({"rateMax": 7}, "1", "7"),
            ({"rateCount": 4}, "1", "4"),
            ({"rateValues": [2, 3, 4]}, "2", "4"),
        ],
    )
    def test_a_rating_has_its_steps(self, rating: dict[str, Any], low: str, high: str) -> None:
        question = _only({"type": "rating", "name": "q", **rating})

        assert (question.minimum, question.maximum) == (low, high)

    def test_a_rating_with_named_steps_becomes_a_single_choice(self) -> None:
        values = [{"value": 1, "text": "Bad"}, {"value": 2, "text": "Good"}]

        definition, notes = _take({"type": "rating", "name": "q", "title": "Q", "rateValues": values})

        question = next(definition.questions())
        assert (question.kind, question.choices[1].text.en) == (Kind.SINGLE, "Good")
        assert notes == ["pages[0].elements[0]: The steps of “q” have names: it becomes a single choice."]

    def test_texts_come_in_each_language_that_is_known(self) -> None:
        title = {"default": "One", "es-MX": "Uno", "fr": "Un"}

        definition, notes = _take({"type": "text", "name": "q", "title": title})

        assert next(definition.questions()).title == Localised("One", "Uno")
        assert notes == ["Texts in the language “fr” are left out."]

    def test_plain_texts_of_a_spanish_survey_are_spanish(self) -> None:
        assert _only({"type": "text", "name": "q", "title": "Uno"}, locale="es").title == Localised("", "Uno")

    def test_a_question_without_a_title_is_called_by_its_name(self) -> None:
        assert _only({"type": "text", "name": "Your view"}).title.en == "Your view"

    def test_the_questions_of_an_inner_panel_join_the_outer_one_with_its_condition(self) -> None:
        inner = {
            "type": "panel",
            "name": "inner",
            "title": "Inner",
            "visibleIf": "{a} = 1",
            "elements": [{"type": "text", "name": "b", "visibleIf": "{a} > 0"}],
        }
        outer = {"type": "panel", "name": "outer", "elements": [inner]}

        definition, _notes = _take({"type": "text", "inputType": "number", "name": "a"}, outer)

        section = definition.pages[0].elements[1]
        assert isinstance(section, Section)
        assert [(one.name, one.kind) for one in section.questions] == [
            ("inner", Kind.NOTE),
            ("b", Kind.SHORT_TEXT),
        ]
        assert section.questions[1].visible_if == AllOf((parse("{a} = 1"), parse("{a} > 0")))

    @pytest.mark.parametrize(
        "kind", ["file", "signaturepad", "paneldynamic", "matrixdynamic", "imagepicker", "x"]
    )
    def test_what_is_not_supported_is_named_by_its_path(self, kind: str) -> None:
        with pytest.raises(BadDefinition) as error:
            _take({"type": "text", "name": "a"}, {"type": kind, "name": "b"})

        (problem,) = error.value.problems
        assert problem.path == "pages[0].elements[1]"
        assert kind in str(problem)

    def test_a_question_for_an_address_is_refused_with_the_reason(self) -> None:
        with pytest.raises(BadDefinition, match="answers here are anonymous"):
            _take({"type": "text", "inputType": "email", "name": "a"})

    def test_what_is_left_out_is_told(self) -> None:
        _definition, notes = _take(
            {"type": "text", "name": "a", "defaultValue": "x", "validators": [{"type": "regex"}]}
        )

        assert len(notes) == 3
        assert any("defaultValue" in note for note in notes)
        assert any("validators" in note for note in notes)


class TestNames:
    def test_are_made_to_fit_and_conditions_follow(self) -> None:
        definition, notes = _take(
            {"type": "radiogroup", "name": "Question 1", "title": "Q", "choices": ["Item 1", "Ítem dos"]},
            {"type": "text", "name": "año", "title": "Q", "visibleIf": "{question 1} = 'Ítem dos'"},
        )

        first, second = definition.questions()
        assert [choice.value for choice in first.choices] == ["Item_1", "Item_dos"]
        assert (first.name, second.name) == ("Question_1", "ano")
        assert second.visible_if == parse("{Question_1} = 'Item_dos'")
        assert len(notes) == 4

    def test_stay_apart(self) -> None:
        definition, _notes = _take(
            {"type": "text", "name": "a b"}, {"type": "text", "name": "a-b"}, {"type": "text", "name": "A_B"}
        )

        assert [question.name for question in definition.questions()] == ["a_b", "a_b_2", "A_B_3"]

    def test_a_dot_in_a_name_is_no_row(self) -> None:
        definition, _notes = _take(
            {"type": "text", "name": "a.b"}, {"type": "text", "name": "c", "visibleIf": "{a.b} = 'x'"}
        )

        assert list(definition.questions())[1].visible_if == parse("{a_b} = 'x'")

    @pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "", "\0", "\ud800", "1" * 5000])
    def test_of_prototypes_and_of_nothing_are_names_like_others(self, name: str) -> None:
        definition, _notes = _take({"type": "text", "name": name, "title": "T"})

        assert surveyjs.read(surveyjs.write(definition)) == definition

    def test_a_choice_called_other_with_its_own_question_becomes_the_special_one(self) -> None:
        definition, _notes = _take(
            {
                "type": "radiogroup",
                "name": "how",
                "title": "How",
                "choices": ["mail", {"value": "other", "text": "Else"}],
            },
            {"type": "text", "name": "how_other", "title": "Which?", "visibleIf": "{how} = 'other'"},
        )

        (question,) = definition.questions()
        assert question.other
        assert question.other_text.en == "Else"
        assert [choice.value for choice in question.choices] == ["mail"]

    def test_a_choice_called_other_alone_asks_nothing_more(self) -> None:
        definition, _notes = _take(
            {"type": "radiogroup", "name": "how", "title": "How", "choices": ["mail", "other"]},
            {"type": "text", "name": "why", "title": "Why", "visibleIf": "{how} = 'other' or {how} = 'mail'"},
        )

        question = next(definition.questions())
        assert not question.other
        assert [choice.value for choice in question.choices] == ["mail", "other_2"]


class TestConditions:
    def test_on_no_question_are_refused(self) -> None:
        with pytest.raises(BadDefinition, match="no question of this file"):
            _take({"type": "text", "name": "a", "visibleIf": "{b} = 1"})

    def test_on_later_questions_are_refused(self) -> None:
        with pytest.raises(BadDefinition, match="not asked before it"):
            _take({"type": "text", "name": "a", "visibleIf": "{b} = 1"}, {"type": "text", "name": "b"})

    @pytest.mark.parametrize(
        "text", ["{a} = ", "age({a}) > 3", "(" * 500, "{a} = 1 or " * 90_000, "{" * 900_000]
    )
    def test_that_are_not_understood_are_named_by_their_path(self, text: str) -> None:
        with pytest.raises(BadDefinition, match=r"pages\[0\]\.elements\[1\]\.visibleIf"):
            _take({"type": "text", "name": "a"}, {"type": "text", "name": "b", "visibleIf": text})


def _nested(depth: int) -> str:
    return '{"elements":[' + '{"type":"panel","elements":[' * depth + "]}" * depth + "]}"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        _nested(20),
        _nested(450),
        _nested(5_000),
        '{"elements":[' + "{}," * 300_000 + "{}]}",
        '{"elements":[{"type":"radiogroup","name":"q","choices":[' + "1," * 400_000 + "1]}]}",
        '{"elements":[{"type":"rating","name":"q","rateMax":1e300}]}',
        '{"elements":[{"type":"rating","name":"q","rateMax":1e999}]}',
        '{"elements":[{"type":"rating","name":"q","rateMax":' + "9" * 5_000 + "}]}",
        '{"elements":[{"type":"text","inputType":"number","name":"q","min":NaN}]}',
        '{"elements":[{"type":"text","inputType":"number","name":"q","min":"nan"}]}',
        '{"elements":[{"type":"text","inputType":"date","name":"q","min":"today()"}]}',
        '{"title":"a","title":"b"}',
        '{"pages":"x","elements":7}',
        '{"pages":[[[]]]}',
        '{"elements":[{"type":{"a":1},"name":["x"],"inputType":[]}]}',
        " " * (LARGEST + 1),
        "",
        "null",
        "{}",
    ],
    ids=str.__len__,
)
def test_hostile_and_empty_files_get_a_kind_error(text: str) -> None:
    with pytest.raises(BadDefinition) as error:
        surveyjs.take(text)

    assert 1 <= len(error.value.problems) <= 100
    assert all(len(str(problem)) < 500 for problem in error.value.problems)


def test_null_characters_and_lone_surrogates_do_not_stay() -> None:
    title = "a\0b\ud800c\x07"

    question = _only(
        {"type": "html", "name": "n", "html": "<" * 100_000 + title}, {"type": "text", "name": "q"}
    )

    assert "abc" in question.title.en
    json.dumps(surveyjs.write(_take({"type": "text", "name": "q", "title": title})[0])).encode()
