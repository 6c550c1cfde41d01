"""One file with a whole database: written, read back and compared before it has its name.

A zip with ``manifest.json`` (version of the tables, number of rows of each, SHA-256 of the data, where the
logs stood) and the data as the database's own program or library writes it: SQLite's online backup, or
``pg_dump`` from the very snapshot in which the rows were counted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from engage.backup.marks import BelowTheMark, Mark, Marks, check_marks, marks_of
from engage.clock import utcnow
from engage.db import migrate
from engage.errors import EngageError
from engage.moderation.chain import verify_chain

_FORMAT = "engage-backup/1"
_MANIFEST, _DATA = "manifest.json", "data"
_CHUNK = 1 << 20


class BadBackup(EngageError):
    """The file is not a backup of ours, is damaged, or does not hold what it says."""


class NotEmpty(EngageError):
    """There is a database already where the backup should go."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``dialect`` is sqlite or postgresql; ``rows`` counts by table."""

    made_at: str
    dialect: str
    revision: str
    rows: dict[str, int]
    marks: Marks
    sha256: str

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Manifest:
        """Read what ``as_json`` wrote. Raises BadBackup."""
        if stored.pop("format", None) != _FORMAT:
            raise BadBackup("This is not a backup that this version can read.")
        marks = Marks(**{name: Mark(**mark) for name, mark in stored.pop("marks").items()})
        return cls(marks=marks, **stored)

    def as_json(self) -> dict[str, Any]:
        """The manifest as it stands in the file."""
        return {"format": _FORMAT} | asdict(self)


def back_up(engine: sa.Engine, path: Path) -> Manifest:
    """Write a whole database to ``path`` while it is used, and read it back. Raises BadBackup.

    The file can be read only by its owner: it holds all that the database holds, sealed or not.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        data, packed = Path(folder) / _DATA, Path(folder) / "packed"
        write = _dump_postgresql if engine.dialect.name == "postgresql" else _copy_sqlite
        revision, rows, marks = write(engine, data)
        manifest = Manifest(
            made_at=utcnow().isoformat(timespec="seconds"),
            dialect=engine.dialect.name,
            revision=revision,
            rows=rows,
            marks=marks,
            sha256=_sha256(data),
        )
        packed.touch(mode=0o600)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.write(data, _DATA)
            archive.writestr(_MANIFEST, json.dumps(manifest.as_json(), indent=1))
        with unpacked(packed) as (again, copy):
            if again != manifest:
                raise BadBackup("The backup was written and does not read the same.")
            _check_data(manifest.dialect, copy)
        packed.replace(path)
    return manifest


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """What a backup says of itself, and its data in a file while the block lasts. Raises BadBackup."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / _DATA
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = Manifest.of_json(json.loads(archive.read(_MANIFEST)))
                with archive.open(_DATA) as packed, copy.open("wb") as file:
                    shutil.copyfileobj(packed, file, _CHUNK)
        except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
            raise BadBackup(f"The file is no backup or is damaged ({type(error).__name__}).") from None
        if _sha256(copy) != manifest.sha256:
            raise BadBackup("The data in the backup is not what was written.")
        yield manifest, copy


def restore(engine: sa.Engine, path: Path, *, marks: Marks, replace: bool) -> Manifest:
    """Put a backup into a database, check it, and bring it to the newest version.

    Raises BadBackup; NotEmpty where there are tables already and not ``replace``; marks.BelowTheMark where
    the backup does not contain what the marks, kept outside the database, say was there. On SQLite nothing
    has been changed then; on PostgreSQL the rows can be counted only once they are there.
    """
    with unpacked(path) as (manifest, data):
        if manifest.dialect != engine.dialect.name:
            raise BadBackup(f"This is a backup of {manifest.dialect}, and the database is another kind.")
        if not migrate.is_known(manifest.revision):
            raise BadBackup("The backup was made by a newer version of the site.")
        _refuse_shorter(manifest.marks, marks)
        if not replace and sa.inspect(engine).get_table_names():
            raise NotEmpty("There is a database already. Say --replace to put the backup in its place.")
        if engine.dialect.name == "postgresql":
            _load_postgresql(engine, data)
            _check_content(engine, manifest, marks)
        else:
            with _opened(data) as copy:
                _check_content(copy, manifest, marks)
            _load_sqlite(engine, data)
    with engine.connect() as connection:
        migrate.upgrade(connection)
        connection.commit()
    return manifest


def _refuse_shorter(found: Marks, wanted: Marks) -> None:
    """Before anything is changed: what is shorter than its mark cannot contain it."""
    for name, mark in asdict(wanted).items():
        if getattr(found, name).size < mark["size"]:
            raise BelowTheMark(
                f"The log of {name} has {getattr(found, name).size:,} entries in this backup, and had "
                f"{mark['size']:,} already: what was acknowledged since would be lost in silence."
            )


def _check_content(engine: sa.Engine, manifest: Manifest, marks: Marks) -> None:
    with Session(engine) as session:
        if _rows(session.connection()) != manifest.rows:
            raise BadBackup("The restored database has not as many rows as the backup says.")
        check_marks(session, marks)
        if manifest.revision == migrate.newest() and not verify_chain(session).holds:
            raise BadBackup("The moderation log in the backup was changed.")


def _copy_sqlite(engine: sa.Engine, target: Path) -> tuple[str, dict[str, int], Marks]:
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            cast("sqlite3.Connection", raw.driver_connection).backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        raw.close()
    with _opened(target) as inside, inside.connect() as connection:
        return _facts(connection)


@contextmanager
def _opened(path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def _dump_postgresql(engine: sa.Engine, target: Path) -> tuple[str, dict[str, int], Marks]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        facts = _facts(connection)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", _address(engine))
    return facts


def _facts(connection: sa.Connection) -> tuple[str, dict[str, int], Marks]:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None or not migrate.is_current(connection):
        raise BadBackup("The database is not at the newest version. Run: engage setup")
    return revision, _rows(connection), marks_of(Session(connection))


def _rows(connection: sa.Connection) -> dict[str, int]:
    names = sorted(sa.inspect(connection).get_table_names())
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names
    }


def _check_data(dialect: str, copy: Path) -> None:
    if dialect == "postgresql":
        _run("pg_restore", "--file=/dev/null", str(copy))
        return
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        if found != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BadBackup("The copy of the database is damaged.")


def _load_sqlite(engine: sa.Engine, data: Path) -> None:
    """Page by page into the file that is there, under its own locks, so that nobody reads a half."""
    engine.dispose()
    target = str(engine.url.database)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(data)) as source, closing(sqlite3.connect(target, timeout=30)) as there:
        source.backup(there)


def _load_postgresql(engine: sa.Engine, data: Path) -> None:
    engine.dispose()
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        f"--dbname={_address(engine)}",
        str(data),
    )


def _address(engine: sa.Engine) -> str:
    """What PostgreSQL's own programs take; with the password, which they need."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BadBackup(f"{program} is not on this machine. Install PostgreSQL's client programs.")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BadBackup(f"{program} failed: {lines[0]}")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        _feed(digest, file)
    return digest.hexdigest()


def _feed(digest: Any, file: IO[bytes]) -> None:
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
