"""The numbers that grow with every comment are the numbers that a count of the raw rows finds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engage.analysis import Analyser
from engage.clock import utcnow
from engage.comments.models import (
    Channel,
    Comment,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.comments.service import analyse_due
from engage.comments.service.analyse import as_row, store_analysis
from engage.comments.service.intake import Intake
from engage.comments.service.submit import Submission, submit_comment
from engage.db.session import advisory_lock, begin_writing, db, write_transaction
from engage.dockets.models import District
from engage.jobs import queue
from engage.moderation.service import post_comments, reopen_comments, restrict_comments, withdraw_comment
from engage.reports import measures
from engage.reports.models import CountedComment, CountedPeriod, Distinct, Tally
from engage.reports.service import count, count_due, recount_period
from tests.support import makers

ANALYSER = Analyser()
TEXTS = (
    "I support this. It keeps our streets safe from gangs.",
    "i SUPPORT this; it keeps our streets safe from gangs!",
    "This is terrible. Families will be separated and people will be afraid to call 911.",
    "Me opongo: va a separar familias y costará mucho dinero.",
    "This is not about racial profiling.",
    "Who pays for the training?",
    "xyzzy",
)
NAMES = (
    (None, None),
    ("Ana López", None),
    ("ana lopez", None),
    ("Ana López", "Faith Alliance"),
    (None, "Shop"),
)

submissions = st.tuples(
    st.just("submit"),
    st.sampled_from(TEXTS),
    st.sampled_from([None, *Position]),
    st.sampled_from(NAMES),
    st.booleans(),
    st.sampled_from([Channel.WEB, Channel.PHONE]),
)
moves = st.tuples(
    st.sampled_from(["post", "restrict", "reopen", "withdraw", "analyse", "analyse_again"]),
    st.integers(min_value=0, max_value=30),
    st.sampled_from(list(ModerationReason)),
)
counts = st.just(("count",))
steps = st.lists(st.one_of(submissions, moves, moves, counts), min_size=1, max_size=30)


class Story:
    """Plays steps on one period that begins with twelve posted and counted comments."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.period = makers.comment_period(session)
        self.district = District(code=f"d-{self.period.id}", name=makers.both("Riverside"))
        session.add(self.district)
        session.commit()
        self.comments: list[Comment] = []
        for number, position in enumerate([None, *Position] * 2):
            self.play(
                ("submit", TEXTS[number % 4], position, NAMES[number % 5], number % 2 == 0, Channel.WEB)
            )
            self.play(("post", number, ModerationReason.SPAM))
        self.play(("count",))

    def play(self, step: Any) -> None:
        getattr(self, f"_{step[0]}")(*step[1:])

    def _submit(
        self, body: str, position: Position | None, who: Any, has_district: bool, channel: Channel
    ) -> None:
        said = Submission(
            body=body,
            position=position,
            name=who[0],
            organisation=who[1],
            district=self.district if has_district else None,
        )
        self.comments.append(
            submit_comment(
                self.session,
                period=self.period,
                submission=said,
                intake=Intake(channel=channel),
                client_token=None,
                now=utcnow(),
            )
        )

    def _post(self, index: int, _reason: ModerationReason) -> None:
        if (comment := self._living(index)) is not None:
            post_comments(self.session, [comment], None, utcnow())

    def _restrict(self, index: int, reason: ModerationReason) -> None:
        if (comment := self._living(index)) is not None:
            restrict_comments(self.session, [comment], None, utcnow(), reason)

    def _reopen(self, index: int, _reason: ModerationReason) -> None:
        if (comment := self._living(index)) is not None:
            reopen_comments(self.session, [comment], None, utcnow())

    def _withdraw(self, index: int, _reason: ModerationReason) -> None:
        if (comment := self._living(index)) is not None:
            withdraw_comment(self.session, comment, None, utcnow())

    def _analyse(self, index: int, _reason: ModerationReason, version: str = "") -> None:
        if (comment := self._living(index)) is not None:
            found = ANALYSER.analyse(comment.body)
            row = as_row(replace(found, version=found.version + version))
            store_analysis(self.session, comment, row)

    def _analyse_again(self, index: int, reason: ModerationReason) -> None:
        self._analyse(index, reason, "-next")

    def _count(self) -> None:
        self.session.commit()
        count_due()

    def _living(self, index: int) -> Comment | None:
        living = [one for one in self.comments if one.disposition is not Disposition.WITHDRAWN]
        return living[index % len(living)] if living else None


def count_all() -> int:
    """Count batch after batch; returns how many comments."""
    return queue.run_once({"count": count_due})


def stored(session: Session, period: CommentPeriod) -> Counter[tuple[str, str]]:
    """The numbers of a period as they stand in the database."""
    session.rollback()
    rows = session.execute(sa.select(Tally.measure, Tally.key, Tally.n).where(Tally.period_id == period.id))
    return Counter({(measure, key): n for measure, key, n in rows})


def test_counting_step_by_step_gives_what_a_recount_gives(session: Session) -> None:
    """Whatever happens to comments in whatever order, and whenever it is counted."""
    examples = 25 if session.get_bind().dialect.name == "sqlite" else 6

    @settings(max_examples=examples, deadline=None)
    @given(steps)
    def check(story_steps: list[Any]) -> None:
        story = Story(session)
        for step in story_steps:
            story.play(step)
        session.commit()
        count_all()

        assert stored(session, story.period) == recount_period(session, story.period.id)

    check()


class TestCountDue:
    def test_counts_what_is_there(self, session: Session) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period, position=Position.SUPPORT, body="One text.", name="Ana")
        makers.comment(session, period, position=Position.SUPPORT, body="one TEXT", name="ana")
        makers.comment(session, period, disposition=Disposition.RECEIVED, body="Another.")
        session.commit()

        assert count_all() == 3
        assert count_all() == 0

        numbers = stored(session, period)
        assert numbers["disposition", "posted"] == 2
        assert numbers["disposition", "received"] == 1
        assert numbers["position", "support"] == 2
        assert numbers["position|tone", "support|unmeasured"] == 2
        assert (numbers["distinct", "texts"], numbers["distinct", "submitters"]) == (1, 1)
        assert (numbers["distinct", "repeated"], numbers["distinct", "in_repeated"]) == (1, 2)

    def test_keeps_nothing_of_a_comment_that_is_not_posted_but_its_disposition(
        self, session: Session
    ) -> None:
        period = makers.comment_period(session)
        comment = makers.comment(session, period, name="Ana", position=Position.OPPOSE)
        session.commit()
        count_all()
        withdraw_comment(session, comment, None, utcnow())
        session.commit()
        count_all()

        session.expire_all()
        assert session.scalars(sa.select(CountedComment.facts)).all() == [{"disposition": "withdrawn"}]
        assert session.scalars(sa.select(Distinct)).all() == []
        assert stored(session, period) == {("disposition", "withdrawn"): 1}

    def test_counts_again_what_changed_after_it_was_read(self, session: Session) -> None:
        """A row that was read when it was due, changed when it no longer was: still counted."""
        period = makers.comment_period(session)
        comment = makers.comment(session, period)
        session.commit()
        assert comment.count_due
        count_all()

        comment.position = Position.OPPOSE
        comment.mark_changed()
        session.commit()

        assert count_all() == 1
        assert stored(session, period)["position", "oppose"] == 1

    def test_calls_the_worker_when_a_comment_changes(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        comment = makers.comment(session, makers.comment_period(session))
        session.commit()
        called: list[str] = []
        monkeypatch.setattr(queue, "_enqueue", lambda _url, job: called.append(job))

        comment.mark_changed()
        session.commit()

        assert called == ["count_comments"]

    def test_does_nothing_by_halves_when_it_is_stopped(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        def killed(*_arguments: object, **_more: object) -> None:
            raise Killed

        period = makers.comment_period(session)
        makers.comment(session, period)
        session.commit()
        monkeypatch.setattr(count, "_add", killed)
        with pytest.raises(Killed):
            count_all()
        monkeypatch.undo()
        assert stored(session, period) == {}

        count_all()

        assert stored(session, period) == recount_period(session, period.id)

    def test_many_at_once_count_each_comment_once(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also of several periods at once, and while moderators are at work."""
        monkeypatch.setattr(count, "BATCH", 7)
        periods = [makers.comment_period(session) for _ in range(3)]
        comments = [
            makers.comment(session, periods[i % 3], body=f"Text {i % 11}", position=list(Position)[i % 5])
            for i in range(120)
        ]
        session.commit()

        def work() -> None:
            with app.app_context():
                count_all()

        def moderate() -> None:
            with app.app_context(), db.sessionmaker() as own:
                for comment in reversed(comments[::4]):
                    begin_writing(own)
                    reopen_comments(own, [own.get_one(Comment, comment.id)], None, utcnow())
                    own.commit()

        with ThreadPoolExecutor() as threads:
            for running in [threads.submit(target) for target in (work, work, work, moderate)]:
                running.result()
        count_all()

        for period in periods:
            assert stored(session, period) == recount_period(session, period.id)
            assert stored(session, period)["disposition", "received"] == 10

    def test_counts_a_period_anew_when_more_is_measured(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        period = makers.comment_period(session)
        for number in range(3):
            makers.comment(session, period, channel=Channel.PHONE, received_on=date(2026, 10, 1 + number))
        session.commit()
        count_all()
        monkeypatch.setattr(measures, "MEASURES", (*measures.MEASURES, ("channel", "day")))
        monkeypatch.setattr(count, "METHOD", measures.METHOD + 1)

        count_all()

        assert stored(session, period)["channel|day", "phone|2026-10-02"] == 1
        assert stored(session, period) == recount_period(session, period.id)
        session.expire_all()
        assert session.scalars(sa.select(CountedPeriod.method)).all() == [measures.METHOD + 1]

    def test_by_workers_that_see_an_earlier_count_at_once_begins_anew_once_and_loses_nothing(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite lets one write after the other")
        period = makers.comment_period(session)
        makers.comment(session, period)
        session.commit()
        count_all()
        session.execute(sa.update(CountedPeriod).values(method=measures.METHOD - 1))
        session.commit()
        begun, waits = [], threading.Event()
        start_over, take = count.start_over, count._take_periods
        running: list[Future[int]] = []

        def begin(own: Session, period_id: int) -> int:
            begun.append(period_id)
            return start_over(own, period_id)

        def work() -> int:
            with app.app_context():
                return count_due()

        def knock(own: Session, key: int) -> None:
            waits.set()
            advisory_lock(own, key)

        def meanwhile(own: Session, period_ids: Collection[int]) -> None:
            """All are marked: another worker comes to do the same, and one of an earlier release counts."""
            monkeypatch.setattr(count, "_take_periods", take)
            waits.clear()
            running.append(threads.submit(work))
            assert waits.wait(10)
            comment = makers.comment(session, period)
            session.commit()
            with write_transaction() as earlier:
                count._count(earlier, [comment.id])
            take(own, period_ids)

        monkeypatch.setattr(count, "start_over", begin)
        monkeypatch.setattr(count, "advisory_lock", knock)
        monkeypatch.setattr(count, "_take_periods", meanwhile)

        with ThreadPoolExecutor() as threads:
            count_due()
            running[0].result()
        count_all()

        assert begun == [period.id]
        assert stored(session, period)["disposition", "posted"] == 2
        assert stored(session, period) == recount_period(session, period.id)

    def test_says_when_it_counted(self, session: Session) -> None:
        makers.comment(session, makers.comment_period(session))
        session.commit()
        count_all()

        (counted_at,) = session.scalars(sa.select(CountedPeriod.counted_at))
        assert abs(counted_at - utcnow()) < timedelta(minutes=1)


def test_analysis_and_count_follow_a_new_comment(session: Session) -> None:
    period = makers.comment_period(session)
    makers.comment(session, period, body=TEXTS[2], position=Position.OPPOSE)
    session.commit()

    queue.run_once({"analyse": analyse_due, "count": count_due})

    numbers = stored(session, period)
    assert numbers["position|tone", "oppose|negative"] == 1
    assert numbers["concern|position", "family_unity|oppose"] == 1
    assert numbers["language", "en"] == 1
