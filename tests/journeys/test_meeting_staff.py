"""A host drafts a meeting, a clerk publishes and changes it, and a resident reads each state: in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.meetings.models import Meeting, MeetingChange
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import EVIL, sign_in
from tests.support import makers

WORDS: dict[str, Any] = {
    "en": {
        "handed": "The clerks have the draft now.",
        "missing": "what it is about, in English and in Spanish",
        "states": {"postpone": "Postponed", "reschedule": "Rescheduled", "cancel": "Cancelled"},
        "gap": "No clock in this place ever shows this time",
        "final": "A cancelled meeting does not come back",
    },
    "es": {
        "handed": "La secretaría ya tiene el borrador.",
        "missing": "de qué se trata, en inglés y en español",
        "states": {"postpone": "Aplazada", "reschedule": "Con nueva fecha", "cancel": "Cancelada"},
        "gap": "Ningún reloj de este lugar marca nunca esta hora",
        "final": "Una reunión cancelada no se recupera",
    },
}
ZONE = "America/Denver"


def prepare(rows: Session) -> tuple[str, str]:
    """A docket to meet about; returns the keys of a host and of a clerk for their cookies."""
    docket = makers.docket(rows, slug="agreement")
    makers.comment_period(rows, slug="second-draft", docket=docket)
    host, clerk = makers.user(rows, RoleName.HOST), makers.user(rows, RoleName.CLERK)
    return host.fs_uniquifier, clerk.fs_uniquifier


def save(browser: Page) -> None:
    browser.locator("main form").first.locator("button[type=submit]").click()


def fill(browser: Page, **typed: str) -> None:
    for name, value in typed.items():
        browser.fill(f"[name={name}]", value)


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_host_drafts_a_clerk_publishes_and_changes_and_a_resident_reads_each_state(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, (host, clerk) = WORDS[language], site.do(prepare)
    leader = new_page(javascript=scripts, width=375)
    sign_in(site, leader, host)
    one = f"/{language}/staff/meetings/forum"

    leader.goto(f"/{language}/staff/new-meeting")
    leader.select_option("select[name=docket]", "agreement")
    leader.select_option("select[name=period]", "second-draft")
    leader.select_option("select[name=kind]", "community_forum")
    leader.select_option("select[name=time_zone]", ZONE)
    leader.check("input[name=format][value=hybrid]")
    fill(
        leader, slug="forum", title_en="Forum", title_es="Foro", starts_at="2099-03-08T02:30",
        ends_at="2099-03-08T05:00", place_name_en=EVIL, place_name_es=EVIL, join_url="https://meet.example.org/r",
        directions_en=EVIL, organiser_es=EVIL,
    )  # fmt: skip
    save(leader)
    expect(leader.locator(".errors")).to_contain_text(words["gap"])
    fill(leader, starts_at="2099-03-08T03:30")
    save(leader)
    leader.wait_for_url(f"**{one}")
    expect(leader.locator("main")).to_contain_text(words["missing"])
    leader.goto(f"{one}/edit")
    fill(leader, summary_en="Ask us.", summary_es="Pregúntenos.")
    save(leader)
    leader.wait_for_url(f"**{one}")
    leader.locator("form[action$='/submit'] button").click()
    expect(leader.locator(".notice").first).to_contain_text(words["handed"])
    resident = new_page(javascript=scripts, width=375)
    answer = resident.goto(f"/{language}/meetings/forum")
    assert answer is not None
    assert answer.status == 404

    desk = new_page(javascript=scripts)
    sign_in(site, desk, clerk)
    desk.goto(f"/{language}/staff/meetings")
    desk.get_by_role("link", name="Foro" if language == "es" else "Forum").first.click()
    desk.locator("form[action$='/publish'] button").click()
    desk.wait_for_url(f"**{one}")
    resident.goto(f"/{language}/meetings/forum")
    expect(resident.locator("h1")).to_contain_text("Foro" if language == "es" else "Forum")

    for kind, state in words["states"].items():
        desk.goto(one)
        desk.locator(f"a[href$='/change/{kind}']").click()
        if kind == "reschedule":
            fill(desk, starts_at="2099-11-01T18:00", ends_at="")
        fill(desk, reason_en=EVIL, reason_es="Porque sí.")
        save(desk)
        desk.wait_for_url(f"**{one}")
        resident.goto(f"/{language}/meetings/forum")
        expect(resident.locator("main .tag").first).to_have_text(state)
    expect(desk.locator("main")).to_contain_text(words["final"])
    resident.goto(f"/{language}/meetings")
    expect(resident.locator("main")).to_contain_text(words["states"]["cancel"])

    assert all(page.title() not in ("1", "2") for page in (leader, desk, resident))
    assert site.do(_told) == ([("postpone", 1), ("reschedule", 2), ("cancel", 3)], 3, True)


def _told(rows: Session) -> tuple[list[tuple[str, int]], int, bool]:
    """The changes in order, how many a calendar must notice, and whether the first date is kept."""
    meeting = rows.scalars(sa.select(Meeting)).one()
    kinds = rows.scalars(sa.select(MeetingChange.kind).order_by(MeetingChange.id)).all()
    first = meeting.original_starts_at
    is_kept = first is not None and f"{first.astimezone(meeting.zone):%Y-%m-%dT%H:%M}" == "2099-03-08T03:30"
    return [(str(kind), number) for number, kind in enumerate(kinds, 1)], meeting.sequence, is_kept
