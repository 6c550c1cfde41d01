"""What a clerk types to move the end of a period that residents have seen, or to cancel it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired, Length

from engage.comments.forms import needed_in_this_language
from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.web.form_times import TIME_FORMATS, instant_of
from engage.web.forms import Form

_REASON = {
    "description": _l("Everybody reads this on the period's page, for as long as it exists."),
    "validators": [Length(max=2000, message=_l("Write at most 2000 characters."))],
}


class CancelForm(Form):
    """Why a period is cancelled."""

    reason_en = TextAreaField(_l("Reason, in English"), **_REASON)
    reason_es = TextAreaField(_l("Reason, in Spanish"), **_REASON)

    def __init__(self, period: CommentPeriod, **values: Any) -> None:
        super().__init__(**values)
        self._period = period

    def validate_reason_en(self, field: Field) -> None:
        """Written, where the period needs this language."""
        self._require("en", field)

    def validate_reason_es(self, field: Field) -> None:
        """Written, where the period needs this language."""
        self._require("es", field)

    def _require(self, code: str, field: Field) -> None:
        if code in self._period.required_languages and not field.data:
            raise ValidationError(needed_in_this_language(field))

    @property
    def reason(self) -> Localised:
        """What the public is told."""
        return Localised(self.reason_en.data, self.reason_es.data)


class EndForm(CancelForm):
    """A new end, and why."""

    closes_at = DateTimeLocalField(
        _l("New end"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Give the date and the time."))],
    )

    def validate_closes_at(self, field: Field) -> None:
        """A time that a clock in the place shows, later than the old end."""
        if field.data and instant_of(field, self._period.zone) <= self._period.closes_at:
            raise ValidationError(_l("The new end is later than the old one."))

    @property
    def new_end(self) -> datetime:
        """The instant. Only for a form that is valid."""
        return instant_of(self.closes_at, self._period.zone)
