"""Every comment that is acknowledged has its entry in the log, in its transaction, from whatever channel."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Channel, Comment, Disposition, Position
from engage.comments.service import Submission, submit_comment
from engage.db.session import db
from engage.dockets.models import District
from engage.exchange.importing import import_comments
from engage.exchange.sources import open_source
from engage.receipts.codes import CodeKind, to_code
from engage.receipts.fields import fields_of
from engage.receipts.holding import codes_of, is_held_by
from engage.receipts.keys import log_keys
from engage.receipts.leaf import digest_of, leaf_of, salt_of
from engage.receipts.models import LogEntry
from engage.receipts.service import enter_missing
from tests.receipts.receiving import WORDS, codes, entries, entry_of, receive, receive_many, secret
from tests.support import makers
from tests.support.pages import Client, page


def test_the_leaf_is_made_of_every_field_and_the_code(session: Session) -> None:
    district = District(code="north", name=makers.both("North"))
    session.add(district)
    period = makers.comment_period(session, slug="jail")
    comment = receive(
        session, period, position=Position.OPPOSE, name="Ana", organisation="Farms", district=district
    )

    entry, code = entry_of(session, comment), secret(session, comment)

    assert fields_of(comment) == {
        "attachments": "",
        "body": WORDS,
        "clauses": "",
        "district": "north",
        "kind": "comment",
        "name": "Ana",
        "on_time": "yes",
        "organisation": "Farms",
        "period": "jail",
        "position": "oppose",
        "received_on": comment.received_on.isoformat(),
        "tracking_number": comment.tracking_number,
    }
    assert entry.digest_of == {
        name: digest_of(name, salt_of(code, name), value) for name, value in fields_of(comment).items()
    }
    assert leaf_of(entry.digest_of) == entry.leaf_hash
    assert is_held_by(entry, code)
    assert not is_held_by(entry, bytes(16))


def test_the_entry_comes_and_goes_with_the_transaction_of_its_comment(session: Session) -> None:
    period = makers.comment_period(session)
    session.commit()
    receive(session, period)
    assert len(entries(session)) == 1

    session.rollback()

    assert entries(session) == []
    assert session.scalars(sa.select(Comment)).all() == []


def test_neither_code_stands_anywhere_in_the_open(app: Flask, session: Session) -> None:
    comment = receive(session, makers.comment_period(session))
    session.commit()
    both, bits = codes(session, comment), secret(session, comment)

    rows = [session.execute(sa.select(table)).all() for table in (Comment.__table__, LogEntry.__table__)]
    kept = repr(rows)
    for code in (both.receipt, both.withdrawal, bits.hex(), repr(bits)[2:-1]):
        assert code not in kept


def test_a_retry_of_the_form_gets_the_very_same_codes(client: Client, session: Session) -> None:
    """Cases 14 and 15: the answer was lost, so the form is sent again."""
    makers.comment_period(session, slug="jail")
    session.commit()
    form = page(client.get("/en/periods/jail/comment")).fields() | {"body": WORDS}

    shown = []
    for _ in range(2):
        receipt = client.post("/en/periods/jail/comment", data=form).location
        first = page(client.get(receipt))
        shown.append((first.text(".//*[@id='receipt-code']"), first.text(".//*[@id='withdrawal-code']")))

    assert shown[0] == shown[1]
    assert len(entries(session)) == 1


def test_twenty_at_once_make_one_entry(app: Flask, session: Session) -> None:
    period = makers.comment_period(session)
    session.commit()
    together, found = threading.Barrier(20), []

    def send() -> None:
        with app.app_context(), db.sessionmaker() as own:
            together.wait()
            with own.begin():
                from engage.db.session import begin_writing

                begin_writing(own)
                comment = submit_comment(
                    own,
                    period=own.merge(period, load=True),
                    submission=Submission(body=WORDS),
                    client_token="a" * 64,
                    now=utcnow(),
                )
                found.append(comment.tracking_number)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert len(found) == 20
    assert len(entries(session)) == 1


def test_imported_comments_have_entries_too(session: Session, tmp_path: Path) -> None:
    period = makers.comment_period(session)
    path = tmp_path / "comments.csv"
    path.write_text("id,text,position\n1,Yes,support\n2,No,oppose\n3,Perhaps,\n")

    import_comments(session, source=open_source(path), period=period, now=datetime(2026, 11, 1, tzinfo=UTC))
    session.commit()

    assert {entry.comment.source_id for entry in entries(session) if entry.comment} == {"1", "2", "3"}


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_goes_the_same_way(session: Session, channel: Channel) -> None:
    comment = receive(session, makers.comment_period(session), channel=channel)

    assert entry_of(session, comment).leaf_hash


def test_comments_from_before_the_log_are_entered_once(session: Session) -> None:
    period = makers.comment_period(session)
    old = [makers.comment(session, period) for _ in range(3)]
    makers.comment(session, period, body="", body_digest="", disposition=Disposition.WITHDRAWN)
    new = receive(session, period)
    before = entry_of(session, new).leaf_hash
    session.commit()

    assert enter_missing() == 4
    assert enter_missing() == 0

    found = {entry.comment_id: entry for entry in entries(session)}
    assert len(found) == 5
    assert found[new.id].leaf_hash == before
    assert all(codes_of(log_keys(), found[comment.id]) for comment in old)
    withdrawn = [entry for entry in found.values() if entry.comment and not entry.comment.body]
    assert [codes_of(log_keys(), entry) for entry in withdrawn] == [None]


def test_an_entry_tells_no_more_than_the_day(session: Session) -> None:
    """Case 3: days only, and ids by chance."""
    receive_many(session, 5)

    columns = LogEntry.__table__.columns
    assert [column.name for column in columns if column.type.python_type is datetime] == []
    assert len({entry.entered_on for entry in entries(session)}) <= 2


def test_two_comments_with_the_same_words_have_nothing_in_common(session: Session) -> None:
    period = makers.comment_period(session)
    one, two = (entry_of(session, receive(session, period)) for _ in range(2))

    assert not set(one.digest_of.values()) & set(two.digest_of.values())


def test_the_withdrawal_code_cannot_be_made_from_the_receipt_code_without_the_key(session: Session) -> None:
    comment = receive(session, makers.comment_period(session))
    both, bits = codes(session, comment), secret(session, comment)

    assert to_code(bits, CodeKind.WITHDRAWAL) != both.withdrawal
    assert log_keys().withdrawal_code(bits) == both.withdrawal
