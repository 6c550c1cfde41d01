"""Drafting, publishing and changing meetings: what is allowed when, and what always stays."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.meetings import service
from engage.meetings.models import (
    Attendee,
    AttendeeState,
    FileKindName,
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingComment,
    MeetingKind,
    MeetingNotice,
    MeetingSeries,
    MeetingStatus,
    Mode,
    NoticeKind,
)
from engage.meetings.service import agenda
from engage.meetings.service.meeting import WRITTEN
from tests.support import makers
from tests.support.makers import both

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = both("The room is closed.")
SOON = (NOW + 10 * DAY).replace(hour=17, minute=0, second=0, microsecond=0)
Kind = MeetingChangeKind

ELSEWHERE = service.Place(
    format=Format.IN_PERSON,
    place_name=both("Library"),
    place_street="2 Side Street",
    directions=None,
    accessibility=None,
    join_url=None,
    join_phone=None,
)
CHANGES: dict[Kind, Callable[..., MeetingChange]] = {
    Kind.CONFIRM: service.confirm_meeting,
    Kind.MOVE: lambda *args, **kw: service.move_meeting(*args, starts_at=SOON + HOUR, ends_at=None, **kw),
    Kind.PLACE: lambda *args, **kw: service.change_place(*args, place=ELSEWHERE, **kw),
    Kind.POSTPONE: service.postpone_meeting,
    Kind.RESCHEDULE: lambda *args, **kw: service.reschedule_meeting(
        *args, starts_at=SOON + 7 * DAY, ends_at=None, **kw
    ),
    Kind.CANCEL: service.cancel_meeting,
}


def draft_of(meeting: Meeting, **fields: Any) -> service.MeetingDraft:
    """The meeting as it stands, with some of it written anew."""
    return replace(service.MeetingDraft(**{name: getattr(meeting, name) for name in WRITTEN}), **fields)


def change(session: Session, meeting: Meeting, kind: Kind, reason: Localised = WHY) -> MeetingChange:
    return CHANGES[kind](session, meeting, reason=reason, actor=None, now=NOW)


def write(session: Session, meeting: Meeting, **fields: Any) -> list[Attendee]:
    return service.change_meeting(
        session,
        meeting,
        draft=draft_of(meeting, **fields),
        slug=meeting.slug,
        host=meeting.host,
        actor=None,
        now=NOW,
    )


def meeting(session: Session, **fields: Any) -> Meeting:
    return makers.meeting(session, **{"starts_at": SOON} | fields)


def draft(session: Session, **fields: Any) -> Meeting:
    return meeting(session, published_at=None, **fields)


def join(session: Session, meeting: Meeting) -> Attendee:
    return service.join_meeting(
        session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=NOW
    ).attendee


def notices(session: Session, meeting: Meeting, kind: NoticeKind = NoticeKind.NOTICE) -> list[datetime]:
    wanted = sa.select(MeetingNotice).where(
        MeetingNotice.meeting_id == meeting.id, MeetingNotice.kind == kind
    )
    return [row.starts_at for row in session.scalars(wanted.order_by(MeetingNotice.number))]


class TestPublish:
    def test_shows_it_and_posts_its_notice_and_agenda_in_the_same_transaction(self, session: Session) -> None:
        found = draft(session, docket=makers.docket(session))
        makers.agenda_item(session, found)

        service.publish_meeting(session, found, actor=None, now=NOW)

        assert found.status(NOW) is MeetingStatus.CONFIRMED
        assert notices(session, found) == notices(session, found, NoticeKind.AGENDA) == [SOON]

    def test_twice_is_once(self, session: Session) -> None:
        found = draft(session)
        service.publish_meeting(session, found, actor=None, now=NOW)
        service.publish_meeting(session, found, actor=None, now=NOW + HOUR)

        assert found.published_at == NOW
        assert notices(session, found) == [SOON]

    @pytest.mark.parametrize(
        ("fields", "lacking"),
        [
            ({"title": Localised("Only English", "")}, service.Missing.TITLE),
            ({"summary": None}, service.Missing.SUMMARY),
            ({"summary": Localised("", "Solo español")}, service.Missing.SUMMARY),
            ({"place_name": None}, service.Missing.PLACE),
            ({"format": Format.IN_PERSON, "place_name": None}, service.Missing.PLACE),
            ({"format": Format.ONLINE, "join_url": None}, service.Missing.JOIN),
        ],
    )
    def test_refuses_what_residents_would_miss(
        self, session: Session, fields: dict[str, Any], lacking: service.Missing
    ) -> None:
        found = draft(session, **fields)

        assert service.missing(found, NOW) == [lacking]
        with pytest.raises(service.NotFinished):
            service.publish_meeting(session, found, actor=None, now=NOW)

    def test_refuses_a_docket_and_a_period_that_residents_do_not_see(self, session: Session) -> None:
        docket = makers.docket(session, published_at=None)
        period = makers.comment_period(session, docket=docket, published_at=None)
        found = draft(session, docket=docket, period=period)

        assert service.missing(found, NOW) == [service.Missing.DOCKET, service.Missing.PERIOD]

    @pytest.mark.parametrize(
        "fields",
        [{"format": Format.ONLINE, "place_name": None}, {"join_url": None, "join_phone": "+1 555 0100"}],
    )
    def test_asks_for_no_more_than_the_format_needs(self, session: Session, fields: dict[str, Any]) -> None:
        assert service.missing(draft(session, **fields), NOW) == []

    def test_refuses_a_draft_that_changed_since_it_was_read(self, session: Session) -> None:
        found = draft(session)
        seen = found.changed_at
        write(session, found, title=both("Another title"))

        with pytest.raises(service.WrongMeetingState):
            service.publish_meeting(session, found, actor=None, now=NOW, seen=seen)


class TestDraft:
    def test_a_draft_may_be_thrown_away_with_its_agenda(self, session: Session) -> None:
        found = draft(session)
        makers.agenda_item(session, found)

        service.delete_draft(session, found, actor=None)

        assert session.scalars(sa.select(Meeting)).all() == []

    def test_what_residents_see_is_no_draft(self, session: Session) -> None:
        found = meeting(session)

        with pytest.raises(service.WrongMeetingState):
            service.delete_draft(session, found, actor=None)
        with pytest.raises(service.WrongMeetingState):
            service.return_meeting(session, found)
        with pytest.raises(service.WrongMeetingState):
            service.submit_meeting(session, found, NOW)

    @pytest.mark.parametrize("column", ["published_at", "submitted_at"])
    def test_a_host_writes_no_more_on_what_has_left_their_hands_while_the_page_was_open(
        self, session: Session, column: str
    ) -> None:
        host = makers.user(session, RoleName.HOST)
        found = draft(session, host=host)
        elsewhere = sa.update(Meeting).values({column: NOW - HOUR})
        session.execute(elsewhere.execution_options(synchronize_session=False))

        with pytest.raises(service.WrongMeetingState):
            service.change_meeting(
                session,
                found,
                draft=draft_of(found, title=both("Late")),
                slug=found.slug,
                host=host,
                actor=host,
                now=NOW,
            )
        with pytest.raises(service.WrongMeetingState):
            service.delete_draft(session, found, actor=host)

    def test_one_of_a_series_leaves_a_gap_in_it(self, session: Session) -> None:
        series = MeetingSeries(
            slug="monthly", uid="monthly@engage", title=both("Monthly"), rule="FREQ=MONTHLY;COUNT=3",
            starts_at=SOON, lasts_minutes=60, time_zone="America/Denver", changed_at=NOW,
        )  # fmt: skip
        found = draft(session, series=series, recurrence_at=SOON)

        service.delete_draft(session, found, actor=None)
        session.refresh(series)

        assert series.left_out == [SOON.isoformat()]

    def test_it_is_handed_over_once_and_given_back(self, session: Session) -> None:
        found = draft(session)
        service.submit_meeting(session, found, NOW)
        service.submit_meeting(session, found, NOW + HOUR)
        handed = found.submitted_at
        service.return_meeting(session, found)

        assert (handed, found.submitted_at) == (NOW, None)

    def test_two_meetings_have_two_addresses(self, session: Session) -> None:
        first, second = draft(session, slug="forum"), draft(session)

        with pytest.raises(service.SlugTaken):
            service.create_meeting(session, slug="forum", draft=draft_of(first), host=None, now=NOW)
        with pytest.raises(service.SlugTaken):
            service.change_meeting(
                session, second, draft=draft_of(second), slug="forum", host=None, actor=None, now=NOW
            )

    def test_a_period_of_another_docket_is_refused(self, session: Session) -> None:
        found = draft(session, docket=makers.docket(session))
        foreign = makers.comment_period(session)

        with pytest.raises(RuleBroken):
            write(session, found, period=foreign)
        with pytest.raises(RuleBroken):
            service.create_meeting(
                session, slug="new", draft=draft_of(found, period=foreign), host=None, now=NOW
            )


class TestWrite:
    def test_what_was_announced_never_changes_in_silence(self, session: Session) -> None:
        found = meeting(session)
        for name, value in {
            "starts_at": SOON + HOUR,
            "ends_at": None,
            "kind": MeetingKind.EMERGENCY,
            "format": Format.ONLINE,
            "docket": makers.docket(session),
            "place_name": both("Elsewhere"),
            "place_street": "Elsewhere",
            "join_url": "https://meet.example.org/other",
            "join_phone": "+1 555 0100",
            "time_zone": "America/Denver",
            "is_tentative": True,
        }.items():
            with pytest.raises(service.Announced):
                write(session, found, **{name: value})

    def test_a_new_text_needs_no_reason_but_moves_the_stamp_and_posts_what_the_notice_says(
        self, session: Session
    ) -> None:
        found = meeting(session)
        service.post_notice(session, found, actor=None, now=NOW - DAY)
        write(session, found, directions=both("Ring twice."))
        after_directions = len(notices(session, found))
        write(session, found, summary=both("All about cameras."))

        assert found.changed_at == NOW
        assert found.sequence == 0
        assert (after_directions, len(notices(session, found))) == (1, 2)

    def test_nothing_new_is_no_change(self, session: Session) -> None:
        found = meeting(session)
        before = found.changed_at
        write(session, found)

        assert found.changed_at == before

    def test_the_address_of_what_is_published_stays(self, session: Session) -> None:
        found = meeting(session)

        with pytest.raises(service.AddressFixed):
            service.change_meeting(
                session, found, draft=draft_of(found), slug="other", host=None, actor=None, now=NOW
            )

    @pytest.mark.parametrize("fields", [{"cancelled_at": NOW - HOUR}, {"starts_at": NOW - DAY}])
    def test_of_what_is_over_or_cancelled_only_the_comment_period_is_still_given(
        self, session: Session, fields: dict[str, Any]
    ) -> None:
        docket = makers.docket(session)
        period = makers.comment_period(session, docket=docket)
        found = meeting(session, docket=docket, **fields)

        write(session, found, period=period)
        with pytest.raises(service.Announced):
            write(session, found, summary=both("It was wonderful."))

        assert found.period is period

    def test_the_comment_period_stays_once_comments_belong_to_the_meeting(self, session: Session) -> None:
        docket = makers.docket(session)
        first, second = (makers.comment_period(session, docket=docket) for _ in range(2))
        found = meeting(session, docket=docket, period=first)
        write(session, found, period=second)
        write(session, found, period=first)
        comment = makers.comment(session, first)
        session.add(MeetingComment(comment_id=comment.id, meeting_id=found.id))
        session.flush()

        for other in (second, None):
            with pytest.raises(service.PeriodFixed):
                write(session, found, period=other)
        write(session, found, directions=both("Ring twice."))

        assert found.period is first

    def test_what_residents_read_keeps_both_languages(self, session: Session) -> None:
        with pytest.raises(service.NotFinished):
            write(session, meeting(session), title=Localised("Only English", ""))


class TestCapacity:
    def test_more_places_let_in_who_has_waited_longest(self, session: Session) -> None:
        found = meeting(session, capacity=1)
        _first, second, third, fourth = [join(session, found) for _ in range(4)]

        promoted = write(session, found, capacity=3)

        assert promoted == [second, third]
        assert fourth.state is AttendeeState.WAITLISTED

    def test_no_place_is_taken_away(self, session: Session) -> None:
        found = meeting(session, capacity=3)
        people = [join(session, found) for _ in range(3)]

        with pytest.raises(service.TooFewPlaces):
            write(session, found, capacity=2)

        assert {person.state for person in people} == {AttendeeState.REGISTERED}

    def test_a_place_with_a_high_number_is_not_given_away_a_second_time(self, session: Session) -> None:
        found = meeting(session, capacity=3)
        first, *_others = [join(session, found) for _ in range(3)]
        service.cancel_attendance(session, first, NOW)
        write(session, found, capacity=2)

        (late,) = [join(session, found) for _ in range(1)]

        assert late.state is AttendeeState.WAITLISTED
        taken = sa.select(Attendee.seat).where(Attendee.seat.is_not(None))
        assert len(session.scalars(taken).all()) == 2

    def test_whoever_registered_before_places_were_counted_keeps_one(self, session: Session) -> None:
        found = meeting(session, capacity=None)
        people = [join(session, found) for _ in range(2)]

        with pytest.raises(service.TooFewPlaces):
            write(session, found, capacity=1)
        promoted = write(session, found, capacity=2)

        assert promoted == []
        assert [(person.seat, person.was_promoted) for person in people] == [(1, False), (2, False)]

    def test_all_who_wait_come_in_where_nobody_counts_any_more(self, session: Session) -> None:
        found = meeting(session, capacity=1)
        _first, second = [join(session, found) for _ in range(2)]

        assert write(session, found, capacity=None) == [second]
        assert second.was_promoted
        assert second.state is AttendeeState.REGISTERED


class TestChange:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (Kind.CONFIRM, MeetingStatus.CONFIRMED),
            (Kind.MOVE, MeetingStatus.TENTATIVE),
            (Kind.PLACE, MeetingStatus.TENTATIVE),
            (Kind.POSTPONE, MeetingStatus.POSTPONED),
            (Kind.RESCHEDULE, MeetingStatus.RESCHEDULED),
            (Kind.CANCEL, MeetingStatus.CANCELLED),
        ],
    )
    def test_each_is_written_down_counted_and_told(
        self, session: Session, kind: Kind, status: MeetingStatus
    ) -> None:
        found = meeting(session, is_tentative=True)
        service.post_notice(session, found, actor=None, now=NOW - DAY)

        row = change(session, found, kind)

        assert found.status(NOW) is status
        assert (found.sequence, found.changed_at, found.changes) == (1, NOW, [row])
        assert (row.old_starts_at, row.reason) == (SOON, WHY)
        assert (row.new_starts_at is not None) is (kind in (Kind.MOVE, Kind.RESCHEDULE))
        if kind in (Kind.MOVE, Kind.RESCHEDULE, Kind.PLACE):
            assert notices(session, found)[1:] == [found.starts_at]

    @pytest.mark.parametrize("reason", [Localised("Only English", ""), Localised("", "Solo")])
    def test_none_happens_without_a_reason_in_both_languages(
        self, session: Session, reason: Localised
    ) -> None:
        found = meeting(session, is_tentative=True)

        for kind in Kind:
            with pytest.raises(service.NoReason):
                change(session, found, kind, reason)

        assert (found.sequence, found.changes) == (0, [])

    @pytest.mark.parametrize(
        "fields",
        [{"published_at": None}, {"cancelled_at": NOW - HOUR}, {"starts_at": NOW - DAY}],
        ids=["draft", "cancelled", "over"],
    )
    def test_a_draft_and_what_is_over_or_cancelled_cannot_be_changed(
        self, session: Session, fields: dict[str, Any]
    ) -> None:
        found = meeting(session, is_tentative=True, **fields)

        assert service.possible_changes(found, NOW) == []
        for kind in Kind:
            with pytest.raises(service.WrongMeetingState):
                change(session, found, kind)

    def test_only_a_new_date_or_the_end_follows_on_a_postponement(self, session: Session) -> None:
        found = meeting(session, starts_at=NOW - DAY, postponed_at=NOW - 2 * DAY, is_tentative=True)

        assert service.possible_changes(found, NOW) == [Kind.RESCHEDULE, Kind.CANCEL]
        change(session, found, Kind.RESCHEDULE)
        assert (found.status(NOW), found.original_starts_at) == (MeetingStatus.RESCHEDULED, NOW - DAY)

    def test_what_is_certain_is_not_confirmed_again(self, session: Session) -> None:
        with pytest.raises(service.WrongMeetingState):
            change(session, meeting(session), Kind.CONFIRM)

    def test_the_first_date_ever_announced_stands_through_every_change(self, session: Session) -> None:
        found = meeting(session)
        change(session, found, Kind.MOVE)
        change(session, found, Kind.POSTPONE)
        change(session, found, Kind.RESCHEDULE)
        service.reschedule_meeting(
            session, found, starts_at=SOON + 14 * DAY, ends_at=None, reason=WHY, actor=None, now=NOW
        )

        assert found.original_starts_at == SOON
        assert [row.old_starts_at for row in found.changes] == [
            SOON,
            SOON + HOUR,
            SOON + HOUR,
            SOON + 7 * DAY,
        ]
        assert (found.sequence, found.postponed_at) == (4, None)

    def test_hours_move_within_the_day_of_the_place(self, session: Session) -> None:
        # 20:00 in New York is the next day in UTC: what counts is the calendar on the wall.
        evening = (NOW + 20 * DAY).replace(hour=0, minute=30, second=0, microsecond=0)
        found = meeting(session, starts_at=evening)

        service.move_meeting(
            session, found, starts_at=evening - HOUR, ends_at=None, reason=WHY, actor=None, now=NOW
        )
        with pytest.raises(service.BadStart):
            service.move_meeting(
                session, found, starts_at=evening + 6 * HOUR, ends_at=None, reason=WHY, actor=None, now=NOW
            )

    @pytest.mark.parametrize("starts_at", [NOW, NOW - HOUR])
    def test_a_new_time_lies_ahead(self, session: Session, starts_at: datetime) -> None:
        with pytest.raises(service.BadStart):
            service.reschedule_meeting(
                session, meeting(session), starts_at=starts_at, ends_at=None, reason=WHY, actor=None, now=NOW
            )

    def test_a_change_changes_something(self, session: Session) -> None:
        found = meeting(session)
        here = service.Place(**{name: getattr(found, name) for name in service.Place.__dataclass_fields__})

        with pytest.raises(service.Unchanged):
            service.change_place(session, found, place=here, reason=WHY, actor=None, now=NOW)
        for move in (service.move_meeting, service.reschedule_meeting):
            with pytest.raises(service.Unchanged):
                move(
                    session, found, starts_at=SOON, ends_at=found.ends_at, reason=WHY, actor=None, now=NOW
                )  # fmt: skip

    def test_nobody_is_sent_nowhere(self, session: Session) -> None:
        nowhere = replace(ELSEWHERE, place_name=None)

        with pytest.raises(service.NotFinished):
            service.change_place(session, meeting(session), place=nowhere, reason=WHY, actor=None, now=NOW)

    def test_the_old_place_is_told_and_a_hidden_link_never(self, session: Session) -> None:
        shown, hidden = meeting(session), meeting(session, join_is_public=False)

        assert change(session, shown, Kind.PLACE).old_place == Localised(
            "In person and online, Town Hall, 1 Main Street, https://meet.example.org/room",
            "En persona y en línea, Town Hall (es), 1 Main Street, https://meet.example.org/room",
        )
        told = change(session, hidden, Kind.PLACE).old_place
        assert told is not None
        assert "meet.example.org" not in told.en + told.es

    @pytest.mark.parametrize("kind", [Kind.MOVE, Kind.PLACE, Kind.RESCHEDULE, Kind.POSTPONE, Kind.CANCEL])
    def test_shows_nothing_of_an_agenda_that_no_clerk_has_posted(self, session: Session, kind: Kind) -> None:
        found = meeting(session)
        first, second = (
            makers.agenda_item(session, found, title=both(title)) for title in ("Budget", "Roads")
        )
        posted = service.post_agenda(session, found, actor=None, now=NOW - DAY)
        makers.agenda_item(session, found, title=both("What no clerk has read"))
        agenda.change_item(session, first, agenda.ItemDraft(both("Budget"), both("Hostile words")))
        agenda.move_item(session, second, by=-1)
        file = agenda.add_file(
            session,
            found,
            item=second,
            kind=FileKindName.AGENDA,
            title=both("Hostile file"),
            source="https://example.org/hostile",
            now=NOW - DAY,
        )

        change(session, found, kind)

        assert posted is not None
        assert file in second.files
        last = [one for one in found.notices if one.kind is NoticeKind.AGENDA][-1]
        before, now = json.loads(posted.content), json.loads(last.content)
        assert now == before | {"starts_at": found.starts_at.astimezone(UTC).isoformat()}
        assert last.starts_at == found.starts_at

    def test_posts_no_agenda_where_none_was_posted(self, session: Session) -> None:
        found = meeting(session)
        makers.agenda_item(session, found)

        change(session, found, Kind.MOVE)

        assert notices(session, found, NoticeKind.AGENDA) == []

    def test_the_log_of_changes_cannot_be_rewritten(self, session: Session) -> None:
        row = change(session, meeting(session), Kind.CANCEL)
        session.commit()

        with pytest.raises(sa.exc.DBAPIError):
            session.execute(sa.delete(MeetingChange).where(MeetingChange.id == row.id))
        session.rollback()

    def test_who_changed_it_is_kept(self, session: Session) -> None:
        clerk = makers.user(session, RoleName.CLERK)
        row = service.cancel_meeting(session, meeting(session), reason=WHY, actor=clerk, now=NOW)

        assert row.actor is clerk


class TestTwoAtOnce:
    def together(self, app: Flask, *acts: Callable[[Session], object]) -> list[str]:
        """Do all at the same moment, each in a transaction of its own; returns what they ended with."""
        barrier = threading.Barrier(len(acts))

        def run(act: Callable[[Session], object]) -> str:
            with app.app_context():
                barrier.wait(10)
                try:
                    with write_transaction() as session:
                        act(session)
                except RuleBroken as error:
                    return type(error).__name__
            return "done"

        with ThreadPoolExecutor(len(acts)) as pool:
            return sorted(pool.map(run, acts))

    def test_one_of_two_clerks_cancels_and_the_other_is_told(self, app: Flask, session: Session) -> None:
        found = meeting(session)
        session.commit()

        def cancel(own: Session) -> None:
            service.cancel_meeting(own, own.get_one(Meeting, found.id), reason=WHY, actor=None, now=NOW)

        assert self.together(app, cancel, cancel) == ["WrongMeetingState", "done"]
        session.expire_all()
        assert (found.sequence, len(found.changes)) == (1, 1)

    def test_fewer_places_and_new_registrations_never_give_away_a_place_too_many(
        self, app: Flask, session: Session
    ) -> None:
        found = meeting(session, capacity=6)
        for _ in range(3):
            join(session, found)
        session.commit()

        def shrink(own: Session) -> None:
            write(own, own.get_one(Meeting, found.id), capacity=4)

        def enter(own: Session) -> None:
            join(own, own.get_one(Meeting, found.id))

        self.together(app, enter, shrink, enter, enter)
        session.expire_all()
        seats = session.scalars(sa.select(Attendee.seat).where(Attendee.seat.is_not(None))).all()
        assert found.capacity is not None
        assert len(seats) == len(set(seats)) <= found.capacity
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 6
