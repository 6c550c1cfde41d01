"""What was counted of texts and submitters that raise a concern survives the way to one row, and back."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engage.db import migrate
from tests.support import databases

_numbers = itertools.count()
COUNTED = [
    ("text", "a" * 64, 3, {"cost_budget": 2, "trust": 1}),
    ("text", "b" * 64, 1, {}),
    ("submitter", "a" * 64, 2, {"trust": 2}),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    """An engine on a database without any table."""
    if request.param == "sqlite":
        return sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}", poolclass=sa.pool.NullPool)
    name = f"concerns_{os.getpid()}_{next(_numbers)}"
    return sa.create_engine(
        databases.create_database(request.getfixturevalue("cluster"), name), poolclass=sa.pool.NullPool
    )


def test_counted_concerns_survive_the_way_there_and_back(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        migrate.upgrade(connection)
        if connection.dialect.name == "postgresql":
            # Without a docket and a period for them: foreign keys are not asked.
            connection.execute(sa.text("SET session_replication_role = replica"))
        for kind, key, n, concerns in COUNTED:
            connection.execute(
                sa.text(
                    "INSERT INTO report_distinct (period_id, kind, key, n, concerns)"
                    " VALUES (7, :kind, :key, :n, :concerns)"
                ),
                {"kind": kind, "key": key, "n": n, "concerns": json.dumps(concerns)},
            )
        connection.commit()

        while "report_concern_distinct" not in sa.inspect(connection).get_table_names():
            migrate.downgrade(connection, "-1")
        rows = connection.execute(
            sa.text("SELECT period_id, concern, kind, key, n FROM report_concern_distinct ORDER BY 4, 2, 3")
        ).all()
        assert [tuple(row) for row in rows] == [
            (7, "cost_budget", "text", "a" * 64, 2),
            (7, "trust", "submitter", "a" * 64, 2),
            (7, "trust", "text", "a" * 64, 1),
        ]
        migrate.upgrade(connection)

        kept = connection.execute(sa.text("SELECT kind, key, n, concerns FROM report_distinct"))
        assert sorted((row[0], row[1], row[2], _read(row[3])) for row in kept) == sorted(COUNTED)


def _read(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored
