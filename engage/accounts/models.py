"""Staff accounts. No column for an address on the network, a device or the time of a sign-in: see STYLE,
"What is not collected"."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.clock import utcnow
from engage.db.base import Base, random_id
from engage.db.types import text_enum


class RoleName(StrEnum):
    """What a person may do. A resident needs no account; one without any other role is a resident."""

    RESIDENT = "resident"
    HOST = "host"
    MODERATOR = "moderator"
    CLERK = "clerk"
    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"


user_role = sa.Table(
    "user_role",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of the closed list of roles, as Flask-Security wants it: a row."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[RoleName] = mapped_column(text_enum(RoleName, "name"), unique=True)
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Base, UserMixin):
    """A staff account: as Flask-Security's mixin without its columns for IP addresses and sign-in times.

    ``email`` identifies the account, in lower case; ``name`` is what colleagues see. ``fs_uniquifier`` names
    the sessions: a new one ends them all. ``tf_last_counter`` is the step of the last code that the second
    factor took, so that no code is taken twice. ``deactivated_on`` is the day from which its
    retention counts; ``is_erased`` says that only the number is left, to which the records of what was done
    point.
    """

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    deactivated_on: Mapped[date | None]
    is_erased: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(
        sa.String(64), unique=True, default=lambda: secrets.token_hex(32)
    )
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=user_role, order_by=Role.name, lazy="selectin"
    )

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for a code after the password."""
        return bool(self.tf_primary_method and self.tf_totp_secret)

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The roles of this account; a resident is one who has no other."""
        return frozenset(role.name for role in self.roles) or frozenset({RoleName.RESIDENT})

    def has_any_role(self, *names: RoleName) -> bool:
        """Whether this account has one of these roles. An administrator has no other role by magic."""
        return not self.role_names.isdisjoint(names)


class AccountAttempt(Base):
    """A failed sign-in or a request for a reset, for as long as it counts against the next one.

    ``digest`` is a keyed hash of what was tried and of the address that was typed, whether or not it has an
    account; without the key it tells nothing. Rows are deleted after minutes.
    """

    __tablename__ = "account_attempt"
    __table_args__ = (sa.Index("ix_account_attempt_digest_made_at", "digest", "made_at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, default=random_id)
    digest: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(index=True)
