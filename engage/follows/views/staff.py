"""For the staff: what became of the mails, without an address; and whether a moderator wants some."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires, signed_in_user
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotAllowed
from engage.follows import queries
from engage.follows.forms import QueueNoticeForm
from engage.follows.service.queue import set_notice
from engage.follows.views.blueprint import bp
from engage.follows.words import MAIL_KINDS
from engage.mail.queries import count_by_day, count_by_kind
from engage.web.locale import language

COUNTED_FOR = timedelta(days=30)


@bp.get("/staff/mail")
@requires(RoleName.ADMINISTRATOR, RoleName.CLERK)
def mail() -> ResponseReturnValue:
    """How many messages of each kind wait, were sent, came back or were given up."""
    since = utcnow() - COUNTED_FOR
    return render_template(
        "follows/mail.html",
        by_kind=count_by_kind(db.session, since),
        by_day=count_by_day(db.session, since),
        kinds=MAIL_KINDS,
        days=COUNTED_FOR.days,
        has_mail=bool(current_app.config["ENGAGE_SETTINGS"].mail_url),
    )


@bp.route("/staff/queue-notice", methods=["GET", "POST"])
@requires(RoleName.ADMINISTRATOR, RoleName.MODERATOR)
def queue_notice() -> ResponseReturnValue:
    """How often this moderator is told by mail that comments wait."""
    user = signed_in_user()
    if user is None:
        raise NotAllowed(_("Your account may not open this page."))
    form = QueueNoticeForm.of(queries.queue_notice(db.session, user.id))
    if form.validate_on_submit():
        set_notice(db.session, user, form.chosen, language())
        flash(_("Saved."), "success")
        return redirect(url_for("follows.queue_notice"), 303)
    return render_template("follows/queue_notice.html", form=form, user=user), form.status
