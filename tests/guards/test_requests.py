"""Which requests are taken at all (cases 42, 58, 59 and 60): ours, from our pages, to our name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from engage.accounts.models import RoleName
from engage.app import create_app
from engage.web.csrf import csrf
from tests.guards.conftest import HTTPS, BehindProxy
from tests.guards.routes import UNSAFE, routes
from tests.support.pages import Client, page

SIGN_IN = "/en/staff/sign-in"
# What other people's mail servers send to (RFC 8058): see web.csrf.by_token_alone.
BY_TOKEN_ALONE = {"mail.one_click"}
TYPED = {"email": "nobody@example.org", "password": "not the password"}


class TestToken:
    """Case 58."""

    @pytest.mark.parametrize("body", ["form", "json"])
    @pytest.mark.parametrize("who", [None, RoleName.ADMINISTRATOR])
    def test_is_asked_for_by_every_route_that_changes_something(
        self, app: Flask, client: Client, sign_in: Callable[..., Client], who: RoleName | None, body: str
    ) -> None:
        browser = sign_in(who) if who else client
        browser.csrf_token()
        unsafe = [
            route for route in routes(app) if route.method in UNSAFE and route.endpoint not in BY_TOKEN_ALONE
        ]
        assert len(unsafe) > 10

        taken = []
        for route in unsafe:
            content = {"json": {"text": "x"}} if body == "json" else {"data": {"text": "x"}}
            answer = browser.open(route.url, method=route.method, **content)
            if answer.status_code != 400:
                taken.append((route, answer.status_code))

        assert taken == []

    def test_is_of_no_use_in_another_browser(self, app: Flask, client: Client) -> None:
        other = app.test_client()
        assert isinstance(other, Client)
        token = page(other.get(SIGN_IN)).field("csrf_token").get("value")
        client.get(SIGN_IN)

        assert client.post(SIGN_IN, data=TYPED | {"csrf_token": token}).status_code == 400

    def test_has_the_exceptions_that_hold_a_token_in_their_address_and_no_other(self, app: Flask) -> None:
        views = {name: app.view_functions[name] for name in BY_TOKEN_ALONE}

        assert csrf._exempt_views == {f"{view.__module__}.{view.__name__}" for view in views.values()}
        assert not csrf._exempt_blueprints
        marked = {name for name, view in app.view_functions.items() if hasattr(view, "by_token_alone")}
        assert marked == BY_TOKEN_ALONE

    def test_those_exceptions_do_nothing_without_theirs(self, app: Flask, client: Client) -> None:
        answers = [
            client.open(route.url, method=route.method).status_code
            for route in routes(app)
            if route.endpoint in BY_TOKEN_ALONE and route.method in UNSAFE
        ]

        assert answers == [404]

    def test_that_is_missing_costs_nobody_the_text(self, client: Client) -> None:
        answer = client.post(
            SIGN_IN, data={"comment": "Three paragraphs.", "password": "swordfish", "code": "775577"}
        )

        assert "Three paragraphs." in page(answer).text()
        assert "swordfish" not in answer.get_data(as_text=True)
        assert "775577" not in answer.get_data(as_text=True)


class TestOrigin:
    """Case 59."""

    @pytest.fixture
    def form(self, https_client: BehindProxy) -> dict[str, str]:
        """The sign-in as the page has it, filled in."""
        return page(https_client.get(SIGN_IN)).fields() | TYPED

    def test_need_not_be_said(self, https_client: BehindProxy, form: dict[str, str]) -> None:
        assert https_client.post(SIGN_IN, data=form).status_code == 200

    def test_may_be_ours(self, https_client: BehindProxy, form: dict[str, str]) -> None:
        headers = {"Origin": HTTPS, "Sec-Fetch-Site": "same-origin"}

        assert https_client.post(SIGN_IN, data=form, headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://engage.example.gov"},
            {"Origin": "https://engage.example.gov.evil.example"},
            {"Origin": "https://engage.example.gov:8443"},
            {"Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_may_not_be_another(
        self, https_client: BehindProxy, form: dict[str, str], headers: dict[str, str]
    ) -> None:
        assert https_client.post(SIGN_IN, data=form, headers=headers).status_code == 400


class TestHost:
    """Case 42."""

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", ""])
    def test_of_another_name_is_refused_on_every_route(self, app: Flask, client: Client, host: str) -> None:
        answered = [
            route
            for route in routes(app)
            if client.open(route.url, method=route.method, headers={"Host": host}).status_code != 400
        ]

        assert answered == []

    @pytest.mark.parametrize("url", ["/static/manifest.json", "/nothing", "/en/nothing"])
    def test_of_another_name_is_refused_elsewhere_too(self, client: Client, url: str) -> None:
        assert client.get(url, headers={"Host": "evil.example"}).status_code == 400

    def test_of_the_machine_itself_is_answered_for_health_checks(self, client: Client) -> None:
        assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200


class TestClosedDoors:
    """Case 60."""

    @pytest.mark.parametrize(
        "path",
        [
            "/.git/config",
            "/.git/HEAD",
            "/.env",
            "/instance/engage.env",
            "/engage.sqlite",
            "/wsgi.py",
            "/wsgi.py~",
            "/wsgi.py.bak",
            "/static/",
            "/static/css/",
            "/static/../wsgi.py",
            "/static/%2e%2e/%2e%2e/wsgi.py",
            "/static/css/site.scss",
            "/console",
            "/?__debugger__=yes&cmd=resource&f=style.css",
            "/en/staff/../../wsgi.py",
            "/server-status",
            "/metrics/",
        ],
    )
    def test_lead_nowhere(self, client: Client, path: str) -> None:
        answer = client.get(path)

        assert answer.status_code in (302, 404)
        assert answer.headers.get("Location", "/en") == "/en"
        assert "create_app" not in answer.get_data(as_text=True)

    @pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DELETE", "PUT", "PATCH"])
    def test_take_no_odd_method(self, client: Client, method: str) -> None:
        for url in ("/", "/en", "/static/manifest.json", SIGN_IN):
            answer = client.open(url, method=method, headers={"Cookie": "session=secret"})

            assert answer.status_code in (400, 405)
            assert "session=secret" not in answer.get_data(as_text=True)

    def test_open_to_no_debugger_whatever_the_environment_says(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FLASK_DEBUG", "1")

        site = create_app(app.config["ENGAGE_SETTINGS"])

        assert not site.debug
