"""Nothing that was acknowledged is lost or doubled, whatever is killed. Whole in ``make bench``."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.app import create_app
from engage.config import from_environment
from engage.db.session import db
from tests.bench.faults import figures, under_fire
from tests.conftest import test_environment
from tests.support import databases, makers
from tests.support.faults import free_port

COMMENTS, CLIENTS, ROUNDS = 40, 4, 1


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_was_acknowledged_exists_exactly_once(database: str, tmp_path: Path) -> None:
    cluster = None
    if database == "postgresql":
        if not databases.has_postgresql():
            pytest.skip("PostgreSQL's server programs are not on this machine")
        cluster = databases.DurableCluster()
        cluster.start()
        url = databases.create_database(str(cluster.socket_folder), "faults")
    else:
        url = f"sqlite:///{tmp_path / 'engage.sqlite'}"
    databases.migrated(url)
    try:
        with free_port() as port:
            environment = test_environment(url, tmp_path) | {
                "ENGAGE_BASE_URL": f"http://127.0.0.1:{port}",
                "ENGAGE_TRUSTED_HOSTS": "127.0.0.1",
            }
            app = create_app(from_environment(environment))
            with app.app_context(), db.sessionmaker() as session, session.begin():
                slug = makers.comment_period(session).slug
            with app.app_context():
                db.engine.dispose()
            outcome = under_fire(
                environment,
                tmp_path,
                slug,
                port,
                cluster,
                [f"Comment number {number}, sent while everything dies." for number in range(COMMENTS)],
                clients=CLIENTS,
                rounds=ROUNDS,
                processes=1,
            )
        with app.app_context():
            told = {figure.name.partition(": ")[2]: figure.value for figure in figures("", outcome, app)}
            db.engine.dispose()
    finally:
        if cluster is not None:
            cluster.close()

    assert outcome.kills
    assert all(count == ROUNDS for count in outcome.kills.values())
    assert told["comments acknowledged"] == COMMENTS
    assert told["acknowledged and not stored exactly once"] == 0
    assert told["stored and never acknowledged"] == 0
    assert told["two receipts for one form"] == 0
    assert told["acknowledged and not proven by verify.py"] == 0
