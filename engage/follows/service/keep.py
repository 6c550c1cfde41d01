"""Begin to follow, change it, end it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.models import Contact, Purpose
from engage.contacts.service import find_contacts, forget_contact, keep_address, keep_until
from engage.db.base import random_id
from engage.db.session import advisory_lock
from engage.follows.models import Follow, Follower, FollowNews, Frequency
from engage.follows.service.dates import due_day
from engage.follows.tokens import Asked, Wish
from engage.web.locale import site_time_zone
from engage.web.news import PERIOD

_CONFIRM_LOCK = 2_870_020


def confirm(session: Session, asked: Asked) -> Follower:
    """Begin what was asked for, by somebody who has shown that the address is theirs. May happen twice."""
    # One address is one follower. No index can say so, because its hash must never stand in a unique one.
    advisory_lock(session, _CONFIRM_LOCK)
    contacts = find_contacts(session, Purpose.FOLLOW, asked.address)
    follower = contacts and session.scalar(sa.select(Follower).where(Follower.contact_id == contacts[0].id))
    if not follower:
        contact = contacts[0] if contacts else _keep(session, asked.address)
        follower = Follower(contact_id=contact.id)
        session.add(follower)
    follower.language, follower.is_discreet, follower.bounces = asked.language, asked.is_discreet, 0
    session.flush()
    keep_until(session, follower.contact, keep_day())
    add_follows(session, follower, asked.wishes, asked.frequency)
    return follower


def add_follows(session: Session, follower: Follower, wishes: Iterable[Wish], frequency: Frequency) -> None:
    """Let a follower follow these too; what they follow already stays as it is but for the reminder."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for wish in wishes:
        values = {
            "id": random_id(),
            "follower_id": follower.id,
            "subject_kind": wish.kind,
            "subject_key": wish.key,
            # Of one's own comment one is told at once: see models.Follow.
            "frequency": Frequency.REAL_TIME if wish.kind == "comment" else frequency,
            "wants_reminder": wish.wants_reminder,
        }
        made = insert(Follow).values(values)
        session.execute(
            made.on_conflict_do_update(
                index_elements=["follower_id", "subject_kind", "subject_key"],
                set_={"wants_reminder": made.excluded.wants_reminder},
            )
        )
    session.expire(follower, ["follows"])


def change(session: Session, follower: Follower, *, language: str, is_discreet: bool) -> None:
    """Write to somebody otherwise; the address is kept for longer, and mail that came back is forgiven."""
    follower.language, follower.is_discreet, follower.bounces = language, is_discreet, 0
    keep_until(session, follower.contact, keep_day())


def change_follow(
    session: Session, follow: Follow, *, frequency: Frequency | None, wants_reminder: bool
) -> None:
    """Tell of one thing more or less often; None ends it, with what was still to be told of it."""
    if frequency is None:
        session.delete(follow)
        session.flush()
        return
    if follow.frequency is not frequency:
        session.execute(
            sa.update(FollowNews)
            .where(FollowNews.follow_id == follow.id, FollowNews.due_on.is_not(None))
            .values(due_on=due_day(frequency, utcnow(), site_time_zone()))
        )
    follow.frequency, follow.wants_reminder = frequency, wants_reminder
    session.flush()


def stop_reminder(session: Session, follower: Follower, period_id: int) -> None:
    """Do not remind somebody that a period closes: they have commented."""
    session.execute(
        sa.update(Follow)
        .where(
            Follow.follower_id == follower.id,
            Follow.subject_kind == PERIOD,
            Follow.subject_key == str(period_id),
        )
        .values(wants_reminder=False)
    )


def stop_all(session: Session, follower: Follower) -> None:
    """End all mail to an address and forget it at once. May happen twice."""
    contact = follower.contact
    session.expunge(follower)
    forget_contact(session, contact)


def note_refusal(session: Session, address: str) -> None:
    """A mail came back. After models.STOPPED_AFTER of them the address gets no more."""
    contacts = find_contacts(session, Purpose.FOLLOW, address)
    session.execute(
        sa.update(Follower)
        .where(Follower.contact_id.in_([contact.id for contact in contacts]))
        .values(bounces=Follower.bounces + 1)
    )


def keep_day() -> date:
    """Until when an address is kept: the end of the year after next, which says little about when it came."""
    return date(utcnow().astimezone(site_time_zone()).year + 2, 12, 31)


def _keep(session: Session, address: str) -> Contact:
    return keep_address(session, purpose=Purpose.FOLLOW, address=address, purge_after=keep_day())
