"""Addresses of what a finding is from."""

from __future__ import annotations

from engage.meetings.addresses import is_web_address


def is_source(text: str) -> bool:
    """Whether it leads to a page of the web and runs nothing. Older records are still served without TLS."""
    secure = f"https{text[4:]}" if text.startswith("http://") else text
    return is_web_address(secure)
