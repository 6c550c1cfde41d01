"""Answers leave the box by chance and in handfuls; nothing that was acknowledged is lost or told alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.feedback import queries
from engage.feedback.codes import Boxed
from engage.feedback.models import BoxedAnswer, Channel, FeedbackForm, FormResponse, FormResult, FormText
from engage.feedback.results import from_json
from engage.feedback.service.box import open_box, put_in
from engage.feedback.service.count import balance, count_due
from engage.feedback.service.receive import receive
from tests.support.makers import feedback_form

TODAY = date(2026, 11, 26)


def box(session: Session, form: FeedbackForm, number: int, day: date = TODAY) -> None:
    for _ in range(number):
        put_in(session, form.versions[-1], Boxed({"trust": "yes"}, "en", Channel.WEB, day))
    session.commit()


def count_all() -> None:
    while count_due():
        pass


@pytest.fixture
def form(app: Flask, session: Session) -> FeedbackForm:
    form = feedback_form(session)
    session.commit()
    return form


def close(session: Session, form: FeedbackForm) -> None:
    form.closes_at = utcnow() - timedelta(seconds=1)
    session.commit()


@pytest.mark.parametrize(("boxed", "left"), [(1, 1), (10, 10), (19, 19), (20, 10), (57, 10)])
def test_ten_stay_in_the_box_of_an_open_form_and_ten_or_more_are_taken(
    session: Session, form: FeedbackForm, boxed: int, left: int
) -> None:
    box(session, form, boxed)

    count_all()

    assert queries.received(session, form) == queries.Received(boxed - left, left)


@pytest.mark.parametrize("boxed", [3, 10, 30])
def test_at_the_close_all_are_taken_and_the_result_is_final(
    session: Session, form: FeedbackForm, boxed: int
) -> None:
    box(session, form, boxed)
    count_all()
    close(session, form)

    count_all()

    session.expire_all()
    result = session.get_one(FormResult, form.id)
    assert queries.received(session, form) == queries.Received(boxed, 0)
    assert result.is_final
    assert from_json(result.tables).total == (boxed if boxed >= 10 else None)


def test_a_form_that_is_opened_again_is_not_final(session: Session, form: FeedbackForm) -> None:
    box(session, form, 12)
    close(session, form)
    count_all()
    form.closes_at = utcnow() + timedelta(days=1)
    session.commit()

    count_all()

    session.expire_all()
    assert not session.get_one(FormResult, form.id).is_final


def test_few_late_answers_wait_for_others_instead_of_being_told_alone(
    session: Session, form: FeedbackForm
) -> None:
    box(session, form, 12)
    close(session, form)
    count_all()
    box(session, form, 9)

    count_all()

    assert queries.received(session, form) == queries.Received(12, 9)
    box(session, form, 1)
    count_all()
    assert queries.received(session, form) == queries.Received(22, 0)


def test_what_cannot_be_opened_stays_and_stops_nobody(session: Session, form: FeedbackForm) -> None:
    box(session, form, 30)
    session.add(BoxedAnswer(version_id=form.versions[-1].id, sealed=b"sealed with a key that is lost"))
    session.commit()
    close(session, form)

    count_all()

    session.expire_all()
    result = session.get_one(FormResult, form.id)
    assert queries.received(session, form) == queries.Received(30, 1)
    assert from_json(result.tables).unreadable == 1
    assert result.is_final


def test_words_are_kept_beside_the_answer(session: Session, form: FeedbackForm) -> None:
    for _ in range(10):
        boxed = Boxed({"trust": "no", "why": "Because."}, "es", Channel.PAPER, TODAY, is_doubtful=True)
        put_in(session, form.versions[-1], boxed)
    session.commit()
    close(session, form)

    count_all()

    row = session.scalars(sa.select(FormResponse)).first()
    assert row is not None
    assert (row.answers, row.language, row.channel) == ({"trust": "no"}, "es", Channel.PAPER)
    assert row.is_doubtful
    assert [(text.question, text.body) for text in row.texts] == [("why", "Because.")]
    assert session.scalar(sa.select(sa.func.count()).select_from(FormText)) == 10


def test_a_day_on_which_few_answered_is_told_as_a_later_one(session: Session, form: FeedbackForm) -> None:
    for day, number in ((1, 15), (2, 1), (3, 12), (4, 2)):
        box(session, form, number, date(2026, 11, day))
    close(session, form)

    count_all()

    days = session.scalars(sa.select(FormResponse.answered_on)).all()
    assert Counter(days) == {date(2026, 11, 1): 15, date(2026, 11, 4): 15}


def test_two_workers_take_every_answer_once(session: Session, form: FeedbackForm) -> None:
    box(session, form, 40)
    now = utcnow()
    with write_transaction() as other:
        first = open_box(other, other.get_one(FeedbackForm, form.id), now)
    with write_transaction() as other:
        second = open_box(other, other.get_one(FeedbackForm, form.id), now)

    assert (first.taken, second.taken) == (30, 0)
    assert queries.received(session, form) == queries.Received(30, 10)


def test_a_job_that_is_killed_before_it_commits_loses_nothing(session: Session, form: FeedbackForm) -> None:
    box(session, form, 40)

    def be_killed() -> None:
        with write_transaction() as other:
            open_box(other, other.get_one(FeedbackForm, form.id), utcnow())
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        be_killed()
    assert queries.received(session, form) == queries.Received(0, 40)
    session.commit()
    count_all()
    assert queries.received(session, form) == queries.Received(30, 10)


def test_every_spent_ticket_has_its_answer(session: Session, form: FeedbackForm) -> None:
    for number in range(34):
        receive(
            session,
            form.versions[-1],
            {"trust": "yes"},
            code=f"token {number % 32}",
            is_handed_out=False,
            language="en",
            channel=Channel.WEB if number % 2 else Channel.PAPER,
            now=utcnow(),
        )
    session.commit()
    assert balance(session, form).is_even
    session.commit()

    count_all()

    assert queries.received(session, form) == queries.Received(22, 10)

    assert balance(session, form).is_even
    assert balance(session, form).spent == 32
    session.commit()
    box(session, form, 1)
    assert not balance(session, form).is_even
