"""What everybody may read of answers and promises: the one way for every reader, page or file or report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.analysis import OTHER
from engage.comments.models import Comment, CommentConcern, CommentPeriod
from engage.comments.queries import is_public
from engage.dockets.models import Docket
from engage.dockets.taxonomy import taxonomy_of
from engage.responses.models import (
    Commitment,
    CommitmentState,
    CommitmentStep,
    Response,
    ResponseVersion,
)
from engage.responses.raised import Raised, raised_in
from engage.responses.told import ToldCommitment, ToldResponse


@dataclass(frozen=True, slots=True)
class Line:
    """One concern of a period: what was said (how many comments), what the county says, and said before.

    ``earlier`` are the versions before the one in force, the newest first.
    """

    raised: Raised
    told: ToldResponse
    earlier: tuple[ResponseVersion, ...] = ()

    @property
    def concern(self) -> str:
        """The code."""
        return self.raised.concern

    @property
    def is_concern(self) -> bool:
        """Whether it is one of the list: “something else” is what fits none, so it is not counted as one."""
        return self.concern != OTHER


def today_of(period: CommentPeriod, now: datetime) -> date:
    """The day that it is in the place of a period: promised days are days of that place."""
    return now.astimezone(period.zone).date()


def told(session: Session, period: CommentPeriod, now: datetime) -> tuple[ToldResponse, ...]:
    """All that everybody may know of the answers of a period at an instant, in the order of its taxonomy.

    A concern that was neither answered nor given a day is not among them: it is “not answered”.
    """
    promised = _by_response(commitments(session, period.docket_id, now))
    rows = session.scalars(sa.select(Response).where(Response.period_id == period.id)).all()
    versions = public_versions(session, period, now)
    found = (_told(row, versions.get(row.id, ()), promised.get(row.id, ())) for row in rows)
    known = [response for response in found if response is not None]
    return tuple(sorted(known, key=lambda response: _place(period, response.concern)))


def lines(session: Session, period: CommentPeriod, now: datetime) -> list[Line]:
    """Every concern that posted comments of a period raise or that is answered, the most frequent first.

    What fits no concern comes last, as in a report.
    """
    responses = {response.concern: response for response in told(session, period, now)}
    counts = {raised.concern: raised for raised in raised_in(session, period)}
    versions = public_versions(session, period, now)
    earlier = {found[0].response.concern: found[1:] for found in versions.values()}
    every = [
        Line(
            counts.get(concern, _unraised(concern)),
            responses.get(concern, ToldResponse(concern=concern)),
            earlier.get(concern, ()),
        )
        for concern in counts.keys() | responses.keys()
    ]
    return sorted(
        every, key=lambda line: (not line.is_concern, -line.raised.comments, _place(period, line.concern))
    )


def empty_line(concern: str) -> Line:
    """A concern that no posted comment raises and nobody has answered."""
    return Line(_unraised(concern), ToldResponse(concern=concern))


def public_versions(
    session: Session, period: CommentPeriod, now: datetime
) -> dict[int, tuple[ResponseVersion, ...]]:
    """The published versions of a period's answers, by the answer's id, the newest first; never none."""
    found: dict[int, tuple[ResponseVersion, ...]] = defaultdict(tuple)
    for version in session.scalars(
        sa.select(ResponseVersion)
        .join(ResponseVersion.response)
        .where(Response.period_id == period.id, ResponseVersion.published_at <= now)
        .options(joinedload(ResponseVersion.response))
        .order_by(ResponseVersion.response_id, ResponseVersion.number.desc())
    ):
        found[version.response_id] += (version,)
    return found


@dataclass(frozen=True, slots=True)
class Promise:
    """A published commitment: as it stands, its steps (the newest first), and with which answer it was made.

    ``answer`` is None where it was made with none, or with one that is not public.
    """

    told: ToldCommitment
    docket_id: int
    response_id: int | None
    answer: Response | None
    steps: tuple[CommitmentStep, ...]


def commitments(session: Session, docket_id: int | None, now: datetime) -> list[Promise]:
    """The published promises of a docket, or of all that residents can see, the oldest first."""
    scope = Commitment.docket_id == docket_id
    if docket_id is None:
        scope = Commitment.docket_id.in_(sa.select(Docket.id).where(Docket.published_at <= now))
    rows = session.scalars(
        sa.select(Commitment)
        .where(scope, Commitment.published_at <= now)
        .options(
            selectinload(Commitment.steps),
            joinedload(Commitment.response).selectinload(Response.versions),
            joinedload(Commitment.response).joinedload(Response.period),
        )
        .order_by(Commitment.published_at, Commitment.id)
    )
    return [_promise(row, now) for row in rows]


def ordered(promises: Iterable[Promise], today: date) -> list[Promise]:
    """Overdue ones first, the longest first; then those to be kept by their day; then kept, then given up."""

    def place(promise: Promise) -> tuple[int, int, date, int]:
        told = promise.told
        ended = {CommitmentState.DONE: 1, CommitmentState.DROPPED: 2}.get(told.state, 0)
        return ended, -told.overdue_days(today), told.due_on or date.max, told.number

    return sorted(promises, key=place)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the concerns of a period, or promises of a docket, stand how."""

    total: int
    done: int
    overdue: int


def standing_of_answers(lines: Iterable[Line], today: date) -> Standing:
    """How many concerns are answered, and how many answers are overdue, also one to what fits no concern."""
    every = list(lines)
    concerns = [line for line in every if line.is_concern]
    return Standing(
        len(concerns),
        sum(line.told.state is not None for line in concerns),
        sum(line.told.overdue_days(today) > 0 for line in every),
    )


def standing_of_promises(promises: Iterable[Promise], today: date) -> Standing:
    """How many promises are kept, and how many are overdue."""
    every = [promise.told for promise in promises]
    return Standing(
        len(every),
        sum(told.state is CommitmentState.DONE for told in every),
        sum(told.overdue_days(today) > 0 for told in every),
    )


def answers_to(session: Session, comment: Comment, now: datetime) -> list[ToldResponse]:
    """The published answers to the concerns that a posted comment raises; none for any other comment."""
    if not is_public(session, comment, now):
        return []
    codes = set(
        session.scalars(sa.select(CommentConcern.code).where(CommentConcern.comment_id == comment.id))
    )
    return [
        response
        for response in told(session, comment.period, now)
        if response.concern in codes and response.state is not None
    ]


def _unraised(concern: str) -> Raised:
    return Raised(concern, 0, {})


def _told(
    row: Response, versions: tuple[ResponseVersion, ...], promised: tuple[ToldCommitment, ...]
) -> ToldResponse | None:
    if versions:
        newest = versions[0]
        return ToldResponse(
            concern=row.concern,
            state=newest.state,
            owner=newest.owner,
            first_due_on=row.first_due_on,
            due_on=newest.due_on,
            body=newest.body,
            number=newest.number,
            published_at=newest.published_at,
            commitments=promised,
        )
    if row.due_on is None:
        return None
    return ToldResponse(
        concern=row.concern, owner=row.owner, first_due_on=row.first_due_on, due_on=row.due_on
    )


def _promise(row: Commitment, now: datetime) -> Promise:
    steps = tuple(step for step in reversed(row.steps) if step.published_at <= now)
    moved = next((step.due_on for step in steps if step.due_on is not None), None)
    answer = row.response
    is_answered = answer is not None and any(version.published_at <= now for version in answer.versions)
    return Promise(
        told=ToldCommitment(
            number=row.id,
            title=row.title,
            body=row.body,
            owner=row.owner,
            first_due_on=row.due_on,
            due_on=moved or row.due_on,
            state=steps[0].state if steps else CommitmentState.PLANNED,
            percent=_percent(steps),
            # Only published rows are asked for.
            published_at=row.published_at or now,
        ),
        docket_id=row.docket_id,
        response_id=row.response_id,
        answer=answer if is_answered else None,
        steps=steps,
    )


def _percent(steps: tuple[CommitmentStep, ...]) -> int | None:
    """How far a promise has come, as was said last; of one that is kept no earlier number counts."""
    if steps and steps[0].state is CommitmentState.DONE:
        return steps[0].percent
    return next((step.percent for step in steps if step.percent is not None), None)


def _by_response(promises: Iterable[Promise]) -> Mapping[int, tuple[ToldCommitment, ...]]:
    found: dict[int, tuple[ToldCommitment, ...]] = defaultdict(tuple)
    for promise in promises:
        # A promise that was made with an answer that is still a draft says nothing of that draft.
        if promise.answer is not None:
            found[promise.answer.id] += (promise.told,)
    return found


def _place(period: CommentPeriod, concern: str) -> tuple[int, str]:
    """Where a concern stands in the period's taxonomy; those that it has no more come last."""
    codes = list(taxonomy_of(period.docket).codes)
    return codes.index(concern) if concern in codes else len(codes), concern
