"""An official signs in, opens a report, and follows its numbers to the comments behind them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from engage.accounts.models import RoleName
from tests.journeys.conftest import NewPage, Site
from tests.reports.places import busy_rows
from tests.support import makers
from tests.support.signing import App

EMAIL = "official@example.org"


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def official(request: pytest.FixtureRequest, site: Site, new_page: NewPage) -> Page:
    """An official's browser, signed in as a person does it: with a password and an authenticator app."""
    site.do(lambda session: makers.user(session, RoleName.OFFICIAL, email=EMAIL))
    page = new_page(javascript=request.param)
    page.goto("/en/staff/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(makers.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("main").get_by_role("button").first.click()
    key = page.get_by_role("main").locator("code").first.inner_text()
    page.get_by_label("Code").fill(App(key).code())
    page.get_by_role("main").get_by_role("button").first.click()
    return page


def open_report(site: Site, official: Page) -> str:
    """From the menu of the staff to the report of a busy period; returns what the period is called."""

    name = site.do(lambda session: busy_rows(session).title.en)
    site.work()
    official.goto("/en/staff")
    official.get_by_role("navigation", name="Staff").get_by_role("link", name="Reports").click()
    official.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    return name


def unfold(page: Page) -> None:
    """Open all that is folded, as somebody does who wants to read every table."""
    for summary in page.locator("#main details > summary").all():
        summary.click()


def test_an_official_follows_a_number_to_its_comments(site: Site, official: Page) -> None:
    name = open_report(site, official)
    expect(official.get_by_role("heading", level=1)).to_have_text(f"Report: {name}")
    unfold(official)
    positions = official.get_by_role("figure", name="Declared position", exact=True)
    support = positions.get_by_role("row", name=re.compile("^Support")).get_by_role("link")
    number = support.inner_text()

    support.click()

    expect(official.locator("#found")).to_contain_text(f"{number} comments")
    expect(official.locator("#found")).to_contain_text("Support")
    official.go_back()
    unfold(official)
    concerns = official.get_by_role("figure", name="Each concern by declared position")
    concern = concerns.get_by_role("row").nth(1).get_by_role("cell").first.get_by_role("link")
    number = concern.inner_text()
    concern.click()
    expect(official.locator("#found")).to_contain_text(f"{number} comment")


def test_an_official_reads_the_days_as_a_table(site: Site, official: Page) -> None:
    open_report(site, official)
    days = official.get_by_role("figure", name="Comments by day of receipt")

    unfold(official)

    day = days.get_by_role("row").nth(1).get_by_role("link")
    number = day.inner_text()
    day.click()
    expect(official.locator("#found")).to_contain_text(f"{number} comment")


def test_an_official_reads_it_in_the_other_language(site: Site, official: Page) -> None:
    open_report(site, official)
    english = official.locator("#main .front__figures a").inner_text()

    official.get_by_role("link", name="Español").click()

    expect(official.locator("html")).to_have_attribute("lang", "es")
    expect(official.locator("#main .front__figures a")).to_have_text(english)
    official.locator("#main .front__figures a").click()
    assert "/es/periods/" in official.url


def test_a_resident_reads_it_on_a_phone_without_scrolling_sideways(site: Site, new_page: NewPage) -> None:
    slug = site.do(lambda session: busy_rows(session).slug)
    site.work()
    page = new_page(width=320, javascript=False)

    concern = f"/es/reports/{slug}/concerns/public_safety"
    for address in (f"/en/reports/{slug}", f"/es/reports/{slug}", f"/en/reports/{slug}/texts", concern):
        page.goto(address)
        # Asked through the driver: with JavaScript off the page itself runs nothing.
        wide = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]["width"]
        assert wide <= 320, address
