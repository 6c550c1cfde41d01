"""Comment periods for residents: what is proposed, when, and how to have a say."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import attached, queries, words
from engage.comments.filters import CommentFilter
from engage.comments.models import CommentPeriod, PeriodState
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.dockets.parts import talk_of
from engage.errors import NotFound
from engage.web.locale import localised
from engage.web.once import new_form_key
from engage.web.paging import page_number, page_of


@bp.get("/periods")
@public
def period_list() -> ResponseReturnValue:
    """Every published period, by state."""
    now = utcnow()
    periods = queries.with_docket(queries.public_periods(now))
    by_state: dict[PeriodState, list[CommentPeriod]] = {
        PeriodState.OPEN: [],
        PeriodState.SCHEDULED: [],
        PeriodState.CLOSED: [],
        PeriodState.CANCELLED: [],
    }
    for period in db.session.scalars(periods):
        by_state[period.state(now)].append(period)
    closed = page_of(by_state[PeriodState.CLOSED], number=page_number())
    return render_template(
        "comments/period_list.html",
        by_state=by_state | {PeriodState.CLOSED: closed.rows},
        closed=closed,
        states=words.STATES,
    )


@bp.get("/periods/<slug>")
@public
def period(slug: str) -> ResponseReturnValue:
    """One period."""
    now = utcnow()
    found = queries.get_public_period(db.session, slug, now)
    zone = ZoneInfo(found.time_zone)
    today = now.astimezone(zone).date()
    offered = attached.offered_documents(found, now)
    return render_template(
        "comments/period.html",
        period=found,
        state=found.state(now),
        states=words.STATES,
        change_words=words.CHANGES,
        takes_late=found.takes_late(now),
        days_left=(found.closes_at.astimezone(zone).date() - today).days,
        days_to_wait=(found.opens_at.astimezone(zone).date() - today).days,
        phases=[
            {"name": localised(phase.title), "state": phase.state_on(today)} for phase in found.docket.phases
        ],
        documents=attached.documents_to_read(found, now),
        offered=offered,
        talk=talk_of(found.docket, [clause for each in offered for clause in each.clauses], now),
        posted=queries.number_of(db.session, found, CommentFilter(), now),
        form_word=new_form_key().word,
    )


@bp.get("/periods/<slug>/notice")
@public
def notice(slug: str) -> ResponseReturnValue:
    """The public notice of a period. A period of the time before there were notices has none."""
    now = utcnow()
    found = queries.get_public_period(db.session, slug, now)
    if not found.notice:
        raise NotFound(_l("This period has no public notice here."))
    return render_template(
        "comments/notice.html",
        period=found,
        state=found.state(now),
        states=words.STATES,
        change_words=words.CHANGES,
    )
