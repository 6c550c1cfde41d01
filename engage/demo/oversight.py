"""A city of the fictional county whose agreement was adopted, and what is on record of it since.

Loaded after the county, and apart from it: its comments are of other people on another matter.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.clock import from_wall_clock
from engage.comments.models import Comment, CommentPeriod, Position
from engage.comments.service import Intake, submit_comment
from engage.comments.service.submit import Submission
from engage.db.types import Localised
from engage.demo import reading
from engage.demo.reading import DATA, Calendar
from engage.demo.service import add_docket
from engage.dockets.models import Docket
from engage.meetings.models import Format, Meeting, MeetingKind
from engage.meetings.service import post_notice
from engage.moderation.service import post_comments
from engage.oversight import queries, service
from engage.oversight.figures import stretches_of
from engage.oversight.models import Indicator
from engage.oversight.service import EntryDraft
from engage.oversight.stretches import Stretch
from engage.web.locale import site_day, site_time_zone

FOLDER = "docket-carrow"
_DAY = timedelta(days=1)


def add_record(session: Session, now: datetime) -> Docket:
    """Add the docket, its two comment periods with their comments, its meetings and its record."""
    zone = site_time_zone()
    calendar = Calendar(site_day(now), zone)
    periods = {period.slug: period for period in add_docket(session, FOLDER, calendar)}
    docket = next(iter(periods.values())).docket
    content = reading.toml(f"{FOLDER}/record.toml")
    starts_on = _quarter_begins(site_day(now), content["begins_quarters_ago"])
    _add_comments(session, periods, now)
    for row in content["meetings"]:
        _add_meeting(session, docket, row, starts_on)
    service.add_standard_set(session, docket, starts_on)
    by_slug = {indicator.slug: indicator for indicator in queries.indicators(session, docket)}
    for row in content["indicators"]:
        _fill(session, docket, by_slug.pop(row["slug"]), row, now)
    # The drafts of the standard set that the city did not need.
    for indicator in by_slug.values():
        service.drop_indicator(session, indicator)
    return docket


def _quarter_begins(today: date, ago: int) -> date:
    """The first day of the quarter that began so many quarters before this one."""
    quarters = today.year * 4 + (today.month - 1) // 3 - ago
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)


def _add_comments(session: Session, periods: dict[str, CommentPeriod], now: datetime) -> None:
    lines = (DATA / FOLDER / "comments.jsonl").read_text("utf-8").split("\n")
    sent: list[Comment] = []
    for row in (json.loads(line) for line in lines if line):
        period = periods[row["period"]]
        sent.append(
            submit_comment(
                session,
                period=period,
                submission=Submission(body=row["text"], position=Position(row["position"])),
                intake=Intake(),
                client_token=f"demo-{row['key']}",
                now=period.opens_at + timedelta(days=row["day"], hours=1),
            )
        )
    moderator = _somebody(session, RoleName.MODERATOR)
    post_comments(session, sent, moderator, now)


def _add_meeting(session: Session, docket: Docket, row: dict[str, Any], starts_on: date) -> None:
    zone = site_time_zone()
    first = _quarter_begins(starts_on, -row["quarter"])
    begins = from_wall_clock(datetime.combine(first + row["day"] * _DAY, time(18, 30)), zone)
    published_at = begins - timedelta(days=21 if row["quarter"] == 1 else 9)
    meeting = Meeting(
        slug=f"carrow-steering-{row['quarter']}",
        docket_id=docket.id,
        kind=MeetingKind.STEERING_COMMITTEE,
        format=Format.IN_PERSON,
        title=row["title"],
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        time_zone=zone.key,
        place_name=Localised("Carrow City Hall", "Alcaldía de Carrow"),
        place_street="12 Depot Street, Carrow",
        submitted_at=published_at - _DAY,
        published_at=published_at,
        changed_at=published_at,
    )
    session.add(meeting)
    session.flush()
    post_notice(session, meeting, actor=_somebody(session, RoleName.CLERK), now=published_at)


def _fill(session: Session, docket: Docket, indicator: Indicator, row: dict[str, Any], now: datetime) -> None:
    """Publish an indicator as its agreement began, and its figures as they came in."""
    service.publish_indicator(session, indicator, _morning(indicator.starts_on))
    for place, given in enumerate(row["entries"]):
        if (method := row.get("method")) and method["stretch"] == place:
            _new_method(session, indicator, method, now)
        stretch = stretches_of(indicator, site_day(now))[place]
        draft = _draft(session, docket, indicator, stretch, given, now)
        _publish(session, indicator, stretch, draft, min(stretch.last_on + 30 * _DAY, site_day(now)))
    for correction in row.get("corrections", []):
        stretch = stretches_of(indicator, site_day(now))[correction["stretch"]]
        note = Localised(correction["en"], correction["es"])
        draft = _counted(indicator, correction["parts"], note)
        _publish(session, indicator, stretch, draft, stretch.last_on + 75 * _DAY)


def _new_method(session: Session, indicator: Indicator, row: dict[str, Any], now: datetime) -> None:
    first_on = stretches_of(indicator, site_day(now))[row["stretch"]].first_on
    service.add_method(session, indicator, Localised(row["en"], row["es"]), first_on)


def _draft(
    session: Session, docket: Docket, indicator: Indicator, stretch: Stretch, given: Any, now: datetime
) -> EntryDraft:
    if given == "meetings":
        held = queries.meetings_in(session, docket, [stretch], now).get(stretch, [])
        return EntryDraft(100 * len(held), note=service.MEETINGS_NOTE)
    if isinstance(given, str):
        return EntryDraft(None, note=Localised(*given.split("|")))
    if isinstance(given, int):
        return EntryDraft(100 * given)
    return _counted(indicator, given, Localised())


def _counted(indicator: Indicator, parts: list[int], note: Localised) -> EntryDraft:
    keys = [category.key for category in indicator.categories]
    return EntryDraft(None, {key: 100 * part for key, part in zip(keys, parts, strict=True)}, note)


def _publish(session: Session, indicator: Indicator, stretch: Stretch, draft: EntryDraft, day: date) -> None:
    service.publish_entry(session, indicator, stretch, draft, _morning(day))


def _morning(day: date) -> datetime:
    return from_wall_clock(datetime.combine(day, time(9)), site_time_zone())


def _somebody(session: Session, role: RoleName) -> User:
    """Whoever of the staff has this role."""
    wanted = sa.select(User).where(User.roles.any(Role.name == role)).order_by(User.id)
    return session.scalars(wanted.limit(1)).one()
