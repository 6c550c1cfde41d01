"""Two editors do not overwrite each other, on either database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db
from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import FormChanged, TooMuch, change
from engage.survey import surveyjs
from engage.survey.definition import Definition, Kind, Page, Question
from tests.support.makers import both, feedback_form, questionnaire


def test_who_has_read_an_older_form_changes_nothing(app: Flask, session: Session) -> None:
    form = feedback_form(session, published_at=None)
    session.commit()
    mine, theirs = (replace(questionnaire(), title=both(title)) for title in ("Mine", "Theirs"))

    with db.sessionmaker() as other, other.begin():
        same = other.get_one(FeedbackForm, form.id)
        change(other, same, theirs, revision=same.revision, now=utcnow())
    with pytest.raises(FormChanged):
        change(session, form, mine, revision=0, now=utcnow())

    session.rollback()
    session.expire_all()
    assert surveyjs.read(form.working) == theirs
    assert form.revision == 1


def test_what_residents_are_asked_stays_until_it_is_published(session: Session) -> None:
    form = feedback_form(session)

    change(session, form, replace(questionnaire(), title=both("New")), revision=0, now=utcnow())

    assert form.versions[0].asked == questionnaire()


@pytest.mark.parametrize(("count", "length"), [(201, 1), (150, 7000)])
def test_a_form_has_two_hundred_questions_and_a_million_characters_at_most(
    app: Flask, session: Session, count: int, length: int
) -> None:
    form = feedback_form(session, published_at=None)
    many = tuple(Question(name=f"q{n}", kind=Kind.NOTE, title=both("x" * length)) for n in range(count))

    with pytest.raises(TooMuch):
        change(session, form, Definition(pages=(Page(name="one", elements=many),)), revision=0, now=utcnow())
    assert form.revision == 0
