"""A number in an address that no database can hold is the number of nothing."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


def test_no_address_takes_a_number_that_no_database_holds(app: Flask) -> None:
    numbers = {
        (rule.rule, name): converter.max
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if isinstance(converter, IntegerConverter)
    }

    assert numbers
    assert [where for where, most in numbers.items() if most is None or most >= 2**63] == []
