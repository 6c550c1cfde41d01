"""“Was a comment filed in your name?”: how somebody contests one, sees the case, and how it is decided."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import Comment, ModerationReason
from engage.comments.queries import get_public_comment
from engage.comments.redacted import said
from engage.db.session import db
from engage.moderation import review_queries, rules, service, words
from engage.moderation.marks import mark
from engage.moderation.models import Contest
from engage.moderation.resident_forms import CaseForm, ContestForm, NameForm
from engage.moderation.review_forms import ContestDecision, ContestDecisionForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.web.locale import language
from engage.web.once import form_key, new_form_key, sent_token

_CASE = "contest_case"


@bp.route("/contest", methods=["GET", "POST"])
@public
def contest() -> ResponseReturnValue:
    """Look whether a comment carries a name. What is typed is sent in the body: it stands in no address."""
    form = NameForm()
    found = None
    if form.validate_on_submit():
        found = review_queries.filed_under(db.session, form.name.data, utcnow())
    page = render_template(
        "moderation/contest.html",
        form=form,
        found=found[: review_queries.MOST_FOUND] if found is not None else None,
        is_cut=found is not None and len(found) > review_queries.MOST_FOUND,
        comment_words=comment_words,
    )
    return page, form.status


@bp.route("/comments/<tracking_number>/contest", methods=["GET", "POST"])
@public
def contest_comment(tracking_number: str) -> ResponseReturnValue:
    """Say that a posted comment was filed in one's name without one's consent."""
    comment = get_public_comment(db.session, tracking_number, utcnow())
    form = ContestForm()
    if form.validate_on_submit() and _send(comment, form):
        return redirect(url_for("moderation.contest_case"), 303)
    page = render_template(
        "moderation/contest_comment.html",
        form=form,
        comment=comment,
        key=form_key(),
        rules=rules,
        comment_words=comment_words,
    )
    return page, form.status


@bp.route("/contest/case", methods=["GET", "POST"])
@public
def contest_case() -> ResponseReturnValue:
    """What has become of a case, for whoever has its number and code; told once to who has just opened it."""
    form = CaseForm()
    case = None
    if form.validate_on_submit():
        case = service.find_case(db.session, form.number.data, form.code.data)
        if case is None:
            form.number.errors = [_("There is no case with this number and this code.")]
    page = render_template(
        "moderation/contest_case.html",
        form=form,
        case=case,
        is_contested=case is not None and review_queries.is_contested(db.session, case.comment),
        new_case=session.pop(_CASE, None),
    )
    return page, form.status


@bp.get("/staff/contests")
@requires(*MODERATORS)
def contests() -> ResponseReturnValue:
    """Cases that are not decided."""
    return render_template(
        "moderation/contests.html",
        contests=review_queries.contests(db.session),
        comment_words=comment_words,
    )


@bp.route("/staff/contests/<int:contest_id>", methods=["GET", "POST"])
@requires(*MODERATORS)
def decide_contest(contest_id: int) -> ResponseReturnValue:
    """One case: what was said, and what can be done about it."""
    found = review_queries.get_contest(db.session, contest_id)
    form = ContestDecisionForm()
    if form.validate_on_submit():
        flash(_decide(found, form), "success")
        return redirect(url_for("moderation.contests"), 303)
    page = render_template(
        "moderation/decide_contest.html",
        form=form,
        contest=found,
        comment=found.comment,
        said_in_it=service.open_words(found.sealed_text, f"contest {found.id}"),
        text_marked=mark(said(found.comment.body, found.comment)),
        proposal=review_queries.open_proposal_of(db.session, found.comment),
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


def _send(comment: Comment, form: ContestForm) -> bool:
    token = sent_token(request.form.get("client_token")) or new_form_key().token
    try:
        case = service.open_contest(
            db.session,
            comment,
            text=form.text.data,
            email=form.email.data or None,
            language=language(),
            client_token=token,
            now=utcnow(),
        )
    except service.AlreadyContested:
        # The first of two equal requests has put the case into this browser's cookie.
        return True
    session[_CASE] = {"number": case.number, "code": case.code}
    return True


def _decide(found: Contest, form: ContestDecisionForm) -> str:
    now, actor = utcnow(), moderator()
    if form.decision.data == ContestDecision.ADMIT:
        service.admit_contest(db.session, found.id, actor, now)
        return str(_("Readers of the comment are told now that somebody contests it."))
    if form.decision.data == ContestDecision.DISMISS:
        service.dismiss_contest(db.session, found.id, actor, now, form.answer.data)
        return str(_("The case is dismissed."))
    outcome = service.remove_comment(
        db.session, found.comment, actor, now, ModerationReason.IMPERSONATION_CONTESTED
    )
    if outcome.proposed:
        return str(_("Proposed. The comment stays posted until another person confirms it."))
    return str(_("The comment is kept from readers.") if outcome.done else _("This is proposed already."))
