"""Values as people type them and read them; kept as whole hundredths. Pure but for the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from engage.oversight.models import Unit
from engage.survey.suppression import K
from engage.web.numbers import decimal_said, dollars_said, percent_said

LARGEST = 10**12
"""In hundredths: ten thousand million."""

LEAST_BOUND = K
"""Of fewer than so many it is not said how many fewer."""

WHOLE_UNITS = frozenset({Unit.PEOPLE, Unit.CASES, Unit.EVENTS})
"""What is counted comes in ones."""

_NUMBER = re.compile(r"(\d{1,10}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?", re.ASCII)


_FEWER = re.compile(r"(?:<|fewer than|less than|menos de)\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Below:
    """A count of which the source says no more than that it is below ``bound``."""

    bound: int


Value = int | Below | None
"""In hundredths; or below a bound, which is in ones; None: not collected."""


def number(value: Value) -> int | None:
    """The hundredths, where they are known."""
    return value if isinstance(value, int) else None


class BadValue(ValueError):
    """What was typed is no value of this unit; the text says what one is."""


def hundredths_of(typed: str, unit: Unit) -> int:
    """The value times 100 of what was typed, such as 1,204 or $12.50 or 3.5%. Raises BadValue."""
    text = typed.strip().removeprefix("$").removesuffix("%").strip()
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise BadValue(_("Write a number such as 1204 or 12.5, with at most two decimals."))
    value = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if unit in WHOLE_UNITS and value % 100:
        raise BadValue(_("This is counted in whole numbers."))
    if unit is Unit.PERCENT and value > 100_00:
        raise BadValue(_("A share is 100 percent at most."))
    if value > LARGEST:
        raise BadValue(_("This number is too large."))
    return value


def value_of(typed: str, unit: Unit) -> int | Below:
    """The same, or that it is below a bound, such as <10 or fewer than 10. Raises BadValue."""
    fewer = _FEWER.match(typed.strip())
    if fewer is None:
        return hundredths_of(typed, unit)
    if unit not in WHOLE_UNITS:
        raise BadValue(_("Only a count can be below a number."))
    bound = hundredths_of(typed.strip()[fewer.end() :], unit) // 100
    if bound < LEAST_BOUND:
        raise BadValue(_("Write <%(least)s: a smaller bound would tell of fewer people.", least=LEAST_BOUND))
    return Below(bound)


def plain(hundredths: Value) -> str:
    """A value as it is typed, and as files have it."""
    if hundredths is None:
        return ""
    if isinstance(hundredths, Below):
        return f"<{hundredths.bound}"
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def said(hundredths: int, unit: Unit) -> str:
    """A value as it is read."""
    if unit is Unit.DOLLARS:
        return dollars_said(hundredths / 100)
    if unit is Unit.PERCENT:
        whole = percent_said(hundredths / 10_000) if hundredths % 100 == 0 else ""
        return whole or f"{decimal_said(hundredths / 100)}%"
    return decimal_said(hundredths / 100)
