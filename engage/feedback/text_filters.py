"""Which shown texts a reader asks for: the arguments of the address, as conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from babel import Locale

from engage.analysis import UNKNOWN, ToneLabel
from engage.comments.search import LONGEST_QUERY, has_words
from engage.feedback.models import FormText, FormTextConcern
from engage.web.forms import clean_text

_LANGUAGES = frozenset(Locale("en").languages) | {UNKNOWN}
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")
_NAMES = ("words", "concern", "tone", "written_in")


class BadFilter(ValueError):
    """An argument that is not among the known ones, or a value that it cannot have. The text is its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFilter:
    """Conditions that all hold; empty means any. ``written_in`` is the detected language."""

    words: str = ""
    concern: str = ""
    tone: str = ""
    written_in: str = ""

    @classmethod
    def from_args(cls, arguments: Mapping[str, str]) -> TextFilter:
        """Read the arguments of an address; ``page`` is not ours. Raises BadFilter."""
        for name in arguments:
            if name not in (*_NAMES, "page"):
                raise BadFilter(name)
        found = cls(**{name: clean_text(arguments.get(name, "")) or "" for name in _NAMES})
        found._check()
        return found

    @property
    def arguments(self) -> dict[str, str]:
        """What leads back to the same list."""
        return {name: value for name in _NAMES if (value := getattr(self, name))}

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What holds of every text that is asked for."""
        found: list[sa.ColumnElement[bool]] = []
        if self.words:
            found.append(has_words(self.words, FormText.words))
        if self.concern:
            found.append(FormText.concerns.any(FormTextConcern.code == self.concern))
        if self.tone:
            found.append(FormText.tone == self.tone)
        if self.written_in:
            found.append(FormText.language == self.written_in)
        return found

    def _check(self) -> None:
        allowed = {
            "words": len(self.words) <= LONGEST_QUERY,
            "concern": not self.concern or _CODE.fullmatch(self.concern) is not None,
            "tone": not self.tone or self.tone in set(ToneLabel),
            "written_in": not self.written_in or self.written_in in _LANGUAGES,
        }
        for name, is_allowed in allowed.items():
            if not is_allowed:
                raise BadFilter(name)
