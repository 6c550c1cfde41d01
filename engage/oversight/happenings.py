"""What happens in the record after adoption, read from its rows and dates, for followers and feeds.

No value is told: a mail stays for ever, and what is told of a figure may have to change with a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from flask_babel import force_locale
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.clock import from_wall_clock
from engage.marks import N_
from engage.oversight import words
from engage.oversight.figures import Publication, first_publications, publications, stretches_of
from engage.oversight.models import Indicator
from engage.oversight.queries import public_indicators
from engage.oversight.stretches import Stretch
from engage.web.links import path_to, said_in
from engage.web.locale import site_day, site_time_zone
from engage.web.news import DOCKET, Happening, Subject, Told

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
        public_indicators(now)
        .options(joinedload(Indicator.docket), selectinload(Indicator.methods))
        .order_by(Indicator.id)
    ).all()
    by_id = {one.id: one for one in indicators}
    found = chain(
        (happening for one in indicators for happening in _of_methods(one)),
        (_of_publication(by_id[row.indicator_id], row) for row in publications(session, by_id, since)),
        _of_late_ones(session, indicators, since, site_day(now)),
    )
    yield from (happening for happening in found if happening.happened_at >= since)


def _of_methods(indicator: Indicator) -> Iterator[Happening]:
    for method in indicator.methods[1:]:
        # A method that was told of after it began is news on the day on which it was told.
        begins_at = _start_of(method.valid_from)
        happened_at = max(begins_at, method.told_at or begins_at)
        yield _about(indicator, f"method:{method.number}", "method", happened_at, method.valid_from)


def _of_publication(indicator: Indicator, row: Publication) -> Happening:
    what = "corrected" if row.number else "published"
    key = f"{row.stretch.first_on.isoformat()}:{row.number}"
    return _about(indicator, key, what, row.published_at, row.stretch)


def _of_late_ones(
    session: Session, indicators: Sequence[Indicator], since: datetime, today: date
) -> Iterator[Happening]:
    """A fact that stays one after the figures came: they were late."""
    late = {one.id: list(_late_since(one, since, today)) for one in indicators}
    asked = {number: stretches[0].first_on for number, stretches in late.items() if stretches}
    first_published = first_publications(session, asked)
    for one in indicators:
        for stretch in late[one.id]:
            late_from = _late_from(one, stretch)
            published_at = first_published.get((one.id, stretch.first_on))
            if published_at is None or published_at >= late_from:
                yield _about(one, f"{stretch.first_on.isoformat()}:overdue", "overdue", late_from, stretch)


def _late_since(indicator: Indicator, since: datetime, today: date) -> Iterator[Stretch]:
    """The stretches whose figures came to be due since an instant, or since residents can see them."""
    for stretch in stretches_of(indicator, today):
        is_new = max(_late_from(indicator, stretch), indicator.published_at or since) >= since
        if is_new and today > stretch.due_on(indicator.frequency):
            yield stretch


def _late_from(indicator: Indicator, stretch: Stretch) -> datetime:
    return _start_of(stretch.due_on(indicator.frequency) + _DAY)


def _about(
    indicator: Indicator, key: str, what: str, happened_at: datetime, when: Stretch | date
) -> Happening:
    return Happening(
        key=f"oversight:{indicator.id}:{key}",
        subjects=(Subject(DOCKET, str(indicator.docket_id)),),
        # What was late before the record could be read is told when it can.
        happened_at=max(happened_at, indicator.published_at or happened_at),
        tell=partial(_tell, indicator, what, when),
    )


def _tell(indicator: Indicator, what: str, when: Stretch | date, language: str) -> Told:
    with force_locale(language):
        said = words.day(when) if isinstance(when, date) else words.when_inside(when)
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
