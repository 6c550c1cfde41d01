"""How long before a meeting its notice must be posted: hours are hours, days are days of the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.meetings import notice_rules
from engage.meetings.models import MeetingKind, NoticeRule, NoticeUnit
from engage.meetings.notice_rules import Rule, default_rule
from engage.meetings.notice_words import rule_source
from tests.support import makers

NEW_YORK = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)


def rule(amount: int, unit: NoticeUnit) -> Rule:
    return Rule(amount, unit, Localised("By-law", "Reglamento"), needs_agenda=False, is_law=False)


def at(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    """The instant at which a clock in the place shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


class TestTheDefaults:
    @pytest.mark.parametrize(
        ("kind", "amount", "unit"),
        [
            (MeetingKind.REGULAR, 72, NoticeUnit.HOURS),
            (MeetingKind.SPECIAL, 24, NoticeUnit.HOURS),
            (MeetingKind.EMERGENCY, 1, NoticeUnit.HOURS),
            (MeetingKind.COMMUNITY_FORUM, 30, NoticeUnit.DAYS),
        ],
    )
    def test_are_those_that_laws_name(self, kind: MeetingKind, amount: int, unit: NoticeUnit) -> None:
        assert (default_rule(kind).amount, default_rule(kind).unit) == (amount, unit)
        assert default_rule(kind).is_law
        assert "§" in default_rule(kind).basis.en

    @pytest.mark.parametrize("kind", MeetingKind)
    def test_say_in_both_languages_what_they_stand_on_and_whether_that_is_a_law(
        self, app: Flask, kind: MeetingKind
    ) -> None:
        found = default_rule(kind)
        with app.app_context():
            source = rule_source(found)

        assert found.basis.is_complete
        assert 1 <= found.amount <= 2000
        assert ("§" in found.basis.en) is ("§" in found.basis.es) is found.is_law
        assert ("not a law" in source) is not found.is_law

    def test_ask_for_the_agenda_of_a_regular_meeting_and_not_of_a_forum(self) -> None:
        assert default_rule(MeetingKind.REGULAR).needs_agenda
        assert not default_rule(MeetingKind.COMMUNITY_FORUM).needs_agenda

    def test_give_way_to_what_a_docket_chose_for_that_kind_only(self, session: Session) -> None:
        docket, other = makers.docket(session), makers.docket(session)
        session.add(
            NoticeRule(
                docket_id=docket.id, kind=MeetingKind.REGULAR, amount=5, unit=NoticeUnit.DAYS,
                basis=Localised("By-law 7", "Reglamento 7"),
            )
        )  # fmt: skip
        session.flush()
        regular = makers.meeting(session, docket=docket, kind=MeetingKind.REGULAR)
        special = makers.meeting(session, docket=docket, kind=MeetingKind.SPECIAL)
        elsewhere = makers.meeting(session, docket=other, kind=MeetingKind.REGULAR)

        own = notice_rules.rule_for(session, regular)

        assert (own.amount, own.unit, own.is_own) == (5, NoticeUnit.DAYS, True)
        assert own.needs_agenda
        assert notice_rules.rule_for(session, special) == default_rule(MeetingKind.SPECIAL)
        assert notice_rules.rule_for(session, elsewhere) == default_rule(MeetingKind.REGULAR)

    @pytest.mark.parametrize("kind", MeetingKind)
    def test_can_be_written_into_a_notice_and_read_back(self, kind: MeetingKind) -> None:
        assert notice_rules.from_json(notice_rules.as_json(default_rule(kind))) == default_rule(kind)


class TestHours:
    @pytest.mark.parametrize(
        ("start", "shown_then"),
        [("2026-03-09 09:00", "2026-03-06 08:00"), ("2026-11-02 09:00", "2026-10-30 10:00")],
    )
    def test_are_real_ones_when_a_clock_was_set_between(self, start: str, shown_then: str) -> None:
        due = rule(72, NoticeUnit.HOURS).due_at(at(start), NEW_YORK)

        assert due == at(shown_then)
        assert at(start) - due == timedelta(hours=72)

    def test_are_rounded_down(self) -> None:
        start = at("2026-06-10 18:00")
        hours = rule(72, NoticeUnit.HOURS)

        assert hours.lead(start - timedelta(hours=72), start, NEW_YORK) == 72
        assert hours.lead(start - timedelta(hours=72) + SECOND, start, NEW_YORK) == 71


class TestDays:
    @pytest.mark.parametrize("start", ["2026-03-20 18:30", "2026-11-20 18:30", "2026-06-20 18:30"])
    def test_end_at_the_same_hour_of_the_clock(self, start: str) -> None:
        days, begins = rule(30, NoticeUnit.DAYS), at(start)
        due = days.due_at(begins, NEW_YORK)

        assert due.astimezone(NEW_YORK).strftime("%H:%M") == "18:30"
        assert days.lead(due, begins, NEW_YORK) == 30
        assert days.lead(due + SECOND, begins, NEW_YORK) == 29

    def test_are_not_thirty_times_twenty_four_hours_in_spring_and_in_autumn(self) -> None:
        days = rule(30, NoticeUnit.DAYS)
        spring, autumn = at("2026-03-20 18:30"), at("2026-11-20 18:30")

        assert spring - days.due_at(spring, NEW_YORK) == timedelta(days=30) - timedelta(hours=1)
        assert autumn - days.due_at(autumn, NEW_YORK) == timedelta(days=30) + timedelta(hours=1)

    def test_end_an_hour_earlier_where_the_clock_skips_the_hour(self) -> None:
        start = at("2026-04-07 02:30")  # 30 days after half past two on the day when clocks are set forward.

        due = rule(30, NoticeUnit.DAYS).due_at(start, NEW_YORK)

        assert due == at("2026-03-08 01:30")

    @pytest.mark.parametrize("start", ["2026-04-07 02:30", "2026-12-01 01:30"])
    def test_agree_with_their_deadline_minute_by_minute_while_a_clock_is_set(self, start: str) -> None:
        days, begins = rule(30, NoticeUnit.DAYS), at(start)
        due = days.due_at(begins, NEW_YORK)

        for minutes in range(-180, 181, 15):
            posted = due + timedelta(minutes=minutes)
            assert (days.lead(posted, begins, NEW_YORK) >= 30) is (posted <= due)

    def test_end_at_the_later_of_two_equal_times(self) -> None:
        start = at("2026-12-01 01:30")

        assert rule(30, NoticeUnit.DAYS).due_at(start, NEW_YORK) == at("2026-11-01 01:30", fold=1)
