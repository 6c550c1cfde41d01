"""The meetings of the fictional county: one of each sort that a newcomer should see."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Channel, Position
from engage.demo import reading
from engage.demo.service import fill_county
from engage.meetings.ledger import GENESIS, chain_digest
from engage.meetings.models import (
    FileKindName,
    Meeting,
    MeetingComment,
    MeetingNotice,
    MeetingSeries,
    MeetingStatus,
    NoticeKind,
)
from engage.meetings.said import Said, said_in
from tests.demo.filled import NOW, filled

ALL_SCRIPTS = reading.scripts
DENVER = ZoneInfo("America/Denver")
NOWS = [
    pytest.param(
        datetime(2026, 3, 15, 6, 30, tzinfo=UTC), id="just after clocks went forward, past midnight"
    ),
    pytest.param(datetime(2026, 11, 10, 3, 0, tzinfo=UTC), id="just after clocks went back, evening"),
    pytest.param(datetime(2027, 1, 1, 12, 0, tzinfo=UTC), id="New Year"),
]


@pytest.fixture(autouse=True)
def no_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about the comments."""
    monkeypatch.setattr(reading, "scripts", list)


def meetings(session: Session, now: datetime) -> dict[str, Meeting]:
    """The meetings of a new county, by slug."""
    filled(session, now)
    session.expire_all()
    return {meeting.slug: meeting for meeting in session.scalars(sa.select(Meeting))}


@pytest.mark.parametrize("now", NOWS)
def test_each_sort_is_there_on_any_day(session: Session, now: datetime) -> None:
    found = meetings(session, now)

    statuses = {slug: meeting.status(now) for slug, meeting in found.items() if "steering" not in slug}
    assert statuses == {
        "287g-forum-first": MeetingStatus.PASSED,
        "287g-forum-past": MeetingStatus.PASSED,
        "287g-special-short": MeetingStatus.PASSED,
        "287g-community-forum": MeetingStatus.CONFIRMED,
        "287g-workshop-cancelled": MeetingStatus.CANCELLED,
        "287g-hearing-moved": MeetingStatus.RESCHEDULED,
        "cameras-evening-english": MeetingStatus.PASSED,
        "cameras-evening-spanish": MeetingStatus.PASSED,
    }
    forum = found["287g-community-forum"]
    assert forum.capacity == 60
    assert len(forum.items) == 4
    assert forum.takes_registrations_at(now)
    assert forum.takes_speakers_at(now)
    assert forum.takes_written_at(now)
    assert forum.local_start.strftime("%H:%M") == "18:00"


@pytest.mark.parametrize("now", NOWS)
def test_the_notices_are_one_chain_in_the_order_of_time(session: Session, now: datetime) -> None:
    found = meetings(session, now)

    notices = session.scalars(sa.select(MeetingNotice).order_by(MeetingNotice.id)).all()
    head = GENESIS
    for notice in notices:
        head = chain_digest(head, notice.digest, notice.posted_at)
        assert notice.chain_digest == head
    assert all(one.posted_at <= other.posted_at for one, other in pairwise(notices))
    assert notices[-1].posted_at <= now
    assert {notice.meeting.slug for notice in notices if notice.kind is NoticeKind.NOTICE} == set(found)


def test_one_notice_was_too_late_and_the_others_were_in_time(session: Session) -> None:
    found = meetings(session, NOW)

    leads = {slug: meeting.starts_at - meeting.notices[0].posted_at for slug, meeting in found.items()}

    assert leads.pop("287g-special-short") < timedelta(hours=24)
    assert leads["287g-community-forum"] > timedelta(days=30)
    assert leads["287g-forum-past"] > timedelta(days=30)
    assert min(leads.values()) > timedelta(hours=72)


@pytest.mark.parametrize("now", NOWS)
def test_the_series_goes_on_for_a_year_with_one_left_out_and_one_moved(
    session: Session, now: datetime
) -> None:
    meetings(session, now)

    series = session.scalars(sa.select(MeetingSeries)).one()
    assert len(series.meetings) == 11
    assert len(series.left_out) == 1
    given = [meeting.recurrence_at for meeting in series.meetings]
    assert datetime.fromisoformat(series.left_out[0]) not in given
    assert {at.astimezone(DENVER).strftime("%H:%M %A") for at in given if at} == {"17:30 Tuesday"}
    (moved,) = [meeting for meeting in series.meetings if meeting.starts_at != meeting.recurrence_at]
    assert moved.changes[0].reason.is_complete
    for meeting in series.meetings:
        assert meeting.recurrence_at is not None
        assert meeting.slug == f"287g-steering-{meeting.recurrence_at.astimezone(DENVER).date()}"


def test_the_past_forum_has_minutes_a_recording_and_what_was_decided(session: Session) -> None:
    forum = meetings(session, NOW)["287g-forum-past"]

    assert [(row.number, row.approved_on is not None) for row in forum.minutes] == [(2, True), (1, False)]
    assert {FileKindName.RECORDING, FileKindName.TRANSCRIPT} <= {file.kind for file in forum.files}
    assert all(item.decided for item in forum.items)
    assert all(file.posted_at <= NOW for file in forum.files)


def test_what_was_said_at_the_past_forum_stands_in_the_report(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = [script for script in ALL_SCRIPTS() if script.meeting]
    monkeypatch.setattr(reading, "scripts", lambda: spoken)
    forum = meetings(session, NOW)["287g-forum-past"]

    assert forum.period is not None
    rows = {row.meeting.slug: row.said for row in said_in(session, forum.period, NOW)}
    assert rows["287g-forum-past"] == Said(spoken=4, written=2)
    assert Counter(script.position for script in spoken) == {Position.SUPPORT: 5, Position.OPPOSE: 5}
    ties = session.scalars(sa.select(MeetingComment))
    oral = [row for row in ties if row.comment.channel is Channel.MEETING_ORAL]
    assert Counter(row.meeting.slug for row in oral) == {"287g-forum-first": 4, "287g-forum-past": 4}
    assert all(row.comment.received_on == row.meeting.local_start.date() for row in oral)


def test_whoever_spoke_at_a_meeting_spoke_at_one_that_is_told() -> None:
    assert [one.key for one in ALL_SCRIPTS() if one.channel is Channel.MEETING_ORAL and not one.meeting] == []


def test_a_second_time_changes_nothing(session: Session) -> None:
    first = set(meetings(session, NOW))

    assert fill_county(session, now=NOW) is None
    assert set(session.scalars(sa.select(Meeting.slug))) == first
