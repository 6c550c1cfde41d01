"""Which answers other sites may show inside their own pages: nothing but what says so."""

from __future__ import annotations

from flask import Response, g

POLICY = (
    "default-src 'none'; base-uri 'none'; font-src 'self'; form-action 'none'; frame-ancestors *; "
    "img-src 'self' data:; style-src 'self'"
)


def let_others_frame() -> None:
    """Say that the answer to this request may stand inside any page. It must hold nothing to press that
    changes anything, and nothing that is meant for one reader only.
    """
    g.may_be_framed = True


def open_frame(response: Response) -> None:
    """Take the frame's bar away from an answer that said so, if it is no error."""
    if g.get("may_be_framed") and response.status_code < 400:
        del response.headers["X-Frame-Options"]
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
