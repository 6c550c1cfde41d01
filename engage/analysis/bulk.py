"""Analyse many texts over any `concurrent.futures.Executor`: in order, in chunks, with steady memory.

The executor is a pool of processes of this machine, or a Dask cluster: the code and the results are the same.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from engage.analysis.analyser import Analyser, Analysis

Item = TypeVar("Item")
Result = TypeVar("Result")
Text = tuple[str, str | None]
Chunk = tuple[list[Item], "Future[list[Result]]"]

# Texts that travel together: enough that sending them costs little, few enough that progress is seen.
CHUNK = 200
# Chunks on their way at once for each worker: one in work, one waiting; results are taken in order.
_AHEAD = 3
# Texts whose results are kept: copies of a letter are measured once.
_REMEMBERED = 4096


class ClusterUnavailable(Exception):
    """A cluster that cannot be used; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an analyser is built, which travels cheaper than one."""

    version: str
    make: Callable[..., Analyser]
    arguments: tuple[Any, ...]


class _Measurer:
    """An analyser that remembers what it said of the latest texts, of each only what is asked for."""

    def __init__(self, analyser: Analyser, take: Callable[[Analysis], Result]) -> None:
        def measure(text: str, hint: str | None) -> Result:
            return take(analyser.analyse(text, language_hint=hint))

        self._measure = lru_cache(maxsize=_REMEMBERED)(measure)

    def __call__(self, texts: Iterable[Text]) -> list[Any]:
        """What is asked for of each text."""
        return [self._measure(text, hint) for text, hint in texts]


_measurers: dict[tuple[str, object], _Measurer] = {}


def _measurer(analyser: Analyser, take: Callable[[Analysis], Result]) -> _Measurer:
    key = (analyser.version, take)
    if key not in _measurers:
        _measurers[key] = _Measurer(analyser, take)
    return _measurers[key]


def measure_chunk(recipe: Recipe, take: Callable[[Analysis], Result], texts: list[Text]) -> list[Result]:
    """Analyse one chunk wherever it arrives; each process builds the analyser of a version once."""
    measurer = _measurers.get((recipe.version, take))
    return (measurer or _measurer(recipe.make(*recipe.arguments), take))(texts)


def whole(analysis: Analysis) -> Analysis:
    """All of it."""
    return analysis


def analyse_many(
    items: Iterable[Item],
    text_of: Callable[[Item], Text],
    *,
    analyser: Analyser,
    take: Callable[[Analysis], Result],
    executor: Executor | None = None,
    workers: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[Item, Result]]:
    """Each item with what ``take`` takes of its analysis, in the order of the items.

    ``text_of`` gives the text of an item and the language that its sender named, if any. ``take`` is a
    function of a module, so that it can travel; what is not taken is not sent back. Without an executor
    the work is done here. At most ``workers`` × 3 chunks of `CHUNK` texts are held at once. ``on_progress``
    is told how many items are done so far. Errors of a worker are raised here.
    """
    done = 0
    for chunk, results in _chunks(items, text_of, _work(analyser, take, executor), workers):
        done += len(chunk)
        yield from zip(chunk, results, strict=True)
        if on_progress is not None:
            on_progress(done)


def _work(
    analyser: Analyser, take: Callable[[Analysis], Result], executor: Executor | None
) -> Callable[[list[Text]], Future[list[Result]]]:
    if executor is not None:
        make, arguments = analyser.__reduce__()
        recipe = Recipe(analyser.version, make, arguments)
        return lambda texts: executor.submit(measure_chunk, recipe, take, texts)
    measure = _measurer(analyser, take)

    def work(texts: list[Text]) -> Future[list[Result]]:
        done: Future[list[Result]] = Future()
        done.set_result(measure(texts))
        return done

    return work


def _chunks(
    items: Iterable[Item],
    text_of: Callable[[Item], Text],
    work: Callable[[list[Text]], Future[list[Result]]],
    workers: int,
) -> Iterator[tuple[list[Item], list[Result]]]:
    waiting: deque[Chunk[Item, Result]] = deque()
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        waiting.append((chunk, work([text_of(item) for item in chunk])))
        if len(waiting) >= workers * _AHEAD:
            yield _first(waiting)
    while waiting:
        yield _first(waiting)


def _first(waiting: deque[Chunk[Item, Result]]) -> tuple[list[Item], list[Result]]:
    chunk, future = waiting.popleft()
    return chunk, future.result()


def available_workers() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# How many new objects make the collector look for rings of dead ones. An analysis makes thousands of objects
# and no ring, so looking as often as Python does by default costs a fifth of the time.
_SELDOM = (50_000, 20, 100)
# Said in both languages so that everything is loaded that is loaded when it is first needed.
_WARM_UP = (("I do not support this agreement.", "en"), ("No apoyo este acuerdo.", "es"))


@contextmanager
def process_pool(workers: int, analyser: Analyser, take: Callable[[Analysis], Result]) -> Iterator[Executor]:
    """A pool of processes; work that has not begun is dropped when the caller fails.

    Where processes can be copied (Linux), the workers are copies of this one with everything loaded, made
    before it has a second thread; elsewhere they are fresh and load it themselves.
    """
    copied = sys.platform == "linux" and threading.active_count() == 1
    if copied:
        _measurer(analyser, take)(_WARM_UP)
        # What is loaded by now stays: no collector looks through it again, here or in the copies.
        gc.freeze()
        gc.set_threshold(*_SELDOM)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("fork" if copied else "spawn"))
    try:
        # The first task starts the workers.
        pool.submit(int).result()
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor over a running Dask cluster, and how many threads it has. Raises ClusterUnavailable."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnavailable(
            "--cluster needs the package “distributed”: pip install 'engage[cluster]'."
        ) from error
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise ClusterUnavailable(f"no Dask cluster answers at {address} ({error}).") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ClusterUnavailable(f"the Dask cluster at {address} has no workers.")
        yield client.get_executor(pure=False), threads
