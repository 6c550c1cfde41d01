"""Write the register: which bodies a docket concerns, and every attempt to ask them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.service.docket import need_both
from engage.errors import RuleBroken
from engage.lifecycle import queries
from engage.lifecycle.impersonal import found_in_any
from engage.lifecycle.models import (
    Outreach,
    OutreachHow,
    OutreachOutcome,
    RegisterChange,
    RegisterStep,
    Stakeholder,
    StakeholderKind,
)
from engage.lifecycle.service.order import hold, hold_in, lock, move, next_position

NOT_WRITTEN = Localised()
NO_PERSON = _l("The register is of organizations and offices. Leave this out: %(found)s")


class Impersonal(RuleBroken):
    """Something that reaches or identifies one person stands where only a body may be told of."""


class RegisterChanged(RuleBroken):
    """What would be changed or shown is not what was read: somebody else has changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class BodyDraft:
    """A body as it is to be: languages and districts by their codes."""

    kind: StakeholderKind
    name: Localised
    why: Localised = NOT_WRITTEN
    languages: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    stays_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """One attempt to ask a body, made or planned."""

    how: OutreachHow
    language: str
    happened_on: date
    outcome: OutreachOutcome
    note: Localised = NOT_WRITTEN


def add_body(session: Session, docket: Docket, draft: BodyDraft) -> Stakeholder:
    """Put a body into the register that only staff see. Raises RuleBroken, Impersonal.

    One that is there already, in every particular, is not put there again: a form may be sent twice.
    """
    _check_body(draft)
    lock(session, docket)
    there = queries.bodies(session, docket)
    for earlier in there:
        if _body_draft(earlier) == draft:
            return earlier
    return _add(session, docket, draft, next_position(there))


def add_bodies(session: Session, docket: Docket, drafts: Sequence[BodyDraft]) -> int:
    """Put several bodies into the register; returns how many are new.

    One that is there already, by its name, is not put there again: a form may be sent twice. Raises
    RuleBroken, Impersonal, and then adds none.
    """
    for draft in drafts:
        _check_body(draft)
    lock(session, docket)
    there = queries.bodies(session, docket)
    names = {body.name for body in there}
    place = next_position(there)
    added = 0
    for draft in drafts:
        if draft.name not in names:
            _add(session, docket, draft, place + added)
            names.add(draft.name)
            added += 1
    return added


def change_body(
    session: Session, body: Stakeholder, draft: BodyDraft, today: date, *, seen: str | None = None
) -> None:
    """Write a body anew. Raises RuleBroken, Impersonal; RegisterChanged; Incomplete where residents read it.

    One that does not want to be named any more is hidden at once. ``seen`` is the mark of what was read; None
    asks for nothing.
    """
    _check_body(draft)
    hold(session, body)
    _refuse_unread(seen, mark_of_bodies([body]))
    if draft.stays_unnamed:
        _hide(session, body, today)
    elif body.published_at is not None:
        _refuse_unfit(draft.name, draft.why)
        if _body_draft(body) != draft:
            _keep(session, body, RegisterStep.BODY_CHANGED, today)
    _write(body, draft)
    session.flush()


def show_body(session: Session, body: Stakeholder, now: datetime, *, seen: str | None = None) -> None:
    """Name a body to residents, with every attempt to ask it. ``seen`` as in ``change_body``.

    Raises Incomplete; RegisterChanged; RuleBroken for one that does not want to be named.
    """
    hold(session, body)
    session.refresh(body, ["contacts"])
    _refuse_unread(seen, mark_of_bodies([body], with_attempts=True))
    if body.stays_unnamed:
        raise RuleBroken(_l("This body does not want to be named."))
    _refuse_unfit(body.name, body.why)
    if body.published_at is None:
        body.published_at = now
    session.flush()


def is_fit(body: Stakeholder) -> bool:
    """Whether all that residents would read of a body is in both languages."""
    return body.name.is_complete and (not body.why or body.why.is_complete)


def drafts_to_show(bodies: Sequence[Stakeholder]) -> list[Stakeholder]:
    """Those of these bodies that residents do not see and that want to be named."""
    return [body for body in bodies if body.published_at is None and not body.stays_unnamed]


def show_all_bodies(
    session: Session, docket: Docket, now: datetime, *, seen: str | None = None
) -> tuple[int, list[Stakeholder]]:
    """Name every body that wants to be; returns how many are new, and those that lack a language.

    ``seen`` is the mark of all drafts that were read, with their attempts. Raises RegisterChanged.
    """
    shown, left = 0, list[Stakeholder]()
    lock(session, docket)
    drafts = drafts_to_show(queries.bodies(session, docket))
    _refuse_unread(seen, mark_of_bodies(drafts, with_attempts=True))
    for body in drafts:
        if is_fit(body):
            show_body(session, body, now)
            shown += 1
        else:
            left.append(body)
    return shown, left


def hide_body(session: Session, body: Stakeholder, today: date) -> None:
    """Name a body to residents no longer. The page goes on saying that one was taken back."""
    hold(session, body)
    _hide(session, body, today)
    session.flush()


def delete_body(session: Session, body: Stakeholder) -> None:
    """Take a body out of the register. Raises RuleBroken where it is shown, once was, or was asked."""
    hold(session, body)
    session.refresh(body, ["contacts", "changes"])
    if body.published_at is not None or body.contacts or body.changes:
        raise RuleBroken(_l("This body was named in public or was asked, so it stays in the register."))
    session.delete(body)
    session.flush()


def move_body(session: Session, body: Stakeholder, *, up: bool) -> None:
    """Let a body change places with the one before or after it."""
    lock(session, body.docket)
    move(queries.bodies(session, body.docket), body, up=up)
    session.flush()


def add_contact(session: Session, body: Stakeholder, draft: ContactDraft, today: date) -> Outreach:
    """Write down one attempt to ask a body. Raises RuleBroken, Incomplete, Impersonal.

    An attempt that is there already, in every particular, is not written twice: a form may be sent twice.
    """
    _check_contact(draft, today)
    lock(session, body.docket)
    session.refresh(body, ["contacts"])
    for earlier in body.contacts:
        if _draft_of(earlier) == draft:
            return earlier
    contact = Outreach(stakeholder_id=body.id)
    _write_contact(contact, draft)
    session.add(contact)
    session.flush()
    session.expire(body, ["contacts"])
    return contact


def change_contact(
    session: Session, contact: Outreach, draft: ContactDraft, today: date, *, seen: str | None = None
) -> None:
    """Correct an attempt, or say what came of a planned one. ``seen`` as in ``change_body``.

    Raises RuleBroken, Incomplete, Impersonal, RegisterChanged; NotFound where somebody has just deleted it.
    """
    _check_contact(draft, today)
    hold_in(session, contact.stakeholder.docket, contact)
    _refuse_unread(seen, mark_of_contact(contact))
    if _draft_of(contact) != draft:
        _keep(session, contact.stakeholder, RegisterStep.ATTEMPT_CHANGED, today, contact)
    _write_contact(contact, draft)
    session.flush()


def delete_contact(session: Session, contact: Outreach, today: date) -> None:
    """Take an attempt away that was entered by mistake. Where residents read it, the page says so."""
    body = contact.stakeholder
    hold_in(session, body.docket, contact)
    _keep(session, body, RegisterStep.ATTEMPT_REMOVED, today, contact)
    session.delete(contact)
    session.flush()
    session.expire(body, ["contacts"])


def _hide(session: Session, body: Stakeholder, today: date) -> None:
    _keep(session, body, RegisterStep.BODY_HIDDEN, today)
    body.published_at = None


def _keep(
    session: Session, body: Stakeholder, what: RegisterStep, today: date, contact: Outreach | None = None
) -> None:
    """Keep that something was changed or taken away, if residents could read it; see RegisterChange."""
    if body.published_at is None:
        return
    change = RegisterChange(stakeholder_id=body.id, what=what, changed_on=today)
    if contact is not None:
        change.how, change.language = contact.how, contact.language
        change.happened_on, change.outcome = contact.happened_on, contact.outcome
    session.add(change)
    session.flush()
    session.expire(body, ["changes"])


def _add(session: Session, docket: Docket, draft: BodyDraft, position: int) -> Stakeholder:
    body = Stakeholder(docket_id=docket.id, position=position)
    _write(body, draft)
    session.add(body)
    session.flush()
    return body


def _write(body: Stakeholder, draft: BodyDraft) -> None:
    body.kind, body.name, body.why = draft.kind, draft.name, draft.why
    body.languages, body.districts = list(draft.languages), list(draft.districts)
    body.stays_unnamed = draft.stays_unnamed


def _write_contact(contact: Outreach, draft: ContactDraft) -> None:
    contact.how, contact.language, contact.happened_on = draft.how, draft.language, draft.happened_on
    contact.outcome, contact.note = draft.outcome, draft.note


def mark_of_bodies(bodies: Sequence[Stakeholder], *, with_attempts: bool = False) -> str:
    """What stands for exactly these bodies in exactly these words, and for their attempts: SHA-256."""
    content = [
        (
            body.id,
            _body_draft(body),
            [(contact.id, _draft_of(contact)) for contact in body.contacts] if with_attempts else [],
        )
        for body in bodies
    ]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def mark_of_contact(contact: Outreach) -> str:
    """What stands for exactly this attempt as it is written down: SHA-256."""
    return hashlib.sha256(repr((contact.id, _draft_of(contact))).encode()).hexdigest()


def _refuse_unread(seen: str | None, mark: str) -> None:
    if seen not in (None, mark):
        raise RegisterChanged(_l("Somebody else has changed this meanwhile. Nothing was changed now."))


def _body_draft(body: Stakeholder) -> BodyDraft:
    return BodyDraft(
        body.kind, body.name, body.why, tuple(body.languages), tuple(body.districts), body.stays_unnamed
    )


def _draft_of(contact: Outreach) -> ContactDraft:
    return ContactDraft(contact.how, contact.language, contact.happened_on, contact.outcome, contact.note)


def _check_body(draft: BodyDraft) -> None:
    if not draft.name:
        raise RuleBroken(_l("Write the name of the body."))
    _refuse_persons(draft.name, draft.why)


def _check_contact(draft: ContactDraft, today: date) -> None:
    _refuse_persons(draft.note)
    if draft.note and not draft.note.is_complete:
        need_both(draft.note)
    if draft.happened_on > today and draft.outcome is not OutreachOutcome.PLANNED:
        raise RuleBroken(_l("This day is still to come, so it can only be planned."))


def _refuse_unfit(name: Localised, why: Localised) -> None:
    need_both(name)
    if why:
        need_both(why)


def _refuse_persons(*texts: Localised) -> None:
    if found := found_in_any(texts):
        raise Impersonal(str(NO_PERSON) % {"found": found})
