"""One month of meetings as a calendar."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import listing, when, words
from engage.meetings.listing import Occasion
from engage.meetings.views.blueprint import bp
from engage.web.locale import language, site_time_zone

YEARS = range(2000, 2100)
"""The years that have a page: a robot that follows “next month” comes to an end."""

_FIRST_WEEKDAY = {"en": 6, "es": 0}
"""Calendars here begin on Sunday, those of Spanish readers mostly on Monday."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the table. ``is_within``: of this month, and not of one beside it."""

    day: date
    is_within: bool
    is_today: bool
    occasions: list[Occasion] = field(default_factory=list)


@bp.get("/meetings/calendar/<int:year>/<int:month>")
@public
def calendar(year: int, month: int) -> ResponseReturnValue:
    """The meetings of a month, each on the days on which residents find it."""
    if year not in YEARS or not 1 <= month <= 12:
        abort(404)
    now = utcnow()
    first = date(year, month, 1)
    weeks = Calendar(_FIRST_WEEKDAY[language()]).monthdatescalendar(year, month)
    last = max(day for day in weeks[-1] if day.month == month)
    on_day: dict[date, list[Occasion]] = {}
    for occasion in listing.between(db.session, first, last, now):
        on_day.setdefault(occasion.day, []).append(occasion)
    today = now.astimezone(site_time_zone()).date()
    return render_template(
        "meetings/calendar.html",
        name=format_date(first, "MMMM y"),
        weeks=[
            [Cell(day, day.month == month, day == today, on_day.get(day, [])) for day in week]
            for week in weeks
        ],
        previous=_in_range(first - timedelta(days=1)),
        following=_in_range(last + timedelta(days=1)),
        today=today,
        is_this_month=(today.year, today.month) == (year, month),
        has_meetings=bool(on_day),
        now=now,
        when=when,
        words=words,
    )


def _in_range(day: date) -> date | None:
    return day if day.year in YEARS else None
