"""Files of people whom nobody knows, sent so that nothing in them can run."""

from __future__ import annotations

from flask import Response

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def as_download(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved and not to be shown by the browser, with its exact kind.

    It is kept by nobody on the way (``no-store``), because what is posted today may be kept back tomorrow.
    """
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
