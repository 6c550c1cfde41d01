"""Narrow the list of meetings down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from engage.dockets.models import Docket
from engage.meetings import words
from engage.meetings.listing import LONGEST_WORDS, STATUSES, Criteria
from engage.web.forms import Form
from engage.web.locale import localised


class FindForm(Form):
    """Its fields are the arguments of the list's address."""

    words = StringField(_l("Words"), render_kw={"maxlength": LONGEST_WORDS})
    docket = SelectField(_l("Docket"))
    kind = SelectField(_l("Kind of meeting"))
    status = SelectField(_l("Status"))
    format = SelectField(_l("Where people attend"))

    def __init__(self, criteria: Criteria, dockets: Sequence[Docket]) -> None:
        super().__init__(formdata=None, data=criteria.arguments)
        options: dict[str, Mapping[Any, Any]] = {
            "docket": {docket.slug: localised(docket.title) for docket in dockets},
            "kind": words.KINDS,
            "status": {status: words.STATUSES[status] for status in STATUSES},
            "format": words.FORMATS,
        }
        for name, labels in options.items():
            choices = [SelectChoice(str(value), label) for value, label in labels.items()]
            self[name].choices = [SelectChoice("", _l("Any")), *choices]
