"""Reports of readers: how one is sent, and how a moderator sees to them."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import Comment
from engage.comments.queries import get_public_comment
from engage.comments.redacted import said
from engage.db.session import db
from engage.moderation import queries, review_queries, service, words
from engage.moderation.marks import mark
from engage.moderation.resident_forms import ReportForm
from engage.moderation.review_forms import DismissForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator

_READER = "reader"


@bp.route("/comments/<tracking_number>/report", methods=["GET", "POST"])
@public
def report_comment(tracking_number: str) -> ResponseReturnValue:
    """Tell moderators that a posted comment breaks a rule. Needs no account, and says nothing of who did."""
    comment = get_public_comment(db.session, tracking_number, utcnow())
    form = ReportForm()
    if form.validate_on_submit() and _send(comment, form):
        flash(_("Thank you. A moderator will look at this comment."), "success")
        return redirect(url_for("comments.comment", tracking_number=comment.tracking_number), 303)
    token = service.report_token(session[_READER], comment) if _READER in session else ""
    page = render_template(
        "moderation/report_comment.html",
        form=form,
        comment=comment,
        is_sent=bool(token) and review_queries.has_reported(db.session, comment, token),
        comment_words=comment_words,
    )
    return page, form.status


@bp.get("/staff/reader-reports")
@requires(*MODERATORS)
def reports() -> ResponseReturnValue:
    """Comments that readers reported."""
    found = review_queries.reported(db.session)
    return render_template(
        "moderation/reports.html",
        items=[(row, mark(said(row.comment.body, row.comment))) for row in found],
        form=DismissForm(formdata=None),
        words=words,
        comment_words=comment_words,
    )


@bp.post("/staff/comments/<tracking_number>/reports")
@requires(*MODERATORS)
def dismiss_reports(tracking_number: str) -> ResponseReturnValue:
    """Leave a reported comment as it is, for a reason."""
    comment = queries.get_comment(db.session, tracking_number)
    form = DismissForm()
    if form.validate():
        service.dismiss_reports(db.session, comment, moderator(), utcnow(), form.chosen_reason)
        flash(_("The reports of comment %(number)s are seen to.", number=comment.tracking_number), "success")
    else:
        flash(_("Choose why the comment stays as it is."), "error")
    return redirect(url_for("moderation.reports"), 303)


def _send(comment: Comment, form: ReportForm) -> bool:
    reader = session.setdefault(_READER, secrets.token_urlsafe(16))
    try:
        service.report_comment(
            db.session,
            comment,
            token=service.report_token(reader, comment),
            reason=form.chosen_reason,
            words=form.words.data,
        )
    except service.AlreadyReported as error:
        form.reason.errors = [str(error)]
        return False
    return True
