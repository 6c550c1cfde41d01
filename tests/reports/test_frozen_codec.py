"""What a published report is made of comes back as it was kept, today and after the site has grown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from engage.db.types import Localised
from engage.reports.frozen import codec
from engage.reports.inputs import Inputs, PeriodFacts, TaxonomyFacts
from engage.reports.measures import TallyKey

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.dictionaries(st.builds(TallyKey, TEXTS, TEXTS), st.integers(1), max_size=8)
NOON = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
SMALLEST = Inputs(
    period=PeriodFacts(
        "s", Localised("T", "T"), Localised("S", "S"), NOON, NOON, "UTC", "closed", "d", Localised("D", "D")
    ),
    read_at=NOON,
    counted_at=None,
    uncounted=0,
    numbers={TallyKey("position", "support"): 3},
    taxonomy=TaxonomyFacts("t", "1", "0" * 64, ()),
)


@st.composite
def anything(draw: st.DrawFn) -> Inputs:
    """Inputs with something in every field, whatever fields there are."""
    given_by_type = {
        name: st.from_type(kind) for name, kind in get_type_hints(Inputs).items() if name != "numbers"
    }
    return draw(st.builds(Inputs, numbers=NUMBERS, **given_by_type))


st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, TEXTS)


@given(anything())
@settings(max_examples=60)
def test_inputs_come_back_as_they_were(inputs: Inputs) -> None:
    content = codec.dump(inputs)

    assert codec.load(content) == inputs
    assert codec.dump(codec.load(content)) == content
    assert codec.unpack(codec.pack(content)) == content


def test_equal_inputs_are_equal_bytes_in_whatever_order_they_were_counted() -> None:
    one, other = TallyKey("tone", "negative"), TallyKey("position", "support")

    first = codec.dump(replace(SMALLEST, numbers={one: 1, other: 2}))
    second = codec.dump(replace(SMALLEST, numbers={other: 2, one: 1}))

    assert first == second
    assert codec.digest_of(first) != codec.digest_of(codec.dump(SMALLEST))


def test_what_an_older_site_kept_is_read_with_defaults_and_stays_the_same() -> None:
    told: dict[str, Any] = json.loads(codec.dump(SMALLEST))

    assert set(told) == {"counted_at", "numbers", "period", "read_at", "taxonomy", "uncounted"}
    assert codec.dump(codec.load(codec.dump(SMALLEST))) == codec.dump(SMALLEST)


def test_what_a_newer_site_has_kept_is_read_as_far_as_it_is_known() -> None:
    told = json.loads(codec.dump(SMALLEST)) | {"a_field_of_tomorrow": [1, 2]}

    assert codec.load(json.dumps(told).encode()) == SMALLEST
