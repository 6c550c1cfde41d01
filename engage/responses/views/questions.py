"""The fact desk: what comments ask, and what the county answers, with where it is from."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.db.session import db
from engage.dockets.queries import get_public_docket
from engage.responses import question_queries, words
from engage.responses.views.blueprint import bp
from engage.responses.views.listed import page_at
from engage.web.locale import site_day
from engage.web.paging import page_number, paginate

NUMBER = "<int(max=2147483647):number>"


@bp.get("/dockets/<slug>/questions")
@public
def questions(slug: str) -> ResponseReturnValue:
    """The questions of a docket, overdue ones first."""
    now = utcnow()
    docket, today = get_public_docket(db.session, slug, now), site_day(now)
    asked = question_queries.uncounted(db.session, docket, now)
    page = page_at(question_queries.in_order(asked, today), lambda one: one.question.id)
    return render_template(
        "responses/questions.html",
        docket=docket,
        page=replace(page, rows=question_queries.counted(db.session, page.rows, now)),
        answered=sum(one.is_answered(now) for one in asked),
        today=today,
        now=now,
        words=words,
    )


@bp.get(f"/dockets/<slug>/questions/{NUMBER}/comments")
@public
def question_comments(slug: str, number: int) -> ResponseReturnValue:
    """The posted comments that ask a question."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    question = question_queries.get_public_question(db.session, docket, number, now)
    return render_template(
        "responses/question_comments.html",
        docket=docket,
        question=question,
        page=paginate(db.session, question_queries.comments_asking(question, now), number=page_number()),
        words=comment_words,
    )
