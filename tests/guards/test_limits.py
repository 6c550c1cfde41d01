"""Every public view that takes a form says how often a network may send it, or why it need not say so."""

from __future__ import annotations

from flask import Flask

from engage.accounts.access import access_of
from engage.web.limits import LIMITED, UNLIMITED
from tests.guards.routes import UNSAFE, routes


def test_every_public_form_has_a_rate_or_a_reason(app: Flask) -> None:
    def is_public(endpoint: str) -> bool:
        access = access_of(app, endpoint)
        return access is not None and access.is_public

    forms = {route.endpoint for route in routes(app) if route.method in UNSAFE and is_public(route.endpoint)}

    assert sorted(forms - LIMITED.keys() - UNLIMITED.keys()) == []
    assert sorted(UNLIMITED.keys() - forms) == []


def test_every_line_of_the_tables_is_about_a_view_of_the_site(app: Flask) -> None:
    assert sorted((LIMITED.keys() | UNLIMITED.keys()) - app.view_functions.keys()) == []
    assert LIMITED.keys() & UNLIMITED.keys() == set()


def test_every_public_file_has_a_rate(app: Flask) -> None:
    """A file is what a view's address ends in a format for; small ones that never grow may be left out."""
    # A full hall asks for the screen from one network, each telephone every other second.
    small = {"dockets.concerns_file", "machines.security_txt", "meetings.screen_json"}
    files = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith((".csv", ".json", ".xlsx", ".pdf", ".txt", ".toml", ".atom", ".zip"))
    }
    public = {endpoint for endpoint in files if (access := access_of(app, endpoint)) and access.is_public}

    assert sorted(public - LIMITED.keys() - small) == []
