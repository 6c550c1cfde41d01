"""Addresses elsewhere on the web that staff type: a link to join by, a recording, a document."""

from __future__ import annotations

from urllib.parse import urlsplit

_NEVER = frozenset('<>"\\')


def is_web_address(text: str) -> bool:
    """Whether it leads to a page over an encrypted line, runs nothing, and carries no name or password."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
    return is_good and text.isprintable() and not any(char.isspace() or char in _NEVER for char in text)
