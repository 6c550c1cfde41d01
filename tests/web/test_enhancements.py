"""What the scripts add, in a real browser under the site's security policy, and that nothing needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from engage import paths
from tests.support import chromium
from tests.web.preview import Sent, serving

WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
READY = "html[data-enhanced]"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not (paths.STATIC / "dist" / "manifest.json").is_file(), reason="static/build.py has not run"
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with chromium.driven() as driver, chromium.started(driver) as browser:
        yield browser


@pytest.fixture(scope="module")
def preview() -> Iterator[tuple[str, list[Sent]]]:
    """The preview's address and what was sent to it."""
    with serving() as running:
        yield running


@pytest.fixture
def base(preview: tuple[str, list[Sent]]) -> str:
    """The preview's address."""
    return preview[0]


@pytest.fixture
def sent(preview: tuple[str, list[Sent]]) -> list[Sent]:
    """What this test's forms sent, in order."""
    preview[1].clear()
    return preview[1]


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A tab of its own that shows the gallery; any error of a script or of the policy fails the test."""
    context = browser.new_context()
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.goto(f"{base}/en")
    tab.wait_for_selector(READY)
    yield tab
    context.close()
    assert complaints == []


def draft_of(page: Page) -> str | None:
    """What the tab keeps of the form."""
    kept: str | None = page.evaluate("sessionStorage.getItem('draft:preview')")
    return kept


def reload(page: Page) -> None:
    """Open the page anew and wait for its scripts."""
    page.reload()
    page.wait_for_selector(READY)


def eventually_true(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait, with the browser going on, until something is so."""
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("never true")


def eventually(page: Page, expression: str) -> None:
    """Wait until an expression is true; Playwright's own way needs eval, which the policy forbids."""
    eventually_true(page, lambda: bool(page.evaluate(expression)))


class TestDraft:
    def test_what_is_typed_survives_a_reload_and_the_reader_is_told(self, page: Page) -> None:
        page.fill("#body", "I live near the jail.")
        page.check("text=I oppose it")
        page.select_option("#district", "1")
        reload(page)

        page.wait_for_selector("text=We kept what you typed earlier")
        assert page.locator(".draft [role=status]").inner_text().startswith("We kept what you typed")
        assert page.input_value("#body") == "I live near the jail."
        assert page.is_checked("text=I oppose it")
        assert page.input_value("#district") == "1"
        assert page.locator(".counter").inner_text() == "179 characters left"

    def test_what_was_typed_before_the_script_came_is_kept_too(self, page: Page) -> None:
        waiting: list[Route] = []
        page.route("**/draft*.js", lambda route: waiting.append(route))
        page.reload()
        eventually_true(page, lambda: bool(waiting))
        page.fill("#body", "The line is slow.")
        waiting.pop().continue_()
        page.wait_for_selector(READY)
        page.unroute_all()
        reload(page)

        assert page.input_value("#body") == "The line is slow."

    def test_nothing_is_kept_of_a_form_that_nobody_touched(self, page: Page) -> None:
        reload(page)

        assert draft_of(page) is None

    def test_a_restored_text_goes_with_the_token_of_the_form_it_was_typed_into(self, page: Page) -> None:
        page.evaluate("document.querySelector('#token').value = 'first-form'")
        page.fill("#body", "Once only.")
        reload(page)

        assert page.input_value("#token") == "first-form"

    def test_a_form_that_nothing_was_restored_into_keeps_its_own_token(self, page: Page) -> None:
        kept = '[["token", "first-form"], ["body", ""]]'
        page.evaluate(f"sessionStorage.setItem('draft:preview', '{kept}')")
        reload(page)

        assert page.input_value("#token") == ""

    def test_discarding_empties_the_form_for_good(self, page: Page) -> None:
        page.fill("#body", "Better not.")
        reload(page)
        page.click("text=Discard it")

        assert page.locator(".draft [role=status]").inner_text() == "Your draft was discarded."
        assert page.input_value("#body") == ""
        assert page.locator(".counter").inner_text() == "200 characters left"
        assert page.evaluate("document.activeElement.id") == "body"
        reload(page)
        assert page.input_value("#body") == ""

    def test_it_is_gone_once_the_comment_was_received(self, page: Page, sent: list[Sent]) -> None:
        page.fill("#body", "Send this.")
        page.click("text=Send my comment")
        page.wait_for_selector("h1:has-text('Received')")
        eventually(page, "sessionStorage.getItem('draft:preview') === null")

        assert sent[0]["body"] == ["Send this."]

    def test_what_the_server_gives_back_wins_over_the_draft(self, page: Page) -> None:
        page.fill("#body", "x" * 250)
        page.click("text=Check it")
        page.wait_for_selector("text=Please fix this first")
        page.evaluate("""sessionStorage.setItem('draft:preview', '[["body", "an older text"]]')""")
        page.evaluate("import(document.querySelector('script[type=module]').src + '?again')")

        assert page.input_value("#body") == "x" * 250
        assert page.evaluate("document.activeElement.className") == "errors"

    def test_it_never_leaves_the_tab(self, page: Page, browser: Browser, base: str) -> None:
        page.fill("#body", "Only here.")
        eventually(page, "sessionStorage.getItem('draft:preview') !== null")

        other = page.context.new_page()
        other.goto(f"{base}/en")
        assert draft_of(other) is None
        assert page.evaluate("localStorage.length") == 0


class TestSubmitOnce:
    def test_a_second_click_is_swallowed_and_a_later_retry_is_not(self, page: Page) -> None:
        page.clock.install()
        reload(page)
        page.evaluate(
            """() => {
                window.swallowed = [];
                document.querySelector('form[data-draft]').addEventListener('submit', (event) => {
                    window.swallowed.push(event.defaultPrevented);
                    event.preventDefault();
                });
            }"""
        )
        send = "document.querySelector('form[data-draft]').requestSubmit()"
        page.evaluate(send)
        page.evaluate(send)
        assert page.locator("text=Send my comment").get_attribute("aria-disabled") == "true"
        page.clock.fast_forward(5000)
        page.evaluate(send)

        assert page.evaluate("window.swallowed") == [False, True, False]

    def test_the_pressed_button_is_still_sent(self, page: Page, sent: list[Sent]) -> None:
        page.fill("#body", "Check me.")
        page.click("text=Check it")
        page.wait_for_selector("text=Please fix this first")

        assert sent[0]["check"] == ["1"]


class TestCounter:
    def test_counts_as_the_server_does_and_says_how_much_is_too_much(self, page: Page) -> None:
        page.fill("#body", "🦉" * 199)
        assert page.locator(".counter").inner_text() == "1 character left"

        page.fill("#body", "e\u0301" * 203)
        assert page.locator(".counter").inner_text() == "3 characters too many"
        assert len(page.input_value("#body")) == 406

    def test_speaks_only_near_the_end_and_after_a_pause(self, page: Page) -> None:
        page.fill("#body", "x" * 195)
        spoken = page.locator("[data-counter] [role=status]")
        assert spoken.inner_text() == ""
        eventually(page, "document.querySelector('[data-counter] [role=status]').textContent !== ''")

        assert spoken.inner_text() == "5 characters left"


class TestQueue:
    def test_selects_all_a_run_or_some(self, page: Page) -> None:
        boxes = page.locator("table[data-queue] tbody input")
        everything = page.locator("[data-queue-all] input")
        count = page.locator("[data-queue-count]")
        everything.check()
        assert count.inner_text() == "4 selected"
        assert all(box.is_checked() for box in boxes.all())

        everything.uncheck()
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        assert [box.is_checked() for box in boxes.all()] == [True, True, True, False]
        assert everything.evaluate("(box) => box.indeterminate") is True
        assert count.inner_text() == "3 selected"


class TestWithoutScripts:
    def test_a_comment_can_be_written_checked_and_sent(
        self, browser: Browser, base: str, sent: list[Sent]
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
        page = context.new_page()
        page.goto(f"{base}/es")
        page.fill("#body", "Sin JavaScript.")
        page.click("text=Check it")
        assert page.locator(".errors").is_visible()
        assert page.input_value("#body") == "Sin JavaScript."
        page.click("text=Send my comment")

        assert page.locator("h1").inner_text() == "Received"
        assert sent[1]["body"] == ["Sin JavaScript."]
        context.close()


class TestEveryone:
    @pytest.mark.parametrize(("path", "width"), [("/en", 1280), ("/es", 320), ("/en/errors/stale", 320)])
    def test_axe_finds_nothing_and_nothing_scrolls_sideways(
        self, browser: Browser, base: str, path: str, width: int
    ) -> None:
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(base + path)
        result = Axe().run(page, options=WCAG)

        assert [violation["id"] for violation in result.response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()

    def test_a_first_visit_is_light_even_uncompressed_and_stays_on_this_host(
        self, browser: Browser, base: str
    ) -> None:
        context = browser.new_context()
        page = context.new_page()
        weights: dict[str, int] = {}
        page.on("response", lambda response: weights.update({response.url: len(response.body())}))
        page.goto(f"{base}/en/pages/home", wait_until="networkidle")

        assert all(url.startswith(base) for url in weights)
        assert len(weights) >= 4
        assert sum(weights.values()) < 100_000
        context.close()

    def test_keyboard_focus_is_seen_on_every_stop(self, page: Page) -> None:
        page.focus("body")
        for _ in range(25):
            page.keyboard.press("Tab")
            width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert width >= 2, page.evaluate("document.activeElement.outerHTML")

    def test_targets_are_large_enough(self, page: Page) -> None:
        page.set_viewport_size({"width": 320, "height": 700})
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                'button, input:not([type=hidden]), select, textarea, nav a, td > a'
            )]
                .filter((element) => element.checkVisibility())
                .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
                .filter(([, box]) => box.height < 24 || box.width < 24)
                .map(([html]) => html)"""
        )

        assert small == []
