"""The files of a comment for moderators: to open, to keep back, to post after all."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import attached, file_words
from engage.comments import words as comment_words
from engage.comments.models import Comment
from engage.db.session import db
from engage.moderation import queries, service
from engage.moderation.forms_attachments import AttachmentForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.web.downloads import as_download


@bp.get("/staff/comments/<tracking_number>/attachments/<int(max=2147483647):number>")
@requires(*MODERATORS)
def attachment(tracking_number: str, number: int) -> Response:
    """One file, whatever has become of it or of its comment."""
    comment = queries.get_comment(db.session, tracking_number)
    found = attached.get_attachment(db.session, comment, number)
    name = attached.file_name(comment.tracking_number, found)
    return as_download(found.content, found.kind.media_type, name)


@bp.route(
    "/staff/comments/<tracking_number>/attachments/<int(max=2147483647):number>/decide",
    methods=["GET", "POST"],
)
@requires(*MODERATORS)
def decide_attachment(tracking_number: str, number: int) -> ResponseReturnValue:
    """Keep a file from readers with a reason, or post it after all."""
    comment = queries.get_comment(db.session, tracking_number)
    found = attached.get_attachment(db.session, comment, number)
    form = AttachmentForm(is_posted=found.is_posted)
    if form.validate_on_submit():
        if found.is_posted:
            service.restrict_attachment(
                db.session, comment, number, moderator(), utcnow(), form.chosen_reason
            )
        else:
            service.post_attachment(db.session, comment, number, moderator(), utcnow())
        return redirect(url_for("moderation.comment", tracking_number=comment.tracking_number), 303)
    return render_template(
        "moderation/decide_attachment.html",
        form=form,
        comment=comment,
        attachment=found,
        file_words=file_words,
        comment_words=comment_words,
    ), form.status


def on_comment(comment: Comment) -> str:
    """The files and clauses of a comment, for its page among the staff's."""
    return render_template(
        "moderation/_attachments.html",
        comment=comment,
        clauses=attached.clauses_of(db.session, comment),
        file_words=file_words,
        comment_words=comment_words,
    )
