"""Fixtures of the whole suite. A test with ``app``, ``session`` or ``client`` runs on both databases.

With ``--in-turn``, as ``make test`` says, tests that only pass through SQLAlchemy take turns: of each file
every second on PostgreSQL, the others on SQLite; each view and service is tested by several. On both stays
what the databases do each in its own way: files that speak of constraints, triggers, plans, errors or SQL
by hand (`OF_DATABASES`), those of counting, searching and sealing (`SQL_BY_HAND`), and by its name what
somebody tries with bad intent, at once or twice (`ON_BOTH`). ``make test-both`` runs all on both.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.app import create_app
from engage.backup.marks import mark_file
from engage.clock import utcnow
from engage.config import from_environment
from engage.db.session import db
from engage.web import limit_keys, limit_store, limits
from tests.support import databases, makers
from tests.support.mail import Postman, postman_of
from tests.support.pages import Client

# The files that take longest begin first, so that two workers are done at about the same time.
SLOWEST = (
    "journeys/test_every_page.py::TestInEnglish",
    "test_server.py",
    "guards/test_access_matrix.py",
    "test_faults.py",
    "web/test_enhancements.py",
    "reports/test_views.py",
    "accounts/test_sign_in.py",
    "journeys/test_official.py",
    "journeys/test_every_page.py::TestInSpanish",
    "journeys/test_comment.py",
    "demo/test_service.py",
    "analysis/test_bulk.py",
    "reports/test_count.py",
    "exchange/test_analyze_cluster.py",
)
LOOKS_AT_PAGES = frozenset({"client", "sign_in"})
ON_BOTH = re.compile(
    r"attack|race|at_once|twice|once|safe|limit|faults|privacy|second_factor|sign_in|who_|secret|token"
    r"|same_time|already|taken|conflict|meanwhile|constraint|lock|two_|rolled|fail|whole_way"
)
OF_DATABASES = re.compile(
    r"IntegrityError|DBAPIError|OperationalError|DatabaseError|ProgrammingError|dialect|sa\.text\(|[Tt]rigger"
    r"|EXPLAIN|driver_connection|psycopg|sqlite3"
)
SQL_BY_HAND = re.compile(
    r"/test_(\w+_)?(archive|box|bursts|count|filters|find|queue|results|search|seal|tally|types)(_\w+)?\.py"
)
SHARED = Path(__file__).resolve().parents[2] / "shared"

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile(
    "steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["both", "sqlite", "postgresql"], default="both", help="the databases to run on"
    )
    parser.addoption(
        "--in-turn",
        action="store_true",
        help="let what only passes through SQLAlchemy take turns between the two",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("--database")
    unwanted = {"both": None, "sqlite": "postgresql", "postgresql": "sqlite"}[chosen]
    left_out = {item for item in items if unwanted is not None and _database_of(item) == unwanted}
    if config.getoption("--in-turn"):
        left_out |= _out_of_turn(items)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=_starts_at)
    for item in items:
        if not SHARED.is_dir() and item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason="../shared is not beside the project"))
        if _database_of(item) == "postgresql":
            item.add_marker(pytest.mark.postgresql)


def _starts_at(item: pytest.Item) -> int:
    name = item.nodeid.removeprefix("tests/")
    return next((place for place, slow in enumerate(SLOWEST) if name.startswith(slow)), len(SLOWEST))


def _out_of_turn(items: list[pytest.Item]) -> set[pytest.Item]:
    """The tests that run on the other database."""
    turns: dict[str, dict[str, str]] = defaultdict(dict)
    left_out = set()
    for item in items:
        database = _database_of(item)
        if database is None or _stays_on_both(item):
            continue
        file, _, name = item.nodeid.partition("::")
        name = "-".join(part for part in re.split(r"[-\[\]]", name) if part != database)
        known = turns[file]
        if known.setdefault(name, ("sqlite", "postgresql")[len(known) % 2]) != database:
            left_out.add(item)
    return left_out


def _stays_on_both(item: pytest.Item) -> bool:
    looks = not LOOKS_AT_PAGES.isdisjoint(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("both") is not None or ON_BOTH.search(item.nodeid) is not None
    return marked or (not looks and _is_of_databases(item.path))


@cache
def _is_of_databases(file: Path) -> bool:
    by_hand = SQL_BY_HAND.search(file.as_posix()) is not None
    return by_hand or OF_DATABASES.search(file.read_text("utf-8")) is not None


def _database_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("installation") if callspec else None


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run know."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(shared_folder: Path) -> Iterator[None]:
    """Each template is compiled once in a run, not again by every site that a test makes."""
    folder = shared_folder / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(folder))})
        yield


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder of this process for databases that nobody needs after it."""
    folder = databases.new_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(shared_folder: Path) -> Iterator[str]:
    """The socket folder of a throw-away PostgreSQL cluster, shared by all processes of this run."""
    if not databases.has_postgresql():
        pytest.skip("PostgreSQL's server programs are not on this machine")
    yield from databases.shared_cluster(shared_folder / "cluster")


@dataclass(frozen=True, slots=True)
class Installation:
    """A site of this process and the database that it stands on."""

    sandbox: databases.Sandbox
    app: Flask


@pytest.fixture(scope="session")
def installations(
    request: pytest.FixtureRequest, shared_folder: Path, quick_folder: Path, worker_id: str
) -> Iterator[Callable[[str], Installation]]:
    """The sites of this process by database, each made when it is first asked for and kept to the end."""

    @cache
    def install(database: str) -> Installation:
        folder = quick_folder / database
        folder.mkdir()
        if database == "sqlite":
            sandbox = databases.sqlite_sandbox(folder, shared_folder)
        else:
            name = f"engage_{worker_id}_{os.getpid()}"
            sandbox = databases.postgresql_sandbox(request.getfixturevalue("cluster"), name, shared_folder)
        installed = Installation(sandbox, create_app(from_environment(test_environment(sandbox.url, folder))))
        made.append(installed)
        return installed

    made: list[Installation] = []
    yield install
    for installed in made:
        with installed.app.app_context():
            db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, installations: Callable[[str], Installation]
) -> Installation:
    """The site under test: every test that asks for it runs on both databases."""
    return installations(request.param)


@pytest.fixture
def sandbox(installation: Installation) -> databases.Sandbox:
    """The migrated database of the site under test."""
    return installation.sandbox


def test_environment(database_url: str, folder: Path) -> dict[str, str]:
    """Settings for a test site."""
    return {
        "ENGAGE_SECRET_KEY": "a key that is used in tests only and nowhere else",
        "ENGAGE_DATABASE_URL": database_url,
        "ENGAGE_QUEUE_URL": f"sqlite:///{folder / 'queue.sqlite'}",
        "ENGAGE_LIMITS_URL": f"sqlite:///{folder / 'limits.sqlite'}",
        "ENGAGE_MARK_FILE": str(folder / "log.mark"),
        # All tests together come from one address; those of the limits switch them on.
        "ENGAGE_LIMITS": "off",
        "ENGAGE_BASE_URL": "http://localhost",
        "ENGAGE_SITE_NAME": "Testing County",
    }


test_environment.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def app(installation: Installation) -> Flask:
    """The site on an empty database."""
    with installation.app.app_context():
        installation.sandbox.renew(db.engine)
        # Kept outside the database, so it would take the empty one for an older copy.
        mark_file().unlink(missing_ok=True)
    installation.app.test_client_class = Client
    return installation.app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the site's database, in an application context; commit before asking for a page."""
    with app.app_context(), db.sessionmaker() as session:
        yield session


@pytest.fixture
def client(app: Flask) -> Client:
    """A resident's browser without JavaScript; it refuses a bad page. CSRF tokens are asked for."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def limited(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The same site, counting how often a network comes; its key is where the test can look at it."""
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(limit_keys, "MEMORY", memory)
    # A window ends at a round time: a test that runs at that time would count from nothing in its middle.
    now = utcnow().replace(minute=1, second=0, microsecond=0)
    for module in (limit_store, limits):
        monkeypatch.setattr(module, "utcnow", lambda: now)
    settings = app.config["ENGAGE_SETTINGS"]
    site = create_app(
        dataclasses.replace(settings, limits=True, limits_url=f"sqlite:///{tmp_path / 'limits.sqlite'}")
    )
    site.test_client_class = Client
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def postman(app: Flask) -> Iterator[Postman]:
    """A mail server on this machine that the site sends to."""
    with postman_of(app) as postman:
        yield postman


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Client]:
    """A browser of somebody who is signed in: ``sign_in(user)`` or ``sign_in(RoleName.MODERATOR)``."""

    def sign_in(who: User | RoleName) -> Client:
        with app.app_context(), db.sessionmaker() as session:
            person = makers.user(session, who) if isinstance(who, RoleName) else who
            session.commit()
            identity = person.fs_uniquifier
        client = app.test_client()
        assert isinstance(client, Client)
        with client.session_transaction() as cookie:
            cookie.update(signed_in_cookie(identity))
        return client

    return sign_in


def signed_in_cookie(identity: str) -> dict[str, Any]:
    """What Flask-Security keeps in the cookie of somebody who has just signed in."""
    import time

    return {
        "_user_id": identity,
        "_fresh": True,
        "fs_cc": "set",
        "fs_paa": time.time(),
        "identity.id": identity,
    }
