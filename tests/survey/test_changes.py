"""Two definitions are compared part by part; nothing that differs goes unsaid."""

from __future__ import annotations

from dataclasses import fields, replace

from flask import Flask

from engage.db.types import Localised
from engage.feedback import change_words
from engage.feedback.condition_words import in_words_of
from engage.survey.changes import Change, Part, What, changes
from engage.survey.definition import Choice, Definition, Kind, Page, Question, Section
from engage.survey.expressions import parse
from tests.support.makers import both, questionnaire


def told(found: list[Change]) -> list[tuple[What, str]]:
    return [(change.what, change.name) for change in found]


def with_page(definition: Definition, place: int, page: Page) -> Definition:
    pages = list(definition.pages)
    pages[place] = page
    return replace(definition, pages=tuple(pages))


def test_nothing_is_said_of_the_same() -> None:
    assert changes(questionnaire(), questionnaire()) == []


def test_a_question_that_is_new_gone_or_changed_is_named() -> None:
    before = questionnaire()
    trust, _why = before.pages[0].elements
    assert isinstance(trust, Question)
    new = Question(name="how", kind=Kind.SHORT_TEXT, title=both("How?"))
    asked = replace(trust, title=both("Do you really trust it?"), is_required=False)
    after = with_page(before, 0, replace(before.pages[0], elements=(asked, new)))

    found = changes(before, after)

    assert told(found) == [(What.REMOVED, "why"), (What.CHANGED, "trust"), (What.ADDED, "how")]
    assert [one.name for one in found[1].differences] == ["title", "is_required"]


def test_another_order_and_another_page_are_moves_and_no_changes() -> None:
    before = questionnaire()
    first, second = before.pages
    turned = with_page(before, 0, replace(first, elements=tuple(reversed(first.elements))))
    elsewhere = replace(
        before,
        pages=(
            replace(first, elements=first.elements[:1]),
            replace(second, elements=(first.elements[1], *second.elements)),
        ),
    )

    assert [one.what for one in changes(before, turned)] == [What.MOVED]
    assert told(changes(before, elsewhere)) == [(What.MOVED, "why")]


def test_a_question_that_was_put_into_a_section_has_moved() -> None:
    before = questionnaire()
    first = before.pages[0]
    section = Section(name="reasons", title=both("Reasons"), questions=(first.elements[1],))  # type: ignore[arg-type]
    after = with_page(before, 0, replace(first, elements=(first.elements[0], section)))

    assert told(changes(before, after)) == [(What.ADDED, "reasons"), (What.MOVED, "why")]


def test_the_texts_of_the_form_are_compared_too() -> None:
    before = questionnaire()

    found = changes(before, replace(before, title=Localised("Trust", "Confianza")))

    assert [(one.part, one.differences[0].name) for one in found] == [(Part.FORM, "title")]


def test_every_property_that_can_differ_has_a_name() -> None:
    compared = {field.name for part in (Definition, Page, Section, Question) for field in fields(part)}

    assert compared - {"name", "pages", "elements", "questions"} == set(change_words.PROPERTIES)


def test_a_change_is_said_in_words(app: Flask) -> None:
    before = questionnaire()
    trust = before.question("trust")
    assert trust is not None
    asked = replace(trust, choices=(*trust.choices, Choice("unsure", both("Not sure"))))
    after = with_page(before, 0, replace(before.pages[0], elements=(asked, before.pages[0].elements[1])))

    with app.test_request_context("/en/"):
        (change,) = changes(before, after)
        old, new = change_words.lines(change.differences[0], str, str)
        said = change_words.heading(change)

    assert said == "Question changed: trust"
    assert set(new) - set(old) == {"unsure: Not sure / Not sure (es)"}


def test_a_condition_is_said_with_the_questions_of_its_version(app: Flask) -> None:
    before = questionnaire()
    trust, why = before.pages[0].elements
    renamed = replace(trust, title=both("Do you rely on it?"))
    after = with_page(
        before,
        0,
        replace(before.pages[0], elements=(renamed, replace(why, visible_if=parse("{trust} = 'yes'")))),
    )

    with app.test_request_context("/en/"):
        found = next(change for change in changes(before, after) if change.name == "why")
        old, new = change_words.lines(
            found.differences[0], in_words_of(before, "en"), in_words_of(after, "en")
        )

    assert old == ["“Do you trust it?” is “No”"]
    assert new == ["“Do you rely on it?” is “Yes”"]
