"""What people type to find a receipt."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from engage.web.forms import Form


class ReceiptForm(Form):
    """The number from a receipt, as a person types it."""

    tracking_number = StringField(
        _l("Tracking number"),
        description=_l("It looks like 7k3-m9qp-x2vd. Capitals, spaces and hyphens do not matter."),
        validators=[
            DataRequired(_l("Type the tracking number from your receipt.")),
            Length(max=60, message=_l("That is too long for a tracking number.")),
        ],
    )
