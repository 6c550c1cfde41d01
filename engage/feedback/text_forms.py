"""What moderators tick about texts, and how readers narrow the list of texts down."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from engage.comments.search import LONGEST_QUERY
from engage.comments.span_forms import SpansForm, words_field
from engage.feedback.models import HiddenFor, TextState
from engage.feedback.words import HIDDEN_FOR, TEXT_STATES
from engage.web.forms import Form
from engage.web.paging import PAGE_SIZE


def _options(*options: tuple[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in options]


class Decision(StrEnum):
    """What a moderator can do to a text: the values of the buttons."""

    SHOW = "show"
    HIDE = "hide"


class DecideForm(Form):
    """One decision about every ticked text of a page. Only hiding needs a reason."""

    decision = StringField(validators=[AnyOf(list(Decision), message=_l("Use one of the buttons."))])
    text = SelectMultipleField(
        choices=[],
        coerce=int,
        validate_choice=False,
        validators=[
            DataRequired(_l("Tick the texts that you decide about.")),
            Length(max=PAGE_SIZE, message=_l("That is more than one page of texts.")),
        ],
    )
    seen = HiddenField(validators=[AnyOf(list(TextState), message=_l("Use one of the buttons."))])
    reason = SelectField(
        _l("Reason for hiding"),
        choices=_options(("", _l("Choose a reason")), *HIDDEN_FOR.items()),
        default="",
    )

    def validate_reason(self, field: Field) -> None:
        """One of the closed list, where texts are to be hidden."""
        if self.decision.data == Decision.HIDE and not field.data:
            raise ValidationError(_("Choose the reason for hiding."))

    @property
    def chosen_reason(self) -> HiddenFor:
        """The reason. Only for a valid form that hides."""
        return HiddenFor(self.reason.data)


class StrikeForm(SpansForm):
    """Stretches to strike out."""

    words = words_field(_l("Strike out these words wherever they stand"))


class TextFilterForm(Form):
    """Narrows the list of shown texts down; its fields are the arguments of the address."""

    words = StringField(
        _l("Words"),
        description=_l("Whole words, in any order. Put “quotation marks” around words that belong together."),
        render_kw={"maxlength": LONGEST_QUERY},
    )
    concern = SelectField(_l("Concern"))
    tone = SelectField(_l("Tone"))
    written_in = SelectField(_l("Language"))

    def __init__(self, chosen: Mapping[str, str], options: Mapping[str, Mapping[Any, Any]]) -> None:
        super().__init__(formdata=None, data=dict(chosen))
        for name, labels in options.items():
            self[name].choices = _options(("", _l("Any")), *labels.items())


class WhichTextsForm(Form):
    """Which texts a moderator reads."""

    state = SelectField(_l("Status"), choices=_options(*TEXT_STATES.items()))
    question = SelectField(_l("Question"))

    def __init__(self, *, state: TextState, question: str, questions: Mapping[str, str]) -> None:
        super().__init__(formdata=None, data={"state": state.value, "question": question})
        self.question.choices = _options(("", _l("All questions")), *questions.items())
