"""Edits give definitions that can be written and read again, with each name once and no condition bereft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.db.types import Localised
from engage.survey import editing, parts, surveyjs
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section
from engage.survey.editing import InUse, NameTaken
from engage.survey.expressions import parse
from engage.survey.fitting import fitted
from engage.survey.parts import DoesNotFit, UnknownPart
from engage.survey.validity import Fault, faults
from tests.support.makers import both, questionnaire

# Reading takes control characters and the like away.
TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=12)
LOCALISED = st.builds(Localised, TEXTS, TEXTS)
CHOICES = st.lists(
    st.builds(Choice, st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), LOCALISED), max_size=4
).map(tuple)
BOUNDS = st.none() | st.sampled_from(
    ["0", "2.50", "7", "-3", "1e9", "inf", "nan", "2026-02-30", "2026-11-26", "x"]
)
QUESTIONS = st.builds(
    Question,
    name=st.just("new"),
    kind=st.sampled_from(Kind),
    # SurveyJS shows the name of a question that has no title, and so it is read.
    title=LOCALISED.filter(bool),
    help=LOCALISED,
    is_required=st.booleans(),
    choices=CHOICES,
    rows=CHOICES,
    other=st.booleans(),
    other_text=LOCALISED,
    none=st.booleans(),
    refuse=st.booleans(),
    refuse_text=LOCALISED,
    minimum=BOUNDS,
    maximum=BOUNDS,
    low_text=LOCALISED,
    high_text=LOCALISED,
    is_smileys=st.booleans(),
    most_choices=st.none() | st.integers(1, 9),
    longest=st.none() | st.integers(1, 9000),
    flags=st.frozensets(st.sampled_from(Flag)),
)


def sectioned() -> Definition:
    """A page with a section between two questions, and a page that asks for what is in it."""
    inner = (
        Question(name="first", kind=Kind.SINGLE, title=both("First"), choices=(Choice("yes", both("Yes")),)),
        Question(
            name="second", kind=Kind.SHORT_TEXT, title=both("Second"), visible_if=parse("{first} = 'yes'")
        ),
    )
    return Definition(
        title=both("Form"),
        pages=(
            Page(
                name="one",
                elements=(
                    Question(name="before", kind=Kind.NUMBER, title=both("Before")),
                    Section(name="inner", title=both("Inner"), questions=inner),
                    Question(name="after", kind=Kind.DATE, title=both("After")),
                ),
            ),
            Page(
                name="two",
                visible_if=parse("{first} = 'yes'"),
                elements=(Question(name="end", kind=Kind.NOTE),),
            ),
        ),
    )


def order(definition: Definition) -> str:
    """The names, as they stand within each other."""
    pages = []
    for page in definition.pages:
        inside = [
            f"{one.name}({' '.join(q.name for q in one.questions)})" if isinstance(one, Section) else one.name
            for one in page.elements
        ]
        pages.append(f"{page.name}: {' '.join(inside)}")
    return " | ".join(pages)


Edit = Callable[[Definition, st.DataObject], Definition]


def _some(definition: Definition, data: st.DataObject) -> str:
    return data.draw(st.sampled_from(parts.names(definition)))


def _add(definition: Definition, data: st.DataObject) -> Definition:
    question = data.draw(QUESTIONS)
    name = parts.fresh_name(parts.names(definition), question.title.en, "question")
    return editing.add(definition, replace(question, name=name), into=_some(definition, data))


def _replace(definition: Definition, data: st.DataObject) -> Definition:
    name = _some(definition, data)
    return editing.replace_part(definition, name, replace(data.draw(QUESTIONS), name=name))


def _rename(definition: Definition, data: st.DataObject) -> Definition:
    to = data.draw(st.sampled_from(["trust", "Trust", "area", "one", "fresh"]))
    return editing.rename(definition, _some(definition, data), to)


def _move_to(definition: Definition, data: st.DataObject) -> Definition:
    return editing.move_to(definition, _some(definition, data), _some(definition, data))


def _insert(definition: Definition, data: st.DataObject) -> Definition:
    taken = [one for page in sectioned().pages for one in page.elements]
    return editing.insert(definition, taken, into=_some(definition, data)).definition


EDITS: list[Edit] = [
    _add, _replace, _rename, _move_to, _insert,
    lambda definition, data: editing.move(definition, _some(definition, data), by=-1),
    lambda definition, data: editing.move(definition, _some(definition, data), by=1),
    lambda definition, data: editing.remove(definition, _some(definition, data)),
    lambda definition, data: editing.duplicate(definition, _some(definition, data))[0],
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from([questionnaire, sectioned]), st.lists(st.sampled_from(EDITS), max_size=8))
def test_no_edit_makes_what_cannot_be_written_and_read_again(
    data: st.DataObject, start: Callable[[], Definition], edits: list[Edit]
) -> None:
    definition = start()
    for edit in edits:
        if not definition.pages:
            break
        try:
            definition = edit(definition, data)
        except (InUse, NameTaken, DoesNotFit):
            continue
        assert surveyjs.loads(surveyjs.dumps(definition)) == definition
        found = {one.fault for one in faults(definition)}
        assert not found & {Fault.SAME_NAME, Fault.BAD_NAME, Fault.UNKNOWN_QUESTION}


class TestMoving:
    @pytest.mark.parametrize(
        ("name", "by", "result"),
        [
            ("before", 1, "one: inner(before first second) after | two: end"),
            ("after", -1, "one: before inner(first second after) | two: end"),
            ("first", -1, "one: before first inner(second) after | two: end"),
            ("second", 1, "one: before inner(first) second after | two: end"),
            ("after", 1, "one: before inner(first second) | two: after end"),
            ("end", -1, "one: before inner(first second) after end | two: "),
            ("inner", 1, "one: before after inner(first second) | two: end"),
            ("first", 1, "one: before inner(second first) after | two: end"),
            ("two", -1, "two: end | one: before inner(first second) after"),
            ("before", -1, "one: before inner(first second) after | two: end"),
            ("two", 1, "one: before inner(first second) after | two: end"),
        ],
    )
    def test_up_and_down_goes_through_sections_and_pages(self, name: str, by: int, result: str) -> None:
        assert order(editing.move(sectioned(), name, by=by)) == result

    def test_to_a_page_or_section_goes_to_its_end(self) -> None:
        assert (
            order(editing.move_to(sectioned(), "end", "inner"))
            == "one: before inner(first second end) after | two: "
        )
        assert (
            order(editing.move_to(sectioned(), "inner", "two"))
            == "one: before after | two: end inner(first second)"
        )

    @pytest.mark.parametrize(("name", "into"), [("one", "two"), ("inner", "inner"), ("end", "after")])
    def test_is_refused_where_it_cannot_stand(self, name: str, into: str) -> None:
        with pytest.raises(DoesNotFit):
            editing.move_to(sectioned(), name, into)


class TestRemoving:
    def test_what_conditions_ask_for_is_refused_with_their_names(self) -> None:
        with pytest.raises(InUse) as refused:
            editing.remove(sectioned(), "first")
        assert refused.value.holders == ("second", "two")

    def test_a_section_goes_with_the_conditions_in_it_but_not_against_those_outside(self) -> None:
        with pytest.raises(InUse) as refused:
            editing.remove(sectioned(), "inner")
        assert refused.value.holders == ("two",)
        without = editing.remove(sectioned(), "two")
        assert order(editing.remove(without, "inner")) == "one: before after"

    def test_what_is_not_there_is_said_to_be_unknown(self) -> None:
        with pytest.raises(UnknownPart):
            editing.remove(sectioned(), "nothing")


class TestNames:
    def test_conditions_follow_a_new_name(self) -> None:
        renamed = editing.rename(sectioned(), "first", "trust")

        assert parts.part(renamed, "two").visible_if == parse("{trust} = 'yes'")
        assert parts.part(renamed, "second").visible_if == parse("{trust} = 'yes'")

    def test_a_taken_name_is_refused_whatever_its_capitals(self) -> None:
        with pytest.raises(NameTaken):
            editing.rename(sectioned(), "first", "AFTER")
        renamed = editing.rename(sectioned(), "first", "FIRST")
        assert parts.part(renamed, "FIRST").name == "FIRST"

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Do you trust it?", "do_you_trust_it"),
            ("First", "first_2"),
            ("¿Confía?", "confia"),
            ("911 calls", "question_911_calls"),
            ("???", "question"),
            ("A very long title that goes on and on for ever", "a_very_long_title_that_goes_on"),
        ],
    )
    def test_are_made_of_the_title(self, text: str, name: str) -> None:
        assert parts.fresh_name(parts.names(sectioned()), text, "question") == name

    def test_are_repaired_where_no_address_can_hold_them(self) -> None:
        one = Question(name="a b", kind=Kind.NOTE, title=both("One"))
        page = Page(name="", elements=(one, replace(one, name="x"), replace(one, name="X")))

        assert order(editing.repaired(Definition(pages=(page,)))) == "page: a_b x x_2"


class TestCopies:
    def test_ask_for_the_copy_where_it_came_along(self) -> None:
        definition, name = editing.duplicate(sectioned(), "inner")

        assert (
            order(definition) == "one: before inner(first second) inner_2(first_2 second_2) after | two: end"
        )
        assert name == "inner_2"
        assert parts.part(definition, "second_2").visible_if == parse("{first_2} = 'yes'")

    def test_of_a_page_keep_what_they_ask_for_elsewhere(self) -> None:
        definition, name = editing.duplicate(sectioned(), "two")

        assert parts.part(definition, name).visible_if == parse("{first} = 'yes'")

    def test_taken_from_elsewhere_leave_conditions_behind_that_would_ask_for_nothing(self) -> None:
        second = parts.part(sectioned(), "second")
        assert isinstance(second, Question)
        taken = editing.insert(sectioned(), [second], into="two")

        assert taken.names == taken.unconditional == ("second_2",)
        assert parts.part(taken.definition, "second_2").visible_if is None


class TestWhatAKindKeeps:
    def test_goes_where_the_kind_does_not_have_it(self) -> None:
        choice = Question(name="q", kind=Kind.SINGLE, choices=(Choice("a", both("A")),), other=True)

        assert fitted(replace(choice, kind=Kind.MULTIPLE)).choices == choice.choices
        assert fitted(replace(choice, kind=Kind.NUMBER)) == Question(name="q", kind=Kind.NUMBER)

    def test_about_the_person_is_optional_and_can_be_refused(self) -> None:
        asked = Question(
            name="q", kind=Kind.SINGLE, is_required=True, flags=frozenset({Flag.DEMOGRAPHIC}), choices=()
        )

        assert fitted(asked).refuse is True
        assert fitted(asked).is_required is False


def test_a_condition_can_ask_for_what_comes_before_it() -> None:
    assert [one.name for one in parts.earlier(sectioned(), "second")] == ["before", "first"]
    assert [one.name for one in parts.earlier(sectioned(), "two")] == ["before", "first", "second", "after"]
