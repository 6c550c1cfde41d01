"""Figures that other sites show inside their pages: small, no scripts, and nothing else may be framed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.reports.figures import FIGURES
from tests.guards.routes import routes
from tests.reports.places import busy_period
from tests.support import makers
from tests.support.pages import Client, page

LARGEST = 20_000


def figure(slug: str, name: str, language: str = "en") -> str:
    return f"/{language}/embed/reports/{slug}/{name}"


class TestFigure:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_is_small_and_tells_what_it_is(self, session: Session, client: Client, language: str) -> None:
        period = busy_period(session)

        for name in FIGURES:
            answer = client.get(figure(period.slug, name, language))
            shown = page(answer)

            assert len(answer.data) < LARGEST, name
            assert b"<script" not in answer.data
            assert b'role="img"' in answer.data
            assert shown.all(".//details//table")
            report = f"/{language}/reports/{period.slug}/open"
            assert any(href.endswith(report) for href in shown.links().values())
            assert "48" in shown.text(".//main")

    def test_may_stand_in_any_page_and_run_nothing(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)

        headers = client.get(figure(period.slug, "positions")).headers

        assert "X-Frame-Options" not in headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert policy.startswith("default-src 'none'")
        assert "Set-Cookie" not in headers

    def test_of_an_empty_period_says_so(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        session.commit()

        for name in ("days", "concerns"):
            assert "nothing to report" in page(client.get(figure(period.slug, name))).text()

    @pytest.mark.parametrize("name", ["nothing", "__init__", "positions.svg"])
    def test_that_is_none_is_not_there_and_not_framed(
        self, session: Session, client: Client, name: str
    ) -> None:
        period = busy_period(session, comments=6)

        answer = client.get(figure(period.slug, name))

        assert answer.status_code == 404
        assert answer.headers["X-Frame-Options"] == "DENY"

    def test_of_a_draft_is_not_there(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session, published_at=None)
        session.commit()

        assert client.get(figure(period.slug, "positions")).status_code == 404

    def test_is_offered_on_the_report_with_its_code(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)

        codes = [
            "".join(code.itertext())
            for code in page(client.get(f"/en/reports/{period.slug}")).all(".//pre/code")
        ]

        assert len(codes) == len(FIGURES)
        for name, code in zip(FIGURES, codes, strict=True):
            assert code.startswith("<iframe src=")
            assert figure(period.slug, name) in code


def test_nothing_else_of_the_site_may_be_framed(app: Flask, session: Session, client: Client) -> None:
    period = busy_period(session, comments=6)
    addresses = {route.url for route in routes(app) if route.method == "GET"}
    addresses |= {f"/en/reports/{period.slug}", f"/es/reports/{period.slug}.json", "/en/dockets"}

    framed = []
    for url in sorted(addresses):
        headers = client.get(url).headers
        is_open = "frame-ancestors *" in headers.get("Content-Security-Policy", "")
        if is_open or headers.get("X-Frame-Options") != "DENY":
            framed.append(url)

    assert framed == []
