"""All comments of a period for moderators, whatever has become of them, and each with its history."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.filters import BadFilter, CommentFilter
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.comments.queries import districts, get_period, periods
from engage.comments.redacted import said
from engage.db.session import db
from engage.errors import NotFound
from engage.moderation import queries, service, words
from engage.moderation.forms import Decision, DecisionForm, RecordFilterForm
from engage.moderation.marks import mark
from engage.moderation.models import ModerationAction
from engage.moderation.review_forms import DismissForm, RemoveForm
from engage.moderation.review_queries import is_contested, open_proposal_of, reports_of
from engage.moderation.rules import is_second_person_required
from engage.moderation.service.log import MAY_FOLLOW
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.moderation.views.queue import tell_already
from engage.web.paging import page_number

Choice = TypeVar("Choice", bound=StrEnum)

_OWN_ARGUMENTS = ("period", "disposition", "reason")


@bp.get("/staff/comments")
@requires(*MODERATORS)
def comments() -> ResponseReturnValue:
    """The comments that the arguments ask for; what stands behind every number that moderators see."""
    all_periods = periods(db.session)
    if not all_periods:
        return render_template("moderation/comments.html", page=None)
    slug = request.args.get("period")
    period = get_period(db.session, slug) if slug else all_periods[0]
    disposition = _choice(Disposition, "disposition")
    reason = _choice(ModerationReason, "reason")
    criteria = _criteria()
    return render_template(
        "moderation/comments.html",
        page=queries.comments_of(
            db.session, period, criteria, disposition=disposition, reason=reason, number=page_number()
        ),
        period=period,
        criteria=criteria,
        conditions=comment_words.conditions(
            criteria, {district.code: district.name for district in districts(db.session)}, period.docket
        ),
        arguments={"period": period.slug}
        | {name: request.args[name] for name in ("disposition", "reason") if request.args.get(name)}
        | criteria.arguments,
        filter_form=RecordFilterForm(all_periods, period=period, disposition=disposition, reason=reason),
        words=words,
        comment_words=comment_words,
    )


@bp.route("/staff/comments/<tracking_number>", methods=["GET", "POST"])
@requires(*MODERATORS)
def comment(tracking_number: str) -> ResponseReturnValue:
    """One comment with its history, and what can be done with it now."""
    found = queries.get_comment(db.session, tracking_number)
    form = DecisionForm()
    if form.validate_on_submit():
        tell_already(_decide(found, form).already)
        return redirect(url_for("moderation.comment", tracking_number=found.tracking_number), 303)
    equal = queries.count_equal(db.session, [found])
    page = render_template(
        "moderation/comment.html",
        form=form,
        comment=found,
        text_marked=mark(said(found.body, found), shown=len(found.body) * 20),
        proposal=open_proposal_of(db.session, found),
        reported=reports_of(db.session, found),
        is_contested=is_contested(db.session, found),
        remove_form=RemoveForm(formdata=None),
        dismiss_form=DismissForm(formdata=None),
        two_people=is_second_person_required(),
        me=moderator(),
        equal=equal.get((found.period_id, found.body_digest), 1),
        history=queries.history_of(db.session, found),
        steps=_steps(found),
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


def _steps(found: Comment) -> set[str]:
    """What can be done by one person now."""
    steps = {action.value for action, states in MAY_FOLLOW.items() if found.disposition in states}
    is_kept = found.disposition is Disposition.POSTED and is_second_person_required()
    return steps - {ModerationAction.REOPEN.value} if is_kept else steps


def _decide(found: Comment, form: DecisionForm) -> service.Outcome:
    now, actor = utcnow(), moderator()
    if form.decision.data == Decision.POST:
        return service.post_comments(db.session, [found], actor, now)
    if form.decision.data == Decision.RESTRICT:
        return service.restrict_comments(db.session, [found], actor, now, form.chosen_reason)
    return service.reopen_comments(db.session, [found], actor, now)


def _choice(enumeration: type[Choice], name: str) -> Choice | None:
    value = request.args.get(name)
    try:
        return enumeration(value) if value else None
    except ValueError:
        raise _bad_argument(name) from None


def _criteria() -> CommentFilter:
    others = MultiDict(
        (name, value) for name, value in request.args.items(multi=True) if name not in _OWN_ARGUMENTS
    )
    try:
        return CommentFilter.from_args(others)
    except BadFilter as error:
        raise _bad_argument(str(error)) from None


def _bad_argument(name: str) -> NotFound:
    return NotFound(_("This list cannot be narrowed down by “%(argument)s” like this.", argument=name[:60]))
