"""Numbers as they are written in this country, in every language alike: 3,480.5 and 37%.

Spanish of the United States, which its readers see on every price tag, not that of Spain (3.480,5 and 37 %).
"""

from __future__ import annotations

import math

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _

from engage.web.locale import language

_EXACT = 1e-9
_LOCALES = {"en": "en_US", "es": "es_US"}


def count_said(count: int) -> str:
    """A whole number."""
    return str(format_decimal(count, "#,##0", locale=_locale()))


def decimal_said(number: float) -> str:
    """A number with at most two decimals."""
    return str(format_decimal(number, "#,##0.##", locale=_locale()))


def dollars_said(number: float) -> str:
    """Dollars, with cents where there are any."""
    return "$" + str(format_decimal(number, "#,##0.00" if number % 1 else "#,##0", locale=_locale()))


def percent_said(share: float) -> str:
    """A share of 0 to 1 in whole hundredths."""
    return str(format_percent(share, "#,##0%", locale=_locale()))


def bounds_said(low: float, high: float) -> str:
    """An interval of a share of 0 to 1: 26% to 37%."""
    lowest, highest = whole_bounds(low, high)
    return str(_("%(low)s to %(high)s", low=percent_said(lowest / 100), high=percent_said(highest / 100)))


def whole_bounds(low: float, high: float) -> tuple[int, int]:
    """An interval in whole percent, rounded outwards: never narrower than it is."""
    return math.floor(100 * low + _EXACT), math.ceil(100 * high - _EXACT)


def _locale() -> str:
    return _LOCALES[language()]
