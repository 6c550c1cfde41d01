"""Addresses elsewhere on the web that staff type: a link to join by, a recording, where a number is from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import Form, ValidationError
from wtforms.fields import Field, StringField
from wtforms.validators import Length

from engage.errors import RuleBroken
from engage.web.forms import one_line

LONGEST_ADDRESS = 400

_NEVER = frozenset('<>"\\')
_WRONG = _l("Write a whole address that begins with https:// or http://, without a name or password.")


class BadAddress(RuleBroken):
    """Not an address that everybody may be led to."""


def is_secure_address(text: str) -> bool:
    """Whether it leads to a page over an encrypted line, runs nothing, and carries no name or password."""
    return _is_address(text, ("https",))


def is_web_address(text: str) -> bool:
    """The same, also over an open line: older records are still served like that."""
    return _is_address(text, ("https", "http"))


def checked_address(text: str | None) -> str | None:
    """The address, or None where there is none. Raises BadAddress."""
    if text and not (is_web_address(text) and len(text) <= LONGEST_ADDRESS):
        raise BadAddress(_WRONG)
    return text or None


def web_address(_form: Form, field: Field) -> None:
    """A validator: an address that opens a page, or nothing."""
    if field.data and not is_web_address(field.data):
        raise ValidationError(_WRONG)


def source_address(label: object, description: object = "") -> StringField:
    """A field for where a source can be read."""
    too_long = _l("Write at most %(count)s characters.", count=LONGEST_ADDRESS)
    checks = [one_line, Length(max=LONGEST_ADDRESS, message=too_long), web_address]
    return StringField(label, description=description, validators=checks)


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        # Asking for the port raises ValueError where it is none.
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.username is None
        is_good = is_good and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return is_good and text.isprintable() and not any(char.isspace() or char in _NEVER for char in text)
