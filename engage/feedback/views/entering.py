"""Typing a sheet in, for staff and for places that help: what both screens do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engage.clock import utcnow
from engage.db.session import db
from engage.errors import RuleBroken
from engage.feedback import queries, sheet
from engage.feedback.asking import Mended, first_control, to_mend
from engage.feedback.models import Channel, Entry, FeedbackForm, FormVersion
from engage.feedback.service.hold import hold_versions
from engage.feedback.service.receive import receive
from engage.feedback.typed_in import Sheet, read_sheet
from engage.survey.definition import Kind, Question
from engage.survey.posted import read_posted
from engage.web.forms import clean_text
from engage.web.locale import language
from engage.web.once import FormKey, form_key

MOST_ENTERED = 9_999


@dataclass(slots=True)
class Entering:
    """One sheet on the screen. ``entered`` are those before it in this sitting: the address counts them."""

    form: FeedbackForm
    version: FormVersion
    key: FormKey
    entered: int
    given: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    sheet: Sheet | None = None
    refusal: str = ""

    @property
    def needs_code(self) -> bool:
        """Whether a sheet counts only with the code that was handed out with it."""
        return self.form.entry is Entry.CODE

    @property
    def status(self) -> int:
        """The status of the page: 422 where there is something to look at again."""
        return 422 if self.refusal or self.sheet is not None else 200

    @property
    def errors(self) -> bool:
        """Whether there is something to look at again."""
        return self.status != 200

    @property
    def to_mend(self) -> list[Mended]:
        """What to look at again, in the order of the sheet."""
        if self.sheet is None:
            return []
        return to_mend(self.version.asked, self.sheet.problems)

    @property
    def not_asked(self) -> tuple[Question, ...]:
        """What was answered though the sheet says to skip it."""
        return self.sheet.not_asked if self.sheet is not None else ()

    @property
    def first(self) -> str:
        """The id of the first control of the sheet."""
        if self.needs_code:
            return "code"
        questions = (one for one in self.version.asked.questions() if one.kind is not Kind.NOTE)
        return next((first_control(one) for one in questions), "")

    def address(self) -> dict[str, Any]:
        """The arguments of this screen's address."""
        return {
            "slug": self.form.slug,
            "version": self.version.number,
            "entered": self.entered or None,
            "form": self.key.word,
        }

    def next_address(self) -> dict[str, Any]:
        """The arguments of the address of the next sheet, which begins with a key of its own."""
        entered = min(self.entered + 1, MOST_ENTERED)
        return self.address() | {"entered": entered, "form": None, "_anchor": self.first}


def begin(form: FeedbackForm) -> Entering | None:
    """The sheet that this request is about; None where the form was never published. Raises NotFound."""
    if form.newest is None:
        return None
    number = _number("version")
    version = queries.get_version(form, number) if number else form.newest
    return Entering(form, version, form_key(), min(_number("entered"), MOST_ENTERED))


def take(entering: Entering) -> bool:
    """Put what was sent into the box; False where somebody has to look at the sheet again first.

    Sent twice, a sheet is kept once. Nothing of who typed it in is kept.
    """
    hold_versions(db.session, entering.form)
    entering.version.__dict__.pop("asked", None)
    sent = MultiDict((name, clean_text(value) or "") for name, value in request.form.items(multi=True))
    definition = entering.version.asked
    entering.given = read_posted(definition.questions(), sent)
    entering.code = sent.get("code", "")
    if sent.get("mark") != sheet.mark_of(entering.version):
        entering.refusal = _("The questions were changed meanwhile. Compare the mark on the sheet.")
        return False
    found = read_sheet(definition, entering.given)
    if not found.answers:
        entering.refusal = _("Nothing is entered that can be counted.")
        entering.sheet = found if entering.given else None
        return False
    if not found.is_plain and "as_it_is" not in sent:
        entering.sheet = found
        return False
    try:
        receive(
            db.session,
            entering.version,
            found.answers,
            code=entering.code if entering.needs_code else entering.key.token,
            is_handed_out=entering.needs_code,
            language=language(),
            channel=Channel.PAPER,
            now=utcnow(),
        )
    except RuleBroken as refused:
        entering.refusal = str(refused)
        return False
    return True


def context(entering: Entering, now: datetime) -> dict[str, Any]:
    """What the template of either screen needs."""
    definition = entering.version.asked
    return {
        "entering": entering,
        "form": entering,  # The layout says in the title that something is to be mended.
        "feedback": entering.form,
        "version": entering.version,
        "definition": definition,
        "numbers": definition.numbers(),
        "conditions": sheet.conditions_of(definition, language()),
        "mark_of": sheet.mark_of,
        "first_control": first_control,
        "takes_answers": entering.form.takes_answers(now),
        "status": entering.form.status(now),
    }


def _number(argument: str) -> int:
    value = request.args.get(argument, "")
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 9 else 0
