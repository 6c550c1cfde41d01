"""Numbers as they are written in this country, in every language alike: 3,480.5 and 37%.

Spanish of the United States, which its readers see on every price tag, not that of Spain (3.480,5 and 37 %).
"""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from engage.web.locale import language

_LOCALES = {"en": "en_US", "es": "es_US"}


def count_said(count: int) -> str:
    """A whole number."""
    return str(format_decimal(count, "#,##0", locale=_locale()))


def decimal_said(number: float) -> str:
    """A number with at most two decimals."""
    return str(format_decimal(number, "#,##0.##", locale=_locale()))


def percent_said(share: float) -> str:
    """A share of 0 to 1 in whole hundredths."""
    return str(format_percent(share, "#,##0%", locale=_locale()))


def _locale() -> str:
    return _LOCALES[language()]
