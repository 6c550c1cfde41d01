"""A clerk makes an agenda with a document and posts it, a resident reads it; a host makes a series with an
exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.meetings.models import Meeting
from tests.files import samples
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

WORDS = {
    "en": {
        "add_item": "Add an item",
        "add_document": "Add a document",
        "up": "Move up",
        "post": "Post the agenda",
        "differs": "Differs from what is posted",
        "not_yet": "The agenda is not posted yet.",
        "vote": "Vote",
        "packet": "Packet",
        "edit": "Edit",
        "series": "Make a series of it",
        "weekly": "Every week",
        "count": "The series has 4 meetings.",
        "save": "Save the series",
        "left_out": "Dates that are left out",
        "more": "More dates of this series",
    },
    "es": {
        "add_item": "Agregar un punto",
        "add_document": "Agregar un documento",
        "up": "Subir",
        "post": "Publicar el orden del día",
        "differs": "Distinto de lo publicado",
        "not_yet": "El orden del día aún no está publicado.",
        "vote": "Votación",
        "packet": "Carpeta",
        "edit": "Editar",
        "series": "Crear una serie a partir de ella",
        "weekly": "Cada semana",
        "count": "La serie tiene 4 reuniones.",
        "save": "Guardar la serie",
        "left_out": "Fechas omitidas",
        "more": "Más fechas de esta serie",
    },
}


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_an_agenda_with_a_document_is_read_as_it_was_posted(
    site: Site, new_page: NewPage, tmp_path: Path, language: str, scripts: bool
) -> None:
    words, clerk = WORDS[language], new_page(javascript=scripts)
    file = tmp_path / "Marisol Quintero.pdf"
    file.write_bytes(samples.pdf())

    def fill(rows: Session) -> str:
        makers.agenda_item(rows, makers.meeting(rows, slug="forum"), title=makers.both("Opening"))
        return makers.user(rows, RoleName.CLERK).fs_uniquifier

    sign_in(site, clerk, site.do(fill))
    vote = clerk.locator(".agenda__item", has_text=words["vote"])
    clerk.goto(f"/{language}/staff/meetings/forum")
    clerk.get_by_role("link", name=words["add_item"]).click()
    clerk.fill("[name=title_en]", "Vote")
    clerk.fill("[name=title_es]", "Votación")
    _save(clerk)
    vote.get_by_role("link", name=words["add_document"]).click()
    clerk.fill("[name=title_en]", "Packet")
    clerk.fill("[name=title_es]", "Carpeta")
    clerk.set_input_files("[name=file]", file)
    _save(clerk)
    vote.get_by_role("button", name=words["up"]).click()
    expect(clerk.locator("#agenda h3").first).to_have_text(words["vote"])

    resident = new_page(javascript=scripts, width=320)
    resident.goto(f"/{language}/meetings/forum")
    expect(resident.locator("#agenda")).to_contain_text(words["not_yet"])
    clerk.get_by_role("button", name=words["post"]).click()
    resident.reload()
    expect(resident.locator("#agenda h3").first).to_have_text(words["vote"])
    assert resident.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with resident.expect_download() as download:
        resident.get_by_role("link", name=words["packet"]).click()
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"%PDF")
    assert not any(mark in saved for mark in samples.MARKS)

    vote.get_by_role("link", name=words["edit"]).click()
    clerk.fill("[name=title_en]", "Swapped")
    clerk.fill("[name=title_es]", "Cambiado")
    _save(clerk)
    expect(clerk.locator("#agenda")).to_contain_text(words["differs"])
    resident.reload()
    expect(resident.locator("#agenda h3").first).to_have_text(words["vote"])


@pytest.mark.parametrize(("language", "scripts"), [("en", False), ("es", True)])
def test_a_host_makes_a_series_with_an_exception_and_a_clerk_shows_it(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, host, clerk = WORDS[language], new_page(javascript=scripts), new_page(javascript=scripts)
    start = (datetime.now(UTC) + timedelta(days=20)).replace(hour=22, minute=0, second=0, microsecond=0)

    def fill(rows: Session) -> tuple[str, str]:
        person = makers.user(rows, RoleName.HOST)
        makers.meeting(rows, slug="first", starts_at=start, host=person, published_at=None)
        return person.fs_uniquifier, makers.user(rows, RoleName.CLERK).fs_uniquifier

    of_host, of_clerk = site.do(fill)
    sign_in(site, host, of_host)
    sign_in(site, clerk, of_clerk)
    host.goto(f"/{language}/staff/meetings/first")
    host.get_by_role("link", name=words["series"]).click()
    host.fill("[name=slug]", "forum")
    host.get_by_label(words["weekly"]).check()
    host.fill("[name=count]", "4")
    _save(host)
    expect(host.locator("#dates-title + p")).to_contain_text(words["count"])
    host.get_by_role("button", name=words["save"]).click()
    host.wait_for_url(f"**/{language}/staff/series/forum")
    host.locator("main tbody tr").nth(2).locator("button").click()
    expect(host.locator("main")).to_contain_text(words["left_out"])
    expect(host.locator("main tbody tr")).to_have_count(3)

    clerk.goto(f"/{language}/staff/series/forum")
    clerk.locator("main form[action$=publish] button").click()
    expect(clerk.locator("main tbody form")).to_have_count(0)

    resident = new_page(javascript=scripts, width=375)
    resident.goto(f"/{language}/meetings/first")
    more = resident.locator("section", has_text=words["more"]).last
    expect(more.locator("li")).to_have_count(2)
    shown = site.do(
        lambda rows: rows.scalars(
            sa.select(Meeting.slug).where(Meeting.published_at.is_not(None)).order_by(Meeting.starts_at)
        ).all()
    )
    assert len(shown) == 3
    assert f"forum-{start + timedelta(days=14):%Y-%m-%d}" not in shown


def _save(browser: Page) -> None:
    browser.locator("main form button[type=submit]").last.click()
