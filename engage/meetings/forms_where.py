"""When and where a meeting takes place, as hosts and clerks type it: times as clocks in the place show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from engage.dockets.forms import LocalisedForm
from engage.meetings import words
from engage.meetings.models import Meeting
from engage.meetings.service import Missing
from engage.web.addresses import is_secure_address
from engage.web.form_times import TIME_FORMATS, instant_or_kept
from engage.web.forms import one_line

LINE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
TEXT = (Length(max=20_000, message=_l("Write at most 20,000 characters.")),)


def whole_number(least: int, most: int) -> NumberRange:
    """A validator that says what it wants."""
    return NumberRange(
        least,
        most,
        message=_l("Write a whole number from %(least)s to %(most)s.", least=f"{least:,}", most=f"{most:,}"),
    )


def secure_address(_form: LocalisedForm, field: Field) -> None:
    """A validator: an address that opens a page over an encrypted line, and nothing else."""
    if not is_secure_address(field.data):
        raise ValidationError(_("Write the whole address; it begins with https://."))


class WhenForm(LocalisedForm):
    """When a meeting begins and ends. ``zone`` is the place's."""

    starts_at = DateTimeLocalField(
        _l("Begins"),
        format=TIME_FORMATS,
        description=_l(
            "By the clocks of the meeting’s time zone. In the night in fall in which they are set back, one "
            "hour comes twice; the second one counts."
        ),
        validators=[InputRequired(_l("Give the date and the time at which it begins."))],
    )
    ends_at = DateTimeLocalField(
        _l("Ends"),
        format=TIME_FORMATS,
        description=_l("Leave it empty if nobody knows; it is then taken to last two hours."),
        validators=[Optional()],
    )

    _known: Meeting | None = None

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone in which the times are meant; None where it is not one that we know."""
        return self._known.zone if self._known else None

    def validate_starts_at(self, field: Field) -> None:
        """A time that a clock in the place shows."""
        self.instant(field)

    def validate_ends_at(self, field: Field) -> None:
        """A time that a clock in the place shows, after the start."""
        ends_at = self.instant(field)
        starts_at = None if self.starts_at.errors else self.instant(self.starts_at)
        if ends_at and starts_at and ends_at <= starts_at:
            raise ValidationError(_("A meeting ends after it starts."))

    def instant(self, field: Field) -> datetime | None:
        """What was typed as an instant; None where it is no time. Raises ValidationError."""
        if self.zone is None:
            return None
        return instant_or_kept(field, self.zone, getattr(self._known, field.short_name, None))


class WhereForm(LocalisedForm):
    """Where people attend. What belongs to another format is kept, in case that one comes back."""

    format = RadioField(
        _l("How people attend"),
        choices=[SelectChoice(value, label) for value, label in words.FORMATS.items()],
        validators=[InputRequired(_l("Choose how people attend."))],
    )
    place_name_en = StringField(_l("Name of the place, in English"), validators=LINE)
    place_name_es = StringField(_l("Name of the place, in Spanish"), validators=LINE)
    place_street = StringField(
        _l("Street, number and town"),
        validators=[one_line, Length(max=300, message=_l("Write at most 300 characters."))],
    )
    directions_en = TextAreaField(
        _l("How to find it, in English"),
        description=_l("For people who see no map: bus stop, entrance, floor, what one passes."),
        validators=TEXT,
    )
    directions_es = TextAreaField(
        _l("How to find it, in Spanish"),
        description=_l("For people who see no map: bus stop, entrance, floor, what one passes."),
        validators=TEXT,
    )
    accessibility_en = TextAreaField(
        _l("Accessibility of the place, in English"),
        description=_l("Steps, doors, elevator, restrooms, parking, hearing loop, light."),
        validators=TEXT,
    )
    accessibility_es = TextAreaField(
        _l("Accessibility of the place, in Spanish"),
        description=_l("Steps, doors, elevator, restrooms, parking, hearing loop, light."),
        validators=TEXT,
    )
    join_url = StringField(
        _l("Link to join online"),
        validators=[
            Optional(),
            Length(max=500, message=_l("Write at most 500 characters.")),
            secure_address,
        ],
    )
    join_phone = StringField(
        _l("Telephone number to join by"),
        description=_l("With the code of the meeting, if there is one."),
        validators=[one_line, Length(max=120, message=_l("Write at most 120 characters."))],
    )

    def tell(self, lacks: Collection[Missing]) -> None:
        """Put what nobody could come without at the fields where it is to be written."""
        if Missing.PLACE in lacks:
            self.place_name_en.errors = [_("Say where people come together.")]
        if Missing.JOIN in lacks:
            self.join_url.errors = [_("Give a link or a telephone number, so that people can join.")]
