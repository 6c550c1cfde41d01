"""Fewer bytes for a slow line: public pages are sent compressed, and only they.

A page with a secret in it and something that a stranger put into its address could be read through the length
of its compressed form (the BREACH attack). So a page is compressed only where it holds no form token and no
account.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, g, request, session

from engage.web.transactions import SAFE_METHODS

_KINDS = frozenset({"text/html", "text/csv", "text/plain", "application/json"})
_SMALLEST = 1400  # bytes: one packet is sent as one packet, compressed or not
_LEVEL = 6


def init_app(app: Flask) -> None:
    """Compress at the end of every request that allows it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _may_be(response):
        return response
    response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _may_be(response: Response) -> bool:
    is_wanted = request.method in SAFE_METHODS and request.accept_encodings["gzip"] > 0
    is_whole = response.status_code == 200 and not response.is_streamed and "ETag" not in response.headers
    if not (is_wanted and is_whole and response.mimetype in _KINDS):
        return False
    has_secret = "csrf_token" in g or "_user_id" in session
    return not has_secret and (response.content_length or 0) >= _SMALLEST
