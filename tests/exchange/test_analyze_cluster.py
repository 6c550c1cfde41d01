"""``engage analyze --cluster``: on a real Dask cluster, the same bytes even where a worker dies."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from engage.exchange.cli_analyze import analyze_command

pytest.importorskip("distributed", reason="the extra “cluster” is not installed")

FILES = ("comments.csv", "report.json", "report.html")
ROWS = 6000
PATIENCE = 60  # seconds


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Enough comments that the work takes some seconds."""
    path = tmp_path / "comments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text"))
        for number in range(ROWS):
            writer.writerow(
                (number, f"I oppose this agreement, for deputies have {number} other things to do." * 3)
            )
    return path


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers in processes of their own: its address, and the workers."""
    begin = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    address_file = tmp_path / "scheduler.json"
    options = ["--no-dashboard", "--scheduler-file", str(address_file)]
    scheduler = subprocess.Popen([*begin, *options], stderr=subprocess.DEVNULL, text=True)
    workers: list[subprocess.Popen[str]] = []
    try:
        _wait(address_file.exists)
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(address_file)]
        worker += ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)]
        workers += [subprocess.Popen(worker, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
        address = _address(address_file)
        _wait(lambda: _workers_of(address) == 2)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(PATIENCE)


def _wait(until: object) -> None:
    assert callable(until)
    for _ in range(PATIENCE * 10):
        if until():
            return
        time.sleep(0.1)
    raise TimeoutError("The cluster did not start.")


def _address(file: Path) -> str:
    import json

    address: str = json.loads(file.read_text("utf-8"))["address"]
    return address


def _workers_of(address: str) -> int:
    from distributed import Client

    with Client(address, timeout="10s") as client:
        return len(client.nthreads())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_is_killed_in_the_middle_changes_no_byte(
    sheet: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, workers = cluster
    CliRunner().invoke(analyze_command, [str(sheet), "--out", str(tmp_path / "here"), "--workers", "1"])
    killer = threading.Timer(1.5, lambda: os.kill(workers[0].pid, signal.SIGKILL))
    killer.start()

    result = CliRunner().invoke(
        analyze_command, [str(sheet), "--out", str(tmp_path / "there"), "--cluster", address]
    )

    killed_in_time = workers[0].poll() == -signal.SIGKILL
    assert result.exit_code == 0, result.output
    assert killed_in_time
    for name in FILES:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
