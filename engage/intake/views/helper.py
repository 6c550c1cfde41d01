"""Entry by a library, a church or a clinic: a code opens one batch for a while, and shows nothing else.

No account is needed. After an entry its words are not shown again: whoever looks over the helper's shoulder,
or finds the screen, learns numbers, days and states.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments import words
from engage.comments.models import CommentBatch
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.errors import RuleBroken
from engage.intake import queries, service
from engage.intake.codes import digest_of, tidy_code
from engage.intake.forms import CodeForm, EntryForm
from engage.intake.views.blueprint import bp
from engage.intake.views.entering import Outcome, day_of, enter, today_in
from engage.intake.views.paper import paper_form
from engage.web.locale import language
from engage.web.once import form_key
from engage.web.paging import page_number

OPEN_FOR = timedelta(minutes=60)
"""How long after the last entry a code is to be typed again: the machine may be one that others use."""

_SESSION = "intake"


class CodeNeeded(RuleBroken):
    """The browser was left alone for too long, or the batch was closed. What was typed is given back."""


@bp.route("/entry", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """Ask for the code of a batch."""
    now = utcnow()
    form = CodeForm()
    if request.method == "GET" and open_batch(now) is not None:
        return redirect(url_for("intake.batch_entry"))
    if form.validate_on_submit():
        digest = digest_of(tidy_code(form.code.data) or "", current_app.config["ENGAGE_SETTINGS"].secret_key)
        batch = queries.find_open_batch(db.session, now, code_digest=digest)
        if batch is not None:
            keep_open(batch, now)
            return redirect(url_for("intake.batch_entry"), 303)
        form.code.errors = [_("This code is not one of ours, or it works no more. Ask the clerk.")]
    return render_template("intake/code.html", form=form), form.status


@bp.route("/entry/form", methods=["GET", "POST"])
@public
def batch_entry() -> ResponseReturnValue:
    """Type in one paper form after another."""
    now = utcnow()
    batch = open_batch(now)
    if batch is None:
        if request.method == "POST":
            # An error page gives back what was typed.
            raise CodeNeeded(_("Your code has to be typed again before this can be entered."))
        return redirect(url_for("intake.code"))
    period = batch.period
    spoken = request.args.get("receipt", "")
    data = {
        "received_on": day_of(request.args.get("received", "")) or today_in(period, now),
        "receipt_language": spoken if spoken in LANGUAGES else language(),
    }
    form = EntryForm(period, comments.districts(db.session), data=data)
    outcome = Outcome(form_key())
    if request.method == "GET":
        form.client_token.data = outcome.key.token
    else:
        keep_open(batch, now)
        if form.validate():
            outcome = enter(form, period, outcome.key, now, batch=batch)
        if outcome.comment is not None:
            return redirect(_next_one(form, outcome.comment.tracking_number), 303)
    return _page(batch, form, outcome, now)


@bp.post("/entry/<tracking_number>/mistaken")
@public
def mistaken(tracking_number: str) -> ResponseReturnValue:
    """Tell the moderators that an entry of this batch went wrong."""
    batch = open_batch(utcnow())
    if batch is None:
        raise CodeNeeded(_("Your code has to be typed again before this can be done."))
    comment = service.mark_mistaken(db.session, batch, tracking_number)
    flash(
        _("A moderator will look at entry %(number)s. Enter it anew now.", number=comment.tracking_number),
        "success",
    )
    return redirect(url_for("intake.batch_entry"), 303)


@bp.get("/entry/paper")
@public
def helper_paper() -> ResponseReturnValue:
    """The paper form with the mark of this batch on it."""
    batch = open_batch(utcnow())
    return redirect(url_for("intake.code")) if batch is None else paper_form(batch.period, batch)


@bp.post("/entry/leave")
@public
def leave() -> ResponseReturnValue:
    """Forget the code in this browser."""
    session.pop(_SESSION, None)
    flash(_("You have left the entry screen. The code is needed to come back."), "success")
    return redirect(url_for("intake.code"), 303)


def open_batch(now: datetime) -> CommentBatch | None:
    """The batch that this browser has opened, while it is open and the browser was not left alone."""
    kept = session.get(_SESSION)
    if not isinstance(kept, dict) or now.timestamp() >= kept["until"]:
        return None
    return queries.find_open_batch(db.session, now, batch_id=kept["batch"])


def keep_open(batch: CommentBatch, now: datetime) -> None:
    """Let the code of this batch be known in this browser for a while more."""
    session[_SESSION] = {"batch": batch.id, "until": (now + OPEN_FOR).timestamp()}


def _next_one(form: EntryForm, tracking_number: str) -> str:
    return url_for(
        "intake.batch_entry",
        after=tracking_number,
        received=form.received_on.data.isoformat(),
        receipt=form.receipt_language.data,
    )


def _page(batch: CommentBatch, form: EntryForm, outcome: Outcome, now: datetime) -> ResponseReturnValue:
    after = request.args.get("after", "") if request.method == "GET" else ""
    page = render_template(
        "intake/batch_entry.html",
        batch=batch,
        period=batch.period,
        form=form,
        outcome=outcome,
        after=queries.find_entered(db.session, batch.period, after, batch) if after else None,
        state=batch.period.state(now),
        entries=queries.entries(db.session, batch, page_number()),
        words=words,
    )
    return page, 200 if request.method == "GET" else outcome.status
