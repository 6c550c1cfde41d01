"""What moderators type when they redact, decide a second time, or answer a resident."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from engage.comments.models import ModerationReason
from engage.comments.redacted import KINDS, RedactionKind
from engage.comments.spans import Span, each_of
from engage.comments.words import REASONS
from engage.moderation import rules, words
from engage.moderation.models import LogReason
from engage.web.forms import Form

_CHOOSE = ("", _l("Choose a reason"))
_MOST_SPANS = 200


def _options(*options: tuple[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in options]


def _reasons(*reasons: LogReason) -> list[SelectChoice]:
    return _options(_CHOOSE, *((reason.value, words.REASONS[reason]) for reason in reasons))


class RedactForm(Form):
    """Stretches to redact: found ones that were ticked, chosen ones (``start-stop-kind``), and words."""

    span = SelectMultipleField(
        choices=[],
        validate_choice=False,
        validators=[Length(max=_MOST_SPANS, message=_l("Those are too many stretches at once."))],
    )
    words = TextAreaField(
        _l("Redact these words wherever they stand"),
        description=_l("One name, number or phrase a line. Capitals make no difference."),
        validators=[Length(max=2000, message=_l("Those are too many words at once."))],
    )
    kind = SelectField(_l("What these words are"), choices=_options(*KINDS.items()), default="private_fact")
    reason = SelectField(
        _l("Reason for redacting"),
        choices=_reasons(*rules.REDACTION_REASONS),
        default="",
        validators=[DataRequired(_l("Choose the reason for redacting."))],
    )
    version = HiddenField(validators=[Length(max=64)])

    def validate_span(self, field: Field) -> None:
        """Each names a place and a kind that we know."""
        try:
            self._ticked()
        except ValueError:
            raise ValidationError(_("One of these stretches is not in the text.")) from None

    @property
    def chosen_reason(self) -> LogReason:
        """The reason. Only for a valid form."""
        return LogReason(self.reason.data)

    def spans(self, text: str) -> list[Span]:
        """All that was chosen, as places in the text that the moderator sees. Only for a valid form."""
        kind = RedactionKind(self.kind.data)
        lines = (self.words.data or "").splitlines()
        return [*self._ticked(), *(span for line in lines for span in each_of(line, text, kind))]

    def lines_not_in(self, text: str) -> list[str]:
        """The lines of words that stand nowhere in the text."""
        lines = [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]
        return [line for line in lines if not each_of(line, text, RedactionKind.PRIVATE_FACT)]

    def _ticked(self) -> list[Span]:
        spans = []
        for value in self.span.data or ():
            start, stop, kind = value.split("-", 2)
            spans.append(Span(int(start), int(stop), RedactionKind(kind)))
        return spans


class RemoveForm(Form):
    """Why a posted comment should no longer be read."""

    reason = SelectField(
        _l("Reason for not posting"),
        id="remove-reason",
        choices=_options(_CHOOSE, *REASONS.items()),
        default="",
        validators=[DataRequired(_l("Choose the reason for not posting."))],
    )

    @property
    def chosen_reason(self) -> ModerationReason:
        """The reason. Only for a valid form."""
        return ModerationReason(self.reason.data)


class OpenOriginalForm(Form):
    """What a moderator wants to read a sealed original for."""

    reason = SelectField(
        _l("What do you need it for?"),
        choices=_reasons(*rules.OPENING_REASONS),
        default="",
        validators=[DataRequired(_l("Say what you need the original for."))],
    )

    @property
    def chosen_reason(self) -> LogReason:
        """The reason. Only for a valid form."""
        return LogReason(self.reason.data)


class DismissForm(Form):
    """Why reports lead to nothing more."""

    reason = SelectField(
        _l("Why it stays as it is"),
        id="dismiss-reason",
        choices=_reasons(*rules.DISMISSAL_REASONS),
        default="",
        validators=[DataRequired(_l("Choose why the comment stays as it is."))],
    )

    @property
    def chosen_reason(self) -> LogReason:
        """The reason. Only for a valid form."""
        return LogReason(self.reason.data)


class SecondLook(StrEnum):
    """What a second person can do: the values of the buttons."""

    CONFIRM = "confirm"
    DECLINE = "decline"


class SecondLookForm(Form):
    """A decision about one proposal."""

    decision = StringField(validators=[AnyOf(list(SecondLook), message=_l("Use one of the buttons."))])


class AppealDecision(StrEnum):
    """How an appeal can be answered: the values of the buttons."""

    UPHOLD = "uphold"
    DENY = "deny"


class AppealDecisionForm(Form):
    """An answer to whoever appealed. They read it on their receipt."""

    decision = StringField(validators=[AnyOf(list(AppealDecision), message=_l("Use one of the buttons."))])
    answer = TextAreaField(
        _l("Answer to whoever appealed"),
        description=_l(
            "They read it on their receipt. Say why, in plain words, and repeat nothing of the comment."
        ),
        validators=[
            DataRequired(_l("Write an answer: a decision without a reason settles nothing.")),
            Length(max=2000, message=_l("An answer may have 2,000 characters.")),
        ],
    )


class ContestDecision(StrEnum):
    """What can be done about a contest: the values of the buttons."""

    ADMIT = "admit"
    REMOVE = "remove"
    DISMISS = "dismiss"


class ContestDecisionForm(Form):
    """A step about one contest; dismissing one needs an answer."""

    decision = StringField(validators=[AnyOf(list(ContestDecision), message=_l("Use one of the buttons."))])
    answer = TextAreaField(
        _l("Answer to whoever contested it"),
        description=_l("They read it with their case number. Needed only where you dismiss the case."),
        validators=[Length(max=2000, message=_l("An answer may have 2,000 characters."))],
    )

    def validate_answer(self, field: Field) -> None:
        """A dismissal says why."""
        if self.decision.data == ContestDecision.DISMISS and not field.data:
            raise ValidationError(_("Write an answer: a decision without a reason settles nothing."))
