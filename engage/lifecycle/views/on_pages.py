"""The way to this room from pages of the staff."""

from __future__ import annotations

from flask import render_template

from engage.accounts.access import may_open, signed_in_user
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import dockets
from engage.lifecycle import queries
from engage.lifecycle.access import may_edit


def on_staff_docket(docket: Docket) -> str:
    """The checklist and the register of a docket, with how far they are."""
    return render_template(
        "lifecycle/_on_staff_docket.html",
        docket=docket,
        points=queries.count_points(db.session, docket),
        bodies=queries.count_bodies(db.session, docket),
        may_edit=may_edit(signed_in_user()),
    )


def on_staff_home() -> str:
    """The same for those who have no other page of a docket, while nothing is decided."""
    if not may_open("lifecycle.staff_readiness") or may_open("dockets.staff_dockets"):
        return ""
    found = [docket for docket in dockets(db.session) if docket.decision is None]
    return (
        render_template(
            "lifecycle/_on_staff_home.html",
            dockets=found,
            has_register=may_open("lifecycle.staff_stakeholders"),
        )
        if found
        else ""
    )
