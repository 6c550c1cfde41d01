"""Looking accounts up."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.errors import NotFound


def living_users() -> sa.Select[User]:
    """Every account, the active ones first, by name; none that was deleted."""
    living = sa.select(User).where(User.is_erased.is_(False))
    return living.order_by(User.active.desc(), User.name, User.id)


def get_user(session: Session, user_id: int) -> User:
    """One account. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None or user.is_erased:
        raise NotFound(_l("There is no such account."))
    return user


def user_by_email(session: Session, email: str) -> User | None:
    """The account of a normalised address."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower()))


def user_by_identity(session: Session, identity: str) -> User | None:
    """The active account whose sessions have this name."""
    return session.scalar(sa.select(User).where(User.fs_uniquifier == identity, User.active))


def has_other_administrator(session: Session, user: User) -> bool:
    """Whether an active administrator would be left without this account."""
    others = (
        sa.select(User.id)
        .join(User.roles)
        .where(Role.name == RoleName.ADMINISTRATOR, User.active, User.id != user.id)
    )
    return session.scalar(sa.select(others.exists())) or False
