"""What staff type about a meeting that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.meetings.models import AgendaItem, DecidedState, FileKindName, Meeting, MinutesVersion
from engage.meetings.service.after import LINKED, Outcome
from engage.meetings.words import DECIDED, FILES
from engage.web.addresses import is_secure_address
from engage.web.forms import Form, one_line
from engage.web.personal_data import MARK

_MOST_PEOPLE = 100_000
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")
_LONG = (Length(max=200_000, message=_l("Write at most 200,000 characters.")),)
_TITLE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))


class MinutesForm(LocalisedForm):
    """The minutes, in one language at least."""

    body_en = TextAreaField(
        _l("Minutes in English"), description=_MARKDOWN, validators=_LONG, render_kw={MARK: True}
    )
    body_es = TextAreaField(
        _l("Minutes in Spanish"), description=_MARKDOWN, validators=_LONG, render_kw={MARK: True}
    )

    def __init__(self, latest: MinutesVersion | None) -> None:
        super().__init__(data=self.pair("body", latest.body) if latest else {})

    def validate_body_en(self, field: Field) -> None:
        """Something to read."""
        if not (field.data or self.body_es.data):
            raise ValidationError(_("Write the minutes in English or in Spanish."))


class ApprovalForm(Form):
    """The day on which the body approved the minutes."""

    approved_on = DateField(_l("Approved on"), validators=[InputRequired(_l("Give the day."))])

    def __init__(self, today: date) -> None:
        super().__init__(data={"approved_on": today})


class AttendanceForm(Form):
    """How many came, as staff counted them."""

    in_person = IntegerField(
        _l("People in the room"),
        description=_l("Leave it empty if nobody counted."),
        validators=[Optional(), NumberRange(0, _MOST_PEOPLE, _l("Give a number from 0 to 100,000."))],
    )
    remote = IntegerField(
        _l("People online or by telephone"),
        description=_l("Leave it empty if nobody counted."),
        validators=[Optional(), NumberRange(0, _MOST_PEOPLE, _l("Give a number from 0 to 100,000."))],
    )

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(data={"in_person": meeting.attended_in_person, "remote": meeting.attended_remote})


class LinkForm(LocalisedForm):
    """A recording or a transcript that is kept elsewhere."""

    kind = RadioField(
        _l("What it is"),
        choices=[SelectChoice(kind.value, FILES[kind]) for kind in LINKED],
        default=LINKED[0].value,
        validators=[InputRequired()],
    )
    title_en = StringField(
        _l("Title in English"), validators=[DataRequired(_l("Write the title in English.")), *_TITLE]
    )
    title_es = StringField(
        _l("Title in Spanish"), validators=[DataRequired(_l("Write the title in Spanish.")), *_TITLE]
    )
    url = StringField(
        _l("Address"),
        description=_l("It begins with https://"),
        validators=[
            DataRequired(_l("Give the address.")),
            one_line,
            Length(max=1000, message=_l("Write at most 1,000 characters.")),
        ],
    )

    def validate_url(self, field: Field) -> None:
        """A page on the web, and nothing that a browser would run."""
        if not is_secure_address(field.data or ""):
            raise ValidationError(_("Give an address that begins with https://"))

    @property
    def chosen_kind(self) -> FileKindName:
        """What the link leads to. Only for a form that is valid."""
        return FileKindName(self.kind.data)


class DecisionsForm(Form):
    """What was decided on each item: three fields an item, named by its id. See decisions_form."""

    items: tuple[AgendaItem, ...] = ()

    @property
    def decisions(self) -> dict[int, Outcome]:
        """By the id of the item. Only for a form that is valid."""
        return {item.id: self._of(item.id) for item in self.items}

    def fields_of(self, item: AgendaItem) -> list[Field]:
        """The three fields of an item."""
        return [self[f"{name}_{item.id}"] for name in ("decided", "outcome_en", "outcome_es")]

    def _of(self, item_id: int) -> Outcome:
        decided = self[f"decided_{item_id}"].data
        words = Localised(self[f"outcome_en_{item_id}"].data or "", self[f"outcome_es_{item_id}"].data or "")
        return Outcome(DecidedState(decided) if decided else None, words or None)


def decisions_form(meeting: Meeting) -> DecisionsForm:
    """The form for what was decided on each item of a meeting."""
    fields: dict[str, Any] = {"items": tuple(meeting.items)}
    values: dict[str, object] = {}
    for item in meeting.items:
        fields |= _fields(item)
        outcome = item.outcome or Localised()
        values |= {
            f"decided_{item.id}": item.decided or "",
            f"outcome_en_{item.id}": outcome.en,
            f"outcome_es_{item.id}": outcome.es,
        }
    form_class: type[DecisionsForm] = type("DecisionsFormOfMeeting", (DecisionsForm,), fields)
    return form_class(data=values)


def _fields(item: AgendaItem) -> Mapping[str, Any]:
    """Each label names its item, because the list of errors at the top has several."""
    number = item.position
    return {
        f"decided_{item.id}": SelectField(
            _l("Item %(number)s: what became of it", number=number),
            choices=[
                SelectChoice("", _l("Not written down yet")),
                *(SelectChoice(state, label) for state, label in DECIDED.items()),
            ],
            validators=[Optional()],
        ),
        f"outcome_en_{item.id}": StringField(
            _l("Item %(number)s: the outcome in English", number=number), validators=_OUTCOME
        ),
        f"outcome_es_{item.id}": StringField(
            _l("Item %(number)s: the outcome in Spanish", number=number), validators=_OUTCOME
        ),
    }


_OUTCOME = (one_line, Length(max=1000, message=_l("Write at most 1,000 characters.")))
