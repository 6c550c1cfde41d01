"""An official publishes a quarter with small numbers, and a resident reads the record: in Chromium."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.oversight.models import Indicator
from engage.oversight.service import CategoryDraft, EntryDraft
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.journeys.test_moderator import sign_in
from tests.oversight.makers import adopted, counts, draft
from tests.oversight.test_public import STARTS_ON, publish, watched
from tests.support import makers
from tests.support.makers import both

WORDS = {
    "en": {
        "look": "Look at what residents will read",
        "publish": "Publish",
        "hidden": "Not told",
        "told": "fewer than 10 people or cases",
        "late": "overdue",
        "method": "New method",
    },
    "es": {
        "look": "Ver lo que leerán los residentes",
        "publish": "Publicar",
        "hidden": "No se publica",
        "told": "menos de 10 personas o casos",
        "late": "atrasada",
        "method": "Método nuevo",
    },
}


def prepare(rows: Session) -> str:
    """A record with a quarter that is published, and a wide one of which no number is told; returns the
    official's key for the cookie.
    """
    docket = adopted(rows)
    one: Indicator = watched(rows, docket=docket)
    publish(rows, one, 0, counts(60, 20, 20, 20))
    many = tuple(CategoryDraft(f"c{number}", both(f"Unsubstantiated {number}")) for number in range(8))
    wide = watched(rows, docket=docket, slug="wide", name=both("Wide"), categories=many)
    publish(rows, wide, 0, EntryDraft(8_00, {part.key: 1_00 for part in many}))
    assert draft().starts_on > STARTS_ON
    return makers.user(rows, RoleName.OFFICIAL).fs_uniquifier


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_an_official_publishes_small_numbers_and_a_resident_reads_what_is_told(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words = WORDS[language]
    key = site.do(prepare)

    page = new_page(javascript=scripts)
    sign_in(site, page, key)
    page.goto(f"/{language}/staff/dockets/agreement/oversight/charges/2025-04-01")
    for name, value in (("part_0", "12"), ("part_1", "30"), ("part_2", "8"), ("total", "50")):
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name=words["look"]).click()
    rows = page.locator("main tbody tr")
    expect(rows.nth(0)).to_contain_text(words["hidden"])
    expect(rows.nth(2)).to_contain_text("8")
    expect(rows.nth(2)).to_contain_text(words["hidden"])
    page.get_by_role("button", name=words["publish"], exact=True).click()
    expect(page).to_have_url(f"{site.url}/{language}/staff/dockets/agreement/oversight/charges")

    reader = new_page(javascript=scripts, width=375)
    reader.goto(f"/{language}/dockets/agreement")
    reader.locator("#record + p a").click()
    expect(reader.locator("main")).to_contain_text(words["late"])
    reader.locator(".record__card h3 a[href$='/charges']").click()
    figures = reader.locator("#table tbody", has_text="2025")
    published = figures.filter(has_text="30")
    expect(published).to_contain_text(words["hidden"])
    expect(published).not_to_contain_text("12")
    expect(reader.locator("main")).to_contain_text(words["told"])
    assert reader.evaluate("document.documentElement.scrollWidth") <= 375
    if scripts:
        assert Axe().run(reader, options=WCAG).response["violations"] == []
    for width in (640, 1280):
        reader.set_viewport_size({"width": width, "height": 800})
        reader.goto(f"/{language}/dockets/agreement/oversight/wide")
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    reader.goto(f"/{language}/dockets/agreement/oversight/charges")
    reader.emulate_media(media="print")
    expect(reader.locator("#chart .chart__picture")).to_be_visible()
    expect(reader.locator("#table")).to_be_visible()
