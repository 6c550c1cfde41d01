"""Removals that two people decide: one proposes, another one confirms or declines.

A comment that waits goes on waiting, unseen, in the list of second looks; a public one stays public.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.errors import NotAllowed, NotFound
from engage.moderation.models import (
    LogReason,
    ModerationAction,
    ModerationEvent,
    ProposalOutcome,
    RemovalProposal,
)
from engage.moderation.rules import TWO_PEOPLE, is_second_person_required
from engage.moderation.service.disputes import close_after_removal
from engage.moderation.service.flags import HINTS, lower_flag
from engage.moderation.service.log import WrongState, check_state, lock_comments, write_log


class NeedsSomebodyElse(NotAllowed):
    """The same person cannot decide this twice."""


def needing_two(session: Session, comments: Sequence[Comment], reason: ModerationReason) -> frozenset[int]:
    """The ids of those that one person cannot keep from readers for this reason."""
    if not is_second_person_required():
        return frozenset()
    if reason in TWO_PEOPLE:
        return frozenset(comment.id for comment in comments)
    public_now = {comment.id for comment in comments if comment.disposition is Disposition.POSTED}
    return _were_public(session, [comment.id for comment in comments]) | public_now


def propose(
    session: Session, comments: Sequence[Comment], actor: User, now: datetime, reason: ModerationReason
) -> list[ModerationEvent]:
    """Propose for locked comments; those with an open proposal keep it. Returns the lines of the new ones."""
    proposed = set(
        session.scalars(
            sa.select(RemovalProposal.comment_id).where(
                RemovalProposal.comment_id.in_([comment.id for comment in comments]),
                RemovalProposal.outcome.is_(None),
            )
        )
    )
    new = [comment for comment in comments if comment.id not in proposed]
    session.add_all(
        RemovalProposal(comment_id=comment.id, reason=reason, proposed_by_id=actor.id, proposed_at=now)
        for comment in new
    )
    return write_log(session, new, ModerationAction.PROPOSE, actor, now, reason)


def confirm_removal(
    session: Session, proposal_id: int, actor: User, now: datetime
) -> tuple[Comment, ModerationEvent]:
    """Keep the comment from readers, as somebody else has proposed.

    Raises NeedsSomebodyElse for the one who proposed it, WrongState where it was decided meanwhile.
    """
    proposal, comment = _open_proposal(session, proposal_id)
    if proposal.proposed_by_id == actor.id:
        raise NeedsSomebodyElse(_l("You proposed this yourself. Another person has to confirm it."))
    check_state(comment, ModerationAction.CONFIRM)
    _decide(proposal, ProposalOutcome.CONFIRMED, actor, now)
    comment.disposition, comment.restriction_reason = Disposition.RESTRICTED, proposal.reason
    (event,) = write_log(session, [comment], ModerationAction.CONFIRM, actor, now, LogReason(proposal.reason))
    lower_flag(session, [comment.id], *HINTS)
    close_after_removal(session, [comment], actor, now)
    return comment, event


def decline_removal(
    session: Session, proposal_id: int, actor: User, now: datetime
) -> tuple[Comment, ModerationEvent]:
    """Leave the comment as it is; the one who proposed it may do so too, and so takes it back."""
    proposal, comment = _open_proposal(session, proposal_id)
    _decide(proposal, ProposalOutcome.DECLINED, actor, now)
    (event,) = write_log(session, [comment], ModerationAction.DECLINE, actor, now, LogReason(proposal.reason))
    return comment, event


def close_proposals(
    session: Session, comments: Collection[Comment], actor: User | None, now: datetime
) -> None:
    """These comments were decided otherwise: what was proposed about them is over."""
    session.execute(
        sa.update(RemovalProposal)
        .where(
            RemovalProposal.comment_id.in_([comment.id for comment in comments]),
            RemovalProposal.outcome.is_(None),
        )
        .values(outcome=ProposalOutcome.MOOT, decided_by_id=actor.id if actor else None, decided_at=now)
    )


def check_may_reopen(session: Session, comments: Sequence[Comment], actor: User | None) -> None:
    """Raise NeedsSomebodyElse where reopening would get round the second person.

    A public comment does not vanish because one person opens it again, and those who removed one together
    are not those who bring it back.
    """
    if actor is None or not is_second_person_required():
        return
    if any(comment.disposition is Disposition.POSTED for comment in comments):
        raise NeedsSomebodyElse(
            _l("A posted comment stays until two people agree that it may not. Propose it instead.")
        )
    mine = session.scalar(
        sa.select(RemovalProposal.id)
        .where(
            RemovalProposal.comment_id.in_([comment.id for comment in comments]),
            RemovalProposal.outcome == ProposalOutcome.CONFIRMED,
            sa.or_(RemovalProposal.proposed_by_id == actor.id, RemovalProposal.decided_by_id == actor.id),
        )
        .limit(1)
    )
    if mine is not None:
        raise NeedsSomebodyElse(_l("You took part in this decision. Somebody else has to open it again."))


def _were_public(session: Session, comment_ids: Sequence[int]) -> frozenset[int]:
    published = (ModerationAction.POST, ModerationAction.APPEAL_UPHELD)
    return frozenset(
        session.scalars(
            sa.select(ModerationEvent.comment_id).where(
                ModerationEvent.comment_id.in_(comment_ids), ModerationEvent.action.in_(published)
            )
        )
    )


def _open_proposal(session: Session, proposal_id: int) -> tuple[RemovalProposal, Comment]:
    found = session.get(RemovalProposal, proposal_id)
    if found is None:
        raise NotFound(_l("There is no such proposal."))
    (comment,) = lock_comments(session, [found.comment_id])
    session.refresh(found)
    if found.outcome is not None:
        raise WrongState(
            _l("Comment %(number)s has been withdrawn or decided meanwhile.", number=comment.tracking_number)
        )
    return found, comment


def _decide(proposal: RemovalProposal, outcome: ProposalOutcome, actor: User, now: datetime) -> None:
    proposal.outcome, proposal.decided_by_id, proposal.decided_at = outcome, actor.id, now
