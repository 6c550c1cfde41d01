"""How many days an administrator chooses."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from engage.retention.schedule import DataClass
from engage.web.forms import Form


class DaysForm(Form):
    """The days of one class of data, within its bounds."""

    days = IntegerField(_l("Days"))

    def __init__(self, data_class: DataClass, **values: Any) -> None:
        super().__init__(**values)
        fewest, most = data_class.bounds or (0, 0)
        message = _("Choose %(fewest)s to %(most)s days.", fewest=fewest, most=most)
        self.days.validators = [InputRequired(message), NumberRange(fewest, most, message)]
        self.days.description = message
