"""From which network a request comes: the only reader of a client's address, which goes no further than here.

What leaves this module is the network, never the address: a /24 of IPv4, a /64 of IPv6. It is hashed at once
(see limit_keys) and is neither kept nor logged.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import Request

_IPV4_PREFIX = 24
_IPV6_PREFIX = 64
_BESIDE_US = [
    ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
]
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def client_network(request: Request, proxy_hops: int) -> str | None:
    """The network that a request comes from, or None where that cannot be known.

    ``X-Forwarded-For`` is believed only as far as our own proxies have written it: with ``proxy_hops`` of
    them, the address that many places from its end. Whoever sends the header first writes only before that.
    It is None, too, where a machine beside us should have told an address and has not, or tells one although
    it is not declared: all its visitors would else share one count.
    """
    forwarded = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    forwarded = [part for part in forwarded if part]
    direct = _address(request.remote_addr or "")
    if proxy_hops and len(forwarded) >= proxy_hops:
        return _network(_address(forwarded[-proxy_hops]))
    is_proxy = direct is not None and any(direct in network for network in _BESIDE_US)
    is_misread = is_proxy and bool(proxy_hops or forwarded)
    return None if is_misread else _network(direct)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    with_port = _WITH_PORT.fullmatch(text)
    bare = (with_port["six"] or with_port["four"]) if with_port else text
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: IPv4Address | IPv6Address | None) -> str | None:
    if address is None:
        return None
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX
    return str(ip_network((address, prefix), strict=False))
