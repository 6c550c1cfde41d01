"""A backup is read back before it has its name; one that lacks what was acknowledged is refused."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.backup import archive
from engage.backup.archive import BadBackup, NotEmpty, back_up, restore
from engage.backup.marks import BelowTheMark, Mark, Marks, keep_marks, mark_file, marks_of
from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.db.session import db, write_transaction
from engage.moderation.service import post_comments
from tests.support import databases, makers
from tests.support.makers import NOON

NO_MARKS = Marks()


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with three posted comments."""
    period = makers.comment_period(session)
    post(session, period, 3)
    return period


def post(session: Session, period: CommentPeriod, count: int) -> None:
    comments = [
        makers.comment(session, period, disposition=Disposition.RECEIVED, body=f"Ñandú {number} 🕊️")
        for number in range(count)
    ]
    post_comments(session, comments, None, NOON)
    session.commit()


@pytest.fixture
def elsewhere(session: Session, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Another database of the same kind, empty."""
    if db.engine.dialect.name == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    else:
        name = f"restored_{tmp_path.name}"[:60].lower().replace("-", "_")
        engine = sa.create_engine(databases.create_database(request.getfixturevalue("cluster"), name))
    yield engine
    engine.dispose()


def bodies(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(sa.select(Comment.body)))


def test_comes_back_as_it_was(
    period: CommentPeriod, session: Session, elsewhere: sa.Engine, tmp_path: Path
) -> None:
    manifest = back_up(db.engine, tmp_path / "copy.zip")
    restore(elsewhere, tmp_path / "copy.zip", marks=marks_of(session), replace=False)

    assert bodies(elsewhere) == ["Ñandú 0 🕊️", "Ñandú 1 🕊️", "Ñandú 2 🕊️"]
    assert (manifest.rows["comment"], manifest.marks.moderation.size) == (3, 3)
    assert (tmp_path / "copy.zip").stat().st_mode & 0o077 == 0


def test_is_whole_while_comments_arrive(
    app: Flask, period: CommentPeriod, elsewhere: sa.Engine, tmp_path: Path
) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        with app.app_context():
            while not stop.is_set():
                with write_transaction() as own:
                    makers.comment(own, own.get_one(CommentPeriod, period.id))

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        manifest = back_up(db.engine, tmp_path / "copy.zip")
    finally:
        stop.set()
        writer.join()
    restore(elsewhere, tmp_path / "copy.zip", marks=NO_MARKS, replace=False)

    assert len(bodies(elsewhere)) == manifest.rows["comment"] >= 3


def test_a_changed_byte_is_noticed_and_nothing_restored(
    period: CommentPeriod, elsewhere: sa.Engine, tmp_path: Path
) -> None:
    path, changed = tmp_path / "copy.zip", tmp_path / "changed.zip"
    back_up(db.engine, path)
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(changed, "w") as bad:
        bad.writestr("manifest.json", good.read("manifest.json"))
        bad.writestr("data", good.read("data") + b"x")

    with pytest.raises(BadBackup):
        restore(elsewhere, changed, marks=NO_MARKS, replace=False)

    assert sa.inspect(elsewhere).get_table_names() == []


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(elsewhere: sa.Engine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(BadBackup):
        restore(elsewhere, path, marks=NO_MARKS, replace=False)


def test_a_copy_that_does_not_read_the_same_never_gets_its_name(
    period: CommentPeriod, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_check_data", _damaged)

    with pytest.raises(BadBackup):
        back_up(db.engine, tmp_path / "copy.zip")

    assert list(tmp_path.iterdir()) == []


def _damaged(_dialect: str, _copy: Path) -> None:
    raise BadBackup("The copy of the database is damaged.")


def test_an_older_copy_is_refused(
    period: CommentPeriod, session: Session, elsewhere: sa.Engine, tmp_path: Path
) -> None:
    back_up(db.engine, tmp_path / "old.zip")
    post(session, period, 1)

    with pytest.raises(BelowTheMark):
        restore(elsewhere, tmp_path / "old.zip", marks=marks_of(session), replace=False)

    assert sa.inspect(elsewhere).get_table_names() == []


def test_a_copy_of_another_history_is_refused(
    period: CommentPeriod, elsewhere: sa.Engine, tmp_path: Path
) -> None:
    back_up(db.engine, tmp_path / "copy.zip")

    with pytest.raises(BelowTheMark):
        restore(elsewhere, tmp_path / "copy.zip", marks=Marks(moderation=Mark(2, "f" * 64)), replace=False)


def test_a_database_that_is_there_is_replaced_only_on_demand(
    period: CommentPeriod, session: Session, tmp_path: Path
) -> None:
    back_up(db.engine, tmp_path / "copy.zip")
    makers.comment(session, period, body="Later")
    session.commit()
    session.close()

    with pytest.raises(NotEmpty):
        restore(db.engine, tmp_path / "copy.zip", marks=NO_MARKS, replace=False)
    assert "Later" in bodies(db.engine)

    restore(db.engine, tmp_path / "copy.zip", marks=NO_MARKS, replace=True)
    assert "Later" not in bodies(db.engine)


class TestTheMarks:
    def test_follow_the_log(self, period: CommentPeriod, session: Session) -> None:
        keep_marks()
        before = Marks.read(mark_file())
        post(session, period, 1)
        keep_marks()

        assert (before.moderation.size, Marks.read(mark_file()).moderation.size) == (3, 4)

    def test_are_never_lowered(self, period: CommentPeriod) -> None:
        Marks(moderation=Mark(99, "a" * 64)).write(mark_file())

        keep_marks()

        assert Marks.read(mark_file()).moderation.size == 99
