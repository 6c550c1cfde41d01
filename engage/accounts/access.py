"""Who may open what. Every view carries its answer; a view without one stops the start of the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.accounts.models import RoleName, User
from engage.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

STAFF = frozenset(RoleName) - {RoleName.RESIDENT}


@dataclass(frozen=True, slots=True)
class Access:
    """The declared readers of a view: everybody, or the holders of one of ``roles``."""

    roles: frozenset[RoleName] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether no account is needed."""
        return not self.roles

    def admits(self, user: User | None) -> bool:
        """Whether this person may open the view; None is somebody who is not signed in."""
        return self.is_public or (user is not None and user.has_any_role(*self.roles))


PUBLIC = Access()


def public(view: View) -> View:
    """Everybody may open this view."""
    return _write(view, PUBLIC)


def requires(*roles: RoleName) -> Callable[[View], View]:
    """Only holders of one of these roles may open this view; administrators only where they are named."""
    if not roles:
        raise ValueError("Name at least one role.")
    return lambda view: _write(view, Access(frozenset(roles)))


def declare(app: Flask, endpoint: str, access: Access) -> None:
    """Say who may open a view of a library, which cannot be decorated."""
    app.extensions.setdefault("access", {})[endpoint] = access


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the view behind an endpoint declares, or None where it declares nothing."""
    declared: Access | None = app.extensions.get("access", {}).get(endpoint)
    return declared or getattr(app.view_functions[endpoint], "access", None)


def signed_in_user() -> User | None:
    """The person behind this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


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
    user = signed_in_user()
    if access is not None and access.admits(user):
        return None
    if user is None:
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")), 303)
    raise NotAllowed("Your account may not open this page.")
