"""What staff type to make a series of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from engage.clock import to_wall_clock, utcnow
from engage.dockets.forms import LocalisedForm
from engage.dockets.slugs import SHAPE, SLUG, not_reserved
from engage.meetings.models import Meeting
from engage.meetings.recurrence import MOST_MEETINGS, Frequency, Recurrence, is_last_of_month, week_of_month
from engage.meetings.service.series import LONGEST_SLUG, SeriesDraft
from engage.web.form_times import TIME_FORMATS, instant_of
from engage.web.forms import one_line
from engage.web.locale import localised

FREQUENCIES = {
    Frequency.WEEKLY: _l("Every week"),
    Frequency.BIWEEKLY: _l("Every second week"),
    Frequency.MONTHLY_WEEKDAY: _l("Every month on the same weekday, such as the second Thursday"),
    Frequency.MONTHLY_LAST: _l("Every month on the last such weekday, such as the last Thursday"),
    Frequency.MONTHLY_DAY: _l("Every month on the same day, such as the 15th"),
}
_EARLIEST, _LATEST = timedelta(days=366), timedelta(days=5 * 366)


class SeriesForm(LocalisedForm):
    """A series: like which meeting, from when on, how often, and until when."""

    template = SelectField(
        _l("A meeting that the others are like"),
        description=_l(
            "Its texts, place and agenda are copied into each meeting of the series, its documents are not. "
            "Where it begins at the first date of the series itself, it becomes the first meeting."
        ),
    )
    title_en = StringField(
        _l("Title in English"),
        validators=[one_line, Length(max=200, message=_l("Write at most 200 characters."))],
    )
    title_es = StringField(
        _l("Title in Spanish"),
        validators=[one_line, Length(max=200, message=_l("Write at most 200 characters."))],
    )
    slug = StringField(
        _l("Address"),
        description=_l("The address of each meeting begins with it and ends with its day."),
        validators=[
            DataRequired(_l("Choose an address.")),
            Length(
                max=LONGEST_SLUG,
                message=_l("Write at most %(count)s characters.", count=LONGEST_SLUG),
            ),
            Regexp(rf"{SLUG.pattern}\Z", message=SHAPE),
            not_reserved,
        ],
    )
    frequency = RadioField(
        _l("How often"),
        choices=[SelectChoice(one.value, name) for one, name in FREQUENCIES.items()],
        description=_l("A month that has no such day has no meeting."),
        default=Frequency.MONTHLY_WEEKDAY.value,
    )
    first = DateTimeLocalField(
        _l("The first meeting begins"),
        description=_l(
            "By the clocks of the place. All others begin at the same time of day, summer and winter."
        ),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Give the date and the time."))],
    )
    lasts_minutes = IntegerField(
        _l("Length in minutes"),
        default=120,
        validators=[
            InputRequired(_l("Say how long a meeting lasts.")),
            NumberRange(1, 1440, message=_l("A meeting lasts from 1 to 1440 minutes.")),
        ],
    )
    until = DateField(
        _l("The last day on which there can be a meeting"),
        description=_l("At most three years after the first meeting. Or give a number of meetings instead."),
        validators=[Optional()],
    )
    count = IntegerField(
        _l("Number of meetings"),
        validators=[
            Optional(),
            NumberRange(
                2,
                MOST_MEETINGS,
                message=_l("A series has from 2 to %(count)s meetings.", count=MOST_MEETINGS),
            ),
        ],
    )
    seen = HiddenField()

    def __init__(self, meetings: Sequence[Meeting], template: Meeting | None) -> None:
        values: dict[str, Any] = {}
        if template:
            values = {
                "template": template.slug,
                "first": to_wall_clock(template.starts_at, template.zone),
                "lasts_minutes": _minutes(template),
            } | self.pair("title", template.title)
        super().__init__(data=values)
        self._meetings = {meeting.slug: meeting for meeting in meetings}
        self.template.choices = [
            SelectChoice(slug, f"{localised(one.title)} ({to_wall_clock(one.starts_at, one.zone):%Y-%m-%d})")
            for slug, one in self._meetings.items()
        ]

    def validate_title_en(self, _field: Field) -> None:
        """In one language at least: both are needed only where residents are to see it."""
        if not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))

    def validate_first(self, field: Field) -> None:
        """A time that a clock in the place shows, not far away, and that the rule can begin with."""
        meeting = self._meetings.get(self.template.data)
        if not field.data or meeting is None:
            return
        # The year first: what is far away is an instant of no calendar.
        if not _is_near(field.data.year) or not (
            utcnow() - _EARLIEST < instant_of(field, meeting.zone) < utcnow() + _LATEST
        ):
            raise ValidationError(_("Choose a date of the next five years."))
        self._check_weekday(field.data)

    def _check_weekday(self, first: datetime) -> None:
        if self.frequency.data == Frequency.MONTHLY_LAST and not is_last_of_month(first.date()):
            raise ValidationError(
                _("This day is not the last of its weekday in the month. Choose another first date.")
            )
        if self.frequency.data == Frequency.MONTHLY_WEEKDAY and week_of_month(first.date()) > 4:
            raise ValidationError(
                _("Few months have a fifth week. Choose the last such weekday of the month, or another date.")
            )

    def validate_until(self, field: Field) -> None:
        """Not further away than a series can last; whether it is too late for this one, the service says."""
        if field.data and not _is_near(field.data.year):
            raise ValidationError(_("A series lasts three years at most."))

    def validate_count(self, field: Field) -> None:
        """Either a number or a last day."""
        if bool(field.data) == bool(self.until.data):
            raise ValidationError(_("Give the last day or the number of meetings: one of the two."))

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty number is an answer that has to be looked at too."""
        is_valid: bool = super().validate(extra_validators)
        if self.count.data is None and self.until.data is None and not self.until.errors:
            self.until.errors = [_("Give the last day or the number of meetings: one of the two.")]
            return False
        return is_valid

    @property
    def draft(self) -> SeriesDraft:
        """The series that was typed. Only for a form that is valid."""
        return SeriesDraft(
            slug=self.slug.data,
            title=self.localised("title"),
            template=self._meetings[self.template.data],
            first=self.first.data.replace(second=0, microsecond=0),
            lasts_minutes=self.lasts_minutes.data,
            recurrence=Recurrence(
                Frequency(self.frequency.data), count=self.count.data, until=self.until.data
            ),
        )


def _is_near(year: int) -> bool:
    return abs(year - utcnow().year) < 10


def _minutes(meeting: Meeting) -> int:
    return int((meeting.last_instant - meeting.starts_at).total_seconds() // 60)
