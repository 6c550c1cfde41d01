"""The box that acknowledged answers lie in until they are counted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from engage.db.base import random_id
from engage.feedback.codes import Boxed, seal, unseal
from engage.feedback.models import (
    BoxedAnswer,
    FeedbackForm,
    FormResponse,
    FormResult,
    FormStatus,
    FormText,
    FormVersion,
    TextState,
)
from engage.jobs.queue import wake
from engage.jobs.scrub import promise_scrub
from engage.sealing import CannotOpen
from engage.survey.definition import Definition, Question
from engage.survey.suppression import K

COUNT = "count_answers"
"""The job that opens boxes and makes results anew."""

_PART = 100
"""While a form is open, its results are made anew for every hundredth part more, and never for fewer than K."""

_BATCH = 500

log = structlog.get_logger()
_chance = secrets.SystemRandom()


def put_in(session: Session, version: FormVersion, answer: Boxed) -> None:
    """Keep an acknowledged answer. Whoever calls this has spent a ticket in the same transaction."""
    session.add(BoxedAnswer(version_id=version.id, sealed=seal(answer, version_id=version.id)))
    session.flush()
    wake(session, COUNT)


def wanted(form: FeedbackForm, *, boxed: int, counted: int, now: datetime) -> int:
    """How many answers are to be taken out of a box of ``boxed``; 0 is a handful that would be too small.

    Of an open form K stay, and K or more are taken: whoever watches the results learns that somebody was
    among ten and not which of at least twenty. At the close all are taken. Fewer than K that come after
    results were told (the form was opened again) wait, since the results would tell of them alone.
    """
    if form.status(now) is not FormStatus.CLOSED:
        taken = boxed - K
        return taken if taken >= max(K, counted // _PART) else 0
    return boxed if boxed >= K or counted < K else 0


def open_box(session: Session, form: FeedbackForm, now: datetime) -> int:
    """Take a handful of answers out of a form's box, as many as may be taken now; returns how many.

    Which ones is left to chance, and so is the order in which they are written: neither tells when they
    came. What cannot be opened, because the key is another one, stays and stops nobody. Call it in a
    transaction that has locked the form's result.
    """
    versions = {one.id: one for one in form.versions}
    counted = _number(session, FormResponse, versions)
    # Most of the time a form waits for more: told without opening anything.
    if not wanted(form, boxed=_number(session, BoxedAnswer, versions), counted=counted, now=now):
        return 0
    opened, sealed_shut = _opened(session, versions)
    if sealed_shut:
        log.error("form_answers_unreadable", form=form.id, answers=sealed_shut)
    number = wanted(form, boxed=len(opened), counted=counted, now=now)
    if not number:
        return 0
    taken = dict(_chance.sample(sorted(opened.items(), key=lambda item: item[0]), number))
    _write(session, versions, list(taken.values()))
    ids = list(taken)
    for start in range(0, len(ids), _BATCH):
        session.execute(sa.delete(BoxedAnswer).where(BoxedAnswer.id.in_(ids[start : start + _BATCH])))
    # The sealed answers lay beside the tickets of their transactions; let the files forget them.
    promise_scrub(session)
    return number


def unreadable(session: Session, form: FeedbackForm) -> int:
    """How many answers in the box of a form cannot be opened."""
    return _opened(session, {one.id: one for one in form.versions})[1]


def locked_result(session: Session, form: FeedbackForm) -> FormResult:
    """A form's result, until the transaction ends for nobody else."""
    session.execute(_new_result(session, form))
    query = sa.select(FormResult).where(FormResult.form_id == form.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _new_result(session: Session, form: FeedbackForm) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"form_id": form.id, "counted": 0, "tables": {}, "is_final": False, "is_stale": False}
    return dialect.insert(FormResult).values(empty).on_conflict_do_nothing()


def _number(session: Session, table: type[FormResponse | BoxedAnswer], versions: Mapping[int, Any]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.version_id.in_(versions))
    return session.scalar(query) or 0


def _opened(
    session: Session, versions: Mapping[int, FormVersion]
) -> tuple[dict[int, tuple[int, Boxed]], int]:
    """All answers in the box with their versions, by id; and how many cannot be opened."""
    query = sa.select(BoxedAnswer.id, BoxedAnswer.version_id, BoxedAnswer.sealed)
    found: dict[int, tuple[int, Boxed]] = {}
    shut = 0
    for id_, version_id, sealed in session.execute(query.where(BoxedAnswer.version_id.in_(versions))):
        try:
            found[id_] = version_id, unseal(sealed, version_id=version_id)
        except CannotOpen:
            shut += 1
    return found, shut


def _write(
    session: Session, versions: Mapping[int, FormVersion], taken: Sequence[tuple[int, Boxed]]
) -> None:
    responses, texts = rows_of(versions, taken)
    for table, rows in ((FormResponse, responses), (FormText, texts)):
        for start in range(0, len(rows), _BATCH):
            session.execute(sa.insert(table), rows[start : start + _BATCH])


def rows_of(
    versions: Mapping[int, FormVersion], taken: Sequence[tuple[int, Boxed]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of answers and of their texts, in an order of chance each."""
    asked = {id_: _texts(one.asked) for id_, one in versions.items()}
    responses, texts = [], []
    for version_id, boxed in taken:
        response_id = random_id()
        responses.append(_response(response_id, version_id, boxed, asked[version_id]))
        texts += _of_words(response_id, boxed.answers, asked[version_id])
    _chance.shuffle(responses)
    _chance.shuffle(texts)
    return responses, texts


def _texts(definition: Definition) -> dict[str, Question]:
    """The questions whose answers are in words, by the names of these answers."""
    found = {}
    for question in definition.questions():
        if question.is_text:
            found[question.name] = question
        elif question.other:
            found[question.comment_name] = question
    return found


def _response(
    response_id: int, version_id: int, boxed: Boxed, asked: Mapping[str, Question]
) -> dict[str, Any]:
    return {
        "id": response_id,
        "version_id": version_id,
        "language": boxed.language,
        "channel": boxed.channel,
        "answered_on": _day(boxed),
        "answers": {name: answer for name, answer in boxed.answers.items() if name not in asked},
        "is_doubtful": boxed.is_doubtful,
    }


def _day(boxed: Boxed) -> date:
    return boxed.answered_on


def _of_words(
    response_id: int, answers: Mapping[str, Any], asked: Mapping[str, Question]
) -> list[dict[str, Any]]:
    return [
        {
            "id": random_id(),
            "response_id": response_id,
            "question": name,
            "body": str(answers[name]),
            "is_confidential": question.is_confidential,
            # Nobody ever reads one of these by itself, so none waits for somebody who would.
            "state": TextState.WAITING,
        }
        for name, question in asked.items()
        if str(answers.get(name) or "").strip()
    ]
