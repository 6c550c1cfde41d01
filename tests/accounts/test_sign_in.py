"""Signing in and out, and what somebody who may not sees of it."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts import attempts
from engage.accounts.models import AccountAttempt, RoleName, User
from engage.clock import utcnow
from tests.support import makers
from tests.support.makers import PASSWORD
from tests.support.pages import Client, page
from tests.support.signing import HOME, SIGN_IN, give_password, is_signed_in, set_up_app

RESET = "/en/staff/reset"


@pytest.fixture
def moderator(session: Session) -> User:
    """Somebody with a password and no second factor yet."""
    user = makers.user(session, RoleName.MODERATOR)
    session.commit()
    return user


def without_chance(response: TestResponse, typed: str) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, page and headers of an answer, less what is random in every answer and the address that was
    typed."""
    html = re.sub(r'nonce="[^"]*"|value="[^"]{60,}"', "", response.get_data(as_text=True))
    headers = [
        (name, re.sub(r"nonce-[^']*|session=[^;]*", "", value))
        for name, value in response.headers
        if name != "Content-Length"
    ]
    return response.status_code, html.replace(typed, "…"), headers


class TestSignIn:
    def test_begins_with_setting_up_a_second_factor_and_ends_at_the_start_page(
        self, client: Client, moderator: User
    ) -> None:
        answer = give_password(client, moderator.email)
        assert answer.location == "/en/staff/second-factor"
        assert not is_signed_in(client)

        set_up_app(client)

        assert "Moderator" in page(client.get(HOME)).text()

    def test_asks_for_the_code_after_the_password_and_goes_where_one_wanted_to(
        self, app: Flask, client: Client, moderator: User
    ) -> None:
        give_password(client, moderator.email)
        phone = set_up_app(client)
        other = app.test_client()
        assert isinstance(other, Client)

        wanted = other.get("/en/staff/account")
        asked = give_password(other, moderator.email, url=wanted.location)
        assert asked.location.startswith("/en/staff/code")
        assert not is_signed_in(other)
        done = other.send(asked.location, code=phone.code(1))

        assert done.location == "/en/staff/account"
        assert is_signed_in(other)

    def test_takes_the_address_in_any_spelling(self, client: Client, moderator: User) -> None:
        answer = give_password(client, f" {moderator.email.upper()} ")

        assert answer.location == "/en/staff/second-factor"

    def test_speaks_spanish(self, client: Client) -> None:
        answer = client.send("/es/staff/sign-in", email="nadie@example.org", password="equivocada del todo")

        assert "no coinciden" in page(answer).text()

    def test_lets_no_deactivated_account_in(self, client: Client, session: Session) -> None:
        user = makers.user(session, RoleName.MODERATOR, active=False)
        session.commit()

        assert give_password(client, user.email).status_code == 200
        assert not is_signed_in(client)

    def test_offers_no_cookie_that_remembers(self, client: Client, moderator: User) -> None:
        answer = client.send(SIGN_IN, email=moderator.email, password=PASSWORD, remember="y")

        assert "remember" not in " ".join(answer.headers.getlist("Set-Cookie"))


class Stopwatch:
    """Measures by two clocks.

    One counts the work of this process, which nobody else on the machine disturbs; the one on the wall also
    sees waiting, such as for a mail server, but everything else on the machine too.
    """

    def __init__(self) -> None:
        self._work: list[float] = []
        self._wall: list[float] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what is done inside."""
        work, wall = time.process_time(), time.perf_counter()
        yield
        self._work.append(time.process_time() - work)
        self._wall.append(time.perf_counter() - wall)

    @property
    def rounds(self) -> int:
        """How often something was measured."""
        return len(self._work)

    def is_like(self, other: Stopwatch) -> bool:
        """Whether the medians are the same: within 10 % by the quiet clock, within 30 % by the noisy one."""
        work = statistics.median(self._work) / statistics.median(other._work)
        wall = statistics.median(self._wall) / statistics.median(other._wall)
        return 1 / 1.1 < work < 1.1 and 1 / 1.3 < wall < 1.3

    def __str__(self) -> str:
        return f"{statistics.median(self._work):.3f} s of work, {statistics.median(self._wall):.3f} s in all"


class TestWhoHasAnAccount:
    """Case 41."""

    @pytest.mark.parametrize("url", [SIGN_IN, RESET])
    def test_cannot_be_told_from_the_answer(self, app: Flask, moderator: User, url: str) -> None:
        answers = []
        for email in (moderator.email, "q" * (len(moderator.email) - 12) + "@example.org"):
            client = app.test_client()
            assert isinstance(client, Client)
            typed: dict[str, Any] = {"email": email} | (
                {"password": "not the password"} if url == SIGN_IN else {}
            )
            answers.append(without_chance(client.send(url, **typed), email))

        assert answers[0] == answers[1]

    @pytest.mark.parametrize("url", [SIGN_IN, RESET])
    def test_cannot_be_told_from_the_time(
        self, client: Client, moderator: User, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attempts, "FREE", dict.fromkeys(attempts.Kind, 10_000))
        form = page(client.get(url)).fields()
        known, unknown = Stopwatch(), Stopwatch()

        def ask(email: str, watch: Stopwatch) -> None:
            data = form | {"email": email} | ({"password": "not the password"} if url == SIGN_IN else {})
            with watch.running():
                client.post(url, data=data)

        # Noise goes away with rounds, a difference does not: go on until they meet or the time is up.
        until = time.monotonic() + 6
        while known.rounds < 6 or (not known.is_like(unknown) and time.monotonic() < until):
            ask(moderator.email, known)
            ask("nobody@example.org", unknown)

        assert known.is_like(unknown), f"known {known}, unknown {unknown}"

    def test_cannot_be_asked_anywhere_else(self, app: Flask) -> None:
        # For a meeting one registers without an account.
        endpoints = set(app.view_functions) - {"meetings.register"}

        assert not {
            name for name in endpoints if re.search(r"register|send_confirmation|recover_username", name)
        }


class TestTooManyFailures:
    def fail(self, client: Client, email: str, times: int) -> None:
        """Try wrong passwords on the page."""
        form = page(client.get(SIGN_IN)).fields()
        for _ in range(times):
            client.post(SIGN_IN, data=form | {"email": email, "password": "not the password"})

    def have_failed(self, session: Session, email: str, times: int) -> None:
        """As if somebody had tried wrong passwords; quicker, because no password is hashed."""
        for _ in range(times):
            attempts.count(session, attempts.Kind.SIGN_IN, email)
        session.commit()

    def pass_time(self, session: Session, by: timedelta) -> None:
        for attempt in session.scalars(sa.select(AccountAttempt)):
            attempt.made_at -= by
        session.commit()

    def test_make_the_right_password_wait_with_the_same_answer(self, client: Client, moderator: User) -> None:
        wrong = without_chance(give_password(client, moderator.email, "not the password"), moderator.email)
        self.fail(client, moderator.email, 9)

        refused = give_password(client, moderator.email)

        assert without_chance(refused, moderator.email) == wrong

    def test_end_their_pause_after_a_minute(self, client: Client, session: Session, moderator: User) -> None:
        self.have_failed(session, moderator.email, 10)
        assert give_password(client, moderator.email).status_code == 200

        self.pass_time(session, attempts.PAUSE[attempts.Kind.SIGN_IN])

        assert give_password(client, moderator.email).location == "/en/staff/second-factor"

    def test_do_not_lengthen_the_pause_by_what_is_refused(
        self, client: Client, session: Session, moderator: User
    ) -> None:
        self.have_failed(session, moderator.email, 10)
        self.fail(client, moderator.email, 15)

        assert session.scalar(sa.select(sa.func.count()).select_from(AccountAttempt)) == 10

    def test_count_every_spelling_of_an_address_as_one(
        self, client: Client, session: Session, moderator: User
    ) -> None:
        name = moderator.email.split("@")[0]
        for spelling in (
            moderator.email,
            moderator.email.upper(),
            f" {moderator.email}",
            f"{name}@ｅxample.org",
        ):
            self.have_failed(session, spelling, 3)

        assert give_password(client, moderator.email).status_code == 200

    def test_of_one_account_leave_another_alone(
        self, client: Client, session: Session, moderator: User
    ) -> None:
        other = makers.user(session, RoleName.HOST)
        session.commit()
        self.have_failed(session, moderator.email, 11)

        assert give_password(client, other.email).location == "/en/staff/second-factor"

    def test_are_forgotten_after_a_quarter_of_an_hour(
        self, client: Client, session: Session, moderator: User
    ) -> None:
        self.have_failed(session, moderator.email, 5)
        self.pass_time(session, attempts.WINDOW)

        self.fail(client, "nobody@example.org", 1)

        assert session.scalar(sa.select(sa.func.count()).select_from(AccountAttempt)) == 1

    def test_are_stored_without_the_address(self, client: Client, session: Session, moderator: User) -> None:
        self.fail(client, moderator.email, 1)

        attempt = session.scalars(sa.select(AccountAttempt)).one()
        assert moderator.email not in repr(vars(attempt))
        assert utcnow() - attempt.made_at < timedelta(minutes=1)


class TestNext:
    """Case 47."""

    @pytest.mark.parametrize(
        "evil",
        [
            "//evil.example/x",
            "/\\evil.example/x",
            "\\\\evil.example/x",
            "/\t/evil.example/x",
            "http://localhost@evil.example/x",
            "https://evil.example/x",
            "javascript:alert(1)",
            "////evil.example/x",
            " //evil.example/x",
            "http://localhost.evil.example/x",
        ],
    )
    def test_stays_on_this_site(self, app: Flask, client: Client, moderator: User, evil: str) -> None:
        give_password(client, moderator.email)
        phone = set_up_app(client)
        other = app.test_client()
        assert isinstance(other, Client)

        url = f"{SIGN_IN}?{urlencode({'next': evil})}"
        asked = other.send(url, to=url, email=moderator.email, password=PASSWORD, next=evil)
        if (
            asked.status_code == 200
        ):  # The page says that the address leads away and has put it out of the form.
            asked = other.send(url, email=moderator.email, password=PASSWORD)
        done = other.send(
            asked.location, to=f"/en/staff/code?{urlencode({'next': evil})}", code=phone.code(1)
        )

        for place in (asked.location, done.location):
            # As a browser reads it, which takes a backslash for a slash.
            assert (
                urlsplit(urljoin("http://localhost/en/staff/code", place.replace("\\", "/"))).netloc
                == "localhost"
            )
        assert is_signed_in(other)


class TestSession:
    """Case 48."""

    def test_is_a_new_one_after_signing_in(
        self, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch, moderator: User
    ) -> None:
        with client.session_transaction() as planted:
            planted["csrf_token"] = "planted by somebody else"
            planted["preference"] = "planted too"

        give_password(client, moderator.email)
        set_up_app(client)

        with client.session_transaction() as kept:
            assert kept.get("csrf_token") != "planted by somebody else"
            assert "preference" not in kept
            assert not [name for name in kept if name.startswith("tf_")]

    def test_is_gone_after_signing_out(self, sign_in: Callable[..., Client]) -> None:
        client = sign_in(RoleName.HOST)

        answer = client.send(HOME, form=".//header//form")

        assert answer.location == "/en"
        with client.session_transaction() as left:
            assert not left
        assert client.get(HOME).status_code == 303

    def test_does_not_end_by_a_link(self, sign_in: Callable[..., Client]) -> None:
        client = sign_in(RoleName.HOST)

        assert client.get("/en/staff/sign-out").status_code == 405
        assert is_signed_in(client)

    def test_ends_everywhere_at_once(
        self, sign_in: Callable[..., Client], session: Session, moderator: User
    ) -> None:
        here, there = sign_in(moderator), sign_in(moderator)

        answer = here.send("/en/staff/account", form=".//main//form")

        assert answer.status_code == 303
        assert not is_signed_in(here)
        assert not is_signed_in(there)

    def test_ends_when_the_account_is_deactivated(
        self, sign_in: Callable[..., Client], session: Session, moderator: User
    ) -> None:
        client = sign_in(moderator)
        session.get_one(User, moderator.id).active = False
        session.commit()

        assert not is_signed_in(client)

    def test_is_not_opened_by_a_token_in_the_address(
        self, client: Client, app: Flask, moderator: User
    ) -> None:
        with app.app_context():
            token = moderator.get_auth_token()

        assert client.get(HOME, query_string={"auth_token": token}).status_code == 303
        assert client.get(HOME, headers={"Authentication-Token": token}).status_code == 303

    def test_lasts_twelve_hours(
        self, sign_in: Callable[..., Client], moderator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = sign_in(moderator)
        now = time.time()
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 12 * 3600 + 5)

        assert not is_signed_in(client)
