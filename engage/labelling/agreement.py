"""How far two people agree: the share of equal answers, and Cohen's kappa. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """``equal`` of ``answers`` answers are the same.

    ``kappa`` is 1 where all are, 0 where as many are as chance would make equal, below 0 where fewer are;
    None where both always gave one and the same answer, so that chance explains everything, or there is no
    answer.
    """

    answers: int
    equal: int
    kappa: float | None


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """How far two people gave the same answers to the same questions.

    Source: Cohen 1960, A coefficient of agreement for nominal scales.
    """
    answers = list(pairs)
    n = len(answers)
    equal = sum(one == other for one, other in answers)
    first, second = (
        (Counter(side) for side in zip(*answers, strict=True)) if answers else (Counter(), Counter())
    )
    by_chance = sum(count * second[answer] for answer, count in first.items())
    kappa = (n * equal - by_chance) / (n * n - by_chance) if by_chance < n * n else None
    return Agreement(n, equal, kappa if n else None)
