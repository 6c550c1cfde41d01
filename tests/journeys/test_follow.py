"""A resident follows a comment period by mail and ends it, in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIRequestContext, Page, Playwright, expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.contacts.models import Contact
from engage.dockets.service import post_update
from engage.follows.models import FollowNews
from tests.journeys.conftest import Site
from tests.journeys.test_every_page import WCAG
from tests.support import makers
from tests.support.mail import Postman, postman_of

ANA = "ana@example.org"

WORDS = {
    "en": {
        "follow": "Follow this comment period by e-mail",
        "address": "Your e-mail address",
        "docket": "Follow the docket too",
        "weekly": "Once a week",
        "ask": "Send me the confirmation",
        "sent": "Look into your mailbox",
        "yes": "Yes, write to me",
        "kept": "Confirmed.",
        "news": "There is an update: The hearing moved",
        "quiet": "Testing County: news on what you follow",
        "once": "At once",
        "save": "Save",
        "saved": "Saved.",
        "gone": "Nothing is sent to this address any more",
    },
    "es": {
        "follow": "Seguir este período de comentarios por correo electrónico",
        "address": "Su dirección de correo electrónico",
        "docket": "Seguir también el expediente",
        "weekly": "Una vez por semana",
        "ask": "Envíenme la confirmación",
        "sent": "Mire en su buzón",
        "yes": "Sí, escríbanme",
        "kept": "Confirmado.",
        "news": "Hay una actualización: The hearing moved (es)",
        "quiet": "Testing County: novedades en lo que usted sigue",
        "once": "Al momento",
        "save": "Guardar",
        "saved": "Guardado.",
        "gone": "Ya no se envía nada a esta dirección",
    },
}


@pytest.fixture
def postman(site: Site) -> Iterator[Postman]:
    """The mail server that the served site hands its mail to."""
    with postman_of(site.app) as postman:
        yield postman


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """A county with one open period."""

    def fill(session: Session) -> None:
        docket = makers.docket(session, slug="jail", title=makers.both("Jail agreement"))
        makers.comment_period(session, slug="jail-287g", docket=docket, title=makers.both("Jail hearing"))

    site.do(fill)
    site.work()


@pytest.fixture
def mail_server(playwright: Playwright, site: Site) -> Iterator[APIRequestContext]:
    """Somebody's mail program, which asks without a browser, a page or a cookie."""
    asking = playwright.request.new_context(base_url=site.url)
    yield asking
    asking.dispose()


def link_in(message: EmailMessage) -> str:
    """The first address in a mail."""
    found = re.search(r"http://\S+", message.get_content())
    assert found
    return found.group()


def usable(visitor: Page) -> list[str]:
    """What axe finds wrong with a page that only a mail leads to."""
    return [rule["id"] for rule in Axe().run(visitor, options=WCAG).response["violations"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_resident_follows_a_period_reads_the_digest_and_stops_with_one_click(
    site: Site,
    any_visitor: Page,
    postman: Postman,
    mail_server: APIRequestContext,
    language: str,
) -> None:
    words = WORDS[language]
    any_visitor.goto(f"/{language}/periods/jail-287g")
    any_visitor.get_by_role("link", name=words["follow"]).click()
    any_visitor.get_by_label(words["address"]).fill("ana@exmaple.org")
    any_visitor.get_by_label(words["address"]).fill(ANA)
    any_visitor.get_by_label(words["docket"]).check()
    any_visitor.get_by_label(words["weekly"]).check()
    any_visitor.get_by_role("button", name=words["ask"]).click()
    expect(any_visitor.locator("h1")).to_have_text(words["sent"])
    site.work()

    (asked,) = postman.messages
    assert "jail" not in str(asked).lower()
    assert mail_server.get(link_in(asked)).ok  # A mail program looks first; nothing comes of it.
    assert site.do(lambda rows: rows.scalars(sa.select(Contact)).all()) == []
    any_visitor.goto(link_in(asked))
    expect(any_visitor.locator("main")).to_contain_text("Jail hearing")
    any_visitor.get_by_role("button", name=words["yes"]).click()
    expect(any_visitor.locator("main")).to_contain_text(words["kept"])

    def hear(session: Session) -> None:
        docket = session.scalars(sa.select(CommentPeriod)).one().docket
        post_update(
            session,
            docket,
            title=makers.both("The hearing moved"),
            body=makers.both("…"),
            published_at=utcnow() - timedelta(minutes=5),
        )

    site.do(hear)
    site.work()
    assert len(postman.messages) == 1  # It is not Monday yet.
    site.do(
        lambda rows: rows.execute(sa.update(FollowNews).values(due_on=utcnow().date() - timedelta(days=2)))
    )
    site.work()
    site.work()

    _asked, digest = postman.messages
    assert digest["Subject"] == words["quiet"]
    assert "jail" not in digest.get_content().lower()
    any_visitor.goto(link_in(digest))
    expect(any_visitor.locator("main")).to_contain_text(words["news"])
    any_visitor.locator("select[name^=frequency_]").first.select_option(label=words["once"])
    any_visitor.get_by_role("button", name=words["save"], exact=True).click()
    expect(any_visitor.locator(".notice[role=status]").first).to_contain_text(words["saved"])

    one_click = digest["List-Unsubscribe"].strip("<>")
    answer = mail_server.post(one_click, form={"List-Unsubscribe": "One-Click"})
    assert answer.status == 200
    assert site.do(lambda rows: rows.scalars(sa.select(Contact)).all()) == []
    any_visitor.goto(link_in(digest))
    expect(any_visitor.locator("main")).to_contain_text(words["gone"])


def test_the_pages_behind_a_mail_can_be_used_by_everybody_on_a_small_phone(
    site: Site, visitor: Page, postman: Postman
) -> None:
    visitor.set_viewport_size({"width": 320, "height": 640})
    comment = site.do(
        lambda rows: makers.comment(rows, rows.scalars(sa.select(CommentPeriod)).one()).tracking_number
    )
    visitor.goto(f"/es/follow/comments/{comment}")
    visitor.locator("input[name=address]").fill("ana@gmial.com")
    visitor.locator("input[name=also]").check()
    visitor.locator("main form button").last.click()
    expect(visitor.locator(".errors")).to_contain_text("ana@gmail.com")
    problems = usable(visitor)
    visitor.get_by_role("button", name="No, ana@gmial.com es correcta").click()
    site.work()
    visitor.goto(link_in(postman.messages[0]))
    problems += usable(visitor)
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.get_by_role("button", name="Sí, escríbanme").click()
    expect(visitor.locator("main")).to_contain_text("Lo que usted sigue con un número de seguimiento")
    problems += usable(visitor)
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")

    visitor.goto(f"/es/receipts/{comment}/mail")
    visitor.locator("input[name=address]").fill(ANA)
    visitor.get_by_role("button", name="Enviarlo").click()
    expect(visitor.locator("h1")).to_have_text("El número está en camino")
    site.work()
    assert comment in postman.messages[1].get_content()
    assert site.do(lambda rows: rows.scalars(sa.select(sa.func.count()).select_from(Comment)).one()) == 1
    assert problems == []
