"""Rows of a record for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.oversight import service
from engage.oversight.models import Frequency, Indicator, Unit
from engage.oversight.service import CategoryDraft, EntryDraft, IndicatorDraft
from engage.oversight.stretches import Stretch
from tests.support import makers
from tests.support.makers import both

LONG_AGO = datetime(2025, 1, 2, 12, tzinfo=UTC)
STARTS_ON = date(2026, 1, 1)
NOW = datetime(2026, 11, 26, 17, tzinfo=UTC)

FIRST = Stretch(date(2026, 1, 1), date(2026, 3, 31))
SECOND = Stretch(date(2026, 4, 1), date(2026, 6, 30))
THIRD = Stretch(date(2026, 7, 1), date(2026, 9, 30))


def draft(slug: str = "charges", **fields: Any) -> IndicatorDraft:
    """An indicator of people by three categories, every quarter of 2026."""
    values: dict[str, Any] = {
        "slug": slug,
        "name": both("Charges"),
        "definition": both("The most serious charge."),
        "unit": Unit.PEOPLE,
        "frequency": Frequency.QUARTER,
        "source": both("Jail records"),
        "owner": both("Sheriff"),
        "method": both("Counted by hand."),
        "starts_on": STARTS_ON,
        "categories": tuple(
            CategoryDraft(key, both(key.capitalize())) for key in ("felony", "misdemeanor", "traffic")
        ),
    }
    return IndicatorDraft(**values | fields)


def adopted(session: Session, **fields: Any) -> Docket:
    """A docket that residents have seen for long."""
    return makers.docket(session, **{"slug": "agreement", "published_at": LONG_AGO} | fields)


def indicator(
    session: Session, docket: Docket | None = None, *, slug: str = "charges", **fields: Any
) -> Indicator:
    """A published indicator."""
    made = service.create_indicator(session, docket or adopted(session), draft(slug, **fields))
    service.publish_indicator(session, made, LONG_AGO)
    return made


def counts(total: int | None, *parts: int | None, note: str = "", **more: Any) -> EntryDraft:
    """Whole numbers of felony, misdemeanor, traffic."""

    def hundred(value: int | None) -> int | None:
        return None if value is None else value * 100

    keys = ("felony", "misdemeanor", "traffic")
    return EntryDraft(
        hundred(total),
        {key: hundred(part) for key, part in zip(keys, parts, strict=False)},
        both(note) if note else Localised(),
        **more,
    )
