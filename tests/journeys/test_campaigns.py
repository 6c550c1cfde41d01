"""Form letters in Chromium: a reader goes from the report to what people added; a moderator decides a letter;
everybody reads whether that is even. In both languages, once without scripts, on a desk and on a phone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Disposition, Position
from tests.campaigns.letters import LETTER, OTHER_LETTER, OWN, comments
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in, states
from tests.support import makers

WORDS = {
    "en": {
        "all": "All 2 form letters, with what people added",
        "one": "Read all 4 comments one by one",
        "once": "Show each form letter once",
        "copies": "All 2 copies listed here",
        "posted": "3 comments were posted.",
        "undo": "Undo",
        "even": "Are all sides treated alike?",
        "few": "There are too few comments to compare anything",
    },
    "es": {
        "all": "Las 2 cartas modelo, con lo que la gente agregó",
        "one": "Leer los 4 comentarios uno por uno",
        "once": "Mostrar cada carta modelo una sola vez",
        "copies": "Las 2 copias que aparecen aquí",
        "posted": "Se publicaron 3 comentarios.",
        "undo": "Deshacer",
        "even": "¿Se trata por igual a todas las partes?",
        "few": "Hay muy pocos comentarios para comparar algo",
    },
}


def prepare(rows: Session) -> tuple[str, str]:
    """Two letters, of one of which versions wait too; the period's slug and the moderator's key."""
    period = makers.comment_period(rows)
    comments(rows, period, *[LETTER] * 3, f"{LETTER} {OWN}", position=Position.OPPOSE)
    comments(rows, period, OTHER_LETTER, OTHER_LETTER, position=Position.SUPPORT)
    comments(rows, period, LETTER, LETTER, f"{LETTER} {OWN} And so was I.", disposition=Disposition.RECEIVED)
    return period.slug, makers.user(rows, RoleName.MODERATOR).fs_uniquifier


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_letter_from_the_report_through_the_queue_to_the_neutrality_page(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    (slug, identity), words = site.do(prepare), WORDS[language]
    site.work()

    reader = new_page(javascript=scripts, width=1280 if scripts else 375)
    reader.goto(f"/{language}/reports/{slug}#letters")
    reader.get_by_role("link", name=words["all"]).click()
    reader.locator(".comments a").first.click()
    expect(reader.locator("main")).to_contain_text(LETTER)
    expect(reader.locator("#added ~ ol")).to_contain_text(OWN.rstrip("."))
    reader.get_by_role("link", name=words["one"]).click()
    expect(reader.locator("ol.comments > li")).to_have_count(4)
    reader.goto(f"/{language}/periods/{slug}/comments")
    expect(reader.locator("ol.comments > li")).to_have_count(6)
    reader.get_by_role("link", name=words["once"]).click()
    expect(reader.locator("ol.comments > li")).to_have_count(3)

    _decide(site, new_page(javascript=scripts, width=375 if scripts else 1280), language, identity)

    reader.goto(f"/{language}/moderation")
    reader.get_by_role("link", name=words["even"]).click()
    expect(reader.locator("h1")).to_have_text(words["even"])
    expect(reader.locator("main")).to_contain_text(words["few"])
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _decide(site: Site, moderator: Page, language: str, identity: str) -> None:
    """Post the copies and the version with own words together, take it back, and do it again."""
    words = WORDS[language]
    sign_in(site, moderator, identity)
    moderator.goto(f"/{language}/staff/queue")
    moderator.locator("a[href$='/staff/letters']").click()
    moderator.locator(".comments a").first.click()
    for again in (True, False):
        moderator.get_by_label(words["copies"]).check()
        expect(moderator.locator("mark.finding")).to_contain_text(OWN.split()[1])
        moderator.locator("input[name=comment]").check()
        moderator.click("button[value=post]")
        expect(moderator.locator("main [role=status]").first).to_contain_text(words["posted"])
        assert states(site) == ["posted"] * 9
        if again:
            moderator.get_by_role("button", name=words["undo"]).click()
            expect(moderator.locator(".notice[role=status]").first).to_be_visible()
            assert states(site) == ["posted"] * 6 + ["received"] * 3
