"""The outbox: a promise inside a transaction, kept once by the worker."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.mail import service
from engage.mail.compose import compose
from engage.mail.models import OutboxMessage
from engage.mail.queries import outbox_state
from engage.mail.sealed import Content, read
from engage.mail.service import queue_message, send_due
from tests.support.mail import Postman


def promise(session: Session, key: str = "one", recipient: str = "ana@example.org") -> bool:
    """Queue a message and commit."""
    made = queue_message(
        session, event_key=key, recipient=recipient, subject="Sobre su cuenta – ñ", body="Línea única\n"
    )
    session.commit()
    return made


def only(session: Session) -> OutboxMessage:
    """The one row of the outbox as it is now."""
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(OutboxMessage)).one()


def let_it_be_due(session: Session) -> None:
    """As if the pause had passed."""
    session.rollback()
    session.execute(sa.update(OutboxMessage).values(due_at=utcnow()))
    session.commit()


def let_it_be_due_if_waiting(session: Session) -> None:
    """As if the pause had passed, for what is not sent."""
    session.rollback()
    session.execute(sa.update(OutboxMessage).where(OutboxMessage.due_at.is_not(None)).values(due_at=utcnow()))
    session.commit()


def die(_message: OutboxMessage) -> None:
    """As a worker that is killed."""
    raise KeyboardInterrupt


class TestQueueMessage:
    def test_makes_one_message_of_one_event(self, session: Session) -> None:
        assert promise(session)
        assert not promise(session)

        assert outbox_state(session).waiting == 1

    def test_is_undone_with_its_transaction(self, session: Session) -> None:
        queue_message(session, event_key="one", recipient="ana@example.org", subject="s", body="b")
        session.rollback()

        assert outbox_state(session).waiting == 0

    def test_takes_no_line_break_into_a_header(self, session: Session) -> None:
        with pytest.raises(ValueError, match="one line"):
            promise(session, recipient="ana@example.org\nBcc: everybody@example.org")


class TestSendDue:
    def test_sends_what_was_promised_and_forgets_it(self, session: Session, postman: Postman) -> None:
        promise(session)

        assert send_due() == 1

        message = postman.messages[0]
        assert postman.recipients == ["ana@example.org"]
        assert message["Subject"] == "Sobre su cuenta – ñ"
        assert message["From"] == "Engage <engage@example.gov>"
        assert message["Message-ID"].endswith("@example.gov>")
        assert message.get_content().splitlines() == ["Línea única"]
        sent = only(session)
        assert sent.sent_at is not None
        assert (sent.sealed, sent.due_at) == (None, None)

    def test_sends_nothing_twice(self, session: Session, postman: Postman) -> None:
        promise(session)
        send_due()
        promise(session)

        assert send_due() == 0
        assert len(postman.messages) == 1

    def test_sends_nothing_twice_with_several_workers(
        self, app: Flask, session: Session, postman: Postman
    ) -> None:
        for number in range(12):
            promise(session, key=str(number))

        def work(_number: int) -> int:
            with app.app_context():
                return send_due()

        with ThreadPoolExecutor(4) as pool:
            tried = sum(pool.map(work, range(4)))

        assert tried == 12
        assert len(postman.messages) == 12

    def test_leaves_a_message_to_the_worker_that_took_it(
        self, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(session)
        monkeypatch.setattr(
            service, "_send", lambda _server, _claim: None
        )  # A worker that dies before it sends.
        send_due()
        monkeypatch.undo()

        assert only(session).attempts == 1
        assert send_due() == 0

    def test_takes_up_again_what_a_dead_worker_left(
        self, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(session)
        with monkeypatch.context() as patch:
            patch.setattr(service, "_send", lambda _server, _claim: None)
            send_due()
        let_it_be_due(session)

        assert send_due() == 1
        assert len(postman.messages) == 1

    def test_tries_again_later_and_later_what_was_not_taken(self, session: Session, postman: Postman) -> None:
        promise(session)
        postman.answer = "451 later"
        pauses = []
        for _ in range(4):
            send_due()
            due = only(session).due_at
            assert due is not None
            pauses.append(round((due - utcnow()).total_seconds(), -1))
            let_it_be_due(session)
        postman.answer = "250 OK"

        send_due()

        assert pauses == [30, 120, 480, 1920]
        assert only(session).sent_at is not None
        assert only(session).last_error is None

    def test_gives_up_what_will_never_be_taken(self, session: Session, postman: Postman) -> None:
        promise(session)
        postman.answer = "550 no such mailbox"

        send_due()

        given_up = only(session)
        assert (given_up.due_at, given_up.sent_at, given_up.sealed) == (None, None, None)
        assert given_up.last_error == "recipient refused (550)"
        assert outbox_state(session).given_up == 1

    def test_gives_up_after_two_days(self, session: Session, postman: Postman) -> None:
        promise(session)
        postman.answer = "451 later"
        only(session).queued_at -= timedelta(days=3)
        session.commit()

        send_due()

        assert only(session).due_at is None

    def test_lets_messages_wait_where_there_is_no_server(self, session: Session) -> None:
        promise(session)

        assert send_due() == 0
        content = read(only(session))
        assert content is not None
        assert content.recipient == "ana@example.org"

    def test_lets_messages_wait_while_the_server_is_away(
        self, app: Flask, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = dataclasses.replace(
            app.config["ENGAGE_SETTINGS"], mail_url="smtp://127.0.0.1:1?from=engage@example.gov"
        )
        monkeypatch.setitem(app.config, "ENGAGE_SETTINGS", settings)
        promise(session)

        assert send_due() == 1

        waiting = only(session)
        assert waiting.last_error == "ConnectionRefusedError"
        assert waiting.due_at is not None

    def test_sends_at_most_one_more_copy_with_the_same_id_after_a_death_between_sending_and_noting(
        self, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(session)
        with monkeypatch.context() as patch:
            patch.setattr(service, "_finish", die)
            with pytest.raises(KeyboardInterrupt):
                send_due()
        assert only(session).sent_at is None
        assert send_due() == 0  # Its lease still runs.
        let_it_be_due(session)
        send_due()
        let_it_be_due_if_waiting(session)
        send_due()

        first, second = postman.messages
        assert first["Message-ID"] == second["Message-ID"]


class TestSealing:
    def test_leaves_no_address_and_no_word_in_the_database(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(session)

        row = session.execute(sa.text("SELECT * FROM outbox_message")).one()

        assert not any(word in repr(tuple(row)) for word in ("ana@", "example.org", "Línea", "cuenta"))
        if session.get_bind().dialect.name == "sqlite":
            path = session.get_bind().engine.url.database
            kept = b"".join(file.read_bytes() for file in Path(str(path)).parent.glob("engage.sqlite*"))
            assert b"ana@example.org" not in kept

    def test_keeps_days_and_no_instants(self, session: Session, postman: Postman) -> None:
        promise(session)
        assert only(session).queued_at.time() == time()

        send_due()

        sent = only(session).sent_at
        assert sent is not None
        assert sent.time() == time()

    def test_gives_up_what_another_key_has_sealed(
        self, app: Flask, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(session)
        promise(session, key="two")
        session.execute(
            sa.update(OutboxMessage).where(OutboxMessage.event_key == "one").values(sealed=b"x" * 60)
        )
        session.commit()

        assert send_due() == 1

        assert [message["To"] for message in postman.messages] == ["ana@example.org"]
        assert outbox_state(session).given_up == 1

    def test_sends_what_waited_before_it_was_sealed(self, session: Session, postman: Postman) -> None:
        """Migration 0019 has no key, so it leaves what waits readable, for the worker."""
        promise(session)
        plain = {"recipient": "ben@example.org", "subject": "Old", "body": "Old\n", "headers": {}}
        session.execute(sa.update(OutboxMessage).values(sealed=b"plain\0" + json.dumps(plain).encode()))
        session.commit()

        send_due()

        assert postman.recipients == ["ben@example.org"]


def test_an_address_is_never_folded_out_of_its_header() -> None:
    link = f"<https://{'long-' * 20}name.example.gov/u/{'x' * 32}>"
    message = compose(
        "Engage <e@example.gov>", "k" * 32, Content("a@b.org", "s", "b", {"List-Unsubscribe": link}), utcnow()
    )

    assert f"List-Unsubscribe: {link}\r\n".encode() in message.as_bytes()
