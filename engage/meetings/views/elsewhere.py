"""The meetings of a docket and of a comment period, on their own pages."""

from __future__ import annotations

from flask import render_template

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.db.session import db
from engage.dockets.models import Docket
from engage.meetings import queries, when, words

SHOWN_PAST = 5
"""So many of those that are over are named; the list has all."""


def on_docket(docket: Docket) -> str:
    """Its meetings, those to come first."""
    now = utcnow()
    next_ones, past = queries.next_and_past(
        db.session, queries.of_docket(now, docket.id), now, past=SHOWN_PAST
    )
    return render_template(
        "meetings/_on_docket.html",
        docket=docket,
        next_ones=next_ones,
        past=past,
        now=now,
        when=when,
        words=words,
    )


def on_period(period: CommentPeriod) -> str:
    """The meetings whose comments belong to it; nothing where there are none."""
    now = utcnow()
    next_ones, past = queries.next_and_past(
        db.session, queries.of_period(now, period.id), now, past=SHOWN_PAST
    )
    if not next_ones and not past:
        return ""
    return render_template(
        "meetings/_on_period.html", next_ones=next_ones, past=past, now=now, when=when, words=words
    )
