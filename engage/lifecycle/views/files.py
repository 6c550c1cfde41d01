"""The checklist and the register as files."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import PhaseKind
from engage.lifecycle import files, queries
from engage.lifecycle.views.blueprint import bp
from engage.web.locale import site_day


@bp.get("/dockets/<slug>/readiness.csv")
@public
def readiness_csv(slug: str) -> ResponseReturnValue:
    """The published points as a table."""
    docket, _ = queries.get_public_phase(db.session, slug, PhaseKind.ASSESS_READINESS, now := utcnow())
    content = files.readiness_csv(queries.public_checklist(db.session, docket, now))
    return as_file(content, "text/csv", f"{docket.slug}-readiness.csv")


@bp.get("/dockets/<slug>/readiness.json")
@public
def readiness_json(slug: str) -> ResponseReturnValue:
    """The published points with all that they ever said."""
    docket, _ = queries.get_public_phase(db.session, slug, PhaseKind.ASSESS_READINESS, now := utcnow())
    told = queries.public_checklist(db.session, docket, now)
    return as_file(
        files.readiness_json(docket, told, now), "application/json", f"{docket.slug}-readiness.json"
    )


@bp.get("/dockets/<slug>/stakeholders.csv")
@public
def stakeholders_csv(slug: str) -> ResponseReturnValue:
    """Every attempt to ask a body that is named."""
    docket, _ = queries.get_public_phase(db.session, slug, PhaseKind.ENGAGE_STAKEHOLDERS, now := utcnow())
    content = files.register_csv(queries.public_bodies(db.session, docket, now), site_day(now))
    return as_file(content, "text/csv", f"{docket.slug}-stakeholders.csv")


@bp.get("/dockets/<slug>/stakeholders.json")
@public
def stakeholders_json(slug: str) -> ResponseReturnValue:
    """The register with what is counted of it."""
    docket, _ = queries.get_public_phase(db.session, slug, PhaseKind.ENGAGE_STAKEHOLDERS, now := utcnow())
    content = files.register_json(
        docket,
        queries.public_bodies(db.session, docket, now),
        queries.outreach_told(db.session, docket, now),
        now,
        site_day(now),
        taken_back=queries.count_bodies_taken_back(db.session, docket),
    )
    return as_file(content, "application/json", f"{docket.slug}-stakeholders.json")


@bp.get("/dockets/columns.csv")
@public
def columns_csv() -> ResponseReturnValue:
    """What the columns of these tables mean."""
    return as_file(files.columns_csv(), "text/csv", "columns.csv")


def as_file(content: str, media_type: str, name: str) -> Response:
    """A file to be saved."""
    response = Response(content, content_type=f"{media_type}; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
