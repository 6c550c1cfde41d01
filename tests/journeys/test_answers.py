"""You said, we did: an official answers in two languages and publishes; residents read it, and are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.follows.models import Frequency
from engage.follows.service.keep import confirm
from engage.follows.tokens import Asked, Wish, comment_key
from engage.mail.models import OutboxMessage
from engage.mail.sealed import Content, read
from engage.responses import queries
from tests.conftest import signed_in_cookie
from tests.journeys.conftest import NewPage, Site
from tests.responses.answering import COST, OFFICE, SAFETY, raising, save
from tests.support import makers

pytestmark = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


def open_period(session: Session) -> tuple[str, str]:
    """A period with comments on two concerns, and one answer that was due twelve days ago."""
    period = makers.comment_period(session)
    mine = raising(session, period, COST, position="support")
    raising(session, period, COST, SAFETY, position="oppose")
    raising(session, period, "rule_of_law", position="oppose")
    due = queries.today_of(period, utcnow()) - timedelta(12)
    save(session, period, "rule_of_law", today=due, due_on=due, owner=OFFICE, is_ready=False)
    wish = Wish("comment", comment_key(mine.id))
    confirm(session, Asked("ana@example.org", (wish,), Frequency.REAL_TIME, "es", is_discreet=True))
    return period.slug, mine.tracking_number


def signed_in(site: Site, page: Page) -> Page:
    identity = site.do(lambda session: makers.user(session, RoleName.OFFICIAL).fs_uniquifier)
    cookie = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]
    assert cookie is not None
    page.context.add_cookies(
        [
            {
                "name": site.app.config["SESSION_COOKIE_NAME"],
                "value": cookie.dumps(signed_in_cookie(identity)),
                "url": site.url,
            }
        ]
    )
    return page


def answer(page: Page, concern: str, state: str, english: str, spanish: str) -> None:
    page.get_by_role("main").get_by_role("link", name=concern, exact=True).click()
    page.get_by_label("What becomes of it").select_option(label=state)
    page.get_by_label("Answer in English").fill(english)
    page.get_by_label("Answer in Spanish").fill(spanish)
    page.get_by_label("Who answers, in English").fill("Sheriff’s Office")
    page.get_by_label("Who answers, in Spanish").fill("Oficina del Alguacil")
    page.get_by_label("Ready:").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("status").get_by_text(english)).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The answer is saved.")).to_be_visible()


def outbox_of(session: Session) -> list[Content]:
    """What waits to be sent."""
    return [content for row in session.scalars(sa.select(OutboxMessage)) if (content := read(row))]


def test_from_two_drafts_to_the_mail(site: Site, new_page: NewPage, *, javascript: bool) -> None:
    slug, number = site.do(open_period)
    site.work()
    official = signed_in(site, new_page(javascript=javascript))
    resident = new_page(javascript=javascript, width=375)
    resident.goto(f"/en/periods/{slug}/answers")
    expect(resident.get_by_text("12 days overdue")).to_be_visible()
    expect(resident.get_by_text("We spend less.")).to_have_count(0)

    official.goto(f"/en/staff/periods/{slug}/answers")
    answer(official, "Cost and resources", "Accepted in part", "We spend less.", "Gastamos menos.")
    answer(official, "Public safety", "Not accepted", "We keep patrols.", "Seguimos patrullando.")
    resident.reload()
    expect(resident.get_by_text("We spend less.")).to_have_count(0)
    official.get_by_role("link", name="Read and publish them together").click()
    expect(official.get_by_text("Gastamos menos.")).to_be_visible()
    official.get_by_role("button", name="Publish").click()
    expect(official.get_by_text("2 answers are published together.")).to_be_visible()

    resident.reload()
    expect(resident.get_by_text("We spend less.")).to_be_visible()
    resident.get_by_role("link", name="2 comments raise this concern").click()
    expect(resident.locator("#found")).to_contain_text("2 comments")
    resident.goto(f"/es/receipts/{number}")
    resident.get_by_role("link", name="Costos y recursos").click()
    expect(resident.get_by_text("Gastamos menos.")).to_be_visible()

    site.work()
    (mail,) = site.do(outbox_of)
    assert mail.recipient == "ana@example.org"
    assert number not in mail.body
    assert slug not in mail.body
