"""Error pages: plain words in the reader's language, what was typed given back, and an id that finds the log
line."""

from __future__ import annotations

import re
import secrets

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from engage.errors import NotAllowed, NotFound, RuleBroken
from engage.web.forms import clean_text
from engage.web.transactions import SAFE_METHODS, is_database_down

log = structlog.get_logger()

PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 429, 500, 503})
_NEVER_GIVEN_BACK = re.compile(r"^(csrf_token|code)$|password|secret", re.IGNORECASE)
_RETRY_SECONDS = "10"


def init_app(app: Flask) -> None:
    """Every error of a request ends in one of these."""
    app.register_error_handler(NotFound, lambda error: page(404, str(error)))
    app.register_error_handler(NotAllowed, lambda error: page(403, str(error)))
    app.register_error_handler(RuleBroken, lambda error: page(409, str(error)))
    app.register_error_handler(CSRFError, lambda _error: page(400, "", template="stale"))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(
    status: int,
    message: str = "",
    *,
    template: str | None = None,
    error_id: str | None = None,
    way: str | None = None,
    wait: int | None = None,
) -> Response:
    """An error page, with what was typed given back. ``way`` is the address of what mends it, if there is
    one; ``wait`` the seconds after which the same may be sent again, if that is known."""
    name = template or (status if status in PAGES else (400 if status < 500 else 500))
    html = render_template(
        f"errors/{name}.html",
        message=message,
        error_id=error_id,
        typed=typed(),
        is_sent=request.method not in SAFE_METHODS,
        way=way,
        wait=wait,
    )
    response = make_response(html, status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    elif status == 503:
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def typed() -> list[tuple[str, str]]:
    """The fields of the form that this request sent, less secrets; nothing for a request that only reads."""
    if request.method in SAFE_METHODS:
        return []
    try:
        fields = request.form.items(multi=True)
    except RequestEntityTooLarge:
        return []
    # A page must not hold every character that can be sent: forms leave the same ones out.
    cleaned = [(clean_text(name) or "", clean_text(value) or "") for name, value in fields]
    return [(name, value) for name, value in cleaned if value and not _NEVER_GIVEN_BACK.search(name)]


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        return _unexpected(error.original_exception)
    # Werkzeug's own descriptions are English and for programmers; an instance has one only where we gave it.
    answer = page(error.code, vars(error).get("description") or "")
    for name, value in error.get_headers(request.environ):
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _unexpected(error: BaseException) -> ResponseReturnValue:
    error_id = secrets.token_hex(6)
    if is_database_down(error):
        log.error("database_down", error_id=error_id, error=type(error).__name__)
        return page(503, error_id=error_id)
    log.error("unexpected_error", error_id=error_id, endpoint=request.endpoint, exc_info=error)
    return page(500, error_id=error_id)
