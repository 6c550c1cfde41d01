"""What a moderator types as the translation of a comment."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from engage.comments.service.period import LONGEST_TEXT
from engage.web.forms import Form
from engage.web.locale import LANGUAGE_NAMES


class TranslationForm(Form):
    """A translation into one language of the site; an empty one takes away what is there."""

    into = SelectField(
        _l("Translation into"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    body = TextAreaField(
        _l("The comment in this language"),
        description=_l("As close to the words as you can. Leave it empty to take a translation away."),
        validators=[Length(max=2 * LONGEST_TEXT)],
    )
    of_digest = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.body.flags.maxlength = None
