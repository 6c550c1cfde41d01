"""Who is behind a request of the staff's pages."""

from __future__ import annotations

from engage.accounts.access import signed_in_user
from engage.accounts.models import User


def editor() -> User:
    """The person behind this request; only in views that require an account."""
    user = signed_in_user()
    if user is None:
        raise RuntimeError("This view does not say that it requires an account.")
    return user
