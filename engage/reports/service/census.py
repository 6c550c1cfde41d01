"""Write down how many residents there are, by a source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.db.session import advisory_lock
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.reports.models import CensusShare, Margin
from engage.web.addresses import checked_address

_LOCK = 2_870_910


class NotAsRead(RuleBroken):
    """The figures are others than those that were read."""


def mark_of(rows: Iterable[CensusShare]) -> str:
    """What stands for exactly these figures with their source: SHA-256."""
    content = [
        [row.key, row.people, row.source.en, row.source.es, row.source_url, row.as_of.isoformat()]
        for row in sorted(rows, key=lambda row: row.key)
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def correct_census(
    session: Session,
    margin: Margin,
    people: Mapping[str, int],
    *,
    source: Localised,
    source_url: str | None,
    as_of: date,
    seen: str | None,
) -> None:
    """The same as record_census, if the figures still are those that were read. Raises NotAsRead."""
    advisory_lock(session, _LOCK)
    now = sa.select(CensusShare).where(CensusShare.margin == margin)
    if seen != mark_of(session.scalars(now.execution_options(populate_existing=True))):
        raise NotAsRead(_("Somebody else has saved other figures meanwhile. Nothing was changed now."))
    record_census(session, margin, people, source=source, source_url=source_url, as_of=as_of)


def record_census(
    session: Session,
    margin: Margin,
    people: Mapping[str, int],
    *,
    source: Localised,
    source_url: str | None,
    as_of: date,
) -> None:
    """Replace all figures of one margin by these; without any, there are none.

    Published reports keep the figures that they were published with.
    """
    address = checked_address(source_url)
    # Two clerks who save at the same moment would each insert what the other inserts.
    advisory_lock(session, _LOCK)
    session.execute(sa.delete(CensusShare).where(CensusShare.margin == margin))
    session.add_all(
        CensusShare(margin=margin, key=key, people=count, source=source, source_url=address, as_of=as_of)
        for key, count in people.items()
    )
    session.flush()
