"""The code with which somebody comes back to their registration, and what is sealed under the contact key."""

from __future__ import annotations

import base64

from flask import current_app

from engage.sealing import Sealer


def code_of(number: int) -> str:
    """The code of the attendee with this random id: 128 bits, fit for an address.

    Made of the id and the contact key whenever it is needed, so that a later mail, and the answer to a form
    that is sent twice, can name it, while it is kept nowhere.
    """
    digest = bytes.fromhex(_sealer("code of").index(str(number)))
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def index_of(code: str) -> str:
    """What is stored of a code: the database alone opens nothing."""
    return _sealer("code").index(code)


def event_index(number: int, event: str) -> str:
    """What names, in the outbox, one event for one attendee; only the key tells whom."""
    return _sealer("event").index(f"{number} {event}")


def address_index(address: str, day: str) -> str:
    """What names an address in the outbox, on one day."""
    return _sealer("address").index(f"{address} {day}")[:32]


def seal_text(text: str, *, bound_to: int) -> bytes:
    """Encrypt what somebody wrote about themselves, for the row with this id and no other."""
    return _sealer("text").seal(text.encode(), bound_to=str(bound_to))


def open_text(sealed: bytes, *, bound_to: int) -> str:
    """What ``seal_text`` encrypted. Raises sealing.CannotOpen where the key or the row is another one."""
    return _sealer("text").open(sealed, bound_to=str(bound_to)).decode()


def _sealer(purpose: str) -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, f"meeting {purpose}")
