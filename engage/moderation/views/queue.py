"""The queue: the comments that wait, many at a time, the oldest day first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.filters import BadFilter
from engage.comments.models import Comment
from engage.comments.queries import get_period
from engage.comments.redacted import said
from engage.db.session import db
from engage.errors import NotFound
from engage.moderation import queries, service, words
from engage.moderation.filters import QueueFilter
from engage.moderation.forms import BulkForm, Decision, QueueFilterForm, UndoForm
from engage.moderation.marks import MarkedText, mark
from engage.moderation.models import ModerationAction
from engage.moderation.review_queries import open_proposal_of
from engage.moderation.views.blueprint import MODERATORS, bp, moderator

_LINES = re.compile(r"([1-9]\d{0,17})-([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """A waiting comment and help with it; ``equal`` counts the comments of the same text."""

    comment: Comment
    text: MarkedText
    equal: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What the last bulk action did, read from the log. ``lines`` names it for an undo."""

    lines: str
    count: int
    is_posted: bool
    is_proposed: bool
    reason: str
    numbers: tuple[str, ...]
    can_undo: bool


@bp.get("/staff/queue")
@requires(*MODERATORS)
def queue() -> ResponseReturnValue:
    """The comments that wait, and what was just done."""
    return _page(BulkForm(formdata=None)), 200


@bp.post("/staff/queue/decide")
@requires(*MODERATORS)
def decide() -> ResponseReturnValue:
    """Post the ticked comments, or keep them from readers for one reason; all of them or none."""
    form = BulkForm()
    if not form.validate():
        return _page(form), form.status
    comments = queries.by_numbers(db.session, form.comment.data)
    outcome = (
        service.post_comments(db.session, comments, moderator(), utcnow())
        if form.decision.data == Decision.POST
        else service.restrict_comments(db.session, comments, moderator(), utcnow(), reason=form.chosen_reason)
    )
    tell_already(outcome.already)
    if 0 < outcome.proposed < outcome.done:
        flash(
            ngettext(
                "%(num)s of these waits for a second person, because it was public before.",
                "%(num)s of these wait for a second person, because they were public before.",
                outcome.proposed,
            ),
            "warning",
        )
    done = f"{outcome.events[0].id}-{outcome.events[-1].id}" if outcome.events else None
    return redirect(url_for("moderation.queue", done=done, **_arguments()), 303)


@bp.post("/staff/queue/undo")
@requires(*MODERATORS)
def undo() -> ResponseReturnValue:
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
    return redirect(url_for("moderation.queue", **_arguments()), 303)


def tell_already(count: int) -> None:
    """Say how many of the chosen comments somebody else had decided first."""
    if count:
        flash(
            ngettext(
                "%(num)s of these was already decided. It stays as it was.",
                "%(num)s of these were already decided. They stay as they were.",
                count,
            ),
            "warning",
        )


def _page(form: BulkForm) -> str:
    criteria = _criteria()
    period = get_period(db.session, criteria.period) if criteria.period else None
    page = queries.waiting(db.session, criteria, after=request.args.get("after", ""))
    equal = queries.count_equal(db.session, page.comments)
    ticked = set(form.comment.data or ())
    counts = queries.count_waiting(db.session)
    periods = [waiting.period for waiting in counts]
    return render_template(
        "moderation/queue.html",
        form=form,
        criteria=criteria,
        items=[
            Item(
                comment,
                mark(said(comment.body, comment)),
                equal.get((comment.period_id, comment.body_digest), 1),
                comment.tracking_number in ticked,
            )
            for comment in page.comments
        ],
        counts=counts,
        total=sum(waiting.count for waiting in counts),
        next_after=page.next_after,
        arguments=_arguments(),
        filter_form=QueueFilterForm(
            criteria, periods if period is None or period in periods else [period, *periods]
        ),
        done=_done(),
        words=words,
        comment_words=comment_words,
    )


def _criteria() -> QueueFilter:
    try:
        return QueueFilter.from_args(request.args)
    except BadFilter as error:
        raise NotFound(
            _("This list cannot be narrowed down by “%(argument)s” like this.", argument=str(error))
        ) from None


def _arguments() -> dict[str, Any]:
    """The arguments that lead back to the same place in the queue."""
    after = request.args.get("after")
    return _criteria().arguments | ({"after": after} if after else {})


def _lines(text: str) -> tuple[int, int]:
    """The lines of the log that ``done`` names; none where it names none that one action can have written."""
    found = _LINES.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, -1)
    return (first, last) if last - first < queries.QUEUE_PAGE else (0, -1)


def _done() -> Done | None:
    lines = request.args.get("done", "")
    decided = queries.decided_by(db.session, moderator(), *_lines(lines))
    if not decided:
        return None
    event = decided[0][0]
    after = {
        ModerationAction.POST: "posted",
        ModerationAction.RESTRICT: "restricted",
        ModerationAction.PROPOSE: "received",
    }
    return Done(
        lines=lines,
        count=len(decided),
        is_posted=event.action is ModerationAction.POST,
        is_proposed=event.action is ModerationAction.PROPOSE,
        reason=str(words.REASONS[event.reason]) if event.reason else "",
        numbers=tuple(comment.tracking_number for _event, comment in decided),
        can_undo=any(
            comment.disposition == after[event.action]
            and (event.action is not ModerationAction.PROPOSE or open_proposal_of(db.session, comment))
            for event, comment in decided
        ),
    )
