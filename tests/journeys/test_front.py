"""A resident checks a report on a telephone without JavaScript; a clerk writes down who lives here."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from engage.accounts.models import RoleName
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.reports.places import busy_rows
from tests.support import makers


@pytest.mark.parametrize(
    ("language", "comments", "found"),
    [("en", "Posted comments", "comment"), ("es", "Comentarios publicados", "comentario")],
)
def test_a_resident_goes_from_the_first_page_to_a_concern_and_its_comments(
    site: Site, new_page: NewPage, language: str, comments: str, found: str
) -> None:
    slug = site.do(lambda session: busy_rows(session).slug)
    site.work()
    page = new_page(width=375, javascript=False)
    page.goto(f"/{language}/reports/{slug}")
    front = page.locator(".front")
    expect(front.get_by_text(comments)).to_be_visible()
    concern = front.locator(".bars--sides tbody tr").first
    name, number = (concern.get_by_role("link").nth(place).inner_text() for place in (0, 1))

    concern.get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    posted = page.locator(".front__figures a").first
    expect(posted).to_have_text(number)
    posted.click()
    expect(page.locator("#found")).to_contain_text(re.compile(rf"^\s*{number} {found}"))
    page.go_back()
    page.locator("nav.pages").get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(name)


def test_a_clerk_lays_residents_beside_the_comments(site: Site, new_page: NewPage) -> None:
    slug = site.do(lambda session: busy_rows(session).slug)
    site.work()
    clerk = new_page(javascript=False)
    sign_in(site, clerk, site.do(lambda rows: makers.user(rows, RoleName.CLERK).fs_uniquifier))
    clerk.goto("/en/staff/reports")
    clerk.get_by_role("link", name="Who lives here: figures to lay beside the comments").click()
    form = clerk.locator("form", has=clerk.get_by_label("District 0"))
    form.get_by_label("District 0").fill("300")
    form.get_by_label("District 3").fill("100")
    form.get_by_label("Source in English").fill("Census")
    form.get_by_role("button", name="Save").click()
    expect(clerk.get_by_role("alert")).to_contain_text("in Spanish too")

    form.get_by_label("Source in Spanish").fill("Censo")
    form.get_by_label("Day of the figures").fill("2025-07-01")
    form.get_by_role("button", name="Save").click()

    expect(clerk.get_by_role("status")).to_contain_text("The figures are saved.")
    clerk.goto(f"/es/reports/{slug}")
    expect(clerk.locator(".front").get_by_role("row", name=re.compile("District 3"))).to_contain_text("25%")
