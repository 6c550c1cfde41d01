"""What hosts and clerks type about a form beside its questions: days as clocks in the county show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from engage.accounts.models import User
from engage.clock import to_wall_clock
from engage.dockets.forms import LocalisedForm, slug_field
from engage.dockets.models import Docket
from engage.feedback.models import Entry, FeedbackForm, ResultsShown
from engage.feedback.service.form import FormDraft, settings_of
from engage.feedback.service.tickets import LARGEST_BATCH
from engage.meetings.draft_forms import DraftForm
from engage.meetings.models import Meeting
from engage.web.form_times import TIME_FORMATS, instant_or_kept
from engage.web.forms import Form, one_line
from engage.web.locale import clocks, localised, moment, site_time_zone

_LINE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))

ENTRIES: dict[Entry, LazyString] = {
    Entry.ANYBODY: _l(
        "Anybody. Nobody needs an account or a code, so somebody may answer more than once: it tells how "
        "many answers came, not how many people."
    ),
    Entry.CODE: _l(
        "Only with a code. You print codes and hand them out; each is good for one answer, and nobody can "
        "see which code gave which answer."
    ),
}
RESULTS: dict[ResultsShown, LazyString] = {
    ResultsShown.AT_CLOSE: _l(
        "Only when the form has closed. Nobody is led by what others have answered. Officials, clerks and "
        "the host see the numbers before."
    ),
    ResultsShown.LIVE: _l(
        "While people answer. Everybody sees the numbers grow, those of small groups always left out."
    ),
}


class SettingsForm(DraftForm):
    """All settings of a form. ``fixed`` are those that can no longer be written: they are no fields."""

    title_en = StringField(_l("Title in English"), validators=_LINE)
    title_es = StringField(_l("Title in Spanish"), validators=_LINE)
    docket = SelectField(_l("Docket"), description=_l("What the county decides, if the form is about that."))
    meeting = SelectField(
        _l("Meeting"), description=_l("The form is shown on the meeting’s page, and the other way round.")
    )
    host = SelectField(
        _l("Host"), description=_l("The person who drafts it, and who reads its results with the clerks.")
    )
    slug = slug_field()
    opens_at = DateTimeLocalField(
        _l("Opens"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Give the date and the time at which it opens."))],
    )
    closes_at = DateTimeLocalField(
        _l("Closes"),
        format=TIME_FORMATS,
        description=_l(
            "Leave it empty if that is not settled yet. A form that has closed never opens again."
        ),
        validators=[Optional()],
    )
    entry = RadioField(
        _l("Who may answer"),
        choices=[SelectChoice(value, label) for value, label in ENTRIES.items()],
        validators=[InputRequired(_l("Choose who may answer."))],
    )
    results = RadioField(
        _l("When everybody sees the results"),
        choices=[SelectChoice(value, label) for value, label in RESULTS.items()],
        validators=[InputRequired(_l("Choose when the results are shown."))],
    )

    def __init__(
        self,
        form: FeedbackForm | None,
        *,
        dockets: Sequence[Docket],
        meetings: Sequence[Meeting],
        hosts: Sequence[User] | None,
        fixed: Collection[str] = (),
        copied: FeedbackForm | None = None,
    ) -> None:
        super().__init__(data=_as_typed(form, copied))
        self._known = form
        self._meetings = {meeting.slug: meeting for meeting in meetings}
        self._offer_meetings()
        self.offer(dockets, hosts)
        self.opens_at.description = clocks(site_time_zone())
        for name in fixed:
            for field in ("title_en", "title_es") if name == "title" else (name,):
                del self[field]

    def _offer_meetings(self) -> None:
        self.meeting.choices = [
            SelectChoice("", _l("No meeting")),
            *(
                SelectChoice(
                    slug,
                    f"{localised(meeting.title) or slug}, {moment(meeting.starts_at, meeting.time_zone)}",
                )
                for slug, meeting in self._meetings.items()
            ),
        ]

    def validate_meeting(self, field: Field) -> None:
        """A meeting of the docket that was chosen, if it belongs to one."""
        meeting, docket = self._meetings.get(field.data), self._written("docket")
        if meeting is not None and meeting.docket is not None and docket not in (None, meeting.docket):
            raise ValidationError(_("This meeting belongs to another docket."))

    def validate_opens_at(self, field: Field) -> None:
        """A time that a clock in the place shows."""
        self._instant(field)

    def validate_closes_at(self, field: Field) -> None:
        """A time that a clock in the place shows, after the opening."""
        closes_at = self._instant(field)
        if "opens_at" in self and self.opens_at.errors:
            return
        opens_at = self._written("opens_at")
        if closes_at and opens_at and closes_at <= opens_at:
            raise ValidationError(_("A form closes after it opens."))

    @property
    def draft(self) -> FormDraft:
        """The settings that were typed. Only for a form that is valid."""
        return FormDraft(**{name: self._written(name) for name in FormDraft.__dataclass_fields__})

    def _written(self, name: str) -> Any:
        if name == "title":
            return self.localised(name) if "title_en" in self else self._kept(name)
        if name not in self:
            return self._kept(name)
        if name in ("opens_at", "closes_at"):
            return self._instant(self[name])
        read: dict[str, Any] = {
            "docket": self._dockets.get,
            "meeting": self._meetings.get,
            "entry": Entry,
            "results": ResultsShown,
        }
        return read[name](self[name].data)

    def _kept(self, name: str) -> Any:
        return getattr(settings_of(self._known), name) if self._known is not None else None

    def _instant(self, field: Field) -> datetime | None:
        return instant_or_kept(field, site_time_zone(), getattr(self._known, field.short_name, None))


class BatchForm(Form):
    """Codes to be made at once."""

    label = StringField(
        _l("For whom or what"),
        description=_l(
            "Such as: Lincoln School, evening of March 3. Only staff read it. Never a person’s name."
        ),
        validators=[
            DataRequired(_l("Say what these codes are for.")),
            one_line,
            Length(max=120, message=_l("Write at most 120 characters.")),
        ],
    )
    size = IntegerField(
        _l("How many codes"),
        validators=[
            InputRequired(_l("Say how many codes you need.")),
            NumberRange(
                1,
                LARGEST_BATCH,
                message=_l("Write a whole number from 1 to %(most)s.", most=f"{LARGEST_BATCH:,}"),
            ),
        ],
    )


def _as_typed(form: FeedbackForm | None, copied: FeedbackForm | None) -> dict[str, Any]:
    """The fields as they stand: of this form, or of one that is copied, but for its own days and meeting."""
    known = form or copied
    if known is None:
        return {"entry": Entry.ANYBODY.value, "results": ResultsShown.AT_CLOSE.value}
    zone = site_time_zone()
    written = settings_of(known)
    typed: dict[str, Any] = LocalisedForm.pair("title", written.title) | {
        "docket": written.docket.slug if written.docket else "",
        "entry": written.entry.value,
        "results": written.results.value,
        "host": str(known.host_id or ""),
    }
    if form is None:
        return typed
    return typed | {
        "slug": form.slug,
        "meeting": form.meeting.slug if form.meeting else "",
        "opens_at": to_wall_clock(form.opens_at, zone),
        "closes_at": to_wall_clock(form.closes_at, zone) if form.closes_at else None,
    }
