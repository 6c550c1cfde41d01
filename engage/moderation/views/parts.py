"""What this room shows on pages of rooms below: beside a comment, and on a receipt."""

from __future__ import annotations

from flask import render_template

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.session import db
from engage.moderation import review_queries, service


def beside_comment(comment: Comment) -> str:
    """How to report and to contest a posted comment, and whether somebody contests it."""
    return render_template(
        "moderation/_beside_comment.html",
        comment=comment,
        is_contested=review_queries.is_contested(db.session, comment),
    )


def on_receipt(comment: Comment, **_known: object) -> str:
    """What was redacted, and how to appeal or what became of an appeal. Nothing of the comment's words."""
    against = service.appealable(db.session, comment)
    appeal = (
        service.appeal_against(db.session, against.event)
        if against
        else review_queries.last_appeal(db.session, comment)
    )
    return render_template(
        "moderation/_on_receipt.html",
        comment=comment,
        against=against,
        appeal=appeal,
        is_late=against is not None and against.is_over(utcnow()),
        is_contested=review_queries.is_contested(db.session, comment),
    )
