"""What staff type of a form's own texts, its pages and sections, and of a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.feedback import words
from engage.feedback.building.rows import Rows
from engage.survey.definition import LONGEST_ANSWER, NAME, Definition, Flag, Kind, Page, Question, Section
from engage.survey.fitting import NUMBER, STEP, fitted, has
from engage.survey.parts import fresh_name
from engage.web.forms import one_line

_AT_MOST = _l("Write at most %(max)s characters.")
_LINE = (one_line, Length(max=500, message=_AT_MOST))
_TEXT = (Length(max=5000, message=_AT_MOST),)
_SHORT = (one_line, Length(max=100, message=_AT_MOST))


class TextsForm(LocalisedForm):
    """The form's own texts."""

    title_en = StringField(_l("Title in English"), validators=_LINE)
    title_es = StringField(_l("Title in Spanish"), validators=_LINE)
    intro_en = TextAreaField(_l("What people read before the questions, in English"), validators=_TEXT)
    intro_es = TextAreaField(_l("What people read before the questions, in Spanish"), validators=_TEXT)
    thanks_en = TextAreaField(_l("What people read when they have answered, in English"), validators=_TEXT)
    thanks_es = TextAreaField(_l("What people read when they have answered, in Spanish"), validators=_TEXT)

    def __init__(self, definition: Definition) -> None:
        values = self.pair("title", definition.title) | self.pair("intro", definition.intro)
        super().__init__(data=values | self.pair("thanks", definition.thanks))

    def validate_title_en(self, _field: Field) -> None:
        """A title in one language at least, so that colleagues know which form it is."""
        if not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))


class PartForm(LocalisedForm):
    """A page or a section. A page may go without a title, a section may not."""

    title_en = StringField(_l("Title in English"), validators=_LINE)
    title_es = StringField(_l("Title in Spanish"), validators=_LINE)
    help_en = TextAreaField(_l("What is said below the title, in English"), validators=_TEXT)
    help_es = TextAreaField(_l("What is said below the title, in Spanish"), validators=_TEXT)

    def __init__(self, part: Page | Section | None, *, is_section: bool) -> None:
        values = self.pair("title", part.title) | self.pair("help", part.help) if part else {}
        super().__init__(data=values)
        self.is_section = is_section

    def validate_title_en(self, _field: Field) -> None:
        """A section is there for its title."""
        if self.is_section and not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))


class QuestionForm(LocalisedForm):
    """A question, with only those fields that its kind has."""

    kind = SelectField(
        _l("What sort of answer it takes"),
        choices=[SelectChoice(kind, name) for kind, name in words.KINDS.items()],
    )
    title_en = TextAreaField(_l("What is asked, in English"), validators=[Length(max=2000, message=_AT_MOST)])
    title_es = TextAreaField(_l("What is asked, in Spanish"), validators=[Length(max=2000, message=_AT_MOST)])
    help_en = TextAreaField(_l("Help below it, in English"), validators=_TEXT)
    help_es = TextAreaField(_l("Help below it, in Spanish"), validators=_TEXT)
    minimum = StringField(_l("From"), validators=_SHORT)
    maximum = StringField(_l("To"), validators=_SHORT)
    low_text_en = StringField(_l("What the lowest step means, in English"), validators=_SHORT)
    low_text_es = StringField(_l("What the lowest step means, in Spanish"), validators=_SHORT)
    high_text_en = StringField(_l("What the highest step means, in English"), validators=_SHORT)
    high_text_es = StringField(_l("What the highest step means, in Spanish"), validators=_SHORT)
    is_smileys = BooleanField(_l("Show a face beside each step, from sad to happy"))
    most_choices = StringField(
        _l("How many may be chosen at most"), description=_l("Leave it empty for as many as one likes.")
    )
    longest = StringField(
        _l("How many characters at most"),
        description=_l("Leave it empty for %(most)s.", most=f"{LONGEST_ANSWER:,}"),
    )
    other = BooleanField(_l("Offer “Other”, with a line to write which"))
    other_text_en = StringField(_l("Other words for “Other”, in English"), validators=_SHORT)
    other_text_es = StringField(_l("Other words for “Other”, in Spanish"), validators=_SHORT)
    none = BooleanField(_l("Offer “None of these”"))
    none_text_en = StringField(_l("Other words for “None of these”, in English"), validators=_SHORT)
    none_text_es = StringField(_l("Other words for “None of these”, in Spanish"), validators=_SHORT)
    refuse = BooleanField(_l("Offer “Prefer not to say”"))
    refuse_text_en = StringField(_l("Other words for “Prefer not to say”, in English"), validators=_SHORT)
    refuse_text_es = StringField(_l("Other words for “Prefer not to say”, in Spanish"), validators=_SHORT)
    is_required = BooleanField(
        _l("An answer is required"),
        description=_l(
            "Nobody can go on without one. Ask for it only where the rest makes no sense without it."
        ),
    )
    confidential = BooleanField(
        _l("Confidential"),
        description=_l(
            "Answers are counted and never shown one by one: in no list, no quote, no row of an export, to "
            "nobody, not even to staff."
        ),
    )
    demographic = BooleanField(
        _l("It asks about the person"),
        description=_l(
            "Always optional and confidential, with “Prefer not to say”. The help text has to say what the "
            "answer is for."
        ),
    )
    breakdown = BooleanField(
        _l("Tell the other results by it too"),
        description=_l(
            "The results show how the answers to the other questions differ between those who chose this "
            "and those who chose that, where groups are large enough."
        ),
    )
    name = StringField(
        _l("Short name"),
        description=_l(
            "Stands over its column in exports. Leave it empty and we make one of the English text."
        ),
        validators=_SHORT,
    )

    def __init__(self, question: Question, kind: Kind, *, taken: Iterable[str]) -> None:
        super().__init__(data=_values(question, kind))
        self._question, self._kind = question, kind
        self._taken = {name.lower() for name in taken}
        for name, hint in _HINTS.get(kind, {}).items():
            self[name].description = hint
        for field in [one for one in self if not _is_asked(one.short_name, kind)]:
            del self[field.short_name]
        # Whether a list belongs to the question is a matter of its kind: the same fields come and go with it.
        self.lists = [
            self._rows(part, at_least) for part, at_least in (("rows", 1), ("choices", 2)) if has(kind, part)
        ]

    def _rows(self, part: str, at_least: int) -> Rows:
        if request.method == "POST" and f"{part}_en" in request.form:
            return Rows.posted(part, request.form)
        return Rows.of(part, getattr(self._question, part), at_least=at_least)

    def act(self, button: str) -> bool:
        """Do what a button of a list says. Whether one was pressed."""
        return any(rows.act(button, request.form.get(f"{rows.part}_paste", "")) for rows in self.lists)

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields and every line of the lists."""
        is_valid: bool = super().validate(extra_validators)
        for rows in self.lists:
            # Typed and not yet added: it would be lost.
            rows.paste(request.form.get(f"{rows.part}_paste", ""))
            rows.focus = None
            rows.complete()
            is_valid = rows.check() and is_valid
        return is_valid

    @property
    def status(self) -> int:
        """The status of the page that shows this form."""
        return 422 if self.errors or any(rows.problems for rows in self.lists) else 200

    def validate_title_en(self, field: Field) -> None:
        """Asked in one language at least; in one line, but for a text to read."""
        asked = self.localised("title")
        if not asked:
            raise ValidationError(_("Write what is asked, in one language at least."))
        if self._kind is not Kind.NOTE and "\n" in asked.en + asked.es:
            raise ValidationError(
                _("Write the question in one line; what explains it belongs into the help.")
            )

    def validate_help_en(self, _field: Field) -> None:
        """Who asks about the person says what for."""
        if self.has_ticked("demographic") and not self.localised("help"):
            raise ValidationError(_("It asks about the person: say here what the answer is for."))

    def validate_name(self, field: Field) -> None:
        """A name that exports can carry and nothing else has."""
        if not field.data:
            return
        if not NAME.fullmatch(field.data):
            raise ValidationError(
                _("Begin with a letter; use letters, digits and underscores only, 40 at most.")
            )
        if field.data.lower() in self._taken:
            raise ValidationError(_("Something else in this form is called “%(name)s”.", name=field.data))

    def validate_minimum(self, field: Field) -> None:
        """The lower bound can be read."""
        self._check_bound(field)

    def validate_maximum(self, field: Field) -> None:
        """The upper bound can be read, and is not below the lower one."""
        self._check_bound(field)
        low, high = self.minimum.data, field.data
        if self._kind is Kind.SCALE:
            low, high = low or "1", high or "5"
            if STEP.fullmatch(low) and not 2 <= int(high) - int(low) + 1 <= 20:
                raise ValidationError(_("A scale has from 2 to 20 steps."))
        elif low and high and _is_above(self._kind, low, high):
            raise ValidationError(_("“To” has to be more, or later, than “From”."))

    def _check_bound(self, field: Field) -> None:
        if field.data and not _READABLE[self._kind](field.data):
            raise ValidationError(_WRONG[self._kind])

    def validate_most_choices(self, field: Field) -> None:
        """A whole number, or nothing."""
        _need_whole(field, 300)

    def validate_longest(self, field: Field) -> None:
        """A whole number, or nothing."""
        _need_whole(field, LONGEST_ANSWER)

    def has_ticked(self, name: str) -> bool:
        """Whether a box is there and ticked."""
        return name in self and bool(self[name].data)

    def draft(self, condition: Any) -> Question:
        """The question that was typed. Only for a form that is valid."""
        given: dict[str, Any] = {rows.part: rows.choices for rows in self.lists}
        for name in _TEXTS:
            if f"{name}_en" in self:
                given[name] = self.localised(name)
        for name in _BOXES:
            given[name] = self.has_ticked(name)
        for name in _WHOLE:
            given[name] = int(self[name].data) if name in self and self[name].data else None
        for name in ("minimum", "maximum"):
            given[name] = (self[name].data or None) if name in self else None
        return fitted(
            Question(
                name=self.name.data
                or fresh_name(self._taken, self.localised("title").best("en")[0], "question"),
                kind=self._kind,
                title=self.localised("title"),
                help=self.localised("help") if "help_en" in self else Localised(),
                visible_if=condition,
                flags=frozenset(flag for flag in Flag if self.has_ticked(flag)),
                **given,
            )
        )


_TEXTS = ("low_text", "high_text", "other_text", "none_text", "refuse_text")
_BOXES = ("is_required", "is_smileys", "other", "none", "refuse")
_WHOLE = ("most_choices", "longest")

_READABLE: dict[Kind, Callable[[str], object]] = {
    Kind.NUMBER: lambda text: NUMBER.fullmatch(text),
    Kind.SCALE: lambda text: STEP.fullmatch(text),
    Kind.DATE: lambda text: _is_day(text),
}
_WRONG = {
    Kind.NUMBER: _l("Write a number in digits, such as 12 or 2.5."),
    Kind.SCALE: _l("Write a whole number, such as 1 or 5."),
    Kind.DATE: _l("Write the date as year, month, day, such as 2026-11-26."),
}

_ANY_DAY = _l("Year, month, day, such as 2026-11-26. Empty: any day.")
_HINTS: dict[Kind, dict[str, LazyString]] = {
    Kind.SCALE: {"minimum": _l("Empty: 1"), "maximum": _l("Empty: 5")},
    Kind.DATE: {"minimum": _ANY_DAY, "maximum": _ANY_DAY},
    Kind.NUMBER: {"minimum": _l("Empty: any number"), "maximum": _l("Empty: any number")},
}
"""What the bounds of a kind are where nothing is typed."""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_above(kind: Kind, low: str, high: str) -> bool:
    if not (_READABLE[kind](low) and _READABLE[kind](high)):
        return False
    return low > high if kind is Kind.DATE else float(low) > float(high)


def _need_whole(field: Field, most: int) -> None:
    text = field.data or ""
    if text and not (text.isdecimal() and text.isascii() and len(text) < 6 and 1 <= int(text) <= most):
        raise ValidationError(_("Write a whole number from 1 to %(most)s.", most=f"{most:,}"))


_NOT_OF_NOTES = frozenset({"help_en", "help_es", "is_required", *(flag.value for flag in Flag)})


def _is_asked(field: str, kind: Kind) -> bool:
    """Whether questions of a kind have a field."""
    if kind is Kind.NOTE and field in _NOT_OF_NOTES:
        return False
    if field == Flag.BREAKDOWN:
        return kind in (Kind.SINGLE, Kind.SCALE)
    particular = field.removesuffix("_en").removesuffix("_es")
    special = particular.removesuffix("_text")
    if special in ("other", "none", "refuse"):
        return has(kind, special)
    if particular in ("minimum", "maximum", "low_text", "high_text", "is_smileys", "most_choices", "longest"):
        return has(kind, particular)
    return True


def _values(question: Question, kind: Kind) -> dict[str, Any]:
    """A question as the initial content of its fields."""
    values: dict[str, Any] = {"kind": kind.value, "name": question.name}
    for text in ("title", "help", *_TEXTS):
        values |= LocalisedForm.pair(text, getattr(question, text))
    for name in _BOXES:
        values[name] = getattr(question, name)
    for name in ("minimum", "maximum", *_WHOLE):
        given = getattr(question, name)
        values[name] = "" if given is None else str(given)
    return values | {flag.value: flag in question.flags for flag in Flag}
