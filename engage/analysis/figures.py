"""How good this version of the analysis was when it was measured (``engage evaluate --ship``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ShippedFigure:
    """A figure that the analysis is held to; see `engage.evaluation.figures.Figure`."""

    name: str
    set: str
    n: int
    value: float
    target: float
    lower_is_better: bool


@dataclass(frozen=True, slots=True)
class ShippedFigures:
    """The figures with a target, and the version of the analysis that they were measured on."""

    version: str
    figures: tuple[ShippedFigure, ...]


@cache
def shipped_figures() -> ShippedFigures:
    """Read them from ``data/figures.json``."""
    data = json.loads((files("engage.analysis") / "data" / "figures.json").read_text("utf-8"))
    return ShippedFigures(
        version=data["version"],
        figures=tuple(
            ShippedFigure(**{field: one[field] for field in ShippedFigure.__slots__})
            for one in data["figures"]
            if one["target"] is not None
        ),
    )
