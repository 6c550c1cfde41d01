"""Forms with texts, for the tests of what people wrote."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engage.feedback.models import FeedbackForm, FormResult, FormText
from engage.feedback.results import Cell, QuestionResult, Results, Texts, to_json
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from tests.support.makers import both, feedback_form, response

AFRAID = "I am afraid to call the police because of ICE. My neighbors do not trust the sheriff any more."
SAFER = "This makes our county safer. Criminals who are here illegally should be handed over to ICE."


def asking_in_words() -> Definition:
    """A form with a text, a choice with another answer, and a text in confidence."""
    why = Question(name="why", kind=Kind.LONG_TEXT, title=both("What do you think of it?"))
    news = Question(
        name="news",
        kind=Kind.SINGLE,
        title=both("Where did you hear of it?"),
        choices=(Choice("radio", both("Radio")), Choice("paper", both("Paper"))),
        other=True,
    )
    secret = Question(
        name="secret",
        kind=Kind.LONG_TEXT,
        title=both("What happened to you?"),
        flags=frozenset({Flag.CONFIDENTIAL}),
    )
    return Definition(
        title=both("Trust in the sheriff"),
        pages=(Page(name="one", title=both("Opinion"), elements=(why, news, secret)),),
    )


def form_with_texts(session: Session, **fields: Any) -> FeedbackForm:
    """An open form whose results are told of 40 answers."""
    form = feedback_form(session, asking_in_words(), **fields)
    session.add(FormResult(form_id=form.id, counted=40, tables=to_json(told())))
    session.flush()
    return form


def told(answered: int | None = 40) -> Results:
    """What is told of the form: how many answered the question in words, and what was found in the texts."""
    texts = Texts(
        analysed=answered,
        languages=(Cell("en", 30, 0.75), Cell("es", None)),
        tones=(Cell("negative", 25, 0.625), Cell("not_scored", 15, 0.375)),
        concerns=(Cell("community_trust", 22, 0.55), Cell("crime_reporting", None)),
    )
    questions = (
        QuestionResult("why", "why", "long_text", (1,), asked=40, answered=answered, texts=texts),
        QuestionResult(
            "news",
            "news",
            "single",
            (1,),
            asked=40,
            answered=40,
            cells=(Cell("radio", 28), Cell("other", 12)),
        ),
        QuestionResult("secret", "secret", "long_text", (1,), asked=40, answered=40, texts=texts),
    )
    return Results(total=40, questions=questions)


def text(session: Session, form: FeedbackForm, body: str, question: str = "why", **fields: Any) -> FormText:
    """A text of an answer of its own; it waits unless told otherwise."""
    row = FormText(
        response_id=response(session, form, {}).id,
        question=question,
        body=body,
        is_confidential=question == "secret",
        **fields,
    )
    session.add(row)
    session.flush()
    return row
