"""Following one's own comment: told discreetly, and no row leads from the follower to it (cases 4 and 12)."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason
from engage.db.session import db
from engage.follows.models import Follow as FollowRow
from engage.follows.models import FollowNews
from engage.follows.tokens import Wish, comment_key
from engage.mail.sealed import Content
from engage.models import Base
from engage.moderation.models import RemovalProposal
from engage.moderation.service import confirm_removal, post_comments, remove_comment
from tests.follows.conftest import Follow
from tests.support import makers
from tests.support.pages import Client, page
from tests.support.signing import link_in, outbox

Mails = Callable[[], list[Content]]
ANA = "ana@example.org"


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period whose topic no mail may name."""
    period = makers.comment_period(session, title=makers.both("The 287(g) agreement"))
    session.commit()
    return period


@pytest.fixture
def moderator(session: Session) -> User:
    user = makers.user(session, RoleName.MODERATOR)
    session.commit()
    return user


def waiting(session: Session, period: CommentPeriod, **fields: Any) -> Comment:
    """A comment that waits for a moderator."""
    comment = makers.comment(session, period, disposition=Disposition.RECEIVED, **fields)
    session.commit()
    return comment


def own(app: Flask, comment: Comment) -> Wish:
    with app.app_context():
        return Wish("comment", comment_key(comment.id))


def test_a_follower_is_told_of_each_decision_and_of_nobody_elses(
    app: Flask, session: Session, period: CommentPeriod, moderator: User, follow: Follow, mails: Mails
) -> None:
    mine, other = waiting(session, period), waiting(session, period)
    second = makers.user(session, RoleName.MODERATOR)
    session.commit()
    follow(ANA, own(app, mine))
    follow("ben@example.org", own(app, other))

    post_comments(session, [mine], moderator, utcnow())
    session.commit()
    assert [mail.recipient for mail in mails()] == [ANA]
    assert len(mails()) == 1

    remove_comment(session, mine, moderator, utcnow(), ModerationReason.SPAM)
    session.commit()
    assert len(mails()) == 1
    proposal = session.scalars(sa.select(RemovalProposal.id)).one()
    confirm_removal(session, proposal, second, utcnow())
    session.commit()
    assert [mail.recipient for mail in mails()] == [ANA, ANA]


def test_the_mail_says_nothing_of_the_comment(
    app: Flask, session: Session, period: CommentPeriod, moderator: User, follow: Follow, mails: Mails
) -> None:
    comment = waiting(session, period, body="Marked words.", name="Marked Name", position="oppose")
    follow(ANA, own(app, comment), is_discreet=False)
    post_comments(session, [comment], moderator, utcnow())
    session.commit()

    (mail,) = mails()

    whole = f"{mail.subject} {mail.body} {mail.headers}"
    for word in ("Marked", "oppose", "287", "agreement", period.slug, comment.tracking_number, "posted"):
        assert word.lower() not in whole.lower()
    assert "http://localhost/en/receipts\n" in mail.body


def test_an_imported_decision_is_not_told(
    app: Flask, session: Session, period: CommentPeriod, follow: Follow, mails: Mails
) -> None:
    from engage.moderation.models import ModerationAction
    from engage.moderation.service.log import lock_comments, write_log

    comment = waiting(session, period)
    follow(ANA, own(app, comment))
    write_log(session, lock_comments(session, [comment.id]), ModerationAction.IMPORT, None, utcnow())
    session.commit()

    assert mails() == []


def test_no_row_joins_a_follower_to_a_comment(
    app: Flask, session: Session, period: CommentPeriod, moderator: User, follow: Follow, mails: Mails
) -> None:
    """Case 4, with the database alone: by value, by any plain hash of one, by the order of rows, by a day."""
    comments = [waiting(session, period, received_on=utcnow().date()) for _number in range(8)]
    for number, comment in enumerate(comments):
        follow(f"person{number}@example.org", own(app, comment))
    for comment in comments:
        post_comments(session, [comment], moderator, utcnow())
        session.commit()
        mails()
    rows = _everything(app)

    of_comments = {"comment", "moderation_event"}
    marks = _hashed({value for table in of_comments for row in rows[table] for value in row})
    of_followers = ("contact", "follower", "follow", "follow_news", "outbox_message")
    # Small numbers and yes or no say nothing: what could join is long.
    held = {value for table in of_followers for row in rows[table] for value in row if len(value) > 8}
    assert held & {mark for mark in marks if len(mark) > 8} == set()

    assert len(rows["outbox_message"]) == len(comments)

    # Nothing is left of what was told, and no follow has a day or an order of its own.
    assert rows["follow_news"] == []
    assert not [
        column.name
        for table in ("contact", "follower", "follow")
        for column in Base.metadata.tables[table].columns
        if isinstance(column.type, sa.Date | sa.DateTime) and column.name != "purge_after"
    ]
    with db.sessionmaker() as reader:
        follows = reader.scalars(sa.select(FollowRow).order_by(FollowRow.id)).all()
        with app.app_context():
            places = {comment_key(comment.id): place for place, comment in enumerate(comments)}
        order = [places[row.subject_key] for row in follows]
        days = {row.follower.contact.purge_after for row in follows}
    assert order != sorted(order)
    assert {(day.month, day.day) for day in days} == {(12, 31)}


def _everything(app: Flask) -> dict[str, list[list[str]]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [[str(value) for value in row] for row in connection.execute(sa.select(table))]
            for table in Base.metadata.sorted_tables
        }


def _hashed(values: set[str]) -> set[str]:
    names = ("md5", "sha1", "sha256", "sha512")
    hashes = {
        hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest()[:length]
        for name, value, length in itertools.product(names, values, (32, 40, 64, 128))
    }
    return values | hashes


def test_the_way_from_the_receipt_to_the_mail(
    app: Flask, client: Client, session: Session, period: CommentPeriod, moderator: User, mails: Mails
) -> None:
    comment = waiting(session, period)
    receipt = f"/es/receipts/{comment.tracking_number}"
    (way,) = (url for url in page(client.get(receipt)).links().values() if "/follow/comments/" in url)

    client.send(way, address=ANA, also="y", frequency="weekly")
    (asked,) = outbox(app)
    assert comment.tracking_number not in f"{asked.subject}{asked.body}"
    landed = client.send(link_in(asked)).location
    assert "Lo que usted sigue con un número de seguimiento" in page(client.get(landed)).text()
    assert comment.tracking_number not in client.get(landed).get_data(as_text=True)

    session.rollback()
    kept = {row.subject_kind: row for row in session.scalars(sa.select(FollowRow))}
    assert kept["comment"].frequency == "real_time"
    assert (kept["period"].frequency, kept["period"].wants_reminder) == ("weekly", False)
    session.rollback()
    post_comments(session, [comment], moderator, utcnow())
    session.commit()
    assert "número de seguimiento" in mails()[-1].body


def test_who_follows_a_period_can_end_its_reminder_on_the_receipt(
    app: Flask, client: Client, session: Session, period: CommentPeriod
) -> None:
    """By this browser's cookie: the address need not be typed, so nobody can end a stranger's reminders."""
    comment = waiting(session, period)
    client.send(f"/en/follow/periods/{period.slug}", address=ANA)
    client.send(link_in(outbox(app)[-1]))
    receipt = f"/en/receipts/{comment.tracking_number}"
    assert "Do not remind me" in page(client.get(receipt)).text()
    stranger = app.test_client()
    assert isinstance(stranger, Client)
    assert "Do not remind me" not in page(stranger.get(receipt)).text()
    way = f"/en/follow/no-reminder/{period.slug}"
    stranger.post(way, data={"csrf_token": stranger.csrf_token()})
    session.rollback()
    assert session.scalars(sa.select(FollowRow.wants_reminder)).all() == [True]

    client.post(way, data={"csrf_token": client.csrf_token()})

    session.rollback()
    assert session.scalars(sa.select(FollowRow.wants_reminder)).all() == [False]
    assert "Do not remind me" not in page(client.get(receipt)).text()
    assert session.scalars(sa.select(FollowNews)).all() == []


def test_a_long_log_is_read_in_pages_and_once(
    app: Flask,
    session: Session,
    period: CommentPeriod,
    moderator: User,
    follow: Follow,
    mails: Mails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engage.follows.service import find

    comments = [waiting(session, period) for _number in range(7)]
    follow(ANA, *(own(app, comment) for comment in comments))
    post_comments(session, comments, moderator, utcnow())
    session.commit()
    monkeypatch.setattr(find, "_PAGE", 3)

    steps = []
    while step := find.find_comment_news():
        steps.append(step)

    assert steps == [3, 3, 1]
    assert len(mails()) == 7
    assert not [mail for mail in mails() if re.search("287", mail.body)]


def test_a_step_that_was_rolled_back_is_not_told(
    app: Flask, session: Session, period: CommentPeriod, moderator: User, follow: Follow, mails: Mails
) -> None:
    comment = waiting(session, period)
    follow(ANA, own(app, comment))
    post_comments(session, [comment], moderator, utcnow())
    session.rollback()

    assert mails() == []
