"""The box that acknowledged answers lie in until they are counted."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
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
    FormTicket,
    FormVersion,
    TextState,
)
from engage.jobs.queue import wake
from engage.jobs.scrub import promise_scrub
from engage.sealing import CannotOpen
from engage.survey.days import shared_days
from engage.survey.in_words import InWords, names_in_words, taken_apart
from engage.survey.suppression import K

COUNT = "count_answers"
"""The job that opens boxes and makes results anew."""

READ = "read_answers"
"""The job that measures texts: woken by whoever writes new ones."""

_PART = 100
"""While a form is open, its results are made anew for every hundredth part more, never for fewer than K."""

_BATCH = 500

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


@dataclass(frozen=True, slots=True)
class Opened:
    """How many answers were taken out of a box, and how many there cannot be opened (None: nobody looked)."""

    taken: int = 0
    unreadable: int | None = None


def open_box(session: Session, form: FeedbackForm, now: datetime) -> Opened:
    """Take a handful of answers out of a form's box, as many as may be taken now.

    Which ones is left to chance, and so is the order in which they are written: neither tells when they
    came. What cannot be opened, because the key is another one, stays and stops nobody. Call it in a
    transaction that has locked the form's result.
    """
    versions = {one.id: one for one in form.versions}
    counted = _number(session, FormResponse, versions)
    # Most of the time a form waits for more: told without opening anything.
    if not wanted(form, boxed=_number(session, BoxedAnswer, versions), counted=counted, now=now):
        return Opened()
    found, sealed_shut = opened(session, versions)
    number = wanted(form, boxed=len(found), counted=counted, now=now)
    if not number:
        return Opened(0, sealed_shut)
    ids = _chance.sample(sorted(found), number)
    _write(session, versions, [found[id_] for id_ in ids])
    for start in range(0, number, _BATCH):
        session.execute(sa.delete(BoxedAnswer).where(BoxedAnswer.id.in_(ids[start : start + _BATCH])))
    mix_tickets(session, form)
    # The sealed answers lay beside the tickets of their transactions; let the files forget them.
    promise_scrub(session)
    return Opened(number, sealed_shut)


def mix_tickets(session: Session, form: FeedbackForm) -> None:
    """Write those tickets anew, in an order of chance, that still lie where the order of arrival put them.

    On PostgreSQL a row tells by which transaction it was written, and its place when: who reads that could
    number the spent tickets as their answers came, and find the one that came on a day or in a version of
    its own. Those written anew all have the same transaction. In SQLite rows lie by their random ids.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    written_by = sa.cast(sa.literal_column("xmin"), sa.Text)
    spent = (FormTicket.form_id == form.id, FormTicket.is_spent)
    alone = sa.select(written_by).select_from(FormTicket).where(*spent)
    alone = alone.group_by(written_by).having(sa.func.count() < K)
    taken = (
        sa.delete(FormTicket)
        .where(*spent, written_by.in_(alone))
        .returning(*FormTicket.__table__.columns)
        .execution_options(synchronize_session=False)
    )
    rows = [dict(row) for row in session.execute(taken).mappings()]
    _chance.shuffle(rows)
    for start in range(0, len(rows), _BATCH):
        session.execute(sa.insert(FormTicket), rows[start : start + _BATCH])


def locked_result(session: Session, form: FeedbackForm) -> FormResult:
    """A form's result, until the transaction ends for nobody else."""
    session.execute(_new_result(session, form))
    query = sa.select(FormResult).where(FormResult.form_id == form.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _new_result(session: Session, form: FeedbackForm) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"form_id": form.id, "counted": 0, "tables": {}, "is_final": False, "is_stale": False}
    return dialect.insert(FormResult).values(empty).on_conflict_do_nothing()


def _number(session: Session, table: type[FormResponse | BoxedAnswer], versions: Mapping[int, Any]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.version_id.in_(versions))
    return session.scalar(query) or 0


def opened(session: Session, versions: Mapping[int, FormVersion]) -> tuple[dict[int, tuple[int, Boxed]], int]:
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


def _write(session: Session, versions: Mapping[int, FormVersion], taken: Sequence[tuple[int, Boxed]]) -> None:
    responses, texts = _rows(versions, taken)
    for table, rows in ((FormResponse, responses), (FormText, texts)):
        for start in range(0, len(rows), _BATCH):
            session.execute(sa.insert(table), rows[start : start + _BATCH])
    if texts:
        wake(session, READ)


def _rows(
    versions: Mapping[int, FormVersion], taken: Sequence[tuple[int, Boxed]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of answers and of their texts, in an order of chance each."""
    in_words = {id_: names_in_words(one.asked) for id_, one in versions.items()}
    days = shared_days(Counter(boxed.answered_on for _version, boxed in taken))
    responses, texts = [], []
    for version_id, boxed in taken:
        response_id = random_id()
        closed, written = taken_apart(boxed.answers, in_words[version_id])
        responses.append({
            "id": response_id,
            "version_id": version_id,
            "language": boxed.language,
            "channel": boxed.channel,
            "answered_on": days[boxed.answered_on],
            "answers": closed,
            "is_doubtful": boxed.is_doubtful,
        })  # fmt: skip
        texts += [_text(response_id, one) for one in written]
    _chance.shuffle(responses)
    _chance.shuffle(texts)
    return responses, texts


def _text(response_id: int, written: InWords) -> dict[str, Any]:
    return {
        "id": random_id(),
        "response_id": response_id,
        "question": written.name,
        "body": written.body,
        "is_confidential": written.is_confidential,
        "state": TextState.WAITING,
    }
