"""What staff ask: the whole form as a list, its own texts, its pages and sections, and their order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.errors import NotFound
from engage.feedback import words
from engage.feedback.access import EDITORS, may_write
from engage.feedback.building.forms import PartForm, TextsForm
from engage.feedback.condition_words import in_words
from engage.feedback.fault_words import bare, is_of_texts
from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import FormChanged
from engage.feedback.views.blueprint import bp
from engage.feedback.views.workbench import Bench, asked_place, back, called, keep, read, revision, write
from engage.survey import editing, parts, surveyjs
from engage.survey.conditions import Condition
from engage.survey.definition import Definition, Page, Question, Section
from engage.survey.editing import InUse
from engage.survey.parts import DoesNotFit
from engage.survey.validity import Found, faults
from engage.web.locale import language


def staff_section(form: FeedbackForm, _now: datetime) -> str:
    """This part of a form's staff page."""
    definition = surveyjs.read(form.working)
    return render_template(
        "feedback/_build.html",
        feedback=form,
        pages=len(definition.pages),
        questions=len(definition.numbers()),
        may_write=may_write(editor(), form),
    )


@bp.get("/staff/forms/<slug>/questions")
@requires(*EDITORS)
def build(slug: str) -> ResponseReturnValue:
    """Everything that a form asks, in its order, with what can be done to it."""
    bench = read(slug)
    at = request.args.get("at")
    found = faults(bench.definition, is_public=True)
    return render_template(
        "feedback/build.html",
        bench=bench,
        numbers=bench.definition.numbers(),
        faults=_by_part([one for one in found if not is_of_texts(one)]),
        faults_of_texts=_by_part([one for one in found if is_of_texts(one)]).get("", []),
        at=at if at in parts.names(bench.definition) else None,
        may_write=may_write(editor(), bench.form),
        words=words,
        said=lambda condition: said(condition, bench.definition),
        is_section=lambda element: isinstance(element, Section),
    )


def said(condition: Condition, definition: Definition) -> str:
    """A condition in the words of the reader's language."""
    return in_words(condition, definition, language())


def _by_part(found: list[Found]) -> dict[str, list[str]]:
    """Every fault as a sentence, once, by the name of what has it."""
    by_part: dict[str, dict[str, None]] = defaultdict(dict)
    for one in found:
        by_part[one.where][bare(one)] = None
    return {where: list(sentences) for where, sentences in by_part.items()}


@bp.route("/staff/forms/<slug>/questions/all-texts", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_texts(slug: str) -> ResponseReturnValue:
    """Write the form's title, its introduction and its thanks."""
    bench = write(slug)
    form, status = TextsForm(bench.definition), 200
    if form.validate_on_submit():
        definition = replace(
            bench.definition,
            title=form.localised("title"),
            intro=form.localised("intro"),
            thanks=form.localised("thanks"),
        )
        try:
            keep(bench, definition)
        except FormChanged:
            status = 409
        else:
            return back(slug, _("The texts are saved."))
    page = render_template("feedback/build_texts.html", bench=bench, form=form, **once_more(bench, status))
    return page, form.status if form.errors else status


def once_more(bench: Bench, status: int) -> dict[str, object]:
    """What a page needs that gives back what was typed: the revision as it is now, and whether it is newer
    than what was read. Sending once more is then meant."""
    is_stale = status == 409
    return {
        "revision": bench.form.revision if is_stale or request.method == "GET" else revision(),
        "is_stale": is_stale,
    }


@bp.route("/staff/forms/<slug>/questions/new-page", methods=["GET", "POST"])
@requires(*EDITORS)
def new_page(slug: str) -> ResponseReturnValue:
    """Begin a page at the end, or behind another."""
    bench = write(slug)
    after = request.args.get("after")
    return _edit(bench, None, PartForm(None, is_section=False), _("Add a page"), after=after)


@bp.route("/staff/forms/<slug>/questions/new-section", methods=["GET", "POST"])
@requires(*EDITORS)
def new_section(slug: str) -> ResponseReturnValue:
    """Begin a section on a page."""
    bench = write(slug)
    place = asked_place(bench)
    if isinstance(place.holder, Section):
        raise NotFound(_("A section cannot stand within another."))
    form = PartForm(None, is_section=True)
    return _edit(bench, None, form, _("Add a section"), into=place.into, after=place.after)


@bp.route("/staff/forms/<slug>/questions/<name>/heading", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_part(slug: str, name: str) -> ResponseReturnValue:
    """Write the texts of a page or section anew."""
    bench = write(slug)
    part = bench.container(name)
    form = PartForm(part, is_section=isinstance(part, Section))
    return _edit(
        bench, part, form, _("Change this section") if isinstance(part, Section) else _("Change this page")
    )


def _edit(
    bench: Bench,
    part: Page | Section | None,
    form: PartForm,
    heading: str,
    *,
    into: str | None = None,
    after: str | None = None,
) -> ResponseReturnValue:
    status = 200
    if form.validate_on_submit():
        definition, name = _written(bench.definition, part, form, into=into, after=after)
        try:
            keep(bench, definition)
        except FormChanged:
            status = 409
        else:
            return back(bench.slug, _("The changes are saved."), name)
    page = render_template(
        "feedback/build_part.html",
        bench=bench,
        part=part,
        form=form,
        heading=heading,
        **once_more(bench, status),
    )
    return page, form.status if form.errors else status


def _written(
    definition: Definition,
    part: Page | Section | None,
    form: PartForm,
    *,
    into: str | None,
    after: str | None,
) -> tuple[Definition, str]:
    """The definition with this part, and what the part is called."""
    texts: dict[str, Any] = {"title": form.localised("title"), "help": form.localised("help")}
    if part is not None:
        return editing.replace_part(definition, part.name, replace(part, **texts)), part.name
    taken = parts.names(definition)
    if form.is_section:
        section = Section(name=parts.fresh_name(taken, texts["title"].en, "section"), **texts)
        return editing.add(definition, section, into=into, after=after), section.name
    page = Page(name=parts.fresh_name(taken, texts["title"].en, "page"), **texts)
    return editing.add(definition, page, after=after), page.name


@bp.route("/staff/forms/<slug>/questions/<name>/move", methods=["GET", "POST"])
@requires(*EDITORS)
def move_part(slug: str, name: str) -> ResponseReturnValue:
    """Move a part one place up or down, or, asked on a page, to the end of another page or section."""
    bench = write(slug)
    part = bench.part(name)
    if request.method == "GET":
        return render_template(
            "feedback/build_move.html", bench=bench, part=part, called=called(part), **_places(bench, part)
        )
    into, direction = request.form.get("into"), request.form.get("direction")
    try:
        if into:
            moved = editing.move_to(bench.definition, name, bench.container(into).name)
        else:
            moved = editing.move(bench.definition, name, by=-1 if direction == "up" else 1)
    except DoesNotFit:
        raise NotFound(_("It cannot stand there.")) from None
    if moved == bench.definition:
        return back(slug, _("“%(what)s” stands at the end already.", what=called(part)), name)
    keep(bench, moved)
    return back(slug, _moved(moved, part), name)


def _moved(definition: Definition, part: Question | Section | Page) -> str:
    """Where something stands now, in words: who cannot see the list move is told."""
    holder = parts.holder(definition, part.name)
    siblings = [one.name for one in _siblings(definition, holder)]
    place = siblings.index(part.name) + 1
    told = {"what": called(part), "place": place, "all": len(siblings)}
    if holder is None:
        return str(_("Moved: “%(what)s” is page %(place)s of %(all)s now.", **told))
    where = called(holder)
    return str(_("Moved: “%(what)s” is number %(place)s of %(all)s in “%(where)s” now.", where=where, **told))


def _siblings(
    definition: Definition, holder: Page | Section | None
) -> tuple[Page, ...] | tuple[Section | Question, ...]:
    if holder is None:
        return definition.pages
    return holder.elements if isinstance(holder, Page) else holder.questions


def _places(bench: Bench, part: Question | Section | Page) -> dict[str, object]:
    """Where a part can be moved to: the pages, and for a question the sections."""
    if isinstance(part, Page):
        raise NotFound(_("A page is moved up and down in the list."))
    holder = parts.holder(bench.definition, part.name)
    found = [
        (one, isinstance(one, Section))
        for one in parts.parts(bench.definition)
        if isinstance(one, Page) or (isinstance(one, Section) and isinstance(part, Question))
    ]
    return {
        "places": [
            (one.name, called(one), inner)
            for one, inner in found
            if holder is None or one.name != holder.name
        ]
    }


@bp.post("/staff/forms/<slug>/questions/<name>/copy")
@requires(*EDITORS)
def copy_part(slug: str, name: str) -> ResponseReturnValue:
    """Put a copy behind a part."""
    bench = write(slug)
    part = bench.part(name)
    definition, copy = editing.duplicate(bench.definition, name)
    keep(bench, definition)
    return back(slug, _("This is the copy of “%(what)s”. Change it now.", what=called(part)), copy)


@bp.route("/staff/forms/<slug>/questions/<name>/remove", methods=["GET", "POST"])
@requires(*EDITORS)
def remove_part(slug: str, name: str) -> ResponseReturnValue:
    """Ask, then take a part out with all that is in it; refused where conditions ask for it."""
    bench = write(slug)
    part = bench.part(name)
    try:
        definition, holders = editing.remove(bench.definition, name), []
    except InUse as used:
        definition, holders = bench.definition, [bench.part(one) for one in used.holders]
    if request.method == "POST" and not holders:
        keep(bench, definition)
        flash(_("“%(what)s” is removed.", what=called(part)), "success")
        return redirect(url_for("feedback.build", slug=slug), 303)
    page = render_template(
        "feedback/build_remove.html",
        bench=bench,
        part=part,
        called=called(part),
        holders=[(one.name, called(one)) for one in holders],
        inside=sum(isinstance(one, Question) for one in parts.within(part)),
    )
    return page, 409 if request.method == "POST" else 200
