"""What staff type when they publish a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from engage.dockets.forms import LocalisedForm
from engage.web.forms import one_line

_LONGEST = 300
_NOTE = (one_line, Length(max=_LONGEST, message=_l("Write at most 300 characters.")))


class PublishForm(LocalisedForm):
    """Why a version is published, in both languages; and that whoever publishes knows that it stays."""

    note_en = StringField(
        _l("Why this version is published, in English"),
        description=_l("One line, such as: with the sheriff’s answers."),
        validators=[DataRequired(_l("Say it in English too: residents read both languages.")), *_NOTE],
    )
    note_es = StringField(
        _l("Why this version is published, in Spanish"),
        validators=[DataRequired(_l("Say it in Spanish too: residents read both languages.")), *_NOTE],
    )
    confirmed = BooleanField(
        _l("I have read the report. What is published cannot be changed or taken back."),
        validators=[DataRequired(_l("Confirm that you have read it."))],
    )
