"""A resident finds a meeting, follows it and hears that it was moved, also on a phone without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.types import Localised
from engage.meetings.models import Meeting, MeetingChange, MeetingChangeKind, MeetingKind
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.support import makers
from tests.support.mail import postman_of

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "all": "All meetings",
        "narrow": "Narrow the list down",
        "kind": "Kind of meeting",
        "hearing": "Public hearing",
        "apply": "Apply",
        "calendar": "Show them as a calendar",
        "next": "→",
        "told": "Be told of changes",
        "follow": "Follow this meeting by e-mail",
        "address": "Your e-mail address",
        "full": "In full",
        "at_once": "At once",
        "ask": "Send me the confirmation",
        "yes": "Yes, write to me",
        "new_date": "The meeting has a new date",
        "reason": "Reason: The room is too small.",
        "moved": "This meeting was moved to another date",
        "moved_to": "Moved to",
    },
    "es": {
        "all": "Todas las reuniones",
        "narrow": "Acotar la lista",
        "kind": "Tipo de reunión",
        "hearing": "Audiencia pública",
        "apply": "Aplicar",
        "calendar": "Verlas como calendario",
        "next": "→",
        "told": "Recibir aviso de los cambios",
        "follow": "Seguir esta reunión por correo electrónico",
        "address": "Su dirección de correo electrónico",
        "full": "Completo",
        "at_once": "Al momento",
        "ask": "Envíenme la confirmación",
        "yes": "Sí, escríbanme",
        "new_date": "La reunión tiene una fecha nueva",
        "reason": "Motivo: La sala es demasiado pequeña.",
        "moved": "Esta reunión se cambió a otra fecha",
        "moved_to": "Se cambió al",
    },
}
TITLES = {"en": "Hearing in the school", "es": "Audiencia en la escuela"}
REASON = Localised(en="The room is too small.", es="La sala es demasiado pequeña.")


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """Some meetings, one of them a hearing about forty days ahead."""

    def fill(session: Session) -> None:
        makers.meeting(session, title=makers.both("Reading evening"))
        makers.meeting(
            session,
            slug="hearing",
            kind=MeetingKind.HEARING,
            title=Localised(**TITLES),
            starts_at=(utcnow() + timedelta(days=40)).replace(minute=0, second=0, microsecond=0),
            published_at=utcnow() - timedelta(days=70),
        )

    site.do(fill)
    site.work()


def move(session: Session) -> None:
    """The clerk moves the hearing by a week."""
    hearing = session.scalars(sa.select(Meeting).where(Meeting.slug == "hearing")).one()
    old = hearing.starts_at
    hearing.starts_at, hearing.ends_at = old + timedelta(days=7), old + timedelta(days=7, hours=2)
    hearing.original_starts_at = old
    session.add(
        MeetingChange(
            meeting_id=hearing.id,
            kind=MeetingChangeKind.RESCHEDULE,
            happened_at=utcnow() - timedelta(minutes=1),
            old_starts_at=old,
            new_starts_at=hearing.starts_at,
            reason=REASON,
        )
    )


def usable(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    return [rule["id"] for rule in Axe().run(page, options=WCAG).response["violations"]]


@pytest.mark.parametrize(
    ("language", "javascript", "width"), [("en", False, 375), ("es", True, 1280)], ids=["phone", "desk"]
)
def test_a_resident_finds_a_meeting_follows_it_and_hears_that_it_was_moved(
    site: Site, new_page: NewPage, language: str, javascript: bool, width: int
) -> None:
    words, title = WORDS[language], TITLES[language]
    visitor = new_page(javascript=javascript, width=width)

    visitor.goto(f"/{language}")
    visitor.get_by_role("link", name=words["all"]).click()
    visitor.locator("summary", has_text=words["narrow"]).click()
    visitor.get_by_label(words["kind"]).select_option(label=words["hearing"])
    visitor.get_by_role("button", name=words["apply"]).click()
    expect(visitor.get_by_role("link", name=title)).to_be_visible()
    expect(visitor.get_by_text("Reading evening")).to_have_count(0)

    visitor.get_by_role("link", name=words["calendar"]).click()
    for _month in range(2):
        if visitor.get_by_role("link", name=title).count():
            break
        visitor.get_by_role("navigation").get_by_role("link", name=words["next"]).click()
    visitor.get_by_role("link", name=title).click()
    visitor.get_by_role("link", name=words["told"]).click()
    assert visitor.url.endswith("#follow")

    with postman_of(site.app) as postman:
        visitor.get_by_role("link", name=words["follow"]).click()
        visitor.get_by_label(words["address"]).fill("ana@example.org")
        visitor.get_by_label(words["at_once"]).check()
        visitor.get_by_label(words["full"]).check()
        visitor.get_by_role("button", name=words["ask"]).click()
        site.work()
        asked = postman.messages[0].get_content()
        visitor.goto(re.findall(r"http://\S+", asked)[0])
        visitor.get_by_role("button", name=words["yes"]).click()
        expect(visitor.locator("main")).to_contain_text(title)

        site.do(move)
        for _round in range(3):  # Found, told, sent.
            site.work()
        (news,) = [one.get_content() for one in postman.messages[1:]]

    said = " ".join(news.split())
    assert words["new_date"] in said
    assert words["reason"] in said
    visitor.goto(re.findall(r"http://\S+/meetings/hearing\S*", news)[0])
    expect(visitor.locator("main")).to_contain_text(words["moved"])
    if javascript:
        assert usable(visitor) == []
    visitor.goto(f"/{language}/meetings?kind=hearing")
    expect(visitor.get_by_role("link", name=title)).to_have_count(2)
    expect(visitor.locator("main")).to_contain_text(words["moved_to"])
    if javascript:
        assert usable(visitor) == []
