"""What people type to register for a meeting and to ask for what they need, and what staff answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import EmailField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from engage.accounts.addresses import canonical
from engage.db.types import Localised
from engage.meetings.interpreting import language_choices
from engage.meetings.models import AccommodationKind, AccommodationState, Meeting, Mode
from engage.meetings.service import Needs, Registration
from engage.meetings.words import ACCOMMODATIONS
from engage.web import personal_data
from engage.web.forms import Form, one_line

NOTHING = "nothing"

_LONGEST_DETAILS = 1000
_LONGEST_NAME = 80


class NeedsForm(Form):
    """What somebody needs in order to take part."""

    kinds = SelectMultipleField(
        _l("What do you need in order to take part?"),
        choices=[SelectChoice(value=kind.value, label=ACCOMMODATIONS[kind]) for kind in AccommodationKind],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    spoken = SelectField(
        _l("Language of the interpreter"),
        description=_l("Only if you ask for one. Another language: choose “Something else” and write which."),
        choices=[],
        default="",
    )
    details = TextAreaField(
        _l("More about what you need"),
        description=_l(
            "Only what we must know to arrange it. Only those who run this meeting read it. It is kept "
            "encrypted and erased 30 days after the meeting."
        ),
        validators=[Length(max=_LONGEST_DETAILS, message=_l("That is too long."))],
        render_kw={personal_data.MARK: personal_data.PRIVATE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken.choices = [
            SelectChoice(value="", label=_("Choose a language")),
            *(SelectChoice(value=code, label=name) for code, name in language_choices()),
        ]

    def validate_spoken(self, field: SelectField) -> None:
        """An interpreter speaks a language."""
        if AccommodationKind.INTERPRETER in (self.kinds.data or ()) and not field.data:
            raise ValidationError(_("Choose the language of the interpreter."))

    def validate_details(self, field: TextAreaField) -> None:
        """“Something else” has to be said; and what is said belongs to something."""
        kinds = self.kinds.data or ()
        if AccommodationKind.OTHER in kinds and not field.data:
            raise ValidationError(_("Write what you need."))
        if field.data and not kinds:
            raise ValidationError(_("Choose above what this is about, or “Something else”."))

    @property
    def needs(self) -> Needs:
        """What was asked for."""
        kinds = tuple(AccommodationKind(kind) for kind in self.kinds.data or ())
        spoken = self.spoken.data if AccommodationKind.INTERPRETER in kinds else None
        return Needs(kinds, spoken or None, self.details.data or None)


class AskForm(NeedsForm):
    """Something to be asked for afterwards."""

    def validate_kinds(self, field: SelectMultipleField) -> None:
        """Something has to be asked for."""
        if not field.data:
            raise ValidationError(_("Choose what you need."))


def _ways(meeting: Meeting, now: datetime) -> list[SelectChoice]:
    """How one can attend a meeting at an instant, registration closed or not."""
    ways = []
    if meeting.takes_registrations_at(now):
        if meeting.is_in_person:
            ways.append(SelectChoice(value=Mode.IN_PERSON.value, label=_l("In person: I would like a place")))
        if meeting.is_online:
            ways.append(SelectChoice(value=Mode.REMOTE.value, label=_l("Online or by telephone")))
    return [*ways, SelectChoice(value=NOTHING, label=_l("I need no place, only what I ask for below"))]


class RegisterForm(NeedsForm):
    """A place, a need, or both. Nothing else has to be said."""

    way = RadioField(_l("How would you like to attend?"), choices=[], validators=[InputRequired()])
    name = StringField(
        _l("What shall we call you at the door?"),
        description=_l("It need not be your real name. Without one, your number is enough."),
        validators=[Length(max=_LONGEST_NAME, message=_l("That is too long for a name.")), one_line],
    )
    email = EmailField(
        _l("E-mail address"),
        description=_l(
            "Only to write about this meeting: your registration, changes, one reminder. It is kept "
            "encrypted and deleted 30 days after the meeting at the latest, or as soon as you say so."
        ),
        validators=[Length(max=254, message=_l("That is too long for an e-mail address."))],
    )
    client_token = HiddenField(render_kw={"data-draft-keep": True})

    def __init__(self, meeting: Meeting, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = _ways(meeting, now)
        if self.way.data is None:
            self.way.data = self.way.choices[0].value

    @property
    def has_ways(self) -> bool:
        """Whether places can be asked for at all."""
        return len(list(self.way.choices or ())) > 1

    def validate_email(self, field: EmailField) -> None:
        """An address that every mail server takes, or none."""
        if not field.data:
            return
        self.address = canonical(field.data)
        if self.address is None or not self.address.isascii() or len(self.address) > 254:
            raise ValidationError(_("This is not an e-mail address."))

    def validate_kinds(self, field: SelectMultipleField) -> None:
        """Whoever wants no place asks for something else."""
        if self.way.data == NOTHING and not field.data:
            raise ValidationError(_("Choose what you need; to come without it, you need not register."))

    @property
    def registration(self) -> Registration:
        """What was typed."""
        mode = None if self.way.data == NOTHING else Mode(self.way.data)
        return Registration(mode, self.name.data or None, self.address, self.needs)

    address: str | None = None


class AttendForm(Form):
    """Another way to attend."""

    way = RadioField(_l("How would you like to attend?"), choices=[], validators=[InputRequired()])

    def __init__(self, meeting: Meeting, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = [
            *_ways(meeting, now)[:-1],
            SelectChoice(value=NOTHING, label=_l("I need no place")),
        ]

    @property
    def mode(self) -> Mode | None:
        """The way, None for no place."""
        return None if self.way.data == NOTHING else Mode(self.way.data)


class AnswerForm(Form):
    """What becomes of a request."""

    state = RadioField(
        _l("Answer"),
        choices=[
            SelectChoice(value=AccommodationState.ARRANGED.value, label=_l("It is arranged")),
            SelectChoice(value=AccommodationState.NOT_POSSIBLE.value, label=_l("It is not possible")),
        ],
        validators=[InputRequired(_l("Choose an answer."))],
    )
    answer_en = TextAreaField(
        _l("What the person is told, in English"),
        validators=[Length(max=1000, message=_l("That is too long."))],
    )
    answer_es = TextAreaField(
        _l("What the person is told, in Spanish"),
        description=_l("If you write only one of the two, it is shown as it is."),
        validators=[Length(max=1000, message=_l("That is too long."))],
    )

    def validate_answer_en(self, _field: TextAreaField) -> None:
        """A refusal has a reason."""
        if self.state.data == AccommodationState.NOT_POSSIBLE and not self.answer:
            raise ValidationError(_("Say why it is not possible, and what is possible instead."))

    @property
    def answer(self) -> Localised:
        """The text, in the languages in which there is one."""
        return Localised(en=self.answer_en.data or "", es=self.answer_es.data or "")
