"""The sealer (cases 61 and 64): all that was acknowledged is sealed in time, contiguous, one root a size."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.session import db
from engage.receipts import queries, tree
from engage.receipts.keys import log_keys
from engage.receipts.models import LogEntry, LogHead, LogNode
from engage.receipts.notes import Checkpoint, Note
from engage.receipts.service import seal, seal_due
from engage.receipts.service import seal as seal_now
from tests.conftest import Installation, test_environment
from tests.receipts.receiving import entries, receive, receive_many, sealed
from tests.support import makers

ZONE = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


def heads(session: Session) -> list[LogHead]:
    session.expire_all()
    return list(session.scalars(sa.select(LogHead).order_by(LogHead.size)))


def assert_whole(session: Session) -> None:
    """The log is contiguous, every head has the root of its leaves and goes on from the one before."""
    leaves = [entry.leaf_hash for entry in entries(session) if entry.leaf_index is not None]
    indexes = [entry.leaf_index for entry in entries(session) if entry.leaf_index is not None]
    assert indexes == list(range(len(leaves)))
    stored = session.scalars(sa.select(LogNode.hash).where(LogNode.level == 0).order_by(LogNode.position))
    assert list(stored) == leaves
    for head in heads(session):
        assert tree.root_of(leaves[: head.size]) == (head.size, head.root)
        note = Note.parse(head.note)
        assert note.is_signed_by(log_keys().signer.verifier_key)
        assert Checkpoint.parse(note.text) == Checkpoint(log_keys().origin, head.size, head.root)
    for old, new in pairwise(heads(session)):
        path = queries.prove_consistency(session, old.size, new.size)
        assert tree.is_consistent(old.size, old.root, new.size, new.root, path)


def test_everything_that_waits_is_sealed_by_its_hash_and_proven(session: Session) -> None:
    for number in (1, 3, 4):
        receive_many(session, number)
        waiting = sorted(entry.leaf_hash for entry in entries(session) if entry.leaf_index is None)
        assert sealed(session) == number
        assert [entry.leaf_hash for entry in entries(session)][-number:] == waiting

    assert [head.size for head in heads(session)] == [1, 4, 8]
    assert_whole(session)
    for entry in entries(session):
        proof = queries.prove(session, entry)
        assert proof is not None
        assert tree.is_included(entry.leaf_hash, proof.index, 8, proof.path, proof.head.root)


def test_nothing_waits_nothing_is_done(session: Session) -> None:
    assert sealed(session) == 0
    assert heads(session) == []


def test_a_late_commit_is_not_skipped(app: Flask, session: Session) -> None:
    """A transaction that began before the others and commits after them: its entry is in the next sealing."""
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")
    period = makers.comment_period(session)
    session.commit()
    with db.sessionmaker() as slow:
        late = receive(slow, slow.merge(period))
        receive_many(session, 3, period)
        session.commit()
        assert sealed(session) == 3
        slow.commit()

    assert sealed(session) == 1
    assert entries(session)[-1].comment_id == late.id
    assert_whole(session)


def test_the_database_refuses_to_change_what_is_sealed(session: Session) -> None:
    receive_many(session, 2)
    sealed(session)

    for statement in (
        sa.update(LogNode).values(hash=bytes(32)),
        sa.delete(LogNode),
        sa.update(LogHead).values(root=bytes(32)),
        sa.delete(LogHead),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session.execute(statement)
        session.rollback()


def test_many_sealers_at_once_make_one_log(app: Flask, session: Session) -> None:
    receive_many(session, 40)
    session.commit()
    together = threading.Barrier(4)
    done: list[int] = []

    def seal_too() -> None:
        with app.app_context():
            together.wait()
            done.append(seal_due())

    threads = [threading.Thread(target=seal_too) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [0, 0, 0, 40]
    assert [head.size for head in heads(session)] == [40]
    assert_whole(session)


KILLED = """
import os
from engage.app import create_app
from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.receipts.service import seal
with create_app().app_context(), write_transaction() as session:
    assert seal(session, now=utcnow()) == 30
    os._exit(9)
"""


def test_a_sealer_that_is_killed_before_it_commits_has_done_nothing(
    installation: Installation, session: Session, tmp_path: Path
) -> None:
    receive_many(session, 30)
    session.commit()
    environment = os.environ | test_environment(installation.sandbox.url, tmp_path)

    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False, capture_output=True)

    assert killed.returncode == 9, killed.stderr
    assert heads(session) == []
    assert {entry.leaf_index for entry in entries(session)} == {None}
    session.rollback()
    assert seal_due() == 30
    assert_whole(session)


def test_a_sealer_that_fails_leaves_no_half(session: Session) -> None:
    receive_many(session, 3)
    session.commit()
    seal_now(session, now=utcnow())
    session.rollback()

    assert {entry.leaf_index for entry in entries(session)} == {None}
    assert sealed(session) == 3
    assert_whole(session)


class TestWhenItIsDue:
    @pytest.fixture
    def site_zone(self, app: Flask) -> Iterator[ZoneInfo]:
        with app.app_context():
            yield app.config["ENGAGE_SETTINGS"].site_time_zone

    def test_at_twenty_at_once(self, session: Session) -> None:
        receive_many(session, queries.SEAL_AT - 1)
        assert not queries.is_seal_due(session, utcnow())
        receive_many(session, 1)
        assert queries.is_seal_due(session, utcnow())

    def test_else_once_a_night_so_that_the_hour_of_a_comment_is_not_told(
        self, session: Session, site_zone: ZoneInfo
    ) -> None:
        receive_many(session, 1)
        day = entries(session)[0].entered_on

        def due(hours: float) -> bool:
            midnight = datetime(day.year, day.month, day.day, tzinfo=site_zone)
            return queries.is_seal_due(session, midnight.astimezone(UTC) + timedelta(hours=hours))

        assert [due(hours) for hours in (0, 12, 23.9, 24, 26.9, 27, 51)] == [False] * 5 + [True] * 2

    def test_at_the_close_of_its_period_but_not_for_a_late_comment(self, session: Session) -> None:
        now = utcnow()
        period = makers.comment_period(session, closes_at=now + DAY / 2)
        comment = receive(session, period)
        assert not queries.is_seal_due(session, now)
        period.closes_at = now - timedelta(seconds=1)
        session.flush()
        assert queries.is_seal_due(session, now)

        comment.on_time = False
        session.flush()
        assert not queries.is_seal_due(session, now)

    def test_always_within_the_promise(self, session: Session, site_zone: ZoneInfo) -> None:
        """Case 61: whenever a comment comes, the night's sealing is before the end of the promised day."""
        receive_many(session, 1)
        (entry,) = entries(session)
        promised = queries.promised_by(entry)
        end = datetime(promised.year, promised.month, promised.day, 23, 59, tzinfo=site_zone)

        assert queries.is_seal_due(session, end.astimezone(UTC) - DAY)

    def test_the_job_does_what_is_due_and_runs_twice_without_harm(self, session: Session) -> None:
        receive_many(session, queries.SEAL_AT)
        session.commit()

        assert (seal_due(), seal_due()) == (queries.SEAL_AT, 0)
        assert session.scalar(sa.select(sa.func.count()).select_from(LogHead)) == 1


def test_every_acknowledged_comment_is_in_the_log_in_the_end(session: Session) -> None:
    receive_many(session, 57)
    session.commit()
    while seal(session, now=utcnow()):
        session.commit()

    in_log = set(session.scalars(sa.select(LogEntry.comment_id).where(LogEntry.leaf_index.is_not(None))))
    assert in_log == set(session.scalars(sa.select(Comment.id)))
    assert_whole(session)
