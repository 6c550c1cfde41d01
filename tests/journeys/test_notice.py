"""A clerk sets the rule and is warned; residents see how early they were told, print the proof and check it.

In Chromium: both languages, with and without scripts, on a desk, on a telephone and on paper.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.db.types import Localised
from engage.meetings import service
from engage.meetings.models import MeetingKind
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WORDS = {
    "en": {
        "short": "Notice posted 49 hours before; the rule asks for 72 hours",
        "fine": "Agenda posted 49 hours before; the rule asks for 72 hours",
        "late": "Agenda changed 48 hours before the meeting",
        "added": "Item put on the agenda as number 2:",
        "own": "Notice and agenda are to be posted at least 2 days before.",
        "warned": "Posted now, the notice is short: 1 day before, and the rule asks for 2 days.",
        "missing": "Residents read both languages, so write this in Spanish too.",
    },
    "es": {
        "short": "Aviso publicado 49 horas antes; la regla pide 72 horas",
        "fine": "Orden del día publicado 49 horas antes; la regla pide 72 horas",
        "late": "Orden del día cambiado 48 horas antes de la reunión",
        "added": "Punto agregado al orden del día con el número 2:",
        "own": "El aviso y el orden del día deben publicarse al menos 2 días antes.",
        "warned": "Si se publica ahora, el aviso llega tarde: 1 día antes, y la regla pide 2 días.",
        "missing": "Los residentes leen en ambos idiomas; escriba esto también en español.",
    },
}


def prepare(rows: Session) -> str:
    """A meeting that was announced late and changed later, and a draft; returns the clerk's key."""
    docket = makers.docket(rows, slug="agreement")
    start = (datetime.now(UTC) + timedelta(hours=30)).replace(minute=0, second=0, microsecond=0)
    regular = {"docket": docket, "kind": MeetingKind.REGULAR, "starts_at": start}
    board = makers.meeting(rows, slug="board", title=Localised("Board", "Junta"), **regular)
    makers.meeting(rows, slug="draft", published_at=None, **regular)
    makers.agenda_item(rows, board)
    service.post_notice(rows, board, actor=None, now=start - timedelta(hours=49))
    service.post_agenda(rows, board, actor=None, now=start - timedelta(hours=49))
    makers.agenda_item(rows, board, title=Localised("Closed session", "Sesión cerrada"))
    service.post_agenda(rows, board, actor=None, now=start - timedelta(hours=48))
    return makers.user(rows, RoleName.CLERK).fs_uniquifier


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_everybody_sees_when_a_meeting_was_announced_and_can_prove_it(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words = WORDS[language]
    clerk = new_page(javascript=scripts)
    sign_in(site, clerk, site.do(prepare))
    resident = new_page(javascript=scripts, width=375)

    resident.goto(f"/{language}/meetings/board")
    for told in ("short", "fine", "late", "added"):
        expect(resident.locator("main")).to_contain_text(words[told])
    _check(resident, scripts)
    resident.click(f"main a[href='/{language}/meetings/board/notices/agenda/2']")
    expect(resident.locator("main")).to_contain_text(words["added"])
    digest = resident.locator("code.digest").last.inner_text()
    exact = resident.request.get(f"/{language}/meetings/board/notices/agenda/2.json").body()
    assert hashlib.sha256(exact).hexdigest() == digest
    _check(resident, scripts)

    resident.click(f"main a[href='/{language}/meetings/board/proof']")
    expect(resident.locator("main")).to_contain_text(digest)
    _check(resident, scripts)
    resident.emulate_media(media="print")
    expect(resident.locator(".proof__qr svg")).to_be_visible()
    expect(resident.locator("nav.mainnav")).to_be_hidden()
    _check(resident, scripts)
    resident.emulate_media(media="screen")
    resident.goto(f"/{language}/meetings/notices?docket=agreement")
    expect(resident.locator("main table").first).to_contain_text(words["short"])
    _check(resident, scripts)

    rules = f"/{language}/staff/dockets/agreement/notice-rules"
    clerk.goto(f"/{language}/staff/dockets/agreement")
    clerk.click(f"main a[href='{rules}']")
    clerk.click(f"main a[href='{rules}/regular']")
    clerk.fill("[name=amount]", "2")
    clerk.select_option("[name=unit]", "days")
    clerk.fill("[name=basis_en]", "By-law 7")
    clerk.fill("[name=basis_es]", " ")
    _check(clerk, scripts)
    clerk.click("main form button[type=submit]")
    expect(clerk.locator(".errors")).to_contain_text(words["missing"])
    clerk.fill("[name=basis_es]", "Artículo 7")
    clerk.click("main form button[type=submit]")
    clerk.wait_for_url(f"**{rules}")
    expect(clerk.locator("main")).to_contain_text(words["own"])
    _check(clerk, scripts)
    clerk.goto(f"/{language}/staff/meetings/draft")
    expect(clerk.locator("main")).to_contain_text(words["warned"])
    # What was posted before is judged by the rule that it named.
    resident.goto(f"/{language}/meetings/board")
    expect(resident.locator("main")).to_contain_text(words["short"])
    clerk.goto(f"/{language}/staff/meetings/board")
    _check(clerk, scripts)
    clerk.click(f"main form[action='/{language}/staff/meetings/board/notices'] button")
    expect(clerk.locator("section[aria-labelledby=notice-title] tbody tr")).to_have_count(4)


def _check(page: Page, scripts: bool) -> None:
    """Nobody is kept out, and nothing is wider than the screen. Only a browser with scripts can be asked."""
    if not scripts:
        return
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [f"{page.url}: {rule['id']} at {rule['nodes'][0]['target']}" for rule in found] == []
