"""A clerk runs a period, and a library types in paper forms, in Chromium: both languages, with and without
scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Channel, Comment, CommentBatch, CommentFlag, CommentPeriod
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

SCREEN = "form[data-draft]"
WORDS = {
    "en": {
        "extended": "Extended",
        "entered": "Entered:",
        "receipt": "Receipt to print and hand over",
        "same": "These words are here already",
        "looked_at": "A moderator will look at it",
        "missing": "residents need this text in this language.",
        "paper": "Paper form",
    },
    "es": {
        "extended": "Prorrogado",
        "entered": "Ingresado:",
        "receipt": "Recibo para imprimir y entregar",
        "same": "Estas palabras ya están aquí",
        "looked_at": "Una persona moderadora lo revisará",
        "missing": "los residentes necesitan este texto en este idioma.",
        "paper": "Formulario en papel",
    },
}


def prepare(rows: Session) -> str:
    """A docket to comment on; returns the clerk's key for the cookie."""
    makers.docket(rows, slug="agreement")
    return makers.user(rows, RoleName.CLERK).fs_uniquifier


def comments(site: Site) -> list[tuple[str, str, bool]]:
    def read(rows: Session) -> list[tuple[str, str, bool]]:
        found = rows.scalars(sa.select(Comment).order_by(Comment.body))
        return [(comment.body, comment.channel, comment.entered_by_id is not None) for comment in found]

    return site.do(read)


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_clerk_makes_publishes_and_extends_a_period_and_enters_what_came_on_paper(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, browser = WORDS[language], new_page(javascript=scripts)
    sign_in(site, browser, site.do(prepare))
    place = f"/{language}/staff/periods/jail"

    browser.goto(f"/{language}/staff/periods/new")
    browser.select_option("select[name=docket]", "agreement")
    now = datetime.now(UTC)
    for name, value in {
        "slug": "jail", "title_en": "Jail agreement", "title_es": "Acuerdo de la cárcel",
        "summary_en": "What is proposed", "summary_es": "Lo que se propone", "notice_en": "The county asks",
        "opens_at": f"{now - timedelta(days=2):%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}",
    }.items():  # fmt: skip
        browser.fill(f"[name={name}]", value)
    browser.check("[name=is_published]")
    _save(browser)
    expect(browser.locator(".errors")).to_contain_text(words["missing"])
    browser.fill("[name=notice_es]", "El condado pregunta")
    _save(browser)
    browser.wait_for_url(f"**{place}/edit")

    browser.goto(f"{place}/extend")
    browser.fill("[name=closes_at]", f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}")
    browser.fill("[name=reason_en]", "The Spanish text came late.")
    browser.fill("[name=reason_es]", "El texto en español llegó tarde.")
    _save(browser)
    browser.wait_for_url(f"**{place}/edit")
    visitor = new_page(javascript=scripts, width=375)
    visitor.goto(f"/{language}/periods/jail")
    expect(visitor.locator("main")).to_contain_text(words["extended"])
    expect(visitor.locator("main del")).to_have_count(1)
    visitor.goto(f"/{language}/periods/jail/paper?size=a4&print=large")
    expect(visitor.locator("h1")).to_contain_text(words["paper"])

    browser.goto(f"{place}/entry")
    browser.select_option("select[name=came_by]", "mail")
    browser.fill("[name=body]", "From a letter.")
    browser.check("input[name=position][value=support]")
    _enter(browser)
    expect(browser.locator(".notice[role=status]").first).to_contain_text(words["entered"])
    expect(browser.locator("[name=body]")).to_have_value("")
    expect(browser.locator("[name=body]")).to_be_focused()
    expect(browser.locator("select[name=came_by]")).to_have_value("mail")
    browser.keyboard.type("From another letter.")
    _enter(browser)
    expect(browser.locator(".notice[role=status]").first).to_contain_text(words["entered"])
    browser.get_by_role("link", name=words["receipt"]).click()
    expect(browser.locator("h1 .tracking-number")).to_be_visible()

    assert comments(site) == [
        ("From a letter.", Channel.MAIL, True),
        ("From another letter.", Channel.MAIL, True),
    ]


@pytest.mark.parametrize(("language", "scripts"), [("en", False), ("es", True)])
def test_a_library_with_a_code_enters_forms_and_hands_over_receipts(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, clerk = WORDS[language], new_page(javascript=scripts)
    identity = site.do(prepare)
    site.do(lambda rows: makers.comment_period(rows, slug="jail"))
    sign_in(site, clerk, identity)
    clerk.goto(f"/{language}/staff/periods/jail/batches")
    clerk.fill("[name=name]", "Town library")
    clerk.check("[name=is_certified]")
    clerk.locator("main form", has=clerk.locator("[name=name]")).locator("button[type=submit]").click()
    code = clerk.locator(".code-to-say").inner_text()
    assert re.fullmatch(r"(?:[a-z]{4}-){4}[a-z]{4}", code)

    library = new_page(javascript=scripts, width=375)
    library.goto(f"/{language}/entry")
    library.fill("[name=code]", code.replace("-", " ").upper())
    library.locator("main form button[type=submit]").click()
    for words_on_paper in ("First sheet.", "Second sheet."):
        library.fill("[name=body]", words_on_paper)
        _enter(library)
        expect(library.locator(".notice[role=status]").first).to_contain_text(words["entered"])
    expect(library.locator("main tbody tr")).to_have_count(2)
    expect(library.locator("main")).not_to_contain_text("First sheet.")

    library.fill("[name=body]", "Second sheet.")
    _enter(library)
    expect(library.locator("[role=alert]").first).to_contain_text(words["same"])
    library.check("[name=is_another]")
    _enter(library)
    expect(library.locator("main tbody tr")).to_have_count(3)
    library.locator("main tbody button").first.click()
    expect(library.locator("main tbody")).to_contain_text(words["looked_at"])

    library.goto(f"/{language}/entry/paper")
    label = site.do(lambda rows: rows.scalars(sa.select(CommentBatch.label)).one())
    expect(library.locator("main")).to_contain_text(label)
    library.goto(f"/{language}/entry/form")
    library.locator("main form:not([data-draft]) button").first.click()
    library.wait_for_url(f"**/{language}/entry")
    assert [channel for _, channel, _ in comments(site)] == [Channel.PAPER_INTAKE] * 3
    assert site.do(lambda rows: rows.scalar(sa.select(sa.func.count()).select_from(CommentFlag))) == 1


def test_what_a_library_typed_is_kept_over_a_lost_connection(site: Site, new_page: NewPage) -> None:
    period = site.do(lambda rows: makers.comment_period(rows, slug="jail", title=makers.both("Jail")))
    assert isinstance(period, CommentPeriod)
    clerk = new_page()
    sign_in(site, clerk, site.do(prepare))
    clerk.goto("/en/staff/periods/jail/entry")
    clerk.locator("html[data-enhanced]").wait_for()
    clerk.fill("[name=body]", "A long letter, typed for an hour.")
    clerk.context.set_offline(True)
    clerk.locator(f"{SCREEN} button[type=submit]").click()
    expect(clerk.get_by_text("You are offline, so nothing was sent.")).to_be_visible()
    clerk.context.set_offline(False)

    clerk.goto("/en/staff/periods/jail/entry")

    expect(clerk.locator("[name=body]")).to_have_value("A long letter, typed for an hour.")
    _enter(clerk)
    expect(clerk.locator(".notice[role=status]").first).to_contain_text("Entered:")
    assert len(comments(site)) == 1


def _save(browser: Page) -> None:
    browser.locator("main form button[type=submit]").last.click()


def _enter(browser: Page) -> None:
    browser.locator(f"{SCREEN} > p button[type=submit]").click()
