"""Every unsafe request, whatever its view, must come from our own pages: a token, and the browser's own word."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect

from engage.web.transactions import SAFE_METHODS

csrf = CSRFProtect()


def init_app(app: Flask, base_url: str) -> None:
    """Check the Origin first, then the token. No Referer is asked for: careful browsers do not send one."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False, ENGAGE_ORIGIN=base_url)
    app.before_request(_check_origin)
    csrf.init_app(app)


def _check_origin() -> None:
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400, _("This was sent from a page of another site, so it was not accepted."))
