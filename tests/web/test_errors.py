"""Error pages work when little else does: without a database, a session or a route."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from engage.accounts.access import public
from engage.accounts.models import AccountAttempt
from engage.app import create_app
from engage.clock import utcnow
from engage.config import from_environment
from engage.db.session import db
from tests.conftest import signed_in_cookie, test_environment
from tests.support.pages import Client, page

NOT_SAVED = "What you sent last was not saved."


@pytest.fixture(params=["sqlite:////nowhere/engage.sqlite", "postgresql://nobody@/none?host=/nowhere"])
def cut_off(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    """A browser of a site whose database cannot be reached; somebody is signed in there."""
    site = create_app(from_environment(test_environment(request.param, tmp_path)))
    site.test_client_class = Client
    client = site.test_client()
    assert isinstance(client, Client)
    with client.session_transaction() as cookie:
        cookie.update(signed_in_cookie("somebody"))
    yield client
    with site.app_context():
        db.engine.dispose()


class TestWithoutDatabase:
    def test_a_page_that_is_not_there_is_still_told(self, cut_off: Client) -> None:
        assert cut_off.get("/en/nothing").status_code == 404

    def test_the_process_says_that_it_lives_and_that_it_is_not_ready(self, cut_off: Client) -> None:
        assert cut_off.get("/healthz").status_code == 200
        assert cut_off.get("/readyz").status_code == 503

    def test_a_page_for_staff_says_to_come_back(self, cut_off: Client) -> None:
        answer = cut_off.get("/en/staff")

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"

    def test_what_was_typed_comes_back(self, cut_off: Client) -> None:
        answer = cut_off.post(
            "/en/staff/people/add", data={"name": "Ana Ruiz", "csrf_token": cut_off.csrf_token()}
        )

        assert answer.status_code == 503
        assert "Ana Ruiz" in page(answer).text()
        assert NOT_SAVED in page(answer).text()

    def test_what_was_typed_comes_back_without_what_no_page_can_hold(self, cut_off: Client) -> None:
        typed = {"name": "Ana\0 Ruiz\x1b", "nick\0name": "Anita R.", "csrf_token": cut_off.csrf_token()}

        answer = cut_off.post("/en/staff/people/add", data=typed)

        assert answer.status_code == 503
        assert "\0" not in answer.text
        assert "\x1b" not in answer.text
        assert "Ana Ruiz" in page(answer).text()

    def test_nothing_was_lost_where_nothing_was_sent(self, cut_off: Client) -> None:
        assert NOT_SAVED not in page(cut_off.get("/en/staff")).text()


@pytest.mark.parametrize("is_sent", [False, True])
def test_what_broke_says_that_nothing_was_saved_only_where_something_was_sent(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, is_sent: bool
) -> None:
    @public
    def broken(**_values: object) -> str:
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "people.add_person" if is_sent else "pages.home", broken)
    data = {"csrf_token": client.csrf_token()}

    answer = client.post("/en/staff/people/add", data=data) if is_sent else client.get("/en")

    assert answer.status_code == 500
    assert (NOT_SAVED in page(answer).text()) is is_sent


class TestLanguage:
    @pytest.mark.parametrize(("url", "language"), [("/es/nada", "es"), ("/en/nada", "en"), ("/nada", "es")])
    def test_of_a_page_that_is_not_there_is_that_of_the_address_else_of_the_browser(
        self, client: Client, url: str, language: str
    ) -> None:
        answer = client.get(url, headers={"Accept-Language": "es-US,es;q=0.9"})

        assert page(answer).root.get("lang") == language


def test_an_error_of_the_database_is_logged_without_what_was_written(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "My {} words.".format("own")  # Not one literal, which the traceback would quote.

    @public
    def broken() -> str:
        naive = utcnow().replace(tzinfo=None)
        db.session.execute(sa.insert(AccountAttempt).values(digest=words, made_at=naive))
        return ""

    monkeypatch.setitem(app.view_functions, "pages.home", broken)

    with capture_logs() as lines:
        client.get("/en")

    logged = "".join(traceback.format_exception(lines[0]["exc_info"]))
    assert "INSERT INTO account_attempt" in logged
    assert words not in logged
