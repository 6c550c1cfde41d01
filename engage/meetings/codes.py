"""The code with which somebody comes back to their registration, and what is sealed under the contact key."""

from __future__ import annotations

import secrets

from flask import current_app

from engage.sealing import Sealer


def new_code() -> str:
    """A code that nobody has had: 128 random bits, fit for an address."""
    return secrets.token_urlsafe(16)


def index_of(code: str) -> str:
    """What is stored of a code: the database alone opens nothing."""
    return _sealer("code").index(code)


def code_of_form(token: str) -> str:
    """The code that one form leads to, however often it is sent: its ``token`` alone, without our key, tells
    nothing."""
    return _sealer("form").index(token)[:32]


def seal_text(text: str, *, bound_to: int) -> bytes:
    """Encrypt what somebody wrote about themselves, for the row with this id and no other."""
    return _sealer("text").seal(text.encode(), bound_to=str(bound_to))


def open_text(sealed: bytes, *, bound_to: int) -> str:
    """What ``seal_text`` encrypted. Raises sealing.CannotOpen where the key or the row is another one."""
    return _sealer("text").open(sealed, bound_to=str(bound_to)).decode()


def _sealer(purpose: str) -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, f"meeting {purpose}")
