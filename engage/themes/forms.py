"""What staff type and choose about a theme."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from engage.comments.models import Theme
from engage.comments.words import theme_name
from engage.db.types import Localised
from engage.web.forms import Form, one_line

LONGEST_NAME = 120
_NAME = (one_line, Length(max=LONGEST_NAME, message=_l("Write at most 120 characters.")))


class Decision(StrEnum):
    """What can be done to a theme: the values of the buttons."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    MERGE = "merge"
    REOPEN = "reopen"


class ThemeForm(Form):
    """One decision about one theme. A name is needed to confirm it, another theme to merge it."""

    decision = StringField(validators=[AnyOf(list(Decision), message=_l("Use one of the buttons."))])
    name_en = StringField(_l("Name in English"), validators=_NAME)
    name_es = StringField(_l("Name in Spanish"), validators=_NAME)
    into = SelectField(_l("Merge it into"), default="")

    def __init__(self, theme: Theme, others: Iterable[Theme]) -> None:
        name = theme.name or Localised()
        data: dict[str, Any] = {"name_en": name.en, "name_es": name.es}
        super().__init__(data=data)
        self.into.choices = [
            SelectChoice("", _l("Choose a theme")),
            *(SelectChoice(str(other.id), theme_name(other)) for other in others),
        ]

    def validate_name_en(self, field: Field) -> None:
        """Needed to confirm."""
        self._need(field, Decision.CONFIRM, _("Write this in English too: residents read both languages."))

    def validate_name_es(self, field: Field) -> None:
        """Needed to confirm."""
        self._need(field, Decision.CONFIRM, _("Write this in Spanish too: residents read both languages."))

    def validate_into(self, field: Field) -> None:
        """Needed to merge."""
        self._need(field, Decision.MERGE, _("Choose the theme that it belongs to."))

    @property
    def name(self) -> Localised:
        """What was typed."""
        return Localised(self.name_en.data or "", self.name_es.data or "")

    def _need(self, field: Field, decision: Decision, message: str) -> None:
        if self.decision.data == decision and not field.data:
            raise ValidationError(message)
