"""Type in what is said at a meeting, one speaker after another: the same record as what is written."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments import queries as comment_queries
from engage.comments import words as comment_words
from engage.comments.models import CommentPeriod
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.intake.queries import find_entered
from engage.intake.views.entering import Outcome, enter
from engage.meetings import queries, said, words
from engage.meetings.access import HOSTS
from engage.meetings.forms_oral import OralForm
from engage.meetings.models import Meeting, MeetingStatus
from engage.meetings.views.blueprint import bp
from engage.web.locale import language
from engage.web.once import form_key

_TAKES_PLACE = (
    MeetingStatus.TENTATIVE,
    MeetingStatus.CONFIRMED,
    MeetingStatus.RESCHEDULED,
    MeetingStatus.PASSED,
)


@bp.route("/staff/meetings/<slug>/oral", methods=["GET", "POST"])
@requires(*HOSTS)
def oral(slug: str) -> ResponseReturnValue:
    """Type in one spoken comment after another. The next form remembers the item."""
    now = utcnow()
    meeting = queries.get_meeting(db.session, slug, editor())
    if (why_not := _why_not(meeting, now)) or meeting.period is None:
        page = render_template("meetings/oral_not_now.html", meeting=meeting, why_not=why_not, words=words)
        return page, 200 if request.method == "GET" else 409
    period = meeting.period
    form = OralForm(meeting, period, comment_queries.districts(db.session), data=_given())
    outcome = Outcome(form_key())
    if request.method == "GET":
        form.client_token.data = outcome.key.token
    elif form.validate():
        outcome = enter(form, period, outcome.key, now, entered_by=editor())
        if outcome.comment is not None:
            return redirect(_next_one(meeting, form, outcome.comment.tracking_number), 303)
    return _page(meeting, period, form, outcome)


def staff_section(meeting: Meeting, now: datetime) -> str:
    """The way to this page from the meeting's staff page; empty before the meeting begins."""
    if _why_not(meeting, now):
        return ""
    return render_template(
        "meetings/_oral.html", meeting=meeting, typed=said.count_typed(db.session, meeting)
    )


def _why_not(meeting: Meeting, now: datetime) -> str:
    """Why nothing can be typed in for a meeting now; empty where it can be."""
    if meeting.period is None:
        return str(_l("This meeting belongs to no comment period, so there is no record to join."))
    if meeting.status(now) not in _TAKES_PLACE:
        return str(_l("Nothing is said at this meeting: it is a draft, or was postponed or cancelled."))
    if now < meeting.starts_at:
        return str(_l("The meeting has not begun: nothing can have been said yet."))
    return ""


def _given() -> dict[str, object]:
    """What the form begins with: what the last one said."""
    spoken = request.args.get("receipt", "")
    return {
        "item": request.args.get("item", ""),
        "receipt_language": spoken if spoken in LANGUAGES else language(),
    }


def _next_one(meeting: Meeting, form: OralForm, tracking_number: str) -> str:
    return url_for(
        "meetings.oral",
        slug=meeting.slug,
        after=tracking_number,
        item=form.item.data or None,
        receipt=form.receipt_language.data,
    )


def _page(meeting: Meeting, period: CommentPeriod, form: OralForm, outcome: Outcome) -> ResponseReturnValue:
    after = request.args.get("after", "") if request.method == "GET" else ""
    page = render_template(
        "meetings/oral.html",
        meeting=meeting,
        period=period,
        form=form,
        outcome=outcome,
        after=find_entered(db.session, period, after) if after else None,
        typed=said.count_typed(db.session, meeting),
        comment_words=comment_words,
    )
    return page, 200 if request.method == "GET" else outcome.status
