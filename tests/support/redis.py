"""A Redis of our own for one test, that answers on a socket in a folder and writes nothing by itself."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def throwaway_redis(folder: Path) -> Iterator[str]:
    """The address of a Redis that is stopped at the end of the block; skips where none is installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on this machine")
    socket = folder / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if "eady to accept connections" in line:
                    break
            yield f"redis+unix://{socket}"
        finally:
            # Not asked to end: it would first finish writing to a disk, if a test has let it do so.
            server.kill()
