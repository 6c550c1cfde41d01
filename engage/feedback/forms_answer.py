"""What is typed by whoever asks whether their answer arrived."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from engage.web.forms import Form, one_line


class ArrivedForm(Form):
    """The check code of a page that said that an answer arrived, or a code that was handed out."""

    code = StringField(
        _l("Your code"),
        description=_l("16 letters and digits, such as 7KQM-2F9X-RT4B-0WZD. Small letters are fine."),
        validators=[
            InputRequired(_l("Type in your code.")),
            one_line,
            Length(max=100, message=_l("A code has 16 letters and digits.")),
        ],
    )
