"""What the reports have counted of concerns, for the room that answers them."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.reports.measures import tally_key
from engage.reports.models import Tally
from engage.responses.raised import Raised

_CONCERN = tally_key(("concern",), ()).measure
_BY_POSITION = tally_key(("concern", "position"), ()).measure


def raised(session: Session, period: CommentPeriod) -> list[Raised]:
    """The concerns of a period's posted comments, from numbers that are kept anyway: two short ranges."""
    rows = session.execute(
        sa.select(Tally.measure, Tally.key, Tally.n).where(
            Tally.period_id == period.id, Tally.measure.in_((_CONCERN, _BY_POSITION))
        )
    )
    counts: dict[str, int] = {}
    positions: dict[str, dict[str, int]] = defaultdict(dict)
    for measure, key, n in rows:
        concern, _, position = key.partition("|")
        if measure == _CONCERN:
            counts[concern] = n
        else:
            positions[concern][position] = n
    return [Raised(concern, n, positions[concern]) for concern, n in sorted(counts.items())]
