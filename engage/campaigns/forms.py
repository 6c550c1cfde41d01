"""What staff type about bursts and letters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange

from engage.campaigns.models import BurstKind
from engage.web.forms import Form, one_line


class DismissForm(Form):
    """A warning, named by what it is about, and what a person found when they looked into it."""

    period = HiddenField(validators=[DataRequired(), Length(max=80)])
    kind = HiddenField(validators=[AnyOf(list(BurstKind))])
    day = DateField(validators=[InputRequired()])
    subject_id = IntegerField(validators=[InputRequired(), NumberRange(0, 2**63 - 1)])
    note = StringField(
        _l("What did you find?"),
        description=_l("For your colleagues. The comments stay as they are."),
        validators=[one_line, DataRequired(_l("Write what you found.")), Length(max=500)],
    )
