"""What a reader ticks. Nothing is typed, so there is nothing to moderate and nothing that could give away
who it was."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from engage.reports.ratings.models import ANSWERS, Rated
from engage.reports.ratings.words import SAID
from engage.web.forms import Form


class RatingForm(Form):
    """What a reader says of a summary: one or more of three."""

    said = SelectMultipleField(
        _l("What holds of this summary?"),
        description=_l("Tick all that hold."),
        choices=[SelectChoice(answer.value, SAID[answer]) for answer in ANSWERS],
        validators=[DataRequired(_l("Tick what holds of the summary."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def chosen(self) -> frozenset[Rated]:
        """What was ticked. Only for a valid form."""
        return frozenset(map(Rated, self.said.data or ()))
