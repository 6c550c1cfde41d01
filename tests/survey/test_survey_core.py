"""SurveyJS itself reads what we write, means what we mean, and gives back what it read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.survey import surveyjs
from engage.survey.answers import asked
from engage.survey.definition import Definition, Kind
from engage.survey.expressions import write
from engage.survey.truth import holds
from tests.survey import strategies as make
from tests.survey.survey_core import LIBRARY, SurveyCore
from tests.survey.test_surveyjs import EVERYTHING

pytestmark = pytest.mark.skipif(not LIBRARY.is_file(), reason="survey-core is not installed: make setup")


@pytest.fixture(scope="module")
def core() -> Iterator[SurveyCore]:
    """One survey-core for all tests here."""
    running = SurveyCore()
    yield running
    running.close()


def _comes_back(core: SurveyCore, definition: Definition) -> None:
    loaded = core.ask("load", survey=surveyjs.write(definition))
    assert loaded["errors"] is None
    assert loaded["questions"] == len(list(definition.questions()))
    assert surveyjs.read(loaded["json"]) == definition


def test_survey_core_reads_every_kind_and_gives_it_back(core: SurveyCore) -> None:
    _comes_back(core, EVERYTHING)


@settings(max_examples=60, deadline=None)
@given(definition=make.definitions())
def test_survey_core_reads_whatever_we_write_and_gives_it_back(
    core: SurveyCore, definition: Definition
) -> None:
    _comes_back(core, definition)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_condition_holds_for_survey_core_where_it_holds_for_us(
    core: SurveyCore, data: st.DataObject
) -> None:
    form = data.draw(make.definitions())
    questions = [question for question in form.questions() if question.kind is not Kind.NOTE]
    if not questions:
        return
    for _ in range(4):
        condition = data.draw(make.conditions(questions))
        answers = {
            question.name: data.draw(make.answers(question))
            for question in questions
            if data.draw(st.booleans())
        }
        assert core.ask("holds", expression=write(condition), answers=answers) == holds(condition, answers)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_survey_core_shows_the_questions_that_we_ask(core: SurveyCore, data: st.DataObject) -> None:
    form = data.draw(make.definitions())
    given_answers = [
        (question.name, data.draw(make.answers(question)))
        for question in form.questions()
        if question.kind is not Kind.NOTE and data.draw(st.booleans())
    ]

    shown = core.ask("shown", survey=surveyjs.write(form), answers=given_answers)

    assert shown == [one.question.name for one in asked(form, dict(given_answers))]
