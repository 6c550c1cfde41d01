"""What clerks type about dockets: every text in English and Spanish, side by side."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, StopValidation

from engage.analysis import BadTaxonomy
from engage.clock import from_wall_clock, utcnow
from engage.db.types import Localised
from engage.dockets.models import Decision, Docket, DocketPhase, PhaseKind
from engage.dockets.service import PhaseDraft, checked_taxonomy
from engage.dockets.slugs import LONGEST_SLUG, SHAPE, SLUG, not_reserved
from engage.web.forms import Form, clean_text, one_line
from engage.web.locale import site_time_zone

LARGEST_TAXONOMY = 500_000
"""In bytes: six times the default one."""

_TITLE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
_TEXT = (Length(max=20_000, message=_l("Write at most 20,000 characters.")),)
_DOCUMENT = (Length(max=400_000, message=_l("Write at most 400,000 characters.")),)
_IN_ENGLISH = _l("%(field)s: residents read both languages, so write this in English too.")
_IN_SPANISH = _l("%(field)s: residents read both languages, so write this in Spanish too.")
_ENGLISH_OR_NONE = _l("%(field)s: write this in English too, or leave both empty.")
_SPANISH_OR_NONE = _l("%(field)s: write this in Spanish too, or leave both empty.")
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")
_NUMBERED = _l(
    "Markdown. A heading or paragraph that begins with its number, such as **3.2**, becomes a clause that "
    "residents can comment on by itself."
)


class _Written(DataRequired):
    """Asks for a text in a sentence with the field's name: the list at the top has it more than once."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raises StopValidation."""
        try:
            super().__call__(form, field)
        except StopValidation as error:
            raise StopValidation(_naming(field, error.args[0])) from None


def _naming(field: Field, sentence: str) -> str:
    return str(sentence) % {"field": field.label.text}


_ENGLISH, _SPANISH = _Written(_IN_ENGLISH), _Written(_IN_SPANISH)

PHASE_KINDS = {
    PhaseKind.ASSESS_READINESS: _l("Assess readiness"),
    PhaseKind.ENGAGE_STAKEHOLDERS: _l("Engage stakeholders"),
    PhaseKind.APPLY: pgettext("phase", "Apply"),
    PhaseKind.TRAIN_AND_IMPLEMENT: _l("Train and implement"),
    PhaseKind.MONITOR_AND_EVALUATE: _l("Monitor and evaluate"),
}


class LocalisedForm(Form):
    """A form whose fields come in pairs, ``name_en`` and ``name_es``."""

    def localised(self, name: str) -> Localised:
        """What was typed into a pair of fields."""
        return Localised(self[f"{name}_en"].data or "", self[f"{name}_es"].data or "")

    @staticmethod
    def pair(name: str, value: Localised) -> dict[str, str]:
        """A text as the initial content of a pair of fields."""
        return {f"{name}_en": value.en, f"{name}_es": value.es}


def slug_field() -> StringField:
    """The part of an address that staff choose."""
    return StringField(
        _l("Address"),
        description=_l(
            "The end of the page’s address, such as 287g-agreement. It stays once residents can see the page."
        ),
        validators=[
            DataRequired(_l("Choose an address.")),
            Length(max=LONGEST_SLUG, message=_l("Write at most 80 characters.")),
            Regexp(rf"{SLUG.pattern}\Z", message=SHAPE),
            not_reserved,
        ],
    )


class DocketForm(LocalisedForm):
    """A docket's own texts. A draft may lack a language, a published docket may not."""

    title_en = StringField(_l("Title in English"), validators=_TITLE)
    title_es = StringField(_l("Title in Spanish"), validators=_TITLE)
    summary_en = TextAreaField(_l("What is proposed, in English"), description=_MARKDOWN, validators=_TEXT)
    summary_es = TextAreaField(_l("What is proposed, in Spanish"), description=_MARKDOWN, validators=_TEXT)
    slug = slug_field()

    def __init__(self, docket: Docket | None = None) -> None:
        values = {"slug": docket.slug} if docket else {}
        if docket:
            values |= self.pair("title", docket.title) | self.pair("summary", docket.summary)
        super().__init__(data=values)
        self._is_published = docket is not None and docket.published_at is not None

    def validate_title_en(self, _field: Field) -> None:
        """A title in one language at least, so that colleagues know which draft it is."""
        if not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A published docket keeps both languages: said at each field that lacks one."""
        is_valid: bool = super().validate(extra_validators)
        missing = [
            self[f"{name}_{code}"]
            for name in ("title", "summary")
            for code in ("en", "es")
            if self._is_published and not self[f"{name}_{code}"].data
        ]
        for field in missing:
            field.errors = [
                _(
                    "%(field)s: residents can see this docket, so this is needed in both languages.",
                    field=field.label.text,
                )
            ]
        return is_valid and not missing


class ShownFromForm(LocalisedForm):
    """Something that residents see at once, or from a day on."""

    shown_from = DateField(
        _l("Show it from this day on"),
        description=_l("Leave it empty to show it at once."),
        validators=[Optional()],
    )

    def validate_shown_from(self, field: Field) -> None:
        """Not a day that is over: nothing was there to read on it."""
        if field.data < self._today():
            raise ValidationError(_("Choose today or a later day."))

    @property
    def published_at(self) -> datetime:
        """The instant from which it is shown. Only for a form that is valid."""
        day: date | None = self.shown_from.data
        now = utcnow()
        if day is None or day <= self._today():
            return now
        return from_wall_clock(datetime.combine(day, time()), site_time_zone())

    @staticmethod
    def _today() -> date:
        return utcnow().astimezone(site_time_zone()).date()


class DocumentForm(ShownFromForm):
    """A document with its first version."""

    title_en = StringField(_l("Title in English"), validators=[_ENGLISH, *_TITLE])
    title_es = StringField(_l("Title in Spanish"), validators=[_SPANISH, *_TITLE])
    body_en = TextAreaField(_l("Text in English"), description=_NUMBERED, validators=[_ENGLISH, *_DOCUMENT])
    body_es = TextAreaField(_l("Text in Spanish"), description=_NUMBERED, validators=[_SPANISH, *_DOCUMENT])
    slug = slug_field()


class VersionForm(ShownFromForm):
    """The next version of a document."""

    body_en = TextAreaField(_l("Text in English"), description=_NUMBERED, validators=[_ENGLISH, *_DOCUMENT])
    body_es = TextAreaField(_l("Text in Spanish"), description=_NUMBERED, validators=[_SPANISH, *_DOCUMENT])
    change_note_en = TextAreaField(_l("What is new, in English"), validators=[_ENGLISH, *_TEXT])
    change_note_es = TextAreaField(_l("What is new, in Spanish"), validators=[_SPANISH, *_TEXT])


class UpdateForm(ShownFromForm):
    """News on a docket."""

    title_en = StringField(_l("Title in English"), validators=[_ENGLISH, *_TITLE])
    title_es = StringField(_l("Title in Spanish"), validators=[_SPANISH, *_TITLE])
    body_en = TextAreaField(_l("Text in English"), description=_MARKDOWN, validators=[_ENGLISH, *_TEXT])
    body_es = TextAreaField(_l("Text in Spanish"), description=_MARKDOWN, validators=[_SPANISH, *_TEXT])


_SAID_OF = {True: "yes", False: "no", None: "unsaid"}


class DecisionForm(LocalisedForm):
    """What was decided."""

    decided_on = DateField(_l("Day of the decision"), validators=[InputRequired(_l("Choose the day."))])
    decided_by_en = StringField(_l("Who decided, in English"), validators=[_ENGLISH, *_TITLE])
    decided_by_es = StringField(_l("Who decided, in Spanish"), validators=[_SPANISH, *_TITLE])
    outcome_en = StringField(_l("Outcome in English"), validators=[_ENGLISH, *_TITLE])
    outcome_es = StringField(_l("Outcome in Spanish"), validators=[_SPANISH, *_TITLE])
    goes_ahead = RadioField(
        _l("What follows from it"),
        choices=[
            SelectChoice("yes", _l("It goes ahead: the later phases come")),
            SelectChoice("no", _l("It does not go ahead: the later phases do not come")),
            SelectChoice("unsaid", _l("Neither can be said")),
        ],
        default="unsaid",
        validate_choice=True,
        validators=[InputRequired(_l("Choose what follows from the decision."))],
    )
    reasons_en = TextAreaField(_l("Reasons in English"), description=_MARKDOWN, validators=[_ENGLISH, *_TEXT])
    reasons_es = TextAreaField(_l("Reasons in Spanish"), description=_MARKDOWN, validators=[_SPANISH, *_TEXT])

    knows_open = BooleanField(
        _l("I know that a comment period is still open, and record the decision nevertheless"),
        validators=[InputRequired(_l("Confirm that it is decided while a comment period is open."))],
    )
    is_read = BooleanField(
        _l("I have read what residents will see"),
        description=_l("They see it as soon as you save, in both languages."),
        validators=[InputRequired(_l("Read what residents will see, and tick that you have."))],
    )

    def __init__(self, decision: Decision | None, *, is_period_open: bool = False) -> None:
        values: dict[str, Any] = {}
        if decision:
            values = {"decided_on": decision.decided_on, "goes_ahead": _SAID_OF[decision.goes_ahead]}
            for name in ("decided_by", "outcome", "reasons"):
                values |= self.pair(name, getattr(decision, name))
        super().__init__(data=values)
        if not is_period_open:
            del self.knows_open

    def validate_decided_on(self, field: Field) -> None:
        """A decision is written down once it was made."""
        if field.data > utcnow().astimezone(site_time_zone()).date():
            raise ValidationError(_("This day is still to come."))

    @property
    def leads_on(self) -> bool | None:
        """Whether the later phases come. Only for a form that is valid."""
        return {said: leads for leads, said in _SAID_OF.items()}[self.goes_ahead.data]


class ConcernsForm(Form):
    """A docket's changed taxonomy as a file."""

    file = FileField(
        _l("The changed file"),
        description=_l("A text file in the TOML format, made from the one that you can download here."),
    )

    @property
    def source(self) -> str:
        """The name of the file, for messages about it."""
        return clean_text((self.file.data.filename or "")[:80]) or "taxonomy.toml"

    def validate_file(self, field: Field) -> None:
        """A file from which a taxonomy can be read."""
        if not field.data:
            raise ValidationError(_("Choose the file."))
        content = field.data.read(LARGEST_TAXONOMY + 1)
        if len(content) > LARGEST_TAXONOMY:
            raise ValidationError(_("This file is too large. It may have at most 500 kB."))
        try:
            self.toml = content.decode("utf-8-sig")
            self.taxonomy = checked_taxonomy(self.toml, source=self.source)
        except UnicodeDecodeError as error:
            raise ValidationError(
                _not_usable(f"{self.source}: not UTF-8 text (byte {error.start})")
            ) from None
        except BadTaxonomy as error:
            raise ValidationError(_not_usable(str(error))) from None


class ConfirmConcernsForm(Form):
    """The taxonomy that was shown and is now to come into force; empty for the default one."""

    toml = HiddenField(filters=[lambda value: value or ""])

    def validate_toml(self, field: Field) -> None:
        """Still a taxonomy."""
        try:
            if field.data:
                checked_taxonomy(field.data, source="taxonomy.toml")
        except BadTaxonomy as error:
            raise ValidationError(_not_usable(str(error))) from None


def _not_usable(message: str) -> str:
    return str(_("This file cannot be used. The message names the place in it: %(message)s", message=message))


class PhaseForm(LocalisedForm):
    """One phase; a form that is left empty, or emptied, is no phase."""

    kind = SelectField(
        _l("Kind of phase"), choices=[SelectChoice(kind, label) for kind, label in PHASE_KINDS.items()]
    )
    title_en = StringField(_l("Title in English"), validators=_TITLE)
    title_es = StringField(_l("Title in Spanish"), validators=_TITLE)
    summary_en = TextAreaField(_l("What happens, in English"), validators=_TEXT)
    summary_es = TextAreaField(_l("What happens, in Spanish"), validators=_TEXT)
    starts_on = DateField(_l("First day"), validators=[Optional()])
    ends_on = DateField(_l("Last day"), validators=[Optional()])

    def __init__(self, number: int, phase: DocketPhase | None = None) -> None:
        values: dict[str, Any] = {}
        if phase:
            values = {"kind": phase.kind, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
            values |= self.pair("title", phase.title) | self.pair("summary", phase.summary)
        super().__init__(prefix=f"phase-{number}-", data=values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (
            self.localised("title") or self.localised("summary") or self.starts_on.data or self.ends_on.data
        )

    def validate_title_en(self, field: Field) -> None:
        """Needed, unless all is empty."""
        self._need(field, self.is_empty, _naming(field, _IN_ENGLISH))

    def validate_title_es(self, field: Field) -> None:
        """Needed, unless all is empty."""
        self._need(field, self.is_empty, _naming(field, _IN_SPANISH))

    def validate_summary_en(self, field: Field) -> None:
        """Both languages or none."""
        self._need(field, not self.localised("summary"), _naming(field, _ENGLISH_OR_NONE))

    def validate_summary_es(self, field: Field) -> None:
        """Both languages or none."""
        self._need(field, not self.localised("summary"), _naming(field, _SPANISH_OR_NONE))

    def validate_ends_on(self, field: Field) -> None:
        """A last day comes with a first day, and not before it."""
        if field.data and (self.starts_on.data is None or field.data < self.starts_on.data):
            raise ValidationError(_("A phase needs a first day, and its last day may not come before it."))

    @property
    def draft(self) -> PhaseDraft:
        """The phase that was typed. Only for a form that is valid and not empty."""
        return PhaseDraft(
            PhaseKind(self.kind.data),
            self.localised("title"),
            self.localised("summary"),
            self.starts_on.data,
            self.ends_on.data,
        )

    @staticmethod
    def _need(field: Field, is_excused: bool, message: str) -> None:
        if not field.data and not is_excused:
            raise ValidationError(message)
