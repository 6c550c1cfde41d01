"""What was acknowledged is in the box exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.feedback import queries
from engage.feedback.codes import code_index, code_of, unseal
from engage.feedback.models import BoxedAnswer, Channel, FeedbackForm, FormTicket
from engage.feedback.service.receive import CodeSpent, CodeUnknown, FormNotOpen, receive
from tests.support.makers import feedback_form


def send(session: Session, form: FeedbackForm, code: str, *, is_handed_out: bool = False) -> bool:
    return receive(
        session,
        form.versions[-1],
        {"trust": "yes"},
        code=code,
        is_handed_out=is_handed_out,
        language="en",
        channel=Channel.WEB,
        now=utcnow(),
    )


def test_the_same_token_twice_leaves_one_answer(app: Flask, session: Session) -> None:
    form = feedback_form(session)

    assert send(session, form, "token") is True
    assert send(session, form, "token") is False
    assert queries.received(session, form).total == 1


def test_a_code_is_good_for_one_answer_however_it_is_typed(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    ticket = FormTicket(form_id=form.id, id=77, code_index=code_index(code_of(77)))
    session.add(ticket)
    session.flush()
    typed = code_of(77).lower().replace("-", " ").replace("0", "o")

    assert send(session, form, typed, is_handed_out=True) is True
    with pytest.raises(CodeSpent):
        send(session, form, code_of(77), is_handed_out=True)
    assert queries.received(session, form).total == 1


def test_a_code_that_nobody_handed_out_keeps_nothing(app: Flask, session: Session) -> None:
    form = feedback_form(session)

    with pytest.raises(CodeUnknown):
        send(session, form, "ABCD", is_handed_out=True)
    assert queries.received(session, form).total == 0


def test_a_closed_form_takes_no_answer(app: Flask, session: Session) -> None:
    form = feedback_form(session, closes_at=utcnow() - timedelta(seconds=1))

    with pytest.raises(FormNotOpen):
        send(session, form, "token")


def test_the_box_can_be_read_only_with_the_key(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    send(session, form, "token")
    boxed = session.scalars(sa.select(BoxedAnswer)).one()

    assert b"trust" not in boxed.sealed
    assert unseal(boxed.sealed, version_id=boxed.version_id).answers == {"trust": "yes"}
