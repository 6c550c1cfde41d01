"""Made-up periods as numbers alone: who wrote, and what each raised. No database."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from engage.comments.models import Position
from engage.reports.inputs import DistrictFacts, Numbers
from engage.reports.measures import Facts, TallyKey, tallies
from engage.reports.summary import Count, Summary, summarise
from engage.reports.tables import Crosstab, tables_of
from tests.support.makers import both

CONCERNS = ("safety", "cost", "family", "trust", "courts", "jobs", "rare")
DISTRICTS = tuple(DistrictFacts(number, f"d{number}", both(f"D{number}")) for number in range(1, 6))
CHANNELS = ("web", "email", "mail", "phone", "meeting_oral")


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many wrote; how strongly positions go with concerns and places: 0 not at all, 1 wholly."""

    seed: int
    number: int
    bound: float = 0.5
    split: float = 0.3
    days: int = 80


def facts_of(crowd: Crowd) -> list[Facts]:
    """Everybody of a crowd. Concerns go with positions, positions with districts, as they do in life."""
    chance = random.Random(crowd.seed)  # noqa: S311 - the same people at every run
    sides = [chance.random() for _ in DISTRICTS]
    return [_person(chance, crowd, sides) for _ in range(crowd.number)]


def _person(chance: random.Random, crowd: Crowd, sides: list[float]) -> Facts:
    place = chance.choices([None, *range(len(DISTRICTS))], (3, 30, 20, 8, 3, 1))[0]
    lean = 0.5 if place is None else 0.5 + crowd.split * (sides[place] - 0.5) * 2
    position = chance.choices(
        [Position.SUPPORT, Position.OPPOSE, Position.MIXED, Position.NEUTRAL, Position.QUESTION_ONLY, None],
        (10 * lean, 10 * (1 - lean), 0.6, 1, 0.4, 2),
    )[0]
    return Facts(
        disposition="posted",
        position=position,
        district=None if place is None else str(DISTRICTS[place].id),
        day=(date(2026, 9, 24) + timedelta(days=int(crowd.days * chance.random() ** 2))).isoformat(),
        channel=chance.choices(CHANNELS, (40, 20, 5, 3, 1))[0],
        language=chance.choices(["en", "es", "ht", "und"], (60, 20, 2, 3))[0],
        tone=chance.choice(["positive", "negative", "neutral"]),
        analyser="1",
        concerns=tuple(code for code in CONCERNS if chance.random() < _raises(code, position, crowd.bound)),
    )


def _raises(code: str, position: Position | None, bound: float) -> float:
    loose = {
        "safety": 0.4,
        "cost": 0.3,
        "family": 0.3,
        "trust": 0.95,
        "courts": 0.1,
        "jobs": 0.04,
        "rare": 0.01,
    }
    tied = {"safety": Position.SUPPORT, "family": Position.OPPOSE, "courts": Position.OPPOSE, "jobs": None}
    if code not in tied:
        return loose[code]
    return bound * (position == tied[code]) + (1 - bound) * loose[code]


def numbers_of(everybody: list[Facts]) -> Numbers:
    """What is counted of them."""
    numbers: Counter[TallyKey] = Counter()
    for facts in everybody:
        numbers.update(tallies(facts))
    return numbers


def told_of(everybody: list[Facts]) -> tuple[Summary, tuple[Crosstab, ...]]:
    """What a report tells of them."""
    numbers = numbers_of(everybody)
    summary = summarise(Count(numbers, None, 0), DISTRICTS, CONCERNS)
    return summary, tables_of(summary, numbers, DISTRICTS)
