"""Where officials and clerks enter figures: typed, looked at as residents will read them, published."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.oversight import queries, service, words
from engage.oversight.access import EDITORS
from engage.oversight.forms import EntryForm, entry_form
from engage.oversight.models import Indicator, Unit
from engage.oversight.stretches import Stretch
from engage.oversight.told import Version, cells_of, tell, with_rest
from engage.oversight.views.blueprint import bp
from engage.web.locale import site_day


@bp.route("/staff/dockets/<slug>/oversight/<indicator_slug>/<first_on>", methods=["GET", "POST"])
@requires(*EDITORS)
def enter(slug: str, indicator_slug: str, first_on: str) -> ResponseReturnValue:
    """The figures of one stretch: first what residents will read of them, then they are published."""
    docket = get_docket(db.session, slug)
    found = queries.get_indicator(db.session, docket, indicator_slug)
    stretch = queries.get_stretch(found, first_on, site_day(utcnow()))
    published = queries.versions(db.session, found, stretch)
    form = entry_form(found, stretch, published, _counted(docket, found, stretch))
    if form.validate_on_submit() and _is_same(form, stretch):
        answer = _act(docket, found, stretch, form)
        if answer is not None:
            return answer
    page = render_template(
        "oversight/enter.html",
        form=form,
        docket=docket,
        indicator=found,
        stretch=stretch,
        published=published,
        words=words,
        can_count=found.unit is Unit.EVENTS,
    )
    return page, form.status


def _act(docket: Docket, found: Indicator, stretch: Stretch, form: EntryForm) -> ResponseReturnValue | None:
    """Show or publish what was typed; None where something is to be mended first."""
    step = request.form.get("step")
    now = utcnow()
    try:
        if step == "publish":
            service.publish_entry(db.session, found, stretch, form.entry, now, seen=form.seen.data)
            flash(_("The figures are published."), "success")
            return _to_indicator(docket, found)
        values, note = service.checked_values(db.session, found, stretch, form.entry, now)
    except service.BadEntry as error:
        form.point_at(error.category, str(error))
        return None
    except service.NotAsRead as error:
        form.point_at(None, str(error))
        form.take_seen(len(queries.versions(db.session, found, stretch)))
        return None
    except service.Unchanged as error:
        # Sent twice, or nothing was changed: not a mistake that holds anybody up.
        flash(str(error), "message")
        return _to_indicator(docket, found)
    if step == "edit":
        return None
    earlier = queries.versions(db.session, found, stretch)
    method = max(row.number for row in found.methods if row.valid_from <= stretch.first_on)
    told = tell([*earlier, Version(values, method, note, now)], found.unit)
    return render_template(
        "oversight/look.html",
        form=form,
        docket=docket,
        indicator=found,
        stretch=stretch,
        typed=with_rest(values, found.unit),
        cells=cells_of(values, found.unit),
        note=note,
        kept_back=any(version.is_kept_back for version in told),
        is_correction=bool(earlier),
        words=words,
    )


def _counted(docket: Docket, found: Indicator, stretch: Stretch) -> dict[str, Any]:
    """With ``?count=meetings``: what this site's own meetings say, to be looked at and published."""
    if request.args.get("count") != "meetings" or found.unit is not Unit.EVENTS or found.categories:
        return {}
    held = queries.meetings_in(db.session, docket, [stretch], utcnow()).get(stretch, [])
    return {"total": str(len(held)), **EntryForm.pair("note", service.MEETINGS_NOTE)}


def _to_indicator(docket: Docket, found: Indicator) -> ResponseReturnValue:
    return redirect(url_for("oversight.staff_indicator", slug=docket.slug, indicator_slug=found.slug), 303)


def _is_same(form: EntryForm, stretch: Stretch) -> bool:
    """Whether the stretch still ends when it did as the form was opened: a new method may have cut it."""
    if form.last_on.data == stretch.last_on.isoformat():
        return True
    form.point_at(None, _("This stretch of time was changed meanwhile. Open the form again."))
    return False
