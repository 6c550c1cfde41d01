"""Sites with other settings, on the same database."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engage.app import create_app
from engage.db.session import db
from tests.support.pages import Client

HTTPS = "https://engage.example.gov"


class BehindProxy(Client):
    """A browser of a site whose proxy speaks TLS and passes plain HTTP on."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request to the site's public name."""
        kwargs.setdefault("base_url", HTTPS.replace("https", "http"))
        return super().open(*args, **kwargs)


@pytest.fixture
def https_app(app: Flask) -> Iterator[Flask]:
    """The site as people reach it over TLS."""
    settings = dataclasses.replace(
        app.config["ENGAGE_SETTINGS"],
        base_url=HTTPS,
        trusted_hosts=("engage.example.gov",),
    )
    site = create_app(settings)
    site.test_client_class = BehindProxy
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def https_client(https_app: Flask) -> BehindProxy:
    """A browser of that site."""
    client = https_app.test_client()
    assert isinstance(client, BehindProxy)
    return client
