"""What moderators tick and type about a form letter."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import AnyOf, Length

from engage.moderation.forms import Decision, DecisionForm
from engage.moderation.letters import COPIES_AT_ONCE, OTHERS_AT_ONCE
from engage.web.forms import Form, one_line


class LetterForm(DecisionForm):
    """One decision about the unaltered copies that the page lists, about the ticked others, or about both.

    ``copy`` are the copies that the page showed: one that arrives meanwhile is not decided unseen.
    """

    decision = StringField(
        validators=[AnyOf([Decision.POST, Decision.RESTRICT], message=_l("Use one of the buttons."))]
    )
    copies = BooleanField()
    copy = SelectMultipleField(choices=[], validate_choice=False, validators=[Length(max=COPIES_AT_ONCE)])
    comment = SelectMultipleField(choices=[], validate_choice=False, validators=[Length(max=OTHERS_AT_ONCE)])

    def validate_comment(self, field: Field) -> None:
        """Something is decided about."""
        if not self.numbers:
            raise ValidationError(_("Tick the comments that you decide about."))

    @property
    def numbers(self) -> list[str]:
        """The tracking numbers that the decision is about."""
        copies: list[str] = self.copy.data or [] if self.copies.data else []
        return list(dict.fromkeys([*copies, *(self.comment.data or [])]))


class OrganiserForm(Form):
    """Who is known to have written a letter."""

    organiser = StringField(
        _l("Who wrote this letter?"),
        description=_l(
            "An organization or campaign that says so itself. Everybody can read it. "
            "Leave it empty if you do not know."
        ),
        validators=[one_line, Length(max=160)],
    )
