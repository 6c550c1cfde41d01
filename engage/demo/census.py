"""Who lives in the fictional county, so that its reports can lay the comments beside it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engage.demo import reading
from engage.reports.models import Margin
from engage.reports.service.census import record_census


def add_census(session: Session) -> None:
    """Write down the invented figures as a clerk would."""
    for margin, told in reading.toml("census.toml").items():
        record_census(
            session,
            Margin(margin),
            told["people"],
            source=told["source"],
            source_url=None,
            as_of=told["as_of"],
        )
