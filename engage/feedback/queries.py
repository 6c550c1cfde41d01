"""What may be seen of forms. Every reader, page or feed or other room, goes through the queries here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import User
from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.feedback.access import CLERKS, may_edit
from engage.feedback.models import (
    BoxedAnswer,
    FeedbackForm,
    FormResponse,
    FormStatus,
    FormTicket,
    FormVersion,
)
from engage.meetings.queries import public_meetings

UNKNOWN = _l("There is no such form.")


def public_forms(now: datetime) -> sa.Select[FeedbackForm]:
    """The forms that everybody may see: published, and about nothing that is not public. In no order."""
    of_shown_docket = sa.or_(FeedbackForm.docket_id.is_(None), Docket.published_at <= now)
    meetings = public_meetings(now)
    shown = meetings.with_only_columns(meetings.selected_columns.id)
    of_shown_meeting = sa.or_(FeedbackForm.meeting_id.is_(None), FeedbackForm.meeting_id.in_(shown))
    return (
        sa.select(FeedbackForm)
        .outerjoin(Docket, FeedbackForm.docket_id == Docket.id)
        .where(FeedbackForm.published_at <= now, of_shown_docket, of_shown_meeting)
        .options(selectinload(FeedbackForm.versions), joinedload(FeedbackForm.docket))
    )


def of_docket(now: datetime, docket_id: int) -> sa.Select[FeedbackForm]:
    """The public forms of a docket. In no order."""
    return public_forms(now).where(FeedbackForm.docket_id == docket_id)


def of_meeting(now: datetime, meeting_id: int) -> sa.Select[FeedbackForm]:
    """The public forms about a meeting. In no order."""
    return public_forms(now).where(FeedbackForm.meeting_id == meeting_id)


def get_public_form(session: Session, slug: str, now: datetime) -> FeedbackForm:
    """The published form with this slug. Raises NotFound: a draft is not there for the public."""
    return _found(session.scalar(public_forms(now).where(FeedbackForm.slug == _searchable(slug))))


def get_form(session: Session, slug: str, user: User) -> FeedbackForm:
    """A form for somebody of the staff who may work on it. Raises NotFound, also for another host's."""
    form = _found(session.scalar(sa.select(FeedbackForm).where(FeedbackForm.slug == _searchable(slug))))
    if not may_edit(user, form):
        raise _unknown()
    return form


def staff_forms(user: User) -> sa.Select[FeedbackForm]:
    """The forms that this person may work on. In no order."""
    if user.has_any_role(*CLERKS):
        return sa.select(FeedbackForm)
    return sa.select(FeedbackForm).where(FeedbackForm.host_id == user.id)


def get_version(form: FeedbackForm, number: int) -> FormVersion:
    """One version of a form. Raises NotFound."""
    for version in form.versions:
        if version.number == number:
            return version
    raise NotFound(_l("There is no such version of the form."))


@dataclass(frozen=True, slots=True)
class Received:
    """How many answers a form has: ``boxed`` are acknowledged and not counted yet."""

    counted: int
    boxed: int

    @property
    def total(self) -> int:
        """All that were acknowledged."""
        return self.counted + self.boxed


def received(session: Session, form: FeedbackForm) -> Received:
    """How many answers to all versions of a form there are."""
    versions = sa.select(FormVersion.id).where(FormVersion.form_id == form.id)
    counted = sa.select(sa.func.count()).where(FormResponse.version_id.in_(versions))
    boxed = sa.select(sa.func.count()).where(BoxedAnswer.version_id.in_(versions))
    return Received(session.scalar(counted) or 0, session.scalar(boxed) or 0)


def has_answers(session: Session, version: FormVersion) -> bool:
    """Whether anybody has answered this version."""
    return bool(
        session.scalar(sa.select(sa.exists().where(FormResponse.version_id == version.id)))
        or session.scalar(sa.select(sa.exists().where(BoxedAnswer.version_id == version.id)))
    )


def listed_forms(now: datetime) -> sa.Select[FeedbackForm]:
    """The public forms in the order in which residents look for them: open ones first, then by docket."""
    is_over = FeedbackForm.closes_at <= now
    state = sa.case((is_over, 2), (FeedbackForm.opens_at > now, 1), else_=0)
    order = (state, FeedbackForm.docket_id.is_(None), FeedbackForm.docket_id, FeedbackForm.closes_at)
    return public_forms(now).order_by(*order, FeedbackForm.id)


class Arrival(StrEnum):
    """What is told to whoever asks with a code or token. LATER: once the form has closed."""

    YES = "yes"
    NO = "no"
    LATER = "later"


def arrival(session: Session, form: FeedbackForm, index: str, now: datetime) -> Arrival:
    """Whether an answer came with the code or token of this index; never which.

    Of a code that was handed out only after the close. Whoever printed it has it too, and could otherwise
    ask every day who has answered.
    """
    ticket = sa.select(FormTicket.is_spent, FormTicket.batch_id)
    ticket = ticket.where(FormTicket.form_id == form.id, FormTicket.code_index == index)
    found = session.execute(ticket).one_or_none()
    if found is None:
        return Arrival.NO
    if found.batch_id is not None and form.status(now) is not FormStatus.CLOSED:
        return Arrival.LATER
    return Arrival.YES if found.is_spent else Arrival.NO


def is_handed_out(session: Session, form: FeedbackForm, index: str) -> bool:
    """Whether the code of this index was handed out for this form."""
    ticket = (FormTicket.form_id == form.id, FormTicket.code_index == index)
    return bool(session.scalar(sa.select(sa.exists().where(*ticket))))


def _found(form: FeedbackForm | None) -> FeedbackForm:
    if form is None:
        raise _unknown()
    return form


def _unknown() -> NotFound:
    return NotFound(UNKNOWN)


def _searchable(slug: str) -> str:
    # PostgreSQL cannot even be asked for a text with a null character.
    return slug.replace("\0", "")
