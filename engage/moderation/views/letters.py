"""Form letters in the queue: one decision for the unaltered copies, and everybody's own words to be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.campaigns.pieces import Piece, cut
from engage.campaigns.service import state_organiser
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import Comment, Disposition
from engage.db.session import db
from engage.moderation import letters, queries, service, words
from engage.moderation.forms import Decision, UndoForm
from engage.moderation.letter_forms import LetterForm, OrganiserForm
from engage.moderation.marks import MarkedText, mark
from engage.moderation.models import ModerationAction
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.moderation.views.queue import tell_already

_LETTERS_ON_A_PAGE = 100
_LINES = re.compile(r"([1-9]\d{0,17})-([1-9]\d{0,17})", re.ASCII)
_MOST_LINES = letters.COPIES_AT_ONCE + letters.OTHERS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Version:
    """A version that waits, with what it adds set apart, and help with it."""

    comment: Comment
    pieces: tuple[Piece, ...]
    text: MarkedText
    is_ticked: bool

    @property
    def is_personal(self) -> bool:
        """Whether it says something that the letter does not."""
        return any(piece.is_own for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Done:
    """What the last decision did, read from the log."""

    lines: str
    count: int
    is_posted: bool
    reason: str
    can_undo: bool


@bp.get("/staff/letters")
@requires(*MODERATORS)
def waiting_letters() -> ResponseReturnValue:
    """The form letters of which versions wait."""
    return render_template(
        "moderation/letters.html",
        found=letters.waiting_letters(db.session, most=_LETTERS_ON_A_PAGE),
        most=_LETTERS_ON_A_PAGE,
    )


@bp.get("/staff/letters/<int:campaign_id>")
@requires(*MODERATORS)
def letter(campaign_id: int) -> ResponseReturnValue:
    """One form letter: the letter, its unaltered copies, and all other versions with what they add."""
    return _page(campaign_id, LetterForm(formdata=None)), 200


@bp.post("/staff/letters/<int:campaign_id>")
@requires(*MODERATORS)
def decide_letter(campaign_id: int) -> ResponseReturnValue:
    """Post the chosen versions, or keep them from readers for one reason; all of them or none."""
    form = LetterForm()
    if not form.validate():
        return _page(campaign_id, form), form.status
    comments = queries.by_numbers(db.session, form.numbers)
    outcome = (
        service.post_comments(db.session, comments, moderator(), utcnow())
        if form.decision.data == Decision.POST
        else service.restrict_comments(db.session, comments, moderator(), utcnow(), reason=form.chosen_reason)
    )
    tell_already(outcome.already)
    done = f"{outcome.events[0].id}-{outcome.events[-1].id}" if outcome.events else None
    return redirect(url_for("moderation.letter", campaign_id=campaign_id, done=done), 303)


@bp.post("/staff/letters/<int:campaign_id>/undo")
@requires(*MODERATORS)
def undo_letter(campaign_id: int) -> ResponseReturnValue:
    """Let what this moderator has just decided wait again."""
    form = UndoForm()
    first, last = _lines(form.done.data or "")
    numbers = [event.id for event, _comment in queries.decided_by(db.session, moderator(), first, last)]
    outcome = service.undo_decisions(db.session, numbers, moderator(), utcnow())
    flash(
        ngettext(
            "%(num)s comment waits in the queue again.",
            "%(num)s comments wait in the queue again.",
            outcome.done,
        ),
        "success",
    )
    return redirect(url_for("moderation.letter", campaign_id=campaign_id), 303)


@bp.post("/staff/letters/<int:campaign_id>/organiser")
@requires(*MODERATORS)
def organiser(campaign_id: int) -> ResponseReturnValue:
    """State who wrote the letter, or that nobody knows."""
    form = OrganiserForm()
    if not form.validate():
        return _page(campaign_id, LetterForm(formdata=None), form), form.status
    campaign = letters.get_letter(db.session, campaign_id).campaign
    state_organiser(db.session, campaign, form.organiser.data or None)
    flash(_("Everybody can read now who wrote this letter, as far as it is known."), "success")
    return redirect(url_for("moderation.letter", campaign_id=campaign.id), 303)


def in_queue() -> str:
    """That some of what waits are form letters, which can be decided together."""
    count, comments = letters.count_waiting_letters(db.session)
    if not count:
        return ""
    return render_template("moderation/_letters_in_queue.html", count=count, comments=comments)


def _page(campaign_id: int, form: LetterForm, organiser_form: OrganiserForm | None = None) -> str:
    found = letters.get_letter(db.session, campaign_id)
    ticked = set(form.comment.data or ())
    return render_template(
        "moderation/letter.html",
        letter=found,
        text=mark(found.exemplar.body),
        versions=[
            Version(
                comment,
                cut(comment.body, found.exemplar.body),
                mark(comment.body),
                comment.tracking_number in ticked,
            )
            for comment in found.others
        ],
        form=form,
        organiser_form=organiser_form or OrganiserForm(formdata=None, obj=found.campaign),
        done=_done(),
        words=words,
        comment_words=comment_words,
    )


def _lines(text: str) -> tuple[int, int]:
    """The lines of the log that ``done`` names; none where it names none that one action can have written."""
    found = _LINES.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, -1)
    return (first, last) if last - first < _MOST_LINES else (0, -1)


def _done() -> Done | None:
    lines = request.args.get("done", "")
    decided = queries.decided_by(db.session, moderator(), *_lines(lines))
    if not decided:
        return None
    event = decided[0][0]
    is_posted = event.action is ModerationAction.POST
    after = Disposition.POSTED if is_posted else Disposition.RESTRICTED
    return Done(
        lines=lines,
        count=len(decided),
        is_posted=is_posted,
        reason=str(words.REASONS[event.reason]) if event.reason else "",
        can_undo=any(comment.disposition is after for _event, comment in decided),
    )
