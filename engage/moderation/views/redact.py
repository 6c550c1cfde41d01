"""Redact stretches of a comment, take one back, read the sealed original."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import spans
from engage.comments import words as comment_words
from engage.comments.models import Comment, Disposition
from engage.comments.redacted import KINDS, RedactionKind
from engage.db.session import db
from engage.errors import NotFound
from engage.moderation import queries, service, words
from engage.moderation.models import Redaction
from engage.moderation.review_forms import OpenOriginalForm, RedactForm
from engage.moderation.service.redact import spans_of
from engage.moderation.views.blueprint import MODERATORS, bp, moderator


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text on the page: from where it counts, and what is redacted in it, if anything is."""

    text: str
    start: int
    kind: RedactionKind | None
    redaction: Redaction | None


@bp.route("/staff/comments/<tracking_number>/redact", methods=["GET", "POST"])
@requires(*MODERATORS)
def redact(tracking_number: str) -> ResponseReturnValue:
    """Choose stretches of a comment that readers may not see; the rest stays readable."""
    comment = _living(tracking_number)
    form = RedactForm()
    if form.validate_on_submit() and _take(comment, form):
        flash(_("Redacted. The original is sealed, and the log has a line of it."), "success")
        return redirect(url_for("moderation.comment", tracking_number=comment.tracking_number), 303)
    page = render_template(
        "moderation/redact.html",
        form=form,
        comment=comment,
        stretches=_stretches(comment),
        suggestions=form.suggestions(comment.body),
        chosen=sorted(set(form.span.data or ())),
        version=service.version_of(comment),
        kinds=KINDS,
        words=words,
    )
    return page, form.status


@bp.post("/staff/comments/<tracking_number>/redactions/<int:redaction_id>/restore")
@requires(*MODERATORS, fresh=True)
def restore(tracking_number: str, redaction_id: int) -> ResponseReturnValue:
    """Show a redacted stretch again."""
    comment = _living(tracking_number)
    service.restore_redaction(db.session, comment, redaction_id, moderator(), utcnow())
    flash(_("The stretch is readable again, and the log has a line of it."), "success")
    return redirect(url_for("moderation.redact", tracking_number=comment.tracking_number), 303)


@bp.route("/staff/comments/<tracking_number>/original", methods=["GET", "POST"])
@requires(*MODERATORS, fresh=True)
def original(tracking_number: str) -> ResponseReturnValue:
    """Read the sealed original for a reason that is logged. It is in this one answer and in no address."""
    comment = _living(tracking_number)
    form = OpenOriginalForm()
    text = None
    if form.validate_on_submit():
        text = service.read_original(db.session, comment, moderator(), utcnow(), form.chosen_reason)
    page = render_template(
        "moderation/original.html", form=form, comment=comment, text=text, comment_words=comment_words
    )
    return page, form.status


def _living(tracking_number: str) -> Comment:
    comment = queries.get_comment(db.session, tracking_number)
    if comment.disposition is Disposition.WITHDRAWN:
        raise NotFound(_("Nothing is left of a comment that was withdrawn."))
    return comment


def _take(comment: Comment, form: RedactForm) -> bool:
    if not form.is_all_in(comment.body):
        return False
    try:
        service.redact_comment(
            db.session,
            comment,
            form.spans(comment.body),
            moderator(),
            utcnow(),
            form.chosen_reason,
            version=form.version.data or "",
        )
    except (service.NothingChosen, service.TooMuch) as error:
        form.words.errors = [str(error)]
        return False
    return True


def _stretches(comment: Comment) -> list[Stretch]:
    original = service.open_original(db.session, comment)
    rows = {row.start: row for row in service.redactions_of(db.session, comment)}
    return [
        Stretch(
            comment.body[piece.shown[0] : piece.shown[1]],
            piece.shown[0],
            piece.kind,
            rows.get(piece.original[0]) if piece.kind else None,
        )
        for piece in spans.pieces(len(original), spans_of(db.session, comment))
    ]
