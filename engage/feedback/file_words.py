"""What is said of a file that comes in, in the reader's language: see ``engage.survey.told``."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.survey.told import Told


def said(told: Told) -> str:
    """The sentence without its place."""
    values = {name: said(value) if isinstance(value, Told) else value for name, value in told.values.items()}
    return str(_(told.text, **values))


def place(told: Told) -> str:
    """Where in the file it belongs; empty where it is the file as a whole."""
    if told.sheet and told.row:
        return str(_("Sheet “%(sheet)s”, row %(row)s", sheet=told.sheet, row=told.row))
    if told.sheet:
        return str(_("Sheet “%(sheet)s”", sheet=told.sheet))
    return told.path
