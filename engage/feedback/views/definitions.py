"""A form's definition as a file, out and in: SurveyJS' JSON and XLSForm."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, TextAreaField

from engage.accounts.access import editor, public, requires
from engage.clock import utcnow
from engage.db.session import begin_writing, db
from engage.errors import NotAllowed
from engage.feedback import change_words, file_words, queries, words
from engage.feedback.access import EDITORS, may_write
from engage.feedback.condition_words import in_words_of
from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import FormChanged, TooMuch, change
from engage.feedback.views.blueprint import bp
from engage.survey import incoming, surveyjs, xlsform
from engage.survey.changes import changes
from engage.survey.definition import Definition
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition, Told
from engage.web.downloads import as_download
from engage.web.forms import Form
from engage.web.locale import language
from engage.web.transactions import begin_late

_JSON = "application/json; charset=utf-8"


class UploadForm(Form):
    """A file with questions, or what stands in one. ``definition`` is what was looked at before."""

    file = FileField(
        _l("File"), description=_l("An XLSForm workbook (.xlsx or .xls) or a SurveyJS file (.json).")
    )
    text = TextAreaField(_l("Or paste the JSON of a SurveyJS form"))
    revision = HiddenField()
    definition = HiddenField()


def init_app(app: Flask) -> None:
    """A file is opened before anything is locked."""
    begin_late(app, "feedback.upload_definition")


def staff_section(form: FeedbackForm, _now: datetime) -> str:
    """This part of a form's staff page."""
    return render_template("feedback/_definitions.html", feedback=form, may_write=may_write(editor(), form))


@bp.get("/forms/<slug>/definition.json")
@public
def definition_json(slug: str) -> Response:
    """What residents are or were asked, for everybody: the newest version or the one of ``?version=``."""
    form = queries.get_public_form(db.session, slug, utcnow())
    wanted = _wanted_version()
    number = len(form.versions) if wanted is None else wanted
    version = queries.get_version(form, number)
    name = f"{form.slug}-v{number}.json"
    return as_download(surveyjs.dumps(version.asked).encode(), _JSON, name)


@bp.get("/staff/forms/<slug>/definition.json")
@requires(*EDITORS)
def staff_definition_json(slug: str) -> Response:
    """The definition that is being edited, or a version of it, as SurveyJS' JSON."""
    form = queries.get_form(db.session, slug, editor())
    asked, tail = _definition(form)
    return as_download(surveyjs.dumps(asked).encode(), _JSON, f"{form.slug}-{tail}.json")


@bp.get("/staff/forms/<slug>/definition.xlsx")
@requires(*EDITORS)
def definition_xlsx(slug: str) -> Response:
    """The definition that is being edited, or a version of it, as an XLSForm workbook."""
    form = queries.get_form(db.session, slug, editor())
    asked, tail = _definition(form)
    content = xlsform.write(asked, form_id=form.slug, version=_wanted_version())
    return as_download(content, xlsform.MEDIA_TYPE, f"{form.slug}-{tail}.xlsx")


def _definition(form: FeedbackForm) -> tuple[Definition, str]:
    number = _wanted_version()
    if number is None:
        return surveyjs.read(form.working), "draft"
    return queries.get_version(form, number).asked, f"v{number}"


def _wanted_version() -> int | None:
    return request.args.get("version", type=int)


@bp.route("/staff/forms/<slug>/definition", methods=["GET", "POST"])
@requires(*EDITORS)
def upload_definition(slug: str) -> ResponseReturnValue:
    """Look at what a file would ask, then ask that instead of what is being edited."""
    form = _writable(slug)
    typed = UploadForm()
    if not typed.is_submitted():
        typed.revision.data = str(form.revision)
        return _page(form, typed)
    if typed.definition.data:
        return _take(slug, typed)
    try:
        taken = incoming.take(_content(typed))
    except BadDefinition as bad:
        return _page(form, typed, problems=bad.problems), 422
    return _page(form, typed, taken=taken)


def _content(typed: UploadForm) -> bytes:
    sent = request.files.get("file")
    content = sent.stream.read() if sent is not None and sent.filename else b""
    return content or (typed.text.data or "").encode()


def _take(slug: str, typed: UploadForm) -> ResponseReturnValue:
    try:
        # It was looked at, but it comes from a browser all the same.
        taken = surveyjs.take(typed.definition.data or "")
    except BadDefinition as bad:
        return _page(_writable(slug), typed, problems=bad.problems), 422
    db.session.rollback()
    begin_writing(db.session)
    form = _writable(slug)
    revision = typed.revision.data or ""
    try:
        change(
            db.session,
            form,
            taken.definition,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
            now=utcnow(),
        )
    except (FormChanged, TooMuch) as error:
        typed.revision.data, typed.definition.data = str(form.revision), ""
        typed.form_errors.append(str(error))
        return _page(form, typed), 409 if isinstance(error, FormChanged) else 422
    flash(_("The questions of the file are in the form. Residents are asked them when you publish it."))
    return redirect(url_for("feedback.staff_form", slug=form.slug), code=303)


def _writable(slug: str) -> FeedbackForm:
    form = queries.get_form(db.session, slug, editor())
    if not may_write(editor(), form):
        raise NotAllowed(_("The form is with the clerks: it cannot be changed now."))
    return form


def _page(
    form: FeedbackForm, typed: UploadForm, *, taken: Taken | None = None, problems: list[Told] | None = None
) -> str:
    return render_template(
        "feedback/upload_definition.html",
        feedback=form,
        form=typed,
        problems=problems or [],
        taken=taken,
        definition=surveyjs.dumps(taken.definition) if taken is not None else "",
        told=file_words,
        words=words,
        **(_looked_at(surveyjs.read(form.working), taken.definition) if taken is not None else {}),
    )


def _looked_at(edited: Definition, wanted: Definition) -> dict[str, object]:
    """All that a file would ask, and what of it is not asked now."""
    asked_if = in_words_of(wanted, language())
    return {
        "found": changes(edited, wanted),
        "say": change_words,
        "lines": partial(change_words.lines, before=in_words_of(edited, language()), after=asked_if),
        "asked_if": asked_if,
    }
