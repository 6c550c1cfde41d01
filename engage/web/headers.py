"""Headers of every answer: nothing from elsewhere runs, nothing is kept by a shared computer, nobody is told
where people came from."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

from engage.web.framing import open_frame

_EVERY_ANSWER = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self' 'nonce-{nonce}'; "
    "style-src 'self'"
)
_TWO_YEARS = 63_072_000


def init_app(app: Flask, *, is_https: bool) -> None:
    """Add the headers to all that the site answers; static files get theirs in app.py."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(_EVERY_ANSWER)
        # Stricter ones are given by who answers with something that is no page, such as a file of a resident.
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
        response.headers.setdefault("Cache-Control", "no-store")
        open_frame(response)
        if is_https:
            response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}; includeSubDomains"
        return response


def csp_nonce() -> str:
    """The nonce of this answer, for the few inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def static_headers(headers: object, _path: str, _url: str) -> None:
    """What WhiteNoise adds to a static file."""
    for name in ("Cross-Origin-Resource-Policy", "X-Content-Type-Options"):
        headers[name] = _EVERY_ANSWER[name]  # type: ignore[index]
