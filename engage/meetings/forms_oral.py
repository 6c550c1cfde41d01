"""What the clerk types of what somebody said at a meeting: the entry screen of intake, without its paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from engage.comments.models import Channel, CommentPeriod
from engage.comments.service import Submission
from engage.comments.words import POSITIONS
from engage.dockets.models import District
from engage.intake.forms import PAPER_POSITIONS, EntryForm
from engage.meetings.about import AtMeeting
from engage.meetings.models import Meeting
from engage.web.forms import one_line
from engage.web.locale import localised


class OralForm(EntryForm):
    """One comment as it was spoken. Its day is that of the meeting, so nobody types one.

    ``item`` is the id of an item of the agenda, empty for none.
    """

    item = SelectField(_l("Item of the agenda"), validators=[Optional()])
    body = TextAreaField(_l("What was said"), validators=[DataRequired(_l("Type in what was said."))])
    position = RadioField(
        _l("Position on the proposal"),
        description=_l("Only if the speaker declared one. Do not guess it from the words."),
        choices=[
            *(SelectChoice(position.value, POSITIONS[position]) for position in PAPER_POSITIONS),
            SelectChoice("", _l("None was declared")),
        ],
        validators=[Optional()],
    )
    name = StringField(
        _l("Name"),
        description=_l("Only if the speaker wants it to be published with the comment."),
        validators=[one_line, Length(max=120, message=_l("Write at most 120 characters."))],
    )
    organisation = StringField(
        _l("Organization"),
        description=_l("Only if the speaker spoke for one and wants it to be published."),
        validators=[one_line, Length(max=160, message=_l("Write at most 160 characters."))],
    )
    district = SelectField(_l("District"), validators=[Optional()])
    received_on = StringField(_l("Received on"))

    def __init__(
        self, meeting: Meeting, period: CommentPeriod, districts: Sequence[District], **values: Any
    ) -> None:
        super().__init__(period, districts, **values)
        self._meeting = meeting
        self._items = {str(item.id): item for item in meeting.items}
        # The day is the meeting's, in its place, whatever a form may send.
        self.received_on.data = meeting.local_start.date()
        self.district.choices[0] = SelectChoice("", _l("None was given"))
        self.item.choices = [
            SelectChoice("", _l("On no item of the agenda")),
            *(
                SelectChoice(key, f"{item.position}. {localised(item.title)}")
                for key, item in self._items.items()
            ),
        ]

    @property
    def submission(self) -> Submission:
        """What was said, tied to the meeting. Only for a form that is valid."""
        said = super().submission
        return Submission(
            body=said.body,
            position=said.position,
            name=said.name,
            organisation=said.organisation,
            district=said.district,
            about=AtMeeting(self._meeting, self._items.get(self.item.data)),
        )

    @property
    def channel(self) -> Channel:
        """How the comment came."""
        return Channel.MEETING_ORAL

    @property
    def day(self) -> date:
        """The day of the meeting in its place."""
        day: date = self.received_on.data
        return day
