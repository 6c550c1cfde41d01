"""Who may open what. Every view carries its answer; a view without one stops the start of the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.errors import NotAllowed
from engage.web import errors
from engage.web.transactions import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])

STAFF = frozenset(RoleName) - {RoleName.RESIDENT}
FRESH_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Access:
    """The declared readers of a view: everybody, or the holders of one of ``roles``.

    ``is_fresh``: only if they gave their password within the last FRESH_FOR, else they are asked for it.
    """

    roles: frozenset[RoleName] = frozenset()
    is_fresh: bool = False

    @property
    def is_public(self) -> bool:
        """Whether no account is needed."""
        return not self.roles

    def admits(self, user: User | None) -> bool:
        """Whether this person may open the view; None is somebody who is not signed in."""
        return self.is_public or (user is not None and user.has_any_role(*self.roles))


PUBLIC = Access()
SIGNED_IN = Access(frozenset(RoleName))


def public(view: View) -> View:
    """Everybody may open this view."""
    return _write(view, PUBLIC)


def requires(*roles: RoleName, fresh: bool = False) -> Callable[[View], View]:
    """Only holders of one of these roles may open this view; administrators only where they are named.

    With ``fresh`` they are asked for their password again if they gave it more than FRESH_FOR ago.
    """
    if not roles:
        raise ValueError("Name at least one role.")
    return lambda view: _write(view, Access(frozenset(roles), fresh))


def declare(app: Flask, endpoint: str, access: Access) -> None:
    """Say who may open a view of a library, which cannot be decorated."""
    app.extensions.setdefault("access", {})[endpoint] = access


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the view behind an endpoint declares, or None where it declares nothing."""
    declared: Access | None = app.extensions.get("access", {}).get(endpoint)
    return declared or getattr(app.view_functions[endpoint], "access", None)


def may_open(endpoint: str) -> bool:
    """Whether the person behind this request may open a view: for menus and links."""
    access = access_of(current_app, endpoint)
    return access is not None and access.admits(signed_in_user())


def signed_in_user() -> User | None:
    """The person behind this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def editor() -> User:
    """The person behind this request; only in views that require an account."""
    user = signed_in_user()
    if user is None:
        raise RuntimeError("This view does not say that it requires an account.")
    return user


def is_fresh() -> bool:
    """Whether the person behind this request gave the password within the last FRESH_FOR."""
    given_at = float(session.get("fs_paa", 0))
    return 0 <= utcnow().timestamp() - given_at < FRESH_FOR.total_seconds()


def init_app(app: Flask) -> None:
    """Ask before every request. Call before any other feature registers hooks of its own."""
    app.before_request(_ask)


def check_complete(app: Flask) -> None:
    """Stop the start where a view does not say who may open it."""
    silent = sorted(endpoint for endpoint in app.view_functions if access_of(app, endpoint) is None)
    if silent:
        raise RuntimeError(f"These views do not say who may open them: {', '.join(silent)}")


def _write(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def _ask() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access is not None and access.is_public:
        return None
    user = signed_in_user()
    if user is None:
        return _prove_first("accounts.login", "signed_out")
    if access is None or not access.admits(user):
        raise NotAllowed(_("Your account may not open this page."))
    if access.is_fresh and not is_fresh():
        return _prove_first("accounts.verify", "not_fresh")
    return None


def _prove_first(endpoint: str, template: str) -> ResponseReturnValue:
    """Send somebody to prove who they are, and back afterwards; first what they had typed is given back."""
    methods = (request.url_rule.methods if request.url_rule else None) or ()
    has_page = request.method in SAFE_METHODS or "GET" in methods
    way = url_for(endpoint, next=request.full_path.rstrip("?") if has_page else url_for("staff.home"))
    if errors.typed():
        return errors.page(403, template=template, way=way)
    return redirect(way, 303)
