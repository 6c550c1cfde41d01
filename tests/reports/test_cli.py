"""``engage report`` writes the report into a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from engage.errors import NotFound
from engage.reports import cli
from tests.reports.places import busy_period
from tests.support import makers
from tests.support.pages import Page, check_page

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command on the test's site."""
    monkeypatch.setattr(cli, "create_app", lambda: app)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli.report_command, [str(one) for one in arguments], catch_exceptions=False)

    return run


def test_html_is_one_file_that_needs_nothing_else(session: Session, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    period = busy_period(session)

    result = run(period.slug, "--out", out)

    assert (result.exit_code, result.output) == (0, f"{out} is written.\n")
    html = out.read_text(encoding="utf-8")
    check_page(html)
    page = Page(html)
    assert not page.all(".//link")
    assert not page.all(".//script")
    assert "48" in page.text(".//dl")
    links = [link.get("href", "") for link in page.all(".//a")]
    targets = [href for href in links if not href.startswith("#")]
    assert all(href.startswith("http://localhost/en/") for href in targets)
    assert f"http://localhost/en/periods/{period.slug}/comments?position=support" in targets


def test_it_speaks_the_language_that_is_asked_for(session: Session, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "informe.html"
    period = busy_period(session, comments=6)

    run(period.slug, "--out", out, "--language", "es")

    page = Page(out.read_text(encoding="utf-8"))
    assert page.root.get("lang") == "es"
    assert period.title.es in page.text(".//h1")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_data_is_what_the_site_answers(
    app: Flask, session: Session, run: Run, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"report.{form}"
    period = busy_period(session, comments=12)

    run(period.slug, "--format", form, "--out", out)

    assert out.read_bytes() == app.test_client().get(f"/en/reports/{period.slug}.{form}").data
    if form == "json":
        assert json.loads(out.read_bytes())["posted"]["count"] == 12


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-1.7"), ("brief", b"%PDF-1.7"), ("xlsx", b"PK")])
def test_it_writes_what_is_no_text(
    session: Session, run: Run, tmp_path: Path, form: str, begins: bytes
) -> None:
    out = tmp_path / "report"
    period = makers.comment_period(session)
    session.commit()

    run(period.slug, "--format", form, "--out", out, "--version", "open")

    assert out.read_bytes().startswith(begins)


def test_it_writes_to_standard_output(session: Session, run: Run) -> None:
    period = busy_period(session, comments=6)

    result = run(period.slug, "--format", "json", "--out", "-")

    assert json.loads(result.stdout_bytes)["posted"]["count"] == 6


def test_a_version_that_is_not_there_is_named(session: Session, run: Run, tmp_path: Path) -> None:
    period = makers.comment_period(session)
    session.commit()

    with pytest.raises(NotFound, match=f"no published comment period “{period.slug}” with version 7"):
        run(period.slug, "--version", "7", "--out", tmp_path / "report.html")
    assert "neither the number of a version nor" in run(period.slug, "--version", "-1", "--out", "x").output


def test_a_period_that_is_not_there_or_not_public_is_named(
    session: Session, run: Run, tmp_path: Path
) -> None:
    draft = makers.comment_period(session, published_at=None)
    session.commit()

    for slug in ("nothing", draft.slug):
        with pytest.raises(NotFound, match=f"There is no published comment period “{slug}”"):
            run(slug, "--out", tmp_path / "report.html")


def test_a_file_that_cannot_be_written_is_said_in_one_line(
    session: Session, run: Run, tmp_path: Path
) -> None:
    period = makers.comment_period(session)
    session.commit()

    result = run(period.slug, "--out", tmp_path / "nowhere" / "report.html")

    assert result.exit_code == 1
    assert "cannot be written: No such file or directory." in result.output


def test_without_a_file_name_it_writes_one_that_says_what_it_is(
    session: Session, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    period = makers.comment_period(session)
    session.commit()

    assert run(period.slug, "--format", "csv").output == f"{period.slug}-open.csv is written.\n"
    run(period.slug, "--format", "dictionary", "--language", "es")

    names = {f"{period.slug}-open.csv", f"{period.slug}-open-es-dictionary.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names
