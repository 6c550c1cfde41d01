"""A clerk builds a form with every kind of question, a section, a second page and a condition: by keyboard
alone, and on a telephone without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.feedback.models import FeedbackForm
from engage.survey import parts, surveyjs
from engage.survey.definition import Definition, Kind, Section
from engage.survey.expressions import parse
from engage.survey.validity import faults
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

MOST_TABS = 400
_IS_BEHIND_MENUS = """
wanted => document.activeElement === document.body && !!document.querySelector(wanted)?.closest("main")
"""


@dataclass(slots=True)
class Mouse:
    """Points and clicks, as on a telephone."""

    page: Page

    def press(self, selector: str) -> None:
        """Press a link or button and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def type(self, selector: str, text: str) -> None:
        """Write into a field."""
        self.page.locator(selector).first.fill(text)

    def tick(self, selector: str) -> None:
        """Choose a radio or box."""
        self.page.locator(selector).check()


@dataclass(slots=True)
class Keyboard:
    """Goes by the Tab key alone, forward, from wherever the focus is."""

    page: Page

    def reach(self, selector: str) -> None:
        """Press Tab until the control has the focus; on a new page by the link that skips the menus."""
        if self.page.evaluate(_IS_BEHIND_MENUS, selector):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        for _tab in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"The Tab key does not reach {selector}")

    def press(self, selector: str) -> None:
        """Press a link or button with Enter and wait for what comes."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, selector: str, text: str) -> None:
        """Write into a field, in the place of what is there."""
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, selector: str) -> None:
        """Choose a radio or box. The arrow keys go through radios; Tab reaches the chosen one only."""
        kind = self.page.locator(selector).get_attribute("type")
        if kind == "radio":
            self.reach("[type=radio]")
            while not self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(selector)
            self.page.keyboard.press("Space")


Hand = Mouse | Keyboard
CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.MATRIX)


def add_question(hand: Hand, into: str, kind: Kind) -> None:
    """Add a question of a kind at the end of a page or section."""
    hand.press(f"main a[href$='/questions/what-to-add?into={into}']")
    hand.press(f"main a[href*='kind={kind}']")
    hand.type("[name=title_en]", f"My {kind}?")
    hand.type("[name=title_es]", f"¿Mi {kind}?")
    if kind is Kind.MATRIX:
        hand.type("#rows-en-0", "Row")
        hand.type("#rows-es-0", "Fila")
    if kind in CHOSEN:
        for number, (english, spanish) in enumerate((("Yes", "Sí"), ("Never", "Nunca"))):
            hand.type(f"#choices-en-{number}", english)
            hand.type(f"#choices-es-{number}", spanish)
    hand.press("p.field > button")


def build(hand: Hand) -> None:
    """Every kind on the first page but one, which is in a section of the second, with a condition."""
    for kind in Kind:
        if kind is not Kind.SHORT_TEXT:
            add_question(hand, "page_1", kind)
    hand.press("main p > a[href$='/questions/new-page']")
    hand.type("[name=title_en]", "Second")
    hand.type("[name=title_es]", "Segunda")
    hand.press("p.field > button")
    hand.press("main a[href$='/questions/what-to-add?into=second']")
    hand.press("main a[href*='/questions/new-section?into=second']")
    hand.type("[name=title_en]", "Inner")
    hand.type("[name=title_es]", "Interior")
    hand.press("p.field > button")
    add_question(hand, "inner", Kind.SHORT_TEXT)
    hand.press("a[href$='/my_short_text/condition']")
    if isinstance(hand, Keyboard):
        hand.reach("#about")
        hand.page.keyboard.type("My single")
    else:
        hand.page.select_option("#about", "my_single")
    hand.press("form[method=get] button")
    hand.tick("[name=operator][value='<>']")
    hand.tick("[name=value][value=never]")
    hand.press("p.field > button")


@pytest.mark.parametrize("way", ["keyboard", "telephone"])
def test_a_clerk_builds_a_form_with_every_kind_of_question(site: Site, new_page: NewPage, way: str) -> None:
    def fill(rows: Session) -> str:
        makers.feedback_form(rows, Definition(title=makers.both("All")), slug="all", published_at=None)
        return makers.user(rows, RoleName.CLERK).fs_uniquifier

    is_keyboard = way == "keyboard"
    clerk = new_page() if is_keyboard else new_page(javascript=False, width=375)
    language = "en" if is_keyboard else "es"
    sign_in(site, clerk, site.do(fill))
    clerk.goto(f"/{language}/staff/forms/all/questions")
    hand: Hand = Keyboard(clerk) if is_keyboard else Mouse(clerk)
    build(hand)

    told = clerk.locator("#part-my_short_text")
    expect(told).to_be_focused()
    words = _WORDS[language]
    expect(told).to_contain_text(words)
    hand.press("#part-my_short_text button[value=up]")
    expect(told).to_be_focused()
    expect(told.get_by_role("status")).to_be_visible()
    made = site.do(read)
    assert {one.kind for one in made.questions()} == set(Kind)
    assert faults(made, is_public=True) == []
    assert isinstance(made.pages[1].elements[1], Section)
    assert parts.part(made, "my_short_text").visible_if == parse("{my_single} <> 'never'")
    assert clerk.evaluate("document.documentElement.scrollWidth") <= (1280 if is_keyboard else 375)
    preview(clerk, hand)


_WORDS = {
    "en": "Only if “My single?” is not “Never”.",
    "es": "Solo si la respuesta a “¿Mi single?” no es “Nunca”.",
}


def preview(clerk: Page, hand: Hand) -> None:
    """The question on the second page is asked of whom its condition says."""
    clerk.goto(clerk.url.split("/questions")[0] + "/preview")
    asked = clerk.locator("[name='q-my_short_text']")
    hand.tick("[name='q-my_single'][value=never]")
    hand.press("p.field > button[value=next]")
    expect(asked).to_have_count(0)


def read(rows: Session) -> Definition:
    """The form's working definition."""
    return surveyjs.read(rows.scalars(sa.select(FeedbackForm)).one().working)
