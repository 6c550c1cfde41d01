"""Count what a reader says of a summary. Flushes and never commits."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.reports.models import ReportVersion
from engage.reports.ratings.models import ANSWERS, Rated, ReportRating
from engage.survey.suppression import K


def rate(
    session: Session, version: ReportVersion, part: str, said: Collection[Rated], *, is_doubtful: bool
) -> None:
    """Count one reader of a part of a published report, with all that was said. What is doubted counts too.

    The number of readers is counted first: whoever holds that row is alone with the part until the end of
    the transaction, so that what is told is of exactly as many readers as it says.
    """
    readers = _one_more(session, version, part, Rated.READERS)
    for answer in ANSWERS:
        if answer in said:
            _one_more(session, version, part, answer)
    if is_doubtful:
        _one_more(session, version, part, Rated.UNCHECKED)
    if readers % K == 0:
        session.execute(
            sa.update(ReportRating)
            .where(ReportRating.version_id == version.id, ReportRating.part == part)
            .values(told=ReportRating.n)
        )


def _one_more(session: Session, version: ReportVersion, part: str, counted: Rated) -> int:
    """Count one; returns how many there are now."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(ReportRating).values(version_id=version.id, part=part, counted=counted, n=1, told=0)
    more = row.on_conflict_do_update(
        index_elements=["version_id", "part", "counted"], set_={"n": ReportRating.n + 1}
    )
    return int(session.execute(more.returning(ReportRating.n)).scalar_one())
