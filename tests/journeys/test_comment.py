"""A resident says what they think, in a real browser, and nothing gets lost or doubled on the way."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.comments.models import Comment, Disposition
from engage.dockets.models import District
from tests.journeys.conftest import NewPage, Site
from tests.support import makers

WORDS = "We have waited years for this.\n\nPlease publish the cost — y gracias. 😀"
RECEIPT = re.compile(r"/(?:en|es)/receipts/[2-9a-z]{3}-[2-9a-z]{4}-[2-9a-z]{4}$")


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """A county with one open period and a district."""

    def fill(session: Session) -> None:
        session.add(District(code="north", name=makers.both("North")))
        makers.comment_period(session, slug="jail", text_limit=300)

    site.do(fill)


def comments(site: Site) -> list[Comment]:
    return site.do(lambda session: list(session.scalars(sa.select(Comment))))


def post_all(site: Site) -> None:
    site.do(lambda session: session.execute(sa.update(Comment).values(disposition=Disposition.POSTED)))
    site.work()


def write(visitor: Page, words: str = WORDS) -> None:
    visitor.locator("textarea[name=body]").fill(words)


def send(visitor: Page) -> None:
    visitor.locator("main form button[type=submit]").click()


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        (
            "en",
            {
                "write": "Write a comment",
                "position": "I oppose it",
                "name": "Your name",
                "read": "Read your comment as everybody can",
            },
        ),
        (
            "es",
            {
                "write": "Escribir un comentario",
                "position": "Estoy en contra",
                "name": "Su nombre",
                "read": "Leer su comentario como lo ven los demás",
            },
        ),
    ],
)
def test_a_resident_comments_and_later_reads_the_comment_among_the_posted_ones(
    site: Site, any_visitor: Page, language: str, labels: dict[str, str]
) -> None:
    any_visitor.goto(f"/{language}/periods/jail")
    any_visitor.get_by_role("main").get_by_role("link", name=labels["write"]).first.click()
    write(any_visitor)
    any_visitor.get_by_label(labels["position"]).check()
    any_visitor.get_by_label(labels["name"]).fill("Ana")
    any_visitor.locator("select[name=district]").select_option("north")
    send(any_visitor)

    any_visitor.wait_for_url(RECEIPT)
    (comment,) = comments(site)
    expect(any_visitor.locator("h1")).to_contain_text(comment.tracking_number)
    assert (comment.body, comment.position, comment.name) == (WORDS, "oppose", "Ana")
    assert comment.client_token is not None

    post_all(site)
    any_visitor.reload()
    any_visitor.get_by_role("link", name=labels["read"]).click()
    expect(any_visitor.locator("main")).to_contain_text("Please publish the cost — y gracias. 😀")


def test_a_double_click_makes_one_comment(site: Site, any_visitor: Page) -> None:
    any_visitor.goto("/en/periods/jail/comment")
    write(any_visitor)
    any_visitor.locator("main form button[type=submit]").dblclick()

    any_visitor.wait_for_url(RECEIPT)
    assert len(comments(site)) == 1


@pytest.mark.parametrize("address", ["/en/periods/jail", "/en/periods/jail/comment"], ids=["linked", "typed"])
def test_the_back_button_and_sending_again_make_no_second_comment(
    site: Site, any_visitor: Page, address: str
) -> None:
    any_visitor.goto(address)
    if not address.endswith("comment"):
        any_visitor.get_by_role("link", name="Write a comment").first.click()
    # The plain address gets the form's own word, with a script or without.
    any_visitor.wait_for_url(re.compile(r"/comment\?form="))
    write(any_visitor)
    send(any_visitor)
    any_visitor.wait_for_url(RECEIPT)
    receipt = any_visitor.url

    any_visitor.go_back()
    expect(any_visitor.locator("main")).to_contain_text("This form was sent")
    # Nothing is left to be read by whoever uses this browser next, or to be sent once more.
    expect(any_visitor.locator("textarea")).to_have_count(0)
    expect(any_visitor.locator("main")).not_to_contain_text(WORDS)
    any_visitor.locator("main").get_by_role("link", name="receipt").click()
    any_visitor.wait_for_url(RECEIPT)
    assert any_visitor.url == receipt
    assert len(comments(site)) == 1


def test_the_back_button_leads_to_another_comment_if_one_is_meant(site: Site, any_visitor: Page) -> None:
    any_visitor.goto("/en/periods/jail/comment")
    any_visitor.wait_for_url(re.compile(r"\?form="))
    write(any_visitor)
    send(any_visitor)
    any_visitor.wait_for_url(RECEIPT)
    any_visitor.go_back()
    any_visitor.get_by_role("link", name="Write another comment").click()
    write(any_visitor, "Something else that I forgot")
    send(any_visitor)
    any_visitor.wait_for_url(RECEIPT)
    assert {comment.body for comment in comments(site)} == {WORDS, "Something else that I forgot"}


def test_a_draft_comes_back_after_a_reload_and_is_gone_after_sending(site: Site, visitor: Page) -> None:
    visitor.goto("/en/periods/jail/comment")
    write(visitor)
    visitor.get_by_label("I support it").check()
    visitor.wait_for_function("() => Object.values(sessionStorage).some((kept) => kept.includes('support'))")

    visitor.goto("/en/periods")
    visitor.goto("/en/periods/jail/comment")

    expect(visitor.locator("textarea[name=body]")).to_have_value(WORDS)
    expect(visitor.get_by_label("I support it")).to_be_checked()
    send(visitor)
    visitor.wait_for_url(RECEIPT)
    visitor.wait_for_function("() => sessionStorage.length === 0")

    visitor.goto("/en/periods/jail/comment")
    expect(visitor.locator("textarea[name=body]")).to_have_value("")


def test_another_tab_and_the_next_visitor_find_no_draft(site: Site, visitor: Page) -> None:
    visitor.goto("/en/periods/jail/comment")
    write(visitor)
    visitor.wait_for_function("() => sessionStorage.length === 1")
    visitor.close()

    after = visitor.context.new_page()
    after.goto("/en/periods/jail/comment")

    expect(after.locator("textarea[name=body]")).to_have_value("")
    assert after.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_what_is_too_long_is_counted_explained_and_kept(site: Site, any_visitor: Page) -> None:
    any_visitor.goto("/en/periods/jail/comment")
    write(any_visitor, "é" * 305)
    send(any_visitor)

    summary = any_visitor.locator(".errors")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(any_visitor.locator("textarea[name=body]")).to_be_focused()
    expect(any_visitor.locator("textarea[name=body]")).to_have_value("é" * 305)
    expect(any_visitor.locator("#body-error")).to_contain_text("That is 5 more than 300.")
    assert comments(site) == []


def test_the_counter_counts_down_while_typing(visitor: Page) -> None:
    visitor.goto("/en/periods/jail/comment")
    write(visitor, "😀" * 299)
    expect(visitor.locator(".counter")).to_have_text("1 character left")
    write(visitor, "😀" * 302)
    expect(visitor.locator(".counter")).to_have_text("2 characters too many")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_fits_a_small_telephone(site: Site, new_page: NewPage, language: str) -> None:
    phone = new_page(width=320, height=640)
    phone.goto(f"/{language}/periods/jail/comment")
    write(phone, "unbreakable" * 25)
    send(phone)
    phone.wait_for_url(RECEIPT)
    post_all(site)
    (comment,) = comments(site)

    for path in (
        "/periods",
        "/periods/jail",
        "/periods/jail/comment",
        "/periods/jail/comments?position=unstated",
        "/receipts",
        f"/receipts/{comment.tracking_number}",
        f"/comments/{comment.tracking_number}",
    ):
        phone.goto(f"/{language}{path}")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_what_somebody_wrote_runs_nowhere(site: Site, visitor: Page) -> None:
    hostile = "<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202egnp.exe"
    visitor.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    visitor.goto("/en/periods/jail/comment")
    write(visitor, hostile)
    visitor.get_by_label("Your name").fill('"><svg onload=alert(1)>')
    send(visitor)
    visitor.wait_for_url(RECEIPT)
    post_all(site)
    (comment,) = comments(site)

    for path in ("/en/periods/jail/comments", f"/en/comments/{comment.tracking_number}"):
        visitor.goto(path)
        expect(visitor.locator("main")).to_contain_text("<script>document.title='owned'</script>")
        assert "owned" not in visitor.title()


def test_a_lost_receipt_is_found_by_its_number(site: Site, any_visitor: Page) -> None:
    any_visitor.goto("/en/periods/jail/comment")
    write(any_visitor)
    send(any_visitor)
    any_visitor.wait_for_url(RECEIPT)
    number = any_visitor.url.rsplit("/", 1)[1]

    any_visitor.goto("/en/receipts")
    any_visitor.get_by_label("Tracking number").fill(number.replace("-", " ").upper())
    any_visitor.get_by_role("button", name="Find it").click()

    any_visitor.wait_for_url(RECEIPT)
    expect(any_visitor.locator("h1")).to_contain_text(number)
