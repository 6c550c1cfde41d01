"""The code after the password: each taken once, kept encrypted, required of staff unless the installation
says otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.app import create_app
from engage.db.session import db
from tests.support import makers
from tests.support.pages import Client, page
from tests.support.signing import HOME, App, give_password, is_signed_in, set_up_app

CODE = "/en/staff/code"
RECOVERY = "/en/staff/recovery"


@pytest.fixture
def official(session: Session) -> User:
    """Somebody with a password and no second factor yet."""
    user = makers.user(session, RoleName.OFFICIAL)
    session.commit()
    return user


@pytest.fixture
def phone(app: Flask, official: User) -> App:
    """The authenticator app of the official."""
    client = browser(app)
    give_password(client, official.email)
    return set_up_app(client)


def browser(app: Flask) -> Client:
    """A browser that nobody used before."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def recovery_codes(client: Client) -> list[str]:
    """Make recovery codes on the page of somebody who is signed in."""
    made = client.send("/en/staff/recovery-codes", generate_new_codes="1")
    return [code.text or "" for code in page(made).all(".//main//code")]


class TestCode:
    """Case 45."""

    def test_is_refused_when_it_was_used_before(self, app: Flask, official: User, phone: App) -> None:
        code = phone.code(1)
        first, second = browser(app), browser(app)
        give_password(first, official.email)
        give_password(second, official.email)

        first.send(CODE, code=code)
        second.send(CODE, code=code)

        assert is_signed_in(first)
        assert not is_signed_in(second)

    def test_lets_one_in_when_it_comes_twice_at_once(self, app: Flask, official: User, phone: App) -> None:
        code = phone.code(1)
        browsers = [browser(app) for _ in range(4)]
        requests = []
        for client in browsers:
            give_password(client, official.email)
            requests.append((client, page(client.get(CODE)).fields() | {"code": code}))

        with ThreadPoolExecutor(len(browsers)) as pool:
            list(pool.map(lambda pair: pair[0].post(CODE, data=pair[1]), requests))

        assert sum(is_signed_in(client) for client in browsers) == 1

    def test_that_set_the_app_up_does_not_sign_in_too(self, app: Flask, official: User) -> None:
        client = browser(app)
        give_password(client, official.email)
        phone = set_up_app(client)
        other = browser(app)
        give_password(other, official.email)

        other.send(CODE, code=phone.used)

        assert not is_signed_in(other)

    def test_is_asked_of_nobody_who_has_not_given_a_password(self, client: Client) -> None:
        assert client.get(CODE).location == "/en/staff/sign-in"
        assert client.get(RECOVERY).location == "/en/staff/sign-in"
        assert client.get("/en/staff/second-factor").location == "/en/staff/sign-in"

    def test_cannot_be_guessed_at_leisure(self, app: Flask, official: User, phone: App) -> None:
        client = browser(app)
        give_password(client, official.email)
        form = page(client.get(CODE)).fields()
        for guess in range(10):
            client.post(CODE, data=form | {"code": f"{guess:06}"})

        client.post(CODE, data=form | {"code": phone.code(1)})

        assert not is_signed_in(client)


class TestRecoveryCode:
    def test_replaces_the_code_once(
        self, app: Flask, official: User, phone: App, sign_in: Callable[..., Client]
    ) -> None:
        codes = recovery_codes(sign_in(official))
        assert len(codes) == 8
        first, second = browser(app), browser(app)
        for client in (first, second):
            give_password(client, official.email)
            client.send(RECOVERY, code=f" {codes[0].upper()} ")

        assert is_signed_in(first)
        assert not is_signed_in(second)

    def test_lets_one_in_when_it_comes_twice_at_once(
        self, app: Flask, official: User, phone: App, sign_in: Callable[..., Client]
    ) -> None:
        code = recovery_codes(sign_in(official))[0]
        browsers = [browser(app) for _ in range(4)]
        requests = []
        for client in browsers:
            give_password(client, official.email)
            requests.append((client, page(client.get(RECOVERY)).fields() | {"code": code}))

        with ThreadPoolExecutor(len(browsers)) as pool:
            list(pool.map(lambda pair: pair[0].post(RECOVERY, data=pair[1]), requests))

        assert sum(is_signed_in(client) for client in browsers) == 1

    def test_is_shown_again_only_on_demand(
        self, official: User, phone: App, sign_in: Callable[..., Client]
    ) -> None:
        client = sign_in(official)
        codes = recovery_codes(client)

        assert codes[0] not in page(client.get("/en/staff/recovery-codes")).text()
        assert codes[0] in page(client.get("/en/staff/recovery-codes?show_codes=1")).text()


def test_secrets_stand_in_the_database_unreadable(
    session: Session, official: User, phone: App, sign_in: Callable[..., Client]
) -> None:
    codes = recovery_codes(sign_in(official))
    row = session.execute(
        sa.text("SELECT tf_totp_secret, mf_recovery_codes FROM user_account WHERE id = :id"),
        {"id": official.id},
    ).one()

    assert '"enckey"' in row[0]
    assert phone.key not in row[0]
    assert not [code for code in codes if code in row[1]]


class TestWhereItIsOptional:
    @pytest.fixture
    def relaxed(self, app: Flask) -> Iterator[Flask]:
        """A site of an installation that says ENGAGE_STAFF_MFA=optional."""
        site = create_app(dataclasses.replace(app.config["ENGAGE_SETTINGS"], staff_mfa=False))
        site.test_client_class = Client
        yield site
        with site.app_context():
            db.engine.dispose()

    def test_a_password_is_enough_and_the_start_page_offers_more(
        self, relaxed: Flask, official: User
    ) -> None:
        client = browser(relaxed)

        assert give_password(client, official.email).location == HOME

        assert "Set up a second factor" in page(client.get(HOME)).links()

    def test_it_can_be_set_up_and_turned_off(self, relaxed: Flask, official: User) -> None:
        client = browser(relaxed)
        give_password(client, official.email)
        set_up_app(client)
        assert "Authenticator app" in page(client.get("/en/staff/account")).text()

        client.send("/en/staff/second-factor", setup="disable")

        assert "None" in page(client.get("/en/staff/account")).text()

    def test_whoever_has_one_is_asked_for_it(self, relaxed: Flask, official: User, phone: App) -> None:
        client = browser(relaxed)

        assert give_password(client, official.email).location.startswith(CODE)

    def test_where_it_is_required_it_cannot_be_turned_off(
        self, official: User, phone: App, sign_in: Callable[..., Client]
    ) -> None:
        client = sign_in(official)

        client.send("/en/staff/second-factor", setup="disable")

        assert "Authenticator app" in page(client.get("/en/staff/account")).text()
