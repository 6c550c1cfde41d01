"""What happens on a docket's checklist, read from what it came to say. All that is told is public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial

from sqlalchemy.orm import Session

from engage.clock import from_wall_clock
from engage.dockets.models import Docket, PhaseKind
from engage.lifecycle.queries import has_phase, published_wordings
from engage.marks import N_
from engage.web.links import path_to, said_in
from engage.web.locale import site_day, site_time_zone
from engage.web.news import DOCKET, Happening, Subject, Told

_SAID = N_("The readiness checklist says something new: points were added or changed.")


def readiness_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Points published or changed: once a day and docket, at the first of them."""
    # A day is told by its first wording, so that one sees all of the first day.
    midnight = from_wall_clock(datetime.combine(site_day(since), time()), site_time_zone())
    told: set[str] = set()
    for docket, published_at in published_wordings(session, min(midnight, since), now):
        happened_at = max(published_at, docket.published_at or now)
        key = f"docket:{docket.id}:readiness:{site_day(happened_at).isoformat()}"
        if key not in told and has_phase(docket, PhaseKind.ASSESS_READINESS):
            told.add(key)
            yield Happening(
                key=key,
                subjects=(Subject(DOCKET, str(docket.id)),),
                happened_at=happened_at,
                tell=partial(_tell, docket),
            )


def _tell(docket: Docket, language: str) -> Told:
    return Told(
        about=docket.title.best(language)[0],
        text=said_in(language, _SAID),
        path=path_to("lifecycle.phase", language, slug=docket.slug, kind=PhaseKind.ASSESS_READINESS),
    )
