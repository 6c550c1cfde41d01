"""Times in forms: typed as the clocks of a place show them, read as instants."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import ValidationError
from wtforms.fields import Field

from engage.clock import NoSuchTime, from_wall_clock, to_wall_clock

TIME_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""How a browser sends a date and a time: without the seconds where they are none."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def instant_of(field: Field, zone: ZoneInfo) -> datetime:
    """The instant at which a clock in the place shows what was typed. Raises ValidationError if none does."""
    try:
        return from_wall_clock(field.data, zone)
    except NoSuchTime:
        raise ValidationError(
            _("No clock in this place ever shows this time: summer time begins and it is skipped.")
        ) from None


def instant_or_kept(field: Field, zone: ZoneInfo, kept: datetime | None) -> datetime | None:
    """What was typed as an instant; None where it is no time. Raises ValidationError.

    A time that nobody touched stays the instant ``kept`` that it is, also where clocks show it twice.
    """
    if field.data is None:
        return None
    if not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
        raise ValidationError(
            _("Choose a day between %(first)s and %(last)s.", first=_FIRST_YEAR, last=_LAST_YEAR)
        )
    if kept is not None:
        shown = to_wall_clock(kept, zone)
        if field.data in (shown, shown.replace(second=0, microsecond=0)):
            return kept
    return instant_of(field, zone)
