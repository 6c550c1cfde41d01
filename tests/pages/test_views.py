"""The front page, the promises, and what machines ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis.figures import shipped_figures
from engage.app import create_app
from engage.config import from_environment
from engage.db.session import db
from engage.pages.figure_names import NAMES
from tests.conftest import test_environment
from tests.support import makers
from tests.support.pages import Client, page

SOON = datetime.now(UTC) + timedelta(days=3)


@pytest.mark.parametrize(
    ("asked", "language"), [("es-MX,es;q=0.9,en;q=0.5", "es"), ("en-US", "en"), ("vi", "en"), ("", "en")]
)
def test_the_browser_chooses_the_language_of_the_first_page(
    client: Client, asked: str, language: str
) -> None:
    response = client.get("/", headers={"Accept-Language": asked})

    assert response.status_code == 302
    assert response.location == f"/{language}"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_front_page_shows_what_is_open_and_what_is_being_decided(
    client: Client, session: Session, language: str
) -> None:
    shown = makers.comment_period(session)
    closed = makers.comment_period(session, closes_at=datetime.now(UTC) - timedelta(days=1))
    draft = makers.comment_period(session, published_at=None)
    hidden = makers.docket(session, published_at=SOON)
    session.commit()

    links = page(client.get(f"/{language}")).links(".//main//a").values()

    assert f"/{language}/periods/{shown.slug}" in links
    assert f"/{language}/dockets/{shown.docket.slug}" in links
    assert f"/{language}/dockets/{closed.docket.slug}" in links
    assert not [link for link in links if closed.slug in link or draft.slug in link or hidden.slug in link]


@pytest.mark.parametrize("path", ["", "/privacy", "/accessibility", "/analysis"])
def test_a_reader_can_change_the_language_of_the_same_page(client: Client, path: str) -> None:
    english, spanish = page(client.get(f"/en{path}")), page(client.get(f"/es{path}"))

    assert english.root.get("lang") == "en"
    assert spanish.root.get("lang") == "es"
    assert english.links()["Español"] == f"/es{path}"
    assert english.text(".//h1") != spanish.text(".//h1")


def test_a_slash_at_the_end_of_an_address_does_no_harm(client: Client) -> None:
    assert client.get("/es/").status_code == 200
    assert client.get("/es/privacy/").status_code == 200


def test_a_language_that_we_do_not_speak_is_not_found(client: Client) -> None:
    assert client.get("/de").status_code == 404


def test_machines_learn_that_the_site_is_well(client: Client) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ok\n"
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.fixture
def reachable(tmp_path: Path) -> Iterator[Flask]:
    """A site that names a contact."""
    environment = test_environment(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path)
    site = create_app(from_environment(environment | {"ENGAGE_SITE_CONTACT": "clerk@example.gov"}))
    yield site
    with site.app_context():
        db.engine.dispose()


def test_whoever_finds_a_weakness_learns_whom_to_tell(reachable: Flask) -> None:
    lines = dict(
        line.split(": ", 1)
        for line in reachable.test_client().get("/.well-known/security.txt").text.splitlines()
    )

    assert lines["Contact"] == "mailto:clerk@example.gov"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=1) < expires - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_the_analysis_shows_every_figure_that_it_is_held_to(
    client: Client, language: str
) -> None:
    shipped = shipped_figures()

    shown = page(client.get(f"/{language}/analysis"))

    assert {figure.name for figure in shipped.figures} <= set(NAMES)
    assert len(shown.all(".//tbody/tr")) == len(shipped.figures)
    assert shipped.version in shown.text()
