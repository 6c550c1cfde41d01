"""A page for every phase of a docket: what is known, who was asked, what is proposed, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket, DocketPhase, PhaseKind
from engage.dockets.queries import public_documents
from engage.dockets.views.public import PhaseLine, phase_lines, when
from engage.feedback.queries import of_docket as forms_of_docket
from engage.lifecycle import queries, words
from engage.lifecycle.clauses import proposals
from engage.lifecycle.outreach import standing_of
from engage.lifecycle.views.blueprint import bp
from engage.meetings import queries as meetings
from engage.meetings import when as meeting_when
from engage.meetings import words as meeting_words
from engage.meetings.interpreting import language_name
from engage.meetings.models import MeetingStatus
from engage.web.locale import localised, site_day
from engage.web.paging import PAGE_SIZE, page_number, page_of

_NAMED_MEETINGS = 5
"""So many of those to come, and of those that are over, are named; the list of meetings has all."""


@bp.get("/dockets/<slug>/phases/<kind>")
@public
def phase(slug: str, kind: str) -> ResponseReturnValue:
    """One phase of a docket with all that belongs to it."""
    now = utcnow()
    docket, found = queries.get_public_phase(db.session, slug, kind, now)
    lines = phase_lines(docket, site_day(now), found.kind)
    before, after = _neighbours(docket, found, lines)
    return render_template(
        "lifecycle/phase.html",
        docket=docket,
        phase=found,
        state=found.state_on(site_day(now)),
        when=when(found),
        again=[(one, when(one)) for one in docket.phases if one.kind is found.kind and one is not found],
        lines=lines,
        before=before,
        after=after,
        words=words,
        now=now,
        **_CONTENTS.get(found.kind, _nothing)(docket, now),
    )


def _neighbours(
    docket: Docket, phase: DocketPhase, lines: Sequence[PhaseLine]
) -> tuple[PhaseLine | None, PhaseLine | None]:
    """The phases before and after one."""
    at = docket.phases.index(phase)
    return lines[at - 1] if at else None, lines[at + 1] if at + 1 < len(lines) else None


def _readiness(docket: Docket, now: datetime) -> dict[str, Any]:
    return {"told": queries.public_checklist(db.session, docket, now)}


def _stakeholders(docket: Docket, now: datetime) -> dict[str, Any]:
    today = site_day(now)
    page = page_of(queries.public_bodies(db.session, docket, now), number=page_number())
    forms = db.session.scalars(forms_of_docket(now, docket.id)).unique().all()
    return {
        "told": queries.outreach_told(db.session, docket, now),
        "taken_back": queries.count_bodies_taken_back(db.session, docket),
        "bodies": [(body, standing_of(body.contacts, today)) for body in page.rows],
        "page": page,
        "named_at_most": PAGE_SIZE,
        "districts": {one.code: localised(one.name) for one in queries.districts(db.session)},
        "language_name": language_name,
        "periods": queries.periods_told(db.session, docket, now),
        "meetings": _meetings(docket, now),
        "forms": sorted(forms, key=lambda form: (form.opens_at, form.id)),
        "meeting_when": meeting_when,
        "meeting_words": meeting_words,
    }


def _meetings(docket: Docket, now: datetime) -> dict[str, Any]:
    """The next meetings and the last ones, and how many were held and are to come."""
    of_docket = meetings.of_docket(now, docket.id)
    next_ones, past = meetings.next_and_past(
        db.session, of_docket, now, next_ones=_NAMED_MEETINGS, past=_NAMED_MEETINGS
    )
    found = db.session.scalars(of_docket).all()
    return {
        "next_ones": next_ones,
        "past": past,
        "held": sum(meeting.status(now) is MeetingStatus.PASSED for meeting in found),
        "planned": sum(meeting.takes_place(now) for meeting in found),
    }


def _apply(docket: Docket, now: datetime) -> dict[str, Any]:
    documents = public_documents(docket, now)
    return {
        "proposals": proposals(db.session, docket, documents, now),
        "has_gone_on": docket.has_gone_on(site_day(now)),
    }


def _nothing(_docket: Docket, _now: datetime) -> dict[str, Any]:
    return {}


_CONTENTS: dict[PhaseKind, Callable[[Docket, datetime], dict[str, Any]]] = {
    PhaseKind.ASSESS_READINESS: _readiness,
    PhaseKind.ENGAGE_STAKEHOLDERS: _stakeholders,
    PhaseKind.APPLY: _apply,
}
