"""A clerk fills the checklist and the register; a resident walks through the five phases, on a telephone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.dockets.models import PhaseKind
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.journeys.test_moderator import sign_in
from tests.lifecycle import rows
from tests.support import makers

WORDS = {
    "en": {
        "known": "Known",
        "next": "Next:",
        "cost": "$119,000 a year",
        "reached": "Who was not reached or did not answer",
    },
    "es": {
        "known": "Se sabe",
        "next": "Después:",
        "cost": "$119,000 al año",
        "reached": "A quiénes no se llegó o no respondieron",
    },
}


def _prepare(session: Session) -> str:
    """A docket with its phases; returns the clerk's key for the cookie."""
    rows.docket(session)
    return makers.user(session, RoleName.CLERK).fs_uniquifier


def _send(page: Page, form: str = "main form") -> None:
    page.locator(f"{form} button[type=submit]").last.click()


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_from_the_standard_checklist_to_a_walk_through_the_life_of_a_docket(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, clerk = WORDS[language], new_page(javascript=scripts)
    identity = site.do(_prepare)
    sign_in(site, clerk, identity)
    _fill_checklist(clerk, language)
    _fill_register(clerk, language)

    visitor = new_page(javascript=scripts, width=375)
    visitor.goto(f"/{language}/dockets/agreement")
    visitor.locator(".phases a").first.click()
    expect(visitor.locator("main")).to_contain_text(words["cost"])
    expect(visitor.locator("#not-known + ul > li")).to_have_count(17)
    visitor.locator("#not-known + ul a").first.click()
    for kind in list(PhaseKind)[1:]:
        visitor.locator("nav.pages a[rel=next]").click()
        expect(visitor).to_have_url(f"{site.url}/{language}/dockets/agreement/phases/{kind}")
        expect(visitor.locator("h1")).to_be_visible()
        if scripts:
            assert visitor.evaluate("document.documentElement.scrollWidth") <= 375
    visitor.goto(f"/{language}/dockets/agreement/phases/engage_stakeholders")
    expect(visitor.locator("#not-reached")).to_have_text(words["reached"])
    expect(visitor.locator("#not-reached + ul")).to_contain_text("Radio Tarabilla")
    expect(visitor.locator("#not-reached + ul")).not_to_contain_text("Growers")
    _prints(visitor, f"/{language}/dockets/agreement/phases/assess_readiness")
    if scripts:
        assert Axe().run(clerk, options=WCAG).response["violations"] == []


def _fill_checklist(clerk: Page, language: str) -> None:
    clerk.goto(f"/{language}/staff/dockets/agreement/readiness")
    clerk.locator("form[action$='/readiness/standard'] button").click()
    expect(clerk.locator("main tbody tr")).to_have_count(18)
    clerk.locator("#area-cost + table tbody th a").first.click()
    clerk.select_option("[name=state]", "known")
    for name, text in (("finding", "It was **counted**."), ("source", "County manager")):
        for code in ("en", "es"):
            clerk.fill(f"[name={name}_{code}]", text)
    clerk.fill("[name=amount]", "119000")
    _send(clerk)
    clerk.locator("a[href$='/readiness/publish']").click()
    clerk.locator("main form button").click()
    expect(clerk.locator("a[href$='/readiness/publish']")).to_have_count(0)


def _fill_register(clerk: Page, language: str) -> None:
    clerk.goto(f"/{language}/staff/dockets/agreement/stakeholders/paste")
    clerk.select_option("[name=kind]", "media")
    clerk.fill("[name=lines]", "Growers | Productores\nWrite to ana@example.org")
    _send(clerk)
    expect(clerk.locator("[role=alert]").first).to_contain_text("ana@example.org")
    clerk.fill("[name=lines]", "Growers | Growers\nRadio Tarabilla")
    clerk.check("[name=language][value=es]")
    _send(clerk)
    clerk.get_by_role("link", name="Growers").click()
    clerk.select_option("[name=outcome]", "answered")
    _send(clerk, "form#attempt")
    clerk.goto(f"/{language}/staff/dockets/agreement/stakeholders")
    clerk.locator("form[action$='/stakeholders/show'] button").click()
    expect(clerk.locator("form[action$='/stakeholders/show']")).to_have_count(0)


def _prints(visitor: Page, path: str) -> None:
    """On paper stand all points, what is folded away too, and no menu."""
    visitor.goto(path)
    visitor.emulate_media(media="print")
    expect(visitor.locator(".mainnav")).to_be_hidden()
    expect(visitor.locator("main th[id^=point-]")).to_have_count(18)
    assert len(visitor.pdf()) > 10_000
