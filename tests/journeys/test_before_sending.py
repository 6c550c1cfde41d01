"""Before a comment is sent: warned where it tells too much, safe on a bad line, and away in a hurry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from engage.accounts.models import RoleName
from engage.comments.models import Comment
from tests.conftest import signed_in_cookie
from tests.journeys.conftest import PATIENCE, NewPage, Site
from tests.support import makers

FORM = re.compile(r"/comment\?form=")
RECEIPT = re.compile(r"/(?:en|es)/receipts/[2-9a-z]{3}-[2-9a-z]{4}-[2-9a-z]{4}$")
ELSEWHERE = "https://www.weather.gov"
WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
STORIES = {
    "en": {
        "telling": "My mother is undocumented and afraid.\n\nCall me at (336) 555-0142. Thank you.",
        "found": ["My mother is undocumented", "(336) 555-0142"],
        "phone": "telephone number",
        "counts": ["2 places were found:", "1 place was found:"],
        "changed": "My mother is undocumented and afraid.",
        "look": "Look again before you send",
        "go": "Go to it",
        "keep": "Send it as it is",
        "change": "Change it",
        "leave": "Leave this site now",
    },
    "es": {
        "telling": "Mi esposo no tiene papeles y tiene miedo.\n\nLlámeme al 336-555-0142. Gracias.",
        "found": ["Mi esposo no tiene papeles", "336-555-0142"],
        "phone": "número de teléfono",
        "counts": ["Se encontraron 2 lugares:", "Se encontró 1 lugar:"],
        "changed": "Mi esposo no tiene papeles y tiene miedo.",
        "look": "Mire otra vez antes de enviar",
        "go": "Ir a ese lugar",
        "keep": "Enviarlo como está",
        "change": "Cambiarlo",
        "leave": "Salir de este sitio ya",
    },
}


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """A county with one open period."""
    site.do(lambda session: makers.comment_period(session, slug="jail"))


@pytest.fixture
def careless(browser: Browser, site: Site) -> Iterator[Page]:
    """A browser whose lost connections are no failures of the test; the site that it flees to answers."""
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(PATIENCE)
    context.route(f"{ELSEWHERE}/**", lambda route: route.fulfill(body="Sunny", content_type="text/html"))
    yield context.new_page()
    context.close()


def comments(site: Site) -> list[str]:
    return site.do(lambda session: list(session.scalars(sa.select(Comment.body))))


def open_form(visitor: Page, language: str = "en", *, javascript: bool = True) -> None:
    visitor.goto(f"/{language}/periods/jail/comment")
    visitor.wait_for_url(FORM)
    if javascript:
        # Whoever is faster than the scripts is asked by the server, which is another story.
        visitor.wait_for_selector("html[data-enhanced]", state="attached")


def write(visitor: Page, words: str) -> None:
    visitor.locator("textarea[name=body]").fill(words)


def send(visitor: Page) -> None:
    visitor.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_browser_points_at_what_tells_too_much_and_the_resident_decides(
    site: Site, visitor: Page, language: str
) -> None:
    story = STORIES[language]
    posts: list[str] = []
    visitor.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    open_form(visitor, language)
    write(visitor, str(story["telling"]))
    visitor.locator("textarea[name=body]").press("Tab")
    send(visitor)

    panel = visitor.get_by_role("group", name=str(story["look"]))
    expect(panel).to_be_focused()
    expect(panel.locator("mark")).to_have_text(story["found"])
    expect(panel.get_by_role("status")).to_have_text(story["counts"][0])
    assert Axe().run(visitor, options=WCAG).response["violations"] == []
    assert posts == []

    # By the keyboard alone: to the telephone number, which is then selected where it stands.
    panel.get_by_role("button", name=f"{story['go']}: {story['phone']}").press("Enter")
    text = visitor.locator("textarea[name=body]")
    expect(text).to_be_focused()
    chosen = text.evaluate("control => control.value.slice(control.selectionStart, control.selectionEnd)")
    assert chosen == story["found"][1]

    write(visitor, str(story["changed"]))
    expect(panel.get_by_role("status")).to_have_text(story["counts"][1])
    assert posts == []
    panel.get_by_role("button", name=str(story["keep"])).press("Enter")

    visitor.wait_for_url(RECEIPT)
    assert len(posts) == 1
    assert comments(site) == [story["changed"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_without_scripts_the_site_asks_before_it_keeps_anything(
    site: Site, new_page: NewPage, language: str
) -> None:
    story = STORIES[language]
    visitor = new_page(javascript=False, width=320)
    open_form(visitor, language, javascript=False)
    write(visitor, str(story["telling"]))
    send(visitor)

    expect(visitor.get_by_role("heading", level=1)).to_have_text(str(story["look"]))
    expect(visitor.locator("main mark").last).to_contain_text(f"{story['phone']}: {story['found'][1]}")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320
    assert comments(site) == []

    visitor.get_by_role("button", name=str(story["change"])).click()
    expect(visitor.locator("textarea[name=body]")).to_have_value(str(story["telling"]))
    write(visitor, str(story["changed"]))
    send(visitor)
    visitor.get_by_role("button", name=str(story["keep"])).click()

    visitor.wait_for_url(RECEIPT)
    assert comments(site) == [story["changed"]]


def test_where_the_finder_cannot_be_loaded_the_site_asks_instead(site: Site, careless: Page) -> None:
    careless.route("**/personal-data-rules*", lambda route: route.abort())
    open_form(careless)
    write(careless, str(STORIES["en"]["telling"]))
    send(careless)

    expect(careless.get_by_role("heading", level=1)).to_have_text("Look again before you send")
    assert comments(site) == []


def test_what_tells_nothing_is_sent_without_a_question(site: Site, visitor: Page) -> None:
    open_form(visitor)
    write(visitor, "The county should publish the cost of section 287(g).")
    send(visitor)

    visitor.wait_for_url(RECEIPT)
    assert len(comments(site)) == 1


def test_without_a_connection_nothing_is_sent_and_nothing_is_lost(site: Site, careless: Page) -> None:
    open_form(careless)
    write(careless, "We have waited years for this.")
    careless.context.set_offline(True)
    send(careless)

    expect(careless.locator("main form [role=status]", has_text="You are offline")).to_be_visible()
    expect(careless.locator("textarea[name=body]")).to_have_value("We have waited years for this.")
    careless.context.set_offline(False)
    expect(careless.locator("main form [role=status]", has_text="connection is back")).to_be_visible()
    send(careless)

    careless.wait_for_url(RECEIPT)
    assert comments(site) == ["We have waited years for this."]


def test_an_answer_that_gets_lost_on_its_way_is_given_again(site: Site, careless: Page) -> None:
    receipts: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        receipts.append(route.fetch(max_redirects=0).headers["location"])
        route.abort("connectionreset")

    open_form(careless)
    careless.route("**/comment?**", lose)
    write(careless, "We have waited years for this.")
    send(careless)
    expect(careless).to_have_url(re.compile("^chrome-error:"))
    assert len(comments(site)) == 1

    careless.unroute("**/comment?**")
    # The error page has taken the form's place. The draft comes back in a new form, with the old token.
    open_form(careless)
    expect(careless.locator("textarea[name=body]")).to_have_value("We have waited years for this.")
    send(careless)

    careless.wait_for_url(RECEIPT)
    assert [careless.url] == [f"{site.url}{receipt}" for receipt in receipts]
    assert len(comments(site)) == 1


@pytest.mark.parametrize("key", ["Shift", "Escape", None])
def test_a_resident_leaves_in_a_hurry_and_the_draft_is_gone(careless: Page, key: str | None) -> None:
    careless.goto("/en/periods/jail")
    open_form(careless)
    # Capitals are typed with Shift, and are no wish to leave.
    careless.locator("textarea[name=body]").press_sequentially("WE ARE AFRAID")
    careless.wait_for_function("() => sessionStorage.length === 1")

    if key:
        for _ in range(3):
            careless.keyboard.press(key)
    else:
        careless.get_by_role("link", name="Leave this site now").click()
    careless.wait_for_url(f"{ELSEWHERE}/")

    # The form is gone from the history of this tab; the page before it is not, and the site says so.
    careless.go_back()
    careless.wait_for_url("**/en/periods/jail")
    careless.wait_for_function("() => sessionStorage.length === 0")


def test_the_way_out_is_a_plain_link_without_scripts_and_not_for_the_staff(
    site: Site, new_page: NewPage
) -> None:
    visitor = new_page(javascript=False)
    for path in ("/es", "/es/periods/jail/comment", "/es/receipts", "/es/privacy", "/es/nowhere"):
        visitor.goto(path)
        link = visitor.get_by_role("link", name=str(STORIES["es"]["leave"]))
        expect(link).to_have_attribute("href", ELSEWHERE)

    identity = site.do(lambda session: makers.user(session, RoleName.CLERK).fs_uniquifier)
    serializer = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]
    cookie = str(serializer.dumps(signed_in_cookie(identity)))
    name = site.app.config["SESSION_COOKIE_NAME"]
    visitor.context.add_cookies([{"name": name, "value": cookie, "url": site.url}])
    for path in ("/es/staff/periods", "/es/periods/jail"):
        visitor.goto(path)
        expect(visitor.locator(".exit")).to_have_count(0)
