"""Lines of results as tables and charts take them: numbers, shares and bounds in words and in lengths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from engage.comments import words as comment_words
from engage.feedback.results import Count
from engage.web.locale import day
from engage.web.numbers import bounds_said, count_said, decimal_said, percent_said

OTHER_LANGUAGES = "other"
"""Languages in which too few answered or wrote, together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table with its bar. Shares are 0 to 1; None is not told."""

    key: str
    label: str
    count: Count
    share: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether how many there are is not told."""
        return self.count is None

    @property
    def number(self) -> str:
        """How many, as it is printed."""
        return count_text(self.count)

    @property
    def percent(self) -> str:
        """The share as it is printed; nothing where it is not told."""
        return share_text(self.share)

    @property
    def interval(self) -> str:
        """The bounds of the share as they are printed, rounded outwards; nothing where they are not told."""
        if self.low is None or self.high is None:
            return ""
        return bounds_said(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of 100 %: its parts in order, and what of it is not told."""

    label: str
    answered: Count
    parts: tuple[Line, ...]
    mean: float | None = None

    @property
    def hidden(self) -> float:
        """The share of the parts that are not told, 0 to 1; of all of it where nothing is."""
        return max(0.0, 1.0 - sum(part.share or 0.0 for part in self.parts))

    @property
    def number(self) -> str:
        """How many answered it, as it is printed."""
        return count_text(self.answered)

    @property
    def mean_text(self) -> str:
        """The mean as it is printed."""
        return number_text(self.mean)


def count_text(count: Count) -> str:
    """A number as it is printed; in words where it is not told."""
    if count is None:
        return str(_("not told"))
    return count_said(count)


def share_text(share: float | None) -> str:
    """A share as it is printed, such as 31%. Few are not none, most are not all."""
    if share is None:
        return ""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return str(_("under %(share)s", share=percent_said(0.01)))
    if whole == 100 and share < 1:
        return str(_("over %(share)s", share=percent_said(0.99)))
    return percent_said(whole / 100)


def number_text(number: float | None) -> str:
    """A mean or median as it is printed, with at most two decimals."""
    return "" if number is None else decimal_said(number)


def described(lines: Iterable[Line]) -> str:
    """A chart for people who do not see it: every bar in its order, without a judgement."""
    return "; ".join(
        f"{line.label}: {line.number}" + (f" ({line.percent})" if line.share is not None else "")
        for line in lines
    )


def share_of(count: Count, of: Count) -> float | None:
    return count / of if count is not None and of else None


def language_name(code: str) -> str:
    """What a language is called."""
    return str(_("Other languages")) if code == OTHER_LANGUAGES else comment_words.language_name(code)


def range_text(value: str) -> str:
    """A range of numbers, such as 0..9; open at an end where its question has no bound."""
    low, is_range, high = value.partition("..")
    if not is_range:
        return value
    if not low:
        return str(_("up to %(number)s", number=high))
    if not high:
        return str(_("%(number)s or more", number=low))
    return low if low == high else str(_("%(low)s to %(high)s", low=low, high=high))


def months_text(value: str) -> str:
    """A month, several in a row, or a day; open at an end whose month would be somebody's."""
    try:
        low, is_range, high = value.partition("..")
        if is_range and not low:
            return str(_("until %(month)s", month=_month_or_day(high))) if high else str(_("all months"))
        if is_range and not high:
            return str(_("from %(month)s on", month=_month_or_day(low)))
        return " – ".join(_month_or_day(one) for one in value.split(".."))
    except ValueError:
        return value


def _month_or_day(value: str) -> str:
    is_month = len(value) == len("2026-11")
    return comment_words.month(value) if is_month else day(date.fromisoformat(value))
