"""The staff's list of forms, and the page of each."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import editor, requires, signed_in_user
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback import queries, staff_queries, words
from engage.feedback.access import EDITORS, may_publish
from engage.feedback.staff_queries import Shown
from engage.feedback.views import build, codes, definitions, entry, exports, publish, results, texts
from engage.feedback.views.blueprint import bp
from engage.web.paging import page_number, paginate

SECTIONS = (publish, build, codes, entry, results, texts, exports, definitions)
"""The parts of a form's staff page: what to do with it, what it asks, how people answer, what they said."""


@bp.get("/staff/forms")
@requires(*EDITORS)
def staff_forms() -> ResponseReturnValue:
    """The forms that this person may work on, those first that wait for a clerk."""
    user, now = editor(), utcnow()
    try:
        shown = Shown(request.args.get("show", ""))
    except ValueError:
        shown = Shown.EVERYTHING
    return render_template(
        "feedback/staff_forms.html",
        page=paginate(db.session, staff_queries.listed(user, shown, now), number=page_number()),
        shown=shown,
        now=now,
        words=words,
    )


def on_staff_home() -> str:
    """What waits for the clerks."""
    user = signed_in_user()
    count = staff_queries.count_waiting(db.session) if user is not None and may_publish(user) else 0
    return render_template("feedback/_on_staff_home.html", count=count) if count else ""


@bp.get("/staff/forms/<slug>")
@requires(*EDITORS)
def staff_form(slug: str) -> ResponseReturnValue:
    """One form, for those who work on it."""
    now = utcnow()
    form = queries.get_form(db.session, slug, editor())
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.staff_section(form, now)) for part in SECTIONS]  # noqa: S704
    return render_template("feedback/staff_form.html", feedback=form, sections=sections, now=now, words=words)
