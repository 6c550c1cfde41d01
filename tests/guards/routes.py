"""Addresses of every view, made of the site's own map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask for a view: an address that leads to it, with values that lead to nothing, and a
    method."""

    endpoint: str
    url: str
    method: str


@lru_cache(maxsize=4)
def routes(app: Flask) -> tuple[Route, ...]:
    """Every view with every method that it answers, HEAD and OPTIONS apart."""
    return tuple(_routes(app))


def _routes(app: Flask) -> Iterator[Route]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        url = adapter.build(rule.endpoint, _values(rule), method=min(rule.methods or ()))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, url, method)


def _values(rule: Rule) -> dict[str, object]:
    values: dict[str, object] = {
        name: 987654 if isinstance(rule._converters[name], IntegerConverter) else "nothing"
        for name in rule.arguments - set(rule.defaults or ())
    }
    return values | ({"language": "en"} if "language" in rule.arguments else {})
