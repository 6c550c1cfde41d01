"""Minutes: drafted by the host, published and approved by a clerk, each published version kept for ever."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import editor, public, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.compare import ChangeKind, compare
from engage.errors import NotFound
from engage.meetings import queries, words
from engage.meetings.access import CLERKS, HOSTS, may_publish
from engage.meetings.forms_after import ApprovalForm, MinutesForm
from engage.meetings.models import Meeting, MinutesVersion
from engage.meetings.service import after as service
from engage.meetings.views.blueprint import bp
from engage.web import personal_data
from engage.web.locale import language


@bp.get("/meetings/<slug>/minutes")
@bp.get("/meetings/<slug>/minutes/<int:number>")
@public
def minutes(slug: str, number: int | None = None) -> ResponseReturnValue:
    """The minutes: the latest published version, or that of the address, and what it changed."""
    now = utcnow()
    meeting = queries.get_public_meeting(db.session, slug, now)
    published = [version for version in meeting.minutes if version.published_at is not None]
    chosen = next((version for version in published if number in (None, version.number)), None)
    if chosen is None:
        raise NotFound(_l("No minutes of this meeting are published under this address."))
    before = next((version for version in published if version.number < chosen.number), None)
    text, text_language = chosen.body.best(language())
    changes = compare(_in(before, text_language), text) if before else []
    return render_template(
        "meetings/minutes.html",
        meeting=meeting,
        version=chosen,
        versions=published,
        before=before,
        changes=changes,
        is_same=all(change.kind is ChangeKind.SAME for change in changes),
        text=text,
        text_language=text_language,
    )


@bp.route("/staff/meetings/<slug>/minutes", methods=["GET", "POST"])
@requires(*HOSTS)
def write_minutes(slug: str) -> ResponseReturnValue:
    """Write the draft that only staff see."""
    meeting, now = queries.get_meeting(db.session, slug, editor()), utcnow()
    latest = meeting.minutes[0] if meeting.minutes else None
    form = MinutesForm(latest)
    is_sent = request.method == "POST"
    if is_sent and form.validate() and not personal_data.is_to_be_changed():
        if look := personal_data.second_look(form):
            return look
        service.write_minutes(db.session, meeting, form.localised("body"), now)
        return _back(meeting, _("The draft is saved. Residents do not see it yet."))
    return _page(meeting, form), form.status


@bp.post("/staff/meetings/<slug>/minutes/publish")
@requires(*CLERKS)
def publish_minutes(slug: str) -> ResponseReturnValue:
    """Show the draft to residents."""
    meeting = queries.get_meeting(db.session, slug, editor())
    service.publish_minutes(db.session, meeting, utcnow())
    return _back(meeting, _("The minutes are published as a draft."))


@bp.post("/staff/meetings/<slug>/minutes/<int:number>/approve")
@requires(*CLERKS)
def approve_minutes(slug: str, number: int) -> ResponseReturnValue:
    """Write down the day on which the body approved them."""
    meeting, now = queries.get_meeting(db.session, slug, editor()), utcnow()
    form = ApprovalForm(now.astimezone(meeting.zone).date())
    if form.validate():
        try:
            service.approve_minutes(db.session, meeting, number, form.approved_on.data, now)
        except service.NotApprovable as error:
            form.approved_on.errors = [str(error)]
        else:
            return _back(meeting, _("The minutes are approved."))
    latest = meeting.minutes[0] if meeting.minutes else None
    return _page(meeting, MinutesForm(latest), form), form.status


def _page(meeting: Meeting, form: MinutesForm, approval: ApprovalForm | None = None) -> str:
    now = utcnow()
    latest = meeting.minutes[0] if meeting.minutes else None
    return render_template(
        "meetings/write_minutes.html",
        meeting=meeting,
        form=form,
        approval=approval or ApprovalForm(now.astimezone(meeting.zone).date()),
        latest=latest,
        published=service.published_minutes(meeting),
        is_over=now >= meeting.last_instant,
        has_begun=service.has_begun(meeting, now),
        can_publish=may_publish(editor()),
        words=words,
    )


def _back(meeting: Meeting, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("meetings.write_minutes", slug=meeting.slug), 303)


def _in(version: MinutesVersion, code: str) -> str:
    """The text in the language of the text that it is compared with; what was not written in it is empty."""
    return {"en": version.body.en, "es": version.body.es}[code]
