"""Draft a form, hand it to the clerks, publish exactly what was read, set its days, close it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken
from engage.feedback import queries
from engage.feedback.access import may_publish, may_set
from engage.feedback.models import (
    Entry,
    FeedbackForm,
    FormResponse,
    FormResult,
    FormStatus,
    FormTextEvent,
    FormTicket,
    FormVersion,
    ResultsShown,
    TicketBatch,
)
from engage.feedback.service.box import COUNT
from engage.feedback.service.publish import digest_of, publish_version
from engage.jobs.queue import wake
from engage.meetings.models import Meeting
from engage.survey import surveyjs
from engage.survey.definition import Definition, Page


class SlugTaken(RuleBroken):
    """Another form already has this address."""


class AddressFixed(RuleBroken):
    """Residents may have kept the address of what is published, so it stays."""


class Promised(RuleBroken):
    """People were told this, or answered under it, so it stays."""


class BadDays(RuleBroken):
    """The form would close before it opens, or earlier than people were told."""


class WrongFormState(RuleBroken):
    """This cannot follow the state that the form is in; it may have changed meanwhile."""


class ChangedMeanwhile(RuleBroken):
    """What would be published is not what was read."""


class NotFinished(RuleBroken):
    """Residents could not find the form, or not answer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """What staff write about a form beside its questions, by the names of its columns."""

    title: Localised
    docket: Docket | None
    meeting: Meeting | None
    entry: Entry
    results: ResultsShown
    opens_at: datetime
    closes_at: datetime | None


SETTINGS = tuple(field.name for field in fields(FormDraft))
"""The names of what staff write; ``title`` stands in the working definition, the others are columns."""

_COLUMNS = tuple(name for name in SETTINGS if name != "title")
_ASKED_UNDER = frozenset({"docket", "meeting", "entry", "results"})
"""What people knew when they answered."""


class Missing(StrEnum):
    """What keeps a form from its residents, its questions apart."""

    DOCKET = "docket"
    MEETING = "meeting"
    DAYS = "days"


def fixed_settings(session: Session, form: FeedbackForm | None, now: datetime) -> frozenset[str]:
    """Which of SETTINGS can no longer be written.

    The opening stays once people can answer; what the form is about, who may answer and when results are
    shown stay from the first answer on; of a closed form everything stays.
    """
    if form is None:
        return frozenset()
    status = form.status(now)
    if status is FormStatus.CLOSED:
        return frozenset(SETTINGS)
    opened = frozenset({"opens_at"}) if status is FormStatus.OPEN else frozenset()
    return opened | (_ASKED_UNDER if is_answered(session, form) else frozenset())


def is_answered(session: Session, form: FeedbackForm) -> bool:
    """Whether anybody has answered any version of the form."""
    return any(queries.has_answers(session, version) for version in form.versions)


def create_form(
    session: Session,
    *,
    slug: str,
    draft: FormDraft,
    host: User | None,
    now: datetime,
    definition: Definition | None = None,
) -> FeedbackForm:
    """Begin a form that only staff see, with one empty page or with what ``definition`` asks.

    Raises SlugTaken, BadDays; RuleBroken for a bad slug or a meeting of another docket.
    """
    _refuse_contradictions(draft)
    asked = definition or Definition(pages=(Page(name="page1"),))
    form = FeedbackForm(
        slug=checked_slug(slug),
        working=surveyjs.write(replace(asked, title=draft.title)),
        host=host,
        changed_at=now,
        **{name: getattr(draft, name) for name in _COLUMNS},
    )
    try:
        with session.begin_nested():
            session.add(form)
    except IntegrityError:
        raise _taken(slug) from None
    return form


def change_form(
    session: Session,
    form: FeedbackForm,
    *,
    draft: FormDraft,
    slug: str,
    host: User | None,
    actor: User,
    now: datetime,
) -> None:
    """Write its settings anew. A new title of a published form waits to be published, as its questions do.

    Raises AddressFixed, Promised, BadDays, SlugTaken, and WrongFormState where it is no longer ``actor``'s to
    write; RuleBroken for a bad slug or a meeting of another docket.
    """
    _hold(session, form)
    _refuse_other_hands(form, actor)
    before = settings_of(form)
    changed = [name for name in SETTINGS if getattr(before, name) != getattr(draft, name)]
    if not fixed_settings(session, form, now).isdisjoint(changed):
        raise Promised(_l("People were told this, or answered under it, so it can no longer change."))
    if form.published_at is not None and slug != form.slug:
        raise AddressFixed(_l("The form is published, so its address can no longer change."))
    _refuse_contradictions(draft)
    if "closes_at" in changed:
        _refuse_earlier_end(form, draft, now)
    try:
        with session.begin_nested():
            form.slug, form.host = checked_slug(slug), host
            for name in set(changed) - {"title"}:
                setattr(form, name, getattr(draft, name))
            if "title" in changed:
                form.working = surveyjs.write(replace(surveyjs.read(form.working), title=draft.title))
                form.revision += 1
            form.changed_at = now
    except IntegrityError:
        raise _taken(slug) from None


def settings_of(form: FeedbackForm) -> FormDraft:
    """What is written about a form now; the title as it is being edited."""
    columns = {name: getattr(form, name) for name in _COLUMNS}
    return FormDraft(title=surveyjs.title_of(form.working), **columns)


def submit_form(session: Session, form: FeedbackForm, now: datetime) -> None:
    """Hand a draft, or what was changed after publication, to the clerks: its host leaves it alone then.

    Raises WrongFormState where there is nothing that a clerk could publish.
    """
    _hold(session, form)
    if form.status(now) is FormStatus.CLOSED or is_as_published(form):
        raise WrongFormState(_l("There is nothing new in this form that a clerk could publish."))
    if form.submitted_at is None:
        form.submitted_at = now
    session.flush()


def return_form(session: Session, form: FeedbackForm) -> None:
    """Give a form back to its host, who asks for it or has to mend it."""
    _hold(session, form)
    form.submitted_at = None
    session.flush()


def is_as_published(form: FeedbackForm) -> bool:
    """Whether residents are asked just what the working definition says; never of an unpublished import."""
    newest = form.newest if form.published_at is not None else None
    return newest is not None and newest.digest == digest_of(form.working)


def mark_of(form: FeedbackForm) -> str:
    """A digest of all that a clerk publishes: another one, and something is not as it was read."""
    read = {
        "asked": digest_of(form.working),
        "entry": form.entry.value,
        "results": form.results.value,
        "opens_at": form.opens_at.isoformat(),
        "closes_at": form.closes_at.isoformat() if form.closes_at else None,
        "about": [form.docket_id, form.meeting_id],
        "slug": form.slug,
    }
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def missing(form: FeedbackForm, now: datetime) -> list[Missing]:
    """What keeps residents from finding the form, or from answering it.

    A form that was made of answers from elsewhere closed with the last of them: it is shown closed.
    """
    docket, meeting = form.docket, form.meeting
    lacks = {
        Missing.DOCKET: docket is not None and not docket.is_published(now),
        Missing.MEETING: meeting is not None and (meeting.published_at is None or meeting.published_at > now),
        Missing.DAYS: form.source is None and form.closes_at is not None and form.closes_at <= now,
    }
    return [what for what, is_lacking in lacks.items() if is_lacking]


def publish_form(
    session: Session, form: FeedbackForm, *, seen: str | None, actor: User, now: datetime
) -> FormVersion:
    """Ask residents what was read; ``seen`` is its mark.

    Raises ChangedMeanwhile, NotFinished, WrongFormState for a closed form; RuleBroken for what cannot be
    asked.
    """
    _hold(session, form)
    if form.published_at is not None and form.status(now) is FormStatus.CLOSED:
        raise WrongFormState(_l("This form is closed. Copy it to ask again."))
    if seen != mark_of(form):
        raise ChangedMeanwhile(_l("The form was changed meanwhile. Read it again before you publish it."))
    if missing(form, now):
        raise NotFinished(_l("Something keeps residents from this form."))
    return publish_version(session, form, actor=actor, now=now)


def close_form(session: Session, form: FeedbackForm, now: datetime) -> None:
    """Take no more answers from now on, for ever, and count all that came. Raises WrongFormState."""
    _hold(session, form)
    if form.status(now) is not FormStatus.OPEN:
        raise WrongFormState(_l("This form is not open."))
    form.closes_at = form.changed_at = now
    session.flush()
    wake(session, COUNT)


def can_be_deleted(session: Session, form: FeedbackForm, actor: User) -> bool:
    """Whether nothing that residents have seen or said would go with it.

    Answers that were brought from elsewhere are there still: a clerk may take a failed import away. What was
    decided about their texts is kept for ever, and so is the form then.
    """
    if form.published_at is not None or not may_set(actor, form):
        return False
    if not is_answered(session, form):
        return True
    decided = sa.select(FormTextEvent.id).where(FormTextEvent.form_id == form.id).limit(1)
    return form.source is not None and may_publish(actor) and session.scalar(decided) is None


def delete_draft(session: Session, form: FeedbackForm, *, actor: User) -> None:
    """Throw a draft away, an unpublished import with its answers.

    Raises WrongFormState for what residents have seen, or have answered here.
    """
    _hold(session, form)
    _refuse_other_hands(form, actor)
    if not can_be_deleted(session, form, actor):
        raise WrongFormState(_l("Residents have seen or answered this form, so it is no draft any more."))
    versions = sa.select(FormVersion.id).where(FormVersion.form_id == form.id)
    session.execute(sa.delete(FormResponse).where(FormResponse.version_id.in_(versions)))
    for model in (FormTicket, TicketBatch, FormResult, FormVersion):
        session.execute(sa.delete(model).where(model.form_id == form.id))
    session.delete(form)
    session.flush()


def _hold(session: Session, form: FeedbackForm) -> None:
    """Read the form as it is now and keep answers out until this transaction ends.

    Whoever answers holds the version that is answered, so that nobody does between the question whether
    somebody has and what hangs on it.
    """
    session.flush()
    session.refresh(form, with_for_update=True)
    session.execute(sa.select(FormVersion.id).where(FormVersion.form_id == form.id).with_for_update())


def _refuse_other_hands(form: FeedbackForm, actor: User) -> None:
    """A host's page may be older than the clerk's publication of the very draft that it shows."""
    if not may_set(actor, form):
        raise WrongFormState(_l("This form is with the clerks. Take it back to write on."))


def _refuse_contradictions(draft: FormDraft) -> None:
    if draft.closes_at is not None and draft.closes_at <= draft.opens_at:
        raise BadDays(_l("A form closes after it opens."))
    of_meeting = draft.meeting.docket if draft.meeting is not None else None
    if draft.docket is not None and of_meeting is not None and of_meeting is not draft.docket:
        raise RuleBroken(_l("This meeting belongs to another docket."))


def _refuse_earlier_end(form: FeedbackForm, draft: FormDraft, now: datetime) -> None:
    """People plan by the day that they were told."""
    if form.status(now) is not FormStatus.OPEN:
        return
    is_earlier = form.closes_at is not None and (draft.closes_at is None or draft.closes_at < form.closes_at)
    if is_earlier:
        raise BadDays(_l("People were told this day. Choose a later one, or close the form at once."))
    if draft.closes_at is not None and draft.closes_at <= now:
        raise BadDays(_l("This time is over. Choose a later one, or close the form at once."))


def _taken(slug: str) -> SlugTaken:
    return SlugTaken(_l("Another form already has the address “%(slug)s”.", slug=slug))
