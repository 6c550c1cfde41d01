"""The web's table of contents: every room that answers requests, in the order in which it is asked."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import Flask
from whitenoise import WhiteNoise

from engage import (
    accounts,
    campaigns,
    checks,
    comments,
    dockets,
    feedback,
    follows,
    intake,
    labelling,
    lifecycle,
    logs,
    meetings,
    moderation,
    oversight,
    pages,
    paths,
    receipts,
    reports,
    responses,
    retention,
    themes,
)
from engage.accounts import access
from engage.analysis.semantic import INSTALL, is_installed
from engage.config import BadSetting, Settings, from_environment, read_environment_file
from engage.db import session
from engage.jobs import queue
from engage.web import compression, csrf, errors, headers, limits, locale, templating, transactions
from engage.web.fields import SiteRequest
from engage.web.hosts import TrustedHosts
from engage.web.numbered import StorableInt

_LARGEST_BODY = 16 * 1024 * 1024
_STATIC_MAX_AGE = 3600


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Without ``settings`` they are read from the environment; a bad one raises
    BadSetting."""
    settings = settings or from_environment(read_environment_file() | dict(os.environ))
    if settings.semantic and not is_installed():
        raise BadSetting(f"ENGAGE_SEMANTIC is on, but its packages are not installed: {INSTALL}.")
    logs.configure()
    app = Flask("engage", template_folder=str(paths.TEMPLATES), static_folder=None)
    app.request_class = SiteRequest
    app.config.from_mapping(_flask_settings(settings))
    app.url_map.converters["int"] = StorableInt
    app.url_map.strict_slashes = False  # People type and paste addresses with a slash at the end.

    session.init_app(app, settings.database_url)
    queue.init_app(app, settings.queue_url)
    locale.init_app(app)
    templating.init_app(app, settings)
    compression.init_app(app)
    headers.init_app(app, is_https=settings.is_https)
    limits.init_app(app, settings)
    csrf.init_app(app, is_https=settings.is_https)
    transactions.init_app(app)
    access.init_app(app)
    errors.init_app(app)

    for room in (
        checks,
        pages,
        accounts,
        dockets,
        comments,
        receipts,
        campaigns,
        intake,
        meetings,
        feedback,
        moderation,
        labelling,
        themes,
        responses,
        oversight,
        lifecycle,
        reports,
        follows,
        retention,
    ):
        room.init_app(app)
    access.check_complete(app)

    with_files = WhiteNoise(
        app.wsgi_app,
        root=templating.built_files(),
        prefix="static/",
        max_age=_STATIC_MAX_AGE,
        immutable_file_test=templating.is_hashed_name,
        add_headers_function=headers.static_headers,
        allow_all_origins=False,
    )
    app.wsgi_app = TrustedHosts(  # type: ignore[method-assign]
        with_files, settings.trusted_hosts, is_https=settings.is_https
    )
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.is_https else ""
    return {
        "ENGAGE_SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "DEBUG": False,
        "MAX_CONTENT_LENGTH": _LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": _LARGEST_BODY,
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
    }
