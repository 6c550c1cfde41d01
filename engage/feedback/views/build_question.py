"""One question: what kind to add, and everything that there is to say of it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.errors import NotFound
from engage.feedback import words
from engage.feedback.access import EDITORS
from engage.feedback.building.forms import QuestionForm
from engage.feedback.service.build import FormChanged, TooMuch
from engage.feedback.views.blueprint import bp
from engage.feedback.views.build import once_more, said
from engage.feedback.views.workbench import Bench, Place, asked_place, back, keep, write
from engage.survey import editing, parts
from engage.survey.definition import Definition, Kind, Question, Section


@bp.get("/staff/forms/<slug>/questions/what-to-add")
@requires(*EDITORS)
def add_part(slug: str) -> ResponseReturnValue:
    """Choose what to add at a place of the form."""
    bench = write(slug)
    place = asked_place(bench)
    return render_template(
        "feedback/build_add.html",
        bench=bench,
        place=place,
        where={"after": place.after} if place.after else {"into": place.into},
        takes_sections=not isinstance(place.holder, Section),
        words=words,
    )


@bp.route("/staff/forms/<slug>/questions/new-question", methods=["GET", "POST"])
@requires(*EDITORS)
def new_question(slug: str) -> ResponseReturnValue:
    """Write a question."""
    bench = write(slug)
    place = asked_place(bench)
    empty = Question(name="", kind=_kind(request.args.get("kind")))
    return _edit(bench, empty, place)


@bp.route("/staff/forms/<slug>/questions/<name>", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_question(slug: str, name: str) -> ResponseReturnValue:
    """Write a question anew."""
    bench = write(slug)
    return _edit(bench, bench.question(name), None)


def _edit(bench: Bench, question: Question, place: Place | None) -> ResponseReturnValue:
    kind = _kind(request.form.get("kind")) if request.method == "POST" else question.kind
    taken = [name for name in parts.names(bench.definition) if name != question.name]
    form = QuestionForm(question, kind, taken=taken)
    status, refused = 200, ""
    if request.method == "POST" and not _only_looks(form):
        status = 422
        if form.validate():
            try:
                written = form.draft(question.visible_if)
                keep(bench, _put(bench.definition, question, written, place))
            except FormChanged:
                status = 409
            except TooMuch as error:
                refused = str(error)
            else:
                return back(bench.slug, _("The question is saved."), written.name)
    page = render_template(
        "feedback/build_question.html",
        bench=bench,
        question=question,
        kind=kind,
        form=form,
        place=place,
        refused=refused,
        said=lambda condition: said(condition, bench.definition),
        words=words,
        **once_more(bench, status),
    )
    return page, status


def _only_looks(form: QuestionForm) -> bool:
    """Whether a button was pressed that keeps nothing yet; also where the kind was changed without its
    button, because the fields of the new one were not there to be filled in."""
    has_new_kind = request.form.get("kind") != request.form.get("shown_kind")
    return form.act(request.form.get("do", "")) or request.form.get("do") == "kind" or has_new_kind


def _put(definition: Definition, old: Question, new: Question, place: Place | None) -> Definition:
    if place is None:
        return editing.replace_part(definition, old.name, new)
    return editing.add(definition, new, into=place.into, after=place.after)


def _kind(given: str | None) -> Kind:
    try:
        return Kind(given or "")
    except ValueError:
        raise NotFound(_("There is no such kind of question.")) from None
