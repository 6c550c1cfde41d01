"""Throw-away databases: an SQLite file, and a PostgreSQL cluster that the tests start themselves on a socket
of their own."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy as sa
from filelock import FileLock

from engage.db import migrate

_MEMORY = Path("/dev/shm")  # noqa: S108 - each makes a folder of its own there
_ENOUGH = 2 * 1024**3
_RENEWALS_BEFORE_TRUNCATE = 100
_MIGRATED = "migrated"
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def has_postgresql() -> bool:
    """Whether PostgreSQL's server programs are on this machine."""
    return bool(_PROGRAMS)


def new_folder() -> Path:
    """An empty folder for databases that need not outlive the machine: in memory where there is room, since
    they write through to the disk at every commit. Whoever asked deletes it."""
    has_room = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ENOUGH
    return Path(tempfile.mkdtemp(prefix="engage-", dir=_MEMORY if has_room else None))


def _run_as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root, so root steps down to the account that Debian made for it."""
    subprocess.run([*_as_postgres(), *command], check=True, capture_output=True, cwd="/tmp")  # noqa: S108


def _as_postgres() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


@contextmanager
def postgresql_cluster() -> Iterator[str]:
    """Start a cluster in a folder of its own, reachable only through a socket there; yields that folder's
    path."""
    folder = new_folder()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, programs = folder / "data", _PROGRAMS[-1]
    _run_as_postgres(
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    )
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "full_page_writes=off")
    # A statistics run in the middle of a test would change what the planner chooses.
    steady = ("max_connections=200", "autovacuum=off", "max_wal_size=256MB", "jit=off")
    options = " ".join(f"-c {setting}" for setting in (*settings, *steady))
    _run_as_postgres(
        str(programs / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"
    )
    try:
        yield str(folder)
    finally:
        _run_as_postgres(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class DurableCluster:
    """A cluster that writes through to the disk as in production, and can be killed and started again."""

    def __init__(self) -> None:
        self.socket_folder = Path(tempfile.mkdtemp(prefix="engage-pg-"))
        self._data, self._programs = self.socket_folder / "data", _PROGRAMS[-1]
        if os.geteuid() == 0:
            shutil.chown(self.socket_folder, "postgres", "postgres")
        initdb = (str(self._programs / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust")
        _run_as_postgres(*initdb, "-E", "UTF8", "--locale=C.UTF-8", "-N")

    def start(self) -> None:
        """Start, and recover from the log what a kill has left."""
        settings = (
            f"-c listen_addresses= -c unix_socket_directories={self.socket_folder} -c max_connections=200"
        )
        log = str(self.socket_folder / "log")
        start = (
            str(self._programs / "pg_ctl"),
            "-D",
            str(self._data),
            "-w",
            "-o",
            settings,
            "-l",
            log,
            "start",
        )
        for attempt in range(50):
            try:
                _run_as_postgres(*start)
                return
            except subprocess.CalledProcessError:
                # The killed one's children have not noticed yet that their parent is dead.
                if attempt == 49:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL to the server, as a power cut would: no checkpoint, nothing flushed that was not before."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def close(self) -> None:
        """Stop and delete it."""
        subprocess.run(
            [
                *_as_postgres(),
                str(self._programs / "pg_ctl"),
                "-D",
                str(self._data),
                "-m",
                "immediate",
                "stop",
            ],
            check=False,
            capture_output=True,
            cwd="/tmp",  # noqa: S108
        )
        shutil.rmtree(self.socket_folder, ignore_errors=True)


def create_database(socket_folder: str, name: str, template: str = "template1") -> str:
    """Create a database in the cluster, empty or a copy; returns its SQLAlchemy address."""
    with psycopg.connect(host=socket_folder, user="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return f"postgresql+psycopg://postgres@/{name}?host={quote(socket_folder, safe='')}"


def shared_cluster(folder: Path) -> Iterator[str]:
    """One cluster for all processes of a test run: the first starts it, the last stops it."""
    folder.mkdir(parents=True, exist_ok=True)
    socket, users = folder / "socket", folder / "users"
    lock = FileLock(folder / "lock")
    cluster = None
    with lock:
        if not socket.exists():
            cluster = postgresql_cluster()
            socket.write_text(cluster.__enter__())
        users.write_text(str(int(users.read_text()) + 1 if users.exists() else 1))
    try:
        yield socket.read_text()
    finally:
        with lock:
            users.write_text(str(int(users.read_text()) - 1))
        if cluster is not None:
            _wait_until_unused(users, lock)
            cluster.__exit__(None, None, None)


def _wait_until_unused(users: Path, lock: FileLock) -> None:
    for _ in range(600):
        with lock:
            if int(users.read_text()) <= 0:
                return
        time.sleep(0.2)


def migrated(url: str) -> None:
    """Bring a database to the newest version."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        migrate.upgrade(connection)
        connection.commit()
    engine.dispose()


class Sandbox:
    """A migrated database that is as new before every test."""

    def __init__(self, url: str, template: Path | None = None) -> None:
        self.url = url
        self._template = template
        self._tables: list[str] = []
        self._renewals = 0
        self._filled_since: set[str] = set()

    def renew(self, engine: sa.Engine) -> None:
        """Take everything out that a test has put in."""
        if self._template is not None:
            self.put_back(engine, self._template)
            return
        self._renewals += 1
        with engine.begin() as connection:
            # Only those that hold something: to empty all of them takes longer than most tests.
            filled = self._filled(connection)
            self._filled_since.update(filled)
            if self._renewals % _RENEWALS_BEFORE_TRUNCATE == 0 and self._filled_since:
                tables = ", ".join(sorted(self._filled_since))
                connection.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
                self._filled_since.clear()
            elif filled:
                self._delete(connection, filled)

    def keep(self, kept: Path) -> None:
        """Copy an SQLite database as it is now, for `put_back` of any process."""
        with closing(sqlite3.connect(self._path)) as now, closing(sqlite3.connect(kept)) as copy:
            now.backup(copy)

    def put_back(self, engine: sa.Engine, kept: Path) -> None:
        """Replace an SQLite database by a copy."""
        engine.dispose()
        for leftover in (Path(f"{self._path}-wal"), Path(f"{self._path}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(kept, self._path)

    @property
    def _path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def _delete(self, connection: sa.Connection, filled: list[str]) -> None:
        """Ten times as fast as TRUNCATE for a test's few rows, but their dead copies stay on the disk.

        As a replica would, without asking triggers and foreign keys.
        """
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for name in filled:
            connection.execute(sa.text(f"DELETE FROM {name}"))  # noqa: S608 - our own tables
        again = "setval(format('%I', sequencename), 1, false)"
        connection.execute(sa.text(f"SELECT {again} FROM pg_sequences WHERE last_value IS NOT NULL"))  # noqa: S608

    def _filled(self, connection: sa.Connection) -> list[str]:
        if not self._tables:
            names = sa.inspect(connection).get_table_names()
            self._tables = [name for name in names if name != "alembic_version"]
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - our own tables
            for name in self._tables
        )
        return list(connection.scalars(sa.text(asked)))


def sqlite_sandbox(folder: Path, shared: Path | None = None) -> Sandbox:
    """A sandbox in an SQLite file. In ``shared`` all processes of a run find what the first has migrated."""
    template = folder / "template.sqlite"
    with FileLock((shared or folder) / "template.lock"):
        migrated_once = (shared or folder) / "migrated.sqlite"
        if not migrated_once.exists():
            migrated(f"sqlite:///{template}")
            # What the site asks of every connection: then none has to change the file.
            with closing(sqlite3.connect(template)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            shutil.move(template, migrated_once)
    path = folder / "engage.sqlite"
    for copy in (template, path):
        shutil.copyfile(migrated_once, copy)
    return Sandbox(f"sqlite:///{path}", template)


def postgresql_sandbox(socket_folder: str, name: str, shared: Path) -> Sandbox:
    """A sandbox in a database of its own in the cluster, a copy of what the first process has migrated."""
    with FileLock(shared / "postgresql.lock"):
        if not (shared / "postgresql").exists():
            migrated(create_database(socket_folder, _MIGRATED))
            (shared / "postgresql").touch()
        return Sandbox(create_database(socket_folder, name, template=_MIGRATED))
