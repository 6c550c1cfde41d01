"""A new password: by a link from a mail, or by somebody who is signed in."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts import attempts
from engage.accounts.models import RoleName, User
from tests.support import makers
from tests.support.makers import PASSWORD
from tests.support.pages import Client, page
from tests.support.signing import give_password, is_signed_in, link_in, outbox, set_up_app

RESET = "/en/staff/reset"
NEW = "a wholly different sentence"


@pytest.fixture
def clerk(session: Session) -> User:
    """Somebody with a password and no second factor yet."""
    user = makers.user(session, RoleName.CLERK)
    session.commit()
    return user


def ask_for_link(app: Flask, client: Client, user: User) -> str:
    """Ask for a new password and open the mail."""
    client.send(RESET, email=user.email)
    message = outbox(app)[-1]
    assert message.recipient == user.email
    return link_in(message)


def set_new(client: Client, link: str, password: str = NEW, again: str | None = None) -> int:
    """Choose a password by a link; returns the status of the answer."""
    return client.send(link, password=password, password_confirm=again or password).status_code


class TestLink:
    """Cases 43 and 44."""

    def test_sets_a_new_password_once_and_ends_every_session(
        self, app: Flask, client: Client, clerk: User, sign_in: Callable[..., Client]
    ) -> None:
        elsewhere = sign_in(clerk)
        link = ask_for_link(app, client, clerk)

        assert set_new(client, link) == 302

        assert not is_signed_in(elsewhere)
        assert client.get(link).location == RESET
        assert give_password(client, clerk.email).status_code == 200
        assert give_password(client, clerk.email, NEW).location == "/en/staff/second-factor"

    def test_is_used_up_by_nobody_who_only_opens_it(self, app: Flask, client: Client, clerk: User) -> None:
        link = ask_for_link(app, client, clerk)
        for _ in range(3):
            assert client.get(link).status_code == 200
            client.head(link)

        assert set_new(client, link) == 302

    def test_does_not_replace_the_second_factor(self, app: Flask, client: Client, clerk: User) -> None:
        give_password(client, clerk.email)
        set_up_app(client)
        stranger = app.test_client()
        assert isinstance(stranger, Client)

        assert set_new(stranger, ask_for_link(app, stranger, clerk)) == 302

        assert not is_signed_in(stranger)
        assert give_password(stranger, clerk.email, NEW).location.startswith("/en/staff/code")

    def test_works_for_half_an_hour(
        self, app: Flask, client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link, now = ask_for_link(app, client, clerk), time.time()
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 29 * 60)
        assert client.get(link).status_code == 200

        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 31 * 60)
        client.delete_cookie("session")

        assert client.get(link).location == RESET
        assert "30 minutes" in page(client.get(RESET)).text(".//body")

    def test_does_not_take_a_short_password(self, app: Flask, client: Client, clerk: User) -> None:
        link = ask_for_link(app, client, clerk)

        assert set_new(client, link, "eleven char") == 200
        assert set_new(client, link, NEW, "something else entirely") == 200
        assert set_new(client, link, "twelve chars") == 302

    def test_says_nothing_in_its_subject(self, app: Flask, client: Client, clerk: User) -> None:
        ask_for_link(app, client, clerk)

        assert outbox(app)[-1].subject == "About your account"

    def test_goes_to_the_sites_own_name_whatever_the_request_says(
        self, app: Flask, client: Client, clerk: User
    ) -> None:
        """Case 42."""
        form = page(client.get(RESET)).fields() | {"email": clerk.email}

        answer = client.post(RESET, data=form, headers={"Host": "evil.example"})
        forwarded = client.post(RESET, data=form, headers={"X-Forwarded-Host": "evil.example"})

        assert answer.status_code == 400
        assert forwarded.status_code == 200
        assert [message.body.count("http://localhost/") for message in outbox(app)] == [1]
        assert "evil" not in outbox(app)[0].body

    def test_is_not_sent_to_somebody_without_an_account(self, app: Flask, client: Client) -> None:
        client.send(RESET, email="nobody@example.org")

        assert outbox(app) == []

    def test_is_not_sent_again_and_again(self, app: Flask, client: Client, clerk: User) -> None:
        for _ in range(6):
            client.send(RESET, email=clerk.email)

        assert len(outbox(app)) == 3

    def test_lifts_the_pause_after_too_many_failures(
        self, app: Flask, client: Client, session: Session, clerk: User
    ) -> None:
        for _ in range(10):
            attempts.count(session, attempts.Kind.SIGN_IN, clerk.email)
        session.commit()

        set_new(client, ask_for_link(app, client, clerk))

        assert give_password(client, clerk.email, NEW).location == "/en/staff/second-factor"


class TestChange:
    URL = "/en/staff/password"

    def change(self, client: Client, present: str, new: str = NEW) -> int:
        return client.send(self.URL, password=present, new_password=new, new_password_confirm=new).status_code

    def test_keeps_this_session_ends_the_others_and_tells_by_mail(
        self, app: Flask, clerk: User, sign_in: Callable[..., Client]
    ) -> None:
        here, there = sign_in(clerk), sign_in(clerk)

        assert self.change(here, PASSWORD) == 302

        assert is_signed_in(here)
        assert not is_signed_in(there)
        assert "was changed" in outbox(app)[-1].body

    @pytest.mark.parametrize(
        ("present", "new"),
        [("not the password", NEW), (PASSWORD, PASSWORD), (PASSWORD, "too short"), ("", NEW)],
    )
    def test_needs_the_present_password_and_a_good_new_one(
        self, clerk: User, sign_in: Callable[..., Client], client: Client, present: str, new: str
    ) -> None:
        self.change(sign_in(clerk), present, new)

        assert give_password(client, clerk.email).location == "/en/staff/second-factor"


class TestFreshness:
    """Case 46."""

    def stale(self, client: Client) -> Client:
        with client.session_transaction() as cookie:
            cookie["fs_paa"] = time.time() - 16 * 60
        return client

    def test_of_a_quarter_of_an_hour_is_asked_for_changes_of_roles(
        self, session: Session, sign_in: Callable[..., Client], clerk: User
    ) -> None:
        administrator = makers.user(session, RoleName.ADMINISTRATOR)
        session.commit()
        client = self.stale(sign_in(administrator))
        url = f"/en/staff/people/{clerk.id}"

        sent_away = client.get(url)
        assert sent_away.location == f"/en/staff/confirm?next={url}"
        back = client.send(sent_away.location, password=PASSWORD)

        assert back.location == url
        assert client.get(url).status_code == 200

    def test_that_ran_out_while_a_form_was_open_gives_back_what_was_typed(
        self, sign_in: Callable[..., Client]
    ) -> None:
        client = sign_in(RoleName.ADMINISTRATOR)
        url = "/en/staff/people/add"
        form = page(client.get(url)).fields()

        answer = self.stale(client).post(url, data=form | {"name": "Ana Ruiz", "email": "ana@example.org"})

        assert answer.status_code == 403
        assert "Ana Ruiz" in page(answer).text()
        assert page(answer).links()["Give your password, then go on"] == f"/en/staff/confirm?next={url}"

    def test_is_asked_before_the_second_factor_is_changed(self, sign_in: Callable[..., Client]) -> None:
        client = self.stale(sign_in(RoleName.HOST))

        assert client.get("/en/staff/second-factor").location.startswith("/en/staff/confirm?next=")
        assert client.get("/en/staff/recovery-codes").location.startswith("/en/staff/confirm?next=")

    def test_is_not_given_by_a_wrong_password(self, sign_in: Callable[..., Client]) -> None:
        client = self.stale(sign_in(RoleName.ADMINISTRATOR))

        client.send("/en/staff/confirm", password="not the password")

        assert client.get("/en/staff/people/add").status_code == 303


def test_a_post_after_the_session_ended_gives_back_what_was_typed(
    sign_in: Callable[..., Client], session: Session, clerk: User
) -> None:
    client = sign_in(RoleName.ADMINISTRATOR)
    form = page(client.get("/en/staff/people/add")).fields()
    with client.session_transaction() as cookie:
        del cookie["_user_id"]

    answer = client.post("/en/staff/people/add", data=form | {"name": "Ana Ruiz"})

    assert answer.status_code == 403
    assert "Ana Ruiz" in page(answer).text()
    assert page(answer).links()["Sign in"] == "/en/staff/sign-in?next=/en/staff/people/add"
