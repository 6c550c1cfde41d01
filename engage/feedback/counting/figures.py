"""Numbers and dates: ranges wide enough that each holds ten answers, means and medians."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date

from engage.feedback.results import Figures
from engage.survey.suppression import K

_RANGES = 10
"""About so many ranges of numbers."""

_DIGITS = 3
"""So many digits of a mean are told: a later one would tell what a single answer added."""

Range = tuple[str, int]
"""A range as it is written, and how many answers lie in it."""


def ranges(numbers: Sequence[float], *, low: str | None, high: str | None) -> list[Range]:
    """How many numbers lie in which range, such as ``0..9``; at an end without a bound ``..9``, ``90..``.

    The ranges are ours and not part of the question, so that small ones are joined with their neighbours
    instead of being hidden. Ranges of whole numbers name their last, others end just before it.
    """
    if len(numbers) < K:
        return []
    ordered = sorted(numbers)
    is_whole = all(number == math.floor(number) for number in ordered)
    step = _step(ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20], is_whole=is_whole)
    places = Counter(math.floor(number / step) for number in ordered)
    last = step if not is_whole else step - 1
    return [
        (_written(first, final, step, last, ends), count)
        for first, final, count, ends in _joined(places, low, high)
    ]


def _step(low: float, high: float, *, is_whole: bool) -> float:
    """A round width: 1, 2 or 5 times a power of ten."""
    wanted = max((high - low) / _RANGES, 1 if is_whole else 1e-9)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= wanted * 0.999)


def _joined(
    places: Counter[int], low: str | None, high: str | None
) -> list[tuple[int, int, int, tuple[str | None, str | None]]]:
    """Neighbours joined until each group has K: first and last place, how many, and the outer bounds."""
    groups: list[list[int]] = []
    for place in sorted(places):
        if groups and groups[-1][2] < K:
            groups[-1][1:] = [place, groups[-1][2] + places[place]]
        else:
            # A range begins where the one before ended, whoever lies between.
            groups.append([groups[-1][1] + 1 if groups else place, place, places[place]])
    if len(groups) > 1 and groups[-1][2] < K:
        _first, final, count = groups.pop()
        groups[-1][1:] = [final, groups[-1][2] + count]
    end = len(groups) - 1
    return [
        (
            first,
            final,
            count,
            ("" if place else low, "" if place != end else high),
        )
        for place, (first, final, count) in enumerate(groups)
    ]


def _written(first: int, final: int, step: float, last: float, ends: tuple[str | None, str | None]) -> str:
    """An outer end is the question's bound, or open: not the least or greatest that was answered."""
    low = _number(first * step) if ends[0] == "" else ends[0] or ""
    high = _number(final * step + last) if ends[1] == "" else ends[1] or ""
    return f"{low}..{high}"


def _number(value: float) -> str:
    return f"{value:.10g}"


def months(days: Sequence[int]) -> list[Range]:
    """How many dates (ordinals) lie in which month, ``2026-11``, or in which months, ``2026-09..2026-11``.

    Where months are joined at an end it is open, ``..2026-11``: the first of all months may be one person's.
    """
    if len(days) < K:
        return []
    by_month = Counter((day.year * 12 + day.month - 1) for day in map(date.fromordinal, days))
    return [
        (_month(first) if first == final else _months(first, final, ends), count)
        for first, final, count, ends in _joined(by_month, None, None)
    ]


def _months(first: int, final: int, ends: tuple[str | None, str | None]) -> str:
    low = _month(first) if ends[0] == "" else ""
    high = _month(final) if ends[1] == "" else ""
    return f"{low}..{high}"


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def of_numbers(numbers: Sequence[float]) -> Figures:
    """Mean and median. No mean where a single answer makes up a tenth of the sum, and so could be guessed."""
    if len(numbers) < K:
        return Figures()
    size = sum(abs(number) for number in numbers)
    is_dominated = max(abs(number) for number in numbers) * K > size
    mean = None if is_dominated else _rounded(math.fsum(numbers) / len(numbers))
    return Figures(mean, _rounded(_middle(sorted(numbers))))


def of_days(days: Sequence[int]) -> Figures:
    """The month of the median date: a day would be that of somebody."""
    if len(days) < K:
        return Figures()
    return Figures(None, date.fromordinal(int(_middle(sorted(days)))).isoformat()[:7])


def of_steps(counts: dict[int, int]) -> Figures:
    """Mean and median of the steps of a scale, each with how many chose it."""
    total = sum(counts.values())
    if total < K:
        return Figures()
    ordered = [step for step in sorted(counts) for _ in range(counts[step])]
    return Figures(mean(counts), _middle(ordered))


def mean(counts: dict[int, int]) -> float | None:
    """The mean of numbers with how often each comes."""
    total = sum(counts.values())
    return _rounded(sum(number * count for number, count in counts.items()) / total) if total else None


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
