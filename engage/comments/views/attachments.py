"""The files of comments, served so that nothing in them can run."""

from __future__ import annotations

from flask import Response

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import attached
from engage.comments.models import Attachment
from engage.comments.views.blueprint import bp
from engage.db.session import db

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


@bp.get("/comments/<tracking_number>/attachments/<int:number>")
@public
def attachment(tracking_number: str, number: int) -> Response:
    """One file of a posted comment."""
    found = attached.get_public_attachment(db.session, tracking_number, number, utcnow())
    return as_download(found, tracking_number)


def as_download(found: Attachment, tracking_number: str) -> Response:
    """A file to be saved and not to be shown by the browser, in a name that we have given it."""
    response = Response(found.content, content_type=found.kind.media_type)
    name = f"{tracking_number}-attachment-{found.number}{found.kind.extension}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
