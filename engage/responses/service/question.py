"""Gather what comments ask into questions, and answer each once, with a source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.db.types import LANGUAGES, Localised
from engage.dockets.models import Docket
from engage.errors import NotFound, RuleBroken
from engage.responses.due import first_promised
from engage.responses.models import Question, QuestionComment
from engage.web.addresses import checked_address
from engage.web.locale import site_day

NOT_WRITTEN = Localised()


class NotAsRead(RuleBroken):
    """The question is another than the one that was read."""


class NotComplete(RuleBroken):
    """Not fit to be published; ``fields`` are what it lacks."""

    def __init__(self, message: str, fields: Iterable[str]) -> None:
        super().__init__(message)
        self.fields = tuple(fields)


class AlreadyAsked(RuleBroken):
    """Residents have read the question: its words stay."""


class AlreadyAnswered(RuleBroken):
    """Residents have read the answer: it is corrected in public, and not changed in silence."""


class NothingNew(RuleBroken):
    """Just this answer is published already: nobody is told of a correction that corrects nothing."""


class NotAnswered(RuleBroken):
    """Of an answer that was not given nothing can be corrected."""


class PastDay(RuleBroken):
    """A day was promised that is over already."""


class CannotMerge(RuleBroken):
    """Something that residents read would be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What the county answers, and where it is from."""

    answer: Localised = NOT_WRITTEN
    source: Localised = NOT_WRITTEN
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """What staff write of a question."""

    text: Localised
    is_disputed: bool = False
    owner: Localised = NOT_WRITTEN
    due_on: date | None = None
    answer: AnswerDraft = AnswerDraft()


def make_question(
    session: Session,
    docket: Docket,
    *,
    text: Localised,
    is_disputed: bool = False,
    comments: Iterable[Comment] = (),
) -> Question:
    """A new question that only staff see, asked by these comments."""
    row = Question(
        docket=docket, text=text, is_disputed=is_disputed, owner=NOT_WRITTEN, answer=NOT_WRITTEN,
        source=NOT_WRITTEN,
    )  # fmt: skip
    session.add(row)
    session.flush()
    join_comments(session, row, comments)
    return row


def join_comments(session: Session, question: Question, comments: Iterable[Comment]) -> None:
    """These comments ask this question too. Which joined it already stay."""
    rows = [{"question_id": question.id, "comment_id": comment.id} for comment in comments]
    if rows:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(QuestionComment).values(rows).on_conflict_do_nothing())


def leave_question(session: Session, question: Question, comment: Comment) -> None:
    """This comment asks something else."""
    session.execute(
        sa.delete(QuestionComment).where(
            QuestionComment.question_id == question.id, QuestionComment.comment_id == comment.id
        )
    )


def mark_of(row: Question) -> str:
    """What stands for exactly these words: SHA-256."""
    texts = [text for value in (row.text, row.owner, row.answer, row.source) for text in (value.en, value.es)]
    content = [
        row.id,
        *texts,
        row.is_disputed,
        row.source_url,
        row.due_on.isoformat() if row.due_on else None,
        row.asked_at is not None,
        row.answered_at.isoformat() if row.answered_at else None,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def save_question(
    session: Session, row: Question, draft: QuestionDraft, *, seen: str | None, today: date
) -> None:
    """Keep what was written, if the question still is the one that was read.

    Raises NotAsRead, AlreadyAnswered, PastDay; AlreadyAsked where it would say something else than what
    residents read; NotComplete where they would not see in both languages who answers.
    """
    _lock(session, row)
    _require_as_read(row, seen)
    if row.answered_at is not None:
        raise AlreadyAnswered(_("This question is answered. An answer is corrected in public."))
    if row.asked_at is not None and (draft.text, draft.is_disputed) != (row.text, row.is_disputed):
        raise AlreadyAsked(_("Residents have read this question: its words stay."))
    if row.asked_at is not None and (fields := _lacking({"owner": draft.owner})):
        raise NotComplete(_what_a_question_needs(), fields)
    _set_day(row, draft.due_on, today)
    row.text, row.is_disputed, row.owner = draft.text, draft.is_disputed, draft.owner
    _write_answer(row, draft.answer)
    session.flush()


def lacking(row: Question, *, answer: bool) -> list[str]:
    """What a question, or with ``answer`` its answer, lacks to be published, as names of fields."""
    texts = {"text": row.text, "owner": row.owner}
    if answer:
        texts |= {"answer": row.answer, "source": row.source}
    return _lacking(texts)


def ask(session: Session, row: Question, *, seen: str | None, now: datetime) -> None:
    """Show residents the question, without its answer.

    Raises NotAsRead, AlreadyAsked, NotComplete, PastDay.
    """
    _lock(session, row)
    _require_as_read(row, seen)
    if row.asked_at is not None:
        raise AlreadyAsked(_("Residents can read this question already."))
    _require_complete(row, answer=False)
    if row.due_on is not None and row.due_on < site_day(now):
        raise PastDay(_("The day for which the answer is promised is over. Choose today or a later day."))
    row.asked_at = now
    session.flush()


def answer_question(session: Session, row: Question, *, seen: str | None, now: datetime) -> None:
    """Publish the answer, and the question with it. Raises NotAsRead, AlreadyAnswered, NotComplete."""
    _lock(session, row)
    _require_as_read(row, seen)
    if row.answered_at is not None:
        raise AlreadyAnswered(_("This question is answered. An answer is corrected in public."))
    _require_complete(row, answer=True)
    row.asked_at = row.asked_at or now
    row.answered_at = row.first_answered_at = now
    session.flush()


def correct_answer(
    session: Session, row: Question, draft: AnswerDraft, *, seen: str | None, now: datetime
) -> None:
    """Publish another answer in place of the one that was given; everybody sees that and when.

    Raises NotAsRead, NotAnswered, NotComplete, NothingNew.
    """
    _lock(session, row)
    _require_as_read(row, seen)
    if row.answered_at is None:
        raise NotAnswered(_("This question is not answered yet."))
    if fields := _lacking({"answer": draft.answer, "source": draft.source}):
        raise NotComplete(_what_an_answer_needs(), fields)
    before = row.answer, row.source, row.source_url
    _write_answer(row, draft)
    if (row.answer, row.source, row.source_url) == before:
        raise NothingNew(_("Just this answer is published already."))
    row.answered_at = now
    session.flush()


def merge_questions(session: Session, *, into: Question, other: Question, seen: str | None) -> None:
    """Let all comments that ask ``other`` ask ``into``, and forget ``other``, but for the day of its promise.

    Raises NotAsRead where somebody has written more into ``other`` than was read, which would be gone;
    CannotMerge where residents would lose something that they can read.
    """
    first, second = sorted((into, other), key=lambda row: row.id)
    _lock(session, first)
    _lock(session, second)
    _require_as_read(other, seen)
    if into.id == other.id or into.docket_id != other.docket_id:
        raise CannotMerge(_("Choose another question of the same docket."))
    if other.answered_at is not None:
        raise CannotMerge(_("This question is answered, so it stays. Merge the other one into it."))
    if other.asked_at is not None and into.asked_at is None:
        raise CannotMerge(_("Residents can read this question, and not the other one. Merge that into this."))
    joined = list(
        session.scalars(
            sa.select(Comment)
            .join(QuestionComment, QuestionComment.comment_id == Comment.id)
            .where(QuestionComment.question_id == other.id)
        )
    )
    join_comments(session, into, joined)
    if other.asked_at is not None and into.answered_at is None:
        # Residents were promised a day for both: the earlier one stays, and that it was promised.
        into.first_due_on = first_promised(into.first_due_on, other.first_due_on)
        into.due_on = first_promised(into.due_on, other.due_on)
    session.delete(other)
    session.flush()


def delete_question(session: Session, row: Question, *, seen: str | None) -> None:
    """Throw a question away that residents never read. Raises AlreadyAsked, NotAsRead."""
    _lock(session, row)
    if row.asked_at is not None:
        raise AlreadyAsked(_("Residents have read this question: it stays."))
    _require_as_read(row, seen)
    session.delete(row)
    session.flush()


def _set_day(row: Question, due_on: date | None, today: date) -> None:
    if due_on is not None and due_on != row.due_on and due_on < today:
        raise PastDay(_("This day is over. Choose today or a later day."))
    if row.asked_at is not None and row.due_on is not None and due_on is None:
        raise PastDay(_("Residents see this day. It can be moved, but not taken back."))
    # While nobody has read it, a day is a note of the staff and can be changed without a trace.
    row.first_due_on = first_promised(row.first_due_on if row.asked_at else None, due_on)
    row.due_on = due_on


def _write_answer(row: Question, draft: AnswerDraft) -> None:
    row.answer, row.source, row.source_url = draft.answer, draft.source, checked_address(draft.source_url)


def _require_complete(row: Question, *, answer: bool) -> None:
    if fields := lacking(row, answer=answer):
        raise NotComplete(_what_an_answer_needs() if answer else _what_a_question_needs(), fields)


def _lacking(texts: Mapping[str, Localised]) -> list[str]:
    return [f"{name}_{code}" for name, text in texts.items() for code in LANGUAGES if not getattr(text, code)]


def _what_an_answer_needs() -> str:
    return str(
        _("An answer is published in both languages, with the office that gives it and with its source.")
    )


def _what_a_question_needs() -> str:
    return str(_("A question is published in both languages, with the office that will answer it."))


def _require_as_read(row: Question, seen: str | None) -> None:
    if seen != mark_of(row):
        raise NotAsRead(_("Somebody else has changed this question meanwhile. Nothing was changed now."))


def _lock(session: Session, row: Question) -> None:
    """Read the row as it is now and hold it to the end of the transaction. Raises NotFound."""
    session.flush()
    columns = [column.key for column in sa.inspect(Question).column_attrs]
    try:
        session.refresh(row, columns, with_for_update={"of": Question})
    except sa.exc.InvalidRequestError:
        raise NotFound(_("There is no such question.")) from None
