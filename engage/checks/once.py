"""Count a browser once in a day for a form that asks nobody who they are.

The browser carries a random word in its cookie. Kept of it is a hash under a key of the form's own, until the
next day (UTC) is over: two forms have nothing in common, and nothing says what was sent with which. Whoever
empties the browser comes anew, so what is counted like this is no vote.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import current_app
from flask import session as cookie
from sqlalchemy.orm import Session

from engage.checks.challenge import Solved
from engage.checks.models import SpentChallenge
from engage.checks.service import spend
from engage.clock import utcnow
from engage.sealing import derive

_READER = "reader"
_KEPT = timedelta(days=1)


def has_come(session: Session, form: str) -> bool:
    """Whether this browser has sent the form already. The page of the form asks it: it gives the browser its
    word."""
    return session.get(SpentChallenge, _mark(form)) is not None


def comes_first(session: Session, form: str) -> bool:
    """Count this browser for the form; False where it was counted, also in this very moment."""
    return spend(session, Solved(_mark(form), utcnow().date() + _KEPT))


def _mark(form: str) -> str:
    word = cookie.setdefault(_READER, secrets.token_urlsafe(16))
    key = derive(current_app.config["SECRET_KEY"], f"once {form}")
    return hmac.new(key, str(word).encode(), hashlib.sha256).hexdigest()
