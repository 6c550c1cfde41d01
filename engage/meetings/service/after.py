"""What is written down of a meeting once it has begun: minutes, attendance, decisions, links.

Published minutes are never changed: the next version follows them. Approval adds a day and no word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.errors import NotFound, RuleBroken
from engage.meetings.models import (
    AgendaItem,
    DecidedState,
    FileKindName,
    Meeting,
    MeetingFile,
    MeetingStatus,
    MinutesVersion,
)
from engage.meetings.service.lock import lock
from engage.web.addresses import is_secure_address

LINKED = (FileKindName.RECORDING, FileKindName.TRANSCRIPT)
"""What is linked to where it is kept."""

_TOOK_PLACE = (
    MeetingStatus.TENTATIVE,
    MeetingStatus.CONFIRMED,
    MeetingStatus.RESCHEDULED,
    MeetingStatus.PASSED,
)


class NotBegun(RuleBroken):
    """There is nothing to write down yet, or never will be."""


class NothingToPublish(RuleBroken):
    """There is no draft of the minutes that residents have not seen, or it is empty."""


class NotApprovable(RuleBroken):
    """The minutes are not there, are approved already, or cannot have been approved on that day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided on an item, and how, in words; None where nobody has written it down."""

    decided: DecidedState | None
    outcome: Localised | None


def has_begun(meeting: Meeting, now: datetime) -> bool:
    """Whether the meeting takes place or took place: what is not public, or was called off, has no record."""
    return now >= meeting.starts_at and meeting.status(now) in _TOOK_PLACE


def write_minutes(session: Session, meeting: Meeting, body: Localised, now: datetime) -> MinutesVersion:
    """Write the draft that only staff see: the next version, or the one that is being written.

    Raises NotBegun.
    """
    _refuse_before(meeting, now)
    written = _locked(session, meeting)
    latest = written[0] if written else None
    if latest is not None and latest.published_at is None:
        latest.body = body
        session.flush()
        return latest
    version = MinutesVersion(number=latest.number + 1 if latest else 1, body=body)
    meeting.minutes.insert(0, version)
    session.flush()
    return version


def publish_minutes(session: Session, meeting: Meeting, now: datetime) -> MinutesVersion:
    """Show the draft to residents, as a draft, for good.

    Raises NotBegun, NothingToPublish: also where it says what the version before it says.
    """
    _refuse_before(meeting, now)
    written = _locked(session, meeting)
    latest = written[0] if written else None
    if latest is None or latest.published_at is not None or not latest.body:
        raise NothingToPublish(_l("There is no new draft of the minutes to publish."))
    if len(written) > 1 and written[1].body == latest.body:
        raise NothingToPublish(_l("The draft says exactly what the published version says."))
    latest.published_at = now
    session.flush()
    return latest


def approve_minutes(
    session: Session, meeting: Meeting, number: int, approved_on: date, now: datetime
) -> MinutesVersion:
    """Write down the day on which the body approved the latest published version.

    The same day a second time changes nothing. Raises NotApprovable.
    """
    _locked(session, meeting)
    latest = published_minutes(meeting)
    if latest is None or latest.number != number:
        raise NotApprovable(_l("Only the latest published version of the minutes can be approved."))
    if now < meeting.last_instant:
        raise NotApprovable(_l("Minutes are approved once the meeting is over."))
    if latest.approved_on not in (None, approved_on):
        raise NotApprovable(_l("These minutes are approved already. Their day stays."))
    if not meeting.local_start.date() <= approved_on <= now.astimezone(meeting.zone).date():
        raise NotApprovable(_l("Minutes are approved between the day of the meeting and today."))
    latest.approved_on = approved_on
    session.flush()
    return latest


def published_minutes(meeting: Meeting) -> MinutesVersion | None:
    """The latest version that residents see."""
    return next((version for version in meeting.minutes if version.published_at is not None), None)


def count_attendance(
    session: Session, meeting: Meeting, *, in_person: int | None, remote: int | None, now: datetime
) -> None:
    """Write down how many came, as staff counted them; None: nobody counted. Raises NotBegun."""
    _refuse_before(meeting, now)
    meeting.attended_in_person, meeting.attended_remote = in_person, remote
    meeting.changed_at = now
    session.flush()


def write_decisions(
    session: Session, meeting: Meeting, decisions: Mapping[int, Outcome], now: datetime
) -> None:
    """Write down what was decided, by the id of the item. Raises NotBegun."""
    _refuse_before(meeting, now)
    for item in meeting.items:
        if (decision := decisions.get(item.id)) is not None:
            _decide(item, decision)
    meeting.changed_at = now
    session.flush()


def add_link(
    session: Session, meeting: Meeting, *, kind: FileKindName, title: Localised, url: str, now: datetime
) -> MeetingFile:
    """Link a recording or a transcript to where it is kept. Raises NotBegun; RuleBroken for another kind of
    link."""
    _refuse_before(meeting, now)
    if kind not in LINKED or not is_secure_address(url):
        raise RuleBroken(_l("Give an address that begins with https://"))
    file = MeetingFile(kind=kind, title=title, url=url, position=len(meeting.files) + 1, posted_at=now)
    meeting.files.append(file)
    meeting.changed_at = now
    session.flush()
    return file


def remove_link(session: Session, meeting: Meeting, file_id: int, now: datetime) -> None:
    """Take such a link away. Raises NotFound, also for a file of another meeting or another kind."""
    for file in meeting.files:
        if file.id == file_id and file.kind in LINKED and file.url is not None:
            meeting.files.remove(file)
            meeting.changed_at = now
            session.flush()
            return
    raise NotFound(_l("There is no such link."))


def _locked(session: Session, meeting: Meeting) -> list[MinutesVersion]:
    """The versions as they are now, the newest first. One at a time writes the minutes of a meeting, so that
    nobody writes into a version that is being published."""
    lock(session, meeting)
    session.expire(meeting, ["minutes"])
    versions = session.scalars(
        sa.select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id)
        .order_by(MinutesVersion.number.desc())
        .execution_options(populate_existing=True)
    )
    return list(versions)


def _decide(item: AgendaItem, decision: Outcome) -> None:
    item.decided = decision.decided
    item.outcome = decision.outcome or None


def _refuse_before(meeting: Meeting, now: datetime) -> None:
    if not has_begun(meeting, now):
        raise NotBegun(
            _l("The meeting has not begun, or was called off: there is nothing to write down of it yet.")
        )
