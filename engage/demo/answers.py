"""What the fictional county answered and promised, done day by day as its officials would have done it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.db.types import Localised
from engage.demo import reading
from engage.demo.reading import Calendar
from engage.demo.readings import comments_by_key
from engage.responses.models import CommitmentState, Response, ResponseState
from engage.responses.service import answer as answers
from engage.responses.service import commitment as commitments
from engage.responses.service import publish
from engage.responses.service import question as questions
from engage.web.locale import site_day, site_time_zone

_FILE = "docket-287g/answers.toml"

Step = tuple[int, Callable[[], object]]
"""What was done, and on which day."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that is at hand while the county answers; ``comments`` are the demo's by their key."""

    session: Session
    period: CommentPeriod
    comments: Mapping[str, Comment]
    owners: Mapping[str, Localised]
    calendar: Calendar


def add_answers(session: Session, now: datetime) -> None:
    """Answer the comments of the closed period, each step on its day: none was over when it was promised."""
    content = reading.toml(_FILE)
    period = session.scalars(sa.select(CommentPeriod).where(CommentPeriod.slug == content["period"])).one()
    calendar = Calendar(site_day(now), site_time_zone())
    desk = _Desk(session, period, comments_by_key(session, period), content["owners"], calendar)
    steps = [*_promises(desk, content), *_answers(desk, content)]
    for _day, act in sorted(steps, key=lambda step: step[0]):
        act()
    for row in content["commitments"]:
        _add_commitment(desk, row)
    for row in content["questions"]:
        _add_question(desk, row)


def _promises(desk: _Desk, content: dict[str, Any]) -> Iterator[Step]:
    for row in content["promised"]:

        def promise(row: dict[str, Any] = row) -> None:
            answers.promise_answers(
                desk.session,
                period=desk.period,
                concerns=row["concerns"],
                due_on=desk.calendar.day(row["due_days"]),
                owner=desk.owners[row["owner"]],
                today=desk.calendar.day(row["days"]),
            )

        yield row["days"], promise


def _answers(desk: _Desk, content: dict[str, Any]) -> Iterator[Step]:
    for group in content["published"]:

        def publish_group(group: dict[str, Any] = group) -> None:
            for row in group["answers"]:
                _draft(desk, row, group["days"], is_ready=True)
            ready = publish.ready_answers(desk.session, desk.period)
            publish.publish_answers(
                desk.session,
                desk.period,
                seen=publish.mark_of(ready),
                today=desk.calendar.day(group["days"]),
                now=desk.calendar.instant(group["days"]),
            )

        yield group["days"], publish_group
    for row in content["drafts"]:

        def draft(row: dict[str, Any] = row) -> None:
            _draft(desk, row, row["days"], is_ready=False)

        yield row["days"], draft


def _draft(desk: _Desk, row: dict[str, Any], days: int, *, is_ready: bool) -> None:
    saved = _answer(desk, row["concern"])
    due = desk.calendar.day(row["due_days"]) if "due_days" in row else saved.due_on if saved else None
    answers.save_answer(
        desk.session,
        period=desk.period,
        concern=row["concern"],
        draft=answers.AnswerDraft(
            owner=desk.owners[row["owner"]],
            due_on=due,
            state=ResponseState(row["state"]),
            body=row["body"],
            is_ready=is_ready,
        ),
        revision=saved.revision if saved else 0,
        today=desk.calendar.day(days),
    )


def _answer(desk: _Desk, concern: str) -> Response | None:
    return desk.session.scalar(
        sa.select(Response).where(Response.period_id == desk.period.id, Response.concern == concern)
    )


def _add_commitment(desk: _Desk, row: dict[str, Any]) -> None:
    calendar = desk.calendar
    draft = commitments.CommitmentDraft(
        title=row["title"],
        body=row["body"],
        owner=desk.owners[row["owner"]],
        due_on=calendar.day(row["due_days"]),
        response=_answer(desk, row["concern"]) if "concern" in row else None,
    )
    made = commitments.create_commitment(desk.session, desk.period.docket, draft)
    if "days" not in row:
        return
    commitments.publish_commitment(
        desk.session,
        made,
        seen=commitments.mark_of(made),
        today=calendar.day(row["days"]),
        now=calendar.instant(row["days"]),
    )
    for step in row.get("steps", []):
        told = commitments.StepDraft(
            state=CommitmentState(step["state"]),
            percent=step["percent"],
            due_on=calendar.day(step["moved_days"]) if "moved_days" in step else None,
            note=step["note"],
        )
        commitments.add_step(
            desk.session,
            made,
            told,
            today=calendar.day(step["days"]),
            now=calendar.instant(step["days"]),
        )


def _add_question(desk: _Desk, row: dict[str, Any]) -> None:
    calendar, session = desk.calendar, desk.session
    made = questions.make_question(
        session,
        desk.period.docket,
        text=row["text"],
        is_disputed=row.get("is_disputed", False),
        comments=[desk.comments[key] for key in row["comments"] if key in desk.comments],
    )
    answer = _answer_draft(row, row.get("answer", Localised()))
    draft = questions.QuestionDraft(
        text=row["text"],
        is_disputed=row.get("is_disputed", False),
        owner=desk.owners[row["owner"]],
        due_on=calendar.day(row["due_days"]) if "due_days" in row else None,
        answer=_answer_draft(row, row["first_answer"]) if "first_answer" in row else answer,
    )
    asked = row.get("asked_days", 0)
    questions.save_question(session, made, draft, seen=questions.mark_of(made), today=calendar.day(asked))
    if "asked_days" in row:
        questions.ask(session, made, seen=questions.mark_of(made), now=calendar.instant(asked))
    if "answered_days" in row:
        given = calendar.instant(row["answered_days"])
        questions.answer_question(session, made, seen=questions.mark_of(made), now=given)
    if "corrected_days" in row:
        corrected = calendar.instant(row["corrected_days"])
        questions.correct_answer(session, made, answer, seen=questions.mark_of(made), now=corrected)


def _answer_draft(row: dict[str, Any], words: Localised) -> questions.AnswerDraft:
    return questions.AnswerDraft(
        answer=words, source=row.get("source", Localised()), source_url=row.get("source_url")
    )
