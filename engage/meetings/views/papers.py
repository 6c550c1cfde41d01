"""Documents of meetings and of their items: put there by staff, read by everybody.

A file is made clean before the transaction of the request begins, as the files of comments are.
"""

from __future__ import annotations

from flask import Flask, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, public, requires
from engage.clock import utcnow
from engage.comments import file_words
from engage.db.session import db
from engage.errors import NotAllowed
from engage.files import LARGEST_FILE, CleanFile, Refused, clean
from engage.meetings import papers, queries
from engage.meetings.access import HOSTS, may_publish
from engage.meetings.forms_agenda import FileForm
from engage.meetings.models import AgendaItem, FileKindName, Meeting, MeetingFile, MeetingStatus
from engage.meetings.service import agenda as service
from engage.meetings.views.agenda import may_change_file, writable
from engage.meetings.views.blueprint import bp
from engage.web.downloads import as_download
from engage.web.forms import clean_text
from engage.web.transactions import call_before_writing

_ID = "<int(max=2147483647):file_id>"
_ENDPOINTS = ("meetings.new_file", "meetings.edit_file")
_LARGEST_FORM = LARGEST_FILE + 1024 * 1024
"""Bytes of a whole request: the file and what was typed."""


def init_app(app: Flask) -> None:
    """Let these forms bring a file, and read it before anything is locked."""
    for endpoint in _ENDPOINTS:
        call_before_writing(app, endpoint, _take_file)

    @app.url_value_preprocessor
    def allow_a_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
        # Before anybody reads the form; a smaller limit is meant, such as a test's.
        if endpoint in _ENDPOINTS and app.config["MAX_CONTENT_LENGTH"] >= LARGEST_FILE:
            request.max_content_length = _LARGEST_FORM


@bp.get(f"/meetings/<slug>/files/{_ID}")
@public
def file(slug: str, file_id: int) -> Response:
    """One uploaded document of a meeting, to be saved."""
    return _download(papers.get_public_file(db.session, slug, file_id, utcnow()))


@bp.get(f"/staff/meetings/<slug>/files/{_ID}/content")
@requires(*HOSTS)
def staff_file(slug: str, file_id: int) -> Response:
    """One uploaded document of a meeting, also before residents may read it."""
    found = _file(slug, file_id)
    if found.media_type is None:
        abort(404)
    return _download(found)


@bp.route("/staff/meetings/<slug>/files/new", methods=["GET", "POST"])
@requires(*HOSTS)
def new_file(slug: str) -> ResponseReturnValue:
    """Put a document to a meeting, or to the item of the argument ``item``."""
    meeting, now = writable(slug), utcnow()
    item = _wanted_item(meeting)
    if item is None and meeting.status(now) is not MeetingStatus.DRAFT and not may_publish(editor()):
        raise NotAllowed(_("Residents would read this at once, so a clerk puts it there."))
    form = FileForm(papers.offered_versions(db.session, meeting, now), uploaded=g.get("taken_file"))
    source = form.source if form.validate_on_submit() else None
    if source is not None:
        service.add_file(
            db.session,
            meeting,
            item=item,
            kind=FileKindName(form.kind.data),
            title=form.localised("title"),
            source=source,
            now=now,
        )
        return _back(slug, item, _("The document is there."))
    return _page(meeting, item, None, form), form.status


@bp.route(f"/staff/meetings/<slug>/files/{_ID}", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_file(slug: str, file_id: int) -> ResponseReturnValue:
    """Name a document anew, or replace it."""
    found, now = _changeable(slug, file_id), utcnow()
    form = FileForm(
        papers.offered_versions(db.session, found.meeting, now),
        uploaded=g.get("taken_file"),
        current=found,
    )
    if form.validate_on_submit():
        service.change_file(
            db.session,
            found,
            kind=FileKindName(form.kind.data),
            title=form.localised("title"),
            source=form.source,
            now=now,
        )
        return _back(slug, found.item, _("The changes are saved."))
    return _page(found.meeting, found.item, found, form), form.status


@bp.post(f"/staff/meetings/<slug>/files/{_ID}/remove")
@requires(*HOSTS)
def remove_file(slug: str, file_id: int) -> ResponseReturnValue:
    """Take a document away."""
    found = _changeable(slug, file_id)
    item = found.item
    service.remove_file(db.session, found)
    return _back(slug, item, _("The document is removed."))


def _take_file() -> None:
    """Leave in ``g`` what the file of this request was made into, or the sentence that says why not."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return
    # The name helps its sender to know which one is meant, and is not kept.
    name = clean_text(given.filename) or "?"
    taken: CleanFile | str
    try:
        taken = clean(name, given.stream.read(LARGEST_FILE + 1))
    except Refused as error:
        taken = file_words.refused(name[-60:], error.refusal)
    g.taken_file = taken


def _download(found: MeetingFile) -> Response:
    return as_download(found.content or b"", found.media_type or "", papers.file_name(found))


def _file(slug: str, file_id: int) -> MeetingFile:
    return papers.get_file(queries.get_meeting(db.session, slug, editor()), file_id)


def _changeable(slug: str, file_id: int) -> MeetingFile:
    found = papers.get_file(writable(slug), file_id)
    if not may_change_file(found, utcnow()):
        raise NotAllowed(_("Residents read this document, so a clerk changes it."))
    return found


def _wanted_item(meeting: Meeting) -> AgendaItem | None:
    wanted = request.args.get("item", type=int)
    return queries.get_item(meeting, wanted) if wanted is not None else None


def _page(meeting: Meeting, item: AgendaItem | None, found: MeetingFile | None, form: FileForm) -> str:
    return render_template("meetings/edit_file.html", meeting=meeting, item=item, file=found, form=form)


def _back(slug: str, item: AgendaItem | None, message: str) -> ResponseReturnValue:
    flash(message, "success")
    anchor = f"item-{item.id}" if item else "documents"
    return redirect(url_for("meetings.staff_meeting", slug=slug, _anchor=anchor), 303)
