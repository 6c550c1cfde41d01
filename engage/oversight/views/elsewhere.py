"""The record on pages of other rooms: a docket's, its last phase's, and where the staff begin."""

from __future__ import annotations

from flask import render_template

from engage.accounts.access import may_open
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket, DocketPhase, PhaseKind
from engage.oversight import queries, words


def on_docket(docket: Docket) -> str:
    """That there is a record, and what is missing in it; nothing before there is one."""
    return _summary(docket, "oversight/_on_docket.html")


def on_phase(docket: Docket, phase: DocketPhase) -> str:
    """The same on the page of the phase in which a docket is watched."""
    if phase.kind is not PhaseKind.MONITOR_AND_EVALUATE:
        return ""
    return _summary(docket, "oversight/_on_phase.html")


def on_staff_docket(docket: Docket) -> str:
    """Where the record is written."""
    if not may_open("oversight.staff_record"):
        return ""
    return render_template("oversight/_on_staff_docket.html", docket=docket)


def on_staff_home() -> str:
    """What is due or late, for those who publish it."""
    if not may_open("oversight.staff_record"):
        return ""
    waiting = queries.waiting(db.session, utcnow())
    return render_template("oversight/_on_staff_home.html", waiting=waiting) if waiting else ""


def _summary(docket: Docket, template: str) -> str:
    record = queries.public_record(db.session, docket, utcnow())
    if not record:
        return ""
    overdue = sum(standing.overdue for standing in record)
    return render_template(template, docket=docket, standings=record, overdue=overdue, words=words)
