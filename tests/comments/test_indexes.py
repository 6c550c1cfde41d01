"""The indexes are really used: whoever looks for what is due must not read what is not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.filters import CommentFilter
from engage.comments.finding import narrowed
from engage.comments.models import Comment, CommentConcern, CommentPeriod, Disposition, Position
from tests.support import makers

PLENTY = 3000


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with so many comments, of which none is due, that reading all of them would be slower."""
    period = makers.comment_period(session)
    one = makers.comment(session, period)
    columns = {column.name: getattr(one, column.name) for column in sa.inspect(Comment).columns}
    columns |= {"analysis_due": False, "count_due": False}
    rows = [
        columns | {"id": number, "tracking_number": f"{number}", "body_digest": f"{number % 900}"}
        for number in range(1, PLENTY)
    ]
    session.execute(sa.insert(Comment), rows)
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return period


def plan(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> str:
    """How the database would run a statement."""
    explain = "EXPLAIN" if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    rows = session.connection().exec_driver_sql(f"{explain} {compiled}")
    return "\n".join(str(row[-1]) for row in rows)


def look_through_nothing(session: Session) -> None:
    """Where there are too few rows for PostgreSQL to care, tell it that to look through all is no way."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))


@pytest.mark.parametrize(
    ("flag", "index"), [(Comment.analysis_due, "ix_comment_due"), (Comment.count_due, "ix_comment_count_due")]
)
def test_of_what_is_due_is_used(session: Session, period: CommentPeriod, flag: Any, index: str) -> None:
    statement = sa.select(Comment.id).where(flag, Comment.id >= 1).order_by(Comment.id).limit(100)

    assert index in plan(session, statement)


def test_of_what_is_due_in_a_period_is_used(session: Session, period: CommentPeriod) -> None:
    statement = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.count_due).limit(100)

    assert re.search(r"ix_comment(_period)?_count_due", plan(session, statement))


def test_of_texts_is_used(session: Session, period: CommentPeriod) -> None:
    statement = sa.select(Comment.body).where(
        Comment.period_id == period.id,
        Comment.body_digest == "7",
        Comment.disposition == Disposition.POSTED,
    )

    assert "ix_comment_period_text" in plan(session, statement.limit(1))


def test_of_positions_is_used_without_the_rows(session: Session, period: CommentPeriod) -> None:
    statement = sa.select(sa.func.count()).where(
        Comment.period_id == period.id,
        Comment.disposition == Disposition.POSTED,
        Comment.position == Position.OPPOSE,
    )

    assert "ix_comment_position" in plan(session, statement)


def test_of_concerns_is_used_without_the_rows(session: Session, period: CommentPeriod) -> None:
    raising = sa.select(CommentConcern.comment_id).where(CommentConcern.code == "cost")
    look_through_nothing(session)

    assert "ix_comment_concern_code" in plan(session, raising)


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        (CommentFilter(channel="phone"), "ix_comment_channel"),
        (CommentFilter(language="vi"), "ix_comment_analysis_language"),
    ],
)
def test_of_what_few_use_is_used(
    session: Session, period: CommentPeriod, criteria: CommentFilter, index: str
) -> None:
    of_period = sa.select(Comment.id).where(Comment.period_id == period.id)
    look_through_nothing(session)

    assert index in plan(session, narrowed(of_period, criteria, listed={"language"}))
