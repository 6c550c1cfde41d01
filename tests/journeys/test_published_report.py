"""A report is published for good: what is found in it stays, but for the words that were withdrawn."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.moderation.service import withdraw_comment
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_official import official
from tests.reports.places import busy_rows
from tests.support import makers

__all__ = ["official"]

WORDS = "The quokkaberry is a fine fruit."


def test_what_was_published_stays_but_for_words_that_are_withdrawn(
    site: Site, official: Page, new_page: NewPage
) -> None:
    slug, number = site.do(_fill)
    site.work()
    publish(site, official, slug, "First version", "Primera versión")

    # A resident without JavaScript, in Spanish, follows a number to its comments.
    resident = new_page(javascript=False, width=375)
    resident.goto(f"/es/reports/{slug}")
    expect(resident.get_by_text("Primera versión")).to_be_visible()
    posted = resident.locator(f"a[href='/es/reports/{slug}/1/comments']").first
    count = posted.inner_text()
    posted.click()
    expect(resident.locator("#found")).to_contain_text(f"{count} comentarios")
    expect(resident.get_by_role("link", name=number)).to_be_visible()

    site.do(partial(_withdraw, number))
    site.work()
    resident.reload()
    expect(resident.locator("#found")).to_contain_text(f"{count} comentarios")
    expect(resident.get_by_role("link", name=number)).to_have_count(0)
    expect(resident.get_by_text("Todo el mundo podía leer este comentario")).to_have_count(1)

    late = site.do(partial(_more, slug))
    publish(site, official, slug, "With later comments", "Con comentarios posteriores")
    resident.goto(f"/en/reports/{slug}")
    resident.get_by_role("link", name="What changed since version 1").click()
    expect(resident.get_by_text("10 comments are new. 1 comment is not counted any more.")).to_be_visible()
    resident.goto(f"/en/receipts/{late}")
    expect(resident.get_by_text("Version 1 of the report was made while it was not posted")).to_be_visible()
    resident.get_by_role("link", name="Counted in version 2 of the report").click()
    expect(resident.get_by_role("heading", level=1)).to_contain_text("Report:")
    expect(resident.get_by_text(WORDS)).to_have_count(0)


def publish(site: Site, official: Page, slug: str, english: str, spanish: str) -> None:
    """As an official does it: read, say why, confirm, and wait for the worker."""
    official.goto(f"/en/staff/reports/{slug}")
    official.get_by_label("Why this version is published, in English").fill(english)
    official.get_by_label("Why this version is published, in Spanish").fill(spanish)
    # Where comments wait for a moderator, a second box says how many.
    for box in official.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    official.get_by_role("button", name="Publish for good").click()
    expect(official.get_by_role("link", name="Look whether it is published")).to_be_visible()
    site.work()
    official.get_by_role("link", name="Look whether it is published").click()
    expect(official.get_by_role("main").get_by_role("link", name="was published on")).to_be_visible()


def _fill(session: Session) -> tuple[str, str]:
    period = busy_rows(session, comments=12)
    comment = makers.comment(session, period, body=WORDS)
    return period.slug, comment.tracking_number


def _withdraw(number: str, session: Session) -> None:
    comment = session.scalars(sa.select(Comment).where(Comment.tracking_number == number)).one()
    withdraw_comment(session, comment, None, utcnow())


def _more(slug: str, session: Session) -> str:
    period = session.scalars(sa.select(Comment)).first()
    assert period is not None
    comments = [makers.comment(session, period.period) for _ in range(10)]
    assert period.period.slug == slug
    return comments[0].tracking_number
