"""Publishing a report: once, whole, and never changed again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.jobs.queue import run_once
from engage.reports import gather
from engage.reports.frozen import freeze, store
from engage.reports.frozen.recount import differences, numbers_from
from engage.reports.gather import inputs_of
from engage.reports.letters import letters_in_numbers
from engage.reports.models import (
    CountedComment,
    Frozen,
    FrozenColumn,
    FrozenDocument,
    ReportVersion,
    Tally,
)
from engage.reports.service import publish
from engage.reports.service.publish import NotYetPublic, ask_for_version, publish_due
from engage.worker import HANDLERS
from tests.reports.places import busy_period, busy_rows
from tests.support import makers
from tests.support.kept import made_once
from tests.support.pages import Client


def ask(session: Session, period: CommentPeriod, note: str = "With all comments") -> ReportVersion:
    version = ask_for_version(session, period, note=makers.both(note), actor=None, now=utcnow())
    session.commit()
    return version


def published(session: Session, period: CommentPeriod) -> ReportVersion:
    version = ask(session, period)
    assert publish_due() == 1
    session.expire_all()
    return version


def published_period(session: Session, **options: Any) -> tuple[CommentPeriod, ReportVersion]:
    """A busy period with its first version."""

    def make() -> int:
        return published(session, busy_period(session, **options)).id

    made = made_once(session, ("published period", *sorted(options.items())), make)
    version = session.get_one(ReportVersion, made)
    return version.period, version


class TestPublish:
    def test_keeps_inputs_list_and_both_documents(self, session: Session) -> None:
        period, version = published_period(session)

        assert (version.number, version.posted) == (1, 48)
        assert version.published_at is not None
        inputs = store.inputs_of_version(session, version)
        stored = store.StoredList(session, version.list_digest or "")
        made = numbers_from(stored.columns(), stored.sizes(), 48)
        assert differences(inputs.numbers, made, only_told=True) == []
        assert len(made) > 200
        assert set(store.digests(session, version)) == {"en", "es"}
        numbers = [number for piece in stored.pieces() for number in piece]
        posted = sa.select(Comment.tracking_number).where(
            Comment.period_id == period.id, Comment.disposition == Disposition.POSTED
        )
        assert numbers == sorted(session.scalars(posted))
        assert numbers[5] in stored
        assert "zzz-zzzz-zzzz" not in stored
        assert "222" not in stored

    def test_counts_first_what_waits(self, session: Session) -> None:
        period = busy_period(session)
        makers.comment(session, period)
        session.commit()

        version = published(session, period)

        assert version.posted == 49
        assert store.inputs_of_version(session, version).uncounted == 0

    def test_of_a_period_that_nobody_may_see_is_refused(self, session: Session) -> None:
        draft = makers.comment_period(session, published_at=None)
        later = makers.comment_period(
            session, opens_at=utcnow() + timedelta(days=1), closes_at=utcnow() + timedelta(days=2)
        )
        for period in (draft, later):
            with pytest.raises(NotYetPublic):
                ask_for_version(session, period, note=makers.both("No"), actor=None, now=utcnow())

    def test_twice_asked_at_once_is_one_version(self, session: Session) -> None:
        period = busy_period(session, comments=6)

        first, second = ask(session, period), ask(session, period, "Again")

        assert first.id == second.id
        assert session.scalars(sa.select(ReportVersion.number)).all() == [1]

    def test_by_two_workers_that_read_at_once_is_published_once(self, app: Flask, session: Session) -> None:
        period = busy_period(session, comments=6)
        version = ask(session, period)
        with freeze.one_instant() as reader:
            reading = freeze.read(reader, reader.get_one(CommentPeriod, period.id), utcnow())
        both_ready = threading.Barrier(2)

        def keep(_: int) -> bool:
            with app.app_context():
                both_ready.wait(10)
                return publish._keep(version.id, version.number, reading)

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(keep, range(2))) == [False, True]
        assert session.scalar(sa.select(sa.func.count()).select_from(FrozenDocument)) == 2

    def test_that_was_killed_begins_again(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        period = busy_period(session, comments=6)
        version = ask(session, period)

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(publish, "_insert_new", killed)
            with pytest.raises(KeyboardInterrupt):
                publish_due()
        assert store.latest(session, period) is None
        session.rollback()

        run_once(HANDLERS)

        session.expire_all()
        assert version.published_at is not None
        assert publish_due() == 0

    def test_refuses_numbers_that_the_list_does_not_make(self, session: Session) -> None:
        period = busy_period(session)
        session.execute(
            sa.update(Tally).where(Tally.measure == "position", Tally.key == "support").values(n=Tally.n + 1)
        )
        session.commit()
        version = ask(session, period)

        assert publish_due() == 0
        assert publish_due() == 0, "not tried again at once"

        session.expire_all()
        assert version.published_at is None
        publish._refused.clear()

    def test_that_fails_does_not_keep_back_the_versions_of_others(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, whole = (busy_rows(session, comments=6) for _ in range(2))
        session.commit()
        first, second = ask(session, broken), ask(session, whole)
        prepare = publish.prepare

        def fails(version_id: int) -> None:
            if version_id == first.id:
                raise RuntimeError("the disk is full")
            prepare(version_id)

        monkeypatch.setattr(publish, "prepare", fails)
        with pytest.raises(RuntimeError):
            publish_due()

        assert publish_due() == 1

        session.expire_all()
        assert (first.published_at, second.published_at is not None) == (None, True)
        publish._refused.clear()

    def test_while_comments_come_tells_one_instant(self, session: Session) -> None:
        """A comment that is counted between two statements of the reading is in neither or in both."""
        period = busy_period(session)
        with freeze.one_instant() as reader:
            there = reader.get_one(CommentPeriod, period.id)
            inputs = inputs_of(reader, there, utcnow())
            makers.comment(session, period)
            session.commit()
            run_once({"count": HANDLERS["count_comments"]})

            listing = freeze.read_list(reader, there, inputs)

        assert len(listing) == 48


def test_a_page_tells_one_instant_while_comments_are_counted(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = busy_period(session)
    posted = sa.select(Tally.n).where(Tally.measure == "disposition", Tally.key == "posted")
    session.rollback()
    seen: list[int | None] = []

    def meanwhile(reader: Session, of: CommentPeriod) -> Any:
        makers.comment(session, period)
        session.commit()
        run_once({"count": HANDLERS["count_comments"]})
        seen.append(reader.scalar(posted))
        return letters_in_numbers(reader, of)

    monkeypatch.setattr(gather, "letters_in_numbers", meanwhile)

    assert client.get(f"/en/reports/{period.slug}/open").status_code == 200

    assert (seen, session.scalar(posted)) == ([48], 49)


class TestSmallDifferences:
    def test_of_fewer_than_ten_comments_keep_the_list(self, session: Session) -> None:
        period, first = published_period(session)
        for _ in range(9):
            makers.comment(session, period)
        session.commit()

        second = published(session, period)

        assert (second.number, second.posted) == (2, 48)
        assert second.list_digest == first.list_digest
        inputs = store.inputs_of_version(session, second)
        before = store.inputs_of_version(session, first)
        assert inputs.is_held_back
        assert inputs.numbers == before.numbers
        assert inputs.repeated == before.repeated
        assert inputs.read_at > before.read_at

    def test_of_ten_are_told(self, session: Session) -> None:
        period, first = published_period(session)
        for _ in range(9):
            makers.comment(session, period)
        # One of those that the first version counts: only they have names.
        counted = sa.select(Comment).where(
            Comment.disposition == Disposition.POSTED, Comment.name.is_not(None)
        )
        posted = session.scalars(counted).first()
        assert posted is not None
        posted.disposition = Disposition.RECEIVED
        posted.mark_changed()
        session.commit()

        second = published(session, period)

        assert second.list_digest != first.list_digest
        assert second.posted == 56
        assert not store.inputs_of_version(session, second).is_held_back

    def test_from_any_earlier_version_keep_the_list(self, session: Session) -> None:
        period, _ = published_period(session)
        came = [makers.comment(session, period) for _ in range(10)]
        session.commit()
        second = published(session, period)
        # Ten change again, and what is left is the list of the first version with one comment more.
        for comment in came[1:]:
            comment.disposition = Disposition.RECEIVED
            comment.mark_changed()
        makers.comment(session, period)
        session.commit()

        third = published(session, period)

        assert third.list_digest == second.list_digest
        assert store.inputs_of_version(session, third).is_held_back

    def test_of_none_take_what_was_measured_anew(self, session: Session) -> None:
        period, first = published_period(session)
        run_once(HANDLERS)
        for row in session.scalars(sa.select(CountedComment)):
            row.facts = row.facts | {"tone": "neutral", "tone_reason": None}
        session.rollback()

        second = published(session, period)

        assert second.list_digest == first.list_digest
        assert not store.inputs_of_version(session, second).is_held_back


class TestWhatWasPublished:
    @pytest.mark.parametrize(
        "change",
        [
            sa.update(ReportVersion).values(number=7),
            sa.update(ReportVersion).values(published_at=None),
            sa.update(ReportVersion).values(list_digest="0" * 64),
            sa.update(ReportVersion).values(posted=None),
            sa.update(ReportVersion).values(method=None),
            sa.update(ReportVersion).values(note=makers.both("Another reason")),
            sa.update(Frozen).values(content=b""),
            sa.update(FrozenColumn).values(content=b""),
            sa.update(FrozenDocument).values(content=b""),
            sa.delete(FrozenDocument),
            sa.delete(FrozenColumn),
            sa.delete(Frozen),
            sa.delete(ReportVersion),
        ],
    )
    def test_stays_as_it_is(self, session: Session, change: sa.UpdateBase) -> None:
        published(session, busy_period(session, comments=6))

        with pytest.raises(sa.exc.DBAPIError):
            session.execute(change)
        session.rollback()

    def test_stays_when_whoever_asked_for_it_leaves(self, session: Session) -> None:
        period = busy_period(session, comments=6)
        person = makers.user(session)
        version = ask_for_version(session, period, note=makers.both("Note"), actor=person, now=utcnow())
        session.commit()
        publish_due()
        session.expire_all()

        session.delete(person)
        session.commit()

        session.expire_all()
        assert version.asked_by_id is None

    def test_holds_no_word_of_a_comment(self, session: Session) -> None:
        period = busy_period(session)
        # Whatever holds personal data is never quoted; of what is quoted the fingerprint is kept, to find it.
        words = "A word like quokkaberry stands here, call 505-555-0142."
        makers.comment(session, period, body=words, name="Zebulon Quux")
        session.commit()
        version = published(session, period)
        digest = session.scalar(sa.select(Comment.body_digest).where(Comment.name == "Zebulon Quux"))

        kept = codec_of(session, version)

        for word in ("quokkaberry", "Zebulon", "Quux", digest or "", "streets safe from gangs"):
            assert word not in kept, word


def codec_of(session: Session, version: ReportVersion) -> str:
    """All that is kept of a version, as text."""
    from engage.reports.frozen import codec

    parts = [codec.unpack(store.stored_inputs(session, version)).decode()]
    parts += [
        codec.unpack(content).decode() for content in session.scalars(sa.select(FrozenDocument.content))
    ]
    for column in session.scalars(sa.select(FrozenColumn).options(sa.orm.undefer(FrozenColumn.content))):
        parts.append(str(column.values) + codec.unpack(column.content).decode("latin-1"))
    return "\n".join(parts)
