"""What staff type about the life of a docket: every text in English and Spanish, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import ValidationError as Mistake
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from engage.db.types import LANGUAGES, Localised
from engage.dockets.forms import LocalisedForm
from engage.dockets.models import District
from engage.lifecycle import words
from engage.lifecycle.impersonal import found_in
from engage.lifecycle.models import (
    Outreach,
    OutreachHow,
    OutreachOutcome,
    ReadinessArea,
    ReadinessItem,
    ReadinessState,
    Stakeholder,
    StakeholderKind,
)
from engage.lifecycle.service.readiness import LARGEST_AMOUNT, NEEDS_FINDING, PointDraft, mark_of
from engage.lifecycle.service.register import (
    NO_PERSON,
    BodyDraft,
    ContactDraft,
    mark_of_bodies,
    mark_of_contact,
)
from engage.meetings.interpreting import language_choices
from engage.web.addresses import source_address
from engage.web.forms import Form, one_line
from engage.web.locale import localised

MOST_LINES = 100

_TITLE = (one_line, Length(max=300, message=_l("Write at most 300 characters.")))
_NAME = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
_TEXT = (Length(max=10_000, message=_l("Write at most 10,000 characters.")),)
_NOTE = (Length(max=1_000, message=_l("Write at most 1,000 characters.")),)
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")
_NOBODY = _l("Organizations and offices only: no person’s name, e-mail address or telephone number.")


def not_a_person(_form: Form, field: Field) -> None:
    """A validator: nothing that reaches or identifies one person."""
    if found := found_in(field.data or ""):
        raise Mistake(str(NO_PERSON) % {"found": found})


def _codes(field_label: Any, description: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        field_label,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def _say_missing(form: LocalisedForm, name: str, *, is_needed: bool) -> bool:
    """Say at the fields of a pair what is missing in it; a text that is not needed may be left out whole."""
    text = form.localised(name)
    if not is_needed and not text:
        return False
    missing = [form[f"{name}_{code}"] for code in LANGUAGES if not form[f"{name}_{code}"].data]
    for field in missing:
        message = _("%(field)s: residents read both languages, so this is needed.", field=field.label.text)
        field.errors = [*field.errors, message]
    return bool(missing)


class DollarsField(IntegerField):
    """Whole dollars; what is no whole number is told in one plain sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError."""
        typed = valuelist[0].strip() if valuelist else ""
        try:
            self.data = int(typed) if typed else None
        except ValueError:
            self.data = None
            raise ValueError(_("Write a whole number of dollars, such as 12000.")) from None


def _in_range(_form: Form, field: Field) -> None:
    """A validator: not where nothing could be read, which is told already."""
    if field.data is not None and abs(field.data) > LARGEST_AMOUNT:
        raise Mistake(_("This amount is too large."))


class PointForm(LocalisedForm):
    """One point of the checklist. A draft may lack a language; what residents read may not."""

    area = SelectField(
        _l("What it is about"), choices=[SelectChoice(area, words.AREAS[area]) for area in ReadinessArea]
    )
    title_en = StringField(_l("What is to be found out, in English"), validators=_TITLE)
    title_es = StringField(_l("What is to be found out, in Spanish"), validators=_TITLE)
    state = SelectField(
        _l("What is known"),
        choices=[SelectChoice(state, words.STATES[state]) for state in ReadinessState],
    )
    finding_en = TextAreaField(_l("What was found, in English"), description=_MARKDOWN, validators=_TEXT)
    finding_es = TextAreaField(_l("What was found, in Spanish"), description=_MARKDOWN, validators=_TEXT)
    amount = DollarsField(
        _l("Dollars a year"),
        description=_l(
            "Only where it is known and has a price: a whole number, such as 12000. Put a minus before a "
            "saving."
        ),
        validators=[_in_range],
    )
    source_en = StringField(
        _l("Where this is from, in English"),
        description=_l("A document, an office or a law, such as “County attorney, memo of May 4”."),
        validators=_TITLE,
    )
    source_es = StringField(_l("Where this is from, in Spanish"), validators=_TITLE)
    source_url = source_address(
        _l("Its address on the web"), _l("Leave it empty if it cannot be read there.")
    )
    checked_on = DateField(
        _l("Day on which it was found out"),
        description=_l("Leave it empty if nobody has looked yet."),
        validators=[Optional()],
    )
    seen = HiddenField()

    def __init__(self, item: ReadinessItem | None, area: ReadinessArea | None, today: date) -> None:
        self._today, self._is_public = today, item is not None and item.published_at is not None
        values: dict[str, Any] = {"area": area}
        if item is not None:
            values = {
                name: getattr(item, name) for name in ("area", "state", "amount", "source_url", "checked_on")
            }
            for name in ("title", "finding", "source"):
                values |= self.pair(name, getattr(item, name))
            values["seen"] = mark_of([item])
        super().__init__(data=values)

    def validate_amount(self, field: Field) -> None:
        """Only of what is known: an estimate that somebody still works on is none yet."""
        if field.data is not None and self.state.data != ReadinessState.KNOWN:
            raise Mistake(_("Only what is known has an amount."))

    def validate_checked_on(self, field: Field) -> None:
        """A day that has come."""
        if field.data and field.data > self._today:
            raise Mistake(_("This day is still to come."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A title in one language at least; where residents read it, all that they need."""
        is_valid: bool = super().validate(extra_validators)
        if not self.localised("title"):
            self.title_en.errors = [*self.title_en.errors, _("Write what is to be found out.")]
            return False
        if not self._is_public:
            return is_valid
        is_needed = self.state.data in NEEDS_FINDING
        # Every pair is looked at, so that all mistakes are told at once.
        missing = [
            _say_missing(self, name, is_needed=needed)
            for name, needed in (
                ("title", True),
                ("finding", is_needed),
                ("source", is_needed or bool(self.localised("finding"))),
            )
        ]
        return is_valid and not any(missing)

    @property
    def draft(self) -> PointDraft:
        """The point that was typed. Only for a form that is valid."""
        return PointDraft(
            ReadinessArea(self.area.data),
            self.localised("title"),
            ReadinessState(self.state.data),
            self.localised("finding"),
            self.amount.data,
            self.localised("source"),
            self.source_url.data or None,
            self.checked_on.data,
        )


class _BodyFields(LocalisedForm):
    """What a body and a list of bodies have in common."""

    kind = SelectField(
        _l("Kind of body"), choices=[SelectChoice(kind, words.KINDS[kind]) for kind in StakeholderKind]
    )
    language = _codes(_l("Languages to ask in"))
    district = _codes(_l("Districts where it is at home"), _l("Choose none for the whole county."))

    def __init__(self, districts: Iterable[District], values: dict[str, Any]) -> None:
        super().__init__(data=values)
        self.language.choices = language_choices()
        self.district.choices = [(one.code, localised(one.name)) for one in districts]

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes that were ticked."""
        return tuple(self.language.data or ())

    @property
    def districts(self) -> tuple[str, ...]:
        """The codes that were ticked."""
        return tuple(self.district.data or ())


class BodyForm(_BodyFields):
    """A body of the register. A draft may lack a language; what residents read may not."""

    name_en = StringField(
        _l("Name in English"), description=_NOBODY, validators=[*_NAME, not_a_person]
    )  # fmt: skip
    name_es = StringField(
        _l("Name in Spanish"), description=_l("The same, if it has one name only."),
        validators=[*_NAME, not_a_person],
    )  # fmt: skip
    why_en = TextAreaField(
        _l("Why it is asked, in English"), description=_NOBODY, validators=[*_NOTE, not_a_person]
    )  # fmt: skip
    why_es = TextAreaField(_l("Why it is asked, in Spanish"), validators=[*_NOTE, not_a_person])

    stays_unnamed = BooleanField(
        _l("It does not want to be named"),
        description=_l(
            "Then residents never read its name. It counts only together with at least one other such body."
        ),
    )
    seen = HiddenField()

    def __init__(self, body: Stakeholder | None, districts: Iterable[District]) -> None:
        self._is_public = body is not None and body.published_at is not None
        values: dict[str, Any] = {}
        if body is not None:
            values = {"kind": body.kind, "language": body.languages, "district": body.districts}
            values |= {"stays_unnamed": body.stays_unnamed, "seen": mark_of_bodies([body])}
            values |= self.pair("name", body.name) | self.pair("why", body.why)
        super().__init__(districts, values)

    def validate(self, extra_validators: Any = None) -> bool:
        """A name in one language at least; where residents read it, all in both."""
        is_valid: bool = super().validate(extra_validators)
        if not self.localised("name"):
            self.name_en.errors = [*self.name_en.errors, _("Write the name of the body.")]
            return False
        if not self._is_public or self.stays_unnamed.data:
            return is_valid
        missing = [_say_missing(self, name, is_needed=name == "name") for name in ("name", "why")]
        return is_valid and not any(missing)

    def say_what_is_missing(self) -> None:
        """Say at its fields what residents would have to read before it can be shown."""
        for name in ("name", "why"):
            _say_missing(self, name, is_needed=name == "name")

    @property
    def draft(self) -> BodyDraft:
        """The body that was typed. Only for a form that is valid."""
        return BodyDraft(
            StakeholderKind(self.kind.data),
            self.localised("name"),
            self.localised("why"),
            self.languages,
            self.districts,
            bool(self.stays_unnamed.data),
        )


class PasteForm(_BodyFields):
    """Several bodies of one kind at once, one a line."""

    lines = TextAreaField(
        _l("The bodies, one a line"),
        description=_l(
            "The name in English, a vertical bar, the name in Spanish: Growers’ Cooperative | Cooperativa de "
            "Productores. Without a bar both are the same. Organizations and offices only."
        ),
        validators=[
            InputRequired(_l("Write one body at least.")),
            Length(max=40_000, message=_l("Write at most 40,000 characters.")),
        ],
    )

    def __init__(self, districts: Iterable[District]) -> None:
        super().__init__(districts, {})

    def validate_lines(self, field: Field) -> None:
        """Every line is a name; each that is not is told by its number."""
        lines = [(number, line) for number, line in enumerate(field.data.split("\n"), 1) if line.strip()]
        if len(lines) > MOST_LINES:
            raise Mistake(_("Write at most %(count)s lines at once.", count=MOST_LINES))
        mistakes = [said for number, line in lines if (said := _mistake_in(number, line))]
        if mistakes:
            raise Mistake(" ".join(mistakes))

    @property
    def drafts(self) -> list[BodyDraft]:
        """The bodies that were typed. Only for a form that is valid."""
        names = [_name_in(line) for line in self.lines.data.split("\n") if line.strip()]
        kind = StakeholderKind(self.kind.data)
        return [BodyDraft(kind, name, languages=self.languages, districts=self.districts) for name in names]


def _name_in(line: str) -> Localised:
    english, bar, spanish = (part.strip() for part in line.partition("|"))
    return Localised(english, spanish if bar else english)


def _mistake_in(number: int, line: str) -> str:
    name = _name_in(line)
    if not name.is_complete or "|" in name.es:
        return str(_("Line %(number)s: write one name, or two with one bar between them.", number=number))
    if max(len(name.en), len(name.es)) > 200:
        return str(_("Line %(number)s: write at most 200 characters a name.", number=number))
    if found := found_in(line):
        return str(
            _(
                "Line %(number)s: the register is of organizations and offices. Leave this out: %(found)s.",
                number=number,
                found=found,
            )
        )
    return ""


class ContactForm(LocalisedForm):
    """One attempt to ask a body."""

    how = SelectField(_l("How"), choices=[SelectChoice(how, words.HOW[how]) for how in OutreachHow])
    language = SelectField(_l("In which language"))
    happened_on = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])
    outcome = SelectField(
        _l("What came of it"),
        choices=[SelectChoice(outcome, words.OUTCOMES[outcome]) for outcome in OutreachOutcome],
    )
    note_en = TextAreaField(_l("Note in English"), description=_NOBODY, validators=[*_NOTE, not_a_person])
    note_es = TextAreaField(_l("Note in Spanish"), validators=[*_NOTE, not_a_person])
    seen = HiddenField()

    def __init__(self, contact: Outreach | None, today: date) -> None:
        self._today = today
        values: dict[str, Any] = {"happened_on": today}
        if contact is not None:
            values = {name: getattr(contact, name) for name in ("how", "language", "happened_on", "outcome")}
            values |= self.pair("note", contact.note) | {"seen": mark_of_contact(contact)}
        super().__init__(data=values)
        self.language.choices = language_choices()

    def validate_happened_on(self, field: Field) -> None:
        """A day to come is a plan."""
        if field.data > self._today and self.outcome.data != OutreachOutcome.PLANNED:
            raise Mistake(_("This day is still to come, so it can only be planned."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A note in both languages, or none."""
        is_valid: bool = super().validate(extra_validators)
        return not _say_missing(self, "note", is_needed=False) and is_valid

    @property
    def draft(self) -> ContactDraft:
        """The attempt that was typed. Only for a form that is valid."""
        return ContactDraft(
            OutreachHow(self.how.data),
            self.language.data,
            self.happened_on.data,
            OutreachOutcome(self.outcome.data),
            self.localised("note"),
        )
