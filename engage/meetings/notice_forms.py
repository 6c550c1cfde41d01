"""What clerks type about notice: a docket's own rule for one kind of meeting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.meetings.models import NoticeUnit
from engage.meetings.notice_rules import Rule
from engage.meetings.notice_words import UNITS

LONGEST = 2000
"""The most hours or days that a rule can ask for; the database holds it too."""


class NoticeRuleForm(LocalisedForm):
    """How long before a meeting its notice is posted, and who says so."""

    amount = IntegerField(
        _l("How many"),
        validators=[
            InputRequired(_l("Write a whole number.")),
            NumberRange(1, LONGEST, message=_l("Write a number from 1 to 2,000.")),
        ],
    )
    unit = SelectField(_l("Of what"), choices=[SelectChoice(code, name) for code, name in UNITS.items()])
    basis_en = TextAreaField(
        _l("Who asks for it, in English"),
        description=_l("The law, by-law or agreement and its section. Residents see this beside the rule."),
        validators=[
            DataRequired(_l("Residents read both languages, so write this in English too.")),
            Length(max=1000, message=_l("Write at most 1,000 characters.")),
        ],
    )
    basis_es = TextAreaField(
        _l("Who asks for it, in Spanish"),
        description=_l("The law, by-law or agreement and its section. Residents see this beside the rule."),
        validators=[
            DataRequired(_l("Residents read both languages, so write this in Spanish too.")),
            Length(max=1000, message=_l("Write at most 1,000 characters.")),
        ],
    )

    def __init__(self, rule: Rule) -> None:
        # The basis of a default is no docket's own, so it is not offered as one.
        basis = rule.basis if rule.is_own else Localised()
        super().__init__(data={"amount": rule.amount, "unit": rule.unit} | self.pair("basis", basis))

    @property
    def chosen_unit(self) -> NoticeUnit:
        """What the amount counts."""
        return NoticeUnit(self.unit.data)
