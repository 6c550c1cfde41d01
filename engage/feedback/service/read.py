"""Measure what people wrote in answer to forms. May run twice at once, on many machines, and be killed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.analysis import UNKNOWN, Analyser, Analysis, ToneLabel
from engage.comments.redacted import blanked
from engage.comments.search import searchable
from engage.db.base import random_id
from engage.db.session import advisory_lock, db, write_transaction
from engage.dockets.models import Docket
from engage.dockets.service import is_declared
from engage.dockets.taxonomy import NEEDED_TO_ANALYSE, analyser_of, default_analyser
from engage.feedback.models import (
    FeedbackForm,
    FormReading,
    FormResponse,
    FormResult,
    FormText,
    FormTextConcern,
    FormVersion,
)
from engage.feedback.service.box import COUNT
from engage.feedback.service.quote import let_quotes_be_chosen
from engage.jobs.queue import wake

log = structlog.get_logger()

BATCH = 100
_COMPARED = 1000
_LONGEST_VERSION = 40
_LAST_TEXT_LOCK = 2_870_026


@dataclass(frozen=True, slots=True)
class _Due:
    """A text to be measured, of which form and by which analyser. ``is_redacted``: it has marks of ours."""

    form_id: int
    body: str
    is_redacted: bool
    analyser: Analyser

    @property
    def said(self) -> str:
        """What of it is measured."""
        return blanked(self.body) if self.is_redacted else self.body


def read_due() -> int:
    """Measure one batch of texts that are due; where none is, find those that another analyser measured.

    Returns how many texts, or steps, were done. A job: opens its own transactions. Only an analyser whose
    version is in force measures: while two releases run side by side, the other one leaves texts alone.
    """
    with db.sessionmaker() as session:
        due = _due_texts(session)
    if not due:
        return _look_again()
    # Nothing is locked while the texts are measured; whoever is first writes.
    measured = _measure(due)
    with write_transaction() as session:
        _store(session, due, measured)
    return len(due)


def stored_version(version: str) -> str:
    """What is kept of an analyser's version with each text."""
    if len(version) <= _LONGEST_VERSION:
        return version
    return hashlib.sha256(version.encode()).hexdigest()[:_LONGEST_VERSION]


def _due_texts(session: Session) -> dict[int, _Due]:
    """The next batch. Ids are random: by starting anywhere, workers take different batches without a lock.

    From the end it goes on at the beginning, so that a batch is whole wherever it starts.
    """
    due = (
        sa.select(FormText.id, FormText.body, FormText.is_redacted, FormVersion.form_id)
        .join(FormText.response)
        .join(FormResponse.version)
        .where(FormText.analysed_with.is_(None), FormText.body != "")
    )
    if session.execute(due.limit(1)).first() is None:
        return {}
    analysers = _analysers_in_force(session)
    ordered = due.where(FormVersion.form_id.in_(analysers)).order_by(FormText.id)
    start = random_id()
    rows = list(session.execute(ordered.where(FormText.id >= start).limit(BATCH)))
    rows += session.execute(ordered.where(FormText.id < start).limit(BATCH - len(rows)))
    return {row.id: _Due(row.form_id, row.body, row.is_redacted, analysers[row.form_id]) for row in rows}


def _analysers_in_force(session: Session) -> dict[int, Analyser]:
    """By form; without the forms for which another release's analyser is in force."""
    dockets = joinedload(FeedbackForm.docket).options(*NEEDED_TO_ANALYSE)
    forms = session.scalars(sa.select(FeedbackForm).options(dockets)).all()
    without_docket = default_analyser() if is_declared(session) else None
    found = {form.id: _analyser(form.docket) if form.docket else without_docket for form in forms}
    return {form_id: analyser for form_id, analyser in found.items() if analyser is not None}


def _analyser(docket: Docket) -> Analyser | None:
    analyser = analyser_of(docket)
    return analyser if docket.analyser_version in (None, analyser.version) else None


def _measure(due: Mapping[int, _Due]) -> dict[int, Future[Analysis]]:
    """Measure each text by itself: one that the analyser cannot read must not hold up the others."""
    with ThreadPoolExecutor(1) as pool:
        return {number: pool.submit(text.analyser.analyse, text.said) for number, text in due.items()}


def _store(session: Session, due: Mapping[int, _Due], measured: Mapping[int, Future[Analysis]]) -> None:
    """Keep what was measured of the texts that nobody else has measured, changed or erased meanwhile."""
    in_force = _versions_in_force(session, {text.form_id for text in due.values()})
    forms = set()
    for row in session.scalars(_locked(due)):
        text = due[row.id]
        if row.body == text.body and in_force[text.form_id] in (None, text.analyser.version):
            _fill(row, text, measured[row.id])
            forms.add(text.form_id)
    session.flush()
    _let_results_be_told_anew(session, forms)


def _locked(due: Collection[int]) -> sa.Select[FormText]:
    return (
        sa.select(FormText)
        .where(FormText.id.in_(due), FormText.analysed_with.is_(None))
        .options(selectinload(FormText.concerns))
        .order_by(FormText.id)
        .with_for_update(skip_locked=True, of=FormText)
    )


def _versions_in_force(session: Session, form_ids: Collection[int]) -> dict[int, str | None]:
    """By form. Whoever brings another version into force waits until these texts are stored."""
    forms = sa.select(FeedbackForm.id, FeedbackForm.docket_id).where(FeedbackForm.id.in_(form_ids))
    docket_of = {row.id: row.docket_id for row in session.execute(forms)}
    dockets = (
        sa.select(Docket.id, Docket.analyser_version)
        .where(Docket.id.in_({docket_id for docket_id in docket_of.values() if docket_id is not None}))
        .order_by(Docket.id)
        .with_for_update(read=True)
    )
    versions = {row.id: row.analyser_version for row in session.execute(dockets)}
    return {form_id: versions.get(docket_id) for form_id, docket_id in docket_of.items()}


def _fill(row: FormText, text: _Due, future: Future[Analysis]) -> None:
    row.analysed_with = stored_version(text.analyser.version)
    row.words = searchable(text.said)
    error = future.exception()
    if error is not None:
        # Neither the message nor the trace: both could carry somebody's words into the log.
        log.error("analyser_failed", text_id=row.id, error=type(error).__name__)
        row.language, row.tone, row.tone_score, row.concerns = UNKNOWN, ToneLabel.NOT_SCORED, None, []
        return
    analysis = future.result()
    row.language = analysis.language.code
    row.tone, row.tone_score = analysis.tone.label, analysis.tone.score
    kept = {concern.code: concern for concern in row.concerns}
    found = sorted({concern.code for concern in analysis.concerns})
    row.concerns = [kept.get(code) or FormTextConcern(code=code) for code in found]


def _let_results_be_told_anew(session: Session, form_ids: Collection[int]) -> None:
    """Say that the counts are older than the texts; the counting job decides when it may tell new ones.

    Not before the last text of a form is read: to count anew costs a look at every answer.
    """
    # One at a time: of two workers with the last two batches, each would leave it to the other.
    advisory_lock(session, _LAST_TEXT_LOCK)
    finished = [form_id for form_id in sorted(form_ids) if not _has_unread(session, form_id)]
    if finished:
        session.execute(sa.update(FormResult).where(FormResult.form_id.in_(finished)).values(is_stale=True))
        let_quotes_be_chosen(session, finished)
        wake(session, COUNT)


def _has_unread(session: Session, form_id: int) -> bool:
    unread = (
        sa.select(FormText.id)
        .join(FormText.response)
        .join(FormResponse.version)
        .where(FormVersion.form_id == form_id, FormText.analysed_with.is_(None), FormText.body != "")
    )
    return session.execute(unread.limit(1)).first() is not None


def _look_again() -> int:
    """Let one batch of texts be measured again that an analyser measured which is in force no more.

    The texts of a form are compared once for each version that comes into force: so where nothing is
    outdated it costs one look at the forms.
    """
    with db.sessionmaker() as session:
        uncompared = _uncompared(session)
    if uncompared is None:
        return 0
    form_id, version = uncompared
    with write_transaction() as session:
        outdated = session.scalars(_outdated(form_id, stored_version(version))).all()
        session.execute(sa.update(FormText).where(FormText.id.in_(outdated)).values(analysed_with=None))
        if len(outdated) < _COMPARED:
            reading = session.get(FormReading, form_id) or FormReading(form_id=form_id, quotes_due=False)
            reading.read_with = version
            session.add(reading)
    return 1


def _uncompared(session: Session) -> tuple[int, str] | None:
    """A form whose texts have not been compared with the version in force, and that version."""
    if session.scalar(sa.select(FeedbackForm.id).limit(1)) is None:
        return None
    default = default_analyser().version if is_declared(session) else None
    in_force = sa.case((FeedbackForm.docket_id.is_(None), sa.literal(default)), else_=Docket.analyser_version)
    found = session.execute(
        sa.select(FeedbackForm.id, in_force.label("version"))
        .outerjoin(Docket, Docket.id == FeedbackForm.docket_id)
        .outerjoin(FormReading, FormReading.form_id == FeedbackForm.id)
        .where(in_force.is_not(None), FormReading.read_with.is_distinct_from(in_force))
        .order_by(FeedbackForm.id)
        .limit(1)
    ).first()
    return (found.id, found.version) if found else None


def _outdated(form_id: int, version: str) -> sa.Select[int]:
    return (
        sa.select(FormText.id)
        .join(FormText.response)
        .join(FormResponse.version)
        .where(
            FormVersion.form_id == form_id,
            FormText.analysed_with.is_not(None),
            FormText.analysed_with != version,
            FormText.body != "",
        )
        .order_by(FormText.id)
        .limit(_COMPARED)
        .with_for_update(of=FormText)
    )
