"""The comments behind a number of a published report: the same list for ever."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words
from engage.comments.filters import BadFilter, CommentFilter
from engage.comments.models import Comment
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.errors import NotFound
from engage.reports.frozen import read, store
from engage.reports.gather import Words
from engage.reports.page import ReportPage
from engage.reports.views.blueprint import bp
from engage.web.forms import clean_text
from engage.web.paging import page_number


@bp.get("/reports/<slug>/<int:number>/comments")
@public
def frozen_comments(slug: str, number: int) -> ResponseReturnValue:
    """The comments that the arguments of the address ask for, as they were counted in this version."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    row = store.get_version(db.session, period, number)
    # The list shows no quotes: no word is looked for.
    report = ReportPage(read.report_of(db.session, row), Words(), version=read.about(db.session, row))
    try:
        criteria = CommentFilter.from_args(request.args)
        if "language" in request.args:
            # In our own links this argument is the page's language; here somebody means the comments'.
            arguments = cast("Any", criteria.arguments)
            return redirect(url_for("reports.frozen_comments", slug=slug, number=number, **arguments))
        found = read.frozen_list(db.session, row, report, criteria, number=page_number(), now=now)
    except BadFilter as error:
        raise _no_such_list(error) from None
    return render_template(
        "reports/frozen_comments.html",
        period=period,
        row=row,
        report=report,
        page=found.page,
        groups=_alike(found.page.rows),
        conditions=found.conditions,
        is_told=found.is_told,
        criteria=criteria,
        words=words,
    )


@bp.get("/reports/<slug>/<int:number>/comments.csv")
@public
def frozen_numbers(slug: str, number: int) -> Response:
    """The tracking numbers of the same list, as far as everybody may read the comments now."""
    period = get_public_period(db.session, slug, utcnow())
    row = store.get_version(db.session, period, number)
    report = read.report_of(db.session, row)
    try:
        criteria = CommentFilter.from_args(request.args)
        numbers, gone = read.tracking_numbers(db.session, row, report, criteria)
    except BadFilter as error:
        raise _no_such_list(error) from None
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["tracking_number"])
    writer.writerows([tracking_number] for tracking_number in numbers)
    writer.writerow([f"# not public any more: {gone}"])
    response = Response("\ufeff" + buffer.getvalue(), mimetype="text/csv")
    name = f"{period.slug}-report-{row.number}-comments.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _alike(rows: Sequence[read.Listed]) -> list[tuple[read.Listed, list[Comment]]]:
    """The comments of one page of the list, those with the same words as one: the first, and the others.

    One with files of its own stands by itself.
    """
    groups: list[tuple[read.Listed, list[Comment]]] = []
    places: dict[str, int] = {}
    for row in rows:
        comment = row.comment
        if comment is None or any(file.is_posted for file in comment.attachments):
            groups.append((row, []))
        elif comment.body in places:
            groups[places[comment.body]][1].append(comment)
        else:
            places[comment.body] = len(groups)
            groups.append((row, []))
    return groups


def _no_such_list(error: BadFilter) -> NotFound:
    return NotFound(
        _l(
            "The comments cannot be narrowed down by “%(argument)s” like this.",
            argument=clean_text(str(error)[:60]),
        )
    )
