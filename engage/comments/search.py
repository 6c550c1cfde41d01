"""The words of a comment as they are searched: no accents, no capitals, no punctuation."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from engage.analysis.folding import fold_all
from engage.comments.models import CommentSearch

LONGEST_QUERY = 200
"""In characters."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")


def searchable(text: str) -> str:
    """The words of a text, each with a space before and after it."""
    return f" {' '.join(_WORD.findall(fold_all(text)))} "


def has_words(
    query: str, words: sa.ColumnElement[str] | InstrumentedAttribute[Any] = CommentSearch.words
) -> sa.ColumnElement[bool]:
    """Whether a text has every word that is asked for. ``words`` is the column of what `searchable` made.

    Words in quotation marks must stand next to each other; ``deport*`` is every word that begins so. A query
    without a word finds nothing.
    """
    patterns = [pattern for match in _TERM.finditer(fold_all(query)) if (pattern := _pattern(match))]
    return sa.and_(*(words.like(pattern) for pattern in patterns)) if patterns else sa.false()


def _pattern(match: re.Match[str]) -> str:
    """A LIKE pattern; words have none of the signs that mean something in one."""
    term = match[1] if match[1] is not None else match[2]
    words = " ".join(_WORD.findall(term))
    end = "" if term.endswith("*") else " "
    return f"% {words}{end}%" if words else ""
