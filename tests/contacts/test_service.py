"""Addresses are kept apart, encrypted, each for one purpose."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.contacts import service
from engage.contacts.models import Contact, Purpose
from engage.sealing import CannotOpen

DAY = date(2027, 1, 31)


def keep(session: Session, address: str, purpose: Purpose = Purpose.FOLLOW) -> Contact:
    return service.keep_address(session, purpose=purpose, address=address, purge_after=DAY)


def test_gives_back_the_address_that_was_kept(session: Session) -> None:
    kept = keep(session, "Ana.Ruiz@example.org")

    assert service.address_of(kept) == "Ana.Ruiz@example.org"


def test_the_row_holds_no_part_of_the_address(session: Session) -> None:
    keep(session, "ana.ruiz@example.org")

    row = repr(session.execute(sa.select(Contact.__table__)).one())
    assert "ana" not in row
    assert "example" not in row


def test_finds_an_address_for_the_purpose_that_it_was_left_for_and_no_other(session: Session) -> None:
    kept = keep(session, "Ana.Ruiz@example.org")

    assert service.find_contacts(session, Purpose.FOLLOW, " ana.ruiz@EXAMPLE.org") == [kept]
    assert service.find_contacts(session, Purpose.CONTEST, "ana.ruiz@example.org") == []
    assert service.blind_index(Purpose.FOLLOW, "a@example.org") != service.blind_index(
        Purpose.CONTEST, "a@example.org"
    )


def test_what_was_sealed_for_one_row_opens_in_no_other(session: Session) -> None:
    first, second = keep(session, "a@example.org"), keep(session, "b@example.org")
    second.sealed = first.sealed

    with pytest.raises(CannotOpen):
        service.address_of(second)


def test_a_forgotten_address_is_gone(session: Session) -> None:
    service.forget_contact(session, keep(session, "a@example.org"))

    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 0
