"""What moderators tick about texts, and how readers narrow the list of texts down."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from engage.comments.redacted import KINDS, RedactionKind
from engage.comments.search import LONGEST_QUERY
from engage.comments.spans import Span, each_of
from engage.feedback.models import HiddenFor, TextState
from engage.feedback.words import HIDDEN_FOR, TEXT_STATES
from engage.web.forms import Form
from engage.web.paging import PAGE_SIZE

_MOST_SPANS = 200


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


class StrikeForm(Form):
    """Stretches to strike out: found ones that were ticked (``start-stop-kind``), and words."""

    span = SelectMultipleField(
        choices=[],
        validate_choice=False,
        validators=[Length(max=_MOST_SPANS, message=_l("Those are too many stretches at once."))],
    )
    words = TextAreaField(
        _l("Strike out these words wherever they stand"),
        description=_l("One name, number or phrase a line. Capitals make no difference."),
        validators=[Length(max=2000, message=_l("Those are too many words at once."))],
    )
    kind = SelectField(_l("What these words are"), choices=_options(*KINDS.items()), default="private_fact")
    version = HiddenField(validators=[Length(max=64)])

    def validate_span(self, _field: Field) -> None:
        """Each names a place and a kind that we know."""
        try:
            self._ticked()
        except ValueError:
            raise ValidationError(_("One of these stretches is not in the text.")) from None

    def spans(self, text: str) -> list[Span]:
        """All that was chosen, as places in the text that the moderator sees. Only for a valid form."""
        kind = RedactionKind(self.kind.data)
        return [*self._ticked(), *(span for line in self._lines() for span in each_of(line, text, kind))]

    def lines_not_in(self, text: str) -> list[str]:
        """The lines of words that stand nowhere in the text."""
        return [line for line in self._lines() if not each_of(line, text, RedactionKind.PRIVATE_FACT)]

    def _lines(self) -> list[str]:
        return [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]

    def _ticked(self) -> list[Span]:
        spans = []
        for value in self.span.data or ():
            start, stop, kind = value.split("-", 2)
            spans.append(Span(int(start), int(stop), RedactionKind(kind)))
        return spans


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
