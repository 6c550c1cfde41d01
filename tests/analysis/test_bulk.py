"""Many texts, in order, over any executor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Self

import pytest

from engage.analysis import Analyser
from engage.analysis.bulk import (
    CHUNK,
    ClusterUnavailable,
    analyse_many,
    available_workers,
    cluster,
    process_pool,
    whole,
)

ANALYSER = Analyser()
TEXTS = [
    f"Comment {number}: I {'oppose' if number % 2 else 'support'} this agreement."
    for number in range(CHUNK * 5 + 7)
]


def _text_of(text: str) -> tuple[str, str | None]:
    return text, "en"


def test_results_come_in_the_order_of_the_texts_whoever_does_the_work() -> None:
    here = list(analyse_many(TEXTS, _text_of, analyser=ANALYSER, take=whole))
    with ThreadPoolExecutor(3) as executor:
        there = list(
            analyse_many(TEXTS, _text_of, analyser=ANALYSER, take=whole, executor=executor, workers=3)
        )

    assert [text for text, _ in here] == TEXTS
    assert here == there


def test_other_processes_give_the_same_results() -> None:
    with process_pool(2, ANALYSER, whole) as executor:
        there = list(
            analyse_many(TEXTS[:450], _text_of, analyser=ANALYSER, take=whole, executor=executor, workers=2)
        )

    assert there == list(analyse_many(TEXTS[:450], _text_of, analyser=ANALYSER, take=whole))


def test_only_a_few_chunks_are_read_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "I support this."

    with ThreadPoolExecutor(2) as executor:
        next(analyse_many(endless(), _text_of, analyser=ANALYSER, take=whole, executor=executor, workers=2))

    assert taken <= CHUNK * 6


def test_progress_counts_what_is_done() -> None:
    heard: list[int] = []
    list(analyse_many(TEXTS, _text_of, analyser=ANALYSER, take=whole, on_progress=heard.append))

    assert heard == [*(CHUNK * number for number in range(1, 6)), len(TEXTS)]


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    def broken(text: str) -> tuple[str, str | None]:
        return None, None  # type: ignore[return-value]

    with ThreadPoolExecutor(1) as executor, pytest.raises(TypeError):
        list(analyse_many(["x"], broken, analyser=ANALYSER, take=whole, executor=executor))


def test_a_cluster_without_its_package_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(ClusterUnavailable, match=r"needs the package “distributed”"),
        cluster("tcp://127.0.0.1:1"),
    ):
        pass


class _Client:
    """What is used of Dask's client."""

    threads: dict[str, int]

    def __init__(self, address: str, timeout: str) -> None:
        if "absent" in address:
            raise OSError("Timed out trying to connect")
        self.threads = {} if "idle" in address else {"a": 2, "b": 1}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def nthreads(self) -> dict[str, int]:
        return self.threads

    def get_executor(self, *, pure: bool) -> ThreadPoolExecutor:
        assert pure is False
        return ThreadPoolExecutor(2)


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("distributed")
    module.Client = _Client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", module)


@pytest.mark.usefixtures("dask")
def test_a_cluster_gives_the_same_results() -> None:
    with cluster("tcp://127.0.0.1:8786") as (executor, workers), executor:
        there = list(
            analyse_many(TEXTS, _text_of, analyser=ANALYSER, take=whole, executor=executor, workers=workers)
        )

    assert workers == 3
    assert there == list(analyse_many(TEXTS, _text_of, analyser=ANALYSER, take=whole))


@pytest.mark.usefixtures("dask")
@pytest.mark.parametrize(
    ("address", "message"), [("tcp://absent:1", "no Dask cluster answers"), ("tcp://idle:1", "no workers")]
)
def test_a_cluster_that_is_not_there_or_idle_is_one_clear_line(address: str, message: str) -> None:
    with pytest.raises(ClusterUnavailable, match=message), cluster(address):
        pass


def test_there_is_always_somebody_to_work() -> None:
    assert available_workers() >= 1
