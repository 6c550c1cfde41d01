"""Migrations are numbered, reversible, never import the site, and make just the tables of the models."""

from __future__ import annotations

import ast
import itertools
import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engage import paths
from engage.db import migrate
from engage.models import Base
from tests.support import databases

VERSIONS = sorted((paths.MIGRATIONS / "versions").glob("*.py"))
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    """An engine on a database without any table."""
    if request.param == "sqlite":
        return sa.create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}", poolclass=sa.pool.NullPool)
    name = f"migrations_{os.getpid()}_{next(_numbers)}"
    return sa.create_engine(
        databases.create_database(request.getfixturevalue("cluster"), name), poolclass=sa.pool.NullPool
    )


def _schema(connection: sa.Connection) -> dict[str, object]:
    inspector = sa.inspect(connection)
    return {
        table: (
            [
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            ],
            sorted(str(index["name"]) for index in inspector.get_indexes(table)),
            sorted(str(check["name"]) for check in inspector.get_check_constraints(table)),
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_they_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in VERSIONS]

    assert numbers == list(range(1, len(VERSIONS) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name) for path in VERSIONS)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_none_imports_the_site(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]

    assert not [
        name for name in imported if name.split(".")[0] in ("engage", "flask", "flask_security", "tests")
    ]


def test_the_models_and_the_migrations_agree(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        migrate.upgrade(connection)
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": False}), Base.metadata
        )

    assert differences == []


def test_each_step_back_and_forward_again_makes_the_same_tables(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        migrate.upgrade(connection)
        newest = _schema(connection)
        for path in reversed(VERSIONS):
            migrate.downgrade(connection, "-1")
            migrate.upgrade(connection, path.name[:4])
            migrate.downgrade(connection, "-1")
        assert _schema(connection) == {}

        migrate.upgrade(connection)
        assert _schema(connection) == newest
