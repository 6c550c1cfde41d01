"""Where staff publish a report: what would be published, why, and what was published before."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import STAFF, editor, may_open, requires
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import CommentPeriod, Disposition
from engage.comments.queries import get_period
from engage.db.session import db
from engage.reports.forms import PublishForm
from engage.reports.frozen import read, store
from engage.reports.gather import inputs_of, numbers_of
from engage.reports.measures import DISPOSITION, TallyKey
from engage.reports.preparing import waiting
from engage.reports.ratings.queries import told_of_all
from engage.reports.ratings.words import SAID
from engage.reports.report import make_report
from engage.reports.service.publish import NotYetPublic, ask_for_version
from engage.reports.views.blueprint import bp

PUBLISHERS = (RoleName.ADMINISTRATOR, RoleName.CLERK, RoleName.OFFICIAL)


@bp.get("/staff/reports/<slug>")
@requires(*sorted(STAFF))
def publish(slug: str) -> ResponseReturnValue:
    """The numbers as they are now, what has become of them since the last version, and the form."""
    period = get_period(db.session, slug)
    return _page(period, PublishForm(waiting=_waiting_for_a_moderator(period), formdata=None))


@bp.post("/staff/reports/<slug>/publish")
@requires(*PUBLISHERS)
def publish_version(slug: str) -> ResponseReturnValue:
    """Ask for the next version."""
    period = get_period(db.session, slug)
    form = PublishForm(waiting=_waiting_for_a_moderator(period))
    if not form.validate():
        return _page(period, form), form.status
    note = form.localised("note")
    try:
        version = ask_for_version(db.session, period, note=note, actor=editor(), now=utcnow())
    except NotYetPublic as reason:
        flash(str(reason), "error")
    else:
        flash(_("Version %(number)s is being prepared.", number=version.number), "success")
        if version.note != note:
            flash(_("Somebody else had asked for it already: what they wrote as the reason stays."), "info")
    return redirect(url_for("reports.publish", slug=slug), 303)


def _waiting_for_a_moderator(period: CommentPeriod) -> int:
    return numbers_of(db.session, period).get(TallyKey(DISPOSITION, Disposition.RECEIVED), 0)


def _page(period: CommentPeriod, form: PublishForm) -> str:
    now = utcnow()
    newest = store.latest(db.session, period)
    report = make_report(inputs_of(db.session, period, now))
    versions = store.versions(db.session, period)
    return render_template(
        "reports/publish.html",
        period=period,
        form=form,
        state=period.state(now),
        is_public=period.state(now) != "draft" and period.docket.is_published(now),
        may_publish=may_open("reports.publish_version"),
        moderates=may_open("moderation.comments"),
        summary=report.summary,
        checked=report.checked,
        behind=waiting(db.session, period),
        newest=newest,
        since=read.since(db.session, period, newest) if newest else None,
        preparing=store.in_preparation(db.session, period),
        versions=versions,
        ratings=told_of_all(db.session, versions),
        said=SAID,
        words=words,
    )
