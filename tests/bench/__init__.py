"""``make bench``: figures to compare a later change with. ``python -m tests.bench NAME …`` runs some.

A benchmark takes a `Place` and yields figures; `benchmark` registers it under its name. Each has a
temporary SQLite database of its own.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from flask import Flask

from engage.app import create_app
from engage.config import from_environment
from engage.demo.reading import scripts
from tests.conftest import test_environment
from tests.support import databases

OUT = Path("build") / "bench.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that was measured."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated empty site in a folder of its own, and the environment that starts it in other processes."""

    folder: Path
    app: Flask
    environment: dict[str, str]


Benchmark = Callable[[Place], Iterator[Figure]]

_BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(function: Benchmark) -> Benchmark:
    """Let `run` find this function."""
    _BENCHMARKS[function.__name__] = function
    return function


def run(names: Sequence[str] = ()) -> list[Figure]:
    """Run the benchmarks of these names (all without any), print their figures and write them to `OUT`."""
    unknown = sorted(set(names) - set(_BENCHMARKS))
    if unknown:
        raise click.UsageError(f"No benchmark is called {unknown[0]}; there are {', '.join(_BENCHMARKS)}.")
    figures: list[Figure] = []
    begun = time.perf_counter()
    for name in names or _BENCHMARKS:
        for figure in _measured(_BENCHMARKS[name]):
            click.echo(f"{figure.name:<58} {_shown(figure.value):>12} {figure.unit}")
            figures.append(figure)
    OUT.parent.mkdir(exist_ok=True)
    told = [{"name": figure.name, "value": figure.value, "unit": figure.unit} for figure in figures]
    OUT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(figures)} figures in {time.perf_counter() - begun:.0f} s, also in {OUT}")
    return figures


def _measured(function: Benchmark) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="engage-bench-") as folder:
        sandbox = databases.sqlite_sandbox(Path(folder))
        environment = test_environment(sandbox.url, Path(folder)) | {"ENGAGE_STAFF_MFA": "optional"}
        yield from function(Place(Path(folder), create_app(from_environment(environment)), environment))


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def median_milliseconds(act: Callable[[], object], *, times: int = 30) -> float:
    """The median time of an act, after two runs that warm it up."""
    for _ in range(2):
        act()
    return statistics.median(seconds(act) for _ in range(times)) * 1000


@cache
def texts(number: int) -> tuple[str, ...]:
    """So many different comments, the same at every run: sentences of the demo's comments in new orders."""
    chance = random.Random(2870)  # noqa: S311 - the same texts at every run, nothing secret
    written = [script.text for script in scripts()]
    return tuple(f"{chance.choice(written)} {chance.choice(written)} ({count})" for count in range(number))
