"""Write down how many residents there are, by a source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.db.session import advisory_lock
from engage.db.types import Localised
from engage.reports.models import CensusShare, Margin
from engage.web.addresses import checked_address

_LOCK = 2_870_910


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
