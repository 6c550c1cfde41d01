"""Results for those who read them: one row, whatever the number of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import RoleName, User
from engage.errors import NotFound
from engage.feedback import queries
from engage.feedback.access import CLERKS, may_read_results
from engage.feedback.models import BoxedAnswer, FeedbackForm, FormResponse, FormResult, FormVersion
from engage.feedback.results import Results, from_json
from engage.survey.suppression import K


@dataclass(frozen=True, slots=True)
class Read:
    """What is told of a form, and of what it is not told yet.

    ``waiting`` answers at least were acknowledged and are not counted yet, from K on in whole tens: one more
    would say that somebody has answered just now. ``counted_on`` is None where nothing was
    counted; ``is_final``: all of them are in. ``has_few_late``: see there.
    """

    form: FeedbackForm
    results: Results
    waiting: int
    counted_on: date | None = None
    is_final: bool = False
    has_few_late: bool = False

    @property
    def has_few_waiting(self) -> bool:
        """Whether so few wait that their number is not told either."""
        return 0 < self.waiting < K


def results_of(session: Session, form: FeedbackForm) -> Read:
    """What is told of a form that the caller has found for this reader."""
    kept = session.get(FormResult, form.id)
    number = waiting(session, form)
    number -= number % K if number >= K else 0
    if kept is None:
        return Read(form, Results(), number)
    late = has_few_late(session, form)
    return Read(form, from_json(kept.tables), number, kept.counted_on, kept.is_final and not late, late)


def waiting(session: Session, form: FeedbackForm) -> int:
    """How many acknowledged answers are not counted yet; the counted ones are not touched to know it."""
    versions = sa.select(FormVersion.id).where(FormVersion.form_id == form.id)
    boxed = sa.select(sa.func.count()).where(BoxedAnswer.version_id.in_(versions))
    return session.scalar(boxed) or 0


def has_few_late(session: Session, form: FeedbackForm) -> bool:
    """Whether fewer than K answers were imported after results were told: they wait for more to come.

    Results that took them up would differ by them alone. Answers are counted only where a result is stale.
    """
    told = sa.select(FormResult.counted).where(FormResult.form_id == form.id, FormResult.is_stale)
    counted = session.scalar(told)
    if counted is None or counted < K:
        return False
    versions = sa.select(FormVersion.id).where(FormVersion.form_id == form.id)
    total = session.scalar(sa.select(sa.func.count()).where(FormResponse.version_id.in_(versions))) or 0
    return 0 < total - counted < K


def forms_with_results(user: User, now: datetime) -> sa.Select[FeedbackForm]:
    """The forms whose results this person may read before the public does. In no order.

    Published ones, and those that imported answers made: these stay drafts until staff publish them.
    """
    imported = FeedbackForm.published_at.is_(None) & FeedbackForm.source.is_not(None)
    with_results = (
        sa.select(FeedbackForm)
        .where(sa.or_(FeedbackForm.published_at <= now, imported))
        .options(selectinload(FeedbackForm.versions), joinedload(FeedbackForm.docket))
    )
    if user.has_any_role(RoleName.OFFICIAL, *CLERKS):
        return with_results
    return with_results.where(FeedbackForm.host_id == user.id)


def has_results(form: FeedbackForm, now: datetime) -> bool:
    """Whether staff can read results of a form: as ``forms_with_results`` finds them."""
    if form.published_at is None:
        return form.source is not None
    return form.published_at <= now


def get_read_form(session: Session, slug: str, user: User, now: datetime) -> FeedbackForm:
    """A form with results for somebody who may read its results at any time. Raises NotFound for others."""
    named = FeedbackForm.slug == slug.replace("\0", "")
    form = session.scalar(forms_with_results(user, now).where(named))
    if form is None or not may_read_results(user, form):
        raise NotFound(queries.UNKNOWN)
    return form
