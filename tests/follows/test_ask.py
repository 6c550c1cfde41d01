"""Asking to follow: nothing is kept, nothing is told, and no mailbox is filled (cases 12, 41, 42, 44)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.contacts.models import Contact
from engage.db.session import db
from engage.follows import tokens
from engage.follows.models import Follow, Follower, Frequency
from engage.follows.tokens import Asked, Wish
from engage.mail.sealed import Content
from tests.follows.conftest import Follow as FollowFixture
from tests.support import makers
from tests.support.pages import Client, page
from tests.support.signing import link_in, outbox

ANA = "ana@example.org"


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open comment period about something that a mail must not name."""
    period = makers.comment_period(session, slug="jail-287g", title=makers.both("The 287(g) agreement"))
    session.commit()
    return period


def ask(client: Client, address: str = ANA, language: str = "en", **typed: Any) -> Content:
    """Ask to follow the period and give the mail that it made."""
    answer = client.send(f"/{language}/follow/periods/jail-287g", address=address, **typed)
    assert answer.status_code == 303
    assert answer.location == f"/{language}/follow/sent"
    return outbox(client.application)[-1]


def rows(session: Session) -> list[Any]:
    """All that is kept of followers."""
    session.rollback()
    return [row for table in (Contact, Follower, Follow) for row in session.scalars(sa.select(table))]


class TestConfirmation:
    def test_keeps_nothing_until_the_button_is_pressed(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        link = link_in(ask(client))
        assert rows(session) == []

        # A mail program that fetches every link uses nothing up and begins nothing (case 44).
        for _time in range(3):
            assert client.get(link).status_code == 200
            assert client.head(link).status_code == 200
        assert rows(session) == []

        answer = client.send(link)

        assert answer.status_code == 303
        contact, follower, follow = rows(session)
        assert (follower.contact_id, follower.is_discreet, follower.language) == (contact.id, True, "en")
        assert (follow.subject_kind, follow.subject_key) == ("period", str(period.id))
        assert "The 287(g) agreement" in page(client.get(answer.location)).text()

    def test_names_no_topic_and_holds_no_word_of_who_asked(
        self, client: Client, period: CommentPeriod
    ) -> None:
        mail = ask(client)

        assert mail.subject == "Testing County: please confirm your address"
        assert not re.search("287|jail|agreement|period", f"{mail.subject}{mail.body}", re.IGNORECASE)

    def test_is_in_the_language_of_the_page(self, client: Client, period: CommentPeriod) -> None:
        mail = ask(client, language="es")

        assert "confirme su dirección" in mail.subject
        assert link_in(mail).startswith("/es/")

    def test_pressed_twice_follows_once(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        link = link_in(ask(client))
        client.send(link)
        client.send(link)

        assert len(rows(session)) == 3

    def test_is_too_old_after_three_days(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        with app.app_context():
            asked = Asked(ANA, (Wish("period", str(period.id)),), Frequency.DAILY, "en", is_discreet=True)
            old = tokens.seal_asked(asked, utcnow() - tokens.CONFIRM_WITHIN - timedelta(seconds=5))

        assert client.get(f"/en/follow/confirm/{old}").status_code == 410
        answer = client.post(f"/en/follow/confirm/{old}", data={"csrf_token": client.csrf_token()})
        assert answer.status_code == 410
        assert rows(session) == []

    @pytest.mark.parametrize("token", ["nothing", "a" * 400, "%00", "ñ", "AAAA" * 20])
    def test_of_another_making_is_refused(self, client: Client, token: str, app: Flask) -> None:
        assert client.get(f"/en/follow/confirm/{token}").status_code == 410
        assert client.get(f"/en/following/{token}").status_code == 410
        assert client.get(f"/u/{token}").status_code == 404

    def test_with_the_docket_follows_both(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        client.send(link_in(ask(client, also="y")))

        kinds = {follow.subject_kind for follow in rows(session) if isinstance(follow, Follow)}
        assert kinds == {"period", "docket"}


class TestNoOracle:
    """Case 41: who asks learns nothing of whether an address is known."""

    def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(
        self, app: Flask, client: Client, period: CommentPeriod, follow: FollowFixture
    ) -> None:
        follow("known@example.org", Wish("period", str(period.id)))
        client.get("/en/follow/periods/jail-287g")
        answers, work = [], []
        for address in ("known@example.org", "other@example.org"):
            statements: list[str] = []

            def note(
                _c: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = statements
            ) -> None:
                into.append(re.sub(r"SAVEPOINT \S+", "SAVEPOINT", statement))

            with app.app_context():
                engine = db.engine
            sa.event.listen(engine, "before_cursor_execute", note)
            try:
                sent = client.send("/en/follow/periods/jail-287g", address=address)
            finally:
                sa.event.remove(engine, "before_cursor_execute", note)
            landed = client.get(sent.location)
            headers = {name for name, _value in sent.headers}
            answers.append((sent.status_code, sent.location, headers, page(landed).text()))
            work.append(statements)

        assert answers[0] == answers[1]
        assert work[0] == work[1]
        mails = outbox(app)
        assert [mail.recipient for mail in mails] == ["known@example.org", "other@example.org"]
        assert mails[0].subject == mails[1].subject

    def test_an_address_gets_one_confirmation_a_day_whoever_asks(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        other = makers.comment_period(session)
        session.commit()
        for slug in (period.slug, other.slug, period.slug):
            for spelling in (ANA, "ANA@example.org"):
                browser = app.test_client()
                assert isinstance(browser, Client)
                assert browser.send(f"/es/follow/periods/{slug}", address=spelling).status_code == 303

        assert len(outbox(app)) == 1


class TestAddress:
    def test_that_looks_mistyped_is_asked_about_once(
        self, app: Flask, client: Client, period: CommentPeriod
    ) -> None:
        answer = client.send("/en/follow/periods/jail-287g", address="ana@gmial.com")
        assert answer.status_code == 422
        assert "Did you mean ana@gmail.com?" in page(answer).text()
        assert outbox(app) == []

        client.send("/en/follow/periods/jail-287g", address="ana@gmial.com", as_typed="ana@gmial.com")
        assert outbox(app)[0].recipient == "ana@gmial.com"

    @pytest.mark.parametrize(
        "address", ["", "ana", "ana@example.org\nBcc: all@example.org", "a" * 300 + "@b.org"]
    )
    def test_that_is_none_is_refused(
        self, app: Flask, client: Client, period: CommentPeriod, address: str
    ) -> None:
        answer = client.send("/en/follow/periods/jail-287g", address=address)

        assert answer.status_code == 422
        assert outbox(app) == []


def test_a_request_under_another_name_sends_nothing(
    app: Flask, client: Client, period: CommentPeriod
) -> None:
    """Case 42."""
    data = {"csrf_token": client.csrf_token(), "address": ANA, "frequency": "daily", "style": "full"}
    answer = client.post("/en/follow/periods/jail-287g", data=data, headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert outbox(app) == []


def test_what_is_not_public_cannot_be_followed(client: Client, session: Session) -> None:
    draft = makers.comment_period(session, published_at=None)
    docket = makers.docket(session, published_at=None)
    session.commit()

    assert client.get(f"/en/follow/periods/{draft.slug}").status_code == 404
    assert client.get(f"/en/follow/dockets/{docket.slug}").status_code == 404
    assert client.get("/en/follow/comments/222-2222-2222").status_code == 404


class TestMailReceipt:
    def test_holds_the_number_and_nothing_else_of_the_comment(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, body="Marked words.", name="Marked Name", position="oppose")
        session.commit()

        answer = client.send(f"/en/receipts/{comment.tracking_number}/mail", address=ANA)

        assert answer.status_code == 303
        assert "arrives within minutes" in page(client.get(answer.location)).text()
        (mail,) = outbox(app)
        assert comment.tracking_number in mail.body
        assert comment.tracking_number not in mail.subject
        assert not re.search("Marked|oppose|287|jail|agreement", f"{mail.subject}{mail.body}", re.IGNORECASE)
        assert rows(session) == []

    def test_goes_out_once_and_fills_no_mailbox(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        comments = [makers.comment(session, period) for _number in range(6)]
        session.commit()
        for comment in (comments[0], *comments):
            client.send(f"/en/receipts/{comment.tracking_number}/mail", address=ANA)

        numbers = [mail.body for mail in outbox(app)]
        assert len(numbers) == 3
        assert sum(comments[0].tracking_number in body for body in numbers) == 1


def test_the_pages_offer_to_follow_them(
    client: Client, session: Session, period: CommentPeriod, follow: Callable[..., Any]
) -> None:
    comment = makers.comment(session, period)
    session.commit()

    for url, way in (
        (f"/en/periods/{period.slug}", f"/en/follow/periods/{period.slug}"),
        (f"/en/dockets/{period.docket.slug}", f"/en/follow/dockets/{period.docket.slug}"),
        (f"/en/receipts/{comment.tracking_number}", f"/en/follow/comments/{comment.tracking_number}"),
    ):
        assert way in page(client.get(url)).links().values()
