"""A withdrawal leaves a tombstone and nothing of the text; what was proven stays proven (cases 5 and 63)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import worker
from engage.clock import utcnow
from engage.comments.models import Comment, CommentAnalysis, CommentTheme, Disposition, Position
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.jobs.scrub import scrub_due
from engage.labelling.models import DrawnComment
from engage.labelling.service import draw_sample
from engage.models import Base
from engage.moderation import service as moderation
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.receipts import documents, verify
from engage.receipts.holding import codes_of, is_held_by
from engage.receipts.keys import log_keys
from engage.themes.models import Quote
from tests.receipts.receiving import codes, entry_of, receive, receive_many, sealed, secret
from tests.support import makers
from tests.support.pages import Client, page

MARK = "xylophonic zebra crossing deportation"
NAME = "Quetzalcoatl Marked"


@pytest.fixture
def comment(session: Session) -> Comment:
    """A comment that is posted, measured, quoted, drawn and in a theme, and in the log."""
    period = makers.comment_period(session, slug="jail")
    comment = receive(session, period, MARK, position=Position.OPPOSE, name=NAME, organisation="Marked Org")
    others = receive_many(session, 4, period)
    moderation.post_comments(session, [comment, *others], None, utcnow())
    session.commit()
    run_once(worker.HANDLERS)
    session.expire_all()
    draw_sample(session, period, size=10, now=utcnow())
    makers.theme(session, period.docket, comment)
    session.add(
        Quote(
            period_id=period.id,
            place=90,
            comment_id=comment.id,
            body_digest=comment.body_digest,
            start=0,
            stop=5,
        )
    )
    session.commit()
    sealed(session)
    return comment


def withdraw(session: Session, client: Client, comment: Comment, code: str) -> None:
    """As its author does. The test's own session looks away, so that it is in nobody's way."""
    address = f"/en/receipts/{comment.tracking_number}/withdraw"
    session.rollback()
    asked = client.send(address, secret_code=code)
    assert asked.status_code == 200, page(asked).text()
    done = client.post(address, data=page(asked).fields())
    assert done.status_code == 303, page(done).text()


def everything_kept(app: Flask) -> str:
    """All rows of all tables; on SQLite the bytes of its files too, and of the queue."""
    with app.app_context(), db.engine.connect() as connection:
        rows = [
            repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]
        url = connection.engine.url
    files = list(Path(app.config["ENGAGE_QUEUE_URL"].removeprefix("sqlite:///")).parent.glob("*"))
    if url.get_backend_name() == "sqlite":
        files += Path(str(url.database)).parent.glob("engage.sqlite*")
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


def test_nothing_of_the_text_is_left_anywhere(
    app: Flask, session: Session, client: Client, comment: Comment
) -> None:
    digest, code = comment.body_digest, codes(session, comment).withdrawal
    assert MARK in everything_kept(app)

    withdraw(session, client, comment, code)
    run_once(worker.HANDLERS)

    left = everything_kept(app)
    words = MARK.split()
    for gone in (MARK, NAME, "Marked Org", digest, "xylophonic", f"{words[0]} {words[1]}"):
        assert gone not in left, gone
    session.expire_all()
    assert session.get(CommentAnalysis, comment.id) is None
    for table in (CommentTheme, DrawnComment):
        assert session.scalars(sa.select(table).where(table.comment_id == comment.id)).all() == [], table
    # The place of a quote stays until its docket is read again; it says nothing and is shown nowhere.
    quotes = session.scalars(sa.select(Quote).where(Quote.comment_id == comment.id)).all()
    assert {quote.body_digest for quote in quotes} <= {""}
    for address in (
        "/en/reports/jail.json",
        "/en/reports/jail.csv",
        "/en/periods/jail/comments",
        "/en/reports/jail",
    ):
        answer = client.get(address).get_data(as_text=True)
        assert "xylophonic" not in answer
        assert NAME not in answer
    found = client.get(f"/en/comments/{comment.tracking_number}")
    assert found.status_code == 404


def test_the_tombstone_keeps_number_day_and_position(
    session: Session, client: Client, comment: Comment
) -> None:
    withdraw(session, client, comment, codes(session, comment).withdrawal)
    session.expire_all()

    assert comment.disposition is Disposition.WITHDRAWN
    assert (comment.body, comment.body_digest, comment.name, comment.organisation) == ("", "", None, None)
    assert comment.position is Position.OPPOSE
    receipt = page(client.get(f"/en/receipts/{comment.tracking_number}"))
    assert "Your comment is withdrawn" in receipt.text("./body")
    assert "this number stays" in receipt.text()


def test_the_log_of_moderation_says_the_day_and_not_when_the_person_did_it(
    session: Session, client: Client, comment: Comment
) -> None:
    withdraw(session, client, comment, codes(session, comment).withdrawal)

    event = session.scalars(
        sa.select(ModerationEvent).where(ModerationEvent.action == ModerationAction.WITHDRAW)
    ).one()
    assert event.happened_at.astimezone(UTC).time() == time.min
    assert event.happened_at.date() in {utcnow().date(), datetime.now(UTC).date()}
    assert event.actor_id is None


def test_old_and_new_receipts_hold_and_nobody_else_can_open_a_digest(
    session: Session, client: Client, comment: Comment, tmp_path: Path
) -> None:
    code, withdrawal = secret(session, comment), codes(session, comment).withdrawal
    old = documents.receipt(session, log_keys(), entry_of(session, comment), comment, code)

    withdraw(session, client, comment, withdrawal)
    entry = entry_of(session, comment)

    assert entry.sealed_code is None
    assert codes_of(log_keys(), entry) is None
    assert is_held_by(entry, code)
    session.expire_all()
    new = documents.receipt(session, log_keys(), entry, comment, code)
    told = {field["name"]: field.get("value") for field in new["fields"]}
    assert told["body"] is told["name"] is None
    assert told["position"] == "oppose"
    for number, receipt in enumerate((old, new)):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(receipt))
        assert verify.main([str(path)]) == verify.PROVEN


@pytest.mark.parametrize("typed", ["", "abc", "2" * 16, "receipt", "other"])
def test_no_other_code_withdraws(session: Session, client: Client, comment: Comment, typed: str) -> None:
    """Case 31: another's comment cannot be withdrawn, by whatever code."""
    other = next(one for one in session.scalars(sa.select(Comment)) if one.id != comment.id)
    wrong = {"receipt": codes(session, comment).receipt, "other": codes(session, other).withdrawal}
    session.rollback()

    asked = client.send(
        f"/en/receipts/{comment.tracking_number}/withdraw",
        secret_code=wrong.get(typed, typed),
        confirmed="yes",
    )

    assert asked.status_code == 422
    assert page(asked).links(".//*[@class='errors']//a")
    session.expire_all()
    assert comment.disposition is Disposition.POSTED


def test_it_asks_once_more_before_it_is_done(session: Session, client: Client, comment: Comment) -> None:
    asked = client.send(
        f"/en/receipts/{comment.tracking_number}/withdraw", secret_code=codes(session, comment).withdrawal
    )

    assert "Do you want to withdraw the comment for ever?" in page(asked).text()
    session.expire_all()
    assert comment.disposition is Disposition.POSTED


def test_a_second_withdrawal_leads_to_the_receipt(session: Session, client: Client, comment: Comment) -> None:
    code = codes(session, comment).withdrawal
    withdraw(session, client, comment, code)

    again = client.get(f"/en/receipts/{comment.tracking_number}/withdraw")

    assert (again.status_code, again.location) == (303, f"/en/receipts/{comment.tracking_number}")


def test_a_withdrawal_by_its_source_destroys_the_code_too(session: Session, comment: Comment) -> None:
    moderation.withdraw_comment(session, comment, None, utcnow())
    session.commit()

    assert entry_of(session, comment).sealed_code is None
    session.rollback()
    assert scrub_due() == 1
    assert scrub_due() == 0


def test_the_error_page_gives_no_code_back(client: Client, session: Session, comment: Comment) -> None:
    code = codes(session, comment)

    answer = client.post(
        f"/en/receipts/{comment.tracking_number}/withdraw", data={"secret_code": code.withdrawal}
    )

    assert answer.status_code == 400
    assert not re.search(re.escape(code.withdrawal), answer.get_data(as_text=True))
