"""What officials and clerks type about the record; every text in English and Spanish, side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm, slug_field
from engage.oversight import words
from engage.oversight.models import Frequency, Indicator, Unit
from engage.oversight.service import CategoryDraft, EntryDraft, IndicatorDraft, mark_of
from engage.oversight.service.importing import LARGEST_FILE
from engage.oversight.stretches import Stretch
from engage.oversight.told import ADDING_UNITS, REST, TOTAL, Version, with_rest
from engage.oversight.values import BadValue, Value, plain, value_of
from engage.web.addresses import source_address
from engage.web.forms import Form, one_line
from engage.web.locale import site_day

MOST_CATEGORIES = 20
MOST_YEARS = 50
MONTHS = range(1, 13)

_NAME = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
_TEXT = (Length(max=4_000, message=_l("Write at most 4,000 characters.")),)
_NOTE = (Length(max=2_000, message=_l("Write at most 2,000 characters.")),)
_PAIRS = ("name", "definition", "source", "owner")


def _first_month(label: Any) -> SelectField:
    return SelectField(
        label,
        description=_l("January for years of the calendar; July or October for most fiscal years."),
        coerce=int,
        default=1,
    )


def _months() -> list[SelectChoice]:
    return [SelectChoice(number, words.month_name(number)) for number in MONTHS]


class IndicatorForm(LocalisedForm):
    """An indicator as a draft: it may lack a language until it is published."""

    name_en = StringField(_l("Name in English"), validators=_NAME)
    name_es = StringField(_l("Name in Spanish"), validators=_NAME)
    definition_en = TextAreaField(
        _l("What counts and what does not, in English"),
        description=_l("You can use Markdown."),
        validators=_TEXT,
    )
    definition_es = TextAreaField(
        _l("What counts and what does not, in Spanish"),
        description=_l("You can use Markdown."),
        validators=_TEXT,
    )
    unit = SelectField(
        _l("What is counted or measured"), validators=[InputRequired(_l("Choose what is counted."))]
    )
    frequency = SelectField(
        _l("How often figures are promised"), validators=[InputRequired(_l("Choose how often."))]
    )
    starts_on = DateField(_l("First day that is measured"), validators=[InputRequired(_l("Choose the day."))])
    first_month = _first_month(_l("Month in which its year begins"))
    promised = IntegerField(
        _l("Promised at least, a year"),
        description=_l("Only for what was promised, such as four public meetings a year."),
        validators=[Optional(), NumberRange(1, 1_000, _l("Write a number from 1 to 1,000."))],
    )
    source_en = StringField(_l("Where the figures come from, in English"), validators=_NAME)
    source_es = StringField(_l("Where the figures come from, in Spanish"), validators=_NAME)
    source_url = source_address(_l("Address of the source"))
    owner_en = StringField(_l("Who is responsible, in English"), validators=_NAME)
    owner_es = StringField(_l("Who is responsible, in Spanish"), validators=_NAME)
    method_en = TextAreaField(_l("How it is measured, in English"), validators=_TEXT)
    method_es = TextAreaField(_l("How it is measured, in Spanish"), validators=_TEXT)
    categories = TextAreaField(
        _l("Categories"),
        description=_l(
            "One a line, English | Spanish, such as: Felony | Delito grave. Leave it empty for none."
        ),
        validators=_TEXT,
    )
    slug = slug_field()
    seen = HiddenField()

    def __init__(self, indicator: Indicator | None = None) -> None:
        super().__init__(data=_typed(indicator) if indicator else {})
        self.unit.choices = [SelectChoice(unit, words.UNITS[unit]) for unit in Unit]
        self.frequency.choices = [SelectChoice(one, words.FREQUENCIES[one]) for one in Frequency]
        self.first_month.choices = _months()
        self.category_drafts: tuple[CategoryDraft, ...] = ()

    def validate_name_en(self, _field: Field) -> None:
        """A name in one language at least, so that colleagues know which draft it is."""
        if not self.localised("name"):
            raise ValidationError(_("Write a name, in one language at least."))

    def validate_starts_on(self, field: Field) -> None:
        """A day of our time: a century too many is a slip, and nobody could page through it."""
        _check_day(field)

    def validate_categories(self, field: Field) -> None:
        """Lines of two names; each makes a key of its own."""
        lines = [line.strip() for line in (field.data or "").split("\n") if line.strip()]
        if len(lines) > MOST_CATEGORIES:
            raise ValidationError(_("Write at most %(most)s categories.", most=MOST_CATEGORIES))
        names = [tuple(part.strip() for part in line.split("|")) for line in lines]
        for pair in names:
            if len(pair) != 2 or not all(pair) or max(map(len, pair)) > 200:
                raise ValidationError(_("“%(line)s”: write English | Spanish.", line="|".join(pair)[:80]))
        keys = [key_of(pair[0]) for pair in names]
        if len(set(keys)) < len(keys) or not all(keys):
            raise ValidationError(_("Two categories have the same English name, or one has no letter."))
        self.category_drafts = tuple(
            CategoryDraft(key, Localised(*pair)) for key, pair in zip(keys, names, strict=True)
        )

    @property
    def draft(self) -> IndicatorDraft:
        """The indicator that was typed. Only for a form that is valid."""
        return IndicatorDraft(
            slug=self.slug.data,
            unit=Unit(self.unit.data),
            frequency=Frequency(self.frequency.data),
            starts_on=self.starts_on.data,
            promised=self.promised.data,
            source_url=self.source_url.data or None,
            method=self.localised("method"),
            categories=self.category_drafts,
            first_month=self.first_month.data,
            **{name: self.localised(name) for name in _PAIRS},
        )


def _check_day(field: Field) -> None:
    day, today = field.data, site_day(utcnow())
    if not today.year - MOST_YEARS < day.year <= today.year + MOST_YEARS:
        raise ValidationError(_("Check the year of this day."))


def key_of(name: str) -> str:
    """What a category is called in files: its English name in small letters."""
    plain_letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain_letters).strip("_")[:40]


def _typed(indicator: Indicator) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(indicator, name)
        for name in ("slug", "unit", "frequency", "starts_on", "promised", "source_url")
    }
    for name in _PAIRS:
        values |= LocalisedForm.pair(name, getattr(indicator, name))
    values |= LocalisedForm.pair("method", indicator.methods[0].text)
    values |= {"first_month": indicator.methods[0].first_month, "seen": mark_of(indicator)}
    values["categories"] = "\n".join(f"{row.name.en} | {row.name.es}" for row in indicator.categories)
    return values


class StandardForm(Form):
    """From which day on the standard indicators are measured."""

    starts_on = DateField(
        _l("First day that is measured"),
        description=_l("Such as the first day of the agreement. You can change it for each of them."),
        validators=[InputRequired(_l("Choose the day."))],
    )

    first_month = _first_month(_l("Month in which the county’s fiscal year begins"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first_month.choices = _months()

    def validate_starts_on(self, field: Field) -> None:
        """A day of our time."""
        _check_day(field)


class MethodForm(LocalisedForm):
    """A new way to measure an indicator, or another year to go by."""

    valid_from = DateField(
        _l("First day that is measured so"), validators=[InputRequired(_l("Choose the day."))]
    )
    text_en = TextAreaField(
        _l("How it is measured from then on, in English"),
        validators=[
            InputRequired(_l("Residents read both languages, so write this in English too.")),
            *_TEXT,
        ],
    )
    text_es = TextAreaField(
        _l("How it is measured from then on, in Spanish"),
        validators=[
            InputRequired(_l("Residents read both languages, so write this in Spanish too.")),
            *_TEXT,
        ],
    )
    first_month = _first_month(_l("Month in which its year begins from then on"))

    def __init__(self, indicator: Indicator) -> None:
        super().__init__(data={"first_month": indicator.methods[-1].first_month})
        self.first_month.choices = _months()

    def validate_valid_from(self, field: Field) -> None:
        """A day of our time: no other method could begin before it."""
        _check_day(field)


class EndForm(Form):
    """The last day that is measured."""

    ended_on = DateField(_l("Last day that is measured"), validators=[InputRequired(_l("Choose the day."))])

    def validate_ended_on(self, field: Field) -> None:
        """Not a day to come: until then figures are promised."""
        if field.data > site_day(utcnow()):
            raise ValidationError(_("This day is still to come."))


class ValueField(StringField):
    """A number as people type it, or <10; ``value`` is None where nothing was typed."""

    value: Value = None


class EntryForm(LocalisedForm):
    """All values of one stretch; ``entry_form`` adds a field for each of them."""

    last_on = HiddenField()
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    note_en = TextAreaField(_l("Note in English"), validators=_NOTE)
    note_es = TextAreaField(
        _l("Note in Spanish"),
        description=_l("Needed for a correction, and for what was not collected. It never names a person."),
        validators=_NOTE,
    )

    unit: Unit
    names: dict[str, str]

    def value_fields(self) -> dict[str, ValueField]:
        """The fields of the total and of each category, by category."""
        return {category: self[name] for category, name in self.names.items()}

    def validate(self, extra_validators: Any = None) -> bool:
        """Every value is a number of the unit, or empty."""
        is_valid: bool = super().validate(extra_validators)
        for field in self.value_fields().values():
            field.value = None
            try:
                field.value = value_of(field.data, self.unit) if field.data else None
            except BadValue as error:
                field.errors = [f"{field.label.text}: {error}"]
                is_valid = False
        return is_valid

    def take_seen(self, versions: int) -> None:
        """Let what is sent next be a correction of this many versions: their figures are shown."""
        self.seen.raw_data, self.seen.data = None, versions

    @property
    def entry(self) -> EntryDraft:
        """What was typed. Only for a form that is valid."""
        values = {category: field.value for category, field in self.value_fields().items()}
        total = values.pop(TOTAL)
        return EntryDraft(
            total,
            values,
            self.localised("note"),
            has_rest=bool(self.has_rest.data) if "has_rest" in self else False,
            base=self.base.data if "base" in self else None,
        )

    def point_at(self, category: str | None, message: str) -> None:
        """Tell a mistake that the service found where it was made."""
        name = {"note": "note_en", "base": "base"}.get(category or "", self.names.get(category or TOTAL))
        if category is None or name not in self:
            self.form_errors = [message]
        else:
            self[name].errors = [message]


def entry_form(
    indicator: Indicator, stretch: Stretch, published: Sequence[Version], given: dict[str, Any] | None = None
) -> EntryForm:
    """The form of one stretch, with what is published already, or with what is ``given``."""
    fields: dict[str, Any] = {"unit": indicator.unit, "names": {TOTAL: "total"}}
    fields["total"] = ValueField(
        _l("Total"), description=words.UNIT_HINTS[indicator.unit], validators=[Length(max=30)]
    )
    for place, category in enumerate(indicator.categories):
        fields["names"][category.key] = f"part_{place}"
        fields[f"part_{place}"] = ValueField(words.name_of(category.name), validators=[Length(max=30)])
    if indicator.categories and indicator.unit in ADDING_UNITS:
        fields["has_rest"] = BooleanField(_l("What is missing to the total is in none of these categories"))
    if indicator.unit is Unit.PERCENT:
        fields["base"] = IntegerField(
            _l("Of how many people or cases is this the share?"),
            description=_l("It is told in the note. A share that tells of fewer than ten is refused."),
            validators=[Optional(), NumberRange(1, 10**9)],
        )
    form: type[EntryForm] = type("EntryForm", (EntryForm,), fields)
    data: dict[str, Any] = {"last_on": stretch.last_on.isoformat(), "seen": len(published)}
    if published:
        values = published[-1].values
        data |= {name: plain(values.get(category)) for category, name in fields["names"].items()}
        data["has_rest"] = REST in with_rest(values, indicator.unit)
    return form(data=data | (given or {}))


class ImportForm(Form):
    """A file of entries."""

    file = FileField(
        _l("The file"),
        description=_l("A text file in the CSV format, of at most 300 kB."),
        validators=[InputRequired(_l("Choose the file."))],
    )
    text: str = ""

    def validate_file(self, field: Field) -> None:
        """A file of text."""
        content = field.data.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValidationError(_("This file is too large. It may have at most 300 kB."))
        try:
            self.text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("This file is not UTF-8 text (byte %(byte)s).", byte=error.start)
            ) from None


class ConfirmImportForm(Form):
    """The file that was shown and is now to be published."""

    text = HiddenField()
    seen = HiddenField()

    def validate_text(self, field: Field) -> None:
        """As small as the file was."""
        if not field.data or len(field.data.encode()) > LARGEST_FILE:
            raise ValidationError(_("Choose the file."))
