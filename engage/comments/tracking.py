"""Tracking numbers: random, easy to read out, forgiving to type."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 11
_NOT_IN_A_NUMBER = re.compile(r"[\W_]+")


def new_tracking_number() -> str:
    """A random number of 54 bits, in the shape known from Regulations.gov, without look-alikes."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)))


def new_batch_label() -> str:
    """A short random name for a batch, for printed forms: it tells batches apart and opens nothing."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6)).upper()
    return f"{letters[:3]}-{letters[3:]}"


def tidy_tracking_number(typed: str) -> str:
    """The number that somebody meant: capitals, spaces, dots, and missing or odd hyphens do not matter.

    A text that cannot be a number comes back empty, which is no comment's number.
    """
    letters = _NOT_IN_A_NUMBER.sub("", typed).lower()
    return _grouped(letters) if len(letters) == _LENGTH and set(letters) <= set(ALPHABET) else ""


def _grouped(letters: str) -> str:
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
