"""What a meeting's own dates say about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.meetings.models import Meeting, MeetingStatus
from tests.support import makers

BEGINS = datetime(2027, 1, 15, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return makers.meeting(
        session,
        starts_at=BEGINS,
        time_zone="America/Denver",
        published_at=BEGINS - timedelta(days=40),
    )


class TestStatus:
    def test_a_meeting_is_a_draft_until_the_instant_of_its_publication(self, meeting: Meeting) -> None:
        published = meeting.published_at or BEGINS

        assert meeting.status(published - SECOND) is MeetingStatus.DRAFT
        assert meeting.status(published) is MeetingStatus.CONFIRMED

    def test_it_is_over_from_its_end_on_and_not_before(self, meeting: Meeting) -> None:
        ends = BEGINS + timedelta(hours=2)

        assert meeting.status(ends - SECOND) is MeetingStatus.CONFIRMED
        assert meeting.status(ends) is MeetingStatus.PASSED

    def test_without_a_stated_end_it_lasts_two_hours(self, meeting: Meeting) -> None:
        meeting.ends_at = None

        assert meeting.status(BEGINS + timedelta(hours=2) - SECOND) is MeetingStatus.CONFIRMED
        assert meeting.status(BEGINS + timedelta(hours=2)) is MeetingStatus.PASSED

    @pytest.mark.parametrize(
        ("fact", "status"),
        [("cancelled_at", MeetingStatus.CANCELLED), ("postponed_at", MeetingStatus.POSTPONED)],
    )
    def test_what_did_not_take_place_does_not_pass(
        self, meeting: Meeting, fact: str, status: MeetingStatus
    ) -> None:
        setattr(meeting, fact, BEGINS - timedelta(days=1))

        assert meeting.status(BEGINS + timedelta(days=30)) is status

    def test_a_rescheduled_one_says_so_until_it_is_over(self, meeting: Meeting) -> None:
        meeting.original_starts_at = BEGINS - timedelta(days=7)

        assert meeting.status(BEGINS - SECOND) is MeetingStatus.RESCHEDULED
        assert meeting.status(BEGINS + timedelta(hours=2)) is MeetingStatus.PASSED

    def test_a_tentative_one_still_takes_place(self, meeting: Meeting) -> None:
        meeting.is_tentative = True

        assert meeting.status(BEGINS - SECOND) is MeetingStatus.TENTATIVE
        assert meeting.takes_place(BEGINS - SECOND)


class TestCutOffs:
    def test_speakers_sign_up_until_the_cut_off_exclusive(self, meeting: Meeting) -> None:
        cut_off = BEGINS - timedelta(minutes=meeting.speakers_minutes)

        assert meeting.takes_speakers_at(cut_off - SECOND)
        assert not meeting.takes_speakers_at(cut_off)

    def test_nobody_registers_for_a_cancelled_meeting(self, meeting: Meeting) -> None:
        assert meeting.takes_registrations_at(BEGINS - SECOND)

        meeting.cancelled_at = BEGINS - timedelta(days=1)

        assert not meeting.takes_registrations_at(BEGINS - SECOND)

    def test_without_a_comment_period_it_takes_no_written_comments(self, meeting: Meeting) -> None:
        assert not meeting.takes_written_at(BEGINS - timedelta(days=2))

    def test_accommodations_are_due_by_the_calendar_of_the_place(self, meeting: Meeting) -> None:
        # 01:00 UTC on the fifteenth is still the fourteenth in Denver.
        assert meeting.accommodations_due_on == date(2027, 1, 11)
