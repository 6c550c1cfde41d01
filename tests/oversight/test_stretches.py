"""Which stretches there are, when each is due, and what was promised for them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.oversight.models import Frequency
from engage.oversight.promises import Kept, is_missed, promise_years
from engage.oversight.stretches import Stretch, stretches, year_of
from engage.oversight.windows import window
from tests.oversight.makers import FIRST, SECOND, THIRD

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("frequency", "first", "last"),
    [
        (Frequency.MONTH, date(2026, 2, 10), date(2026, 2, 28)),
        (Frequency.QUARTER, date(2026, 2, 10), date(2026, 3, 31)),
        (Frequency.YEAR, date(2026, 2, 10), date(2026, 12, 31)),
    ],
)
def test_the_first_stretch_goes_to_the_end_of_its_month_quarter_or_year(
    frequency: Frequency, first: date, last: date
) -> None:
    assert stretches(first, frequency, until=date(2028, 1, 1))[0] == Stretch(first, last)


@given(DAYS, st.sampled_from(Frequency), DAYS, st.one_of(st.none(), DAYS), st.lists(DAYS, max_size=3))
def test_stretches_follow_each_other_without_gap_and_without_overlap(
    starts_on: date, frequency: Frequency, until: date, ended_on: date | None, breaks: list[date]
) -> None:
    found = stretches(starts_on, frequency, until=until, ended_on=ended_on, breaks=breaks)

    assert not found or found[0].first_on == starts_on
    for one, other in pairwise(found):
        assert other.first_on == one.last_on + timedelta(days=1)
    assert all(row.first_on <= row.last_on < until for row in found)
    assert ended_on is None or all(row.last_on <= ended_on for row in found)
    # None is measured in two ways.
    assert not any(row.first_on < day <= row.last_on for row in found for day in breaks)


@given(DAYS, st.sampled_from(Frequency), DAYS, DAYS)
def test_what_was_a_stretch_stays_one_when_time_goes_by_and_a_later_method_comes(
    starts_on: date, frequency: Frequency, until: date, later: date
) -> None:
    before = stretches(starts_on, frequency, until=until)
    breaks = [max(later, before[-1].last_on + timedelta(days=1))] if before else []

    after = stretches(starts_on, frequency, until=until + timedelta(days=400), breaks=breaks)

    assert after[: len(before)] == before


@pytest.mark.parametrize(
    ("frequency", "due_on"),
    [
        (Frequency.MONTH, date(2026, 4, 30)),
        (Frequency.QUARTER, date(2026, 5, 15)),
        (Frequency.YEAR, date(2026, 6, 29)),
    ],
)
def test_figures_are_due_some_days_after_the_stretch(frequency: Frequency, due_on: date) -> None:
    assert FIRST.due_on(frequency) == due_on


class TestPromises:
    def kept(self, *held: int, promised: int = 4, starts_on: date = FIRST.first_on) -> Kept:
        figures = [(stretch, 100 * n) for stretch, n in zip((FIRST, SECOND, THIRD), held, strict=False)]
        years = promise_years(figures, promised, starts_on=starts_on, ended_on=None, today=date(2026, 11, 26))
        return years[0].kept

    @pytest.mark.parametrize(
        ("held", "kept"),
        [
            ((), Kept.UNKNOWN),
            ((0,), Kept.NONE),
            ((0, 0, 0), Kept.NONE),
            ((1,), Kept.ON_THE_WAY),
            ((1, 0), Kept.BEHIND),
            ((1, 1, 1), Kept.ON_THE_WAY),
            ((4,), Kept.KEPT),
        ],
    )
    def test_are_held_against_what_should_have_happened_so_far(
        self, held: tuple[int, ...], kept: Kept
    ) -> None:
        assert self.kept(*held) is kept

    def test_of_a_year_that_is_under_way_the_part_with_figures_is_told(self) -> None:
        figures = [(stretch, n) for stretch, n in ((FIRST, 100), (SECOND, 0), (THIRD, 0))]
        (year,) = promise_years(figures, 4, starts_on=FIRST.first_on, ended_on=None, today=date(2026, 11, 26))

        assert year.is_under_way
        assert (year.promised, year.due, year.happened, year.until) == (4, 3, 1, date(2026, 9, 30))

    def test_one_a_year_is_not_missed_before_the_year_is_over(self) -> None:
        assert self.kept(0, 0, 0, promised=1) is Kept.ON_THE_WAY

    def test_a_year_that_is_measured_from_october_on_owes_a_quarter_of_it(self) -> None:
        years = promise_years(
            [], 4, starts_on=date(2025, 10, 1), ended_on=date(2026, 6, 30), today=date(2026, 11, 26)
        )

        assert [(year.year, year.promised) for year in years] == [(2026, 1), (2025, 1)]

    def test_a_leap_year_and_a_common_one_owe_the_same(self) -> None:
        years = promise_years([], 4, starts_on=date(2024, 1, 1), ended_on=None, today=date(2025, 12, 31))

        assert [year.promised for year in years] == [4, 4]

    @pytest.mark.parametrize(
        ("stretch", "promised", "is_so"),
        [
            (FIRST, 4, True),
            (FIRST, 3, False),
            (FIRST, None, False),
            (Stretch(date(2026, 2, 1), date(2026, 2, 28)), 12, True),
        ],
    )
    def test_a_stretch_without_any_is_missed_only_where_one_was_promised_for_it(
        self, stretch: Stretch, promised: int | None, is_so: bool
    ) -> None:
        assert is_missed(stretch, 0, promised) is is_so
        assert not is_missed(stretch, 100, promised)


class TestFiscalYears:
    JULY: ClassVar = {date(2025, 7, 1): 7}

    def test_a_year_begins_in_its_month_and_is_called_by_the_one_in_which_it_ends(self) -> None:
        found = stretches(
            date(2025, 7, 1), Frequency.YEAR, until=date(2027, 7, 1), breaks=self.JULY, first_months=self.JULY
        )

        assert found == [
            Stretch(date(2025, 7, 1), date(2026, 6, 30)),
            Stretch(date(2026, 7, 1), date(2027, 6, 30)),
        ]
        assert [year_of(one.first_on, self.JULY) for one in found] == [2026, 2027]

    @pytest.mark.parametrize("first_month", range(1, 13))
    def test_quarters_fill_the_year_whatever_month_it_begins_in(self, first_month: int) -> None:
        months = {date(2024, first_month, 1): first_month}
        (first_on,) = months

        quarters = stretches(first_on, Frequency.QUARTER, until=date(2028, 1, 1), first_months=months)
        years = stretches(first_on, Frequency.YEAR, until=date(2028, 1, 1), first_months=months)

        assert [quarters[4 * place].first_on for place in range(len(years))] == [
            one.first_on for one in years
        ]
        assert [quarters[4 * place + 3].last_on for place in range(len(years))] == [
            one.last_on for one in years
        ]

    def test_a_change_of_the_fiscal_year_cuts_one_and_begins_another(self) -> None:
        months = {date(2025, 1, 1): 1, date(2026, 7, 1): 7}

        found = stretches(
            date(2025, 1, 1), Frequency.YEAR, until=date(2027, 12, 1), breaks=months, first_months=months
        )

        assert found == [
            Stretch(date(2025, 1, 1), date(2025, 12, 31)),
            Stretch(date(2026, 1, 1), date(2026, 6, 30)),
            Stretch(date(2026, 7, 1), date(2027, 6, 30)),
        ]

    def test_a_promise_is_held_against_what_happened_in_the_fiscal_year(self) -> None:
        quarters = stretches(
            date(2025, 7, 1), Frequency.QUARTER, until=date(2026, 10, 15), first_months=self.JULY
        )

        found = promise_years(
            [(one, 100) for one in quarters],
            4,
            starts_on=date(2025, 7, 1),
            ended_on=None,
            today=date(2026, 10, 15),
            first_months=self.JULY,
        )

        assert [(year.year, year.promised, year.due, year.happened, year.kept) for year in found] == [
            (2027, 4, 1, 1, Kept.ON_THE_WAY),
            (2026, 4, 4, 4, Kept.KEPT),
        ]

    def test_no_page_of_a_long_record_cuts_a_fiscal_year(self) -> None:
        months = {date(2000, 7, 1): 7}
        every = stretches(date(2000, 7, 1), Frequency.QUARTER, until=date(2026, 10, 15), first_months=months)
        told = partial(year_of, first_months=months)

        pages = [
            window(every, 3, number, year_of=told)
            for number in range(1, window(every, 3, year_of=told).pages + 1)
        ]

        assert sum(len(one.stretches) for one in pages) == len(every)
        assert all(len(one.stretches) % 4 == 0 for one in pages[1:])
