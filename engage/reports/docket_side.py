"""Read what the docket around a period gives to its report: decision, census, clauses, meetings and forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from engage.comments.models import CommentPeriod, Position
from engage.db.types import LANGUAGES, Localised
from engage.dockets.clauses import clauses
from engage.dockets.models import Docket, Document
from engage.dockets.queries import public_documents
from engage.feedback.models import FeedbackForm, FormResult
from engage.feedback.queries import of_docket
from engage.feedback.results import from_json
from engage.feedback.told_question import QuestionTold
from engage.meetings.models import Attendee, Meeting
from engage.meetings.notice_lead import record_of
from engage.meetings.notice_rules import Rule, rules_of
from engage.meetings.said import Said, SaidAt, held_meanwhile, said_in
from engage.reports.docket_facts import (
    AnswerFacts,
    CensusFacts,
    ClauseFacts,
    DecisionFacts,
    FormFacts,
    QuestionFacts,
)
from engage.reports.inputs import MeetingFacts
from engage.reports.models import CensusShare
from engage.survey.definition import Kind
from engage.survey.suppression import K

_SIDES = frozenset((Position.SUPPORT.value, Position.OPPOSE.value))


def load_docket(session: Session, period: CommentPeriod) -> Docket:
    """The docket of a period with all that the report tells of it. Fills the one that is loaded already."""
    return session.scalars(
        sa.select(Docket)
        .where(Docket.id == period.docket_id)
        .options(
            undefer(Docket.taxonomy_toml),
            joinedload(Docket.decision),
            selectinload(Docket.documents).selectinload(Document.versions),
        )
    ).one()


def decision(docket: Docket) -> DecisionFacts | None:
    """What was decided, None while it is pending."""
    found = docket.decision
    return DecisionFacts(found.decided_on, found.decided_by, found.outcome) if found else None


def census(session: Session) -> tuple[CensusFacts, ...]:
    """How many residents there are of each kind, as staff wrote it down."""
    rows = session.scalars(sa.select(CensusShare).order_by(CensusShare.margin, CensusShare.key))
    return tuple(
        CensusFacts(row.margin, row.key, row.people, row.source, row.source_url, row.as_of) for row in rows
    )


def clauses_of(docket: Docket, period: CommentPeriod, now: datetime) -> tuple[ClauseFacts, ...]:
    """The clauses of the docket's documents in their order, then those that only earlier versions have."""
    found: dict[str, ClauseFacts] = {}
    for document in public_documents(docket, now):
        last = document.document.latest(min(now, period.closes_at))
        of_period = {clause.key for clause in clauses(last)} if last else set()
        for version in document.versions:
            for clause in clauses(version):
                found.setdefault(
                    clause.key,
                    ClauseFacts(
                        key=clause.key,
                        number=clause.number,
                        begins=Localised(*(clause.begins(language) for language in LANGUAGES)),
                        document=document.document.slug,
                        document_title=document.document.title,
                        version=version.number,
                        is_current=version is document.latest,
                        is_of_period=clause.key in of_period,
                    ),
                )
    return tuple(found.values())


def meetings_of(session: Session, period: CommentPeriod, now: datetime) -> tuple[MeetingFacts, ...]:
    """The meetings of a period, and those of its docket that took place meanwhile: who came, what was said
    there and for it, and whether notice was in time.
    """
    rows = said_in(session, period, now)
    rows += [SaidAt(meeting, Said()) for meeting in held_meanwhile(session, period, now)]
    rows.sort(key=lambda row: (row.meeting.starts_at, row.meeting.id))
    if not rows:
        return ()
    ids = [row.meeting.id for row in rows]
    session.scalars(
        sa.select(Meeting)
        .where(Meeting.id.in_(ids))
        .options(selectinload(Meeting.notices), selectinload(Meeting.changes))
    ).all()
    came = _came(session, ids)
    rules = {place: rules_of(session, place) for place in {row.meeting.docket_id for row in rows}}
    return tuple(
        replace(
            _meeting(row, came.get(row.meeting.id, 0), rules[row.meeting.docket_id][row.meeting.kind], now),
            is_of_period=row.meeting.period_id == period.id,
        )
        for row in rows
    )


def _meeting(row: SaidAt, came: int, rule: Rule, now: datetime) -> MeetingFacts:
    record = record_of(row.meeting, now, rule)
    return MeetingFacts(
        row.meeting.slug,
        row.meeting.title,
        row.meeting.starts_at,
        row.meeting.time_zone,
        row.said.spoken,
        row.said.written,
        came=came if came >= K else None,
        has_few=0 < came < K,
        notice=record.notice.verdict.value,
        agenda=record.agenda.verdict.value,
        in_person=row.meeting.attended_in_person,
        remote=row.meeting.attended_remote,
    )


def _came(session: Session, meeting_ids: list[int]) -> dict[int, int]:
    """How many were checked in at the door of each meeting, in whatever way they came."""
    rows = session.execute(
        sa.select(Attendee.meeting_id, sa.func.count())
        .where(Attendee.meeting_id.in_(meeting_ids), Attendee.has_come)
        .group_by(Attendee.meeting_id)
    )
    return {meeting_id: int(n) for meeting_id, n in rows}


def forms_of(session: Session, docket: Docket, now: datetime) -> tuple[FormFacts, ...]:
    """The public forms about the docket, with what their own results tell."""
    forms = session.scalars(of_docket(now, docket.id).order_by(FeedbackForm.opens_at, FeedbackForm.id)).all()
    if not forms:
        return ()
    kept = {
        row.form_id: row
        for row in session.scalars(
            sa.select(FormResult).where(FormResult.form_id.in_([form.id for form in forms]))
        )
    }
    return tuple(_form(form, kept.get(form.id), now) for form in forms)


def _form(form: FeedbackForm, kept: FormResult | None, now: datetime) -> FormFacts:
    if not form.shows_results(now) or kept is None:
        return FormFacts(form.slug, form.title, form.shows_results(now))
    results = from_json(kept.tables)
    told = [QuestionTold(one, form.versions) for one in results.questions]
    return FormFacts(
        form.slug,
        form.title,
        shows_results=True,
        total=results.total,
        versions=tuple(sorted({number for one in results.questions for number in one.versions})),
        positions=tuple(_positions(told)),
    )


def _positions(told: list[QuestionTold]) -> Iterator[QuestionFacts]:
    """The questions that offer support and opposition among their answers, whatever they are called."""
    for question in told:
        if question.kind is Kind.SINGLE and set(question.labels) >= _SIDES:
            yield QuestionFacts(
                question.key,
                question.title,
                question.result.answered,
                tuple(
                    AnswerFacts(cell.value, question.labels[cell.value], cell.count, cell.share)
                    for cell in question.result.cells
                    if cell.value in question.labels
                ),
            )
