"""What is asked of who wants to speak, on the site and at the door."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from engage.meetings import queries
from engage.meetings.interpreting import language_choices
from engage.meetings.models import AgendaItem, Meeting, Mode
from engage.meetings.posted import posted_items
from engage.meetings.service.speak import Wish
from engage.meetings.words import MODES
from engage.web.forms import Form, one_line
from engage.web.locale import localised

ANYTHING = "any"
"""The choice of no item in particular."""

NAME_LENGTH = 60


def still_offered(_form: Form, field: RadioField) -> None:
    """A validator: an item that residents know of. It may have been taken off while somebody was typing."""
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(
            _l("This item is not on the agenda any more, or takes no speakers. Choose another one.")
        )


class SpeakForm(Form):
    """A resident asks to speak. Nothing here has to say who they are."""

    item = RadioField(
        _l("What do you want to speak about?"),
        # WTForms' own check of the choices knows no kind words for an item that has gone meanwhile.
        validate_choice=False,
        validators=[DataRequired(_l("Choose one.")), still_offered],
    )
    mode = RadioField(
        _l("From where?"),
        choices=[SelectChoice(mode.value, MODES[mode]) for mode in Mode],
        validators=[DataRequired(_l("Choose one."))],
    )
    name = StringField(
        _l("What to call out when it is your turn"),
        description=_l(
            "It need not be your name. It is read out and stands on the screen in the room. "
            "If you leave it empty, you are called by your speaker number."
        ),
        validators=[one_line, Length(max=NAME_LENGTH, message=_l("Write at most 60 characters."))],
    )
    spoken = SelectField(
        _l("I need an interpreter from"),
        description=_l("You may speak in your own language."),
        validators=[Optional()],
    )
    client_token = HiddenField(render_kw={"data-draft-keep": True})

    def __init__(self, meeting: Meeting, **values: object) -> None:
        super().__init__(**values)
        self._meeting = meeting
        self.item.choices = _items(posted_items(meeting))
        self.spoken.choices = _languages()
        if not (meeting.is_online and meeting.is_in_person):
            del self.mode

    @property
    def wish(self) -> Wish:
        """What was asked. Only for a form that is valid."""
        mode = Mode(self.mode.data) if "mode" in self else usual_mode(self._meeting)
        item = _item(self._meeting, self.item.data)
        return Wish(item, mode, name=self.name.data or None, spoken=self.spoken.data or None)


class WalkInForm(Form):
    """Staff write down somebody at the door; ``item`` empty: who does not want to speak.

    The working agenda is offered, which the people at the door hear of.
    """

    name = StringField(
        _l("Name"),
        description=_l("Not needed. Whoever speaks is called by it, on the screen too."),
        validators=[one_line, Length(max=NAME_LENGTH, message=_l("Write at most 60 characters."))],
    )
    item = SelectField(_l("Wants to speak about"), validators=[Optional()])
    spoken = SelectField(_l("Interpreter from"), validators=[Optional()])
    client_token = HiddenField()

    def __init__(self, meeting: Meeting, **values: object) -> None:
        super().__init__(**values)
        self._meeting = meeting
        self.item.choices = [SelectChoice("", _l("Does not want to speak")), *_items(meeting.items)]
        self.spoken.choices = _languages()

    def wish(self, mode: Mode) -> Wish | None:
        """What is asked, or None. Only for a form that is valid."""
        if not self.item.data:
            return None
        item = _item(self._meeting, self.item.data)
        return Wish(item, mode, name=self.name.data or None, spoken=self.spoken.data or None)


class DoorWishForm(WalkInForm):
    """The same for somebody who is on the list of the door already."""

    client_token = None

    def __init__(self, meeting: Meeting, **values: object) -> None:
        super().__init__(meeting, **values)
        self.item.choices = _items(meeting.items)


def usual_mode(meeting: Meeting) -> Mode:
    """How people attend where there is one way only, or nothing was said."""
    return Mode.IN_PERSON if meeting.is_in_person else Mode.REMOTE


def _items(items: Iterable[AgendaItem]) -> list[SelectChoice]:
    taking = [
        SelectChoice(str(item.id), f"{item.position}. {localised(item.title)}")
        for item in items
        if item.takes_speakers
    ]
    return [*taking, SelectChoice(ANYTHING, _l("Something else"))]


def _item(meeting: Meeting, chosen: str) -> AgendaItem | None:
    return None if chosen == ANYTHING else queries.get_item(meeting, int(chosen))


def _languages() -> list[SelectChoice]:
    return [SelectChoice("", _l("No interpreter")), *(SelectChoice(*each) for each in language_choices())]
