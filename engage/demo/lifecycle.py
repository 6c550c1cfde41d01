"""What the fictional county found out before its decision, and whom it asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.demo import reading
from engage.demo.reading import Calendar
from engage.dockets.models import Docket
from engage.lifecycle import service
from engage.lifecycle.models import (
    OutreachHow,
    OutreachOutcome,
    ReadinessItem,
    ReadinessState,
    Stakeholder,
    StakeholderKind,
)
from engage.lifecycle.queries import points
from engage.lifecycle.service import BodyDraft, ContactDraft, PointDraft, standard_points

_NOT_WRITTEN = Localised()


def add_lifecycle(session: Session, docket: Docket, calendar: Calendar) -> None:
    """Fill the checklist and the register of a docket, as its staff would have done day by day."""
    _add_readiness(session, docket, calendar)
    _add_register(session, docket, calendar)


def _add_readiness(session: Session, docket: Docket, calendar: Calendar) -> None:
    content = reading.toml("docket-287g/readiness.toml")
    service.add_standard_points(session, docket)
    by_title = {item.title: item for item in points(session, docket)}
    items = {point.code: by_title[point.title] for point in standard_points()}
    for row in sorted(content["points"], key=lambda row: row.get("published_days", -1_000)):
        item = items[row["code"]]
        shown = calendar.instant(row.get("published_days", content["published_days"]))
        service.change_point(session, item, _point(item, row, calendar), shown)
        service.publish_point(session, item, shown)


def _point(item: ReadinessItem, row: Mapping[str, Any], calendar: Calendar) -> PointDraft:
    return PointDraft(
        item.area,
        item.title,
        ReadinessState(row["state"]),
        row.get("finding", _NOT_WRITTEN),
        row.get("amount"),
        row.get("source", _NOT_WRITTEN),
        row.get("source_url"),
        calendar.day(row["days"]) if "days" in row else None,
    )


def _add_register(session: Session, docket: Docket, calendar: Calendar) -> None:
    content = reading.toml("docket-287g/register.toml")
    shown = calendar.instant(content["shown_days"])
    for row in content["bodies"]:
        draft = BodyDraft(
            StakeholderKind(row["kind"]),
            row["name"],
            row["why"],
            tuple(row["languages"]),
            tuple(row["districts"]),
            stays_unnamed=row.get("stays_unnamed", False),
        )
        body = service.add_body(session, docket, draft)
        for contact in row["contacts"]:
            _add_contact(session, body, contact, calendar)
        if not body.stays_unnamed:
            service.show_body(session, body, shown)


def _add_contact(session: Session, body: Stakeholder, row: Mapping[str, Any], calendar: Calendar) -> None:
    draft = ContactDraft(
        OutreachHow(row["how"]),
        row["language"],
        calendar.day(row["days"]),
        OutreachOutcome(row["outcome"]),
        row.get("note", _NOT_WRITTEN),
    )
    service.add_contact(session, body, draft, calendar.today)
