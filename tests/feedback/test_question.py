"""Every kind of question is drawn as native controls that read_posted reads back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from engage.db.types import Localised
from engage.survey.answers import Problem
from engage.survey.definition import Choice, Flag, Kind, Question
from engage.survey.posted import read_posted
from tests.support.makers import both
from tests.support.pages import Page, check_page

PAGE = """<!DOCTYPE html><html lang="{{ language }}"><head><title>Form</title></head>
<body><main><h1>Form</h1><form>
{% from "feedback/_question.html" import question_field %}
{{ question_field(question, answers, problems, language, number=number, is_paper=is_paper) }}
</form></main></body></html>"""

CHOICES = (Choice("a", both("Alpha")), Choice("b", both("Beta")), Choice("c", both("Gamma")))
ROWS = (Choice("r1", both("Row one")), Choice("r2", both("Row two")))


def drawn(
    app: Flask,
    question: Question,
    answers: dict[str, Any] | None = None,
    problems: dict[str, Problem] | None = None,
    *,
    language: str = "en",
    is_paper: bool = False,
) -> Page:
    with app.test_request_context(f"/{language}/"):
        html = render_template_string(
            PAGE,
            question=question,
            answers=answers or {},
            problems=problems or {},
            language=language,
            number=7,
            is_paper=is_paper,
        )
    check_page(html)
    return Page(html)


def sent(page: Page) -> MultiDict[str, str]:
    """What a browser sends of this page, several values of one field too."""
    pairs: list[tuple[str, str]] = []
    for control in page.root.iter():
        if control.tag == "input":
            if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
                continue
            pairs.append((control.get("name", ""), control.get("value", "")))
        elif control.tag == "textarea":
            pairs.append((control.get("name", ""), (control.text or "").removeprefix("\n")))
        elif control.tag == "select":
            options = control.findall(".//option")
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            pairs.append((control.get("name", ""), chosen[0].get("value", "")))
    return MultiDict(pairs)


ANSWERED: list[tuple[Question, Any]] = [
    (Question(name="x", kind=Kind.SHORT_TEXT, title=both("X")), 'quotes " and <b>'),
    (Question(name="x", kind=Kind.LONG_TEXT, title=both("X"), longest=500), "two\n\nlines"),
    (Question(name="x", kind=Kind.NUMBER, title=both("X"), minimum="0", maximum="9"), "3"),
    (Question(name="x", kind=Kind.DATE, title=both("X")), "2026-11-26"),
    (Question(name="x", kind=Kind.SINGLE, title=both("X"), choices=CHOICES, refuse=True), "refused"),
    (Question(name="x", kind=Kind.MULTIPLE, title=both("X"), choices=CHOICES), ["a", "c"]),
    (Question(name="x", kind=Kind.SCALE, title=both("X"), low_text=both("Bad")), "4"),
    (Question(name="x", kind=Kind.MATRIX, title=both("X"), choices=CHOICES, rows=ROWS), {"r2": "b"}),
    (Question(name="x", kind=Kind.RANKING, title=both("X"), choices=CHOICES), ["c", "a"]),
    (Question(name="x", kind=Kind.RANKING, title=both("X"), choices=CHOICES, refuse=True), ["refused"]),
    (
        Question(
            name="x",
            kind=Kind.SINGLE,
            title=both("X"),
            choices=tuple(Choice(f"c{n}", both(f"Choice {n}")) for n in range(40)),
        ),
        "c31",
    ),
]


@pytest.mark.parametrize("is_paper", [False, True], ids=["screen", "paper"])
@pytest.mark.parametrize(("question", "answer"), ANSWERED)
def test_what_is_shown_as_answered_is_read_back(
    app: Flask, question: Question, answer: Any, is_paper: bool
) -> None:
    page = drawn(app, question, {"x": answer}, is_paper=is_paper)

    assert read_posted([question], sent(page)) == {"x": answer}


@pytest.mark.parametrize(("question", "answer"), ANSWERED)
def test_a_question_that_nobody_touched_sends_no_answer(app: Flask, question: Question, answer: Any) -> None:
    assert read_posted([question], sent(drawn(app, question))) == {}


@pytest.mark.parametrize(("question", "answer"), ANSWERED)
def test_help_and_errors_are_tied_to_the_control(app: Flask, question: Question, answer: Any) -> None:
    helped = Question(
        **{slot: getattr(question, slot) for slot in question.__slots__} | {"help": both("Help")}
    )

    page = drawn(app, helped, {}, {"x": Problem.MISSING})

    described = " ".join(element.get("aria-describedby") or "" for element in page.root.iter()).split()
    assert {"q-x-help", "q-x-error"} <= set(described)
    assert "Answer this question." in page.text(".//p[@id='q-x-error']")


def test_what_another_answer_is_comes_back(app: Flask) -> None:
    question = Question(name="x", kind=Kind.MULTIPLE, title=both("X"), choices=CHOICES, other=True)

    page = drawn(app, question, {"x": ["other"], "x-Comment": "Delta"})

    assert read_posted([question], sent(page)) == {"x": ["other"], "x-Comment": "Delta"}


def test_only_what_need_not_be_answered_is_marked(app: Flask) -> None:
    question = Question(name="x", kind=Kind.SINGLE, title=both("X"), choices=CHOICES, is_required=True)
    optional = Question(name="x", kind=Kind.SINGLE, title=both("X"), choices=CHOICES)

    assert "(optional)" not in drawn(app, question).text()
    assert "(optional)" in drawn(app, optional).text()
    assert "No answer" in drawn(app, optional).text()
    assert "No answer" not in drawn(app, question).text()


def test_a_confidential_question_says_that_it_is_only_counted(app: Flask) -> None:
    question = Question(
        name="x", kind=Kind.SINGLE, title=both("X"), choices=CHOICES, flags=frozenset({Flag.CONFIDENTIAL})
    )

    assert "only counted" in drawn(app, question).text()


def test_a_text_without_a_translation_says_its_language(app: Flask) -> None:
    question = Question(name="x", kind=Kind.SINGLE, title=Localised("Only English"), choices=CHOICES)

    page = drawn(app, question, language="es")

    assert page.one(".//legend/span[@lang='en']").text == "Only English"


def test_the_steps_of_a_scale_have_faces_and_words(app: Flask) -> None:
    question = Question(
        name="x",
        kind=Kind.SCALE,
        title=both("X"),
        is_smileys=True,
        low_text=both("Very bad"),
        high_text=both("Very good"),
    )

    page = drawn(app, question)

    assert len(page.all(".//{http://www.w3.org/2000/svg}svg[@aria-hidden='true']")) == 5
    assert page.text(".//label[@for='q-x-0']") == "1 Very bad"
    assert page.text(".//label[@for='q-x-4']") == "5 Very good"


def test_a_note_asks_nothing(app: Flask) -> None:
    page = drawn(app, Question(name="x", kind=Kind.NOTE, title=Localised("One\n\nTwo", "Uno")))

    assert [p.text for p in page.all(".//div[@class='note stack']/p")] == ["One", "Two"]
    assert not page.all(".//form//input")
