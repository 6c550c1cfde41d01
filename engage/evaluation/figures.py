"""A number that was measured, and what it is held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``n`` is how many texts it rests on, ``set`` the labelled set that they are from.

    ``target`` is None for a figure that is only shown; with ``lower_is_better`` it is a ceiling.
    """

    name: str
    value: float
    unit: str
    n: int
    set: str
    target: float | None = None
    lower_is_better: bool = False

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.lower_is_better else self.value >= self.target


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each label was taken for each: rows are what people said, columns what the analysis said."""

    name: str
    language: str
    set: str
    labels: tuple[str, ...]
    said: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def as_data(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The figures for JSON, with the keys of `Figure`."""
    return [asdict(figure) for figure in figures]
