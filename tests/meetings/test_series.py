"""Series of meetings: dates by a rule, on the clocks of the place, with exceptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.meetings.models import AgendaItem, Meeting, MeetingNotice, MeetingSeries, NoticeKind
from engage.meetings.recurrence import MOST_MEETINGS, Frequency, Recurrence, occurrences
from engage.meetings.service import series as service
from engage.meetings.service.series import SeriesDraft
from tests.support import makers
from tests.support.makers import both

NOW = datetime.now(UTC)
NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("America/New_York", "America/Los_Angeles", "America/Phoenix", "Europe/Berlin", "Australia/Lord_Howe")
YEAR = 2027


def local(year: int, month: int, day: int, hour: int = 18, minute: int = 0) -> datetime:
    """What a clock shows."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


def draft_like(template: Meeting, **fields: object) -> SeriesDraft:
    """A series of three months, on second Thursdays."""
    values: dict[str, object] = {
        "slug": "forum",
        "title": both("Forum"),
        "template": template,
        "first": local(2027, 2, 11),
        "lasts_minutes": 90,
        "recurrence": Recurrence(Frequency.MONTHLY_WEEKDAY, count=3),
    }
    return SeriesDraft(**values | fields)  # type: ignore[arg-type]


def series_of(session: Session, **fields: object) -> MeetingSeries:
    """That series, saved."""
    template = makers.meeting(session, slug="like-this", published_at=None)
    makers.agenda_item(session, template, title=both("Opening"))
    makers.agenda_item(session, template, title=both("Questions"), takes_written=False)
    return service.create_series(session, draft_like(template, **fields), now=NOW)


class TestARule:
    @pytest.mark.parametrize(
        ("frequency", "first", "rule", "days"),
        [
            (Frequency.WEEKLY, local(2027, 3, 4), "FREQ=WEEKLY;BYDAY=TH", ["03-04", "03-11", "03-18"]),
            (
                Frequency.BIWEEKLY,
                local(2027, 3, 4),
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
                ["03-04", "03-18", "04-01"],
            ),
            (
                Frequency.MONTHLY_WEEKDAY,
                local(2027, 3, 11),
                "FREQ=MONTHLY;BYDAY=2TH",
                ["03-11", "04-08", "05-13"],
            ),
            (
                Frequency.MONTHLY_LAST,
                local(2027, 3, 25),
                "FREQ=MONTHLY;BYDAY=-1TH",
                ["03-25", "04-29", "05-27"],
            ),
            (
                Frequency.MONTHLY_DAY,
                local(2027, 3, 31),
                "FREQ=MONTHLY;BYMONTHDAY=31",
                ["03-31", "05-31", "07-31"],
            ),
        ],
    )
    def test_gives_its_days(self, frequency: Frequency, first: datetime, rule: str, days: list[str]) -> None:
        made = Recurrence(frequency, count=3).rule(first, NEW_YORK)

        assert made == f"{rule};COUNT=3"
        assert [f"{one.astimezone(NEW_YORK):%m-%d}" for one in occurrences(made, first, NEW_YORK)] == days

    def test_holds_the_wall_clock_across_both_changes_of_the_clocks(self) -> None:
        first = local(2027, 1, 7)
        found = occurrences(
            Recurrence(Frequency.WEEKLY, until=date(2027, 12, 31)).rule(first, NEW_YORK), first, NEW_YORK
        )

        assert {one.astimezone(NEW_YORK).time() for one in found} == {time(18)}
        assert {one.time() for one in found} == {time(22), time(23)}
        assert len(found) == 52

    def test_ends_with_its_last_day_in_the_place_and_says_so_in_utc(self) -> None:
        first, recurrence = local(2027, 7, 1, 23, 30), Recurrence(Frequency.WEEKLY, until=date(2027, 7, 15))

        rule = recurrence.rule(first, NEW_YORK)

        assert rule.endswith(";UNTIL=20270716T035959Z")
        assert occurrences(rule, first, NEW_YORK)[-1].astimezone(NEW_YORK).date() == date(2027, 7, 15)

    def test_at_a_time_that_no_clock_shows_is_as_much_later_as_the_clocks_are_set(self) -> None:
        # On March 14, 2027 the clocks of New York go from 2:00 to 3:00.
        first = local(2027, 3, 7, 2, 30)
        found = occurrences(Recurrence(Frequency.WEEKLY, count=3).rule(first, NEW_YORK), first, NEW_YORK)

        assert [f"{one.astimezone(NEW_YORK):%d %H:%M}" for one in found] == [
            "07 02:30",
            "14 03:30",
            "21 02:30",
        ]

    def test_at_a_time_that_clocks_show_twice_is_the_first(self) -> None:
        first = local(2027, 10, 31, 1, 30)
        found = occurrences(Recurrence(Frequency.WEEKLY, count=2).rule(first, NEW_YORK), first, NEW_YORK)

        assert found[1] == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        frequency=st.sampled_from(Frequency),
        zone=st.sampled_from(ZONES),
        first=st.datetimes(local(YEAR, 1, 1, 0), local(YEAR, 3, 31, 23)),
        ends=st.one_of(st.integers(2, 60), st.dates(date(YEAR, 4, 1), date(YEAR, 12, 31))),
    )
    # At hours that clocks skip or show twice on some day of the series, in spring and in autumn.
    @example(Frequency.WEEKLY, "America/New_York", local(YEAR, 1, 3, 2, 30), date(YEAR, 12, 31))
    @example(Frequency.MONTHLY_WEEKDAY, "America/New_York", local(YEAR, 1, 3, 1, 30), date(YEAR, 12, 31))
    @example(Frequency.BIWEEKLY, "Australia/Lord_Howe", local(YEAR, 1, 3, 1, 45), date(YEAR, 12, 31))
    def test_gives_what_every_calendar_makes_of_it_over_a_year_of_both_changes(
        self, frequency: Frequency, zone: str, first: datetime, ends: int | date
    ) -> None:
        first = first.replace(second=0, microsecond=0)
        if frequency is Frequency.MONTHLY_LAST:
            first = first.replace(day=28 if first.month == 2 else 31)
        if frequency is Frequency.MONTHLY_WEEKDAY:
            first = first.replace(day=min(first.day, 28))
        recurrence = (
            Recurrence(frequency, count=ends) if isinstance(ends, int) else Recurrence(frequency, until=ends)
        )
        rule = recurrence.rule(first, ZoneInfo(zone))

        found = [
            one
            for one in occurrences(rule, first, ZoneInfo(zone))
            if one < datetime(YEAR + 1, 1, 1, tzinfo=UTC)
        ]

        assert found == expanded(rule, first, zone)


def expanded(rule: str, first: datetime, zone: str) -> list[datetime]:
    """What a calendar's reader makes of a rule, up to the end of its year."""
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", "UID:one@test",
            "DTSTAMP:20270101T000000Z", f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}", f"RRULE:{rule}",
            "END:VEVENT", "END:VCALENDAR", "",
        ]
    )  # fmt: skip
    events = recurring_ical_events.of(Calendar.from_ical(text)).between(
        datetime(YEAR - 1, 12, 30, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    )
    return sorted(event["DTSTART"].dt.astimezone(UTC) for event in events)


class TestMakingASeries:
    def test_makes_a_draft_of_each_meeting_like_the_template(self, session: Session) -> None:
        series = series_of(session)

        assert [one.slug for one in series.meetings] == [
            "forum-2027-02-11", "forum-2027-03-11", "forum-2027-04-08",
        ]  # fmt: skip
        meeting = series.meetings[1]
        assert meeting.published_at is None
        assert meeting.starts_at == meeting.recurrence_at == datetime(2027, 3, 11, 23, tzinfo=UTC)
        assert meeting.ends_at == meeting.starts_at + timedelta(minutes=90)
        assert series.meetings[2].starts_at == datetime(2027, 4, 8, 22, tzinfo=UTC)
        assert (meeting.title, meeting.place_name) == (both("Forum"), both("Town Hall"))
        assert [(one.position, one.title.en, one.takes_written) for one in meeting.items] == [
            (1, "Opening", True), (2, "Questions", False),
        ]  # fmt: skip
        assert len({one.uid for one in series.meetings} | {series.uid}) == 4

    def test_copies_every_column_that_is_not_about_one_date(self) -> None:
        of_one_date = {
            "id", "series_id", "recurrence_at", "slug", "uid", "title", "starts_at", "ends_at",
            "submitted_at", "published_at", "postponed_at", "original_starts_at", "cancelled_at",
            "sequence", "changed_at", "attended_in_person", "attended_remote", "source_format", "source_id",
        }  # fmt: skip
        columns = {column.name for column in Meeting.__table__.columns}

        assert set(service._COPIED) == columns - of_one_date

    def test_takes_the_template_as_the_first_where_it_begins_then(self, session: Session) -> None:
        first = datetime(2027, 2, 11, 23, tzinfo=UTC)
        template = makers.meeting(session, slug="january", starts_at=first, published_at=None)

        series = service.create_series(session, draft_like(template), now=NOW)

        assert [one.slug for one in series.meetings] == ["january", "forum-2027-03-11", "forum-2027-04-08"]
        assert template.recurrence_at == first

    @pytest.mark.parametrize("slug", ["forum", "forum-2027-03-11"])
    def test_says_that_an_address_is_taken_and_makes_nothing(self, session: Session, slug: str) -> None:
        if slug == "forum":
            series_of(session)
        else:
            makers.meeting(session, slug=slug)
        template = makers.meeting(session)
        before = session.scalar(sa.select(sa.func.count()).select_from(Meeting))

        with pytest.raises(service.SlugTaken):
            service.create_series(session, draft_like(template), now=NOW)

        assert session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == before

    @pytest.mark.parametrize(
        "recurrence",
        [
            Recurrence(Frequency.WEEKLY, until=date(2027, 2, 10)),
            Recurrence(Frequency.WEEKLY, until=date(2030, 3, 1)),
            Recurrence(Frequency.MONTHLY_WEEKDAY, count=38),
            Recurrence(Frequency.WEEKLY, count=MOST_MEETINGS + 1),
        ],
    )
    def test_refuses_a_rule_without_meetings_or_with_too_many(
        self, session: Session, recurrence: Recurrence
    ) -> None:
        with pytest.raises(service.BadRecurrence):
            series_of(session, recurrence=recurrence)

    @pytest.mark.parametrize("slug", ["", "Forum", "../etc", "a" * 70])
    def test_refuses_a_bad_address(self, session: Session, slug: str) -> None:
        with pytest.raises(RuleBroken):
            series_of(session, slug=slug)


class TestAnException:
    def test_that_nobody_has_seen_is_gone_and_is_kept_as_an_exception_of_the_rule(
        self, session: Session
    ) -> None:
        series = series_of(session)
        start = series.meetings[1].recurrence_at
        assert start

        service.leave_out(session, series, series.meetings[1], now=NOW)

        assert [one.slug for one in series.meetings] == ["forum-2027-02-11", "forum-2027-04-08"]
        assert series.left_out == [start.isoformat()]
        items = sa.select(sa.func.count()).select_from(AgendaItem)
        assert session.scalar(items) == 6

    def test_that_residents_have_seen_stays(self, session: Session) -> None:
        series = series_of(session)
        series.meetings[0].published_at = NOW
        session.flush()

        with pytest.raises(service.AlreadySeen):
            service.leave_out(session, series, series.meetings[0], now=NOW)

        assert len(series.meetings) == 3
        assert series.left_out == []

    def test_can_be_put_in_again(self, session: Session) -> None:
        series = series_of(session)
        start = series.meetings[0].recurrence_at
        assert start
        service.leave_out(session, series, series.meetings[0], now=NOW)

        meeting = service.put_in_again(session, series, start, now=NOW)

        assert meeting
        assert meeting.slug == "forum-2027-02-11"
        assert len(meeting.items) == 2
        assert series.left_out == []
        assert service.put_in_again(session, series, start, now=NOW) is None

    def test_that_moves_keeps_its_place_in_the_rule(self, session: Session) -> None:
        series = series_of(session)
        meeting = series.meetings[1]
        meeting.starts_at, meeting.ends_at = meeting.starts_at + timedelta(days=1), None
        session.flush()
        session.expire_all()

        assert series.meetings[1] is meeting
        assert meeting.starts_at - (meeting.recurrence_at or NOW) == timedelta(days=1)


class TestPublishingASeries:
    def test_shows_every_draft_that_is_to_come_with_its_notice(self, session: Session) -> None:
        series = series_of(session)
        clerk = makers.user(session, RoleName.CLERK)
        now = datetime(2027, 3, 1, tzinfo=UTC)

        shown = service.publish_series(session, series, actor=clerk, now=now)

        assert [one.slug for one in shown] == ["forum-2027-03-11", "forum-2027-04-08"]
        assert {one.published_at for one in shown} == {now}
        posted = session.execute(sa.select(MeetingNotice.meeting_id, MeetingNotice.kind)).all()
        assert {tuple(row) for row in posted} == {(one.id, kind) for one in shown for kind in NoticeKind}
        assert service.publish_series(session, series, actor=clerk, now=now) == []

    def test_shows_none_where_one_is_not_the_draft_any_more_that_was_read(self, session: Session) -> None:
        series = series_of(session)
        now = datetime(2027, 3, 1, tzinfo=UTC)
        read = service.mark_of(service.waiting(series, now))
        makers.agenda_item(session, series.meetings[2], title=both("Slipped in"))

        with pytest.raises(RuleBroken):
            service.publish_series(
                session, series, actor=makers.user(session, RoleName.CLERK), now=now, seen=read
            )

        assert {one.published_at for one in series.meetings} == {None}

    def test_shows_none_where_one_lacks_a_language(self, session: Session) -> None:
        series = series_of(session)
        series.meetings[2].title = Localised(en="Only English")
        session.flush()

        with pytest.raises(
            service.SeriesIncomplete, match=r"April 8, 2027, 6:00 PM .*: the title in English"
        ):
            service.publish_series(session, series, actor=makers.user(session, RoleName.CLERK), now=NOW)

        assert session.scalars(sa.select(Meeting).where(Meeting.published_at.is_not(None))).all() == []

    def test_says_of_each_date_what_residents_would_miss_and_shows_none(self, session: Session) -> None:
        series = series_of(session)
        series.meetings[0].place_name = None
        series.meetings[2].summary = series.meetings[2].join_url = None
        session.flush()

        with pytest.raises(service.SeriesIncomplete) as refused:
            service.publish_series(session, series, actor=makers.user(session, RoleName.CLERK), now=NOW)

        assert str(refused.value).endswith(
            "Thursday, February 11, 2027, 6:00 PM (EST): the place. "
            "Thursday, April 8, 2027, 6:00 PM (EDT): what it is about, in English and in Spanish, "
            "a link or a telephone number to join by."
        )
        assert session.scalars(sa.select(Meeting).where(Meeting.published_at.is_not(None))).all() == []
