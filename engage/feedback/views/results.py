"""What is told of the answers, to the public and before it to officials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, may_open, public, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.feedback import queries, reading, results_files, words
from engage.feedback.access import READERS
from engage.feedback.lines import count_text, described
from engage.feedback.models import FeedbackForm
from engage.feedback.told import Told
from engage.feedback.told_tables import CrossTable
from engage.feedback.views.blueprint import bp
from engage.feedback.views.texts import texts_sections
from engage.survey.suppression import K
from engage.web.locale import localised
from engage.web.paging import Page, page_number, paginate

TABLES_A_PAGE = 40
"""The tables of eight questions by five others; each takes some 15 kB and 5 ms."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a reader goes on from the results: other addresses for the staff, who read earlier."""

    page: str
    tables: str
    csv: str
    json: str
    answers: str | None
    trail: list[tuple[str, str | None]]


def staff_section(form: FeedbackForm, now: datetime) -> str:
    """This part of a form's staff page."""
    if not reading.has_results(form, now):
        return ""
    return render_template(
        "feedback/_results_section.html",
        row=form,
        is_public=form.shows_results(now),
        has_few_late=reading.has_few_late(db.session, form),
        limit=K,
    )


@bp.get("/forms/<slug>/results")
@public
def results(slug: str) -> ResponseReturnValue:
    """What people answered, as soon as the public may know; before, when that will be."""
    now = utcnow()
    form = queries.get_public_form(db.session, slug, now)
    if not form.shows_results(now):
        return render_template("feedback/results_later.html", row=form, now=now)
    return _page(form, now, _public_links(form))


@bp.get("/forms/<slug>/results/tables")
@public
def cross_tables(slug: str) -> ResponseReturnValue:
    """One question by another: one table, or all of them."""
    form, now = _shown(slug)
    return _tables_page(form, now, _public_links(form))


@bp.get("/forms/<slug>/results.csv")
@public
def results_csv(slug: str) -> Response:
    """What the page says, for a spreadsheet."""
    form, _now = _shown(slug)
    return _csv(form)


@bp.get("/forms/<slug>/results.json")
@public
def results_json(slug: str) -> Response:
    """What the page says, for programs."""
    form, _now = _shown(slug)
    return _json(form, "feedback.results")


@bp.get("/forms/results.schema.json")
@public
def results_schema() -> Response:
    """What the fields of ``results.json`` mean."""
    return _unless_known(Response(results_files.schema(), mimetype="application/schema+json"))


@bp.get("/staff/form-results")
@requires(*READERS)
def result_list() -> ResponseReturnValue:
    """The forms whose results this person may read: where an official begins."""
    now = utcnow()
    listed = reading.forms_with_results(editor(), now).order_by(
        FeedbackForm.published_at.desc(), FeedbackForm.id
    )
    page = paginate(db.session, listed, number=page_number())
    return render_template("feedback/result_list.html", page=page, now=now, words=words)


@bp.get("/staff/forms/<slug>/results")
@requires(*READERS)
def staff_results(slug: str) -> ResponseReturnValue:
    """The same for officials, clerks and the form's host, also before the public may read it."""
    now = utcnow()
    form = reading.get_read_form(db.session, slug, editor(), now)
    return _page(form, now, _staff_links(form), layout="layouts/staff.html")


@bp.get("/staff/forms/<slug>/results/tables")
@requires(*READERS)
def staff_cross_tables(slug: str) -> ResponseReturnValue:
    """One question by another, for the staff."""
    now = utcnow()
    form = reading.get_read_form(db.session, slug, editor(), now)
    return _tables_page(form, now, _staff_links(form), layout="layouts/staff.html")


@bp.get("/staff/forms/<slug>/results.csv")
@requires(*READERS)
def staff_results_csv(slug: str) -> Response:
    """What the staff's page says, for a spreadsheet."""
    return _csv(reading.get_read_form(db.session, slug, editor(), utcnow()))


@bp.get("/staff/forms/<slug>/results.json")
@requires(*READERS)
def staff_results_json(slug: str) -> Response:
    """What the staff's page says, for programs."""
    form = reading.get_read_form(db.session, slug, editor(), utcnow())
    return _json(form, "feedback.staff_results")


def _shown(slug: str) -> tuple[FeedbackForm, datetime]:
    """A form whose results the public may read. Raises NotFound: before, nothing of them is there."""
    now = utcnow()
    form = queries.get_public_form(db.session, slug, now)
    if not form.shows_results(now):
        raise NotFound(_("The results of this form are not shown yet."))
    return form, now


def _page(
    form: FeedbackForm, now: datetime, links: Links, layout: str = "layouts/page.html"
) -> ResponseReturnValue:
    told = Told(reading.results_of(db.session, form))
    return render_template(
        "feedback/results.html",
        told=told,
        texts=texts_sections(form, told.results, now),
        **_context(form, now, links, layout),
    )


def _tables_page(
    form: FeedbackForm, now: datetime, links: Links, layout: str = "layouts/page.html"
) -> ResponseReturnValue:
    told = Told(reading.results_of(db.session, form))
    question, by = request.args.get("question", ""), request.args.get("by", "")
    return render_template(
        "feedback/cross_tables.html",
        told=told,
        page=_wanted(told, question, by),
        endpoint=request.endpoint,
        arguments={name: request.args[name] for name in ("all", "question", "by") if name in request.args},
        question=question,
        by=by,
        **_context(form, now, links, layout),
    )


def _wanted(told: Told, question: str, by: str) -> Page[CrossTable]:
    """Some of the tables that the address asks for; the last of them where it asks for a page behind."""
    wanted = told.cross_tables if request.args.get("all") else told.tables_of(question, by)
    last = max(1, -(-len(wanted) // TABLES_A_PAGE))
    number = min(page_number(), last)
    rows = wanted[(number - 1) * TABLES_A_PAGE : number * TABLES_A_PAGE]
    return Page(rows=rows, number=number, size=TABLES_A_PAGE, total=len(wanted))


def _context(form: FeedbackForm, now: datetime, links: Links, layout: str) -> dict[str, Any]:
    return {
        "now": now,
        "links": links,
        "layout": layout,
        "is_public": form.shows_results(now),
        "words": words,
        "limit": K,
        "described": described,
        "count_text": count_text,
    }


def _public_links(form: FeedbackForm) -> Links:
    name = localised(form.title) or form.slug
    return Links(
        page=url_for("feedback.results", slug=form.slug),
        tables=url_for("feedback.cross_tables", slug=form.slug),
        csv=url_for("feedback.results_csv", slug=form.slug),
        json=url_for("feedback.results_json", slug=form.slug),
        answers=None,
        trail=[
            (_("Feedback forms"), url_for("feedback.form_list")),
            (name, url_for("feedback.form", slug=form.slug)),
        ],
    )


def _staff_links(form: FeedbackForm) -> Links:
    name = localised(form.title) or form.slug
    trail: list[tuple[str, str | None]] = [(_("Results of forms"), url_for("feedback.result_list"))]
    if may_open("feedback.staff_form"):
        trail.append((name, url_for("feedback.staff_form", slug=form.slug)))
    exports = url_for("feedback.answers", slug=form.slug) if may_open("feedback.answers") else None
    return Links(
        page=url_for("feedback.staff_results", slug=form.slug),
        tables=url_for("feedback.staff_cross_tables", slug=form.slug),
        csv=url_for("feedback.staff_results_csv", slug=form.slug),
        json=url_for("feedback.staff_results_json", slug=form.slug),
        answers=exports,
        trail=trail,
    )


def _csv(form: FeedbackForm) -> Response:
    told = Told(reading.results_of(db.session, form))
    response = Response(results_files.as_csv(told), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{form.slug}-results.csv")
    return _unless_known(response)


def _json(form: FeedbackForm, page: str) -> Response:
    told = Told(reading.results_of(db.session, form))
    text = results_files.as_json(
        told,
        page=url_for(page, slug=form.slug, _external=True),
        schema_url=url_for("feedback.results_schema", _external=True),
    )
    return _unless_known(Response(text, mimetype="application/json"))


def _unless_known(response: Response) -> Response:
    """Send nothing to a program that has these very numbers already."""
    response.add_etag()
    response.make_conditional(request)
    return response
