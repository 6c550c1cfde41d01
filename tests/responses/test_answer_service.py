"""Drafting answers and publishing them together: nothing is overwritten, nothing published unread."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.responses import queries
from engage.responses.models import Response, ResponseState, ResponseVersion
from engage.responses.service import answer, publish
from tests.responses.answering import (
    COST,
    OFFICE,
    SAFETY,
    counted,
    draft,
    publish_all,
    raising,
    row_of,
    save,
)
from tests.support import makers

TODAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session, published_at=NOW - timedelta(90))


class TestSave:
    def test_two_editors_do_not_overwrite_each_other(self, session: Session, period: CommentPeriod) -> None:
        save(session, period, COST, today=TODAY, is_ready=False)

        with pytest.raises(answer.AnswerChanged):
            answer.save_answer(
                session,
                period=period,
                concern=COST,
                draft=draft(body=Localised("Mine", "Mío")),
                revision=0,
                today=TODAY,
            )

        row = row_of(session, period, COST)
        assert row is not None
        assert (row.body.en, row.revision) == ("We will do it.", 1)

    @pytest.mark.parametrize(
        ("fields", "lacking"),
        [
            ({"body": Localised("Only English")}, ["body_es"]),
            ({"owner": Localised()}, ["owner_en", "owner_es"]),
            ({"state": None}, ["state"]),
            ({"state": ResponseState.UNDER_CONSIDERATION}, ["due_on"]),
        ],
    )
    def test_only_a_complete_answer_is_ready(
        self, session: Session, period: CommentPeriod, fields: dict[str, object], lacking: list[str]
    ) -> None:
        with pytest.raises(answer.NotComplete) as refused:
            save(session, period, COST, today=TODAY, **fields)

        assert list(refused.value.fields) == lacking
        save(session, period, COST, today=TODAY, is_ready=False, **fields)

    def test_what_is_published_already_is_not_published_again(
        self, session: Session, period: CommentPeriod
    ) -> None:
        save(session, period, COST, today=TODAY)
        publish_all(session, period, NOW)

        with pytest.raises(answer.NothingNew):
            save(session, period, COST, today=TODAY)


class TestPromise:
    def test_a_day_is_promised_for_many_at_once(self, session: Session, period: CommentPeriod) -> None:
        count = answer.promise_answers(
            session, period=period, concerns=[SAFETY, COST], due_on=TODAY, owner=OFFICE, today=TODAY
        )

        assert count == 2
        rows = session.scalars(sa.select(Response)).all()
        assert {(row.concern, row.due_on, row.owner) for row in rows} == {
            (COST, TODAY, OFFICE),
            (SAFETY, TODAY, OFFICE),
        }

    def test_nobody_is_promised_an_answer_by_half_an_office(
        self, session: Session, period: CommentPeriod
    ) -> None:
        half = Localised("Clerk’s Office", "")
        save(session, period, COST, today=TODAY, owner=half, is_ready=False)
        for typed in (half, Localised()):
            with pytest.raises(answer.HalfAnOwner):
                answer.promise_answers(
                    session, period=period, concerns=[COST], due_on=TODAY, owner=typed, today=TODAY
                )
        with pytest.raises(answer.HalfAnOwner):
            save(session, period, COST, today=TODAY, owner=half, due_on=TODAY, is_ready=False)

    def test_it_can_be_moved_but_neither_taken_back_nor_set_to_a_day_that_is_over(
        self, session: Session, period: CommentPeriod
    ) -> None:
        save(session, period, COST, today=TODAY, due_on=TODAY, is_ready=False)
        with pytest.raises(answer.PromiseStays):
            save(session, period, COST, today=TODAY, due_on=None, is_ready=False)
        with pytest.raises(answer.PastDay):
            save(session, period, COST, today=TODAY, due_on=TODAY - timedelta(1), is_ready=False)

        row = save(session, period, COST, today=TODAY, due_on=TODAY + timedelta(30), is_ready=False)

        assert (row.first_due_on, row.due_on) == (TODAY, TODAY + timedelta(30))

    def test_a_day_that_passed_can_stand_while_the_text_is_written(
        self, session: Session, period: CommentPeriod
    ) -> None:
        save(session, period, COST, today=TODAY, due_on=TODAY, is_ready=False)

        save(session, period, COST, today=TODAY + timedelta(5), due_on=TODAY)

    def test_a_published_answer_keeps_its_day(self, session: Session, period: CommentPeriod) -> None:
        save(session, period, COST, today=TODAY)
        publish_all(session, period, NOW)

        count = answer.promise_answers(
            session, period=period, concerns=[COST], due_on=TODAY, owner=OFFICE, today=TODAY
        )

        assert count == 0


class TestPublish:
    def test_all_that_are_ready_go_out_at_one_instant(self, session: Session, period: CommentPeriod) -> None:
        save(session, period, COST, today=TODAY)
        save(session, period, SAFETY, today=TODAY)
        save(session, period, "rule_of_law", today=TODAY, is_ready=False)

        assert publish_all(session, period, NOW) == 2

        versions = session.scalars(sa.select(ResponseVersion)).all()
        assert {(version.response.concern, version.number) for version in versions} == {
            (COST, 1),
            (SAFETY, 1),
        }
        assert {version.published_at for version in versions} == {NOW}
        assert publish.ready_answers(session, period) == []

    def test_only_what_was_read_is_published(self, session: Session, period: CommentPeriod) -> None:
        save(session, period, COST, today=TODAY)
        read = publish.mark_of(publish.ready_answers(session, period))
        save(session, period, COST, today=TODAY, body=Localised("Something else.", "Otra cosa."))

        for mark in (read, None, ""):
            with pytest.raises(publish.NotAsRead):
                publish.publish_answers(session, period, seen=mark, today=TODAY, now=NOW)
        assert session.scalars(sa.select(ResponseVersion)).all() == []

    def test_a_version_follows_and_the_first_stays(self, session: Session, period: CommentPeriod) -> None:
        raising(session, period, COST)
        save(
            session, period, COST, today=TODAY, state=ResponseState.UNDER_CONSIDERATION,
            due_on=TODAY + timedelta(5),
        )  # fmt: skip
        publish_all(session, period, NOW)
        save(session, period, COST, today=TODAY, state=ResponseState.REJECTED, due_on=TODAY + timedelta(5))
        publish_all(session, period, NOW + timedelta(1))
        counted(session)

        (line,) = queries.lines(session, period, NOW + timedelta(2))
        assert (line.told.number, line.told.state) == (2, ResponseState.REJECTED)
        assert [version.state for version in line.earlier] == [ResponseState.UNDER_CONSIDERATION]
        (before,) = queries.told(session, period, NOW)
        assert (before.number, before.state) == (1, ResponseState.UNDER_CONSIDERATION)

    @pytest.mark.parametrize(
        "statement", [sa.update(ResponseVersion).values(number=9), sa.delete(ResponseVersion)]
    )
    def test_the_database_refuses_to_change_what_was_published(
        self, session: Session, period: CommentPeriod, statement: sa.Executable
    ) -> None:
        save(session, period, COST, today=TODAY)
        publish_all(session, period, NOW)
        session.commit()

        with pytest.raises(sa.exc.DBAPIError, match="what was published stays as it is"):
            session.execute(statement)

    def test_nobody_is_put_off_until_a_day_that_is_over(
        self, session: Session, period: CommentPeriod
    ) -> None:
        save(session, period, COST, today=TODAY, state=ResponseState.UNDER_CONSIDERATION, due_on=TODAY)

        with pytest.raises(publish.DayIsOver):
            publish_all(session, period, NOW + timedelta(1))

    def test_answers_of_a_period_that_residents_do_not_see_wait(self, session: Session) -> None:
        hidden = makers.comment_period(session, published_at=None)
        save(session, hidden, COST, today=TODAY)

        with pytest.raises(publish.PeriodIsDraft):
            publish_all(session, hidden, NOW)

    def test_an_answer_under_consideration_is_overdue_once_its_day_has_passed(
        self, session: Session, period: CommentPeriod
    ) -> None:
        due = TODAY + timedelta(5)
        save(session, period, COST, today=TODAY, state=ResponseState.UNDER_CONSIDERATION, due_on=due)
        publish_all(session, period, NOW)
        # A draft that names another day changes nothing for residents.
        save(session, period, COST, today=TODAY, due_on=due + timedelta(99), is_ready=False)

        (told,) = queries.told(session, period, NOW)

        assert (told.first_due_on, told.due_on) == (due, due)
        assert told.overdue_days(due + timedelta(3)) == 3
