"""What an attacker with patience tried: each of these told, or lost, something before it was mended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback.codes import Boxed
from engage.feedback.counting.figures import months
from engage.feedback.models import (
    BoxedAnswer,
    Channel,
    FeedbackForm,
    FormResponse,
    FormResult,
    FormText,
    TextState,
)
from engage.feedback.results import Cell, QuestionResult, Results, to_json
from engage.feedback.service.box import put_in
from engage.feedback.service.count import count_due
from engage.feedback.service.form import close_form
from engage.feedback.service.hold import hold_versions
from engage.feedback.service.publish import publish_version
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]


def test_the_first_and_the_last_of_all_months_are_nobodys_alone() -> None:
    """Of dates of birth the first month is that of the oldest, who is then known to have answered."""
    born = [date(1931, 4, 9), *(date(1960, 1 + day % 3, 1 + day) for day in range(20)), date(2008, 6, 1)]

    told = months([day.toordinal() for day in born])

    assert not [value for value, _count in told if "1931" in value or "2008" in value]
    assert sum(count for _value, count in told) == len(born)


def test_months_in_which_ten_fell_keep_their_names() -> None:
    days = [date(2026, month, 5).toordinal() for month in (9, 10, 11) for _ in range(10)]

    assert months(days) == [("2026-09", 10), ("2026-10", 10), ("2026-11", 10)]


def _next_version(session: Session, form: FeedbackForm) -> None:
    form.working = form.working | {"description": {"default": "Again.", "es": "Otra vez."}}
    publish_version(session, form, actor=None, now=utcnow())


def test_the_number_of_answers_to_one_version_is_not_what_the_others_leave(
    session: Session, sign_in: SignIn
) -> None:
    """The results tell the sum of all versions: 117 of version 1 would leave three of version 2."""
    form = makers.feedback_form(session)
    for _ in range(117):
        makers.response(session, form, {"trust": "yes"})
    _next_version(session, form)
    for _ in range(3):
        makers.response(session, form, {"trust": "no"})
    form.closes_at = utcnow() - timedelta(hours=1)
    session.commit()
    clerk = sign_in(RoleName.CLERK)

    for path in ("", "/versions/1"):
        told = page(clerk.get(f"/en/staff/forms/{form.slug}{path}")).text()
        assert "110 or more" in told
        assert "117" not in told


def test_who_publishes_for_an_hour_finds_nobody_in_the_files(session: Session, sign_in: SignIn) -> None:
    """A version that one person was asked would tell which row is theirs, whatever they answered."""
    form = makers.feedback_form(session)
    for _ in range(12):
        makers.response(session, form, {"trust": "yes"})
    _next_version(session, form)
    makers.response(session, form, {"trust": "no"})
    session.commit()
    address = f"/en/staff/forms/{form.slug}/answers.csv"

    told = sign_in(RoleName.CLERK).get(address).get_data(as_text=True)
    for _ in range(9):
        makers.response(session, form, {"trust": "no"})
    session.commit()
    later = sign_in(RoleName.CLERK).get(address).get_data(as_text=True)

    assert [text.count(",web,") for text in (told, later)] == [12, 22]


def test_texts_of_versions_that_are_not_told_are_in_no_list(session: Session, client: Client) -> None:
    """Twelve of version 1 are told; a list of fourteen would tell that two were asked in version 2."""
    form = makers.feedback_form(session)
    results = Results(
        total=60,
        questions=(
            QuestionResult("why", "why", "long_text", (1,), 12, 12),
            QuestionResult("why@2", "why", "short_text", (2,), None, None),
        ),
    )
    session.add(FormResult(form_id=form.id, counted=60, tables=to_json(results)))
    one = makers.response(session, form, {})
    session.add(FormText(response_id=one.id, question="why", body="Because.", state=TextState.SHOWN))
    session.commit()

    assert client.get(f"/en/forms/{form.slug}/texts/why").status_code == 404


def test_what_a_version_asks_otherwise_than_in_words_stops_no_list(session: Session, client: Client) -> None:
    form = makers.feedback_form(session)
    choice = QuestionResult("why@2", "why", "single", (2,), None, None, cells=(Cell("a", None),))
    results = Results(total=60, questions=(QuestionResult("why", "why", "long_text", (1,), 12, 12), choice))
    session.add(FormResult(form_id=form.id, counted=60, tables=to_json(results)))
    session.commit()

    assert client.get(f"/en/forms/{form.slug}/texts/why").status_code == 200


@pytest.fixture
def postgresql(app: Flask, session: Session) -> Flask:
    """On SQLite one transaction writes at a time, so none of this can come about."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("one writer at a time")
    return app


def test_who_waits_while_a_clerk_closes_the_form_finds_it_closed(postgresql: Flask, session: Session) -> None:
    form = makers.feedback_form(session)
    session.commit()
    with db.sessionmaker() as other:
        answered = other.get_one(FeedbackForm, form.id)
        assert answered.takes_answers(utcnow())
        close_form(session, form, utcnow())
        session.commit()

        hold_versions(other, answered)

        assert not answered.takes_answers(utcnow())


def test_an_answer_that_was_sent_in_time_is_counted_though_it_is_written_late(
    postgresql: Flask, session: Session
) -> None:
    """Fewer than ten that come into a box after it was emptied at the close are never counted."""
    form = makers.feedback_form(session, closes_at=utcnow() - timedelta(seconds=1))
    version, answer = form.versions[-1], Boxed({"trust": "yes"}, "en", Channel.WEB, utcnow().date())
    for _ in range(12):
        put_in(session, version, answer)
    session.commit()
    with db.sessionmaker() as late:
        held = late.get_one(FeedbackForm, form.id)
        hold_versions(late, held)
        put_in(late, held.versions[-1], answer)

        def count() -> None:
            with postgresql.app_context():
                count_due()

        job = threading.Thread(target=count)
        job.start()
        job.join(0.5)
        late.commit()
        job.join(10)

    number = sa.select(sa.func.count()).select_from
    assert (session.scalar(number(FormResponse)), session.scalar(number(BoxedAnswer))) == (13, 0)
