"""The base of every form: trims what was typed, refuses characters that no text needs, and knows its own
status."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.fields import Field
from wtforms.form import BaseForm

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# More marks on one letter than any language writes: see “Stream-Safe Text Format” in Unicode Standard Annex
# 15.
_MARKS = "".join(char for char in map(chr, range(0x300, 0x20000)) if unicodedata.combining(char))
_ENDLESS_MARKS = re.compile(f"[{_MARKS}]{{31}}")


class Form(FlaskForm):
    """A form of this site. Its CSRF token is checked for every request in web.csrf, so not a second time
    here."""

    class Meta(FlaskForm.Meta):
        """Settings for WTForms."""

        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Give every text field the same cleaning."""
            filters = [*unbound_field.kwargs.get("filters", ()), clean_text]
            return unbound_field.bind(form=form, **options | {"filters": filters})

    def validate(self, extra_validators: Any = None) -> bool:
        """What WTForms does, but without a form's own ``validate_…`` of a field in which nothing could be
        read: that is told at the field already, and there is no value to look at.
        """
        checks = {name: list(more) for name, more in (extra_validators or {}).items()}
        for name, field in self._fields.items():
            own = getattr(type(self), f"validate_{name}", None)
            if own is not None and not _is_unreadable(field):
                checks.setdefault(name, []).append(own)
        return bool(BaseForm.validate(self, checks))

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 422 where something has to be mended."""
        return 422 if self.errors else 200


def _is_unreadable(field: Field) -> bool:
    """Whether something was typed that is no value of the field, such as a thirty-first of February."""
    return bool(field.process_errors) and any(str(raw).strip() for raw in field.raw_data or ())


def clean_text(value: str | None) -> str | None:
    """One kind of line end, composed characters, no control characters but newline and tab, no space
    around."""
    if not isinstance(value, str):
        return value
    value = _UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    # Composing sorts the marks on each letter one by one: a letter with a hundred thousand of them would take
    # minutes.
    return (value if _ENDLESS_MARKS.search(value) else unicodedata.normalize("NFC", value)).strip()


def one_line(_form: Form, field: Field) -> None:
    """A validator: no line break in a field that is one line on the page."""
    if field.data and "\n" in field.data:
        raise ValidationError(_l("Write this in one line."))
