"""Entry by staff: what came on paper, by post, by telephone, by e-mail or by voice."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import requires, signed_in_user
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments import words
from engage.comments.models import CommentPeriod
from engage.comments.service import ENTERED_CHANNELS
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.intake import queries
from engage.intake.forms import StaffEntryForm
from engage.intake.views.blueprint import bp
from engage.intake.views.entering import Outcome, day_of, enter, today_in
from engage.web.locale import language
from engage.web.once import form_key

TYPISTS = (RoleName.CLERK, RoleName.MODERATOR, RoleName.ADMINISTRATOR)


@bp.get("/staff/entry")
@requires(*TYPISTS)
def entry_periods() -> ResponseReturnValue:
    """The periods into which comments can be typed, the newest first."""
    now = utcnow()
    found = [
        (period, period.state(now))
        for period in comments.periods(db.session)
        if period.published_at is not None
    ]
    return render_template("intake/entry_periods.html", periods=found, words=words)


@bp.route("/staff/periods/<slug>/entry", methods=["GET", "POST"])
@requires(*TYPISTS)
def staff_entry(slug: str) -> ResponseReturnValue:
    """Type in one comment after another. The next form remembers how and when the last one came."""
    now = utcnow()
    period = comments.get_period(db.session, slug)
    form = StaffEntryForm(period, comments.districts(db.session), data=_given(period, now))
    outcome = Outcome(form_key())
    if request.method == "GET":
        form.client_token.data = outcome.key.token
    elif form.validate():
        outcome = enter(form, period, outcome.key, now, entered_by=signed_in_user())
        if outcome.comment is not None:
            return redirect(_next_one(period, form, outcome.comment.tracking_number), 303)
    return _page(period, form, outcome, now)


def _given(period: CommentPeriod, now: datetime) -> dict[str, object]:
    """What the form begins with: what the last one said, else today."""
    arguments = request.args
    came_by, spoken = arguments.get("came_by", ""), arguments.get("receipt", "")
    return {
        "came_by": came_by if came_by in ENTERED_CHANNELS else ENTERED_CHANNELS[0].value,
        "received_on": day_of(arguments.get("received", "")) or today_in(period, now),
        "receipt_language": spoken if spoken in LANGUAGES else language(),
    }


def _next_one(period: CommentPeriod, form: StaffEntryForm, tracking_number: str) -> str:
    return url_for(
        "intake.staff_entry",
        slug=period.slug,
        after=tracking_number,
        came_by=form.came_by.data,
        received=form.received_on.data.isoformat(),
        receipt=form.receipt_language.data,
    )


def _page(
    period: CommentPeriod, form: StaffEntryForm, outcome: Outcome, now: datetime
) -> ResponseReturnValue:
    after = request.args.get("after", "") if request.method == "GET" else ""
    page = render_template(
        "intake/staff_entry.html",
        period=period,
        form=form,
        outcome=outcome,
        after=queries.find_entered(db.session, period, after) if after else None,
        state=period.state(now),
        words=words,
    )
    return page, 200 if request.method == "GET" else outcome.status
