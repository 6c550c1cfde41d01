"""A comment period in which everything that a report tells has happened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import (
    Channel,
    Comment,
    CommentAnalysis,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.dockets.models import District
from engage.jobs.queue import run_once
from engage.worker import HANDLERS
from tests.support import makers
from tests.support.kept import made_once

TEXTS = (
    "I support this. It keeps our streets safe from gangs and repeat offenders.",
    "This is terrible. Families will be separated and people will be afraid to call 911.",
    "Me opongo: va a separar familias y costará mucho dinero en horas extra.",
    "This is not about racial profiling. Enforce the law.",
    "Who pays for the training? How many hours is it?",
    "Je ne sais pas encore ce que je pense de cet accord avec le gouvernement fédéral.",
    "=SUM(A1:A9) is a lovely formula, <script>alert(1)</script> and a wonderful idea",
    "xyzzy",
)
PEOPLE = (
    (None, None),
    ("Ana López", None),
    ("ana lopez", None),
    ("Ana López", "Faith Alliance"),
    (None, "Shop"),
)
POSITIONS = (None, *Position)


def busy_period(session: Session, **options: Any) -> CommentPeriod:
    """The period of `busy_rows`, analysed and counted: some comments by an older analyser, some not yet."""

    def make() -> int:
        period = busy_rows(session, **options)
        session.commit()
        run_once(HANDLERS)
        _measure_otherwise(session, period)
        return period.id

    made = made_once(session, ("busy period", *sorted(options.items())), make)
    return session.get_one(CommentPeriod, made)


def busy_rows(
    session: Session,
    *,
    comments: int = 48,
    swapped: bool = False,
    every: timedelta = timedelta(days=1),
) -> CommentPeriod:
    """A period with comments of every kind, not committed; with support and oppose ``swapped``."""
    period = makers.comment_period(session)
    places = list(session.scalars(sa.select(District).order_by(District.position)))
    if not places:
        places = [
            District(code=f"d{number}", name=makers.both(f"District {number}"), position=number)
            for number in range(4)
        ]
        session.add_all(places)
        session.flush()
    for number in range(comments):
        name, organisation = PEOPLE[number % 5]
        own_words = "" if number % 3 else f" In my words, number {number}."
        makers.comment(
            session,
            period,
            body=TEXTS[number % 8] + own_words,
            position=_swap(POSITIONS[number % 6 if number % 4 else number % 3], swapped=swapped),
            name=name,
            organisation=organisation,
            district=None if number % 7 == 0 else places[number % 3],
            channel=list(Channel)[number % 4],
            received_on=date(2026, 9, 28) + every * (number % 9),
            on_time=number % 10 != 9,
        )
    for number, reason in enumerate((*ModerationReason, ModerationReason.SPAM)):
        makers.comment(
            session,
            period,
            body=f"Hidden {number}",
            disposition=Disposition.RESTRICTED,
            restriction_reason=reason,
        )
    for number in range(3):
        makers.comment(session, period, body=f"Waits {number}", disposition=Disposition.RECEIVED)
    makers.comment(
        session, period, body="", body_digest="", disposition=Disposition.WITHDRAWN, analysis_due=False
    )
    return period


def _swap(position: Position | None, *, swapped: bool) -> Position | None:
    exchanged = {Position.SUPPORT: Position.OPPOSE, Position.OPPOSE: Position.SUPPORT}
    return exchanged.get(position, position) if swapped and position else position


def _measure_otherwise(session: Session, period: CommentPeriod) -> None:
    """Some comments were measured by an older analyser, and some wait to be measured."""
    session.expire_all()
    posted = session.scalars(
        sa.select(Comment)
        .where(Comment.period_id == period.id, Comment.disposition == Disposition.POSTED)
        .order_by(Comment.body, Comment.received_on)
    ).all()
    for comment in posted[::11]:
        comment.analysis = None
        comment.mark_changed()
    for comment in posted[1::11]:
        assert isinstance(comment.analysis, CommentAnalysis)
        comment.analysis.analyser_version = "0+older"
        comment.mark_changed()
    session.commit()
    run_once({"count": HANDLERS["count_comments"]})
