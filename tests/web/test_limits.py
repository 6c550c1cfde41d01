"""Whoever comes too often is asked to wait, loses nothing, and nobody else is shut out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from limits import parse_many
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from engage.app import create_app
from engage.comments.models import Comment
from engage.db.session import db
from engage.web import limit_keys, limit_store, limits
from engage.web.limits import LIMITED, RATES, Kind
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
WORDS = "Three paragraphs — y no quiero perderlos. 😀"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.7"


@pytest.fixture
def few(limited: Flask) -> Flask:
    """A site that takes two of a kind."""
    state = limited.extensions["limits"]
    state.rates = {kind: parse_many("2 per 10 minutes; 4 per hour") for kind in Kind}
    return limited


@pytest.fixture(autouse=True)
def jail(session: Session) -> None:
    """An open period."""
    makers.comment_period(session, slug="jail")
    session.commit()


def browser(site: Flask, address: str = HERE, **environ: str) -> Client:
    client = site.test_client()
    assert isinstance(client, Client)
    client.environ_base.update({"REMOTE_ADDR": address} | environ)
    return client


def comment(client: Client, words: str = WORDS, url: str = FORM) -> TestResponse:
    return client.send(url, body=words)


def taken(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Comment)) or 0


class TestTooMany:
    def test_are_asked_to_wait_with_the_text_and_a_way_to_send_it(self, few: Flask, session: Session) -> None:
        client = browser(few)
        assert [comment(client, f"Comment {n} of many.").status_code for n in (1, 2)] == [303, 303]

        refused = comment(client)

        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 600
        assert refused.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
        assert WORDS in page(refused).text(".//main//textarea")
        assert "What you sent last was not saved yet." in page(refused).text()
        assert "minute" in page(refused).text(".//main//ul")
        assert taken(session) == 2

        few.extensions["limits"].storage.reset()
        assert client.post(FORM, data=page(refused).fields()).status_code == 303
        assert taken(session) == 3

    def test_are_told_so_in_spanish(self, few: Flask) -> None:
        client = browser(few)
        for _ in range(2):
            comment(client, url=FORM.replace("/en/", "/es/"))

        refused = comment(client, url=FORM.replace("/en/", "/es/"))

        assert refused.status_code == 429
        assert page(refused).root.get("lang") == "es"
        assert "Lo último que envió todavía no se guardó." in page(refused).text()
        assert WORDS in refused.get_data(as_text=True)

    def test_of_one_network_shut_no_other_out(self, few: Flask) -> None:
        for _ in range(3):
            last = comment(browser(few))
        assert last.status_code == 429
        # The same network is the same count, whatever its last number.
        assert comment(browser(few, "203.0.113.200")).status_code == 429

        assert comment(browser(few, ELSEWHERE)).status_code == 303

    def test_of_one_kind_leave_the_others_open(self, few: Flask) -> None:
        client = browser(few)
        for _ in range(3):
            comment(client)

        assert client.get(FORM).status_code == 200
        assert client.get("/en/periods/jail/comments").status_code == 200
        assert client.get("/en/periods").status_code == 200

    def test_guesses_of_a_number_are_refused_by_form_and_by_address_together(self, few: Flask) -> None:
        client = browser(few)
        assert client.send("/en/receipts", tracking_number="aaa-aaaa-aaaa").status_code == 422
        assert client.get("/en/receipts/bbb-bbbb-bbbb").status_code == 404

        assert client.get("/en/receipts/ccc-cccc-cccc").status_code == 429
        assert client.send("/en/receipts", tracking_number="ddd-dddd-dddd").status_code == 429
        assert client.get("/en/receipts").status_code == 200

    def test_that_were_refused_are_not_counted_for_the_hour(
        self, few: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [1_000_000_000.0 - 1_000_000_000 % 3600]
        for module in (limit_store, limits):
            monkeypatch.setattr(module, "utcnow", lambda: datetime.fromtimestamp(now[0], UTC))
        client = browser(few)
        url = "/en/receipts/bbb-bbbb-bbbb"

        answers = [client.get(url).status_code for _ in range(9)]
        now[0] += 600
        later = [client.get(url).status_code for _ in range(9)]
        now[0] += 600

        assert answers == [404] * 2 + [429] * 7
        assert later == [404] * 2 + [429] * 7
        # Four have passed in this hour.
        full = client.get(url)
        assert full.status_code == 429
        assert full.headers["Retry-After"] == "2400"

    def test_are_counted_before_the_database_is_asked(
        self, few: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = browser(few)
        form = page(client.get(FORM)).fields() | {"body": WORDS}
        monkeypatch.setattr("engage.web.transactions.begin_writing", lambda _session: pytest.fail("locked"))
        limits_of_all = {kind: parse_many("0 per hour") for kind in Kind}
        monkeypatch.setattr(few.extensions["limits"], "rates", limits_of_all)

        assert client.post(FORM, data=form).status_code == 429

    def test_of_many_megabytes_are_refused_without_a_crash(self, few: Flask) -> None:
        client = browser(few)
        for _ in range(2):
            comment(client)

        assert client.post(FORM, data={"body": "x" * 20_000_000}).status_code == 429


class TestAddress:
    def test_that_a_visitor_claims_brings_no_new_attempts(self, few: Flask) -> None:
        answers = [comment(browser(few, HTTP_X_FORWARDED_FOR=f"198.51.{n}.1")).status_code for n in range(3)]

        assert answers == [303, 303, 429]

    def test_is_that_before_our_own_proxy(self, few: Flask) -> None:
        few.extensions["limits"].proxy_hops = 1

        def send(claimed: str, written: str) -> int:
            header = f"{claimed}, {written}"
            return comment(browser(few, "10.0.0.1", HTTP_X_FORWARDED_FOR=header)).status_code

        assert [send(f"6.6.{n}.6", HERE) for n in range(3)] == [303, 303, 429]
        assert send("6.6.6.6", ELSEWHERE) == 303

    def test_that_cannot_be_known_shuts_nobody_out_and_is_told_once(self, few: Flask) -> None:
        with capture_logs() as lines:
            answers = [
                comment(browser(few, "127.0.0.1", HTTP_X_FORWARDED_FOR=HERE)).status_code for _ in range(4)
            ]

        assert answers == [303] * 4
        assert [line["event"] for line in lines] == ["limits_do_not_know_the_network"]


class TestWithoutItsStore:
    @pytest.fixture(params=["sqlite:///{}/a file/limits.sqlite", "redis://127.0.0.1:1/0"])
    def cut_off(
        self, request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Flask]:
        """A site whose store cannot be reached."""
        monkeypatch.setattr(limit_keys, "MEMORY", tmp_path)
        (tmp_path / "a file").touch()
        url = request.param.format(tmp_path)
        site = create_app(dataclasses.replace(app.config["ENGAGE_SETTINGS"], limits=True, limits_url=url))
        site.test_client_class = Client
        yield site
        with site.app_context():
            db.engine.dispose()

    def test_a_comment_is_taken_and_the_log_says_why_without_an_address(
        self, cut_off: Flask, session: Session
    ) -> None:
        with capture_logs() as lines:
            answers = [comment(browser(cut_off)).status_code for _ in range(3)]

        assert answers == [303] * 3
        assert taken(session) == 3
        # Once, and then nothing is waited for until the pause is over.
        assert [line["event"] for line in lines] == ["limits_down"]
        assert lines[0]["error"] in (
            "OperationalError",
            "ConnectionError",
            "NotADirectoryError",
            "FileExistsError",
        )
        assert HERE not in str(lines)

    def test_forgetting_the_past_is_only_told(self, cut_off: Flask) -> None:
        with cut_off.app_context(), capture_logs() as lines:
            limits.forget_past()

        assert {line["event"] for line in lines} <= {"limits_not_purged"}


def test_a_site_may_leave_the_counting_to_others(app: Flask) -> None:
    assert "limits" not in app.extensions
    assert browser(app).get("/en/receipts/bbb-bbbb-bbbb").status_code == 404


def test_a_full_library_is_not_shut_out(limited: Flask) -> None:
    """A hundred people of one address write within ten minutes, and each looks at the receipt twice."""
    state = limited.extensions["limits"]
    with limited.app_context():
        waits = {state.wait(Kind.SUBMIT, "203.0.113.0/24") for _ in range(100)}
        waits |= {state.wait(Kind.LOOKUP, "203.0.113.0/24") for _ in range(200)}

    assert waits == {0.0}


def test_a_flood_is_stopped_at_the_rate(limited: Flask) -> None:
    state = limited.extensions["limits"]
    passed = sum(state.wait(Kind.SUBMIT, "203.0.113.0/24") == 0.0 for _ in range(500))

    # Twice where the tenth minute ended just now.
    assert passed in (120, 240)


def test_nobody_waits_longer_than_an_hour() -> None:
    assert max(rate.get_expiry() for text in RATES.values() for rate in parse_many(text)) == 3600
    for text in RATES.values():
        windows = [rate.get_expiry() for rate in parse_many(text)]
        assert windows == sorted(windows)
    assert set(LIMITED.values()) <= set(RATES)
