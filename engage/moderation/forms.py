"""What moderators type and tick."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from engage.comments.models import CommentPeriod, Disposition, ModerationReason
from engage.comments.words import DISPOSITIONS, REASONS
from engage.moderation import words
from engage.moderation.filters import QueueFilter
from engage.moderation.queries import QUEUE_PAGE
from engage.web.forms import Form
from engage.web.locale import localised


def _options(*options: tuple[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in options]


_ANY = ("", _l("Any"))


class Decision(StrEnum):
    """What a moderator can do to a comment: the values of the buttons."""

    POST = "post"
    RESTRICT = "restrict"
    REOPEN = "reopen"


class DecisionForm(Form):
    """One decision about one comment. Buttons send ``decision``; a reason is needed only for not posting."""

    decision = StringField(validators=[AnyOf(list(Decision), message=_l("Use one of the buttons."))])
    reason = SelectField(
        _l("Reason for not posting"),
        choices=_options(("", _l("Choose a reason")), *REASONS.items()),
        default="",
    )

    def validate_reason(self, field: Field) -> None:
        """One of the closed list, where the comment is not to be posted."""
        if self.decision.data == Decision.RESTRICT and not field.data:
            raise ValidationError(_("Choose the reason for not posting."))

    @property
    def chosen_reason(self) -> ModerationReason:
        """The reason. Only for a valid form that does not post."""
        return ModerationReason(self.reason.data)


class BulkForm(DecisionForm):
    """One decision about every ticked comment of a page of the queue."""

    decision = StringField(
        validators=[AnyOf([Decision.POST, Decision.RESTRICT], message=_l("Use one of the buttons."))]
    )
    comment = SelectMultipleField(
        choices=[],
        validate_choice=False,
        validators=[
            DataRequired(_l("Tick the comments that you decide about.")),
            Length(max=QUEUE_PAGE, message=_l("That is more than one page of the queue.")),
        ],
    )


class UndoForm(Form):
    """Which lines of the log to take back."""

    done = HiddenField(validators=[Length(max=60)])


class QueueFilterForm(Form):
    """Narrows the queue down; its fields are the arguments of the address."""

    period = SelectField(_l("Comment period"))
    written_in = SelectField(_l("Language"), choices=_options(_ANY, *words.WRITTEN_IN.items()))
    hint = SelectField(_l("Needs a closer look"), choices=_options(_ANY, *words.HINTS.items()))
    flag = SelectField(_l("Flag"), choices=_options(_ANY, *words.FLAGS.items()))

    def __init__(self, criteria: QueueFilter, periods: list[CommentPeriod]) -> None:
        super().__init__(formdata=None, data=criteria.arguments)
        self.period.choices = _options(_ANY, *((period.slug, localised(period.title)) for period in periods))


class RecordFilterForm(Form):
    """Narrows the list of all comments down by what has become of them."""

    period = SelectField(_l("Comment period"))
    disposition = SelectField(_l("Status"), choices=_options(_ANY, *DISPOSITIONS.items()))
    reason = SelectField(_l("Reason for not posting"), choices=_options(_ANY, *REASONS.items()))

    def __init__(
        self,
        periods: list[CommentPeriod],
        *,
        period: CommentPeriod,
        disposition: Disposition | None,
        reason: ModerationReason | None,
    ) -> None:
        data: dict[str, Any] = {
            "period": period.slug,
            "disposition": disposition or "",
            "reason": reason or "",
        }
        super().__init__(formdata=None, data=data)
        self.period.choices = _options(*((each.slug, localised(each.title)) for each in periods))


class LogFilterForm(Form):
    """Narrows the public log down to one comment period."""

    period = SelectField(_l("Comment period"))

    def __init__(self, periods: list[CommentPeriod], period: CommentPeriod | None) -> None:
        super().__init__(formdata=None, data={"period": period.slug if period else ""})
        self.period.choices = _options(
            ("", _l("All comment periods")), *((each.slug, localised(each.title)) for each in periods)
        )
