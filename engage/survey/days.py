"""Days that several answers share, so that nobody is found by theirs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engage.survey.suppression import K


def shared_days(numbers: Mapping[date, int]) -> dict[date, date]:
    """What each day is written as: a day of its own has K answers, others join a later one.

    ``numbers`` says how many answers came on each day, of all that are written at once. Else whoever knows
    that somebody was the only one to answer on a Sunday finds their answer.
    """
    written: dict[date, date] = {}
    group: list[date] = []
    number, last = 0, None
    for day, count in sorted(numbers.items()):
        group.append(day)
        number += count
        if number >= K:
            written |= dict.fromkeys(group, day)
            last, group, number = day, [], 0
    if group:
        # Too few are left: they and the group before them share the last day.
        before = [day for day, as_ in written.items() if as_ == last]
        written |= dict.fromkeys([*before, *group], group[-1])
    return written
