"""Manifests (case 65): every leaf is accounted for, and positions are counted again from what was opened."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason, Position
from engage.moderation import service as moderation
from engage.receipts import documents, queries, verify
from engage.receipts.keys import log_keys
from engage.receipts.models import LogDisposition, LogManifest
from engage.receipts.parts import keep_closed
from engage.receipts.service import manifest_due, seal_due
from tests.receipts.receiving import WORDS, entry_of, receive, receive_many, sealed
from tests.support import makers
from tests.support.pages import Client

DAY = timedelta(days=1)


@pytest.fixture
def redacted(app: Flask) -> Iterator[set[int]]:
    """The ids of comments whose body readers do not see whole: as the room of redaction tells it."""
    ids: set[int] = set()
    before = dict(app.extensions)
    keep_closed(app, lambda _session, asked: {one: ("body",) for one in asked if one in ids})
    yield ids
    app.extensions.pop("closed_fields")
    if "closed_fields" in before:
        app.extensions["closed_fields"] = before["closed_fields"]


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period in which every kind of fate is met, closed and sealed."""
    period = makers.comment_period(
        session, slug="jail", opens_at=utcnow() - 9 * DAY, closes_at=utcnow() + DAY
    )
    sides = [Position.SUPPORT, Position.OPPOSE, Position.OPPOSE, None]
    comments = [receive(session, period, f"{WORDS} {n}", position=sides[n % 4]) for n in range(14)]
    now = utcnow()
    moderation.post_comments(session, comments[:9], None, now)
    for comment, reason in zip(
        comments[9:12],
        (ModerationReason.SPAM, ModerationReason.DUPLICATE_SUBMISSION, ModerationReason.TRUE_THREAT),
        strict=True,
    ):
        moderation.restrict_comments(session, [comment], None, now, reason)
    moderation.withdraw_comment(session, comments[12], None, now)
    period.closes_at = now - timedelta(seconds=1)
    session.commit()
    return period


def publish(session: Session) -> LogManifest | None:
    """What the jobs do; the newest manifest."""
    session.rollback()
    seal_due()
    manifest_due()
    return queries.newest_manifest(session)


def comments(session: Session) -> list[Comment]:
    return list(session.scalars(sa.select(Comment).order_by(Comment.id)))


def file_of(session: Session, manifest: LogManifest) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads("".join(documents.manifest(session, log_keys(), manifest)))
    return loaded


def openings(session: Session) -> dict[str, Any]:
    head = queries.newest_head(session)
    assert head is not None
    loaded: dict[str, Any] = json.loads("".join(documents.openings(session, log_keys(), head, 0, utcnow())))
    return loaded


def check(manifest: dict[str, Any], *opened: dict[str, Any]) -> int:
    return verify.check_manifest(manifest, list(opened), verify.read_key(manifest["log"]))


def test_gives_every_leaf_a_fate_and_the_sum_is_the_size_of_the_log(
    session: Session, period: CommentPeriod
) -> None:
    manifest = publish(session)

    assert manifest is not None
    assert manifest.counts == {
        "duplicate": 1, "published": 9, "spam": 1, "waiting": 1, "withdrawn": 1, "withheld": 1
    }  # fmt: skip
    assert sum(manifest.counts.values()) == manifest.size == 14
    content = file_of(session, manifest)
    assert Counter(row[2] for row in content["rows"]) == manifest.counts
    assert [row[3] for row in content["rows"] if row[2] == "withheld"] == ["true_threat"]
    assert check(content) == verify.PROVEN


def test_positions_are_counted_again_offline_from_what_was_opened(
    session: Session, period: CommentPeriod, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = publish(session)
    assert manifest is not None

    assert check(file_of(session, manifest), openings(session)) == verify.PROVEN

    said = capsys.readouterr().out
    counted = session.execute(
        sa.select(Comment.position, sa.func.count())
        .where(Comment.disposition == Disposition.POSTED)
        .group_by(Comment.position)
    )
    for position, count in counted:
        assert f"jail: {position or 'none stated'} {count}\n" in said


@pytest.mark.parametrize("change", ["row", "fate", "lost", "count", "position"])
def test_what_was_changed_in_it_is_found(session: Session, period: CommentPeriod, change: str) -> None:
    manifest = publish(session)
    assert manifest is not None
    content, opened = file_of(session, manifest), openings(session)
    if change == "row":
        content["rows"][0][1] = "0" * 64
    elif change == "fate":
        content["rows"][0][2] = "spam" if content["rows"][0][2] != "spam" else "published"
    elif change == "lost":
        del content["rows"][3]
    elif change == "count":
        content["note"] = content["note"].replace("published 9", "published 8")
    else:
        leaf = next(leaf for leaf in opened["leaves"] if "position" in leaf.get("opened", {}))
        leaf["opened"]["position"]["value"] = "neutral"

    with pytest.raises(verify.Wrong):
        check(content, opened)


def test_is_not_made_before_a_period_has_closed_and_all_of_it_is_sealed(session: Session) -> None:
    period = makers.comment_period(session)
    receive_many(session, 3, period)
    sealed(session)
    assert publish(session) is None

    receive(session, period)
    period.closes_at = utcnow()
    session.commit()
    assert not queries.is_manifest_due(session, utcnow())
    manifest = publish(session)

    assert manifest is not None
    assert (manifest.version, manifest.size) == (1, 4)
    assert (manifest_due(), manifest_due()) == (0, 0)


def test_a_later_change_makes_another_version_the_next_night_and_all_are_kept(
    session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(session)
    assert first is not None
    before = file_of(session, first)
    waiting = next(comment for comment in comments(session) if comment.disposition is Disposition.RECEIVED)
    moderation.post_comments(session, [waiting], None, utcnow())
    session.commit()
    assert manifest_due() == 0

    tomorrow = utcnow() + DAY + DAY / 4
    monkeypatch.setattr("engage.receipts.service.manifest.utcnow", lambda: tomorrow)
    assert manifest_due() == 1

    session.rollback()
    second = queries.newest_manifest(session)
    assert second is not None
    assert (second.version, second.counts["published"]) == (2, 10)
    assert "waiting" not in second.counts
    assert check(file_of(session, second)) == verify.PROVEN
    old = session.get(LogManifest, 1)
    assert old is not None
    assert file_of(session, old) == before
    assert check(before) == verify.PROVEN
    changed = session.scalars(sa.select(LogDisposition).where(LogDisposition.version == 2)).all()
    assert len(changed) == 1
    assert (manifest_due(), len(queries.manifests(session))) == (0, 2)


def test_a_night_without_a_change_makes_no_version(
    session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(session)
    monkeypatch.setattr("engage.receipts.service.manifest.utcnow", lambda: utcnow() + 2 * DAY)

    assert manifest_due() == 0

    session.rollback()
    assert len(queries.manifests(session)) == 1
    assert not queries.is_manifest_due(session, utcnow() + 2 * DAY)


def test_a_redacted_comment_is_called_so_and_only_its_body_stays_closed(
    session: Session, period: CommentPeriod, redacted: set[int]
) -> None:
    posted = next(comment for comment in comments(session) if comment.is_public)
    redacted.add(posted.id)
    manifest = publish(session)
    assert manifest is not None
    assert (manifest.counts["redacted"], manifest.counts["published"]) == (1, 8)

    index = entry_of(session, posted).leaf_index
    (leaf,) = [leaf for leaf in openings(session)["leaves"] if leaf["index"] == index]

    assert "body" not in leaf["opened"]
    assert {"position", "period", "received_on", "name"} <= set(leaf["opened"])
    assert posted.body not in json.dumps(leaf)
    opened = openings(session)
    newest = queries.newest_manifest(session)
    assert newest is not None
    assert check(file_of(session, newest), opened) == verify.PROVEN


def test_of_a_comment_that_is_not_posted_only_the_period_is_opened(
    session: Session, period: CommentPeriod
) -> None:
    publish(session)

    fates = {entry_of(session, comment).leaf_index: comment for comment in comments(session)}
    for leaf in openings(session)["leaves"]:
        comment = fates[leaf["index"]]
        if comment.is_public:
            assert leaf["opened"]["body"]["value"] == comment.body
            assert leaf["tracking_number"] == comment.tracking_number
        elif comment.disposition is Disposition.WITHDRAWN:
            assert "opened" not in leaf
        else:
            assert set(leaf["opened"]) == {"period"}
            assert "tracking_number" not in leaf


def test_nothing_is_opened_of_a_period_that_the_public_does_not_see(
    session: Session, period: CommentPeriod
) -> None:
    publish(session)
    period.published_at = None
    session.commit()

    assert all("opened" not in leaf for leaf in openings(session)["leaves"])


def test_a_field_that_was_changed_since_is_not_opened(session: Session, period: CommentPeriod) -> None:
    publish(session)
    posted = next(comment for comment in comments(session) if comment.is_public)
    posted.body = "Other words, from its source"
    session.commit()
    index = entry_of(session, posted).leaf_index

    (leaf,) = [leaf for leaf in openings(session)["leaves"] if leaf["index"] == index]

    assert "body" not in leaf["opened"]
    assert "position" in leaf["opened"]


def test_a_short_text_that_is_not_posted_cannot_be_guessed_from_all_that_is_public(
    session: Session, client: Client
) -> None:
    """Case 63: with every salt that was ever published, no guess fits the digest of a withheld word."""
    period = makers.comment_period(
        session, slug="jail", opens_at=utcnow() - 9 * DAY, closes_at=utcnow() + DAY
    )
    withheld, posted = receive(session, period, "No"), receive(session, period, "No")
    moderation.post_comments(session, [posted], None, utcnow())
    moderation.restrict_comments(session, [withheld], None, utcnow(), ModerationReason.OFF_TOPIC)
    period.closes_at = utcnow()
    session.commit()
    publish(session)
    public = [
        client.get(f"/en/log/{name}.json").get_data(as_text=True)
        for name in ("openings", "entries", "manifests/1")
    ]
    leaves = json.loads(public[0])["leaves"]
    salts = [bytes.fromhex(field["salt"]) for leaf in leaves for field in leaf.get("opened", {}).values()]
    hidden = entry_of(session, withheld).digest_of

    guesses = ["No", "Yes", "no", "yes", "", "oppose", "support"]
    found = [
        (name, guess)
        for name in ("body", "position", "name")
        for guess in guesses
        for salt in [*salts, bytes(32), b""]
        if verify.field_digest(name, salt, guess) == hidden[name]
    ]

    assert found == []
    assert salts
    assert withheld.tracking_number not in "".join(public)
