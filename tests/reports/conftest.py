"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from engage.app import create_app
from engage.config import from_environment
from tests.conftest import test_environment


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A site whose database nobody asks."""
    folder = tmp_path_factory.mktemp("bare")
    return create_app(from_environment(test_environment(f"sqlite:///{folder / 'nothing.sqlite'}", folder)))
