"""The administrators' pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts import queries
from engage.accounts.models import RoleName, User
from engage.app import create_app
from engage.db.session import db
from engage.mail.service import queue_message
from tests.support import makers
from tests.support.pages import Client, page
from tests.support.signing import give_password, is_signed_in, link_in, outbox

PEOPLE = "/en/staff/people"
CHOSEN = "a password of my own"


@pytest.fixture
def administrator(sign_in: Callable[..., Client]) -> Client:
    """The browser of an administrator who has just signed in."""
    return sign_in(RoleName.ADMINISTRATOR)


@pytest.fixture
def host(session: Session) -> User:
    """Somebody whose account is managed."""
    user = makers.user(session, RoleName.HOST)
    session.commit()
    return user


@pytest.fixture
def mailing(app: Flask) -> Iterator[Flask]:
    """The site of an installation with a mail server."""
    url = "smtp://127.0.0.1:1?from=engage@example.org"
    site = create_app(dataclasses.replace(app.config["ENGAGE_SETTINGS"], mail_url=url))
    site.test_client_class = Client
    yield site
    with site.app_context():
        db.engine.dispose()


def reread(session: Session, user: User) -> User:
    """An account as it is now in the database."""
    session.rollback()
    session.expire_all()
    return session.get_one(User, user.id)


def add(client: Client, **typed: Any) -> TestResponse:
    """Fill the page for a new account in."""
    values: dict[str, Any] = {"name": "Ana Ruiz", "email": "ana@example.org", "roles": ["host", "clerk"]}
    return client.send(f"{PEOPLE}/add", **values | typed)


class TestList:
    def test_shows_everybody_with_what_they_may_do(
        self, administrator: Client, session: Session, host: User
    ) -> None:
        makers.user(session, RoleName.CLERK, RoleName.MODERATOR, name="Bo", active=False)
        session.commit()

        text = page(administrator.get(PEOPLE)).text()

        assert host.email in text
        assert "Moderator, Clerk" in text
        assert "Deactivated" in text

    def test_says_that_mail_waits_where_there_is_no_server(
        self, administrator: Client, session: Session
    ) -> None:
        queue_message(session, event_key="one", recipient="ana@example.org", subject="About", body="…")
        session.commit()

        assert "wait: 1." in page(administrator.get(PEOPLE)).text()

    def test_is_in_the_menu_of_administrators_only(
        self, administrator: Client, sign_in: Callable[..., Client]
    ) -> None:
        assert "People" in page(administrator.get("/en/staff")).links()
        assert "People" not in page(sign_in(RoleName.CLERK).get("/en/staff")).links()


class TestAdd:
    def test_shows_the_link_once_where_there_is_no_mail_and_the_link_sets_the_password(
        self, app: Flask, administrator: Client
    ) -> None:
        shown = add(administrator)
        link = page(shown).text(".//main//code")
        guest = app.test_client()
        assert isinstance(guest, Client)
        path = link.removeprefix("http://localhost")
        for _ in range(2):
            assert guest.get(path).status_code == 200

        done = guest.send(path, password=CHOSEN, password_confirm=CHOSEN)

        assert done.location == "/en/staff/sign-in"
        assert guest.get(path).status_code == 303
        assert give_password(guest, "ana@example.org", CHOSEN).location == "/en/staff/second-factor"

    def test_mails_the_link_in_both_languages_where_there_is_mail(
        self, mailing: Flask, sign_in: Callable[..., Client], app: Flask
    ) -> None:
        client = mailing.test_client()
        assert isinstance(client, Client)
        with (
            sign_in(RoleName.ADMINISTRATOR).session_transaction() as there,
            client.session_transaction() as here,
        ):
            here.update(there)

        answer = add(client)

        assert answer.location == PEOPLE
        message = outbox(app)[-1]
        assert message.recipient == "ana@example.org"
        assert client.get(link_in(message)).status_code == 200
        assert message.body.count("http://localhost/en/") == message.body.count("http://localhost/es/") == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"email": "no address"}, {"name": ""}, {"roles": []}, {"roles": ["king"]}, {"roles": ["resident"]}],
    )
    def test_refuses_what_is_missing_or_wrong_and_keeps_the_rest(
        self, administrator: Client, session: Session, wrong: dict[str, object]
    ) -> None:
        answer = add(administrator, **wrong)

        assert answer.status_code == 422
        assert queries.user_by_email(session, "ana@example.org") is None

    def test_refuses_an_address_that_is_taken(self, administrator: Client, host: User) -> None:
        answer = add(administrator, email=host.email.upper())

        assert answer.status_code == 422
        assert "already" in page(answer).text()


class TestOneAccount:
    def test_gets_other_roles(self, administrator: Client, session: Session, host: User) -> None:
        administrator.send(f"{PEOPLE}/{host.id}", roles=["clerk", "official"])

        assert reread(session, host).role_names == {RoleName.CLERK, RoleName.OFFICIAL}

    def test_is_deactivated_with_its_sessions_and_comes_back(
        self, administrator: Client, session: Session, host: User, sign_in: Callable[..., Client]
    ) -> None:
        theirs = sign_in(host)
        url = f"{PEOPLE}/{host.id}"

        administrator.send(url, to=f"{url}/deactivate")
        assert not is_signed_in(theirs)
        assert not reread(session, host).active
        administrator.send(url, to=f"{url}/reactivate")

        assert reread(session, host).active
        assert not is_signed_in(theirs)

    def test_loses_a_second_factor_that_is_lost(
        self, administrator: Client, session: Session, host: User
    ) -> None:
        host.tf_primary_method, host.tf_totp_secret = "authenticator", "{}"
        session.commit()
        url = f"{PEOPLE}/{host.id}"

        administrator.send(url, to=f"{url}/reset-second-factor")

        assert not reread(session, host).has_second_factor

    def test_is_invited_again_unless_it_is_not_active(
        self, administrator: Client, session: Session, host: User
    ) -> None:
        url = f"{PEOPLE}/{host.id}"
        assert "Pass this link on" in page(administrator.send(url, to=f"{url}/invite")).text()
        host.active = False
        session.commit()

        assert administrator.send(url, to=f"{url}/invite").status_code == 303

    def test_of_the_last_administrator_stays_as_it_is(
        self, session: Session, sign_in: Callable[..., Client]
    ) -> None:
        last = makers.user(session, RoleName.ADMINISTRATOR)
        session.commit()
        client, url = sign_in(last), f"{PEOPLE}/{last.id}"

        assert client.send(url, roles=["host"]).status_code == 422
        client.send(url, to=f"{url}/deactivate")

        assert "last active administrator" in page(client.get(url)).text(".//body")
        assert reread(session, last).active
        assert reread(session, last).role_names == {RoleName.ADMINISTRATOR}

    def test_that_is_not_there_is_not_found(self, administrator: Client) -> None:
        assert administrator.get(f"{PEOPLE}/987654").status_code == 404
