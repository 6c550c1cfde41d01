"""The staff's list of forms, and the page of each."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback import queries, words
from engage.feedback.access import EDITORS
from engage.feedback.models import FeedbackForm
from engage.feedback.views import build, codes, definitions, entry, exports, preview, publish, results, texts
from engage.feedback.views.blueprint import bp
from engage.feedback.views.person import editor
from engage.web.paging import page_number, paginate

SECTIONS = (publish, build, preview, definitions, codes, entry, results, texts, exports)
"""The parts of a form's staff page below its facts, in this order."""


@bp.get("/staff/forms")
@requires(*EDITORS)
def staff_forms() -> ResponseReturnValue:
    """The forms that this person may work on."""
    listed = queries.staff_forms(editor()).order_by(FeedbackForm.changed_at.desc(), FeedbackForm.id)
    page = paginate(db.session, listed, number=page_number())
    return render_template("feedback/staff_forms.html", page=page, now=utcnow(), words=words)


@bp.get("/staff/forms/<slug>")
@requires(*EDITORS)
def staff_form(slug: str) -> ResponseReturnValue:
    """One form, for those who work on it."""
    now = utcnow()
    form = queries.get_form(db.session, slug, editor())
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.staff_section(form, now)) for part in SECTIONS]  # noqa: S704
    return render_template("feedback/staff_form.html", form=form, sections=sections, now=now, words=words)
