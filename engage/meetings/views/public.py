"""What everybody sees of meetings: the list, and each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from engage.accounts.access import public
from engage.clock import from_wall_clock, utcnow
from engage.db.session import db
from engage.meetings import changed, listing, queries, when, words
from engage.meetings.find_form import FindForm
from engage.meetings.models import Meeting
from engage.meetings.views import after, agenda, calendars, notice, register, series, speakers, written
from engage.meetings.views.blueprint import bp
from engage.web.locale import site_time_zone
from engage.web.paging import PAGE_SIZE, page_number
from engage.web.parts import parts

SECTIONS = (register, speakers, written, agenda, after, calendars, notice, series)
"""The parts of a meeting's page below its facts, in this order."""

_WAYS = (
    ("register", _l("Register")),
    ("speak", _l("Sign up to speak")),
    ("write", _l("Write a comment")),
    ("agenda", _l("Read the agenda")),
    ("feedback", _l("Tell us how it was")),
    ("after", _l("Minutes, recordings and decisions")),
    ("follow", _l("Be told of changes")),
    ("calendar", _l("Put it into your calendar")),
    ("notice", _l("Check when it was announced")),
)
"""What can be done on a meeting's page: the id of the section where, and what to call it."""


@dataclass(frozen=True, slots=True)
class Day:
    """What stands on one day."""

    day: date
    occasions: list[listing.Occasion]


@bp.get("/meetings")
@public
def meeting_list() -> ResponseReturnValue:
    """The meetings that are to come, and those that were."""
    now = utcnow()
    criteria = listing.Criteria.of(request.args)
    since, number = start_of_today(now), page_number()
    today = now.astimezone(site_time_zone()).date()
    next_ones, is_more = listing.to_come(db.session, criteria, since, now) if number == 1 else ([], False)
    page = listing.past(db.session, criteria, since, now, number=number, size=PAGE_SIZE)
    return render_template(
        "meetings/meeting_list.html",
        form=FindForm(criteria, listing.dockets_with_meetings(db.session, now)),
        criteria=criteria,
        days=_by_day(next_ones),
        is_more=is_more,
        page=page,
        past_days=_by_day(page.rows),
        today=today,
        first_month=max(today, listing.next_day(db.session, since, now) or today),
        now=now,
        when=when,
        words=words,
    )


@bp.get("/meetings/<slug>")
@public
def meeting(slug: str) -> ResponseReturnValue:
    """One meeting: when, where, how to take part, and what became of it."""
    now = utcnow()
    found = queries.get_public_meeting(db.session, slug, now)
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.section(found, now)) for part in SECTIONS]  # noqa: S704
    sections.append(parts("meeting", meeting=found))
    return render_template(
        "meetings/meeting.html",
        meeting=found,
        sections=sections,
        ways=_ways(found, sections, now),
        changes=changed.change_lines(found),
        moved=changed.moved_lines(found, now),
        reason=listing.latest_reason(found),
        now=now,
        when=when,
        words=words,
    )


def _by_day(occasions: Sequence[listing.Occasion]) -> list[Day]:
    return [Day(day, list(found)) for day, found in groupby(occasions, key=lambda one: one.day)]


def start_of_today(now: datetime) -> datetime:
    """The first instant of today in the place of this site."""
    zone = site_time_zone()
    return from_wall_clock(datetime.combine(now.astimezone(zone).date(), time()), zone)


def _ways(found: Meeting, sections: list[Markup], now: datetime) -> list[tuple[str, object]]:
    """What can be done on this page now: only what has a section, and only as long as it is not too late."""
    is_closed = {
        "register": not found.takes_registrations_at(now),
        "speak": not found.takes_speakers_at(now),
        "write": not found.takes_written_at(now),
    }
    whole = "".join(sections)
    called = dict(_WAYS) | ({"follow": _l("Be told what is new")} if found.is_done(now) else {})
    return [
        (name, label) for name, label in called.items() if f'id="{name}"' in whole and not is_closed.get(name)
    ]
