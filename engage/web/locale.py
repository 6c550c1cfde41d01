"""Every page has its language in its address. Here it is taken out of the address and put back into every
link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from flask import Blueprint, Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, force_locale, format_date, format_datetime, get_locale
from flask_babel import gettext as _

from engage import paths
from engage.db.types import LANGUAGES, Localised

LANGUAGE_NAMES = {"en": "English", "es": "Español"}
OWN_NAMES = {"kjb": "Q’anjob’al", "mam": "Mam", "mix": "Mixteco", "quc": "K’iche’"}
"""Languages of this country's residents that Babel has no name for: as their speakers call them."""
PREFIX = f"/<any({', '.join(LANGUAGES)}):language>"

babel = Babel()


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in one of the languages."""

    code: str
    name: str
    url: str


def init_app(app: Flask) -> None:
    """Let Babel follow the address, and links follow Babel."""
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(paths.TRANSLATIONS),
        BABEL_DEFAULT_LOCALE="en",
    )
    babel.init_app(app, locale_selector=language)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_put_language)


def localised_blueprint(name: str, import_name: str, url_prefix: str = "") -> Blueprint:
    """A blueprint whose addresses begin with the language."""
    return Blueprint(name, import_name, url_prefix=f"{PREFIX}{url_prefix}")


def language() -> str:
    """The language of this request: of its address, else of the browser, else English. English in jobs and
    commands."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen: str | None = g.get("language")
    return chosen or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


@contextmanager
def read_in(code: str) -> Iterator[None]:
    """Tell in this language what is told within, whatever the request asks for. In a request."""
    before = g.get("language")
    g.language = code
    try:
        with force_locale(code):
            yield
    finally:
        g.language = before


def language_links() -> list[LanguageLink]:
    """Links to this same page in each language; to the home page where this one has no language in its
    address."""
    endpoint = request.endpoint
    arguments = dict(request.view_args or {})
    if endpoint is None or not _has_language(endpoint):
        endpoint, arguments = "pages.home", {}
    rule = request.url_rule
    # A form that comes back after it was sent stands at an address that can be opened too.
    can_be_opened = rule is not None and "GET" in (rule.methods or ())
    query = request.args.to_dict(flat=False) if can_be_opened else {}
    return [
        LanguageLink(code, LANGUAGE_NAMES[code], url_for(endpoint, **arguments | query | {"language": code}))
        for code in LANGUAGES
    ]


def localised(value: Localised | None) -> str:
    """A text in the reader's language, or in the one that it was written in. Use the component to mark the
    language."""
    return "" if value is None else value.best(language())[0]


def day(value: date) -> str:
    """A day in words: October 3, 2026 · 3 de octubre de 2026.

    Of an instant, the day that it is then where this site is run.
    """
    return str(format_date(site_day(value) if isinstance(value, datetime) else value, "long"))


def site_day(instant: datetime) -> date:
    """The day that it is at an instant where this site is run: an evening there is the next day in UTC."""
    return instant.astimezone(site_time_zone()).date()


def moment(value: datetime, zone: ZoneInfo | str | None = None) -> str:
    """An instant in words in a place's time zone, with the zone named, because a deadline without one is no
    deadline."""
    place = ZoneInfo(zone) if isinstance(zone, str) else zone or site_time_zone()
    local = value.astimezone(place)
    text: str = _(
        "%(day)s, %(time)s (%(zone)s)",
        day=format_date(local.date(), "full"),
        time=format_datetime(local, "h:mm a", rebase=False),
        zone=local.tzname(),
    )
    return text


def site_time_zone() -> ZoneInfo:
    """The time zone of the place that runs this site."""
    zone: ZoneInfo = current_app.config["ENGAGE_SETTINGS"].site_time_zone
    return zone


def zone_name(zone: ZoneInfo) -> str:
    """What a time zone is called in the reader's language."""
    return get_timezone_name(zone, locale=get_locale())


def clocks(zone: ZoneInfo) -> str:
    """What a time that is typed in means, also in the night in which clocks show an hour twice."""
    return str(
        _(
            "By the clocks of this time zone: %(zone)s. In the night in fall in which they are set back, one "
            "hour comes twice; the second one counts.",
            zone=zone_name(zone),
        )
    )


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    named = values.pop("language", None) if values else request.path.strip("/").partition("/")[0]
    # An address that leads nowhere still says in which language to tell so.
    g.language = named if named in LANGUAGES else None


def _put_language(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and _has_language(endpoint):
        values["language"] = language()


def _has_language(endpoint: str) -> bool:
    known = endpoint in current_app.view_functions
    return known and current_app.url_map.is_endpoint_expecting(endpoint, "language")
