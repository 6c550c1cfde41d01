"""A frozen list finds the comments that its report counts, and makes the same numbers anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.analysis import NotScoredReason
from engage.comments.filters import UNSTATED, BadFilter, CommentFilter
from engage.comments.models import Channel, Position
from engage.db.types import Localised
from engage.reports.frozen.columns import Column, column_of, packed
from engage.reports.frozen.listing import SIZES, Listing, list_of
from engage.reports.frozen.recount import differences, numbers_from, of_concerns
from engage.reports.frozen.select import select
from engage.reports.inputs import DistrictFacts, Inputs, RepeatedFacts
from engage.reports.measures import (
    Facts,
    TallyKey,
    concern_distincts,
    distincts,
    of_concern,
    of_distinct,
    tallies,
)
from engage.reports.models import DistinctKind
from engage.reports.summary import Count, summarise
from tests.reports.lines import every_line
from tests.reports.test_frozen_codec import SMALLEST

CODES = ("police_trust", "cost", "families", "other")
TEXTS = ("text-a", "text-b", "text-c")
DISTRICTS = (
    DistrictFacts(7, "north", Localised("North", "Norte")),
    DistrictFacts(8, "south", Localised("S", "S")),
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """The facts of a posted comment of any kind."""
    concerns = tuple(draw(st.lists(st.sampled_from(CODES), unique=True, max_size=3)))
    is_measured = draw(st.booleans())
    scored = is_measured and draw(st.booleans())
    position = draw(st.sampled_from([None, *Position]))
    campaign = draw(st.sampled_from([None, "11", "12"]))
    clauses = draw(st.lists(st.sampled_from(["draft-1", "draft-2"]), unique=True))
    return Facts(
        disposition="posted",
        position=position,
        district=draw(st.sampled_from([None, "7", "8"])),
        day=draw(st.dates(date(2026, 9, 25), date(2026, 10, 5))).isoformat(),
        channel=draw(st.sampled_from([*Channel][:4])),
        text=draw(st.sampled_from([*TEXTS, None])),
        submitter=draw(st.sampled_from([None, "ana", "ben"])),
        tone=draw(st.sampled_from(["negative", "neutral"]))
        if scored
        else "not_scored"
        if is_measured
        else None,
        tone_reason=None if scored or not is_measured else next(iter(NotScoredReason)),
        suggested="unclear" if is_measured and position is None else None,
        language="es" if is_measured else None,
        analyser="1+a" if is_measured else None,
        late=draw(st.booleans()),
        concerns=concerns if is_measured else (),
        denied=tuple(code for code in concerns if is_measured and draw(st.booleans())),
        themes=tuple(draw(st.lists(st.sampled_from(["3", "4"]), unique=True))),
        campaign=campaign,
        part=draw(st.sampled_from(["copy", "changed", "own_words"])) if campaign else None,
        clauses=tuple((clause, draw(st.sampled_from(["keep", "unstated"]))) for clause in clauses),
        read_by=draw(st.sampled_from(["person", "machine", None])),
    )


def numbered(many: list[Facts]) -> list[tuple[str, Facts]]:
    return [(f"{number * 7919 % 997:03}-aaaa-bbbb", one) for number, one in enumerate(many)]


def counted(many: list[Facts]) -> Counter[TallyKey]:
    """As the open report counts."""
    numbers: Counter[TallyKey] = Counter()
    shared: Counter[tuple[DistinctKind, str]] = Counter()
    of_concerns_raised: set[tuple[str, DistinctKind, str]] = set()
    for one in many:
        numbers.update(tallies(one))
        shared.update(distincts(one))
        of_concerns_raised |= concern_distincts(one)
    for (kind, _), n in shared.items():
        numbers += of_distinct(kind, n)
    numbers.update(of_concern(concern, kind) for concern, kind, _ in of_concerns_raised)
    return numbers


def inputs_for(many: list[Facts]) -> Inputs:
    repeated = Counter(one.text for one in many if one.text)
    return replace(
        SMALLEST,
        numbers=counted(many),
        districts=DISTRICTS,
        repeated=tuple(RepeatedFacts(text, n) for text, n in sorted(repeated.items()) if n > 1),
    )


def found(listing: Listing, inputs: Inputs, criteria: CommentFilter) -> int:
    mask = select(listing.columns.get, inputs, criteria)
    return len(listing) if mask is None else int(mask.sum())


@given(st.lists(facts(), max_size=30))
@settings(max_examples=60)
def test_the_numbers_of_a_report_are_made_anew_from_its_list(many: list[Facts]) -> None:
    listing = list_of(numbered(many), [])

    made = numbers_from(listing.columns, listing.sizes, len(listing))
    if many:
        made |= of_concerns(listing.columns["concern"], listing.keys)

    assert made == dict(counted(many))
    assert differences(counted(many), made) == []


@given(st.lists(facts(), min_size=1, max_size=30))
@settings(max_examples=60)
def test_every_number_of_a_report_finds_as_many_comments(many: list[Facts]) -> None:
    inputs = inputs_for(many)
    listing = list_of(numbered(many), [each.text for each in inputs.repeated])
    repeated = Count(inputs.numbers, None, 0)

    lines = every_line(summarise(repeated, inputs.districts, CODES))

    assert [(line, n) for line in lines if (n := found(listing, inputs, line.filter)) != line.n] == []
    for each in inputs.repeated:
        assert found(listing, inputs, CommentFilter(text=each.text)) == each.n


@given(st.lists(facts(), max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_a_list_is_the_same_in_whatever_order_it_was_read(many: list[Facts], random: Random) -> None:
    rows = numbered(many)
    shuffled = list(rows)
    random.shuffle(shuffled)

    one, other = list_of(rows, TEXTS), list_of(shuffled, TEXTS)

    assert one.digest() == other.digest()
    assert [number for _, piece in one.pieces() for number in piece] == sorted(number for number, _ in rows)


class TestFilters:
    LISTING = list_of(
        numbered(
            [
                Facts(
                    disposition="posted", day="2026-10-01", concerns=("cost", "families"), denied=("cost",)
                ),
                Facts(disposition="posted", day="2026-10-02", concerns=("cost",), district="7", late=True),
                Facts(disposition="posted", day="2026-11-01", campaign="11", part="copy", submitter="ana"),
            ]
        )
    )

    @pytest.mark.parametrize(
        ("criteria", "n"),
        [
            (CommentFilter(), 3),
            (CommentFilter(concern="cost"), 2),
            (CommentFilter(concern="cost", denied=True), 1),
            (CommentFilter(concern="cost", denied=False), 1),
            (CommentFilter(denied=True), 1),
            (CommentFilter(denied=False), 2),
            (CommentFilter(month="2026-10"), 2),
            (CommentFilter(day=date(2026, 11, 1)), 1),
            (CommentFilter(district="north"), 1),
            (CommentFilter(district=UNSTATED), 2),
            (CommentFilter(late=True), 1),
            (CommentFilter(late=False), 2),
            (CommentFilter(named=True), 1),
            (CommentFilter(named=False), 2),
            (CommentFilter(campaign=11, part="copy"), 1),
            (CommentFilter(campaign=11, part="changed"), 0),
            (CommentFilter(concern="cost", district="north"), 1),
            (CommentFilter(position="support"), 0),
        ],
    )
    def test_that_hold_at_once_narrow_the_list(self, criteria: CommentFilter, n: int) -> None:
        inputs = replace(SMALLEST, districts=DISTRICTS)

        assert found(self.LISTING, inputs, criteria) == n

    @pytest.mark.parametrize(
        "criteria",
        [
            CommentFilter(words="sheriff"),
            CommentFilter(letters="one"),
            CommentFilter(text="f" * 64),
            CommentFilter(district="elsewhere"),
        ],
    )
    def test_that_a_list_does_not_know_are_refused(self, criteria: CommentFilter) -> None:
        with pytest.raises(BadFilter):
            found(self.LISTING, replace(SMALLEST, districts=DISTRICTS), criteria)


def test_columns_come_back_as_they_were_kept() -> None:
    column = column_of([["b"], [], ["a", "c"], ["c"], [f"{number:03}" for number in range(300)]])

    again = Column.from_stored(column.values, packed(column))

    assert again.values == column.values
    assert np.array_equal(again.counts, column.counts)
    assert np.array_equal(again.codes, column.codes)
    assert again.has(["c"]).tolist() == [False, False, True, True, False]


def test_nothing_of_a_list_tells_who_wrote_or_what() -> None:
    """A name of a comment that was withdrawn cannot be guessed from another one that still stands."""
    name, text = "a digest of a name", "a fingerprint"
    one = Facts(disposition="posted", day="2026-10-01", submitter=name, text=text)
    listing = list_of(numbered([one, one, replace(one, submitter="another", text="other")]))

    kept = "".join(f"{key}{column.values}" for key, column in listing.columns.items())

    assert name not in kept
    assert text not in kept
    assert {name for name in listing.columns if "submitter" in name} == set()
    assert listing.columns["text"].values == ()
    assert [listing.sizes[kind].tolist() for kind in SIZES] == [[2, 1], [2, 1]]


def test_a_list_keeps_what_a_comment_has_in_one_order_so_that_every_process_names_it_alike() -> None:
    codes = tuple(f"concern_{letter}" for letter in "abcdefghij")

    listing = list_of([("A1", Facts(disposition="posted", day="2026-10-01", channel="web", concerns=codes))])

    assert listing.columns["concern"].codes.tolist() == list(range(len(codes)))
