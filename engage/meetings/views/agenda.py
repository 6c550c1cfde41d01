"""The agenda: written by hosts and clerks, read by residents as it was posted."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments import file_words
from engage.db.session import db
from engage.errors import NotAllowed, RuleBroken
from engage.meetings import papers, queries, words
from engage.meetings.access import CLERKS, HOSTS, may_publish, may_write_agenda
from engage.meetings.forms_agenda import ItemForm
from engage.meetings.models import AgendaItem, DecidedState, Meeting, MeetingFile, MeetingStatus
from engage.meetings.posted import posted_agenda
from engage.meetings.service import agenda as service
from engage.meetings.service.notice import agenda_content, agenda_mark
from engage.meetings.views.blueprint import bp

_ID = "<int(max=2147483647):item_id>"


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    agenda = posted_agenda(meeting)
    files = [one for one in papers.public_files(meeting, now) if one.kind not in papers.AFTERWARDS]
    if agenda is None and not files and not meeting.takes_place(now):
        return ""
    return render_template(
        "meetings/_agenda.html",
        meeting=meeting,
        agenda=agenda,
        files=files,
        now=now,
        **_words(),
    )


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    agenda = posted_agenda(meeting)
    return render_template(
        "meetings/_staff_agenda.html",
        meeting=meeting,
        agenda=agenda,
        is_posted=agenda is not None and agenda.content == agenda_content(meeting),
        is_public=meeting.status(now) is not MeetingStatus.DRAFT,
        mark=agenda_mark(meeting),
        lacking=service.lacking_a_language(meeting),
        can_publish=may_publish(editor()),
        files=[file for file in meeting.files if file.item_id is None],
        may_change=may_change_file,
        withdrawn=DecidedState.WITHDRAWN,
        now=now,
        **_words(),
    )


def may_change_file(file: MeetingFile, now: datetime) -> bool:
    """Whether the person behind this request may change a document: hosts none that residents read."""
    return may_publish(editor()) or not papers.is_shown(file, now)


@bp.route("/staff/meetings/<slug>/agenda/new", methods=["GET", "POST"])
@requires(*HOSTS)
def new_item(slug: str) -> ResponseReturnValue:
    """Put an item at the end of the agenda."""
    meeting, form = writable(slug), ItemForm()
    if form.validate_on_submit():
        item = service.add_item(db.session, meeting, form.draft)
        return _back_to(item, _("The item is on the agenda."))
    return render_template("meetings/edit_item.html", meeting=meeting, item=None, form=form), form.status


@bp.route(f"/staff/meetings/<slug>/agenda/{_ID}", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_item(slug: str, item_id: int) -> ResponseReturnValue:
    """Write an item anew."""
    item = _item(slug, item_id)
    form = ItemForm(item)
    if form.validate_on_submit():
        service.change_item(db.session, item, form.draft)
        return _back_to(item, _("The changes are saved."))
    page = render_template("meetings/edit_item.html", meeting=item.meeting, item=item, form=form)
    return page, form.status


@bp.post(f"/staff/meetings/<slug>/agenda/{_ID}/move")
@requires(*HOSTS)
def move_item(slug: str, item_id: int) -> ResponseReturnValue:
    """Move an item one place up or down."""
    item = _item(slug, item_id)
    service.move_item(db.session, item, by=-1 if request.form.get("direction") == "up" else 1)
    return _back_to(item, _("The order is changed."))


@bp.post(f"/staff/meetings/<slug>/agenda/{_ID}/remove")
@requires(*HOSTS)
def remove_item(slug: str, item_id: int) -> ResponseReturnValue:
    """Take an item and its documents out of the agenda."""
    item, now = _item(slug, item_id), utcnow()
    if not all(may_change_file(file, now) for file in item.files):
        raise NotAllowed(_("Residents read documents of this item, so a clerk removes it."))
    try:
        service.remove_item(db.session, item)
    except service.ItemInUse as error:
        return _refuse(slug, error)
    return _back(slug, _("The item is removed."))


@bp.post(f"/staff/meetings/<slug>/agenda/{_ID}/take-off")
@requires(*HOSTS)
def take_off_item(slug: str, item_id: int) -> ResponseReturnValue:
    """Mark an item as taken off the agenda, or put it on again."""
    item = _item(slug, item_id)
    if request.form.get("put_back"):
        service.put_back(db.session, item)
        return _back_to(item, _("The item is on the agenda again."))
    try:
        service.take_off(db.session, item)
    except service.AlreadyDecided as error:
        return _refuse(slug, error)
    return _back_to(item, _("The item is marked as taken off."))


@bp.post("/staff/meetings/<slug>/agenda/post")
@requires(*CLERKS)
def post_agenda(slug: str) -> ResponseReturnValue:
    """Show the agenda as it stands to residents, as a version that stays."""
    meeting = queries.get_meeting(db.session, slug, editor())
    try:
        service.post_complete_agenda(
            db.session, meeting, actor=editor(), now=utcnow(), seen=request.form.get("agenda")
        )
    except service.AgendaIncomplete as error:
        return _refuse(slug, error)
    return _back(slug, _("The agenda is posted. Residents can read it."))


def writable(slug: str) -> Meeting:
    """A meeting whose agenda and documents this person may write on now."""
    meeting = queries.get_meeting(db.session, slug, editor())
    if not may_write_agenda(editor(), meeting):
        raise NotAllowed(_("This meeting is with the clerks. Take the draft back to write on."))
    return meeting


def _item(slug: str, item_id: int) -> AgendaItem:
    return queries.get_item(writable(slug), item_id)


def _words() -> dict[str, object]:
    return {"words": words, "file_words": file_words, "kind_of": papers.kind_of}


def _back(slug: str, message: str, anchor: str = "agenda") -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("meetings.staff_meeting", slug=slug, _anchor=anchor), 303)


def _back_to(item: AgendaItem, message: str) -> ResponseReturnValue:
    return _back(item.meeting.slug, message, f"item-{item.id}")


def _refuse(slug: str, error: RuleBroken) -> ResponseReturnValue:
    flash(str(error), "error")
    return redirect(url_for("meetings.staff_meeting", slug=slug, _anchor="agenda"), 303)
