"""What is written and said for a meeting, and what stays of it, in Chromium: a resident, a moderator, a clerk
and whoever reads the report, in both languages, with and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, Disposition
from engage.meetings.models import Meeting, MeetingComment
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.journeys.test_moderator import sign_in
from tests.support import makers

WORDS = {
    "en": {
        "write": "Write on item 2: The budget",
        "on_top": "You are writing on an item of a meeting’s agenda",
        "wrong": "Write your comment.",
        "entered": "Entered:",
        "draft": "Draft, not approved yet",
        "approved": "Approved on",
        "meetings": "At meetings",
        "by_meeting": "Posted comments by meeting",
    },
    "es": {
        "write": "Escribir sobre el punto 2: The budget (es)",
        "on_top": "Usted escribe sobre un punto del orden del día de una reunión",
        "wrong": "Escriba su comentario.",
        "entered": "Ingresado:",
        "draft": "Borrador, aún sin aprobar",
        "approved": "Aprobada el",
        "meetings": "En reuniones",
        "by_meeting": "Comentarios publicados por reunión",
    },
}


def prepare(rows: Session) -> dict[RoleName, str]:
    """A forum in two days with two items; returns the keys of a moderator and a clerk for their cookies."""
    period = makers.comment_period(rows, slug="jail")
    meeting = makers.meeting(
        rows, slug="forum", period=period, docket=period.docket, starts_at=utcnow() + timedelta(days=2)
    )
    makers.agenda_item(rows, meeting)
    makers.agenda_item(rows, meeting, title=makers.both("The budget"))
    makers.posted(rows, meeting)
    return {role: makers.user(rows, role).fs_uniquifier for role in (RoleName.MODERATOR, RoleName.CLERK)}


def begin(rows: Session) -> None:
    """The forum began an hour ago."""
    meeting = rows.scalars(sa.select(Meeting)).one()
    meeting.starts_at, meeting.ends_at = utcnow() - timedelta(hours=1), utcnow() + timedelta(hours=1)


def end(rows: Session) -> None:
    """The forum is over: now its minutes can be approved."""
    rows.scalars(sa.select(Meeting)).one().ends_at = utcnow() - timedelta(minutes=1)


def post_all(rows: Session) -> None:
    """What a moderator does by a button is another journey."""
    for comment in rows.scalars(sa.select(Comment)):
        comment.disposition = Disposition.POSTED
        comment.mark_changed()


def on_items(rows: Session) -> list[tuple[str, int | None]]:
    """What was said, and on which item of the agenda."""
    found = rows.execute(
        sa.select(Comment, MeetingComment).join(MeetingComment, MeetingComment.comment_id == Comment.id)
    )
    return sorted((comment.body, tie.item.position if tie.item else None) for comment, tie in found)


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_what_is_written_on_an_item_and_what_is_said_at_the_meeting_end_in_one_report(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, keys = WORDS[language], site.do(prepare)
    resident = new_page(javascript=scripts, width=375)
    resident.goto(f"/{language}/meetings/forum")
    resident.get_by_role("link", name=words["write"]).click()
    expect(resident.locator("main .notice").first).to_contain_text(words["on_top"])
    resident.locator("[name=name]").fill("Ana")
    _send(resident)
    expect(resident.locator(".errors")).to_contain_text(words["wrong"])
    expect(resident.locator("main .notice").first).to_contain_text(words["on_top"])
    resident.locator("[name=body]").fill("Written before the meeting.")
    _send(resident)
    resident.wait_for_url("**/receipts/*")

    moderator = new_page(javascript=scripts)
    sign_in(site, moderator, keys[RoleName.MODERATOR])
    moderator.goto(f"/{language}/staff/queue")
    expect(moderator.locator("main")).to_contain_text("Written before the meeting.")

    site.do(begin)
    clerk = new_page(javascript=scripts)
    sign_in(site, clerk, keys[RoleName.CLERK])
    place = f"/{language}/staff/meetings/forum"
    clerk.goto(f"{place}/oral")
    clerk.locator("[name=item]").select_option(index=2)
    for text in ("Said first.", "Said second."):
        clerk.locator("[name=body]").fill(text)
        clerk.locator("form[data-draft] button[type=submit]").last.click()
        expect(clerk.locator(".notice[role=status]").first).to_contain_text(words["entered"])
        expect(clerk.locator("[name=body]")).to_have_value("")
    assert site.do(on_items) == [("Said first.", 2), ("Said second.", 2), ("Written before the meeting.", 2)]

    site.do(end)
    _keep_the_minutes(clerk, place, words)
    resident.goto(f"/{language}/meetings/forum/minutes")
    expect(resident.locator("main")).to_contain_text(words["approved"])
    expect(resident.locator("main")).to_contain_text("The chair closed the forum.")

    site.do(post_all)
    site.work()
    row = resident.get_by_role("row", name=re.compile("^Meeting"))
    for place_of_link, number in ((1, "2"), (2, "1")):
        resident.goto(f"/{language}/reports/jail")
        expect(resident.get_by_role("heading", name=words["meetings"])).to_be_visible()
        resident.locator("summary", has_text=words["by_meeting"]).click()
        link = row.get_by_role("link").nth(place_of_link)
        expect(link).to_have_text(number)
        link.click()
        expect(resident.locator(".comment__head")).to_have_count(int(number))
    resident.goto(f"/{language}/meetings/forum")
    expect(resident.locator("main")).to_contain_text("42")
    if scripts:
        assert Axe().run(resident, options=WCAG).response["violations"] == []


def _keep_the_minutes(clerk: Page, place: str, words: dict[str, str]) -> None:
    """Attendance and a decision; minutes: written, published as a draft, approved."""
    clerk.goto(f"{place}/record")
    clerk.locator("[name=in_person]").fill("42")
    clerk.locator("form[action$='/attendance'] button").click()
    expect(clerk.locator("[name=in_person]")).to_have_value("42")
    clerk.locator("select[name^=decided]").last.select_option("continued")
    clerk.locator("form[action$='/decisions'] button").click()
    expect(clerk.locator("select[name^=decided]").last).to_have_value("continued")
    clerk.goto(f"{place}/minutes")
    clerk.locator("[name=body_en]").fill("The chair closed the forum.")
    clerk.locator("form[action$='/minutes'] button").last.click()
    clerk.locator("form[action$='/publish'] button").click()
    expect(clerk.locator("main")).to_contain_text(words["draft"])
    clerk.locator("form[action$='/approve'] button").click()
    expect(clerk.locator("main")).to_contain_text(words["approved"])


def _send(browser: Page) -> None:
    browser.locator("form[data-draft] button[type=submit]").last.click()
