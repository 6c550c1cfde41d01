"""What the site keeps of an account, for its holder to read. Rooms above hang in what they keep."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.accounts.models import User

Provider = Callable[[Session, User], list[dict[str, object]]]

_KEY = "own_data"


def add_own_data(app: Flask, name: str, provider: Provider) -> None:
    """Let the file of one's own data have a list ``name``: what a room keeps of what this person did."""
    app.extensions.setdefault(_KEY, {})[name] = provider


def own_data(session: Session, user: User) -> dict[str, object]:
    """The account without its secrets (password, second factor), and what the rooms keep of its holder."""
    providers: dict[str, Provider] = current_app.extensions.get(_KEY, {})
    account = {
        "name": user.name,
        "email": user.email,
        "roles": sorted(user.role_names),
        "created_at": user.created_at.isoformat(),
        "has_password": user.password is not None,
        "has_second_factor": user.has_second_factor,
        "recovery_codes_left": len(user.mf_recovery_codes or ()),
    }
    return {"account": account} | {name: provider(session, user) for name, provider in providers.items()}
