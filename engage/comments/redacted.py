"""The marks that stand in a comment's text where a stretch was redacted, in no language.

A mark is a kind between two rare brackets, ``⟦phone⟧``. Pages say it in the reader's language; the analysis
sees as many blocks instead, so that no word of a mark is measured and every place in the text stays the same.
Only the text of a comment that ``is_redacted`` has marks: elsewhere somebody has only typed the brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from engage.web.locale import language


class RedactionKind(StrEnum):
    """What a redacted stretch was: personal data as the finder tells it apart, and what else may go."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    SSN = "ssn"
    A_NUMBER = "a_number"
    DOB = "dob"
    CARD = "card"
    PLATE = "plate"
    STATUS_DISCLOSURE = "status_disclosure"
    PERSON_NAME = "person_name"
    PRIVATE_FACT = "private_fact"
    THREAT = "threat"
    OBSCENITY = "obscenity"
    LINK = "link"


KINDS: dict[RedactionKind, LazyString] = {
    RedactionKind.PHONE: _l("telephone number"),
    RedactionKind.EMAIL: _l("e-mail address"),
    RedactionKind.ADDRESS: _l("street address"),
    RedactionKind.SSN: _l("Social Security number"),
    RedactionKind.A_NUMBER: _l("alien registration number"),
    RedactionKind.DOB: _l("date of birth"),
    RedactionKind.CARD: _l("card number"),
    RedactionKind.PLATE: _l("license plate"),
    RedactionKind.STATUS_DISCLOSURE: _l("immigration status"),
    RedactionKind.PERSON_NAME: _l("name of a person"),
    RedactionKind.PRIVATE_FACT: _l("private fact"),
    RedactionKind.THREAT: _l("threat"),
    RedactionKind.OBSCENITY: _l("obscene words"),
    RedactionKind.LINK: _l("link"),
}

_MARK = re.compile(f"⟦({'|'.join(RedactionKind)})⟧")
_BRACKETS = str.maketrans("⟦⟧", "[]")


class Redactable(Protocol):
    """A comment, or another text that stretches can be struck out of."""

    @property
    def body(self) -> str:
        """Its words, with the marks."""

    @property
    def is_redacted(self) -> bool:
        """Whether marks in it are ours."""


def mark_of(kind: RedactionKind) -> str:
    """What stands in a text for a redacted stretch."""
    return f"⟦{kind}⟧"


def marks_in(text: str) -> Iterator[tuple[int, int, RedactionKind]]:
    """Where marks stand in a redacted text, half-open, and of which kind."""
    for found in _MARK.finditer(text):
        yield found.start(), found.end(), RedactionKind(found[1])


def without_brackets(text: str) -> str:
    """A text of the same length in which nothing that somebody typed looks like a mark."""
    return text.translate(_BRACKETS)


def blanked(text: str) -> str:
    """A text of the same length whose marks hold no words: what the analysis reads."""
    return _MARK.sub(lambda found: "█" * len(found[0]), text)


def said(text: str, comment: Redactable) -> str:
    """A text of a comment with its marks in the reader's language, as plain text; also a template filter."""
    return _MARK.sub(lambda found: _spoken(found[1]), text) if comment.is_redacted else text


def said_whole(comment: Redactable) -> Markup:
    """The whole text of a comment with its marks set apart; also a template filter."""
    if not comment.is_redacted:
        return escape(comment.body)
    template = Markup('<span class="redacted" lang="{}">{}</span>')
    pieces, at = [], 0
    for found in _MARK.finditer(comment.body):
        pieces += [escape(comment.body[at : found.start()]), template.format(language(), _spoken(found[1]))]
        at = found.end()
    return Markup("").join([*pieces, escape(comment.body[at:])])


def _spoken(kind: str) -> str:
    return str(_("[redacted: %(kind)s]", kind=KINDS[RedactionKind(kind)]))
