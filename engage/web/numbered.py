"""Numbers in addresses."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class StorableInt(IntegerConverter):
    """A number that a database can be asked for: of a larger one there is no page, and no error either."""

    def __init__(self, map: Map, *args: Any, **named: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, *args, **{"max": 2**63 - 1} | named)
