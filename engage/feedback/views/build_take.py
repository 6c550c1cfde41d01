"""Questions from a template or from another form, taken into this one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import editor, requires
from engage.db.session import db
from engage.errors import NotFound
from engage.feedback import queries, words
from engage.feedback.access import EDITORS
from engage.feedback.building.templates import get_template, templates
from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import FormChanged, TooMuch
from engage.feedback.views.blueprint import bp
from engage.feedback.views.build import once_more
from engage.feedback.views.workbench import asked_place, back, called, keep, read, write
from engage.survey import editing
from engage.survey.definition import Definition, Question, Section
from engage.survey.parts import part

_MOST_FORMS = 200


@bp.get("/staff/forms/<slug>/questions/take-from")
@requires(*EDITORS)
def take_from(slug: str) -> ResponseReturnValue:
    """The templates, and the other forms that this person may see, to take questions from."""
    bench = write(slug)
    others = queries.staff_forms(editor()).where(FeedbackForm.id != bench.form.id)
    listed = others.order_by(FeedbackForm.changed_at.desc(), FeedbackForm.id).limit(_MOST_FORMS)
    return render_template(
        "feedback/build_from.html",
        bench=bench,
        into=asked_place(bench).holder.name,
        templates=templates(),
        forms=db.session.scalars(listed).all(),
    )


@bp.route("/staff/forms/<slug>/questions/take-from/<sort>/<source>", methods=["GET", "POST"])
@requires(*EDITORS)
def take_questions(slug: str, sort: str, source: str) -> ResponseReturnValue:
    """Choose which questions to take, all of a template from the start; take them."""
    bench = write(slug)
    place = asked_place(bench)
    taken_from = _source(sort, source)
    status, problem = 200, ""
    wanted = request.form.getlist("question")
    if request.method == "POST":
        elements = chosen(taken_from, wanted)
        inserted = editing.insert(bench.definition, elements, into=place.holder.name)
        try:
            if not elements:
                raise TooMuch(_("Choose a question at least."))
            keep(bench, inserted.definition)
        except FormChanged:
            status = 409
        except TooMuch as error:
            status, problem = 422, str(error)
        else:
            return back(slug, _told(inserted, len(wanted)), inserted.names[0])
    page = render_template(
        "feedback/build_take.html",
        bench=bench,
        source=taken_from,
        wanted=wanted,
        takes_all=sort == "template" and request.method == "GET",
        problem=problem,
        words=words,
        **once_more(bench, status),
    )
    return page, status


def _source(sort: str, source: str) -> Definition:
    """The definition to take from. Raises NotFound, also for a form that this person may not see."""
    if sort == "template":
        return get_template(source).definition
    if sort == "form":
        return read(source).definition
    raise NotFound(_("There is no such template."))


def chosen(definition: Definition, wanted: Collection[str]) -> list[Section | Question]:
    """The wanted questions in their order; sections with those of theirs that are wanted."""
    found: list[Section | Question] = []
    for element in (one for page in definition.pages for one in page.elements):
        if isinstance(element, Question):
            found += [element] if element.name in wanted else []
            continue
        inner = tuple(one for one in element.questions if one.name in wanted)
        found += [replace(element, questions=inner)] if inner else []
    return found


def _told(inserted: editing.Inserted, count: int) -> str:
    told = str(ngettext("%(num)s question is taken over.", "%(num)s questions are taken over.", count))
    if not inserted.unconditional:
        return told
    lost = str(
        _(
            "What a condition asked for did not come along, so these are shown to everybody: %(names)s.",
            names=", ".join(
                f"“{called(part(inserted.definition, name))}”" for name in inserted.unconditional
            ),
        )
    )
    return f"{told} {lost}"
