"""Dockets for residents: what is being decided, where it stands, what to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets import parts, queries
from engage.dockets.clauses import clauses, pieces
from engage.dockets.compare import ChangeKind, compare
from engage.dockets.models import Docket, DocketPhase, DocumentVersion, PhaseKind, PhaseState
from engage.dockets.queries import PublicDocument
from engage.dockets.views.blueprint import bp
from engage.errors import NotFound
from engage.web.locale import language, localised, site_time_zone
from engage.web.paging import page_number, page_of


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase as the component draws it."""

    name: str
    state: PhaseState
    when: str
    href: str = ""
    is_here: bool = False


@bp.get("/dockets")
@public
def docket_list() -> ResponseReturnValue:
    """Everything that is or was being decided."""
    now = utcnow()
    found = queries.public_dockets(db.session, now)
    return render_template(
        "dockets/docket_list.html",
        undecided=[docket for docket in found if docket.decision is None],
        decided=page_of([docket for docket in found if docket.decision is not None], number=page_number()),
        today=_today(),
    )


@bp.get("/dockets/<slug>")
@public
def docket(slug: str) -> ResponseReturnValue:
    """One docket."""
    now, today = utcnow(), _today()
    found = queries.get_public_docket(db.session, slug, now)
    return render_template(
        "dockets/docket.html",
        docket=found,
        phases=phase_lines(found, today),
        current=found.phase_on(today),
        periods=parts.periods_of(found, now),
        documents=queries.public_documents(found, now),
        updates=page_of(queries.public_updates(found, now), number=page_number()),
    )


@bp.get("/dockets/<slug>/documents/<document_slug>")
@public
def document(slug: str, document_slug: str) -> ResponseReturnValue:
    """One version of a document: the newest, or that of the argument ``version``."""
    now = utcnow()
    found = queries.get_public_document(db.session, slug, document_slug, now)
    version = _version(found, "version") or found.latest
    numbered = clauses(version)
    return render_template(
        "dockets/document.html",
        docket=found.document.docket,
        document=found.document,
        version=version,
        versions=found.versions,
        is_latest=version is found.latest,
        pieces=pieces(version.body.best(language())[0]),
        clauses={clause.number: clause for clause in numbered},
        talk=parts.talk_of(found.document.docket, numbered, now),
    )


@bp.get("/dockets/<slug>/documents/<document_slug>/changes")
@public
def changes(slug: str, document_slug: str) -> ResponseReturnValue:
    """What is different between two versions: ``from`` and ``to``, or the newest and the one before it."""
    found = queries.get_public_document(db.session, slug, document_slug, utcnow())
    after = _version(found, "to") or found.latest
    before = _version(found, "from") or found.version(after.number - 1)
    if before.number > after.number:
        before, after = after, before
    texts = [version.body.best(language()) for version in (before, after)]
    lines = compare(texts[0][0], texts[1][0])
    return render_template(
        "dockets/changes.html",
        docket=found.document.docket,
        document=found.document,
        before=before,
        after=after,
        versions=found.versions,
        changes=lines,
        text_language=texts[1][1],
        is_same=all(line.kind is ChangeKind.SAME for line in lines),
    )


def _version(found: PublicDocument, argument: str) -> DocumentVersion | None:
    """The version that an argument of the address asks for; None without the argument. Raises NotFound."""
    wanted = request.args.get(argument)
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit()):
        raise NotFound(_("There is no such version of this document."))
    return found.version(int(wanted[:9]))


def _today() -> date:
    return utcnow().astimezone(site_time_zone()).date()


def phase_lines(docket: Docket, today: date, here: PhaseKind | None = None) -> list[PhaseLine]:
    """The phases of a docket, each with the address of its page, which a room above has."""
    return [
        PhaseLine(
            localised(phase.title),
            phase.state_on(today),
            when(phase),
            url_for("lifecycle.phase", slug=docket.slug, kind=phase.kind),
            phase.kind is here,
        )
        for phase in docket.phases
    ]


def when(phase: DocketPhase) -> str:
    """The dates of a phase in words; empty where it has none."""
    if phase.starts_on is None:
        return ""
    start: str = format_date(phase.starts_on, "medium")
    if phase.ends_on is None:
        return str(_("from %(day)s", day=start))
    return str(_("%(first)s to %(last)s", first=start, last=format_date(phase.ends_on, "medium")))
