"""Use a proof once, and forget what is over. Flushes and never commits; the job has its own transactions."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.checks.challenge import Solved
from engage.checks.models import SpentChallenge
from engage.web import limits

FORGET_COUNTS = "forget_counts"
"""The job that forgets how often a network came."""


def spend(session: Session, solved: Solved) -> bool:
    """Use a proof; False where it was used before, also where that was in this very moment."""
    try:
        with session.begin_nested():
            session.add(SpentChallenge(digest=solved.digest, last_day=solved.last_day))
    except IntegrityError:
        return False
    return True


def forget_spent(session: Session, today: date) -> int:
    """Forget proofs that have expired; returns how many."""
    expired = sa.delete(SpentChallenge).where(SpentChallenge.last_day < today)
    return len(session.scalars(expired.returning(SpentChallenge.digest)).all())


def forget_counts() -> int:
    """Job: forget counts that are over, and the key of a past day. There is never more of it to do."""
    limits.forget_past()
    return 0
