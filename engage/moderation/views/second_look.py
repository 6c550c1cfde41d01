"""Removals that wait for a second person, and how one is proposed for a posted comment."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.redacted import said
from engage.db.session import db
from engage.moderation import queries, review_queries, service, words
from engage.moderation.marks import mark
from engage.moderation.review_forms import RemoveForm, SecondLook, SecondLookForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator


@bp.get("/staff/second-look")
@requires(*MODERATORS)
def second_look() -> ResponseReturnValue:
    """What others have proposed, and what one has proposed oneself."""
    proposals = review_queries.second_looks(db.session)
    return render_template(
        "moderation/second_look.html",
        items=[(proposal, mark(said(proposal.comment.body, proposal.comment))) for proposal in proposals],
        me=moderator(),
        words=words,
        comment_words=comment_words,
    )


@bp.post("/staff/second-look/<int:proposal_id>")
@requires(*MODERATORS)
def decide_removal(proposal_id: int) -> ResponseReturnValue:
    """Confirm or decline what somebody else has proposed."""
    form = SecondLookForm()
    if not form.validate():
        flash(_("Use one of the buttons."), "error")
    elif form.decision.data == SecondLook.CONFIRM:
        comment, _event = service.confirm_removal(db.session, proposal_id, moderator(), utcnow())
        flash(_("Comment %(number)s is kept from readers.", number=comment.tracking_number), "success")
    else:
        comment, _event = service.decline_removal(db.session, proposal_id, moderator(), utcnow())
        flash(_("Comment %(number)s stays as it was.", number=comment.tracking_number), "success")
    return redirect(url_for("moderation.second_look"), 303)


@bp.post("/staff/comments/<tracking_number>/remove")
@requires(*MODERATORS)
def remove(tracking_number: str) -> ResponseReturnValue:
    """Propose that a posted comment is kept from readers."""
    comment = queries.get_comment(db.session, tracking_number)
    form = RemoveForm()
    if form.validate():
        outcome = service.remove_comment(db.session, comment, moderator(), utcnow(), form.chosen_reason)
        told = (
            _("Proposed. The comment stays posted until another person confirms it.")
            if outcome.proposed
            else _("This is proposed already.")
            if not outcome.done
            else _("The comment is kept from readers.")
        )
        flash(told, "success")
    else:
        flash(_("Choose the reason for not posting."), "error")
    return redirect(url_for("moderation.comment", tracking_number=comment.tracking_number), 303)
