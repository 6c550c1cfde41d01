"""A site on a port of its own, and real browsers to visit it: Debian's Chromium, with and without scripts."""

from __future__ import annotations

import functools
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from engage.app import create_app
from engage.backup.marks import mark_file
from engage.config import from_environment
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.web.templating import built_files
from engage.worker import HANDLERS
from tests.conftest import test_environment
from tests.support import chromium, databases

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Result = TypeVar("Result")

PATIENCE = 30_000  # milliseconds, in which a busy machine shows any page; only what fails waits so long
# The page's scripts are in place, or it has none. A person is slower than they are, a test is not.
READY = ":root[data-enhanced], :root:not(:has(script[type=module]))"
# Until then nothing on a page takes a click, however one came to it: Playwright tries again until it does.
HELD = """
const held = new CSSStyleSheet();
held.replaceSync(":root:has(script[type=module]):not([data-enhanced]) { pointer-events: none }");
document.adoptedStyleSheets.push(held);
"""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_journey(item):
            item.add_marker(pytest.mark.journey)


def _is_journey(item: pytest.Item) -> bool:
    return Path(__file__).parent in item.path.parents


@dataclass(frozen=True, slots=True)
class Site:
    """A served site: its address, and ways to put rows into it and to do the work that waits."""

    app: Flask
    url: str

    def do(self, act: Callable[[Session], Result]) -> Result:
        """Call ``act`` with a session and commit: ``site.do(lambda rows: makers.docket(rows))``."""

        def in_the_site() -> Result:
            with db.sessionmaker() as session, session.begin():
                return act(session)

        return self._elsewhere(in_the_site)

    def work(self) -> int:
        """Do what requests have promised; returns how many items were done."""
        return self._elsewhere(lambda: run_once(HANDLERS))

    def _elsewhere(self, call: Callable[[], Result]) -> Result:
        """Call in a thread of its own: Flask's contexts refuse this one, where Playwright's loop runs."""

        def in_context() -> Result:
            with self.app.app_context():
                return call()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(in_context).result()


def _closing(site: WSGIApplication) -> WSGIApplication:
    """The site, each answer of which is closed whatever becomes of it.

    werkzeug forgets to close an answer when the browser hangs up in the middle: the file would stay open.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with closing(ClosingIterator(site(environ, start_response))) as parts:
            yield from parts

    return answer


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Say nothing: the site keeps no log of visits."""

    # One connection for all that a page needs, as behind any web server.
    protocol_version = "HTTP/1.1"


@pytest.fixture(scope="session")
def served(quick_folder: Path, shared_folder: Path) -> Iterator[tuple[Site, databases.Sandbox]]:
    """One server for all journeys of this process, in a thread, on a port that nobody else uses."""
    if built_files() is None:
        pytest.skip("The styles and scripts are not built: make setup")
    folder = quick_folder / "journeys"
    folder.mkdir()
    sandbox = databases.sqlite_sandbox(folder, shared_folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(from_environment(test_environment(sandbox.url, folder) | {"ENGAGE_BASE_URL": url}))
        server = make_server(
            "127.0.0.1", 0, _closing(app), threaded=True, request_handler=_Silent, fd=listening.fileno()
        )
        thread = threading.Thread(target=server.serve_forever, name="journeys", daemon=True)
        thread.start()
        site = Site(app, url)
        yield site, sandbox
        server.shutdown()
        thread.join()
        server.server_close()
        site.do(lambda _session: db.engine.dispose())


@pytest.fixture
def site(served: tuple[Site, databases.Sandbox]) -> Site:
    """The served site, as empty as on its first day."""
    site, sandbox = served
    site.do(lambda _session: sandbox.renew(db.engine))
    site.do(lambda _session: mark_file().unlink(missing_ok=True))
    return site


@pytest.fixture(scope="session")
def kept_chromium() -> Iterator[chromium.Kept]:
    """One Chromium for all journeys of a process."""
    kept = chromium.Kept()
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def playwright(kept_chromium: chromium.Kept) -> Iterator[Playwright]:
    """Playwright's driver, whose event loop is in the thread for as long as a file's tests run."""
    with kept_chromium.awake() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(kept_chromium: chromium.Kept, playwright: Playwright) -> Browser:
    """The Chromium of this process, which runs."""
    return kept_chromium.browser(playwright)


@dataclass(slots=True)
class Watched:
    """What went wrong in a browser that no assertion looks at."""

    site: str
    problems: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note errors of scripts and policies, and every request that leaves the site."""
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        # A refused form is an answer with an error status, which Chromium reports here too.
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.problems.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.site, "data:")):
            self.problems.append(f"request: {url}")


NewPage = Callable[..., Page]


def _await_scripts(page: Page) -> None:
    """Let ``page.goto`` and ``page.wait_for_url`` return when the page's scripts are in place."""

    def patient(go: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(go)
        def arrive(*address: Any, **options: Any) -> Any:
            answer = go(*address, **options)
            page.wait_for_selector(READY, state="attached")
            return answer

        return arrive

    page.goto = patient(page.goto)  # type: ignore[method-assign]
    page.wait_for_url = patient(page.wait_for_url)  # type: ignore[method-assign]


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[NewPage]:
    """Open a browser of its own: ``new_page(javascript=False, width=320)``. Its errors fail the test."""
    watched, contexts = Watched(site.url), []

    def open_page(*, javascript: bool = True, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            **options,
        )
        context.set_default_timeout(PATIENCE)
        watched.watch(context)
        contexts.append(context)
        if javascript:
            context.add_init_script(HELD)
            context.on("page", _await_scripts)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watched.problems == []


@pytest.fixture
def visitor(new_page: NewPage) -> Page:
    """A resident's browser on a desk."""
    return new_page()


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def any_visitor(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    """A resident's browser, once with JavaScript and once without."""
    return new_page(javascript=request.param)
