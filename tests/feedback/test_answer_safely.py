"""What a resident sends counts once, is never lost to a fault of ours, and says nothing about the browser."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from limits import parse_many
from sqlalchemy.orm import Session

from engage.feedback.codes import code_index, code_of
from engage.feedback.models import BoxedAnswer, Entry, FeedbackForm, FormTicket
from engage.feedback.views import answer
from engage.web.limits import Kind
from tests.guards.test_privacy import MARKS, _everything_kept
from tests.support.form_visitor import Visitor, boxed, multi, send, to_the_end
from tests.support.makers import feedback_form
from tests.support.pages import Client, Page

RECEIVED = "/en/forms/jail/received"
WORDS = "It was a long way, and nobody told us why."


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    """An open form."""
    made = feedback_form(session, slug="jail")
    session.commit()
    return made


def filled_in(client: Client) -> Visitor:
    """On the last page, with something in words."""
    return Visitor(client, "jail").press("start").press(q_trust="no").press(q_why=WORDS).press(q_area="north")


def twenty_times(app: Flask, client: Client, fields: dict[str, list[str]]) -> list[tuple[int, str]]:
    cookie = client.get_cookie("session") or client.get_cookie("__Host-session")
    assert cookie is not None

    def post(_number: int) -> tuple[int, str]:
        browser = app.test_client()
        browser.set_cookie(cookie.key, cookie.value)
        sent = browser.post(RECEIVED, data=fields)
        return sent.status_code, Page(sent.get_data(as_text=True)).text()

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(post, range(20)))


def test_twenty_at_once_are_one_answer_and_see_the_same_page(
    app: Flask, client: Client, session: Session, form: FeedbackForm
) -> None:
    fields = multi(to_the_end(Visitor(client, "jail")).fields())

    answers = set(twenty_times(app, client, fields))

    assert len(answers) == 1
    assert answers.pop()[0] == 200
    assert len(boxed(session)) == 1


def test_twenty_at_once_with_one_code_are_one_answer(
    app: Flask, client: Client, session: Session, form: FeedbackForm
) -> None:
    form.entry = Entry.CODE
    session.add(FormTicket(form_id=form.id, id=77, code_index=code_index(code_of(77))))
    session.commit()
    fields = multi(to_the_end(Visitor(client, "jail"), ticket=code_of(77)).fields())

    answers = twenty_times(app, client, fields)

    assert sorted(status for status, _text in answers) == [200] + [409] * 19
    assert len(boxed(session)) == 1


def test_nothing_of_the_browser_is_kept_or_logged(
    app: Flask,
    client: Client,
    session: Session,
    form: FeedbackForm,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    client.environ_base.update(MARKS)
    with caplog.at_level(logging.DEBUG):
        visitor = send(filled_in(client))
    code = visitor.page.text(".//p[@class='check-code']")
    client.send("/en/forms/jail/check", code=code)
    session.rollback()

    said, out, err = caplog.text, *capfd.readouterr()
    kept = _everything_kept(app)
    for mark in ("203.0.113", "MarkedBrowser", "marked-referrer", WORDS, code, code.replace("-", "")):
        assert mark not in kept
        assert mark not in said + out + err
    assert session.scalar(sa.select(sa.func.count()).select_from(BoxedAnswer)) == 1


def test_too_many_from_one_network_wait_with_all_pages(
    limited: Flask, session: Session, form: FeedbackForm
) -> None:
    state = limited.extensions["limits"]
    state.rates = {kind: parse_many("1 per 10 minutes") for kind in Kind}
    client = limited.test_client()
    assert isinstance(client, Client)
    # The pages before the last cost nothing, however often somebody turns them.
    send(filled_in(client))
    visitor = send(filled_in(client))

    assert visitor.answer.status_code == 429
    assert visitor.page.text(".//main//textarea") == WORDS
    state.storage.reset()
    visitor.answer = client.post(RECEIVED, data=multi(visitor.fields()))
    assert "have arrived" in visitor.text
    assert [one.answers["why"] for one in boxed(session)] == [WORDS, WORDS]


def test_codes_cannot_be_tried_out_at_the_start_without_end(
    limited: Flask, session: Session, form: FeedbackForm
) -> None:
    form.entry = Entry.CODE
    session.commit()
    limited.extensions["limits"].rates = {kind: parse_many("2 per 10 minutes") for kind in Kind}
    client = limited.test_client()
    assert isinstance(client, Client)

    wrong = "ABCD-EFGH-JKMN-PQRS"
    statuses = [
        Visitor(client, "jail").press("start", ticket=wrong).answer.status_code for _number in range(3)
    ]

    assert statuses == [422, 422, 429]


def test_a_lost_database_gives_all_pages_back_to_be_sent_again(
    client: Client, session: Session, form: FeedbackForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = filled_in(client)

    def is_gone(*_given: object, **_named: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(answer, "receive", is_gone)
        send(visitor)
    assert visitor.answer.status_code == 503
    assert visitor.page.text(".//main//textarea") == WORDS
    assert boxed(session) == []

    visitor.answer = client.post(RECEIVED, data=multi(visitor.fields()))

    assert "have arrived" in visitor.text
    assert [one.answers["why"] for one in boxed(session)] == [WORDS]


def test_a_page_of_a_form_holds_nobody_up_who_writes(
    app: Flask, client: Client, session: Session, form: FeedbackForm
) -> None:
    visitor = Visitor(client, "jail").press("start")
    # This transaction writes and stays open meanwhile.
    session.execute(sa.update(FeedbackForm).values(revision=FeedbackForm.revision + 1))

    visitor.press(q_trust="yes")

    assert "Page 2 of 2" in visitor.text


def test_no_answer_lies_in_an_address_or_a_cookie(
    client: Client, session: Session, form: FeedbackForm
) -> None:
    visitor = send(filled_in(client))

    assert visitor.answer.request.query_string == b""
    assert visitor.answer.request.path == RECEIVED
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"csrf_token", "_permanent"}
