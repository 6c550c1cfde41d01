"""The fictional county for tests that only look at it: filled once in a process, then put back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.demo import reading
from engage.demo.service import County, fill_county
from tests.support.kept import made_once

NOW = utcnow()
"""One present moment for all of them."""

_COUNTIES: dict[tuple[sa.URL, object], County] = {}


def filled(session: Session, now: datetime = NOW) -> County:
    """What `fill_county` has filled in an empty site, committed, with the comments of this moment's
    scripts."""
    engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    key = "county", now, tuple(script.key for script in reading.scripts())

    def make() -> int:
        county = fill_county(session, now=now)
        assert county is not None
        session.commit()
        _COUNTIES[engine.url, key] = county
        return county.comments

    made_once(session, key, make)
    return _COUNTIES[engine.url, key]
