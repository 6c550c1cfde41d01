"""What hosts and clerks type about a meeting: every text in both languages, every time as clocks in the
place show it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from engage.accounts.models import User
from engage.clock import to_wall_clock
from engage.comments.models import CommentPeriod
from engage.db.types import LANGUAGES, Localised
from engage.dockets.forms import LocalisedForm, slug_field
from engage.dockets.models import Docket
from engage.meetings import words
from engage.meetings.draft_forms import DraftForm
from engage.meetings.forms_where import LINE, TEXT, WhenForm, WhereForm, whole_number
from engage.meetings.models import Format, Meeting, MeetingKind
from engage.meetings.service import MeetingDraft
from engage.web.links import path_to
from engage.web.locale import localised, site_time_zone

TIME_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
)
"""Those of the counties that this site is made for; the site's own stands before them."""

TEXTS = ("title", "summary", "organiser", "time_notes", "place_name", "directions", "accessibility")
"""The columns that are written in both languages."""

_A_MONTH = 30 * 24 * 60
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")


class MeetingForm(DraftForm, WhenForm, WhereForm):
    """All of a meeting. ``fixed`` are the columns that can no longer be written in silence: no fields."""

    SEEN = ("title", "summary")
    _known: Meeting | None

    slug = slug_field()
    title_en = StringField(_l("Title in English"), validators=LINE)
    title_es = StringField(_l("Title in Spanish"), validators=LINE)
    summary_en = TextAreaField(_l("What it is about, in English"), description=_MARKDOWN, validators=TEXT)
    summary_es = TextAreaField(_l("What it is about, in Spanish"), description=_MARKDOWN, validators=TEXT)
    organiser_en = StringField(_l("Who holds it, in English"), validators=LINE)
    organiser_es = StringField(_l("Who holds it, in Spanish"), validators=LINE)
    kind = SelectField(
        _l("Kind of meeting"),
        description=_l("How long before it the notice must be posted goes by this."),
        choices=[SelectChoice(value, label) for value, label in words.KINDS.items()],
    )
    docket = SelectField(_l("Docket"))
    period = SelectField(
        _l("Comment period"),
        description=_l("What is said or written there joins it. Without one the meeting takes no comments."),
    )
    host = SelectField(_l("Host"), description=_l("The person who drafts it."))
    time_zone = SelectField(_l("Time zone of the place"), validators=[InputRequired()])
    time_notes_en = StringField(
        _l("Note on the time, in English"), description=_l("Such as: doors open at 5:30."), validators=LINE
    )
    time_notes_es = StringField(
        _l("Note on the time, in Spanish"), description=_l("Such as: doors open at 5:30."), validators=LINE
    )
    is_tentative = BooleanField(_l("The date is not certain yet"))
    join_is_public = BooleanField(
        _l("Everybody sees how to join; without this mark only those who registered do")
    )
    takes_registrations = BooleanField(_l("People can register"))
    registration_minutes = IntegerField(
        _l("Registration ends, in minutes before the start"),
        description=_l("A day has 1440 minutes."),
        validators=[InputRequired(), whole_number(0, _A_MONTH)],
    )
    capacity = IntegerField(
        _l("Places in the room"),
        description=_l("Leave it empty if nobody counts them. Whoever registers after the last one waits."),
        validators=[Optional(), whole_number(1, 100_000)],
    )
    accommodation_days = IntegerField(
        _l("Last day to ask for accommodations, in days before the meeting"),
        validators=[InputRequired(), whole_number(0, 60)],
    )
    takes_speakers = BooleanField(_l("People can sign up to speak"))
    speakers_minutes = IntegerField(
        _l("Sign-up ends, in minutes before the start"),
        validators=[InputRequired(), whole_number(0, _A_MONTH)],
    )
    speaking_seconds = IntegerField(
        _l("Time for each speaker, in seconds"),
        description=_l("Three minutes are 180 seconds."),
        validators=[InputRequired(), whole_number(15, 3600)],
    )
    written_minutes = IntegerField(
        _l("Written comments end, in minutes before the start"),
        validators=[InputRequired(), whole_number(0, _A_MONTH)],
    )

    def __init__(
        self,
        meeting: Meeting | None,
        *,
        dockets: Sequence[Docket],
        periods: Sequence[CommentPeriod],
        hosts: Sequence[User] | None,
        fixed: Collection[str] = (),
    ) -> None:
        super().__init__(data=_as_typed(meeting))
        self._known = meeting
        self._fixed = frozenset(fixed)
        self._periods = {period.slug: period for period in periods}
        self._offer_choices()
        self.offer(dockets, hosts)
        for name in self._fixed:
            for each in _fields_of(name):
                del self[each]

    def _offer_choices(self) -> None:
        self.period.choices = [
            SelectChoice("", _l("No comment period")),
            *(
                SelectChoice(slug, f"{localised(period.docket.title)}: {localised(period.title)}")
                for slug, period in self._periods.items()
            ),
        ]
        self.time_zone.choices = [SelectChoice(key, _zone_name(key)) for key in self._zones()]

    def _zones(self) -> list[str]:
        own = [self._known.time_zone] if self._known else []
        return list(dict.fromkeys([site_time_zone().key, *TIME_ZONES, *own]))

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone that was chosen; None where it is not one that was offered."""
        if self._known is not None and "time_zone" in self._fixed:
            return self._known.zone
        return ZoneInfo(self.time_zone.data) if self.time_zone.data in self._zones() else None

    def validate_period(self, field: Field) -> None:
        """A period of the docket that was chosen."""
        period = self._periods.get(field.data)
        if period is not None and period.docket is not self._written("docket"):
            raise ValidationError(_("This comment period belongs to another docket."))

    def validate_slug(self, field: Field) -> None:
        """An address that leads to a meeting, and not to a page of the site that has the same one."""
        adapter = current_app.url_map.bind("localhost")
        try:
            endpoint, _values = adapter.match(path_to("meetings.meeting", "en", slug=field.data))
        except HTTPException:
            endpoint = ""
        if endpoint != "meetings.meeting":
            raise ValidationError(_("The site itself uses this address. Choose another one."))

    @property
    def draft(self) -> MeetingDraft:
        """The meeting that was typed. Only for a form that is valid."""
        return MeetingDraft(**{name: self._written(name) for name in MeetingDraft.__dataclass_fields__})

    def _written(self, name: str) -> Any:
        if name in self._fixed:
            return getattr(self._known, name)
        if name in TEXTS:
            return self.localised(name) or (Localised() if name == "title" else None)
        read: dict[str, Callable[[Any], Any]] = {
            "kind": MeetingKind,
            "format": Format,
            "docket": self._dockets.get,
            "period": self._periods.get,
            "place_street": _or_none,
            "join_url": _or_none,
            "join_phone": _or_none,
        }
        if name in ("starts_at", "ends_at"):
            return self.instant(self[name])
        return read.get(name, _as_it_is)(self[name].data)


def _fields_of(name: str) -> list[str]:
    return [f"{name}_{code}" for code in LANGUAGES] if name in TEXTS else [name]


def _or_none(value: str) -> str | None:
    return value or None


def _as_it_is(value: object) -> object:
    return value


def _zone_name(key: str) -> str:
    return f"{get_timezone_name(ZoneInfo(key), locale=get_locale())} ({key})"


def _as_typed(meeting: Meeting | None) -> dict[str, Any]:
    """The fields as they stand, or those of a meeting that nobody has written yet."""
    columns = Meeting.__table__.columns
    if meeting is None:
        defaults = {
            name: columns[name].default.arg
            for name in MeetingDraft.__dataclass_fields__
            if name in columns and columns[name].default is not None
        }
        return defaults | {"format": Format.IN_PERSON.value, "time_zone": site_time_zone().key}
    typed: dict[str, Any] = {}
    for name in MeetingDraft.__dataclass_fields__:
        value = getattr(meeting, name)
        typed |= LocalisedForm.pair(name, value or Localised()) if name in TEXTS else {name: value}
    return typed | {
        "slug": meeting.slug,
        "kind": meeting.kind.value,
        "format": meeting.format.value,
        "docket": meeting.docket.slug if meeting.docket else "",
        "period": meeting.period.slug if meeting.period else "",
        "host": str(meeting.host_id or ""),
        "starts_at": to_wall_clock(meeting.starts_at, meeting.zone),
        "ends_at": to_wall_clock(meeting.ends_at, meeting.zone) if meeting.ends_at else None,
    }
