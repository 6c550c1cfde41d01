"""Slowing down who guesses, for each account alone and without a look at addresses on the network. Nobody is
locked out for longer than the pause, because what is refused is not counted."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage.accounts import keys
from engage.accounts.addresses import canonical
from engage.accounts.models import AccountAttempt
from engage.clock import utcnow

WINDOW = timedelta(minutes=15)


class Kind(StrEnum):
    """What was attempted: signing in (password, code, recovery code), or asking for a new password."""

    SIGN_IN = "sign_in"
    RESET = "reset"


FREE = {Kind.SIGN_IN: 10, Kind.RESET: 3}
"""How many failures or requests in the window pass without a pause."""

PAUSE = {Kind.SIGN_IN: timedelta(minutes=1), Kind.RESET: timedelta(minutes=5)}
"""How long after the latest one the next is taken, once the free ones are used up."""


def is_refused(session: Session, kind: Kind, email: str) -> bool:
    """Whether an attempt for this address is refused unseen; the same for addresses without an account."""
    now = utcnow()
    count, latest = session.execute(
        sa.select(sa.func.count(), sa.func.max(AccountAttempt.made_at)).where(
            AccountAttempt.digest == _digest(kind, email), AccountAttempt.made_at > now - WINDOW
        )
    ).one()
    return bool(count >= FREE[kind] and latest > now - PAUSE[kind])


def count(session: Session, kind: Kind, email: str) -> None:
    """Count one, and forget all that no longer count."""
    now = utcnow()
    session.execute(sa.delete(AccountAttempt).where(AccountAttempt.made_at <= now - WINDOW))
    session.add(AccountAttempt(digest=_digest(kind, email), made_at=now))
    session.flush()


def forget(session: Session, email: str) -> None:
    """Begin anew for an account whose holder has just proved to own its mailbox."""
    digests = [_digest(kind, email) for kind in Kind]
    session.execute(sa.delete(AccountAttempt).where(AccountAttempt.digest.in_(digests)))


def _digest(kind: Kind, email: str) -> str:
    # In one form, or each other spelling of an address would bring new attempts.
    tried = f"{kind}\0{canonical(email) or email}"
    return hmac.new(_key(current_app.config["SECRET_KEY"]), tried.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(secret_key: str) -> bytes:
    return keys.derive(secret_key, "attempts")
