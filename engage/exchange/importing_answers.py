"""Bring answers that were collected elsewhere into a feedback form, or make the form that they answer.

An answer is known by its system and its id there (or, where it has none, by what it says), both only as a
keyed hash, so that the same file twice adds nothing. Nobody's name, address or network is read at all. The
rows of a batch are written in an order of chance, and a day is all that is kept of their time: one that ten
rows or more share, as with answers that came here.

A form that is made of a file is a draft which has closed: staff write its other language and publish it,
which makes version 2 of the same questions.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import from_wall_clock
from engage.db.session import advisory_lock
from engage.errors import RuleBroken
from engage.exchange.answers.fit import Fit
from engage.exchange.answers.infer import infer, look_at
from engage.exchange.answers.source import AnswerSource, LeftOut, SourceAnswer, Why
from engage.exchange.records import RowProblem
from engage.feedback.codes import import_index
from engage.feedback.fault_words import say
from engage.feedback.models import (
    Channel,
    Entry,
    FeedbackForm,
    FormResponse,
    FormText,
    FormVersion,
    ResultsShown,
)
from engage.feedback.service.box import COUNT, READ, locked_result
from engage.feedback.service.publish import digest_of
from engage.jobs.queue import wake
from engage.survey import surveyjs, validity
from engage.survey.days import shared_days
from engage.survey.definition import Definition
from engage.survey.in_words import names_in_words, taken_apart
from engage.survey.suppression import K
from engage.web.locale import site_time_zone

BATCH: Final = 1_000
_IMPORT_LOCK: Final = 2_870_023
_WHOLE_DAY: Final = timedelta(days=1)


class CannotBeAsked(RuleBroken):
    """What the file seems to ask makes no form; the text names the first fault."""


class NothingFits(RuleBroken):
    """No column of the file answers a question of the form."""


@dataclass(slots=True)
class AnswerSummary:
    """What an import did, or would do: rows by what became of them, and what of the file could not be taken.

    ``kinds`` counts the questions that have a column, by kind; ``columns`` are those without a question,
    ``values`` those that are no answer to theirs (question, value, how often), ``too_long`` likewise the
    beginnings of texts. Rows without any answer are ``empty``; they are no answers.
    """

    new: int = 0
    unchanged: int = 0
    bad: int = 0
    empty: int = 0
    unfinished: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    demographic: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    values: list[tuple[str, str, int]] = field(default_factory=list)
    too_long: list[tuple[str, str, int]] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None

    def __str__(self) -> str:
        rare = {"empty": self.empty, "unfinished": self.unfinished}
        told = "".join(f", {count} {what}" for what, count in rare.items() if count)
        return f"{self.new} new, {self.unchanged} unchanged, {self.bad} bad{told}"


def definition_of(source: AnswerSource, *, title: str, language: str) -> Definition:
    """The form that a file is the answers to. Raises CannotBeAsked, BadFile."""
    rows = (row for row in source if isinstance(row, SourceAnswer))
    found = infer(source, look_at(source, rows), title=title, language=language)
    faults = validity.faults(found)
    if faults:
        raise CannotBeAsked(f"This file makes no form. {say(faults[0])}")
    return found


def make_form(
    session: Session, source: AnswerSource, definition: Definition, *, slug: str, now: datetime
) -> FeedbackForm:
    """A draft with these questions as its first version, so that answers can belong to it. Flushes."""
    written = surveyjs.write(definition)
    form = FeedbackForm(
        slug=slug,
        working=written,
        entry=Entry.ANYBODY,
        results=ResultsShown.AT_CLOSE,
        opens_at=now - _WHOLE_DAY,
        closes_at=now,
        changed_at=now,
        source=source.system,
    )
    session.add(form)
    session.flush()
    digest = digest_of(written)
    session.add(FormVersion(form_id=form.id, number=1, definition=written, digest=digest, published_at=now))
    session.flush()
    session.expire(form, ["versions"])
    return form


def import_answers(
    session: Session,
    *,
    source: AnswerSource,
    version: FormVersion | None,
    fit: Fit,
    language: str,
    on_problem: Callable[[RowProblem], None] = lambda _problem: None,
) -> AnswerSummary:
    """Take over the rows of a file that are new to a version of a form; without a version, a rehearsal.

    All in the caller's transaction: BadFile, raised where the rest of the file cannot be trusted, must roll
    it back. Bad rows are told to ``on_problem`` and the good ones taken. Raises NothingFits.
    """
    if not fit.fitted:
        raise NothingFits(
            "No column of this file fits a question of the form; nothing was imported. "
            "--map COLUMN=QUESTION says which one does."
        )
    source = source.answering(fit.is_answered)
    summary = AnswerSummary()
    in_words = names_in_words(fit.definition)
    days: Mapping[date, date] = {}
    if version is not None:
        advisory_lock(session, _IMPORT_LOCK)
        days = _days(session, version, source, summary)
    for rows in _batches(_good(source, summary, fit, on_problem)):
        taken = [_response(source, row, fit, in_words, language, days) for row in rows]
        known = _known(session, version, [response.imported_as or "" for response in taken])
        fresh = [response for response in taken if response.imported_as not in known]
        summary.new += len(fresh)
        summary.unchanged += len(taken) - len(fresh)
        if version is not None:
            _write(session, version, fresh)
    _tell(summary, fit)
    if version is not None and summary.new:
        _count_again(session, version, summary)
    return summary


def _days(
    session: Session, version: FormVersion, source: AnswerSource, summary: AnswerSummary
) -> Mapping[date, date]:
    """What each day of the rows that are new is written as: a pass of its own over the whole file.

    None at all where fewer than K of them have one: they would share a day that is theirs alone.
    """
    numbers: Counter[date] = Counter()
    for rows in _batches(row for row in source if isinstance(row, SourceAnswer) and row.answered_on):
        identities = [import_index(source.system, row.identity) for row in rows]
        known = _known(session, version, identities)
        numbers.update(
            row.answered_on
            for row, identity in zip(rows, identities, strict=True)
            if row.answered_on and identity not in known
        )
    if numbers:
        summary.first_day, summary.last_day = min(numbers), max(numbers)
    return shared_days(numbers) if numbers.total() >= K else {}


def _good(
    source: AnswerSource, summary: AnswerSummary, fit: Fit, on_problem: Callable[[RowProblem], None]
) -> Iterator[SourceAnswer]:
    for row in source:
        if isinstance(row, RowProblem):
            summary.bad += 1
            on_problem(row)
        elif isinstance(row, SourceAnswer):
            yield row
        else:
            _leave_out(row, summary, fit)


def _leave_out(row: LeftOut, summary: AnswerSummary, fit: Fit) -> None:
    if row.why is Why.UNFINISHED:
        summary.unfinished += 1
        return
    summary.empty += 1
    fit.answers(row.answer.cells)  # All that it said may be what could not be taken; that is told.


def _batches(rows: Iterable[SourceAnswer]) -> Iterator[list[SourceAnswer]]:
    several = iter(rows)
    while batch := list(islice(several, BATCH)):
        yield batch


def _response(
    source: AnswerSource,
    row: SourceAnswer,
    fit: Fit,
    in_words: Mapping[str, bool],
    language: str,
    days: Mapping[date, date],
) -> FormResponse:
    closed, texts = taken_apart(fit.answers(row.cells), in_words)
    return FormResponse(
        language=row.language if row.language in ("en", "es") else language,
        channel=Channel.IMPORT,
        answered_on=days.get(row.answered_on) if row.answered_on else None,
        answers=closed,
        imported_as=import_index(source.system, row.identity),
        texts=[
            FormText(question=one.name, body=one.body, is_confidential=one.is_confidential) for one in texts
        ],
    )


def _known(session: Session, version: FormVersion | None, identities: list[str]) -> set[str]:
    """Those that the form has already, in whichever of its versions."""
    if version is None:
        return set()
    versions = sa.select(FormVersion.id).where(FormVersion.form_id == version.form_id)
    statement = sa.select(FormResponse.imported_as).where(
        FormResponse.version_id.in_(versions), FormResponse.imported_as.in_(identities)
    )
    return {identity for identity in session.scalars(statement) if identity}


def _write(session: Session, version: FormVersion, responses: list[FormResponse]) -> None:
    secrets.SystemRandom().shuffle(responses)
    for response in responses:
        response.version_id = version.id
    session.add_all(responses)
    session.flush()
    for response in responses:
        session.expunge(response)


def _tell(summary: AnswerSummary, fit: Fit) -> None:
    for one in fit.fitted:
        summary.kinds[one.question.kind] = summary.kinds.get(one.question.kind, 0) + 1
        if one.question.is_confidential:
            summary.demographic.append(one.question.name)
    summary.columns = fit.left.columns
    summary.values = [(name, value, count) for (name, value), count in fit.left.values.most_common()]
    summary.too_long = [(name, text, count) for (name, text), count in fit.left.too_long.most_common()]


def _count_again(session: Session, version: FormVersion, summary: AnswerSummary) -> None:
    """Let the jobs read and count what is new. A form made of a file was open when it was answered."""
    form = version.form
    if form.source is not None and summary.first_day and summary.last_day:
        zone = site_time_zone()
        form.opens_at = from_wall_clock(datetime.combine(summary.first_day, time()), zone)
        form.closes_at = from_wall_clock(datetime.combine(summary.last_day + _WHOLE_DAY, time()), zone)
    locked_result(session, form).is_stale = True
    session.flush()
    wake(session, READ)
    wake(session, COUNT)
