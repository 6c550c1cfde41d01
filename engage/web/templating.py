"""What every template may use besides what its view gives it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, current_app, request, url_for
from flask_babel import LazyString

from engage import paths
from engage.config import Settings
from engage.web import headers, locale
from engage.web.markdown import render_markdown
from engage.web.parts import parts
from engage.web.personal_data import KINDS


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of a menu, before it is drawn: where it leads, what it is called, and who sees it.

    ``is_daily``: what those who see it come for each day, so the start page names it first.
    """

    endpoint: str
    label: LazyString
    is_shown: Callable[[], bool] = lambda: True
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One link of a menu as the template draws it."""

    label: str
    url: str
    current: bool
    is_daily: bool


def init_app(app: Flask, settings: Settings) -> None:
    """Fill the environment of the templates."""
    # All stay compiled: there are more than the 400 that Jinja keeps, and to compile one takes up to 20 ms.
    app.jinja_env.cache = {}
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        asset=asset, csp_nonce=headers.csp_nonce, parts=parts, personal_data_kinds=KINDS
    )
    app.jinja_env.filters.update(
        day=locale.day, moment=locale.moment, localised=locale.localised, markdown=render_markdown
    )
    app.extensions["menus"] = {"main": [], "staff": []}

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "language": locale.language(),
            "languages": locale.language_links(),
            "site": {
                "name": settings.site_name,
                "short_name": settings.site_short_name,
                "contact": settings.site_contact,
                "exit_url": settings.site_exit_url,
            },
            "navigation": Menu("main"),
            "staff_navigation": Menu("staff"),
        }


def add_to_menu(app: Flask, name: str, *entries: MenuEntry) -> None:
    """Hang links into the ``main`` or the ``staff`` menu, in the order of the calls."""
    app.extensions["menus"][name].extend(entries)


class Menu:
    """The links of a menu that this reader sees, found out only when a page draws them.

    An error page draws none that depend on who reads, because that may be what cannot be found out.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __iter__(self) -> Iterator[MenuLink]:
        for entry in current_app.extensions["menus"][self._name]:
            if entry.is_shown():
                current = request.endpoint == entry.endpoint
                yield MenuLink(str(entry.label), url_for(entry.endpoint), current, entry.is_daily)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def asset(name: str) -> str:
    """The address of a built file, with the hash of its content in its name."""
    return f"/static/{_manifest().get(name, name)}"


@cache
def _manifest() -> dict[str, str]:
    path = paths.STATIC / "dist" / "manifest.json"
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return manifest


def built_files() -> Path | None:
    """The folder of built styles and scripts, or None before ``make setup`` has built them."""
    folder = paths.STATIC / "dist"
    return folder if folder.is_dir() else None


def is_hashed_name(_path: str, url: str) -> bool:
    """Whether a static address can be kept for ever because its name changes with its content."""
    return url.removeprefix("/static/") in frozenset(_manifest().values())
