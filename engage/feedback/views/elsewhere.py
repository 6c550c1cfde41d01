"""What other rooms' pages show of forms: which can be answered, and where results are. Never a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import Flask, render_template

from engage.clock import utcnow
from engage.comments.models import CommentBatch, CommentPeriod
from engage.db.session import db
from engage.dockets.models import Docket
from engage.feedback import queries
from engage.feedback.models import FeedbackForm, FormStatus
from engage.meetings.models import Meeting
from engage.web.parts import add_part

SHOWN = 20
"""So many forms are named on another page; the list has all."""

_ORDER = (FormStatus.OPEN, FormStatus.SCHEDULED, FormStatus.CLOSED)


def init_app(app: Flask) -> None:
    """Hang what is said of forms into the pages of other rooms."""
    add_part(app, "docket", on_docket)
    add_part(app, "period", on_period)
    add_part(app, "meeting", on_meeting)
    add_part(app, "batch_entry", on_batch)


def on_docket(docket: Docket) -> str:
    """The forms of a docket, those that can be answered first."""
    return _rendered("feedback/_on_docket.html", queries.of_docket(utcnow(), docket.id))


def on_period(period: CommentPeriod) -> str:
    """The forms of its docket that can be answered beside writing a comment."""
    now = utcnow()
    shown = queries.of_docket(now, period.docket_id)
    found = [form for form in in_order(shown, now) if form.takes_answers(now)]
    return _filled("feedback/_on_period.html", found, now) if found else ""


def on_meeting(meeting: Meeting) -> str:
    """The forms about a meeting."""
    now = utcnow()
    found = in_order(queries.of_meeting(now, meeting.id), now)
    if not found:
        return ""
    return _filled(
        "feedback/_on_meeting.html",
        found,
        now,
        is_open=any(form.takes_answers(now) for form in found),
        is_over=meeting.is_done(now),
    )


def on_batch(batch: CommentBatch) -> str:
    """On the screen of a place that helps: the forms of its docket whose sheets it can type in."""
    now = utcnow()
    shown = queries.of_docket(now, batch.period.docket_id)
    found = [form for form in in_order(shown, now) if form.takes_answers(now)]
    return _filled("feedback/_on_batch.html", found, now) if found else ""


def in_order(forms: sa.Select[FeedbackForm], now: datetime) -> Sequence[FeedbackForm]:
    """The forms as other pages name them: open ones first, of each kind those that close last."""
    listed = db.session.scalars(forms.order_by(FeedbackForm.opens_at.desc(), FeedbackForm.id).limit(SHOWN))
    return sorted(listed.unique(), key=lambda form: _ORDER.index(form.status(now)))


def _rendered(template: str, forms: sa.Select[FeedbackForm]) -> str:
    now = utcnow()
    found = in_order(forms, now)
    return _filled(template, found, now) if found else ""


def _filled(template: str, forms: Iterable[FeedbackForm], now: datetime, **known: object) -> str:
    return render_template(template, forms=forms, now=now, **known)
