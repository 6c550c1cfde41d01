"""What is typed in from paper, in the order of the paper form; the codes and the batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from engage.clock import NoSuchTime, from_wall_clock
from engage.comments.models import Channel, CommentPeriod, Position
from engage.comments.service import ENTERED_CHANNELS, Submission
from engage.comments.words import CHANNELS, POSITIONS
from engage.db.types import LANGUAGES
from engage.dockets.models import District
from engage.intake.codes import tidy_code
from engage.web.form_times import TIME_FORMATS
from engage.web.forms import Form, one_line
from engage.web.locale import LANGUAGE_NAMES, localised

PAPER_POSITIONS = tuple(Position)
"""The positions in the order of the paper form."""


class EntryForm(Form):
    """A comment as it stands on a paper form, and the day on which it came. No name is asked of who brings
    it."""

    body = TextAreaField(_l("1. Comment"), validators=[DataRequired(_l("Type in the comment."))])
    position = RadioField(
        _l("2. Position on the proposal"),
        choices=[
            *(SelectChoice(position.value, POSITIONS[position]) for position in PAPER_POSITIONS),
            SelectChoice("", _l("No box is ticked")),
        ],
        validators=[Optional()],
    )
    name = StringField(
        _l("3. Name"),
        description=_l("Only if it stands there: everybody can read it with the comment."),
        validators=[one_line, Length(max=120, message=_l("Write at most 120 characters."))],
    )
    organisation = StringField(
        _l("4. Organization"),
        validators=[one_line, Length(max=160, message=_l("Write at most 160 characters."))],
    )
    district = SelectField(_l("5. District"), validators=[Optional()])
    received_on = DateField(_l("Received on"), validators=[InputRequired(_l("Give the day."))])
    receipt_language = SelectField(
        _l("Language of the receipt"),
        choices=[SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
    )
    is_another = BooleanField(_l("This is another person’s comment: enter it too"))
    client_token = HiddenField(render_kw={"data-draft-keep": True})

    def __init__(self, period: CommentPeriod, districts: Sequence[District], **values: Any) -> None:
        super().__init__(**values)
        self._districts = {district.code: district for district in districts}
        self.body.flags.maxlength = period.text_limit
        self.district.choices = [
            SelectChoice("", _l("No box is ticked")),
            *(SelectChoice(code, localised(each.name)) for code, each in self._districts.items()),
        ]

    def validate_body(self, field: Field) -> None:
        """Something to read."""
        if not any(char.isprintable() and not char.isspace() for char in field.data):
            raise ValidationError(_("Type in the comment: these characters are all invisible."))

    @property
    def submission(self) -> Submission:
        """What was said. Only for a form that is valid."""
        return Submission(
            body=self.body.data,
            position=Position(self.position.data) if self.position.data else None,
            name=self.name.data or None,
            organisation=self.organisation.data or None,
            district=self._districts.get(self.district.data),
        )

    @property
    def channel(self) -> Channel:
        """How the comment came."""
        return Channel.PAPER_INTAKE

    @property
    def postmark(self) -> date | None:
        """The day on the postmark."""
        return None


class StaffEntryForm(EntryForm):
    """The same for staff, who are reached in other ways too."""

    came_by = SelectField(
        _l("How it reached us"),
        choices=[SelectChoice(channel.value, CHANNELS[channel]) for channel in ENTERED_CHANNELS],
    )
    postmarked_on = DateField(
        _l("Postmark"),
        description=_l("Only of a letter. It decides whether the comment is in time."),
        validators=[Optional()],
    )

    def validate_postmarked_on(self, field: Field) -> None:
        """Only a letter has one."""
        if field.data and self.came_by.data != Channel.MAIL:
            raise ValidationError(_("Only a letter has a postmark."))

    @property
    def channel(self) -> Channel:
        """How the comment came."""
        return Channel(self.came_by.data)

    @property
    def postmark(self) -> date | None:
        """The day on the postmark."""
        value: date | None = self.postmarked_on.data
        return value


class CodeForm(Form):
    """The code of a batch, as a person types it."""

    code = StringField(
        _l("Code"),
        description=_l("It looks like bado-keli-mafu-sito-pane. Capitals, spaces and hyphens do not matter."),
        validators=[
            DataRequired(_l("Type the code that the clerk gave you.")),
            Length(max=100, message=_l("That is too long for a code.")),
        ],
    )

    def validate_code(self, field: Field) -> None:
        """Without a slip, which the last syllable shows."""
        if tidy_code(field.data) is None:
            raise ValidationError(_("There is a slip in this code. Compare it with what you were given."))


class BatchForm(Form):
    """A batch for a place that helps people to comment."""

    name = StringField(
        _l("Name of the place"),
        description=_l(
            "Such as a library, a church or a clinic. Only staff see it, and it stands on its paper forms."
        ),
        validators=[DataRequired(_l("Name the place.")), one_line, Length(max=160)],
    )
    expires_at = DateTimeLocalField(
        _l("The code works until"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Give the date and the time."))],
    )
    is_certified = BooleanField(
        _l(
            "The place has promised to enter only what real people hand in, word for word, whatever their "
            "opinion, and to pay nobody for it"
        )
    )

    def __init__(self, period: CommentPeriod, **values: Any) -> None:
        super().__init__(**values)
        self._period = period

    def validate_expires_at(self, field: Field) -> None:
        """A time that a clock in the place shows."""
        try:
            from_wall_clock(field.data, self._period.zone)
        except NoSuchTime:
            raise ValidationError(
                _("No clock in this place ever shows this time: summer time begins and it is skipped.")
            ) from None

    @property
    def end(self) -> datetime:
        """The instant. Only for a form that is valid."""
        return from_wall_clock(self.expires_at.data, self._period.zone)
