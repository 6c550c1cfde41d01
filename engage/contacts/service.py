"""Keep an address for one purpose, find it, read it, forget it. Flushes and never commits."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage.contacts.models import Contact, Purpose
from engage.db.base import random_id
from engage.sealing import Sealer


def keep_address(session: Session, *, purpose: Purpose, address: str, purge_after: date) -> Contact:
    """Encrypt an address until the day ``purge_after``. Check first that it is one."""
    number = random_id()
    contact = Contact(
        id=number,
        purpose=purpose,
        blind_index=blind_index(purpose, address),
        sealed=_sealer(purpose).seal(address.encode(), bound_to=str(number)),
        purge_after=purge_after,
    )
    session.add(contact)
    session.flush()
    return contact


def find_contacts(session: Session, purpose: Purpose, address: str) -> list[Contact]:
    """What is kept of an address for one purpose."""
    return list(
        session.scalars(
            sa.select(Contact)
            .where(Contact.purpose == purpose, Contact.blind_index == blind_index(purpose, address))
            .order_by(Contact.id)
        )
    )


def address_of(contact: Contact) -> str:
    """The address, decrypted. Raises sealing.CannotOpen where the key is another one."""
    return _sealer(contact.purpose).open(contact.sealed, bound_to=str(contact.id)).decode()


def keep_until(session: Session, contact: Contact, purge_after: date) -> None:
    """Let an address stay longer, because its owner said so."""
    contact.purge_after = purge_after
    session.flush()


def forget_contact(session: Session, contact: Contact) -> None:
    """Delete an address now, before its date."""
    session.delete(contact)
    session.flush()


def blind_index(purpose: Purpose, address: str) -> str:
    """The keyed hash by which an address is found; capitals make no difference, as people type them."""
    return _sealer(purpose).index(address.strip().casefold())


def _sealer(purpose: Purpose) -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, f"contact {purpose}")
