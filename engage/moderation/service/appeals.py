"""Appeals: whoever holds the receipt asks, and somebody who had no part in the restriction answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Disposition, Flag
from engage.contacts.models import Purpose
from engage.db.base import random_id
from engage.errors import NotFound, RuleBroken
from engage.moderation.models import (
    Appeal,
    AppealOutcome,
    ModerationAction,
    ModerationEvent,
    ProposalOutcome,
    RemovalProposal,
)
from engage.moderation.rules import APPEAL_DAYS, KEEP_DAYS
from engage.moderation.service.answers import keep_contact, tell_appellant
from engage.moderation.service.disputes import close_appeals, note_before_deciding
from engage.moderation.service.flags import lower_flag, raise_flag
from engage.moderation.service.log import WrongState, check_state, lock_comments, write_log
from engage.moderation.service.seal import seal_words
from engage.moderation.service.second_person import NeedsSomebodyElse

_RESTRICTING = (
    ModerationAction.RESTRICT,
    ModerationAction.CONFIRM,
    ModerationAction.IMPORT,
    ModerationAction.UPDATE,
)


class CannotAppeal(RuleBroken):
    """There is nothing to appeal against, it is too late, or it was done before."""


@dataclass(frozen=True, slots=True)
class Appealable:
    """The line of the log that keeps a comment from readers, and the last day to appeal against it."""

    event: ModerationEvent
    last_day: date
    zone: ZoneInfo

    def is_over(self, now: datetime) -> bool:
        """Whether it is too late."""
        return now.astimezone(self.zone).date() > self.last_day


def appealable(session: Session, comment: Comment) -> Appealable | None:
    """What an appeal would be against; None where the comment is not kept from readers."""
    if comment.disposition is not Disposition.RESTRICTED:
        return None
    event = session.scalar(
        sa.select(ModerationEvent)
        .where(ModerationEvent.comment_id == comment.id, ModerationEvent.action.in_(_RESTRICTING))
        .order_by(ModerationEvent.id.desc())
        .limit(1)
    )
    if event is None:
        return None
    zone = ZoneInfo(comment.period.time_zone)
    day = event.happened_at.astimezone(zone).date()
    return Appealable(event, day + timedelta(days=APPEAL_DAYS), zone)


def appeal_against(session: Session, event: ModerationEvent) -> Appeal | None:
    """The appeal against one restriction, if there is one."""
    return session.scalar(sa.select(Appeal).where(Appeal.event_id == event.id))


def open_appeal(
    session: Session, comment: Comment, *, text: str, email: str | None, language: str, now: datetime
) -> Appeal:
    """Ask another person to decide. Raises CannotAppeal."""
    (locked,) = lock_comments(session, [comment.id])
    against = appealable(session, locked)
    if against is None or against.is_over(now):
        raise CannotAppeal(_l("There is nothing here that can be appealed against now."))
    number, today = random_id(), now.astimezone(against.zone).date()
    purge_after = today + timedelta(days=KEEP_DAYS)
    contact = (
        keep_contact(session, Purpose.APPEAL, email, purge_after, f"contact {number}") if email else None
    )
    appeal = Appeal(
        id=number,
        comment_id=locked.id,
        event_id=against.event.id,
        proposed_by_id=_proposer(session, locked, against.event),
        restricted_by_id=against.event.actor_id,
        opened_on=today,
        language=language,
        sealed_text=seal_words(text, f"appeal {number}"),
        sealed_contact=contact,
        purge_after=purge_after,
    )
    try:
        with session.begin_nested():
            session.add(appeal)
    except IntegrityError:
        raise CannotAppeal(_l("An appeal against this decision was sent already.")) from None
    raise_flag(session, locked.id, Flag.APPEALED)
    return appeal


def decide_appeal(
    session: Session, appeal_id: int, actor: User, now: datetime, *, is_upheld: bool, answer: str
) -> Appeal:
    """Post the comment after all, or leave it; the answer is read on the receipt.

    Raises NeedsSomebodyElse for those who brought the restriction about, WrongState where it is decided.
    """
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound(_l("There is no such appeal."))
    (comment,) = lock_comments(session, [found.comment_id])
    session.refresh(found)
    action = ModerationAction.APPEAL_UPHELD if is_upheld else ModerationAction.APPEAL_DENIED
    check_state(comment, action)
    if found.outcome is not None:
        raise WrongState(_l("This appeal was decided meanwhile."))
    if actor.id in (found.restricted_by_id, found.proposed_by_id):
        raise NeedsSomebodyElse(_l("You took part in this decision. Somebody else has to answer the appeal."))
    note_before_deciding(session, found, comment, now)
    found.outcome = AppealOutcome.UPHELD if is_upheld else AppealOutcome.DENIED
    found.answer, found.decided_by_id, found.decided_at = answer, actor.id, now
    session.flush()
    reason = comment.restriction_reason
    if is_upheld:
        comment.disposition, comment.restriction_reason = Disposition.POSTED, None
    lower_flag(session, [comment.id], Flag.APPEALED)
    write_log(session, [comment], action, actor, now, reason)
    close_appeals(session, [comment.id], now)
    tell_appellant(session, found)
    return found


def _proposer(session: Session, comment: Comment, event: ModerationEvent) -> int | None:
    """Who proposed what another person confirmed in this line."""
    if event.action is not ModerationAction.CONFIRM:
        return None
    return session.scalar(
        sa.select(RemovalProposal.proposed_by_id)
        .where(RemovalProposal.comment_id == comment.id, RemovalProposal.outcome == ProposalOutcome.CONFIRMED)
        .order_by(RemovalProposal.decided_at.desc())
        .limit(1)
    )
