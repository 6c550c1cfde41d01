"""Indicators and their figures: published once, corrected in the open, never joined across methods."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.slugs import BadSlug
from engage.oversight import queries, service
from engage.oversight.figures import stretches_of
from engage.oversight.models import Frequency, IndicatorEntry, Unit
from engage.oversight.service import CategoryDraft, EntryDraft
from engage.oversight.service.indicator import standard_set
from engage.oversight.stretches import Stretch
from engage.oversight.told import REST, SMALL_UNITS, TOTAL, Cell, State
from engage.oversight.values import Below, Value
from tests.oversight.makers import (
    FIRST,
    LONG_AGO,
    NOW,
    SECOND,
    STARTS_ON,
    THIRD,
    adopted,
    counts,
    draft,
    indicator,
)
from tests.support import makers
from tests.support.makers import both


def entries(session: Session) -> list[tuple[str, int | None]]:
    found = session.scalars(sa.select(IndicatorEntry).order_by(IndicatorEntry.id))
    return [(row.category, row.hundredths) for row in found]


class TestIndicators:
    def test_a_draft_is_nowhere_for_residents(self, session: Session) -> None:
        docket = adopted(session)
        service.create_indicator(session, docket, draft())

        assert queries.public_record(session, docket, NOW) == []

    def test_an_address_is_given_once_a_docket(self, session: Session) -> None:
        docket = adopted(session)
        service.create_indicator(session, docket, draft())

        with pytest.raises(service.SlugTaken):
            service.create_indicator(session, docket, draft())
        other = makers.docket(session)
        assert service.create_indicator(session, other, draft()).slug == "charges"

    @pytest.mark.parametrize("slug", ["new", "import", "standard", "dictionary"])
    def test_an_address_is_not_that_of_another_page(self, session: Session, slug: str) -> None:
        with pytest.raises(BadSlug):
            service.create_indicator(session, adopted(session), draft(slug))

    @pytest.mark.parametrize("name", ["name", "definition", "source", "owner", "method"])
    def test_it_is_published_in_both_languages_or_not(self, session: Session, name: str) -> None:
        texts: dict[str, Any] = {name: Localised("Only English", "")}
        made = service.create_indicator(session, adopted(session), draft(**texts))

        with pytest.raises(service.NotReady):
            service.publish_indicator(session, made, NOW)

    def test_a_category_is_published_in_both_languages_or_not(self, session: Session) -> None:
        half = (CategoryDraft("felony", Localised("Felony", "")),)
        made = service.create_indicator(session, adopted(session), draft(categories=half))

        with pytest.raises(service.NotReady):
            service.publish_indicator(session, made, NOW)

    def test_it_is_not_published_before_its_docket(self, session: Session) -> None:
        made = service.create_indicator(session, adopted(session, published_at=None), draft())

        with pytest.raises(service.NotReady):
            service.publish_indicator(session, made, NOW)

    def test_a_draft_can_be_changed_and_thrown_away_and_a_published_one_cannot(
        self, session: Session
    ) -> None:
        docket = adopted(session)
        made = service.create_indicator(session, docket, draft())
        service.change_indicator(session, made, draft(unit=Unit.CASES, starts_on=date(2026, 2, 1)))
        assert (made.unit, made.methods[0].valid_from) == (Unit.CASES, date(2026, 2, 1))
        assert [row.key for row in made.categories] == ["felony", "misdemeanor", "traffic"]
        service.drop_indicator(session, made)

        published = indicator(session, docket)

        with pytest.raises(service.NotReady):
            service.change_indicator(session, published, draft(unit=Unit.CASES))
        with pytest.raises(service.NotReady):
            service.drop_indicator(session, published)

    def test_the_standard_set_is_whole_and_added_once(self, session: Session) -> None:
        docket = adopted(session)

        assert service.add_standard_set(session, docket, STARTS_ON) == 16
        assert service.add_standard_set(session, docket, STARTS_ON) == 0
        for made in queries.indicators(session, docket):
            service.publish_indicator(session, made, NOW)
        assert len(queries.public_record(session, docket, NOW)) == 16

    def test_the_standard_set_tells_no_small_number_of_people_who_were_stopped(self) -> None:
        (stops,) = (one for one in standard_set(STARTS_ON) if one.slug == "stops-by-outcome")

        assert stops.unit in SMALL_UNITS

    def test_the_standard_set_goes_by_the_books_where_it_tells_of_money(self, session: Session) -> None:
        docket = adopted(session)

        service.add_standard_set(session, docket, STARTS_ON, first_month=7)

        months = {
            (one.unit is Unit.DOLLARS, one.methods[0].first_month)
            for one in queries.indicators(session, docket)
        }
        assert months == {(True, 7), (False, 1)}

    def test_the_standard_set_has_keys_that_can_be_typed(self) -> None:
        keys = [row.key for one in standard_set(STARTS_ON) for row in one.categories]

        assert all(key.isascii() and key.replace("_", "").isalnum() for key in keys)


class TestMethods:
    def test_figures_before_and_after_a_new_method_are_kept_apart(self, session: Session) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)
        service.add_method(session, watched, both("Counted by a program."), date(2026, 5, 1))
        stretches = stretches_of(watched, NOW.date())

        assert stretches[1:3] == [
            Stretch(date(2026, 4, 1), date(2026, 4, 30)),
            Stretch(date(2026, 5, 1), SECOND.last_on),
        ]
        for stretch in stretches[1:3]:
            service.publish_entry(session, watched, stretch, counts(60, 20, 20, 20), NOW)
        found = session.execute(sa.select(IndicatorEntry.first_on, IndicatorEntry.method).distinct()).all()
        assert sorted((day.month, method) for day, method in found) == [(1, 1), (4, 1), (5, 2)]

    @pytest.mark.parametrize("day", [FIRST.first_on, FIRST.last_on])
    def test_a_method_does_not_begin_in_what_is_published(self, session: Session, day: date) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)

        with pytest.raises(service.NotReady):
            service.add_method(session, watched, both("Otherwise."), day)

    def test_a_method_says_something_new(self, session: Session) -> None:
        watched = indicator(session)

        with pytest.raises(service.NotReady):
            service.add_method(session, watched, watched.methods[0].text, SECOND.first_on)


class TestTheEnd:
    def test_after_it_nothing_is_due(self, session: Session) -> None:
        watched = indicator(session)
        service.end_indicator(session, watched, date(2026, 4, 30))

        found = queries.watched(session, watched, NOW)

        assert [row.stretch.last_on for row in found.stretches] == [FIRST.last_on, date(2026, 4, 30)]

    def test_it_comes_after_what_is_published_and_once(self, session: Session) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)
        with pytest.raises(service.NotReady):
            service.end_indicator(session, watched, FIRST.last_on - timedelta(days=1))
        service.end_indicator(session, watched, FIRST.last_on)

        with pytest.raises(service.NotReady):
            service.end_indicator(session, watched, SECOND.last_on)


class TestEntries:
    def test_a_total_that_is_left_out_is_what_the_categories_add_up_to(self, session: Session) -> None:
        service.publish_entry(session, indicator(session), FIRST, counts(None, 20, 21, 22), NOW)

        assert entries(session)[0] == (TOTAL, 6300)

    @pytest.mark.parametrize("total", [62, 64])
    def test_categories_add_up_to_the_total(self, session: Session, total: int) -> None:
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, indicator(session), FIRST, counts(total, 20, 21, 22), NOW)

    def test_or_it_is_said_that_the_rest_is_in_none_of_them(self, session: Session) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(80, 20, 21, 22, has_rest=True), NOW)
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, watched, SECOND, counts(60, 20, 21, 22, has_rest=True), NOW)

        told = queries.watched(session, watched, NOW).stretches[0].current

        assert told is not None
        assert told.cells["(rest)"].hundredths == 1700

    def test_a_total_is_needed_where_a_category_was_not_collected(self, session: Session) -> None:
        with pytest.raises(service.BadEntry):
            service.publish_entry(
                session, indicator(session), FIRST, counts(None, 20, None, 22, note="Lost."), NOW
            )

    def test_what_was_not_collected_says_why(self, session: Session) -> None:
        watched = indicator(session)
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, watched, FIRST, counts(None, None, None, None), NOW)

        service.publish_entry(session, watched, FIRST, counts(None, None, None, None, note="Lost."), NOW)

        told = queries.watched(session, watched, NOW).stretches[0]
        assert told.current is not None
        assert told.current.total.state is State.NOT_COLLECTED
        assert told.days_overdue(NOW.date()) == 0

    def test_a_correction_is_a_later_entry_with_its_reason_and_the_earlier_one_stays(
        self, session: Session
    ) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), LONG_AGO + timedelta(days=500))
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, watched, FIRST, counts(75, 35, 20, 20), NOW)

        service.publish_entry(
            session, watched, FIRST, counts(75, 35, 20, 20, note="A sheet was missing."), NOW
        )

        told = queries.watched(session, watched, NOW).stretches[0]
        assert [version.total.hundredths for version in told.versions] == [6000, 7500]
        assert told.versions[-1].note.en == "A sheet was missing."
        assert len(entries(session)) == 8

    def test_what_is_sent_twice_is_published_once(self, session: Session) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)

        with pytest.raises(service.Unchanged):
            service.publish_entry(session, watched, FIRST, counts(None, 20, 20, 20), NOW)
        assert len(entries(session)) == 4

    @pytest.mark.parametrize(
        "stretch",
        [
            Stretch(date(2026, 1, 2), FIRST.last_on),
            Stretch(FIRST.first_on, SECOND.last_on),
            Stretch(date(2026, 10, 1), date(2026, 12, 31)),
            Stretch(date(2025, 10, 1), date(2025, 12, 31)),
        ],
    )
    def test_only_a_stretch_of_the_indicator_that_is_over_has_figures(
        self, session: Session, stretch: Stretch
    ) -> None:
        """No others: sums of overlapping stretches would give small numbers away."""
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, indicator(session), stretch, counts(60, 20, 20, 20), NOW)

    def test_a_draft_has_no_figures(self, session: Session) -> None:
        made = service.create_indicator(session, adopted(session), draft())

        with pytest.raises(service.BadEntry):
            service.publish_entry(session, made, FIRST, counts(60, 20, 20, 20), NOW)

    def test_a_category_of_another_indicator_is_refused(self, session: Session) -> None:
        with pytest.raises(service.BadEntry):
            service.publish_entry(session, indicator(session), FIRST, EntryDraft(6000, {"owner": 6000}), NOW)

    def test_a_note_is_written_in_both_languages(self, session: Session) -> None:
        half = EntryDraft(None, note=Localised("Lost.", ""))

        with pytest.raises(service.BadEntry):
            service.publish_entry(session, indicator(session), FIRST, half, NOW)

    @pytest.mark.parametrize(
        "change", ["UPDATE indicator_entry SET hundredths = 1", "DELETE FROM indicator_entry"]
    )
    def test_the_database_itself_refuses_to_change_or_lose_an_entry(
        self, session: Session, change: str
    ) -> None:
        service.publish_entry(session, indicator(session), FIRST, counts(60, 20, 20, 20), NOW)
        session.commit()

        with pytest.raises(DBAPIError):
            session.execute(sa.text(change))


class TestShares:
    def share(self, session: Session, value: int, base: int | None) -> None:
        watched = indicator(session, unit=Unit.PERCENT, categories=())
        service.publish_entry(session, watched, FIRST, EntryDraft(value, base=base), NOW)

    @pytest.mark.parametrize(
        ("value", "base"), [(5000, 9), (5000, 19), (200, 240), (9800, 240), (0, 500), (10000, 12)]
    )
    def test_a_share_that_tells_of_few_people_is_refused(
        self, session: Session, value: int, base: int
    ) -> None:
        with pytest.raises(service.BadEntry) as refused:
            self.share(session, value, base)
        assert refused.value.category == "base"

    def test_a_share_says_what_it_is_of(self, session: Session) -> None:
        with pytest.raises(service.BadEntry):
            self.share(session, 5000, None)

    def test_a_share_of_many_is_published_with_its_base(self, session: Session) -> None:
        self.share(session, 1250, 240)

        note = session.scalars(sa.select(IndicatorEntry.note)).one()
        assert note == Localised("Share of 240.", "De un total de 240.")


class TestDue:
    def test_figures_are_overdue_from_the_day_after_they_were_due(self, session: Session) -> None:
        watched = indicator(session)
        due_on = FIRST.due_on(Frequency.QUARTER)

        def days(day: date) -> list[int]:
            now = NOW.replace(year=day.year, month=day.month, day=day.day)
            return [row.days_overdue(day) for row in queries.watched(session, watched, now).stretches]

        assert days(due_on) == [0]
        assert days(due_on + timedelta(days=1)) == [1]

    def test_what_waits_is_told_for_public_indicators_only(self, session: Session) -> None:
        docket = adopted(session)
        service.create_indicator(session, docket, draft("draft"))
        watched = indicator(session, docket)
        for stretch in (FIRST, SECOND):
            service.publish_entry(session, watched, stretch, counts(60, 20, 20, 20), NOW)

        found = queries.waiting(session, NOW)

        assert [(row.indicator.slug, row.overdue) for row in found] == [("charges", 1)]
        service.publish_entry(session, watched, THIRD, counts(60, 20, 20, 20), NOW)
        assert queries.waiting(session, NOW) == []


class TestAtTheSameTime:
    def test_a_correction_of_what_nobody_has_read_is_refused(self, session: Session) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW, seen=0)
        mine = counts(90, 30, 30, 30, note="Found more.")

        with pytest.raises(service.NotAsRead):
            service.publish_entry(session, watched, FIRST, mine, NOW, seen=0)

        service.publish_entry(session, watched, FIRST, mine, NOW, seen=1)
        assert len(queries.versions(session, watched, FIRST)) == 2

    def test_a_correction_of_a_correction_counts_whatever_the_clock_said_when_it_began_to_wait(
        self, session: Session
    ) -> None:
        watched = indicator(session)
        service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)
        service.publish_entry(session, watched, FIRST, counts(90, 30, 30, 30, note="More."), NOW)
        earlier = NOW - timedelta(seconds=5)
        service.publish_entry(session, watched, FIRST, counts(120, 40, 40, 40, note="Still more."), earlier)

        found = queries.versions(session, watched, FIRST)

        assert [version.total for version in found] == [6_000, 9_000, 12_000]
        assert found[0].published_at < found[1].published_at < found[2].published_at

    def test_a_draft_is_neither_measured_otherwise_nor_ended(self, session: Session) -> None:
        made = service.create_indicator(session, adopted(session), draft())

        with pytest.raises(service.NotReady):
            service.add_method(session, made, both("Otherwise."), date(2026, 5, 1))
        with pytest.raises(service.NotReady):
            service.end_indicator(session, made, date(2026, 5, 1))

    def test_a_record_has_an_end(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engage.oversight.service.indicator.MOST_INDICATORS", 1)
        docket = adopted(session)
        service.create_indicator(session, docket, draft())

        with pytest.raises(service.TooMany):
            service.create_indicator(session, docket, draft("more"))


class TestWhatANumberMaySay:
    def test_a_share_of_few_is_refused_also_where_only_categories_have_one(self, session: Session) -> None:
        one = indicator(session, unit=Unit.PERCENT)

        for draft_ in (counts(None, 20, 80, 0), counts(None, 20, 80, 0, note="Not all", base=20)):
            with pytest.raises(service.BadEntry) as refused:
                service.publish_entry(session, one, FIRST, draft_, NOW)
            assert refused.value.category == "base"

    def test_a_share_of_another_number_is_a_correction(self, session: Session) -> None:
        one = indicator(session, unit=Unit.PERCENT, categories=())
        service.publish_entry(session, one, FIRST, EntryDraft(50_00, base=400), NOW)

        with pytest.raises(service.Unchanged):
            service.publish_entry(session, one, FIRST, EntryDraft(50_00, base=400), NOW)
        with pytest.raises(service.BadEntry) as refused:
            service.publish_entry(session, one, FIRST, EntryDraft(50_00, base=500), NOW)
        assert refused.value.category == "note"

    def test_what_a_category_that_was_not_collected_would_hold_is_no_rest(self, session: Session) -> None:
        one = indicator(session)
        service.publish_entry(session, one, FIRST, counts(100, 30, None, 20, note="No severity"), NOW)
        service.publish_entry(session, one, SECOND, counts(100, 75, None, 20, note="No severity"), NOW)

        first, second = queries.watched(session, one, NOW).stretches[:2]

        assert first.current is not None
        assert REST not in first.current.cells
        assert first.current.cells["misdemeanor"].state is State.NOT_COLLECTED
        assert first.current.cells["felony"].hundredths == 30_00
        # Five are left: whoever subtracts would know them.
        assert second.current is not None
        assert REST not in second.current.cells
        assert second.current.cells["traffic"].state is State.HIDDEN

    def test_fewer_than_ten_is_published_as_its_source_says_it(self, session: Session) -> None:
        one = indicator(session)
        entry = EntryDraft(100_00, {"felony": 92_00, "misdemeanor": Below(10), "traffic": Below(10)})

        service.publish_entry(session, one, FIRST, entry, NOW)

        current = queries.watched(session, one, NOW).stretches[0].current
        assert current is not None
        assert current.cells["misdemeanor"] == Cell(State.BELOW, below=10)
        # The two are eight together: whoever subtracts would know.
        assert current.cells["felony"].state is State.HIDDEN
        with pytest.raises(service.Unchanged):
            service.publish_entry(session, one, FIRST, entry, NOW)

    @pytest.mark.parametrize(
        ("total", "parts"),
        [
            (100_00, {"felony": 50_00, "misdemeanor": Below(10), "traffic": Below(10)}),
            (100_00, {"felony": 101_00, "misdemeanor": Below(10), "traffic": Below(10)}),
            (None, {"felony": 50_00, "misdemeanor": Below(10), "traffic": Below(10)}),
            (Below(10), {"felony": 5_00, "misdemeanor": Below(10), "traffic": Below(10)}),
        ],
    )
    def test_what_cannot_add_up_is_refused(
        self, session: Session, total: Value, parts: dict[str, Value]
    ) -> None:
        with pytest.raises(service.BadEntry) as refused:
            service.publish_entry(session, indicator(session), FIRST, EntryDraft(total, parts), NOW)

        assert refused.value.category == TOTAL
