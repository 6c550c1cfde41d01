"""A moderator corrects the concerns of a comment, and every page follows: its own, the report, the lists."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Position
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

TEXT = "I oppose this agreement. It splits families and their children."
WORDS = {
    "en": {
        "read": "Read the next comment",
        "cost": "Cost and resources",
        "save": "Save what I read",
        "saved": "What you read is saved.",
        "corrected": "Corrected by a person",
        "had_found": "The program had found: Family unity.",
        "all_read": "1 of 1",
        "undo": "Let what the program finds stand again",
        "by_program": "Found by a program.",
    },
    "es": {
        "read": "Leer el siguiente comentario",
        "cost": "Costos y recursos",
        "save": "Guardar lo que leí",
        "saved": "Se guardó lo que usted leyó.",
        "corrected": "Corregido por una persona",
        "had_found": "El programa había encontrado: Unidad familiar.",
        "all_read": "1 de 1",
        "undo": "Volver a lo que encuentra el programa",
        "by_program": "Las encontró un programa.",
    },
}


def prepare(rows: Session) -> tuple[str, str, str]:
    """A comment about families; returns its period, its number and the moderator's key for the cookie."""
    period = makers.comment_period(rows)
    comment = makers.comment(rows, period, body=TEXT, position=Position.OPPOSE)
    return period.slug, comment.tracking_number, makers.user(rows, RoleName.MODERATOR).fs_uniquifier


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("es", False)])
def test_a_correction_is_followed_by_every_page(
    site: Site, new_page: NewPage, language: str, javascript: bool
) -> None:
    words = WORDS[language]
    slug, number, key = site.do(prepare)
    site.work()
    page = new_page(javascript=javascript)
    sign_in(site, page, key)
    queue = f"/{language}/staff/periods/{slug}/reading"

    page.goto(queue)
    page.get_by_role("link", name=words["read"]).click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_label(words["cost"], exact=True).check()
    page.get_by_role("button", name=words["save"]).click()

    expect(page.locator("body")).to_contain_text(words["saved"])
    expect(page.get_by_role("main")).to_contain_text(words["all_read"])
    site.work()
    page.goto(f"/{language}/comments/{number}")
    expect(page.get_by_role("main")).to_contain_text(words["corrected"])
    expect(page.get_by_role("main")).to_contain_text(words["had_found"])
    page.goto(f"/{language}/reports/{slug}")
    first = page.get_by_role("main").get_by_role("row", name=re.compile(words["cost"])).first
    expect(first).to_contain_text("1")
    page.goto(f"/{language}/periods/{slug}/comments?read_by=person&concern=cost_resources")
    expect(page.get_by_role("main")).to_contain_text(number)

    page.goto(f"{queue}/{number}")
    page.get_by_role("button", name=words["undo"]).click()
    page.goto(f"/{language}/comments/{number}")
    expect(page.get_by_role("main")).to_contain_text(words["by_program"])
