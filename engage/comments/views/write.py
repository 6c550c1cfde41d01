"""The comment form. Whatever goes wrong, what was typed comes back, and one form makes one comment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import public
from engage.checks.forms import read_checks
from engage.clock import utcnow
from engage.comments import file_words, queries, service, words
from engage.comments.about import About, AboutClosed, about_of
from engage.comments.forms import CommentForm
from engage.comments.just_sent import remember_sent
from engage.comments.models import Comment, CommentPeriod, Flag, PeriodState
from engage.comments.views.additions import Additions
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.web import personal_data
from engage.web.once import FormKey, form_key, new_form_key, sent_token

LONGEST_GIVEN_BACK = 200_000
"""Characters. No period takes a longer text, and a page of many megabytes would make the browser hang."""


@bp.route("/periods/<slug>/comment", methods=["GET", "POST"])
@public
def submit_comment(slug: str) -> ResponseReturnValue:
    """The comment form, and what it sends."""
    now = utcnow()
    period = queries.get_public_period(db.session, slug, now)
    return _take(period, now) if request.method == "POST" else _offer(period, now)


def _offer(period: CommentPeriod, now: datetime) -> ResponseReturnValue:
    """An empty form; or why there is none now."""
    state = period.state(now)
    if not period.takes_comments(now):
        return render_template("comments/not_open.html", period=period, state=state)
    key = form_key()
    form = CommentForm(period, queries.districts(db.session), data={"client_token": key.token})
    first = queries.find_sent(db.session, key.token) if key.is_in_address else None
    about = about_of(db.session, period, request.args, now)
    additions = Additions.offered_at(period, key, now)
    return _page(period, form, key, state, additions, about=about, first=first), 200


def _take(period: CommentPeriod, now: datetime) -> ResponseReturnValue:
    """A receipt; or the form with all that was typed and what to do about it."""
    length = sum(map(len, request.form.values()))
    if length > LONGEST_GIVEN_BACK:
        return render_template("comments/too_long.html", period=period, length=length), 413
    form = CommentForm(period, queries.districts(db.session))
    key, state = form_key(), period.state(now)
    additions = Additions.sent_to(period, now)
    about = about_of(db.session, period, request.form, now)
    is_valid = additions.is_only_adding or form.validate()
    is_to_be_changed = additions.is_only_adding or personal_data.is_to_be_changed()
    if not additions.check(form) or not is_valid or is_to_be_changed:
        return _page(period, form, key, state, additions, about=about), form.status
    if look := personal_data.second_look(form, kept=additions.kept):
        return look
    try:
        comment = service.submit_comment(
            db.session,
            period=period,
            submission=replace(
                form.submission, files=additions.files, clauses=additions.clauses, about=about
            ),
            client_token=sent_token(form.client_token.data),
            now=now,
            flags=map(Flag, read_checks(db.session, f"comment {period.slug}")),
        )
    except service.AlreadySent as error:
        key = new_form_key()
        form.client_token.data = key.token
        additions.move_to(key)
        return _page(period, form, key, state, additions, about=about, first=error.first), 409
    except (service.PeriodClosed, service.TextTooLong, service.FilesGone, AboutClosed) as error:
        form.form_errors.append(str(error))
        additions.forget_gone()
        return _page(period, form, key, state, additions, about=about), 409
    remember_sent(comment)
    return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 303)


def _page(
    period: CommentPeriod,
    form: CommentForm,
    key: FormKey,
    state: PeriodState,
    additions: Additions,
    *,
    about: About | None,
    first: Comment | None = None,
) -> str:
    """The form. ``first`` is the comment that this form, or the one before it, has made already."""
    now = utcnow()
    return render_template(
        "comments/submit_comment.html",
        period=period,
        form=form,
        key=key,
        state=state,
        takes_late=period.takes_late(now),
        states=words.STATES,
        first=first,
        additions=additions,
        about=about,
        # A room above renders it, and its output is escaped already.
        about_notice=Markup(about.notice(now)) if about else "",  # noqa: S704
        about_is_open=about is not None and not about.refusal(now),
        file_words=file_words,
    )
