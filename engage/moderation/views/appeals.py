"""Appeals: how a resident sends one, and how a moderator answers it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open, public, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import Comment
from engage.comments.queries import find_receipt
from engage.comments.redacted import said
from engage.db.session import db
from engage.errors import NotFound
from engage.moderation import review_queries, rules, service, words
from engage.moderation.marks import mark
from engage.moderation.resident_forms import AppealForm
from engage.moderation.review_forms import AppealDecision, AppealDecisionForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.web.locale import language


@bp.route("/receipts/<tracking_number>/appeal", methods=["GET", "POST"])
@public
def appeal(tracking_number: str) -> ResponseReturnValue:
    """Ask another person to decide. Shows nothing of the comment, as the receipt does not."""
    comment = find_receipt(db.session, tracking_number)
    if comment is None:
        raise NotFound(_l("There is no receipt with this number."))
    form = AppealForm()
    if form.validate_on_submit() and _send(comment, form):
        flash(_("Your appeal has arrived. The answer will be on this page."), "success")
        return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 303)
    against = service.appealable(db.session, comment)
    page = render_template(
        "moderation/appeal.html",
        form=form,
        comment=comment,
        against=against,
        sent=service.appeal_against(db.session, against.event) if against else None,
        is_late=against is not None and against.is_over(utcnow()),
        rules=rules,
        comment_words=comment_words,
    )
    return page, form.status


@bp.get("/staff/appeals")
@requires(*MODERATORS)
def appeals() -> ResponseReturnValue:
    """Appeals that wait for an answer."""
    return render_template(
        "moderation/appeals.html",
        appeals=review_queries.appeals(db.session),
        without_answerer=review_queries.count_without_answerer(db.session),
        me=moderator(),
        words=words,
        comment_words=comment_words,
    )


def on_staff_home() -> str:
    """An alarm for those who decide, where nobody is left to answer."""
    if not may_open("moderation.appeals"):
        return ""
    count = review_queries.count_without_answerer(db.session)
    return render_template("moderation/_no_answerer.html", without_answerer=count) if count else ""


@bp.route("/staff/appeals/<int:appeal_id>", methods=["GET", "POST"])
@requires(*MODERATORS)
def decide_appeal(appeal_id: int) -> ResponseReturnValue:
    """One appeal with what is said in it and in the comment, and the answer."""
    found = review_queries.get_appeal(db.session, appeal_id)
    form = AppealDecisionForm()
    if form.validate_on_submit():
        is_upheld = form.decision.data == AppealDecision.UPHOLD
        service.decide_appeal(
            db.session, found.id, moderator(), utcnow(), is_upheld=is_upheld, answer=form.answer.data
        )
        flash(
            _("The appeal is upheld, and the comment is posted.")
            if is_upheld
            else _("The appeal is denied."),
            "success",
        )
        return redirect(url_for("moderation.appeals"), 303)
    page = render_template(
        "moderation/decide_appeal.html",
        form=form,
        appeal=found,
        comment=found.comment,
        said_in_it=service.open_words(found.sealed_text, f"appeal {found.id}"),
        text_marked=mark(said(found.comment.body, found.comment)),
        is_mine=moderator().id in (found.restricted_by_id, found.proposed_by_id),
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


def _send(comment: Comment, form: AppealForm) -> bool:
    try:
        service.open_appeal(
            db.session,
            comment,
            text=form.text.data,
            email=form.email.data or None,
            language=language(),
            now=utcnow(),
        )
    except service.CannotAppeal as error:
        form.text.errors = [str(error)]
        return False
    return True
