"""A clerk prints a feedback form and types in the sheets that come back, in Chromium: both languages, with
and without scripts."""

from __future__ import annotations

import io

import pikepdf
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.demo.forms import definition
from engage.feedback.codes import Boxed, unseal
from engage.feedback.models import BoxedAnswer, Channel
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

FORM = "your-view"
LETTER = [0, 0, 612, 792]
WORDS = {
    "en": {"save": "Save and next",
           "two": "2 sheets entered in this sitting.", "again": "Look at the sheet again",
           "as_it_is": "Save it as it is, and next"},
    "es": {"save": "Guardar y seguir", "two": "2 hojas ingresadas en esta sesión.",
           "again": "Vuelva a mirar la hoja", "as_it_is": "Guardarla tal como está y seguir"},
}  # fmt: skip


def prepare(rows: Session) -> str:
    """A form to print; returns the clerk's key for the cookie."""
    makers.feedback_form(rows, definition("287g-your-view-2"), slug=FORM)
    return makers.user(rows, RoleName.CLERK).fs_uniquifier


def boxed(site: Site) -> list[Boxed]:
    def read(rows: Session) -> list[Boxed]:
        found = rows.scalars(sa.select(BoxedAnswer))
        answers = [unseal(one.sealed, version_id=one.version_id) for one in found]
        return sorted(answers, key=lambda one: str(one.answers["position"]))

    return site.do(read)


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_clerk_prints_a_form_and_types_two_sheets_in(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words = WORDS[language]
    browser = new_page(javascript=scripts)
    sign_in(site, browser, site.do(prepare))

    browser.goto(f"/{language}/forms/{FORM}/paper")
    _every_question_is_printed(browser, language)

    browser.goto(f"/{language}/staff/forms/{FORM}/enter")
    (_by_keyboard if scripts else _by_hand)(browser)
    browser.get_by_role("button", name=words["save"], exact=True).click()

    browser.locator("#q-position-0").check()
    # The sheet says to skip this one for whoever supports the draft or is against it.
    browser.locator("#q-parts-0").check()
    browser.get_by_role("button", name=words["save"], exact=True).click()
    expect(browser.get_by_role("heading", name=words["again"])).to_be_visible()
    browser.get_by_role("button", name=words["as_it_is"]).click()

    expect(browser.get_by_role("status").filter(has_text=words["two"])).to_be_visible()
    first, second = boxed(site)
    assert first.answers == {
        "heard": "some",
        "position": "mixed",
        "parts": ["who", "costs"],
        "effects": {"safety": "better"},
        "comfort": 4,
    }
    assert second.answers == {"position": "support"}
    assert {(one.channel, one.language) for one in (first, second)} == {(Channel.PAPER, language)}


def _every_question_is_printed(browser: Page, language: str) -> None:
    browser.emulate_media(media="print")
    asked = definition("287g-your-view-2")
    for name, number in asked.numbers().items():
        question = asked.question(name)
        assert question is not None
        heading = browser.locator(f"#paper-{name}")
        expect(heading).to_be_visible()
        expect(heading).to_contain_text(f"{number}. {question.title.best(language)[0]}")
    printed = pikepdf.open(io.BytesIO(browser.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) >= 3
    assert [round(float(side)) for side in printed.pages[0].mediabox] == LETTER
    browser.emulate_media(media="screen")


def _by_keyboard(browser: Page) -> None:
    """Digits tick and go on, Enter goes on from everywhere and sends nothing: the button does."""
    browser.wait_for_selector("html[data-enhanced]", state="attached")
    press = browser.keyboard.press
    expect(browser.locator("#q-heard-0")).to_be_focused()
    expect(browser.get_by_text("Keys: a number ticks")).to_be_visible()
    press("1")
    press("Enter")
    expect(browser.locator("#q-parts-0")).to_be_focused()
    browser.locator("#q-heard-0").focus()
    for digit in "23":  # heard: some; position: mixed
        press(digit)
    for digit in "24":  # parts: who, costs; boxes do not go on by themselves
        press(digit)
    press("Enter")
    expect(browser.locator("#q-why")).to_be_focused()
    press("Control+Enter")
    expect(browser.locator("#q-effects-safety-no-answer")).to_be_focused()
    press("1")
    expect(browser.locator("#q-effects-reporting-no-answer")).to_be_focused()
    browser.locator("#q-comfort-0").focus()
    press("4")
    expect(browser.locator("#q-announce")).to_be_focused()
    press("Enter")
    expect(browser.locator("#q-anything")).to_be_focused()


def _by_hand(browser: Page) -> None:
    for control in ("heard-1", "position-2", "parts-1", "parts-3", "effects-safety-0", "comfort-3"):
        browser.locator(f"label[for=q-{control}]").click()
