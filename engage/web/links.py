"""Addresses for mails and feeds, where there may be no request to make them from."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _


def path_to(endpoint: str, language: str | None = None, **values: object) -> str:
    """The path of a page; in ``language`` where its address has one."""
    named = values | ({"language": language} if language else {})
    return str(current_app.url_map.bind("localhost").build(endpoint, named))


def address_of(path: str) -> str:
    """The whole address of a path, of the name that the site is set to have: never of a request's."""
    base: str = current_app.config["ENGAGE_SETTINGS"].base_url
    return f"{base}{path}"


def said_in(language: str, text: str, **values: object) -> str:
    """A marked text in a language, whatever the request speaks."""
    with force_locale(language):
        return str(_(text, **values))
