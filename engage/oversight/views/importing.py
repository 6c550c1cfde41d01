"""Where officials and clerks bring in figures from a table."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.oversight import queries, service, words
from engage.oversight.access import EDITORS
from engage.oversight.forms import ConfirmImportForm, ImportForm
from engage.oversight.service.importing import COLUMNS, mark_of
from engage.oversight.told import cells_of, with_rest
from engage.oversight.views.blueprint import bp


@bp.route("/staff/dockets/<slug>/oversight/import", methods=["GET", "POST"])
@requires(*EDITORS)
def import_entries(slug: str) -> ResponseReturnValue:
    """Choose a file; what it would publish, and what is wrong with it, is shown before anything is done."""
    docket = get_docket(db.session, slug)
    form = ImportForm()
    if form.validate_on_submit():
        return _look(docket, form.text)
    return _form_page(docket, form)


@bp.post("/staff/dockets/<slug>/oversight/import/confirm")
@requires(*EDITORS)
def confirm_import(slug: str) -> ResponseReturnValue:
    """Publish what was shown."""
    docket = get_docket(db.session, slug)
    form = ConfirmImportForm()
    if not form.validate_on_submit():
        again = ImportForm(formdata=None)
        again.form_errors = list(form.text.errors)
        return _form_page(docket, again, 422)
    now = utcnow()
    entries, mistakes = service.read_entries(db.session, docket, form.text.data, now)
    if mistakes:
        return _look(docket, form.text.data)
    if mark_of(entries) != form.seen.data:
        return _look(docket, form.text.data, is_other=True)
    new = [entry for entry in entries if not entry.is_known]
    for entry in new:
        service.publish_entry(
            db.session, entry.indicator, entry.stretch, entry.draft, now, seen=entry.versions
        )
    flash(
        ngettext(
            "The figures of %(num)s stretch of time are published.",
            "The figures of %(num)s stretches of time are published.",
            len(new),
        ),
        "success",
    )
    return redirect(url_for("oversight.staff_record", slug=docket.slug), 303)


def _look(docket: Docket, text: str, *, is_other: bool = False) -> ResponseReturnValue:
    """What a text would publish; ``is_other``: that is something else than what was shown before."""
    entries, mistakes = service.read_entries(db.session, docket, text, utcnow())
    page = render_template(
        "oversight/look_at_import.html",
        docket=docket,
        entries=entries,
        mistakes=mistakes,
        text=text,
        mark=mark_of(entries),
        is_other=is_other,
        words=words,
        cells_of=cells_of,
        with_rest=with_rest,
    )
    return page, 422 if mistakes else 409 if is_other else 200


def _form_page(docket: Docket, form: ImportForm, status: int | None = None) -> ResponseReturnValue:
    page = render_template(
        "oversight/import_entries.html",
        form=form,
        docket=docket,
        columns=COLUMNS,
        indicators=queries.indicators(db.session, docket),
    )
    return page, status or form.status
