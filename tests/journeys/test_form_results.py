"""Residents read what was answered, by keyboard and without JavaScript; an official reads it before them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.feedback.models import ResultsShown
from tests.feedback.tables import counted_form
from tests.journeys.conftest import NewPage, Site
from tests.support import makers
from tests.support.signing import App

EMAIL = "official@example.org"


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("en", ("Tell", "by", "Show the table", "Yes"), "60 (50%)"),
        ("es", ("Presentar", "según", "Mostrar la tabla", "Yes (es)"), "60 (50"),
    ],
)
def test_a_resident_reads_results_by_keyboard_alone(
    site: Site, any_visitor: Page, language: str, words: tuple[str, ...], told: str
) -> None:
    slug = site.do(lambda session: counted_form(session).slug)
    page = any_visitor
    tell, by, show, answer = words
    page.goto(f"/{language}/forms/{slug}/results")
    expect(page.get_by_role("img").first).to_be_visible()

    page.get_by_label(tell, exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label(by, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=show)).to_be_focused()
    page.keyboard.press("Enter")

    row = page.get_by_role("row", name=re.compile(re.escape(answer))).first
    expect(row).to_contain_text(told)
    assert "question=trust" in page.url


def test_a_resident_on_a_phone_scrolls_nothing_sideways(site: Site, new_page: NewPage) -> None:
    slug = site.do(lambda session: counted_form(session).slug)
    page = new_page(width=320, javascript=False)

    for path in ("results", "results/tables?all=1"):
        for language in ("en", "es"):
            page.goto(f"/{language}/forms/{slug}/{path}")
            # Asked through the driver: with JavaScript off the page itself runs nothing.
            size = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]
            assert size["width"] <= 320, path


def test_an_official_reads_before_the_close_and_takes_the_answers_away(site: Site, new_page: NewPage) -> None:
    def fill(session: Session) -> str:
        makers.user(session, RoleName.OFFICIAL, email=EMAIL)
        form = counted_form(session, results=ResultsShown.AT_CLOSE)
        makers.response(session, form, {"trust": "yes", "stopped": "yes"})
        return form.slug

    slug = site.do(fill)
    page = new_page(javascript=False)
    page.goto(f"/en/forms/{slug}/results")
    expect(page.get_by_role("main")).to_contain_text("The results are not shown yet")
    page.goto("/en/staff/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(makers.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("main").get_by_role("button").first.click()
    key = page.get_by_role("main").locator("code").first.inner_text()
    page.get_by_label("Code").fill(App(key).code())
    page.get_by_role("main").get_by_role("button").first.click()

    page.goto("/en/staff")
    page.get_by_role("navigation", name="Staff").get_by_role("link", name="Results of forms").click()
    page.get_by_role("main").get_by_role("link", name="Trust in the sheriff").click()
    expect(page.get_by_role("main")).to_contain_text("Not public yet")
    page.get_by_role("link", name="The single answers").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Answers alone (CSV)").click()

    content = download.value.path().read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["trust"] == "yes"
    assert "stopped" not in row
