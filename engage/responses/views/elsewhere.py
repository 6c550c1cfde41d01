"""What other rooms' pages show of answers, promises and questions; and what is due, for those who answer."""

from __future__ import annotations

from flask import Flask, render_template

from engage.accounts.access import may_open, signed_in_user
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.comments.words import concern_name
from engage.db.session import db
from engage.dockets.models import Docket, DocketPhase, PhaseKind
from engage.responses import queries, question_queries, staff_queries, words
from engage.responses.access import may_write
from engage.web.locale import site_day
from engage.web.parts import add_part

_NAMED = 10
"""So many of what is due are named where the staff begin, and of promises on the page of a phase."""


def init_app(app: Flask) -> None:
    """Hang what is said of answers into the pages of other rooms."""
    add_part(app, "period_told", on_period)
    add_part(app, "report_to_publish", on_report_to_publish)
    add_part(app, "docket_told", on_docket)
    add_part(app, "phase", on_phase)
    add_part(app, "comment", on_comment)
    add_part(app, "receipt", on_receipt)
    add_part(app, "staff_period", on_staff_period)
    add_part(app, "staff_docket", on_staff_docket)
    add_part(app, "staff_due", on_staff_home)


def on_period(period: CommentPeriod) -> str:
    """How many concerns of a period are answered, and how many answers are overdue."""
    now = utcnow()
    standing = queries.standing_of_answers(
        queries.lines(db.session, period, now), queries.today_of(period, now)
    )
    if not standing.total:
        return ""
    return render_template("responses/_on_period.html", period=period, standing=standing)


def on_report_to_publish(period: CommentPeriod) -> str:
    """How many answers are published, and how many are ready and would not be in the report."""
    now = utcnow()
    lines = staff_queries.staff_lines(db.session, period, now)
    today = queries.today_of(period, now)
    concerns = [line for line in lines if line.line.is_concern]
    found = [stage for line in lines for stage in line.stages(today)]
    return render_template(
        "responses/_on_report_to_publish.html",
        period=period,
        total=len(concerns),
        published=sum(line.line.told.state is not None for line in concerns),
        ready=found.count(staff_queries.Stage.READY),
        overdue=found.count(staff_queries.Stage.OVERDUE),
        may_open=may_open("responses.staff_answers"),
    )


def on_docket(docket: Docket) -> str:
    """How many promises are made, kept and overdue, and how many questions are answered."""
    now = utcnow()
    today = site_day(now)
    standing = queries.standing_of_promises(queries.commitments(db.session, docket.id, now), today)
    asked = question_queries.uncounted(db.session, docket, now)
    if not standing.total and not asked:
        return ""
    return render_template(
        "responses/_on_docket.html",
        docket=docket,
        standing=standing,
        asked=len(asked),
        answered=sum(one.is_answered(now) for one in asked),
        late=sum(one.overdue_days(today) > 0 for one in asked),
    )


def on_phase(docket: Docket, phase: DocketPhase) -> str:
    """What was promised and how far it is, where a docket is put into practice: overdue ones first."""
    if phase.kind is not PhaseKind.TRAIN_AND_IMPLEMENT:
        return ""
    now = utcnow()
    promises = queries.commitments(db.session, docket.id, now)
    if not promises:
        return ""
    today = site_day(now)
    return render_template(
        "responses/_on_phase.html",
        docket=docket,
        promises=queries.ordered(promises, today)[:_NAMED],
        today=today,
        words=words,
    )


def on_comment(comment: Comment) -> str:
    """The county's answers to what a posted comment raises and asks."""
    now = utcnow()
    answers = queries.answers_to(db.session, comment, now)
    questions = question_queries.asked_by(db.session, comment, now)
    if not answers and not questions:
        return ""
    return render_template(
        "responses/_on_comment.html",
        period=comment.period,
        answers=answers,
        questions=questions,
        now=now,
        words=words,
        concern_name=concern_name,
    )


def on_receipt(comment: Comment, **_known: object) -> str:
    """The same on its receipt: it is public, so whoever has the number may know it."""
    return on_comment(comment)


def on_staff_period(period: CommentPeriod) -> str:
    """The way to where answers are written."""
    return _link("responses/_on_staff_period.html", period=period)


def on_staff_docket(docket: Docket) -> str:
    """The way to where promises and questions are written."""
    return _link("responses/_on_staff_docket.html", docket=docket)


def on_staff_home() -> str:
    """What is due within a week and what is overdue, for those who answer for the county."""
    if not may_write(signed_in_user()):
        return ""
    due = staff_queries.due(db.session, utcnow())
    if not due:
        return ""
    return render_template(
        "responses/_on_staff_home.html",
        due=due[:_NAMED],
        total=len(due),
        words=words,
        concern_name=concern_name,
    )


def _link(template: str, **known: object) -> str:
    return render_template(template, **known) if may_open("responses.staff_overview") else ""
