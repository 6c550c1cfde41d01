"""A moderator works the queue in Chromium: with and without JavaScript, in both languages, by keyboard."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Comment, Disposition, Position
from engage.moderation.chain import verify_chain
from tests.conftest import signed_in_cookie
from tests.journeys.conftest import NewPage, Site
from tests.support import makers

EVIL = '<img src=x onerror="document.title=1"> "><script>document.title="2"</script> =1+1 \u202etxet'
WORDS = {
    "en": {
        "posted": "3 comments were posted.",
        "undo": "Undo",
        "again": "3 comments wait",
        "spam": "Spam",
    },
    "es": {
        "posted": "Se publicaron 3 comentarios.",
        "undo": "Deshacer",
        "again": "3 comentarios están de nuevo en la cola",
        "spam": "Spam",
    },
}


def prepare(rows: Session) -> str:
    """Five comments that wait, one of them full of tricks; returns the moderator's key for the cookie."""
    period = makers.comment_period(rows)
    for number in range(4):
        makers.comment(
            rows,
            period,
            body=f"Comment number {number}, from both sides.",
            position=(Position.SUPPORT, Position.OPPOSE)[number % 2],
            disposition=Disposition.RECEIVED,
        )
    makers.comment(rows, period, body=EVIL, name=EVIL, organisation=EVIL, disposition=Disposition.RECEIVED)
    return makers.user(rows, RoleName.MODERATOR).fs_uniquifier


def states(site: Site) -> list[str]:
    return site.do(lambda rows: sorted(rows.scalars(sa.select(Comment.disposition)).all()))


def sign_in(site: Site, browser: Page, identity: str) -> None:
    """Give the browser the cookie of somebody who has just signed in; signing in is another journey."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    value = serializer.dumps(signed_in_cookie(identity))
    browser.context.add_cookies([{"name": "session", "value": value, "url": site.url, "httpOnly": True}])


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("language", ["en", "es"])
def test_posts_many_takes_it_back_and_keeps_one_from_readers(
    site: Site, new_page: NewPage, scripts: bool, language: str
) -> None:
    identity, words = site.do(prepare), WORDS[language]
    browser = new_page(javascript=scripts, width=375 if scripts else 1280)
    sign_in(site, browser, identity)

    browser.goto(f"/{language}/staff/queue")
    boxes = browser.locator("input[name=comment]")
    expect(boxes).to_have_count(5)
    for number in range(3):
        boxes.nth(number).check()
    browser.click("button[value=post]")

    status = browser.locator("main [role=status]").first
    expect(status).to_contain_text(words["posted"])
    assert states(site) == ["posted"] * 3 + ["received"] * 2

    browser.get_by_role("button", name=words["undo"]).click()
    expect(browser.locator(".notice[role=status]").first).to_contain_text(words["again"])
    assert states(site) == ["received"] * 5

    # One that was never public: taking a public one off the page takes two people.
    browser.locator("input[name=comment]").last.check()
    browser.select_option("select[name=reason]", "spam")
    browser.click("button[value=restrict]")
    expect(browser.locator("main [role=status]").first).to_contain_text(words["spam"])
    assert states(site) == ["received"] * 4 + ["restricted"]

    browser.goto(f"/{language}/moderation")
    expect(browser.locator("#lines ~ table").first).to_contain_text(words["spam"])
    assert site.do(lambda rows: verify_chain(rows).holds)


def test_works_by_keyboard_with_all_at_once_and_a_run_of_boxes(site: Site, new_page: NewPage) -> None:
    identity = site.do(prepare)
    browser = new_page()
    sign_in(site, browser, identity)
    browser.goto("/en/staff/queue")
    browser.locator("html[data-enhanced]").wait_for()
    boxes = browser.locator("input[name=comment]")
    count = browser.locator("[data-queue-count]")

    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(count).to_have_text("3 selected")

    browser.locator("[data-queue-all] input").focus()
    browser.keyboard.press("Space")
    expect(count).to_have_text("5 selected")
    browser.locator("button[value=post]").focus()
    browser.keyboard.press("Enter")

    expect(browser.locator("main [role=status]").first).to_contain_text("5 comments were posted.")
    assert states(site) == ["posted"] * 5


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_that_a_resident_writes_runs_or_breaks_the_page(
    site: Site, new_page: NewPage, width: int
) -> None:
    identity = site.do(prepare)
    browser = new_page(width=width)
    sign_in(site, browser, identity)

    for address in ("/en/staff/queue", "/en/staff/comments"):
        browser.goto(address)
        expect(browser.locator("main")).to_contain_text("onerror=")
        assert browser.evaluate("document.querySelectorAll('main img, main script').length") == 0
        assert browser.title() not in ("1", "2")
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_restriction_without_a_reason_is_told_and_loses_no_tick(site: Site, new_page: NewPage) -> None:
    identity = site.do(prepare)
    browser = new_page(javascript=False)
    sign_in(site, browser, identity)
    browser.goto("/en/staff/queue")
    browser.locator("input[name=comment]").nth(2).check()
    browser.click("button[value=restrict]")

    expect(browser.locator("[role=alert]")).to_contain_text("Choose the reason for not posting.")
    expect(browser.locator("input[name=comment]").nth(2)).to_be_checked()
    browser.get_by_role("link", name="Choose the reason for not posting.").click()
    expect(browser.locator("select[name=reason]")).to_be_focused()
