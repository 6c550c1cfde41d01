"""What a clerk types to change what residents have seen: always with the reason that they are told."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import Length

from engage.clock import to_wall_clock, utcnow
from engage.comments.forms import needed_in_this_language
from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.meetings.forms_where import WhenForm, WhereForm
from engage.meetings.models import Format, Meeting
from engage.meetings.service import Place
from engage.web.locale import clocks

_EVERYBODY = _l("Everybody reads this on the meeting’s page, for as long as it exists.")
_LONGEST = (Length(max=2000, message=_l("Write at most 2000 characters.")),)


class ReasonForm(LocalisedForm):
    """Why something changes, in both languages."""

    reason_en = TextAreaField(_l("Reason, in English"), description=_EVERYBODY, validators=_LONGEST)
    reason_es = TextAreaField(_l("Reason, in Spanish"), description=_EVERYBODY, validators=_LONGEST)

    def validate_reason_en(self, field: Field) -> None:
        """Written: residents read both languages."""
        _require(field)

    def validate_reason_es(self, field: Field) -> None:
        """Written: residents read both languages."""
        _require(field)

    @property
    def reason(self) -> Localised:
        """What the public is told."""
        return self.localised("reason")

    def tell_at_first(self, message: str) -> None:
        """Put what stands in the way at the first thing that is typed."""
        next(iter(self)).errors = [message]


class NewTimeForm(WhenForm, ReasonForm):
    """Other hours, or another date."""

    def __init__(self, meeting: Meeting) -> None:
        self._known = meeting
        super().__init__(
            data={
                "starts_at": to_wall_clock(meeting.starts_at, meeting.zone),
                "ends_at": to_wall_clock(meeting.ends_at, meeting.zone) if meeting.ends_at else None,
            }
        )
        self.starts_at.description = clocks(meeting.zone)

    def validate_starts_at(self, field: Field) -> None:
        """A time that a clock in the place shows, and that is still to come."""
        starts_at = self.instant(field)
        if starts_at and starts_at <= utcnow():
            raise ValidationError(_("The new time must lie ahead."))


class NewPlaceForm(WhereForm, ReasonForm):
    """Another room, another link, or another way to attend."""

    def __init__(self, meeting: Meeting) -> None:
        values = {
            "format": meeting.format.value,
            "place_street": meeting.place_street,
            "join_url": meeting.join_url,
            "join_phone": meeting.join_phone,
        }
        for name in ("place_name", "directions", "accessibility"):
            values |= self.pair(name, getattr(meeting, name) or Localised())
        super().__init__(data=values)

    @property
    def place(self) -> Place:
        """The place that was typed. Only for a form that is valid."""
        return Place(
            format=Format(self.format.data),
            place_name=self.localised("place_name") or None,
            place_street=self.place_street.data or None,
            directions=self.localised("directions") or None,
            accessibility=self.localised("accessibility") or None,
            join_url=self.join_url.data or None,
            join_phone=self.join_phone.data or None,
        )


def _require(field: Field) -> None:
    if not field.data:
        raise ValidationError(needed_in_this_language(field))
