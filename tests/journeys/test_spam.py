"""A person writes and is asked for nothing more; what a machine does is seen, and nobody is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engage.checks import forms
from engage.comments.models import Comment, Flag
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_comment import RECEIPT, send, write
from tests.support import makers

FASTEST = 1
PEOPLE_TAKE = 1200  # milliseconds, a little more than FASTEST
LANGUAGES = ["en", "es"]


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """A county with one open period."""
    site.do(lambda session: makers.comment_period(session, slug="jail"))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story but the first has to take its time."""
    monkeypatch.setattr(forms, "FASTEST_SECONDS", 0)


def flags(site: Site) -> list[set[Flag]]:
    """The reasons to look twice at each comment."""
    return site.do(
        lambda session: [
            {row.flag for row in comment.flags} for comment in session.scalars(sa.select(Comment))
        ]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_writes_with_javascript_has_nothing_to_solve_and_no_flag(
    site: Site, visitor: Page, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "FASTEST_SECONDS", FASTEST)
    visitor.goto(f"/{language}/periods/jail/comment")
    assert visitor.locator("input[name=proof]").input_value() == ""
    write(visitor)
    # The proof is found in the background, with the keyboard still in the field.
    expect(visitor.locator("input[name=proof]")).not_to_have_value("")
    expect(visitor.locator("textarea[name=body]")).to_be_focused()
    expect(visitor.locator("#website")).to_be_hidden()
    visitor.wait_for_timeout(PEOPLE_TAKE)
    send(visitor)

    visitor.wait_for_url(RECEIPT)
    assert flags(site) == [set()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("patient")
def test_who_writes_without_javascript_is_taken_on_time(site: Site, new_page: NewPage, language: str) -> None:
    plain = new_page(javascript=False)
    plain.goto(f"/{language}/periods/jail/comment")
    write(plain)
    expect(plain.locator("#website")).to_be_hidden()
    send(plain)

    plain.wait_for_url(RECEIPT)
    assert flags(site) == [{Flag.NO_PROOF_OF_WORK}]
    assert site.do(lambda session: session.scalars(sa.select(Comment.on_time)).all()) == [True]


@pytest.mark.usefixtures("patient")
def test_a_form_that_is_sent_at_once_waits_for_its_proof_and_is_sent_once(site: Site, visitor: Page) -> None:
    visitor.goto("/en/periods/jail/comment")
    visitor.wait_for_selector("html[data-enhanced]")
    # As a program does that types into the page: no focus, no key, only the button.
    visitor.evaluate("document.querySelector('textarea[name=body]').value = 'Pasted at once.'")
    visitor.evaluate("document.querySelector('#website').value = 'http://example.org'")
    visitor.evaluate("document.querySelector('main form').requestSubmit()")

    visitor.wait_for_url(RECEIPT)
    assert flags(site) == [{Flag.HONEYPOT}]


@pytest.mark.usefixtures("patient")
def test_a_machine_that_cannot_solve_anything_is_not_kept_waiting_for_ever(site: Site, visitor: Page) -> None:
    visitor.add_init_script("Worker = class { addEventListener() {} postMessage() {} terminate() {} }")
    visitor.goto("/es/periods/jail/comment")
    visitor.wait_for_selector("html[data-enhanced]")
    write(visitor)
    send(visitor)

    expect(visitor.locator(".check-wait")).to_contain_text("Un momento: su navegador")
    visitor.wait_for_url(RECEIPT)
    assert flags(site) == [{Flag.NO_PROOF_OF_WORK}]
