"""Analyse many texts over any `concurrent.futures.Executor`: in order, in chunks, with steady memory.

The executor is a pool of processes of this machine, or a Dask cluster: the code and the results are the same.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from engage.analysis.analyser import Analyser, Analysis
from engage.analysis.semantic import Embedder
from engage.analysis.taxonomy import Taxonomy

Item = TypeVar("Item")
Text = tuple[str, str | None]
Chunk = tuple[list[Item], "Future[list[Analysis]]"]

# Texts that travel together: enough that sending them costs little, few enough that progress is seen.
CHUNK = 200
# Chunks on their way at once for each worker: one in work, one waiting; results are taken in order.
_AHEAD = 3


class ClusterUnavailable(Exception):
    """A cluster that cannot be used; the message is one line that says why."""


_analysers: dict[str, Analyser] = {}


def analyse_chunk(taxonomy: Taxonomy, texts: list[Text], embedder: Embedder | None = None) -> list[Analysis]:
    """Analyse one chunk wherever it arrives; each process builds the analyser of a taxonomy once."""
    known_as = f"{taxonomy.digest} {embedder.name if embedder else ''}"
    analyser = _analysers.get(known_as)
    if analyser is None:
        analyser = _analysers[known_as] = Analyser(taxonomy, embedder=embedder)
    return [analyser.analyse(text, language_hint=hint) for text, hint in texts]


def analyse_many(
    items: Iterable[Item],
    text_of: Callable[[Item], Text],
    *,
    analyser: Analyser,
    executor: Executor | None = None,
    workers: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[Item, Analysis]]:
    """Each item with its analysis, in the order of the items.

    ``text_of`` gives the text of an item and the language that its sender named, if any. Without an executor
    the work is done here. At most ``workers`` × 3 chunks of `CHUNK` texts are held at once. ``on_progress``
    is told how many items are done so far. Errors of a worker are raised here.
    """
    done = 0
    for chunk, results in _chunks(items, text_of, analyser, executor, workers):
        done += len(chunk)
        yield from zip(chunk, results, strict=True)
        if on_progress is not None:
            on_progress(done)


def _chunks(
    items: Iterable[Item],
    text_of: Callable[[Item], Text],
    analyser: Analyser,
    executor: Executor | None,
    workers: int,
) -> Iterator[tuple[list[Item], list[Analysis]]]:
    waiting: deque[Chunk[Item]] = deque()
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        texts = [text_of(item) for item in chunk]
        if executor is None:
            yield chunk, [analyser.analyse(text, language_hint=hint) for text, hint in texts]
            continue
        waiting.append((chunk, executor.submit(analyse_chunk, analyser.taxonomy, texts, analyser.embedder)))
        if len(waiting) >= workers * _AHEAD:
            yield _first(waiting)
    while waiting:
        yield _first(waiting)


def _first(waiting: deque[Chunk[Item]]) -> tuple[list[Item], list[Analysis]]:
    chunk, future = waiting.popleft()
    return chunk, future.result()


def available_workers() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """A pool of fresh processes; work that has not begun is dropped when the caller fails."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
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
