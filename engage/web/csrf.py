"""Every unsafe request, whatever its view, must come from our own pages: a token, and the browser's own
word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect

from engage.web.transactions import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()


def by_token_alone(view: View) -> View:
    """Let other people's mail servers send to this view (RFC 8058): they have no page of ours, and no cookie.

    Only for a view that does one thing to whoever holds the token in its address, looks at no session and no
    cookie, and takes nothing that was typed. A forged request then could do no more than its forger.
    """
    view.by_token_alone = True  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def init_app(app: Flask, *, is_https: bool) -> None:
    """Check the Origin first, then the token. No Referer is asked for: careful browsers do not send one."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False, ENGAGE_IS_HTTPS=is_https)
    app.before_request(_check_origin)
    csrf.init_app(app)


def _check_origin() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE_METHODS or getattr(view, "by_token_alone", False):
        return
    if _is_foreign(request.headers.get("Origin")) or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400, _("This was sent from a page of another site, so it was not accepted."))


def _is_foreign(origin: str | None) -> bool:
    """Whether a browser names another site, or ours over a line that anybody may write on."""
    if origin is None:
        return False
    parts = urlsplit(origin)
    return parts.netloc != request.host or (current_app.config["ENGAGE_IS_HTTPS"] and parts.scheme != "https")
