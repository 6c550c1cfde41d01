"""What a comment of another system is here: its columns, and what its source has decided about it.

The source's reason for a restriction is put into our closed list by its words. Where it says none that we
know, the comment waits, unseen, for our moderators: we do not invent a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import CommentBatch, CommentPeriod, Disposition, ModerationReason, Position
from engage.dockets.models import District
from engage.exchange.records import Source, SourceComment
from engage.exchange.values import fold

_INSTANT: Final = timedelta(microseconds=1)

_SYSTEMS: Final[Mapping[str, str]] = {
    "regulations-gov-csv": "regulations-gov",
    "regulations-gov-json": "regulations-gov",
}
"""Formats of one system name the same comments, so a comment read from either is one."""

_OFFICIAL_TITLES: Final = frozenset({"regulations-gov"})
"""Systems whose titles the agency writes; elsewhere the title is the author's and belongs to the text."""

_REASON_WORDS: Final[Sequence[tuple[str, ModerationReason]]] = (
    ("spam", ModerationReason.SPAM),
    ("threat", ModerationReason.TRUE_THREAT),
    ("obscen", ModerationReason.OBSCENITY_LEGAL),
    ("personal", ModerationReason.DOXXING_PERSONAL_DATA),
    ("privacy", ModerationReason.DOXXING_PERSONAL_DATA),
    ("pii", ModerationReason.DOXXING_PERSONAL_DATA),
    ("malware", ModerationReason.MALWARE_OR_ILLEGAL),
    ("off topic", ModerationReason.OFF_TOPIC),
    ("not germane", ModerationReason.OFF_TOPIC),
    ("duplicate", ModerationReason.DUPLICATE_SUBMISSION),
    ("impersonat", ModerationReason.IMPERSONATION_CONTESTED),
)

Fate = tuple[Disposition, ModerationReason | None]
"""What becomes of a comment, and why where it is kept back."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where comments go. ``today`` stands in for a day that is not told, and is never after the last day."""

    period_id: int
    system: str
    now: datetime
    today: date
    last_day: date
    districts: Mapping[str, int]
    batch_id: int | None

    @classmethod
    def of(
        cls,
        session: Session,
        source: Source,
        period: CommentPeriod,
        now: datetime,
        batch: CommentBatch | None,
    ) -> Target:
        """For what a file brings to a period; ``batch`` is the one that new comments belong to."""
        zone = ZoneInfo(period.time_zone)
        last_day = (period.closes_at - _INSTANT).astimezone(zone).date()
        return cls(
            period_id=period.id,
            system=_SYSTEMS.get(source.format, source.format),
            now=now,
            today=min(now.astimezone(zone).date(), last_day),
            last_day=last_day,
            districts={
                fold(name): district.id
                for district in session.scalars(sa.select(District).order_by(District.id))
                for name in (district.code, district.name.en, district.name.es)
            },
            batch_id=batch.id if batch else None,
        )


def content_of(target: Target, said: SourceComment) -> dict[str, Any]:
    """What the source says, as columns of ours; what it does not tell is left out."""
    values: dict[str, Any] = {
        "position": Position(said.position) if said.position else None,
        "name": said.name,
        "organisation": said.organisation,
    }
    if said.text:
        values["body"] = _body(target, said)
    district = target.districts.get(fold(said.place)) if said.place else None
    if district is not None:
        values["district_id"] = district
    day = said.received_on or said.posted_on
    if day is not None:
        values |= {"received_on": day, "on_time": day <= target.last_day}
    return values


def _body(target: Target, said: SourceComment) -> str:
    title = "" if target.system in _OFFICIAL_TITLES else said.title or ""
    return said.text if said.text.startswith(title) else f"{title}\n\n{said.text}"


def fate_of(said: SourceComment) -> Fate:
    """What becomes of a comment according to its source."""
    if said.disposition == "withdrawn":
        return Disposition.WITHDRAWN, None
    if said.disposition == "posted":
        return Disposition.POSTED, None
    words = f" {fold(said.reason or '')} "
    reason = next((reason for word, reason in _REASON_WORDS if f" {word}" in words), None)
    return (Disposition.RESTRICTED, reason) if reason else (Disposition.RECEIVED, None)
