"""What moderators type when they redact, decide a second time, or answer a resident."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from engage.comments.models import ModerationReason
from engage.comments.span_forms import SpansForm, words_field
from engage.comments.words import REASONS
from engage.moderation import rules, words
from engage.moderation.models import LogReason
from engage.web.forms import Form

_CHOOSE = ("", _l("Choose a reason"))


def _options(*options: tuple[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in options]


def _reasons(*reasons: LogReason) -> list[SelectChoice]:
    return _options(_CHOOSE, *((reason.value, words.REASONS[reason]) for reason in reasons))


class RedactForm(SpansForm):
    """Stretches to redact, and why."""

    words = words_field(_l("Redact these words wherever they stand"))
    reason = SelectField(
        _l("Reason for redacting"),
        choices=_reasons(*rules.REDACTION_REASONS),
        default="",
        validators=[DataRequired(_l("Choose the reason for redacting."))],
    )

    @property
    def chosen_reason(self) -> LogReason:
        """The reason. Only for a valid form."""
        return LogReason(self.reason.data)


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
