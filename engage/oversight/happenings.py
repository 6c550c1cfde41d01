"""What happens in the record after adoption, read from its rows and dates, for followers and feeds.

No value is told: a mail stays for ever, and what is told of a figure may have to change with a correction.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from flask_babel import force_locale
from sqlalchemy.orm import Session, joinedload

from engage.clock import from_wall_clock
from engage.oversight import words
from engage.oversight.models import Indicator
from engage.oversight.queries import Watched, public_indicators, watched
from engage.oversight.told import ToldStretch
from engage.web.links import path_to, said_in
from engage.web.locale import site_time_zone
from engage.web.news import DOCKET, N_, Happening, Subject, Told

_DAY = timedelta(days=1)


_SAID = {
    "published": N_("Figures were published for %(when)s: %(name)s."),
    "corrected": N_("Figures for %(when)s were corrected: %(name)s. The page says why."),
    "overdue": N_("Figures for %(when)s should be published by now, and are not: %(name)s."),
    "method": N_("From %(when)s on this is measured in a new way: %(name)s."),
}


def record_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Figures published, corrected, overdue; methods changed."""
    indicators = session.scalars(
        public_indicators(now).options(joinedload(Indicator.docket)).order_by(Indicator.id)
    ).all()
    for row in watched(session, indicators, now):
        found = chain(_of_methods(row.indicator), *(_of_stretch(row, stretch) for stretch in row.stretches))
        yield from (happening for happening in found if happening.happened_at >= since)


def _of_methods(indicator: Indicator) -> Iterator[Happening]:
    for method in indicator.methods[1:]:
        yield _about(
            indicator, f"method:{method.number}", "method", _start_of(method.valid_from), method.valid_from
        )


def _of_stretch(row: Watched, told: ToldStretch) -> Iterator[Happening]:
    first_on = told.stretch.first_on.isoformat()
    for number, version in enumerate(told.versions):
        what = "corrected" if number else "published"
        yield _about(row.indicator, f"{first_on}:{number}", what, version.published_at, told)
    late_from = _start_of(told.due_on + _DAY)
    # A fact that stays one after the figures came: they were late.
    is_late = not told.versions or told.versions[0].published_at >= late_from
    if is_late and row.today > told.due_on:
        yield _about(row.indicator, f"{first_on}:overdue", "overdue", late_from, told)


def _about(
    indicator: Indicator, key: str, what: str, happened_at: datetime, when: ToldStretch | date
) -> Happening:
    return Happening(
        key=f"oversight:{indicator.id}:{key}",
        subjects=(Subject(DOCKET, str(indicator.docket_id)),),
        # What was late before the record could be read is told when it can.
        happened_at=max(happened_at, indicator.published_at or happened_at),
        tell=partial(_tell, indicator, what, when),
    )


def _tell(indicator: Indicator, what: str, when: ToldStretch | date, language: str) -> Told:
    with force_locale(language):
        said = words.day(when) if isinstance(when, date) else words.when_inside(when.stretch)
    return Told(
        about=indicator.docket.title.best(language)[0],
        text=said_in(language, _SAID[what], when=said, name=indicator.name.best(language)[0]),
        path=path_to(
            "oversight.indicator", language, slug=indicator.docket.slug, indicator_slug=indicator.slug
        ),
    )


def _start_of(day: date) -> datetime:
    """The first instant of a day in the place of this site."""
    return from_wall_clock(datetime.combine(day, time()), site_time_zone())
