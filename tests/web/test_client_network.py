"""From which network a request comes, and whose word is believed about it."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from engage.web.client_network import client_network


def network_of(direct: str, forwarded: str | None = None, *, hops: int = 0) -> str | None:
    headers = [] if forwarded is None else [("X-Forwarded-For", forwarded)]
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": direct}).get_environ()
    return client_network(Request(environ), hops)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.1", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_is_that_of_the_address_and_never_the_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("nonsense", ["", "unknown", "999.1.1.1", "localhost", "<script>", "1" * 10_000])
def test_that_cannot_be_read_is_none(nonsense: str) -> None:
    assert network_of(nonsense) is None
    assert network_of("127.0.0.1", nonsense or "-", hops=1) is None


def test_that_a_visitor_claims_is_not_believed_without_a_proxy() -> None:
    assert network_of("203.0.113.77", "198.51.100.1") == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("forwarded", "hops", "network"),
    [
        ("198.51.100.1", 1, "198.51.100.0/24"),
        ("6.6.6.6, 198.51.100.1", 1, "198.51.100.0/24"),
        ("6.6.6.6, 7.7.7.7, 198.51.100.1, 10.0.0.2", 2, "198.51.100.0/24"),
        ("198.51.100.1:4711", 1, "198.51.100.0/24"),
        ("[2001:db8:1:2::5]:4711", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2::5", 1, "2001:db8:1:2::/64"),
        ("6.6.6.6,,", 1, "6.6.6.0/24"),
    ],
)
def test_is_what_our_own_proxies_have_written(forwarded: str, hops: int, network: str) -> None:
    assert network_of("10.0.0.1", forwarded, hops=hops) == network


def test_is_that_of_the_connection_where_a_proxy_was_gone_round() -> None:
    assert network_of("203.0.113.77", hops=1) == "203.0.113.0/24"
    assert network_of("203.0.113.77", "6.6.6.6", hops=2) == "203.0.113.0/24"


def test_is_unknown_behind_a_proxy_that_nobody_has_declared_or_that_does_not_tell() -> None:
    # All visitors would share the proxy's count, and the first would shut the others out.
    assert network_of("127.0.0.1", "198.51.100.1") is None
    assert network_of("10.0.0.1", "198.51.100.1") is None
    assert network_of("10.0.0.1", hops=1) is None
    assert network_of("10.0.0.1", "6.6.6.6", hops=2) is None
    assert network_of("127.0.0.1") == "127.0.0.0/24"
