"""Headers and cookies of every kind of answer (cases 48 and 57): a change here is a decision, not an
accident."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from engage.accounts.access import public
from tests.guards.conftest import BehindProxy
from tests.support.pages import Client

POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self' 'nonce-…'; "
    "style-src 'self'"
)
EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PAGE = EVERY_ANSWER | {"Content-Type": "text/html; charset=utf-8", "Vary": "Cookie"}


def seen(answer: TestResponse) -> dict[str, str]:
    """The headers of an answer, less its length, its cookie and what is random in them."""
    return {
        name: re.sub(r"'nonce-[^']+'", "'nonce-…'", value)
        for name, value in answer.headers
        if name not in ("Content-Length", "Set-Cookie")
    }


class TestHeaders:
    @pytest.mark.parametrize("url", ["/en", "/es", "/en/staff/sign-in", "/en/staff/reset"])
    def test_of_a_page(self, client: Client, url: str) -> None:
        answer = client.get(url)

        assert (answer.status_code, seen(answer)) == (200, PAGE)

    def test_of_a_redirect(self, client: Client) -> None:
        answer = client.get("/")

        assert answer.status_code == 302
        assert seen(answer) == PAGE | {"Location": "/en", "Vary": "Accept-Language, Cookie"}

    def test_of_a_page_that_is_not_there(self, client: Client) -> None:
        answer = client.get("/en/nothing")

        assert (answer.status_code, seen(answer)) == (404, PAGE)

    def test_of_a_method_that_is_not_answered(self, client: Client) -> None:
        answer = client.get("/en/staff/sign-out")

        assert answer.status_code == 405
        headers = seen(answer)
        assert set(headers.pop("Allow").split(", ")) == {"POST", "OPTIONS"}
        assert headers == PAGE

    def test_of_a_body_that_is_too_large(
        self, app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)

        answer = client.post("/en/staff/sign-in", data={"email": "x" * 2000})

        assert (answer.status_code, seen(answer)) == (413, PAGE)

    def test_of_a_fault_of_ours(self, app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        @public
        def broken() -> ResponseReturnValue:
            raise ZeroDivisionError("a secret of ours")

        monkeypatch.setitem(app.view_functions, "pages.home", broken)

        answer = client.get("/en")

        assert (answer.status_code, seen(answer)) == (500, PAGE)
        assert "secret" not in answer.get_data(as_text=True)
        assert "ZeroDivision" not in answer.get_data(as_text=True)

    @pytest.mark.parametrize("url", ["/", "/en", "/en/nothing", "/healthz"])
    def test_ask_for_tls_where_the_site_has_it(
        self, https_client: BehindProxy, client: Client, url: str
    ) -> None:
        assert (
            https_client.get(url).headers["Strict-Transport-Security"]
            == "max-age=63072000; includeSubDomains"
        )
        assert "Strict-Transport-Security" not in client.get(url).headers

    def test_carry_a_new_nonce_every_time(self, client: Client) -> None:
        policies = {client.get("/en").headers["Content-Security-Policy"] for _ in range(3)}

        assert len(policies) == 3


class TestCookies:
    def cookie(self, answer: TestResponse) -> str:
        cookies = answer.headers.getlist("Set-Cookie")
        assert len(cookies) == 1
        return re.sub(r"=[^;]*", "", cookies[0], count=1)

    def test_are_for_the_server_only(self, client: Client) -> None:
        assert self.cookie(client.get("/en/staff/sign-in")) == "session; HttpOnly; Path=/; SameSite=Lax"

    def test_are_bound_to_this_very_host_and_to_tls_where_the_site_has_it(
        self, https_client: BehindProxy
    ) -> None:
        cookie = self.cookie(https_client.get("/en/staff/sign-in"))

        assert cookie == "__Host-session; Secure; HttpOnly; Path=/; SameSite=Lax"

    @pytest.mark.parametrize("url", ["/", "/en", "/en/dockets", "/healthz", "/en/nothing"])
    def test_are_not_given_to_somebody_who_reads(self, client: Client, url: str) -> None:
        assert client.get(url).headers.getlist("Set-Cookie") == []
