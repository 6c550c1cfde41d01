"""Residents register for a meeting, wait, move up and leave, in browsers with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.contacts.models import Contact
from engage.meetings.models import Attendee
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_every_page import WCAG
from tests.support import makers
from tests.support.mail import Postman, postman_of

WORDS = {
    "en": {
        "register": "Register, or ask for what you need",
        "send": "Register",
        "interpreter": "Interpreter",
        "language": "Language of the interpreter",
        "called": "What shall we call you at the door?",
        "email": "E-mail address",
        "place": "You have a place in the room.",
        "waits": "You are on the waiting list",
        "next": "You are next in line.",
        "answer": "We answer by",
        "cancel": "Cancel my registration",
        "yes": "Yes, cancel",
        "cancelled": "This registration is cancelled.",
        "free": "A place came free, and it is yours",
        "subject": "Testing County: you have a place",
        "stop": "Write no more, delete my address",
        "stopped": "We have no address of yours",
    },
    "es": {
        "register": "Inscribirse o pedir lo que necesita",
        "send": "Inscribirse",
        "interpreter": "Intérprete",
        "language": "Idioma del intérprete",
        "called": "¿Cómo le llamamos en la puerta?",
        "email": "Correo electrónico",
        "place": "Usted tiene un lugar en la sala.",
        "waits": "Usted está en la lista de espera",
        "next": "Usted es la siguiente persona.",
        "answer": "Respondemos a más tardar el",
        "cancel": "Cancelar mi inscripción",
        "yes": "Sí, cancelar",
        "cancelled": "Esta inscripción está cancelada.",
        "free": "Quedó libre un lugar y es suyo",
        "subject": "Testing County: usted tiene un lugar",
        "stop": "No escribir más, borrar mi dirección",
        "stopped": "No tenemos ninguna dirección suya",
    },
}


@pytest.fixture
def postman(site: Site) -> Iterator[Postman]:
    """The mail server that the served site hands its mail to."""
    with postman_of(site.app) as postman:
        yield postman


@pytest.fixture(autouse=True)
def forum(site: Site) -> None:
    """A meeting with one place."""
    site.do(lambda rows: makers.meeting(rows, slug="forum", capacity=1))


def links_in(message: EmailMessage) -> list[str]:
    """The addresses on this site in a mail, without what is a meeting elsewhere."""
    return re.findall(r"http://127\S+", message.get_content())


def problems_of(visitor: Page) -> list[str]:
    """What axe finds wrong with a page that only a code leads to."""
    return [rule["id"] for rule in Axe().run(visitor, options=WCAG).response["violations"]]


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("es", False)])
def test_one_resident_takes_the_last_place_another_waits_and_moves_up(
    site: Site, new_page: NewPage, postman: Postman, language: str, javascript: bool
) -> None:
    say = WORDS[language]
    first, second = new_page(javascript=javascript), new_page(javascript=javascript, width=375)

    first.goto(f"/{language}/meetings/forum")
    first.get_by_role("link", name=say["register"]).click()
    first.get_by_role("button", name=say["send"]).click()
    expect(first.get_by_text(say["place"])).to_be_visible()

    second.goto(f"/{language}/meetings/forum/register")
    second.get_by_role("checkbox", name=say["interpreter"], exact=True).check()
    second.get_by_label(say["language"]).select_option("es")
    second.get_by_label(say["called"]).fill("Ana")
    second.get_by_label(say["email"]).fill("ana@example.org")
    second.get_by_role("button", name=say["send"]).click()
    expect(second.get_by_text(say["waits"])).to_be_visible()
    expect(second.get_by_text(say["next"])).to_be_visible()
    expect(second.get_by_text(say["answer"])).to_be_visible()
    if javascript:  # axe is a script itself
        assert problems_of(second) == []

    first.get_by_role("link", name=say["cancel"]).click()
    if javascript:
        assert problems_of(first) == []
    first.get_by_role("button", name=say["yes"]).click()
    expect(first.get_by_text(say["cancelled"])).to_be_visible()
    site.work()

    confirmed, promoted = postman.messages
    assert promoted["Subject"] == say["subject"]
    assert "Town Hall" in promoted.get_content()
    own_page, cancel = links_in(promoted)
    assert links_in(confirmed) == [own_page, cancel]
    second.goto(own_page)
    expect(second.get_by_text(say["free"])).to_be_visible()
    second.get_by_role("button", name=say["stop"]).click()
    expect(second.get_by_text(say["stopped"])).to_be_visible()
    second.goto(cancel)
    second.get_by_role("button", name=say["yes"]).click()
    expect(second.get_by_text(say["cancelled"])).to_be_visible()
    assert site.do(_left) == (0, [None, None])


def test_what_was_typed_survives_a_change_of_language_until_it_is_sent(site: Site, new_page: NewPage) -> None:
    visitor = new_page()
    for way, field, typed, send in (
        ("register", "name", "Ana", "Inscribirse"),
        ("speak", "name", "Ana of the Market", "Ponerme en la lista"),
    ):
        visitor.goto(f"/en/meetings/forum/{way}")
        if way == "speak":
            visitor.locator("[name=item]").last.check()
        visitor.locator(f"[name={field}]").fill(typed)
        visitor.get_by_role("link", name="Español").click()
        expect(visitor.locator(f"[name={field}]")).to_have_value(typed)
        visitor.get_by_role("button", name=send).click()
        visitor.wait_for_url("**/meetings/attending/**")
        visitor.goto(f"/es/meetings/forum/{way}")
        expect(visitor.locator(f"[name={field}]")).to_have_value("")


def _left(session: Session) -> tuple[int, list[bytes | None]]:
    """How many addresses are kept, and which names."""
    addresses = session.scalar(sa.select(sa.func.count()).select_from(Contact)) or 0
    return addresses, list(session.scalars(sa.select(Attendee.sealed_name)))
