"""The neutrality page: outcomes by position, concern and language for everybody, with a plain test."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open, public
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.filters import UNMEASURED
from engage.comments.models import Comment, CommentPeriod
from engage.comments.queries import get_public_period, public_periods
from engage.db.session import db
from engage.moderation import chain, queries
from engage.moderation import neutrality as audits
from engage.moderation.evenness import FEWEST, LEVEL, TIMES, Comparison
from engage.moderation.forms import LogFilterForm
from engage.moderation.neutrality import (
    CONCERN,
    LANGUAGE,
    LONG_DAYS,
    NOT_POSTED,
    POSITION,
    SMALLER,
    Audit,
    Outcome,
)
from engage.moderation.small_cells import K
from engage.moderation.views.blueprint import bp

# Counting reads every comment, and everybody may ask: so each state is counted once a process.
_MOST_COUNTED = 100
_counted: dict[tuple[Any, ...], Audit] = {}

_COLUMNS = (
    "group_by", "group", "received", "posted", "not_posted", "waiting", "median_days_waiting", "hidden"
)  # fmt: skip

DIMENSIONS = {
    POSITION: _l("Declared position"),
    LANGUAGE: _l("Language"),
    CONCERN: _l("Concern"),
}


@bp.get("/moderation/neutrality")
@public
def neutrality() -> ResponseReturnValue:
    """What became of comments by position, concern and language, and whether that is even."""
    now = utcnow()
    period = _period(now)
    audit = _audit(period, now)
    return render_template(
        "moderation/neutrality.html",
        period=period,
        audit=audit,
        dimensions=DIMENSIONS,
        label=lambda dimension, key: _label(dimension, key, period),
        sentences=[_sentence(audit, one, period) for one in audit.warnings],
        filter_form=LogFilterForm(list(db.session.scalars(public_periods(now))), period),
        rule={"k": K, "fewest": FEWEST, "level": LEVEL, "times": TIMES, "days": LONG_DAYS},
        comment_words=comment_words,
    )


@bp.get("/moderation/neutrality.csv")
@public
def neutrality_csv() -> Response:
    """The same tables for a spreadsheet. What is not shown is empty here too, and named in the last column.

    Of what is not posted or waits, that is; posted comments can be counted by anybody.
    """
    now = utcnow()
    response = Response("".join(_csv(_audit(_period(now), now))), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="neutrality.csv"'
    return response


def on_staff_home() -> str:
    """An alarm for those who decide, where outcomes are lopsided."""
    if not may_open("moderation.queue"):
        return ""
    audit = _audit(None, utcnow())
    sentences = [_sentence(audit, one, None) for one in audit.warnings]
    return render_template("moderation/_lopsided.html", sentences=sentences) if sentences else ""


def _period(now: datetime) -> CommentPeriod | None:
    slug = request.args.get("period")
    return get_public_period(db.session, slug, now) if slug else None


def _audit(period: CommentPeriod | None, now: datetime) -> Audit:
    """Counted again after a decision, an arrival or a measurement, and each day: days of waiting grow."""
    ids = [period.id] if period else queries.public_period_ids(db.session, now)
    zone = ZoneInfo(period.time_zone) if period else current_app.config["ENGAGE_SETTINGS"].site_time_zone
    today = now.astimezone(zone).date()
    waiting = sum(line.count for line in queries.count_waiting(db.session))
    unmeasured = db.session.scalar(sa.select(sa.func.count()).where(Comment.analysis_due))
    key = (chain.head(db.session), waiting, unmeasured, tuple(ids), today)
    if key not in _counted:
        if len(_counted) >= _MOST_COUNTED:
            _counted.clear()
        _counted[key] = audits.audit(audits.read(db.session, ids), today)
    return _counted[key]


def _label(dimension: str, key: str, period: CommentPeriod | None) -> str:
    if key == SMALLER:
        return str(_("Groups of fewer than %(k)s each, together", k=K))
    if dimension == POSITION:
        return str(comment_words.POSITIONS[key])
    if dimension == LANGUAGE:
        return str(_("Not measured yet")) if key == UNMEASURED else comment_words.language_name(key)
    return comment_words.concern_name(key, period.docket if period else None)


def _sentence(audit: Audit, one: Comparison, period: CommentPeriod | None) -> str:
    """A warning in words, without a verdict. Where a count is hidden, so is how large the difference is."""
    told: dict[str, Any] = {
        "dimension": str(DIMENSIONS[one.dimension]),
        "group": _label(one.dimension, one.group, period),
        "others": _label(one.dimension, one.against, period) if one.against else _("all others"),
        "times": _times(audit, one),
    }
    if one.outcome == NOT_POSTED:
        return str(_("%(dimension)s “%(group)s”: not posted %(times)s “%(others)s”.", **told))
    return str(_("%(dimension)s “%(group)s”: still waiting after a week %(times)s “%(others)s”.", **told))


def _times(audit: Audit, one: Comparison) -> str:
    if audits.is_hidden(audit.tables, one) or math.isinf(one.ratio):
        return str(_("much more often than") if one.is_more else _("much less often than"))
    return str(_("%(ratio)s times as often as", ratio=f"{one.ratio:.1f}"))


def _csv(audit: Audit) -> Iterator[str]:
    """All from closed lists and numbers: no cell can begin a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerow(("all", "all", audit.received, audit.posted, audit.not_posted, audit.waiting, "", ""))
    for table in audit.tables:
        for row in table.rows:
            counts = (row.received, row.posted, row.not_posted, row.waiting, row.waiting_days)
            told = ("" if count is None else count for count in counts)
            writer.writerow((table.dimension, row.key, *told, " ".join(_hidden(row))))
    for reason in audit.reasons:
        for position, count in zip(audit.reason_columns, reason.counts, strict=True):
            writer.writerow((f"not_posted:{reason.reason}", position, "", "", count, "", "", ""))
    yield buffer.getvalue()


def _hidden(row: Outcome) -> Iterator[str]:
    """The columns that are empty because too few people are behind them, and not because there is nothing."""
    for name in ("received", "not_posted", "waiting"):
        if getattr(row, name) is None:
            yield name
    if row.waiting_days is None and row.waiting != 0:
        yield "median_days_waiting"
