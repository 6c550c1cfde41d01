"""Rows of this room for its tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.service.phase import add_standard_phases
from engage.lifecycle import service
from engage.lifecycle.models import (
    Outreach,
    OutreachHow,
    OutreachOutcome,
    ReadinessArea,
    ReadinessItem,
    ReadinessState,
    Stakeholder,
    StakeholderKind,
)
from engage.lifecycle.service import BodyDraft, ContactDraft, PointDraft
from tests.support import makers
from tests.support.makers import NOON, both

TODAY = NOON.date()
KNOWN = ReadinessState.KNOWN


def docket(session: Session, **fields: Any) -> Docket:
    """A published docket with the five phases of a 287(g) agreement."""
    row = makers.docket(session, **{"slug": "agreement", "title": both("The agreement")} | fields)
    add_standard_phases(session, row)
    return row


def draft(title: str | Localised = "How long is the training?", **fields: Any) -> PointDraft:
    """A point that nobody has looked at yet, unless told otherwise."""
    values: dict[str, Any] = {"area": ReadinessArea.RESOURCES, "title": _text(title)}
    return PointDraft(**values | fields)


def known(title: str | Localised = "What does it cost?", **fields: Any) -> PointDraft:
    """A point that is known, with its source."""
    found: dict[str, Any] = {
        "area": ReadinessArea.COST,
        "state": KNOWN,
        "finding": both("It was counted."),
        "source": both("County manager"),
        "checked_on": TODAY,
    }
    return draft(title, **found | fields)


def point(
    session: Session, docket: Docket, wanted: PointDraft | None = None, *, is_shown: bool = True
) -> ReadinessItem:
    """A point of a docket, published unless told otherwise."""
    item = service.add_point(session, docket, wanted or known())
    if is_shown:
        service.publish_point(session, item, NOON)
    return item


def body(
    session: Session,
    docket: Docket,
    name: str = "Growers’ Cooperative",
    *attempts: ContactDraft,
    is_shown: bool = True,
    **fields: Any,
) -> Stakeholder:
    """A body with attempts to ask it, shown unless told otherwise."""
    values: dict[str, Any] = {"kind": StakeholderKind.BUSINESS, "name": both(name), "languages": ("en",)}
    row = service.add_body(session, docket, BodyDraft(**values | fields))
    for attempt in attempts:
        service.add_contact(session, row, attempt, TODAY)
    if is_shown:
        service.show_body(session, row, NOON)
    return row


def attempt(
    outcome: OutreachOutcome = OutreachOutcome.ANSWERED, language: str = "en", **fields: Any
) -> ContactDraft:
    """A letter of a week ago, answered unless told otherwise."""
    values: dict[str, Any] = {"how": OutreachHow.LETTER, "happened_on": TODAY - timedelta(days=7)}
    values |= {"outcome": outcome, "language": language}
    return ContactDraft(**values | fields)


def outreach(outcome: OutreachOutcome, day: date = TODAY, language: str = "en") -> Outreach:
    """An attempt that is in no database."""
    return Outreach(how=OutreachHow.VISIT, outcome=outcome, happened_on=day, language=language)


def _text(title: str | Localised) -> Localised:
    return both(title) if isinstance(title, str) else title
