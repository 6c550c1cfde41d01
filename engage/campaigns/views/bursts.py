"""Bursts and floods, pointed out to staff. No machine acts on them; a person looks and writes a note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import may_open, requires, signed_in_user
from engage.accounts.models import RoleName
from engage.campaigns import days, words
from engage.campaigns.bursts import ENOUGH_DAYS, FEWEST, FEWEST_FLAGGED, TIMES, Burst
from engage.campaigns.days import Warnings
from engage.campaigns.forms import DismissForm
from engage.campaigns.models import BurstKind
from engage.campaigns.service.bursts import dismiss_burst
from engage.campaigns.views.blueprint import bp
from engage.clock import utcnow
from engage.comments.filters import CommentFilter
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_period
from engage.db.session import db
from engage.errors import NotAllowed, NotFound

WATCHERS = (RoleName.ADMINISTRATOR, RoleName.CLERK, RoleName.MODERATOR)


@bp.get("/staff/bursts")
@requires(*WATCHERS)
def bursts() -> ResponseReturnValue:
    """What was unusual in the periods of these weeks."""
    return _page(DismissForm(formdata=None)), 200


@bp.post("/staff/bursts")
@requires(*WATCHERS)
def dismiss_warning() -> ResponseReturnValue:
    """Take a warning from the list, with a note."""
    form = DismissForm()
    actor = signed_in_user()
    if actor is None:
        raise NotAllowed(_("Your account may not open this page."))
    if not form.validate():
        return _page(form), form.status
    now = utcnow()
    period = get_period(db.session, form.period.data)
    burst = days.find_burst(
        db.session,
        period,
        kind=BurstKind(form.kind.data),
        day=form.day.data,
        subject_id=form.subject_id.data,
        now=now,
    )
    if burst is None:
        raise NotFound(_("There is no such warning any more."))
    dismiss_burst(db.session, period, burst, note=form.note.data, actor=actor, now=now)
    flash(_("Your note is kept, and the warning is off the list."), "success")
    return redirect(url_for("campaigns.bursts"), 303)


def on_staff_home() -> str:
    """How many warnings wait to be looked into."""
    if not may_open("campaigns.bursts"):
        return ""
    now = utcnow()
    count = sum(len(days.warnings(db.session, period, now).open) for period in days.watched(db.session, now))
    return render_template("campaigns/_on_staff_home.html", count=count) if count else ""


def _page(form: DismissForm) -> str:
    now = utcnow()
    found = [days.warnings(db.session, period, now) for period in days.watched(db.session, now)]
    every = [burst for warnings in found for burst in _all(warnings)]
    texts = days.text_filters(db.session, every)
    return render_template(
        "campaigns/bursts.html",
        found=found,
        form=form,
        is_sent=request.method == "POST",
        name_of=_name,
        address_of=lambda period, burst: _address(period, burst, texts),
        words=words,
        rule={"fewest": FEWEST, "flagged": FEWEST_FLAGGED, "times": TIMES, "days": ENOUGH_DAYS},
    )


def _all(warnings: Warnings) -> list[Burst]:
    return [*warnings.open, *(burst for burst, _noted in warnings.dismissed)]


def _name(period: CommentPeriod, burst: Burst) -> str:
    """What tells one warning from the others on the page; usable as an id."""
    return f"{period.id}-{burst.kind}-{burst.day}-{burst.subject_id}".replace("_", "-")


def _address(period: CommentPeriod, burst: Burst, texts: Any) -> str | None:
    """Where a moderator reads the comments that a warning counts; None for others."""
    if not may_open("moderation.comments"):
        return None
    criteria = CommentFilter(day=burst.day)
    if burst.kind is BurstKind.LETTER_IN_A_DAY:
        criteria = CommentFilter(day=burst.day, campaign=burst.subject_id)
    elif burst.kind is BurstKind.UNNAMED_COPIES:
        criteria = CommentFilter(day=burst.day, text=texts.get(burst.subject_id), named=False)
    return url_for("moderation.comments", period=period.slug, **criteria.arguments)  # type: ignore[arg-type]
