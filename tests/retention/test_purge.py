"""What is old enough goes by itself, once a day, and the log says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.accounts.service import deactivate_user
from engage.clock import utcnow
from engage.comments.models import Comment
from engage.contacts.models import Contact, Purpose
from engage.contacts.service import keep_address
from engage.db.session import db
from engage.jobs.models import ScrubRequest
from engage.jobs.scrub import scrub_due
from engage.mail.models import OutboxMessage
from engage.mail.service import queue_message
from engage.retention import queries, service
from engage.retention.models import Purge
from engage.retention.schedule import BY_CODE, SCHEDULE
from tests.support import makers


def today() -> date:
    return utcnow().date()


def erased(session: Session, code: str) -> int | None:
    session.expire_all()
    return session.scalar(sa.select(Purge.erased).where(Purge.data_class == code))


@pytest.mark.parametrize(("days_left", "is_kept"), [(0, True), (-1, False)])
def test_an_address_goes_the_day_after_its_last_one(session: Session, days_left: int, is_kept: bool) -> None:
    keep_address(
        session,
        purpose=Purpose.FOLLOW,
        address="ana@example.org",
        purge_after=today() + timedelta(days=days_left),
    )
    session.commit()

    service.purge_due()

    assert bool(session.scalar(sa.select(sa.func.count()).select_from(Contact))) is is_kept
    assert erased(session, "contacts") == (0 if is_kept else 1)


@pytest.mark.parametrize(("closed_for", "is_kept"), [(29, True), (31, False)])
def test_the_key_of_a_form_goes_a_month_after_the_close(
    session: Session, closed_for: int, is_kept: bool
) -> None:
    period = makers.comment_period(
        session,
        opens_at=utcnow() - timedelta(days=90),
        closes_at=utcnow() - timedelta(days=closed_for),
    )
    comment = makers.comment(session, period, client_token="a" * 64)
    session.commit()

    service.purge_due()

    session.refresh(comment)
    assert (comment.client_token is not None) is is_kept
    assert comment.body


def test_the_fact_of_a_message_goes_and_one_that_waits_stays(session: Session) -> None:
    for key in ("sent", "waiting"):
        queue_message(session, event_key=key, recipient="a@example.org", subject="s", body="b")
    old = utcnow() - timedelta(days=91)
    session.execute(sa.update(OutboxMessage).values(queued_at=old))
    session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.event_key == "sent").values(due_at=None, sent_at=old)
    )
    session.commit()

    service.purge_due()

    assert session.scalars(sa.select(OutboxMessage.event_key)).all() == ["waiting"]


def test_an_account_that_was_deactivated_long_ago_keeps_its_number_only(session: Session) -> None:
    makers.user(session, RoleName.ADMINISTRATOR)
    gone = makers.user(session, RoleName.HOST, email="gone@example.org", name="Gone Person")
    deactivate_user(session, user=gone)
    gone.deactivated_on = today() - timedelta(days=367)
    number = gone.id
    session.commit()

    service.purge_due()

    session.expire_all()
    left = session.get_one(User, number)
    assert (left.name, left.password, left.roles, left.is_erased) == ("", None, [], True)
    assert "gone" not in left.email


def test_runs_once_a_day_whoever_tries(session: Session) -> None:
    service.purge_due()
    keep_address(
        session, purpose=Purpose.FOLLOW, address="a@example.org", purge_after=today() - timedelta(days=9)
    )
    session.commit()

    assert service.purge_due() == 0
    assert service.purge(BY_CODE["contacts"], utcnow()) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1


def test_what_is_erased_and_the_line_that_says_so_are_one_transaction(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_address(
        session, purpose=Purpose.FOLLOW, address="a@example.org", purge_after=today() - timedelta(days=9)
    )
    session.commit()

    def killed(_session: Session) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(service, "promise_scrub", killed)
        with pytest.raises(RuntimeError):
            service.purge_due()

    assert erased(session, "contacts") is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1
    assert service.purge_due() == 1


def test_an_own_number_of_days_counts_instead_of_the_standard(session: Session) -> None:
    period = makers.comment_period(
        session, opens_at=utcnow() - timedelta(days=90), closes_at=utcnow() - timedelta(days=5)
    )
    makers.comment(session, period, client_token="b" * 64)
    service.set_days(session, data=BY_CODE["form_keys"], days=3)
    session.commit()

    service.purge_due()

    assert session.scalars(sa.select(Comment.client_token)).all() == [None]


@pytest.mark.parametrize(
    ("code", "days"), [("contacts", 5), ("comments", 5), ("form_keys", 0), ("form_keys", 366)]
)
def test_a_fixed_number_and_one_out_of_bounds_are_refused(session: Session, code: str, days: int) -> None:
    with pytest.raises(service.NotYours):
        service.set_days(session, data=BY_CODE[code], days=days)


class TestTheAlarm:
    def test_is_silent_before_the_first_purge_and_after_one(self, session: Session) -> None:
        assert queries.stopped_since(session, utcnow()) is None
        service.purge_due()
        assert queries.stopped_since(session, utcnow() + timedelta(days=2)) is None

    def test_is_raised_when_the_purge_has_stopped(self, session: Session) -> None:
        service.purge_due()

        assert queries.stopped_since(session, utcnow() + timedelta(days=3)) == today()

    def test_is_raised_when_one_class_alone_has_stopped(self, session: Session) -> None:
        for data in SCHEDULE:
            day = today() - timedelta(days=9 if data.code == "contacts" else 0)
            session.add(Purge(data_class=data.code, purged_on=day, days=1, erased=0))
        session.flush()

        assert queries.stopped_since(session, utcnow()) == today() - timedelta(days=9)


def test_the_files_forget_what_was_erased(app: Flask, session: Session) -> None:
    """On SQLite: neither the database nor its write-ahead log holds a byte of it afterwards."""
    period = makers.comment_period(session)
    comment = makers.comment(session, period, body="A sentence that must be forgotten entirely.")
    session.commit()
    comment.body = ""
    session.add(ScrubRequest())
    session.commit()
    session.close()

    assert scrub_due() == 1
    assert scrub_due() == 0

    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        files = [file for file in path.parent.glob(f"{path.name}*") if not file.name.endswith("-shm")]
        assert any(file.read_bytes() for file in files)
        assert all(b"must be forgotten" not in file.read_bytes() for file in files)


def test_the_files_wait_for_a_reader_and_are_tried_again(app: Flask, session: Session) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's vacuum waits for nobody")
    with db.sessionmaker() as reader:
        reader.execute(sa.select(Comment.id)).all()
        session.add(ScrubRequest())
        session.commit()
        assert scrub_due() == 0
        reader.rollback()

    assert scrub_due() == 1
