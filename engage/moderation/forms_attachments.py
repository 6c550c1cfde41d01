"""What a moderator decides about one file."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice

from engage.comments.models import ModerationReason
from engage.comments.words import REASONS
from engage.web.forms import Form


class AttachmentForm(Form):
    """The one decision about a file that is possible now. A reason is needed only for keeping it back."""

    reason = SelectField(
        _l("Reason for not posting this file"),
        choices=[SelectChoice("", _l("Choose a reason")), *(SelectChoice(*item) for item in REASONS.items())],
        default="",
    )

    def __init__(self, *, is_posted: bool) -> None:
        super().__init__()
        self._needs_reason = is_posted

    def validate_reason(self, field: Field) -> None:
        """One of the closed list, where the file is to be kept back."""
        if self._needs_reason and not field.data:
            raise ValidationError(_("Choose the reason for not posting."))

    @property
    def chosen_reason(self) -> ModerationReason:
        """The reason. Only for a valid form of a file that is posted."""
        return ModerationReason(self.reason.data)
