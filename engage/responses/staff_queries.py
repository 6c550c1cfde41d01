"""What staff see of answers and promises: drafts too, and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.comments.models import CommentPeriod
from engage.comments.queries import public_periods, with_docket
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.taxonomy import taxonomy_of
from engage.errors import NotFound
from engage.responses import queries
from engage.responses.due import days_overdue, is_due_soon
from engage.responses.models import Commitment, Response
from engage.responses.queries import Line
from engage.responses.question_queries import waiting_questions
from engage.responses.raised import raised_in
from engage.web.locale import site_day


class Stage(StrEnum):
    """How far the answer to a concern has come, for those who write it. An answer may be several at once."""

    NONE = "none"
    DRAFT = "draft"
    READY = "ready"
    PUBLISHED = "published"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A concern with what is public of its answer, and the draft (None: nobody has begun)."""

    line: Line
    row: Response | None

    @property
    def revision(self) -> int:
        """How often the draft was changed; 0 where nobody has begun."""
        return self.row.revision if self.row is not None else 0

    def stages(self, today: date) -> list[Stage]:
        """All that is to be said of it, what is public first."""
        told = self.line.told
        found = [Stage.PUBLISHED] if told.state is not None else []
        if self.row is not None and self.row.is_ready:
            found.append(Stage.READY)
        elif self.row is not None and differs(self.row):
            found.append(Stage.DRAFT)
        if told.overdue_days(today):
            found.append(Stage.OVERDUE)
        elif told.is_open and is_due_soon(told.due_on, today):
            found.append(Stage.DUE)
        return found or [Stage.NONE]


def differs(row: Response) -> bool:
    """Whether the draft says something that is not published already."""
    if not row.versions:
        return row.state is not None or bool(row.body)
    newest = row.versions[0]
    return (row.state, row.owner, row.due_on, row.body) != (
        newest.state,
        newest.owner,
        newest.due_on,
        newest.body,
    )


def staff_lines(session: Session, period: CommentPeriod, now: datetime) -> list[StaffLine]:
    """Every concern that posted comments raise or that somebody has begun to answer, the most frequent
    first.
    """
    rows = {
        row.concern: row
        for row in session.scalars(
            sa.select(Response)
            .where(Response.period_id == period.id)
            .options(selectinload(Response.versions))
        )
    }
    lines = {line.concern: line for line in queries.lines(session, period, now)}
    begun = [queries.empty_line(concern) for concern in rows if concern not in lines]
    every = sorted(begun, key=lambda line: line.concern)
    return [StaffLine(line, rows.get(line.concern)) for line in [*lines.values(), *every]]


def get_line(session: Session, period: CommentPeriod, concern: str, now: datetime) -> StaffLine:
    """One concern that may be answered: of the taxonomy, or raised by comments. Raises NotFound."""
    for line in staff_lines(session, period, now):
        if line.line.concern == concern:
            return line
    if concern in taxonomy_of(period.docket).codes:
        return StaffLine(queries.empty_line(concern), None)
    raise NotFound(_l("There is no such concern here."))


def may_be_answered(session: Session, period: CommentPeriod) -> set[str]:
    """The codes of the concerns that may be answered."""
    return set(taxonomy_of(period.docket).codes) | {one.concern for one in raised_in(session, period)}


def drafts(session: Session, docket: Docket) -> list[Commitment]:
    """The promises of a docket that residents do not see yet, the oldest first."""
    return list(
        session.scalars(
            sa.select(Commitment)
            .where(Commitment.docket_id == docket.id, Commitment.published_at.is_(None))
            .options(joinedload(Commitment.response).joinedload(Response.period))
            .order_by(Commitment.id)
        )
    )


def get_commitment(session: Session, docket: Docket, number: int) -> Commitment:
    """Any promise of this docket, for the staff. Raises NotFound."""
    row = session.scalar(
        sa.select(Commitment).where(Commitment.docket_id == docket.id, Commitment.id == number)
    )
    if row is None:
        raise NotFound(_l("There is no such commitment."))
    return row


def offered_answers(session: Session, docket: Docket) -> list[Response]:
    """The answers of a docket's periods with which something can be promised."""
    return list(
        session.scalars(
            sa.select(Response)
            .join(Response.period)
            .where(CommentPeriod.docket_id == docket.id)
            .options(joinedload(Response.period))
            .order_by(CommentPeriod.opens_at.desc(), Response.concern)
        )
    )


@dataclass(frozen=True, slots=True)
class Due:
    """Something that was promised and is due within a week, or overdue. ``concern`` only of an answer."""

    what: str
    title: Localised
    due_on: date
    days: int
    place: CommentPeriod | Docket
    concern: str | None = None
    number: int = 0


def due(session: Session, now: datetime) -> list[Due]:
    """All answers, commitments and answers to questions that are due within a week or overdue, the longest
    first. Only of what residents can see.
    """
    found = [*_due_answers(session, now), *_due_of_dockets(session, now)]
    return sorted(found, key=lambda one: (one.due_on, one.what, one.concern or "", one.number))


def _due_answers(session: Session, now: datetime) -> Iterable[Due]:
    dated = sa.select(Response.period_id).where(Response.due_on.is_not(None))
    versioned = sa.select(Response.period_id).join(Response.versions)
    wanted = public_periods(now).where(sa.or_(CommentPeriod.id.in_(dated), CommentPeriod.id.in_(versioned)))
    for period in session.scalars(with_docket(wanted)):
        today = queries.today_of(period, now)
        for told in queries.told(session, period, now):
            if told.is_open and told.due_on is not None and _matters(told.due_on, today):
                days = days_overdue(told.due_on, today)
                yield Due("answer", period.title, told.due_on, days, period, concern=told.concern)


def _due_of_dockets(session: Session, now: datetime) -> Iterable[Due]:
    today = site_day(now)
    public = {row.id: row for row in session.scalars(sa.select(Docket).where(Docket.published_at <= now))}
    for promise in queries.commitments(session, None, now):
        told = promise.told
        if told.is_open and told.due_on is not None and _matters(told.due_on, today):
            days, docket = told.overdue_days(today), public[promise.docket_id]
            yield Due("commitment", told.title, told.due_on, days, docket, number=told.number)
    for question in session.scalars(waiting_questions(now)):
        if question.due_on is not None and _matters(question.due_on, today):
            days = days_overdue(question.due_on, today)
            yield Due("question", question.text, question.due_on, days, question.docket, number=question.id)


def _matters(due_on: date, today: date) -> bool:
    return bool(days_overdue(due_on, today)) or is_due_soon(due_on, today)
