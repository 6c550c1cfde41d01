"""Use a proof once, and forget what is over. Flushes and never commits; the job has its own transactions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.checks.challenge import Solved
from engage.checks.models import SpentChallenge
from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.web import limits

PURGE = "purge_checks"
"""The job that forgets what only had to be known for a day."""


def spend(session: Session, solved: Solved) -> bool:
    """Use a proof; False where it was used before, also where that was in this very moment."""
    try:
        with session.begin_nested():
            session.add(SpentChallenge(digest=solved.digest, last_day=solved.last_day))
    except IntegrityError:
        return False
    return True


def purge_due() -> int:
    """Forget expired proofs, counts that are over and the key of a past day; returns how many proofs."""
    limits.forget_past()
    expired = SpentChallenge.last_day < utcnow().date()
    with db.sessionmaker() as session:
        if not session.scalar(sa.select(sa.exists().where(expired))):
            return 0
    with write_transaction() as session:
        gone = session.scalars(sa.delete(SpentChallenge).where(expired).returning(SpentChallenge.digest))
        return len(gone.all())
