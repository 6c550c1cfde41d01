"""What staff type: about the residents of the place, and when they publish a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, DateField, Field, HiddenField, IntegerField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.reports.models import CensusShare, Margin
from engage.reports.service.census import mark_of
from engage.web.addresses import LONGEST_ADDRESS, is_web_address
from engage.web.forms import one_line
from engage.web.locale import site_day

MOST_PEOPLE = 100_000_000


class CensusForm(LocalisedForm):
    """How many residents have each value of one margin; a field for each: ``people-KEY``.

    A field that is left empty is not counted; with all of them empty nothing is kept.
    """

    source_en = StringField(
        _l("Source in English"),
        description=_l("Such as: U.S. Census Bureau, American Community Survey 2020–2024, table B01003."),
        validators=[one_line, Length(max=300, message=_l("Write at most 300 characters."))],
    )
    source_es = StringField(
        _l("Source in Spanish"),
        validators=[one_line, Length(max=300, message=_l("Write at most 300 characters."))],
    )
    source_url = StringField(
        _l("Link to the source"),
        validators=[one_line, Length(max=LONGEST_ADDRESS, message=_l("Write at most 400 characters."))],
    )
    as_of = DateField(_l("Day of the figures"), validators=[Optional()])
    seen = HiddenField()

    def __init__(self, margin: Margin, labels: Mapping[str, str], rows: Sequence[CensusShare]) -> None:
        self._keys = list(labels)
        values: dict[str, Any] = {name_of(row.key): row.people for row in rows} | {"seen": mark_of(rows)}
        if rows:
            newest = rows[0]
            values |= self.pair("source", newest.source)
            values |= {"source_url": newest.source_url or "", "as_of": newest.as_of}
        self.margin = margin
        self.saved: list[tuple[str, int]] = []
        super().__init__(prefix=f"{margin}-", data=values)

    def take_as_read(self, rows: Sequence[CensusShare]) -> None:
        """Let what is sent next take the place of these figures: they were shown. ``saved`` names them."""
        self.seen.data = mark_of(rows)
        self.saved = [
            (self[name_of(row.key)].label.text, row.people) for row in rows if row.key in self._keys
        ]

    @property
    def people(self) -> dict[str, int]:
        """What was typed, by key."""
        typed = {key: self[name_of(key)].data for key in self._keys}
        return {key: count for key, count in typed.items() if count is not None}

    @property
    def counts(self) -> list[Field]:
        """The fields for the numbers, in their order."""
        return [self[name_of(key)] for key in self._keys]

    @property
    def source(self) -> Localised:
        """Where the numbers are from."""
        return self.localised("source")

    def validate(self, extra_validators: Any = None) -> bool:
        """Numbers need a source in both languages and a day: nobody can check them without."""
        is_valid: bool = super().validate(extra_validators)
        if not self.people:
            return is_valid
        for name, message in (
            ("source_en", _("Say where the numbers are from, in English too.")),
            ("source_es", _("Say where the numbers are from, in Spanish too.")),
            ("as_of", _("Say of which day the numbers are.")),
        ):
            if not self[name].data and not self[name].errors:
                self[name].errors = [message]
                is_valid = False
        if not sum(self.people.values()):
            self.counts[0].errors = [_("Enter at least one number that is not zero, or leave all empty.")]
            is_valid = False
        return is_valid

    def validate_source_url(self, field: Field) -> None:
        """A link that can be followed, and nothing that runs."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Write a link that begins with https://."))

    def validate_as_of(self, field: Field) -> None:
        """Nobody has counted tomorrow's residents."""
        if field.data and field.data > site_day(utcnow()):
            raise ValidationError(_("This day is still to come."))


def name_of(key: str) -> str:
    """The field of a key."""
    return f"people_{key.replace('-', '_')}"


def census_form(margin: Margin, labels: Mapping[str, str], rows: Sequence[CensusShare]) -> CensusForm:
    """The form of one margin, with a field for each of its values."""
    fields = {
        name_of(key): IntegerField(
            label,
            validators=[
                Optional(),
                NumberRange(
                    min=0, max=MOST_PEOPLE, message=_l("Write a whole number from 0 to 100,000,000.")
                ),
            ],
        )
        for key, label in labels.items()
    }
    form: CensusForm = type("CensusFormOf", (CensusForm,), fields)(margin, labels, rows)
    return form


_LONGEST = 300
_NOTE = (one_line, Length(max=_LONGEST, message=_l("Write at most 300 characters.")))


class PublishForm(LocalisedForm):
    """Why a version is published, in both languages; and that whoever publishes knows that it stays."""

    note_en = StringField(
        _l("Why this version is published, in English"),
        description=_l("One line, such as: with the sheriff’s answers."),
        validators=[DataRequired(_l("Say it in English too: residents read both languages.")), *_NOTE],
    )
    note_es = StringField(
        _l("Why this version is published, in Spanish"),
        validators=[DataRequired(_l("Say it in Spanish too: residents read both languages.")), *_NOTE],
    )
    confirmed = BooleanField(
        _l("I have read the report. What is published cannot be changed or taken back."),
        validators=[DataRequired(_l("Confirm that you have read it."))],
    )
    without_waiting = BooleanField(validators=[DataRequired(_l("Confirm that these are to be left out."))])

    def __init__(self, *, waiting: int, **given: Any) -> None:
        """``waiting`` comments wait for a moderator: whoever publishes without them says so."""
        super().__init__(**given)
        if not waiting:
            del self.without_waiting
            return
        self.without_waiting.label.text = ngettext(
            "%(count)s comment still waits for a moderator. I publish without it.",
            "%(count)s comments still wait for a moderator. I publish without them.",
            waiting,
            count=f"{waiting:,}",
        )
