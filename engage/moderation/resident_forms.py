"""What residents type to report a comment, to appeal, or to say that a comment is not theirs."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from engage.comments.models import ModerationReason
from engage.comments.words import REASONS
from engage.moderation.rules import REPORT_REASONS
from engage.web.forms import Form, one_line

_LONGEST = 4000
# As loose as it may be: whether an address exists only a mail can tell. No line break, no second address.
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,180}\.[^\s@,;<>\".]{2,}")


def _is_address(_form: Form, field: Field) -> None:
    if field.data and not _EMAIL.fullmatch(field.data):
        raise ValidationError(_("This is no e-mail address. It looks like name@example.org."))


def _email_field() -> StringField:
    return StringField(
        _l("E-mail address, to be told when there is an answer"),
        description=_l(
            "Not needed. It is kept encrypted, apart from the comment, used once, and then deleted. "
            "The message does not say what it is about."
        ),
        validators=[Optional(), Length(max=250, message=_l("That is too long for an address.")), _is_address],
    )


class ReportForm(Form):
    """A reader's report of one comment."""

    reason = RadioField(
        _l("What is wrong with it?"),
        choices=[SelectChoice(reason.value, REASONS[reason]) for reason in REPORT_REASONS],
        validators=[DataRequired(_l("Choose what is wrong with it."))],
    )
    words = TextAreaField(
        _l("Anything that helps the moderator to see it"),
        description=_l("Only moderators read this, and it is erased when they have looked."),
        validators=[Length(max=500, message=_l("That is longer than 500 characters."))],
    )

    @property
    def chosen_reason(self) -> ModerationReason:
        """The reason. Only for a valid form."""
        return ModerationReason(self.reason.data)


class AppealForm(Form):
    """Why a comment should be posted after all."""

    text = TextAreaField(
        _l("Why should it be posted?"),
        description=_l("Only moderators read this. It is kept encrypted."),
        validators=[
            DataRequired(_l("Write why the comment should be posted.")),
            Length(max=_LONGEST, message=_l("That is too long.")),
        ],
    )
    email = _email_field()


class NameForm(Form):
    """A name to look for, or a tracking number."""

    name = StringField(
        _l("Your name or organization, or a tracking number"),
        description=_l(
            "The whole name, as it would stand under the comment. Nobody keeps what you type here."
        ),
        validators=[
            DataRequired(_l("Type a name or a tracking number.")),
            Length(max=160, message=_l("That is too long for a name.")),
            one_line,
        ],
    )


class ContestForm(Form):
    """What somebody says about a comment that was filed in their name."""

    text = TextAreaField(
        _l("What should the moderators know?"),
        description=_l(
            "For instance how you are the person of this name, and how you can be reached. "
            "Only moderators read this. It is kept encrypted."
        ),
        validators=[Length(max=_LONGEST, message=_l("That is too long."))],
    )
    email = _email_field()

    def validate_text(self, field: Field) -> None:
        """Something has to be there for a moderator to go by."""
        if not field.data and not self.email.data:
            raise ValidationError(_("Write something, or give an address, so that a moderator can check it."))


class CaseForm(Form):
    """The way back to a case."""

    number = StringField(
        _l("Case number"),
        validators=[
            DataRequired(_l("Type the case number.")),
            Length(max=60, message=_l("That is too long for a case number.")),
        ],
    )
    code = StringField(
        _l("Code"),
        description=_l("The twelve letters and digits that you were shown beside the case number."),
        validators=[
            DataRequired(_l("Type the code.")),
            Length(max=60, message=_l("That is too long for a code.")),
        ],
    )
