"""The files of posted comments."""

from __future__ import annotations

from flask import Response

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import attached
from engage.comments.tracking import tidy_tracking_number
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.web.downloads import as_download


@bp.get("/comments/<tracking_number>/attachments/<int(max=2147483647):number>")
@public
def attachment(tracking_number: str, number: int) -> Response:
    """One file of a posted comment."""
    found = attached.get_public_attachment(db.session, tracking_number, number, utcnow())
    name = attached.file_name(tidy_tracking_number(tracking_number), found)
    return as_download(found.content, found.kind.media_type, name)
