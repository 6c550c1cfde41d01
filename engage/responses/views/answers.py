"""You said, we did: every concern of a period and what the county answers, also where it does not."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.filters import UNSTATED
from engage.comments.models import Position
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.errors import NotFound
from engage.responses import files, queries, words
from engage.responses.queries import Line
from engage.responses.views.blueprint import bp
from engage.responses.views.listed import page_at

POSITIONS = (*Position, UNSTATED)
"""In the order in which every page of the site names them."""

SIDES = (Position.SUPPORT, Position.OPPOSE)
"""Always named, also where nobody took one: a page that names one side only would look partial."""


@bp.get("/periods/<slug>/answers")
@public
def answers(slug: str) -> ResponseReturnValue:
    """The concerns, the most frequent first; the argument ``state`` narrows them down."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    lines, today = queries.lines(db.session, period, now), queries.today_of(period, now)
    wanted = request.args.get("state", "")
    if wanted and wanted not in words.FILTERS:
        raise NotFound(_l("Answers cannot be narrowed down like this."))
    found = [line for line in lines if _is_wanted(line, wanted, today)]
    return render_template(
        "responses/answers.html",
        period=period,
        page=page_at(found, lambda line: line.concern),
        standing=queries.standing_of_answers(lines, today),
        wanted=wanted,
        today=today,
        positions_of=positions_of,
        words=words,
        comment_words=comment_words,
    )


@bp.get("/periods/<slug>/answers.json")
@public
def answers_json(slug: str) -> Response:
    """The same for programs."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    lines = queries.lines(db.session, period, now)
    content = files.answers_json(period, lines, queries.today_of(period, now))
    return unless_known(Response(content, mimetype="application/json"))


@bp.get("/periods/<slug>/answers.csv")
@public
def answers_csv(slug: str) -> Response:
    """The same for a spreadsheet."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    lines = queries.lines(db.session, period, now)
    content = files.answers_csv(period, lines, queries.today_of(period, now))
    return unless_known(files.as_csv(content, f"{period.slug}-answers.csv"))


def positions_of(line: Line) -> list[tuple[str, int]]:
    """The declared positions of the comments that raise a concern: both sides, and others that there are."""
    found = line.raised.positions
    return [(name, found.get(name, 0)) for name in POSITIONS if name in SIDES or found.get(name)]


def unless_known(response: Response) -> Response:
    """Send nothing to a program that has this very file already."""
    response.add_etag()
    response.make_conditional(request)
    return response


def _is_wanted(line: Line, wanted: str, today: date) -> bool:
    if wanted == words.OVERDUE:
        return line.told.overdue_days(today) > 0
    return not wanted or words.state_of(line.told.state) == wanted
