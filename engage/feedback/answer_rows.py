"""Counted answers as rows of a file: in an order of chance, a few at a time."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.feedback.answer_columns import Column, Part
from engage.feedback.models import FormResponse, FormText, FormVersion, TextState
from engage.survey.suppression import K, hidden_in_line

_AT_ONCE = 500
_ABOUT = (FormResponse.language, FormResponse.channel, FormResponse.is_doubtful)

Value = str | int | float | None


class _Text(NamedTuple):
    body: str
    state: TextState
    hidden_for: str | None
    is_confidential: bool


def rows(
    session: Session, form_id: int, columns: Sequence[Column], *, reads_waiting: bool
) -> Iterator[list[Value]]:
    """One row an answer. ``reads_waiting``: this person may read what no moderator has read yet.

    Only the ids of all answers are kept in memory, eight bytes each. Nothing is held open in the database
    between two handfuls, so that it can forget what is erased meanwhile.
    """
    numbers = _versions(session, form_id)
    told = [_told(session, numbers, column) for column in _ABOUT]
    ids = array("q")
    wanted = sa.select(FormResponse.id).where(FormResponse.version_id.in_(numbers))
    ids.extend(session.scalars(wanted, execution_options={"yield_per": _AT_ONCE}))
    secrets.SystemRandom().shuffle(ids)
    by_version = {
        number: [column if number in column.asked.versions else None for column in columns]
        for number in numbers.values()
    }
    for first in range(0, len(ids), _AT_ONCE):
        handful = ids[first : first + _AT_ONCE].tolist()
        found, texts = _read(session, handful)
        session.rollback()
        for one in handful:
            if one not in found:
                continue
            response = found[one]
            number = numbers[response.version_id]
            about = (response.language, response.channel, response.is_doubtful)
            language, channel, is_doubtful = (
                value if value in those else None for value, those in zip(about, told, strict=True)
            )
            yield [
                secrets.token_hex(8),
                number,
                language,
                channel.value if channel is not None else None,
                response.answered_on.isoformat() if response.answered_on else None,
                int(is_doubtful) if is_doubtful is not None else None,
                *_values(by_version[number], response.answers, texts.get(one, {}), reads_waiting),
            ]


def _versions(session: Session, form_id: int) -> dict[int, int]:
    """The numbers of the versions whose answers are told, by id: of several, those with K answers or more.

    Staff who publish a version say when it is asked: what was answered in that hour would be known to be
    that of whoever came then.
    """
    versions = sa.select(FormVersion.id, FormVersion.number).where(FormVersion.form_id == form_id)
    numbers: dict[int, int] = {row.id: row.number for row in session.execute(versions)}
    if len(numbers) == 1:
        return numbers
    told = (
        sa.select(FormResponse.version_id)
        .where(FormResponse.version_id.in_(numbers))
        .group_by(FormResponse.version_id)
        .having(sa.func.count() >= K)
    )
    return {id_: numbers[id_] for id_ in session.scalars(told)}


def _told(session: Session, versions: Collection[int], column: Any) -> set[Any]:
    """The values of a column that these rows may tell: those that results tell, counted over the rows.

    They are no answer of the person's. Whoever knows that somebody was the only one to answer in Spanish, or
    on paper, would find the row.
    """
    counted = sa.select(column, sa.func.count()).where(FormResponse.version_id.in_(versions)).group_by(column)
    found = [(value, number) for value, number in session.execute(counted)]
    hidden = hidden_in_line([number for _value, number in found])
    return {value for place, (value, _number) in enumerate(found) if place not in hidden}


def _read(session: Session, ids: Sequence[int]) -> tuple[dict[int, sa.Row[Any]], dict[int, dict[str, _Text]]]:
    responses = sa.select(
        FormResponse.id, FormResponse.version_id, FormResponse.language, FormResponse.channel,
        FormResponse.answered_on, FormResponse.is_doubtful, FormResponse.answers,
    ).where(FormResponse.id.in_(ids))  # fmt: skip
    written = sa.select(
        FormText.response_id, FormText.question, FormText.body, FormText.state, FormText.hidden_for,
        FormText.is_confidential,
    ).where(FormText.response_id.in_(ids))  # fmt: skip
    texts: dict[int, dict[str, _Text]] = {}
    for response_id, question, body, state, hidden_for, is_confidential in session.execute(written):
        texts.setdefault(response_id, {})[question] = _Text(body, state, hidden_for, is_confidential)
    return {row.id: row for row in session.execute(responses)}, texts


def _values(
    columns: Sequence[Column | None],
    answers: Mapping[str, Any],
    texts: Mapping[str, _Text],
    reads_waiting: bool,
) -> Iterator[Value]:
    for column in columns:
        if column is None:
            yield None
        elif column.part in (Part.TEXT, Part.STATE):
            yield _text(column.part, texts.get(column.source), reads_waiting)
        else:
            yield _answer(column, answers.get(column.asked.question.name))


def _answer(column: Column, answer: Any) -> Value:
    if answer is None:
        return None
    if column.part is Part.CHOSEN:
        return int(column.value in _listed(answer))
    if column.part is Part.PLACE:
        ranked = _listed(answer)
        return ranked.index(column.value) + 1 if column.value in ranked else None
    if column.part is Part.ROW:
        chosen = answer.get(column.value) if isinstance(answer, dict) else None
        return None if chosen is None else str(chosen)
    return answer if isinstance(answer, str | int | float) else str(answer)


def _listed(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def _text(part: Part, text: _Text | None, reads_waiting: bool) -> Value:
    """Confidential texts are never there, whatever the form says of their question now."""
    if text is None or text.is_confidential:
        return None
    if part is Part.STATE:
        return text.state.value
    if text.state is TextState.HIDDEN:
        return f"[hidden: {text.hidden_for}]"
    if text.state is TextState.WAITING and not reads_waiting:
        return "[waiting: not read by a moderator yet]"
    return text.body
