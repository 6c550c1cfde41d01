"""The retention schedule for everybody, and its numbers for administrators."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open, public, requires
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.retention import queries, service
from engage.retention.forms import DaysForm
from engage.retention.schedule import BY_CODE
from engage.web.locale import localised_blueprint
from engage.web.paging import page_number
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("retention", __name__)


def init_app(app: Flask) -> None:
    """Hang these pages, their menu entry and the alarm into the app."""
    app.register_blueprint(bp)
    add_part(app, "staff_home", _alarm)
    add_to_menu(
        app,
        "staff",
        MenuEntry("retention.staff_schedule", _l("Retention"), lambda: may_open("retention.staff_schedule")),
    )


@bp.get("/privacy/retention")
@public
def schedule() -> ResponseReturnValue:
    """What is kept for how long, and what was purged."""
    return render_template(
        "retention/schedule.html",
        rules=queries.rules(db.session),
        page=queries.purges(db.session, number=page_number()),
        classes=BY_CODE,
        stopped_since=queries.stopped_since(db.session, utcnow()),
    )


@bp.get("/staff/retention")
@requires(RoleName.ADMINISTRATOR)
def staff_schedule() -> ResponseReturnValue:
    """The same, with the numbers that can be changed."""
    return render_template(
        "retention/staff_schedule.html",
        rules=queries.rules(db.session),
        stopped_since=queries.stopped_since(db.session, utcnow()),
    )


@bp.route("/staff/retention/<code>", methods=["GET", "POST"])
@requires(RoleName.ADMINISTRATOR, fresh=True)
def change_days(code: str) -> ResponseReturnValue:
    """Choose the days of one class of data."""
    data = BY_CODE.get(code)
    if data is None or data.bounds is None:
        raise NotFound(_("There is no such class of data, or its number of days is fixed."))
    form = DaysForm(data, data={"days": queries.days_of(db.session, data)})
    if form.validate_on_submit():
        service.set_days(db.session, data=data, days=form.days.data)
        flash(_("The schedule was changed. It holds from the next purge on."), "success")
        return redirect(url_for("retention.staff_schedule"), 303)
    return render_template("retention/change_days.html", form=form, data=data), form.status


def _alarm() -> str:
    if not may_open("retention.staff_schedule"):
        return ""
    stopped = queries.stopped_since(db.session, utcnow())
    return render_template("retention/_alarm.html", stopped_since=stopped) if stopped else ""
