"""Where staff may lead everybody: to a page of the web, and to nothing that runs or that knows a password."""

from __future__ import annotations

import pytest

from engage.web.addresses import (
    LONGEST_ADDRESS,
    BadAddress,
    checked_address,
    is_secure_address,
    is_web_address,
)

GOOD = [
    "https://example.org",
    "https://example.org:8443/a?b=c#d",
    "https://example.org/año/informe.pdf",
    "https://example.org/@office",
]
BAD = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    " https://example.org",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org/list",
    "mailto:clerk@example.org",
    "//evil.example",
    "/en/dockets",
    "example.org",
    "https://",
    "https:///x",
    "https://name@example.org",
    "https://name:word@example.org",
    "https://:word@example.org",
    "https://example.org:99999",
    "https://[::1",
    'https://example.org/">x',
    "https://example.org\\@evil.example",
    "https://example.org/\u202egpj.exe",
    "https://example.org/a b",
    "https://example.org/\nSet-Cookie: a",
]


@pytest.mark.parametrize("address", GOOD)
def test_a_page_of_the_web_is_an_address(address: str) -> None:
    open_line = address.replace("https", "http")

    assert is_secure_address(address)
    assert is_web_address(address)
    assert is_web_address(open_line)
    assert not is_secure_address(open_line)
    assert checked_address(address) == address


@pytest.mark.parametrize("address", BAD)
def test_what_runs_or_hides_where_it_leads_is_none(address: str) -> None:
    assert not is_web_address(address)
    assert not is_secure_address(address)
    with pytest.raises(BadAddress):
        checked_address(address)


def test_no_address_is_longer_than_its_column() -> None:
    start = "https://example.org/"

    assert checked_address(start + "a" * (LONGEST_ADDRESS - len(start)))
    with pytest.raises(BadAddress):
        checked_address(start + "a" * LONGEST_ADDRESS)


def test_without_an_address_there_is_none() -> None:
    assert checked_address("") is None
    assert checked_address(None) is None
