"""One figure of a report as a small page that other sites may show inside theirs."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.reports.figures import FIGURES, more_concerns
from engage.reports.loading import load_report
from engage.reports.page import ReportPage
from engage.reports.views.blueprint import bp
from engage.web.framing import let_others_frame

_FIVE_MINUTES = "public, max-age=300"


@bp.get("/embed/reports/<slug>/<name>")
@public
def figure(slug: str, name: str) -> ResponseReturnValue:
    """One figure of the newest published report; of the open one where nothing is published yet."""
    return figure_page(load_report(db.session, slug, None, utcnow()), name)


@bp.get("/embed/reports/<slug>/<int:number>/<name>")
@public
def version_figure(slug: str, number: int, name: str) -> ResponseReturnValue:
    """One figure of one published version: the same for as long as it is shown."""
    return figure_page(load_report(db.session, slug, number, utcnow()), name)


def figure_page(page: ReportPage, name: str) -> ResponseReturnValue:
    """One figure of a report, open or published, that others may frame. Its links are whole ones."""
    wanted = FIGURES.get(name)
    if wanted is None:
        raise NotFound(_("This report has no such figure."))
    lines = wanted.lines(page)
    bars = page.bars(wanted.kind, lines)
    text = render_template(
        "reports/figure.html",
        report=page,
        name=name,
        figure=wanted,
        bars=bars,
        described=page.described(wanted.kind, lines),
        more_concerns=more_concerns(page) if name == "concerns" else 0,
    )
    response = make_response(text)
    response.headers["Cache-Control"] = _FIVE_MINUTES
    let_others_frame()
    return response
