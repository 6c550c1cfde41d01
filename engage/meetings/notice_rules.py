"""By which rule a meeting's notice is judged: its docket's own, else the site's default for its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import NoSuchTime, from_wall_clock, to_wall_clock
from engage.db.types import Localised
from engage.meetings.models import Meeting, MeetingKind, NoticeRule, NoticeUnit

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long before a meeting its notice, and its agenda if ``needs_agenda``, must be posted.

    ``basis`` says who asks for that, ``is_law`` whether a law names the figure of a default; ``is_own`` is
    True for what a docket chose itself.
    """

    amount: int
    unit: NoticeUnit
    basis: Localised
    needs_agenda: bool
    is_law: bool
    is_own: bool = False

    def due_at(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        """The last instant at which a posting is in time."""
        return _before(starts_at, self.amount, self.unit, zone)

    def lead(self, posted_at: datetime, starts_at: datetime, zone: ZoneInfo) -> int:
        """How long before the start something was posted: whole units of this rule, rounded down."""
        if self.unit is NoticeUnit.HOURS:
            return hours_between(posted_at, starts_at)
        return days_between(posted_at, starts_at, zone)


def hours_between(posted_at: datetime, starts_at: datetime) -> int:
    """Real hours, rounded down: a clock that was set forward or back between counts for nothing."""
    return (starts_at - posted_at) // _HOUR


def days_between(posted_at: datetime, starts_at: datetime, zone: ZoneInfo) -> int:
    """Days of the calendar at the place's clock, rounded down: the most that a posting was still in time
    for."""
    days = (to_wall_clock(starts_at, zone) - to_wall_clock(posted_at, zone)) // timedelta(days=1)
    # Only where a clock is set just then can the walls tell another number than the instants.
    while posted_at > _before(starts_at, days, NoticeUnit.DAYS, zone):
        days -= 1
    while posted_at <= _before(starts_at, days + 1, NoticeUnit.DAYS, zone):
        days += 1
    return days


def default_rule(kind: MeetingKind) -> Rule:
    """The site's rule for a kind of meeting."""
    return _defaults()[kind]


def own_rules(session: Session, docket_ids: Iterable[int]) -> dict[tuple[int, MeetingKind], Rule]:
    """The rules that these dockets chose themselves, by docket and kind."""
    chosen = session.scalars(sa.select(NoticeRule).where(NoticeRule.docket_id.in_(set(docket_ids))))
    return {(row.docket_id, row.kind): _own(row) for row in chosen}


def rules_of(session: Session, docket_id: int | None) -> dict[MeetingKind, Rule]:
    """The rule for every kind of meeting on a docket, or on none."""
    own = own_rules(session, [docket_id]) if docket_id is not None else {}
    return {kind: own.get((docket_id or 0, kind), default_rule(kind)) for kind in MeetingKind}


def rule_for(session: Session, meeting: Meeting) -> Rule:
    """The rule that holds for this meeting at present."""
    return rules_of(session, meeting.docket_id)[meeting.kind]


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule as a posted notice says it."""
    return {
        "amount": rule.amount,
        "unit": rule.unit.value,
        "basis": {"en": rule.basis.en, "es": rule.basis.es},
        "needs_agenda": rule.needs_agenda,
        "is_law": rule.is_law,
        "is_own": rule.is_own,
    }


def from_json(said: dict[str, Any]) -> Rule:
    """The rule that a posted notice said."""
    return Rule(**said | {"unit": NoticeUnit(said["unit"]), "basis": Localised(**said["basis"])})


def _before(starts_at: datetime, amount: int, unit: NoticeUnit, zone: ZoneInfo) -> datetime:
    if unit is NoticeUnit.HOURS:
        return starts_at - amount * _HOUR
    return _shown_at(to_wall_clock(starts_at, zone) - timedelta(days=amount), zone)


def _shown_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock shows this; where clocks skip it, the hour before, so that nobody gets less than the
    days."""
    try:
        return from_wall_clock(wall, zone)
    except NoSuchTime:
        return _shown_at(wall - _HOUR, zone)


def _own(row: NoticeRule) -> Rule:
    needs_agenda = default_rule(row.kind).needs_agenda
    return Rule(row.amount, row.unit, row.basis, needs_agenda, is_law=False, is_own=True)


@cache
def _defaults() -> dict[MeetingKind, Rule]:
    text = (files("engage.meetings") / "data" / "notice_rules.toml").read_text("utf-8")
    return {MeetingKind(kind): from_json(said) for kind, said in tomllib.loads(text).items()}
