"""Accounts and their roles, passwords and sessions."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_security import hash_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from engage.accounts import attempts, letters, queries
from engage.accounts.addresses import canonical
from engage.accounts.models import Role, RoleName, User
from engage.clock import utcnow
from engage.db.session import advisory_lock
from engage.errors import RuleBroken
from engage.jobs.scrub import promise_scrub
from engage.mail.service import queue_message

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
INVITED_FOR = timedelta(days=3)

_ACCOUNTS_LOCK = 5101


class BadAddress(RuleBroken):
    """The text is not an e-mail address."""


class AddressTaken(RuleBroken):
    """Another account has this e-mail address."""


class BadPassword(RuleBroken):
    """The password is too short or too long."""


class Erased(RuleBroken):
    """The account was deleted; only its number is left."""


class LastAdministrator(RuleBroken):
    """Without this account nobody could manage accounts any more."""


def add_user(
    session: Session, *, email: str, name: str, roles: Collection[RoleName], password: str | None = None
) -> User:
    """Add an account. Without a password its holder chooses one by an invitation.

    Raises BadAddress, BadPassword, AddressTaken.
    """
    address = normalise_email(email)
    user = User(
        email=address,
        name=name.strip() or address.partition("@")[0],
        password=None if password is None else _hashed(password),
    )
    # The database refuses a second one too; under the lock nobody comes between the question and the row.
    advisory_lock(session, _ACCOUNTS_LOCK)
    if queries.user_by_email(session, address) is not None:
        raise AddressTaken(_("There is an account for %(email)s already.", email=address))
    user.roles = _role_rows(session, roles)
    session.add(user)
    session.flush()
    return user


def set_roles(session: Session, *, user: User, roles: Collection[RoleName]) -> None:
    """Give an account exactly these roles. Raises LastAdministrator."""
    advisory_lock(session, _ACCOUNTS_LOCK)
    if RoleName.ADMINISTRATOR not in roles:
        _keep_an_administrator(session, without=user)
    user.roles = _role_rows(session, roles)
    session.flush()


def deactivate_user(session: Session, *, user: User) -> None:
    """Let an account in no more and end its sessions; what its holder did stays. Raises LastAdministrator."""
    advisory_lock(session, _ACCOUNTS_LOCK)
    _keep_an_administrator(session, without=user)
    user.active, user.deactivated_on = False, utcnow().date()
    end_sessions(session, user=user)


def reactivate_user(session: Session, *, user: User) -> None:
    """Let a deactivated account in again. Raises Erased where nothing is left of it but its number."""
    if user.is_erased:
        raise Erased(_("This account was deleted."))
    user.active, user.deactivated_on = True, None
    session.flush()


def erase_user(session: Session, *, user: User) -> None:
    """Delete an account: name, address, password, second factor, roles and sessions go.

    The row stays as a number without a person, because the moderation log is bound to it and can be
    checked by everybody. Raises LastAdministrator.
    """
    advisory_lock(session, _ACCOUNTS_LOCK)
    _keep_an_administrator(session, without=user)
    attempts.forget(session, user.email)
    user.active, user.is_erased = False, True
    user.deactivated_on = user.deactivated_on or utcnow().date()
    user.name, user.email = "", f"{secrets.token_hex(16)}@deleted.invalid"
    user.password = None
    user.roles = []
    reset_second_factor(session, user=user)
    promise_scrub(session)


def set_password(session: Session, *, user: User, password: str) -> None:
    """Replace the password and end all sessions; links to set one that are still about stop working.

    Raises BadPassword.
    """
    user.password = _hashed(password)
    attempts.forget(session, user.email)
    end_sessions(session, user=user)


def end_sessions(session: Session, *, user: User) -> None:
    """Sign an account out everywhere."""
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()


def reset_second_factor(session: Session, *, user: User) -> None:
    """Forget a lost second factor and its recovery codes, and end all sessions."""
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None
    end_sessions(session, user=user)


def invite(session: Session, *, user: User, links: Mapping[str, str]) -> None:
    """Mail the link by which somebody chooses the first password, in each language."""
    letter = letters.invitation(links)
    queue_message(
        session,
        event_key=f"invitation:{secrets.token_hex(16)}",
        recipient=user.email,
        subject=letter.subject,
        body=letter.body,
    )


def invitation_token(user: User) -> str:
    """What stands in the link of an invitation: good for INVITED_FOR and until the password is set."""
    token: str = _invitations().dumps(user.fs_uniquifier)
    return token


def invited_user(session: Session, token: str) -> User | None:
    """Whom an invitation is for, or None where it is too old, used or not ours."""
    try:
        identity = _invitations().loads(token, max_age=int(INVITED_FOR.total_seconds()))
    except BadSignature:
        return None
    return queries.user_by_identity(session, identity)


def normalise_email(text: str) -> str:
    """The one form in which an address is stored and looked up. Raises BadAddress."""
    address = canonical(text)
    if address is None:
        raise BadAddress(_("This is not an e-mail address."))
    return address


def check_password(password: str) -> None:
    """Raise BadPassword for a wrong length; what it is made of is its owner's matter (NIST SP 800-63B)."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadPassword(
            _(
                "A password needs at least %(least)d characters, and at most %(most)d.",
                least=SHORTEST_PASSWORD,
                most=LONGEST_PASSWORD,
            )
        )


def _hashed(password: str) -> str:
    """The hash of a password in the form in which Flask-Security compares it at the sign-in."""
    normal = current_app.extensions["security"].password_util.normalize(password)
    check_password(normal)
    hashed: str = hash_password(normal)
    return hashed


def _keep_an_administrator(session: Session, *, without: User) -> None:
    is_one = without.active and without.has_any_role(RoleName.ADMINISTRATOR)
    if is_one and not queries.has_other_administrator(session, without):
        raise LastAdministrator(
            _("This is the last active administrator. Give somebody else that role first.")
        )


def _role_rows(session: Session, names: Collection[RoleName]) -> list[Role]:
    rows = {role.name: role for role in session.scalars(sa.select(Role).where(Role.name.in_(names)))}
    return [rows.get(name) or Role(name=name) for name in sorted(set(names))]


def _invitations() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="engage invitation")
