"""Counting many answers is quick and needs little memory. Whole in ``make bench``."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.app import create_app
from engage.config import from_environment
from tests.bench import Place
from tests.bench.forms import figures
from tests.conftest import test_environment
from tests.support import databases


@pytest.mark.slow
def test_counting_keeps_few_answers_in_memory(tmp_path: Path) -> None:
    sandbox = databases.sqlite_sandbox(tmp_path)
    environment = test_environment(sandbox.url, tmp_path)
    place = Place(tmp_path, create_app(from_environment(environment)), environment)

    found = {figure.name: figure.value for figure in figures("SQLite", place, 6000)}

    assert found["… memory above that of an empty site, SQLite"] < 120
    assert found["… cross tables told, SQLite"] >= 50
