"""One form, one outcome: keys that make a double click, a retry and the back button harmless.

The address of a form holds a random word, and the form a token made of that word and of a secret in this
browser's cookie. So the back button leads to the form with the token that was sent already, while a link
with a word that somebody else has chosen gives a token that they cannot know.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from flask import request, session

_ARGUMENT = "form"
_WORD = re.compile(r"[\w-]{16,43}", re.ASCII)
_TOKEN = re.compile(r"[0-9a-f]{64}")
_SECRET = "form_secret"  # noqa: S105 - the name of a cookie's entry


@dataclass(frozen=True, slots=True)
class FormKey:
    """The ``word`` for the address, the ``token`` for the form, and whether the address had a word."""

    word: str
    token: str
    is_in_address: bool


def form_key() -> FormKey:
    """The key of the form at this address; a new one where the address has none."""
    word = request.args.get(_ARGUMENT, "")
    return _key(word, is_in_address=True) if _WORD.fullmatch(word) else new_form_key()


def new_form_key() -> FormKey:
    """A key that no form has had."""
    return _key(secrets.token_urlsafe(16), is_in_address=False)


def sent_token(value: str | None) -> str | None:
    """The token that a form has sent, or None where it is none of ours."""
    return value if value and _TOKEN.fullmatch(value) else None


def _key(word: str, *, is_in_address: bool) -> FormKey:
    secret: str = session.setdefault(_SECRET, secrets.token_urlsafe(32))
    token = hmac.new(secret.encode(), f"{request.path}\0{word}".encode(), hashlib.sha256).hexdigest()
    return FormKey(word, token, is_in_address)
