"""How long before a meeting its notice and agenda were posted, and whether that was in time.

What counts is the earliest version that announced the meeting as it stands, at this time and this place, and
that no later version contradicted. So a change of time or place begins a new lead, and a change of words does
not; but every change after the deadline is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from engage.meetings import notice_rules
from engage.meetings.models import Meeting, MeetingNotice, NoticeKind
from engage.meetings.notice_content import PLACE, place_of
from engage.meetings.notice_rules import Rule


class Verdict(StrEnum):
    """What the rule says of a meeting's notice or agenda at an instant."""

    IN_TIME = "in_time"
    SHORT = "short"
    """Posted, but later than the rule asks for."""
    OPEN = "open"
    """Not posted, and it would still be in time."""
    MISSING = "missing"
    """Not posted, and too late to be in time."""
    NOT_ASKED = "not_asked"
    """The rule asks for no agenda."""
    OFF = "off"
    """The meeting is cancelled, or postponed without a date: nothing is left to be in time for."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before a meeting something was posted.

    ``version`` is the one that the lead is counted from, None where nothing announces the meeting as it
    stands. ``now`` is the instant at which this was asked.
    """

    kind: NoticeKind
    rule: Rule
    version: MeetingNotice | None
    starts_at: datetime
    zone: ZoneInfo
    now: datetime
    is_off: bool = False

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted."""
        return self.version.posted_at if self.version else None

    @property
    def due_at(self) -> datetime:
        """The last instant at which it could be posted in time."""
        return self.rule.due_at(self.starts_at, self.zone)

    @property
    def hours(self) -> int | None:
        """Whole hours from the posting to the start, rounded down."""
        return notice_rules.hours_between(self.posted_at, self.starts_at) if self.posted_at else None

    @property
    def days(self) -> int | None:
        """Whole days of the calendar from the posting to the start, rounded down."""
        if self.posted_at is None:
            return None
        return notice_rules.days_between(self.posted_at, self.starts_at, self.zone)

    @property
    def amount(self) -> int | None:
        """The lead in the unit of its rule."""
        return self.rule.lead(self.posted_at, self.starts_at, self.zone) if self.posted_at else None

    @property
    def is_required(self) -> bool:
        """Whether the rule asks for it at all."""
        return self.kind is NoticeKind.NOTICE or self.rule.needs_agenda

    @property
    def verdict(self) -> Verdict:
        """What the rule says of it."""
        if self.is_off:
            return Verdict.OFF
        if not self.is_required:
            return Verdict.NOT_ASKED
        if self.posted_at is not None:
            return Verdict.IN_TIME if self.posted_at <= self.due_at else Verdict.SHORT
        return Verdict.OPEN if self.now <= self.due_at else Verdict.MISSING

    @property
    def is_short(self) -> bool:
        """Whether it came too late, or did not come and can no more come in time."""
        return self.verdict in (Verdict.SHORT, Verdict.MISSING)


@dataclass(frozen=True, slots=True)
class LateChange:
    """A version that followed another after the deadline. ``hours`` before the start; None: after it."""

    before: MeetingNotice
    after: MeetingNotice
    hours: int | None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """All that there is to say of a meeting's notice at an instant."""

    meeting: Meeting
    rule: Rule
    notice: Lead
    agenda: Lead
    late: Sequence[LateChange]

    @property
    def is_short(self) -> bool:
        """Whether notice or agenda came too late or is missing."""
        return self.notice.is_short or self.agenda.is_short

    @property
    def verdict(self) -> Verdict:
        """The worse of the two."""
        worst_first = (Verdict.OFF, Verdict.MISSING, Verdict.SHORT, Verdict.OPEN, Verdict.IN_TIME)
        found = {self.notice.verdict, self.agenda.verdict}
        return next(verdict for verdict in worst_first if verdict in found)


def lead(meeting: Meeting, kind: NoticeKind, now: datetime, rule: Rule | None = None) -> Lead:
    """The lead of a meeting's notice or agenda. Without ``rule`` the one that holds now is looked up.

    A notice says by which rule it was posted. That one is judged by, so that a rule which is changed
    afterwards makes nothing good, and nothing bad, that was posted before.
    """
    held = _held(meeting, NoticeKind.NOTICE)
    run = held if kind is NoticeKind.NOTICE else _held(meeting, kind)
    return Lead(
        kind=kind,
        rule=_rule_said(meeting, held) or rule or _rule_now(meeting),
        version=run[0] if run else None,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        now=now,
        is_off=meeting.cancelled_at is not None or meeting.postponed_at is not None,
    )


def record_of(meeting: Meeting, now: datetime, rule: Rule | None = None) -> NoticeRecord:
    """The leads of notice and agenda, and what was changed late. ``rule`` as in lead()."""
    rule = rule or _rule_now(meeting)
    notice, agenda = (lead(meeting, kind, now, rule) for kind in NoticeKind)
    return NoticeRecord(
        meeting=meeting,
        rule=notice.rule,
        notice=notice,
        agenda=agenda,
        late=[*_late(meeting, notice), *_late(meeting, agenda)],
    )


def versions(meeting: Meeting, kind: NoticeKind) -> list[MeetingNotice]:
    """What was posted of one kind, the oldest first."""
    return [version for version in meeting.notices if version.kind is kind]


def content_of(version: MeetingNotice) -> dict[str, Any]:
    """What a version said."""
    content: dict[str, Any] = json.loads(version.content)
    return content


def _held(meeting: Meeting, kind: NoticeKind) -> list[MeetingNotice]:
    """The newest versions before the start that all announce the meeting as it stands, the oldest first."""
    before = [version for version in versions(meeting, kind) if version.posted_at <= meeting.starts_at]
    return list(takewhile(lambda version: _announces(version, meeting), reversed(before)))[::-1]


def _announces(version: MeetingNotice, meeting: Meeting) -> bool:
    if version.starts_at != meeting.starts_at:
        return False
    if version.kind is NoticeKind.AGENDA:
        return True
    said, stands = content_of(version), place_of(meeting)
    is_on = said.get("status") not in ("cancelled", "postponed")
    return is_on and all(said.get(name) == stands[name] for name in PLACE)


def _rule_said(meeting: Meeting, held: Sequence[MeetingNotice]) -> Rule | None:
    """The rule that the notice named when it first announced the meeting as one of its present kind."""
    said = [content_of(version) for version in held]
    same_kind = list(takewhile(lambda content: content.get("kind") == meeting.kind, reversed(said)))
    rules = [content["rule"] for content in same_kind if content.get("rule")]
    return notice_rules.from_json(rules[-1]) if rules else None


def _rule_now(meeting: Meeting) -> Rule:
    session = object_session(meeting)
    return notice_rules.rule_for(session, meeting) if session else notice_rules.default_rule(meeting.kind)


def _late(meeting: Meeting, lead: Lead) -> Iterator[LateChange]:
    for before, after in pairwise(versions(meeting, lead.kind)):
        if after.posted_at > lead.due_at:
            is_before = after.posted_at <= meeting.starts_at
            hours = notice_rules.hours_between(after.posted_at, meeting.starts_at) if is_before else None
            yield LateChange(before, after, hours)
