"""How long before a meeting its notice was posted, judged by the rule that the notice named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.meetings import service
from engage.meetings.models import Meeting, MeetingKind, MeetingNotice, NoticeKind, NoticeRule, NoticeUnit
from engage.meetings.notice_lead import NoticeRecord, Verdict, lead, record_of
from tests.support import makers

START = datetime(2026, 6, 10, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def hours_before(hours: float, start: datetime = START) -> datetime:
    return start - timedelta(hours=hours)


def regular(session: Session, **fields: Any) -> Meeting:
    return makers.meeting(session, **{"kind": MeetingKind.REGULAR, "starts_at": START} | fields)


def post(session: Session, meeting: Meeting, hours: float) -> MeetingNotice | None:
    return service.post_notice(session, meeting, actor=None, now=hours_before(hours))


def post_agenda(session: Session, meeting: Meeting, hours: float) -> MeetingNotice | None:
    return service.post_agenda(session, meeting, actor=None, now=hours_before(hours))


def record(meeting: Meeting, hours: float = 0) -> NoticeRecord:
    return record_of(meeting, hours_before(hours))


class TestTheLead:
    def test_counts_whole_hours_from_the_posting_to_the_start(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, 94.9)

        found = record(meeting).notice

        assert (found.hours, found.days, found.amount) == (94, 3, 94)
        assert found.verdict is Verdict.IN_TIME
        assert not found.is_short

    @pytest.mark.parametrize(
        ("late_by", "verdict"), [(timedelta(0), Verdict.IN_TIME), (SECOND, Verdict.SHORT)]
    )
    def test_is_in_time_up_to_the_last_instant_and_not_a_second_more(
        self, session: Session, late_by: timedelta, verdict: Verdict
    ) -> None:
        meeting = regular(session)
        service.post_notice(session, meeting, actor=None, now=hours_before(72) + late_by)

        assert record(meeting).notice.verdict is verdict

    def test_before_anything_is_posted_tells_the_last_instant(self, session: Session) -> None:
        meeting = regular(session)

        still, no_more = record(meeting, 72), record_of(meeting, hours_before(72) + SECOND)

        assert still.notice.due_at == hours_before(72)
        assert (still.notice.verdict, still.notice.is_short) == (Verdict.OPEN, False)
        assert (no_more.notice.verdict, no_more.notice.is_short) == (Verdict.MISSING, True)
        assert still.notice.hours is still.notice.days is still.notice.amount is None

    def test_of_a_forum_counts_days_of_the_calendar(self, session: Session) -> None:
        start = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)  # half past six in New York, after clocks were set
        meeting = makers.meeting(session, kind=MeetingKind.COMMUNITY_FORUM, starts_at=start)
        posted = datetime(2026, 2, 18, 23, 30, tzinfo=UTC)  # half past six there, an hour less than 30 × 24
        service.post_notice(session, meeting, actor=None, now=posted)

        found = lead(meeting, NoticeKind.NOTICE, start)

        assert (found.amount, found.hours, found.verdict) == (30, 30 * 24 - 1, Verdict.IN_TIME)

    def test_is_kept_when_only_words_are_changed(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, 94)
        meeting.summary = Localised("Other words", "Otras palabras")
        second = post(session, meeting, 20)

        assert second is not None
        assert record(meeting).notice.hours == 94

    @pytest.mark.parametrize(
        "change",
        [
            {"place_name": Localised("Library", "Biblioteca")},
            {"place_street": "2 Other Street"},
            {"join_url": "https://meet.example.org/other"},
            {"starts_at": START + timedelta(hours=1)},
        ],
    )
    def test_begins_anew_when_time_or_place_is_changed(
        self, session: Session, change: dict[str, Any]
    ) -> None:
        meeting = regular(session, ends_at=START + timedelta(hours=3))
        post(session, meeting, 94)
        for name, value in change.items():
            setattr(meeting, name, value)
        unsaid = record(meeting).notice
        post(session, meeting, 20)

        assert unsaid.version is None
        again = record(meeting).notice
        assert again.version is not None
        assert (again.version.number, again.is_short) == (2, True)

    def test_of_a_meeting_that_moved_away_and_back_begins_when_it_came_back(self, session: Session) -> None:
        meeting, library = regular(session), Localised("Library", "Biblioteca")
        hall = meeting.place_name
        for hours, place in ((100, hall), (80, library), (30, hall)):
            meeting.place_name = place
            post(session, meeting, hours)

        assert record(meeting).notice.hours == 30

    def test_to_a_later_day_is_counted_to_that_day(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, 20)
        assert record(meeting).notice.is_short
        meeting.starts_at, meeting.ends_at = START + timedelta(days=7), None
        post(session, meeting, 10)

        found = record(meeting).notice

        assert (found.hours, found.verdict) == (7 * 24 + 10, Verdict.IN_TIME)

    def test_counts_nothing_that_was_posted_after_the_start(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, -1)

        assert record(meeting, -2).notice.verdict is Verdict.MISSING

    @pytest.mark.parametrize("fact", ["cancelled_at", "postponed_at"])
    def test_of_a_meeting_that_is_off_is_nothing_to_judge(self, session: Session, fact: str) -> None:
        meeting = regular(session)
        post(session, meeting, 20)
        setattr(meeting, fact, hours_before(10))
        post(session, meeting, 10)

        found = record(meeting)

        assert (found.verdict, found.is_short) == (Verdict.OFF, False)
        assert len(meeting.notices) == 2

    def test_begins_anew_after_a_meeting_was_off_and_is_on_again(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, 100)
        meeting.postponed_at = hours_before(50)
        post(session, meeting, 50)
        meeting.postponed_at = None
        post(session, meeting, 30)

        assert record(meeting).notice.hours == 30

    def test_says_nothing_of_a_link_that_only_the_registered_are_shown(self, session: Session) -> None:
        meeting = regular(session, join_is_public=False, join_phone="+1 555 0100")

        version = post(session, meeting, 94)

        assert version is not None
        assert "meet.example.org" not in version.content
        assert "555" not in version.content


class TestTheAgenda:
    def test_of_a_regular_meeting_must_be_posted_as_early_as_the_notice(self, session: Session) -> None:
        meeting = regular(session)
        makers.agenda_item(session, meeting)
        post(session, meeting, 94)
        post_agenda(session, meeting, 60)

        found = record(meeting)

        assert found.notice.verdict is Verdict.IN_TIME
        assert found.agenda.verdict is found.verdict is Verdict.SHORT
        assert found.is_short

    def test_of_a_forum_is_not_asked_for(self, session: Session) -> None:
        meeting = makers.meeting(session, kind=MeetingKind.COMMUNITY_FORUM, starts_at=START)
        post(session, meeting, 24 * 40)

        assert record(meeting).agenda.verdict is Verdict.NOT_ASKED
        assert record(meeting).verdict is Verdict.IN_TIME

    def test_that_was_posted_for_another_start_does_not_count(self, session: Session) -> None:
        meeting = regular(session)
        makers.agenda_item(session, meeting)
        post_agenda(session, meeting, 94)
        meeting.starts_at, meeting.ends_at = START + timedelta(days=1), None

        assert record(meeting, 80).agenda.verdict is Verdict.OPEN

    def test_that_is_changed_after_the_deadline_stays_in_time_and_is_told(self, session: Session) -> None:
        meeting = regular(session)
        item = makers.agenda_item(session, meeting)
        post_agenda(session, meeting, 94)
        item.title = Localised("Another", "Otro")
        post_agenda(session, meeting, 80)
        makers.agenda_item(session, meeting)
        post_agenda(session, meeting, 5.5)
        item.title = Localised("A third", "Un tercero")
        post_agenda(session, meeting, -1)

        found = record(meeting, -2)

        assert found.agenda.verdict is Verdict.IN_TIME
        assert [(change.after.number, change.hours) for change in found.late] == [(3, 5), (4, None)]


class TestTheRule:
    def choose(self, session: Session, meeting: Meeting, amount: int) -> None:
        session.merge(
            NoticeRule(
                docket_id=meeting.docket_id, kind=meeting.kind, amount=amount, unit=NoticeUnit.HOURS,
                basis=Localised("By-law 7", "Reglamento 7"),
            )
        )  # fmt: skip
        session.flush()

    def test_is_the_one_that_the_notice_named_though_it_was_changed_since(self, session: Session) -> None:
        meeting = regular(session, docket=makers.docket(session))
        post(session, meeting, 30)
        self.choose(session, meeting, 24)

        assert record(meeting).notice.is_short
        assert record(meeting).rule.amount == 72

    def test_makes_nothing_good_when_the_notice_is_posted_again_under_a_kinder_one(
        self, session: Session
    ) -> None:
        meeting = regular(session, docket=makers.docket(session))
        post(session, meeting, 30)
        self.choose(session, meeting, 24)
        again = post(session, meeting, 28)

        assert again is not None
        assert record(meeting).notice.is_short
        assert [change.after for change in record(meeting).late] == [again]

    def test_goes_with_the_kind_of_the_meeting(self, session: Session) -> None:
        meeting = regular(session)
        post(session, meeting, 30)
        meeting.kind = MeetingKind.SPECIAL
        post(session, meeting, 29)

        assert record(meeting).rule.amount == 24
        assert record(meeting).notice.verdict is Verdict.IN_TIME

    def test_becomes_stricter_with_the_kind_too(self, session: Session) -> None:
        meeting = regular(session, kind=MeetingKind.SPECIAL)
        post(session, meeting, 30)
        meeting.kind = MeetingKind.REGULAR
        post(session, meeting, 29)

        assert record(meeting).notice.is_short
