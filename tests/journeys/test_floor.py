"""An evening: residents sign up, the host checks them in on a telephone, the chair calls, the hall reads."""

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
from engage.meetings.models import Meeting, SpeakerRequest, SpeakerState
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.journeys.test_moderator import sign_in
from tests.support import makers

STAFF = "/en/staff/meetings/forum"


@pytest.fixture
def forum(site: Site) -> str:
    """A meeting in half an hour whose list is open; returns who its host is, for the cookie."""

    def fill(session: Session) -> str:
        host = makers.user(session, RoleName.HOST)
        meeting = makers.meeting(
            session,
            slug="forum",
            starts_at=utcnow() + timedelta(minutes=30),
            speakers_minutes=0,
            speaking_seconds=180,
            host=host,
        )
        makers.agenda_item(session, meeting, title=makers.both("The draft agreement"))
        makers.agenda_item(session, meeting, title=makers.both("The budget"))
        makers.posted(session, meeting)
        return host.fs_uniquifier

    return site.do(fill)


def of_host(site: Site, page: Page, identity: str) -> Page:
    sign_in(site, page, identity)
    return page


def later(page: Page, seconds: int = 2) -> None:
    """Let time go by in a page whose clock is in our hands: it asks every other second what is new."""
    page.clock.fast_forward(1000 * seconds)


def check(page: Page) -> None:
    """Usable by everybody, and not wider than the window."""
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_evening_from_the_list_to_the_screen(site: Site, new_page: NewPage, forum: str) -> None:
    # A resident in English, from the page of the meeting.
    ana = new_page(width=375)
    ana.goto("/en/meetings/forum")
    # The way on top leads to the section, whose button leads to the form.
    ana.get_by_role("link", name="Sign up to speak").last.click()
    ana.get_by_label("1. The draft agreement").check()
    ana.get_by_label("What to call out when it is your turn").fill("Ana of the Market")
    check(ana)
    ana.get_by_role("button", name="Put me on the list").click()
    expect(ana.get_by_role("main")).to_contain_text("You are next on this item.")
    check(ana)
    own = ana.url

    # Another in Spanish, without JavaScript, who needs an interpreter and gives no name.
    luz = new_page(javascript=False, width=320)
    luz.goto("/es/meetings/forum/speak")
    luz.get_by_label("1. The draft agreement (es)").check()
    luz.get_by_label("En línea o por teléfono").check()
    luz.get_by_label("Necesito interpretación desde este idioma").select_option("es")
    luz.get_by_role("button", name="Ponerme en la lista").click()
    expect(luz.get_by_role("main")).to_contain_text("1 persona está antes que usted")
    expect(luz.get_by_role("main")).to_contain_text("Interpretación: Español")

    # The host at the door, on a telephone.
    door = of_host(site, new_page(width=375), forum)
    door.goto(f"{STAFF}/door?q=market")
    door.get_by_role("button", name="Registration 1 is here").click()
    expect(door.get_by_role("status")).to_contain_text("Registration 1 is here.")
    check(door)
    door.get_by_role("link", name="Somebody without a registration").click()
    door.get_by_label("Wants to speak about").select_option("Something else")
    check(door)
    door.get_by_role("button", name="Is here").click()
    expect(door.locator(".door-counts")).to_contain_text("2")
    door.get_by_role("link", name="Registration 3").click()
    check(door)

    # The screen in the room, and one without JavaScript.
    wall = new_page(width=1280, height=720)
    wall.clock.install()
    wall.goto("/en/meetings/forum/screen")
    expect(wall.get_by_role("main")).to_contain_text("It begins soon")

    # The chair calls; the clock runs, and tells a screen reader when half a minute is left.
    chair = of_host(site, new_page(), forum)
    chair.clock.install()
    chair.goto(f"{STAFF}/chair")
    chair.get_by_label("Item").select_option("1. The draft agreement (2 wait)")
    chair.get_by_role("button", name="Turn to this item").click()
    second_chair = of_host(site, new_page(width=375), forum)
    second_chair.clock.install()
    with second_chair.expect_response("**/screen.json"):
        second_chair.goto(f"{STAFF}/chair")
    chair.get_by_role("button", name="Call the next: Ana of the Market").click()
    chair.get_by_role("button", name="Start the clock").click()
    expect(chair.locator("[data-clock-time]")).to_have_text(re.compile("^2:"))
    expect(chair.locator("[data-clock-said]")).to_be_empty()
    later(chair, 150)
    expect(chair.locator("[data-clock-time]")).to_have_text(re.compile("^0:"))
    expect(chair.locator("[data-clock-said]")).to_have_text("30 seconds left")
    check(chair)

    later(wall)
    expect(wall.get_by_role("main")).to_contain_text("Ana of the Market")
    expect(wall.locator("[data-clock-time]")).to_have_text(re.compile("^[12]:"))
    expect(wall.get_by_role("main")).to_contain_text("Speaker 2")
    check(wall)
    plain = new_page(javascript=False, width=375)
    plain.goto("/es/meetings/forum/screen?look=dark")
    expect(plain.get_by_role("main")).to_contain_text("hasta las")
    assert plain.evaluate("document.documentElement.scrollWidth <= innerWidth") is True

    # The other chair is told, and presses too late.
    later(second_chair)
    expect(second_chair.get_by_role("link", name="Show it as it is now")).to_be_visible()
    second_chair.get_by_role("button", name="Call the next: Ana of the Market").click()
    expect(second_chair.get_by_role("alert")).to_contain_text("The list has changed meanwhile")
    check(second_chair)

    # The next one is called by the number; the one who has spoken sees it, and cannot take it back.
    chair.get_by_role("button", name="Has spoken; call the next: Speaker 2").click()
    expect(chair.get_by_role("button", name="Start the clock")).to_be_visible()
    later(wall)
    expect(wall.get_by_role("main")).to_contain_text("Speaker 2")
    expect(wall.get_by_role("main")).not_to_contain_text("Ana")
    ana.goto(own)
    expect(ana.get_by_role("main")).to_contain_text("Has spoken")
    expect(ana.get_by_role("button", name="Take speaker number 1 off the list")).to_have_count(0)

    states = site.do(
        lambda rows: {wish.number: wish.state for wish in rows.scalars(sa.select(SpeakerRequest))}
    )
    assert states == {1: SpeakerState.SPOKE, 2: SpeakerState.CALLED, 3: SpeakerState.REQUESTED}


def test_when_the_meeting_is_over_no_name_is_on_the_screen(site: Site, new_page: NewPage, forum: str) -> None:
    chair = of_host(site, new_page(), forum)
    chair.goto(f"{STAFF}/door/new")
    chair.get_by_label("Name").fill("Bo of the Mill")
    chair.get_by_label("Wants to speak about").select_option("2. The budget")
    chair.get_by_role("button", name="Is here").click()
    chair.goto(f"{STAFF}/chair")
    chair.get_by_label("Item").select_option("2. The budget (1 waits)")
    chair.get_by_role("button", name="Turn to this item").click()
    wall = new_page(width=320)
    wall.clock.install()
    wall.goto("/es/meetings/forum/screen?look=dark")
    expect(wall.get_by_role("main")).to_contain_text("Bo of the Mill")
    check(wall)

    def end(session: Session) -> None:
        meeting = session.scalars(sa.select(Meeting)).one()
        meeting.starts_at, meeting.ends_at = utcnow() - timedelta(hours=5), utcnow() - timedelta(hours=2)

    site.do(end)
    later(wall)

    expect(wall.get_by_role("main")).to_have_text("Nada por ahora")
