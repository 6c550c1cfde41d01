"""What this room's closed lists are called, and how its figures are said, in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.db.types import Localised
from engage.oversight.models import Frequency, Indicator, Unit
from engage.oversight.promises import Kept, PromiseYear
from engage.oversight.stretches import Stretch
from engage.oversight.told import REST, TOTAL, Cell, State
from engage.oversight.values import Below, Value, said
from engage.survey.suppression import K
from engage.web.locale import day, localised
from engage.web.numbers import count_said

UNITS: dict[Unit, LazyString] = {
    Unit.PEOPLE: _l("People"),
    Unit.CASES: _l("Cases, such as complaints or stops"),
    Unit.EVENTS: _l("Events, such as meetings"),
    Unit.DOLLARS: _l("Dollars"),
    Unit.HOURS: _l("Hours"),
    Unit.DAYS: _l("Days"),
    Unit.PERCENT: _l("Percent"),
}

UNIT_NAMES: dict[Unit, LazyString] = {
    Unit.PEOPLE: _l("people"),
    Unit.CASES: _l("cases"),
    Unit.EVENTS: _l("events"),
    Unit.DOLLARS: _l("dollars"),
    Unit.HOURS: _l("hours"),
    Unit.DAYS: _l("days"),
    Unit.PERCENT: _l("percent"),
}

_WITHOUT_NOUN = frozenset({Unit.EVENTS, Unit.DOLLARS, Unit.PERCENT})

UNIT_HINTS: dict[Unit, LazyString] = {
    Unit.PEOPLE: _l("A number of people. Numbers below ten are published as “not told”."),
    Unit.CASES: _l("A number of cases. Numbers below ten are published as “not told”."),
    Unit.EVENTS: _l("A whole number."),
    Unit.DOLLARS: _l("In dollars, with at most two decimals."),
    Unit.HOURS: _l("In hours, with at most two decimals."),
    Unit.DAYS: _l("In days, with at most two decimals."),
    Unit.PERCENT: _l("From 0 to 100, with at most two decimals."),
}

FREQUENCIES: dict[Frequency, LazyString] = {
    Frequency.MONTH: _l("Every month"),
    Frequency.QUARTER: _l("Every quarter of a year"),
    Frequency.YEAR: _l("Every year"),
}

KEPT: dict[Kept, LazyString] = {
    Kept.KEPT: _l("Kept"),
    Kept.ON_THE_WAY: _l("On the way"),
    Kept.BEHIND: _l("Fewer than promised"),
    Kept.NONE: _l("None, though promised"),
    Kept.UNKNOWN: _l("No figure yet"),
}

KEPT_TAGS: dict[Kept, str] = {
    Kept.KEPT: "done",
    Kept.ON_THE_WAY: "active",
    Kept.BEHIND: "warning",
    Kept.NONE: "refused",
    Kept.UNKNOWN: "waiting",
}

REST_NAME = _l("In none of these categories")
MISSING = _l("Not published")
BREAK = _l("New method")


__all__ = ["day"]


def name_of(text: Localised) -> str:
    """A name in the reader's language."""
    return localised(text)


def category_name(indicator: Indicator, key: str) -> str:
    """What a category is called; the total and the rest too."""
    if key == TOTAL:
        return str(_("Total"))
    if key == REST:
        return str(REST_NAME)
    return next(localised(row.name) for row in indicator.categories if row.key == key)


def cell(told: Cell, unit: Unit) -> str:
    """A value, or why there is none."""
    if told.hundredths is not None:
        return said(told.hundredths, unit)
    if told.below is not None:
        return str(_("Fewer than %(number)s", number=count_said(told.below)))
    if told.state is State.NOT_COLLECTED:
        return str(_("Not collected"))
    return str(_("Not told"))


def after_number(unit: Unit) -> str:
    """What stands after a value: “people”. Nothing where the value has its sign, or its name says what."""
    return "" if unit in _WITHOUT_NOUN else str(UNIT_NAMES[unit])


def when(stretch: Stretch) -> str:
    """A stretch as a line begins with it: March 2026 · April to June 2026 · 2026; see ``when_inside``."""
    return _capital(when_inside(stretch))


def year(told: PromiseYear) -> str:
    """A year of a promise: 2026, or July 2025 to June 2026."""
    return when(told.whole)


def years_begin(month: int) -> str:
    """What stands after a frequency or a method whose years are not those of the calendar."""
    return "" if month == 1 else str(_(", by years that begin in %(month)s", month=month_name(month)))


def month_name(number: int) -> str:
    """A month inside a sentence."""
    return str(format_date(date(2000, number, 1), "LLLL"))


def when_inside(stretch: Stretch) -> str:
    """A stretch inside a sentence: Spanish writes months small. From day to day where it was cut."""
    first, last = stretch.first_on, stretch.last_on
    if not _is_whole(stretch):
        return str(
            _(
                "%(first)s to %(last)s",
                first=format_date(first, "medium"),
                last=format_date(last, "medium"),
            )
        )
    if (first.year, first.month) == (last.year, last.month):
        return str(format_date(first, "MMMM y"))
    if first.month == 1 and last.month == 12:
        return str(first.year)
    return str(
        _(
            "%(first)s to %(last)s",
            first=format_date(first, "LLLL" if first.year == last.year else "MMMM y"),
            last=format_date(last, "MMMM y"),
        )
    )


def hidden_note() -> str:
    """Why some numbers are not told."""
    return str(
        _(
            "“Not told” stands for fewer than %(limit)s people or cases, none among them, or for a number "
            "from which such a one could be worked out. Even a zero could tell something of each person.",
            limit=K,
        )
    )


def _is_whole(stretch: Stretch) -> bool:
    """Whether it is a whole month, quarter or year."""
    first, last = stretch.first_on, stretch.last_on
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    next_day = date.fromordinal(last.toordinal() + 1)
    return first.day == 1 and next_day.day == 1 and months in (1, 3, 12)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plain_cell(value: Value, unit: Unit) -> str:
    """A value as it was typed, for those who typed it; empty for what follows from others, as the rest."""
    if isinstance(value, Below):
        return cell(Cell(State.BELOW, below=value.bound), unit)
    return "–" if value is None else said(value, unit)
