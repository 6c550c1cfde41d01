"""What the builder's pages share: the form with its working definition, and how a change is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotAllowed, NotFound
from engage.feedback import queries
from engage.feedback.access import may_write
from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import change
from engage.feedback.views.blueprint import bp
from engage.survey import editing, parts, surveyjs
from engage.survey.definition import Definition, Page, Question, Section
from engage.survey.parts import Part, UnknownPart
from engage.web import errors
from engage.web.locale import localised

FIRST_PAGE = "page_1"
_LARGEST_REVISION = 2_147_483_646


class PartGone(NotFound):
    """A part of a form that is there; ``slug`` is the form's."""

    def __init__(self, slug: str, text: str) -> None:
        super().__init__(text)
        self.slug = slug


@bp.errorhandler(PartGone)
def part_gone(error: PartGone) -> ResponseReturnValue:
    """The form is there still, and leads on."""
    return errors.page(404, str(error), template="part_gone", way=url_for("feedback.build", slug=error.slug))


@dataclass(frozen=True, slots=True)
class Bench:
    """A form on the workbench. Every part of ``definition`` has a name, and there is a page at least."""

    form: FeedbackForm
    definition: Definition

    @property
    def slug(self) -> str:
        """The form's address."""
        return self.form.slug

    @property
    def title(self) -> str:
        """What the working definition is called, for a reader of this page."""
        return localised(self.definition.title) or self.slug

    def part(self, name: str) -> Part:
        """The part of this name. Raises NotFound."""
        try:
            return parts.part(self.definition, name)
        except UnknownPart:
            raise PartGone(
                self.slug, _("This form has no such part. Somebody may have removed it.")
            ) from None

    def question(self, name: str) -> Question:
        """The question of this name. Raises NotFound."""
        found = self.part(name)
        if not isinstance(found, Question):
            raise PartGone(self.slug, _("This form has no such question. Somebody may have removed it."))
        return found

    def container(self, name: str) -> Page | Section:
        """The page or section of this name. Raises NotFound."""
        found = self.part(name)
        if isinstance(found, Question):
            raise PartGone(self.slug, _("This form has no such page. Somebody may have removed it."))
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where something new goes: to the end of ``into``, or behind ``after``."""

    into: str | None
    after: str | None
    holder: Page | Section


def read(slug: str) -> Bench:
    """A form that this person may see."""
    form = queries.get_form(db.session, slug, editor())
    definition = editing.repaired(surveyjs.read(form.working))
    if not definition.pages:
        definition = replace(definition, pages=(Page(name=FIRST_PAGE),))
    return Bench(form, definition)


def write(slug: str) -> Bench:
    """A form that this person may change now. Raises NotAllowed."""
    bench = read(slug)
    if not may_write(editor(), bench.form):
        raise NotAllowed(_("This form is with the clerks. Take the draft back to change it."))
    return bench


def asked_place(bench: Bench) -> Place:
    """Where the address says that something new goes; to the end of the last page where it says nothing."""
    after, into = request.args.get("after"), request.args.get("into")
    if after:
        bench.part(after)
        holder = parts.holder(bench.definition, after)
        return Place(None, after, holder) if holder is not None else abort(404)
    return Place(
        into or bench.definition.pages[-1].name,
        None,
        bench.container(into or bench.definition.pages[-1].name),
    )


def revision() -> int:
    """The revision that the person behind this request has read."""
    given = request.form.get("revision", "")
    is_number = given.isdecimal() and given.isascii() and len(given) < 11
    return int(given) if is_number and int(given) <= _LARGEST_REVISION else -1


def keep(bench: Bench, definition: Definition) -> None:
    """Keep a change. Raises FormChanged, TooMuch."""
    change(db.session, bench.form, definition, revision=revision(), now=utcnow())


def back(slug: str, message: str, name: str | None = None) -> ResponseReturnValue:
    """To the list, at the part that was worked on, with what was done said there."""
    flash(message, "success")
    anchor = f"part-{name}" if name else None
    return redirect(url_for("feedback.build", slug=slug, at=name, _anchor=anchor), 303)


def called(part: Part) -> str:
    """What a part is called in the reader's language; its short name where it has no title."""
    return localised(part.title) or part.name
