"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from engage.app import create_app
from engage.config import from_environment
from engage.web.locale import PREFIX
from tests.conftest import test_environment


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A site whose database nobody asks."""
    folder = tmp_path_factory.mktemp("bare")
    site = create_app(from_environment(test_environment(f"sqlite:///{folder / 'nothing.sqlite'}", folder)))
    give_versions_addresses(site)
    return site


def give_versions_addresses(site: Flask) -> None:
    """Pages that files only lead to stand somewhere, wherever the room has them."""
    for endpoint, rule in (
        ("reports.version", f"{PREFIX}/reports/<slug>/<int:number>"),
        ("reports.frozen_comments", f"{PREFIX}/reports/<slug>/<int:number>/comments"),
    ):
        if endpoint not in site.view_functions:
            site.add_url_rule(rule, endpoint, lambda **_: "")
