"""Where clerks choose how early the notices of a docket's meetings must be posted."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import requires
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.errors import NotFound
from engage.meetings import notice_rules as rules
from engage.meetings import notice_words, service, words
from engage.meetings.access import CLERKS
from engage.meetings.models import MeetingKind
from engage.meetings.notice_forms import NoticeRuleForm
from engage.meetings.views.blueprint import bp


@bp.get("/staff/dockets/<slug>/notice-rules")
@requires(*CLERKS)
def notice_rules(slug: str) -> ResponseReturnValue:
    """The rule for every kind of meeting on a docket, its own or the site's."""
    docket = get_docket(db.session, slug)
    return render_template(
        "meetings/notice_rules.html",
        docket=docket,
        rules=rules.rules_of(db.session, docket.id),
        say=notice_words,
        words=words,
    )


@bp.route("/staff/dockets/<slug>/notice-rules/<kind>", methods=["GET", "POST"])
@requires(*CLERKS)
def notice_rule(slug: str, kind: str) -> ResponseReturnValue:
    """Choose a docket's own rule for one kind of meeting."""
    docket, of = get_docket(db.session, slug), _kind(kind)
    form = NoticeRuleForm(rules.rules_of(db.session, docket.id)[of])
    if form.validate_on_submit():
        service.set_notice_rule(
            db.session,
            docket,
            of,
            amount=form.amount.data,
            unit=form.chosen_unit,
            basis=form.localised("basis"),
        )
        return _back_to(docket, _("The rule is saved. It holds for notices that are posted from now on."))
    page = render_template(
        "meetings/notice_rule.html",
        docket=docket,
        kind=of,
        default=rules.default_rule(of),
        form=form,
        say=notice_words,
        words=words,
    )
    return page, form.status


@bp.post("/staff/dockets/<slug>/notice-rules/<kind>/default")
@requires(*CLERKS)
def default_notice_rule(slug: str, kind: str) -> ResponseReturnValue:
    """Go back to the site's rule for one kind of meeting."""
    docket = get_docket(db.session, slug)
    service.drop_notice_rule(db.session, docket, _kind(kind))
    return _back_to(
        docket, _("The default of this site holds again, for notices that are posted from now on.")
    )


def on_docket(docket: Docket) -> str:
    """The way here from the staff page of a docket."""
    return render_template("meetings/_notice_rules_link.html", docket=docket)


def _kind(name: str) -> MeetingKind:
    """Raises NotFound for what is no kind of meeting."""
    if name not in set(MeetingKind):
        raise NotFound(_l("There is no such kind of meeting."))
    return MeetingKind(name)


def _back_to(docket: Docket, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("meetings.notice_rules", slug=docket.slug), 303)
