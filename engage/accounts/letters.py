"""What we write to people with an account. Subjects say nothing to a glance at a locked screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from engage.db.types import LANGUAGES


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain text."""

    subject: str
    body: str


def password_reset(link: str) -> Letter:
    """The link by which to set a new password."""
    return Letter(
        _("About your account"),
        _(
            "Somebody, probably you, asked for a new password for your account at %(site)s.\n"
            "\n"
            "Open this address within 30 minutes to set one. It works once:\n"
            "\n"
            "%(link)s\n"
            "\n"
            "If it was not you, you need not do anything: your password stays as it is.\n",
            site=_site(),
            link=link,
        ),
    )


def password_changed() -> Letter:
    """Word that the password is another now, so that its owner learns of it if somebody else did it."""
    return Letter(
        _("About your account"),
        _(
            "The password of your account at %(site)s was changed, and it was signed out everywhere.\n"
            "\n"
            "If it was not you, ask for a new password on the sign-in page at once "
            "and tell an administrator.\n",
            site=_site(),
        ),
    )


def invitation(links: Mapping[str, str]) -> Letter:
    """The first link to somebody who was given an account; in every language, as we do not know theirs.

    ``links`` has the address of the page in each language.
    """
    letters = []
    for language in LANGUAGES:
        with force_locale(language):
            body = _(
                "You have an account at %(site)s now.\n"
                "\n"
                "Open this address within 3 days to choose your password. It works once:\n"
                "\n"
                "%(link)s\n",
                site=_site(),
                link=links[language],
            )
            letters.append(Letter(_("About your account"), body))
    return Letter(letters[0].subject, "\n----\n\n".join(letter.body for letter in letters))


def _site() -> str:
    name: str = current_app.config["ENGAGE_SETTINGS"].site_name
    return name
