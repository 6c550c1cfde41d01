"""The line of a meeting: who has a place, who waits, who is next."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.meetings import attendee_queries, queries, service
from engage.meetings.models import (
    Attendee,
    AttendeeState,
    Format,
    Meeting,
    Mode,
    SpeakerRequest,
    SpeakerState,
)
from engage.meetings.service.attend import promote
from tests.support import makers

Join = Callable[..., Attendee]
WAITS, IN = AttendeeState.WAITLISTED, AttendeeState.REGISTERED


def join(session: Session, meeting: Meeting, mode: Mode = Mode.IN_PERSON, **fields: object) -> Attendee:
    """One person more in the line."""
    values = {"wants_place": True, "mode": mode, "language": "en", "now": utcnow()} | fields
    return service.join_meeting(session, meeting=meeting, **values).attendee  # type: ignore[arg-type]


def states(session: Session, meeting: Meeting) -> list[AttendeeState]:
    """Where everybody stands who has not cancelled, in the order of the line."""
    session.expire_all()
    return [attendee.state for attendee in session.scalars(attendee_queries.attendees(meeting))]


class TestJoining:
    def test_gives_places_until_there_are_none_and_then_lets_people_wait_in_order(
        self, session: Session
    ) -> None:
        meeting = makers.meeting(session, capacity=2)

        line = [join(session, meeting) for _ in range(4)]

        assert [each.state for each in line] == [IN, IN, WAITS, WAITS]
        assert [each.number for each in line] == [1, 2, 3, 4]
        assert [attendee_queries.waiting_before(session, each) for each in line[2:]] == [0, 1]
        assert not any(each.was_promoted for each in line)

    def test_counts_nobody_where_the_room_has_no_number(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=None)

        assert [join(session, meeting).state for _ in range(3)] == [IN] * 3

    def test_from_elsewhere_takes_no_place(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        join(session, meeting, Mode.REMOTE)

        assert join(session, meeting).state is IN

    def test_is_closed_from_the_cut_off_on(self, session: Session) -> None:
        meeting = makers.meeting(session, registration_minutes=60)
        cut_off = meeting.starts_at - timedelta(minutes=60)

        assert join(session, meeting, now=cut_off - timedelta(seconds=1)).state is IN
        with pytest.raises(service.AttendanceClosed):
            join(session, meeting, now=cut_off)

    def test_in_a_way_that_the_meeting_does_not_have_is_refused(self, session: Session) -> None:
        online = makers.meeting(session, format=Format.ONLINE)
        in_a_room = makers.meeting(session, format=Format.IN_PERSON)

        with pytest.raises(service.AttendanceClosed):
            join(session, online, Mode.IN_PERSON)
        with pytest.raises(service.AttendanceClosed):
            join(session, in_a_room, Mode.REMOTE)

    def test_with_the_key_of_another_meeting_registers_nobody(self, session: Session) -> None:
        first, second = makers.meeting(session), makers.meeting(session)
        join(session, first, client_token="a" * 64)

        with pytest.raises(service.AlreadyJoined):
            join(session, second, client_token="a" * 64)

    def test_opens_a_page_by_a_code_that_the_database_does_not_hold(self, session: Session) -> None:
        meeting = makers.meeting(session)

        joined = service.join_meeting(
            session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=utcnow()
        )

        assert queries.get_attendee(session, joined.code, utcnow()) is joined.attendee
        assert joined.code not in repr(session.execute(sa.select(Attendee.__table__)).all())


class TestLeaving:
    def test_gives_the_place_to_whoever_has_waited_longest(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=2)
        first, second, third, fourth = (join(session, meeting) for _ in range(4))

        promoted = service.cancel_attendance(session, first, utcnow())

        assert promoted == [third]
        assert third.was_promoted
        assert (second.state, third.state, fourth.state) == (IN, IN, WAITS)

    def test_twice_gives_one_place(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        first, second, third = (join(session, meeting) for _ in range(3))
        service.cancel_attendance(session, first, utcnow())

        assert service.cancel_attendance(session, first, utcnow()) == []
        assert (second.state, third.state) == (IN, WAITS)

    def test_takes_a_wish_to_speak_back(self, session: Session) -> None:
        meeting = makers.meeting(session)
        attendee = join(session, meeting)
        wish = SpeakerRequest(meeting=meeting, attendee=attendee, number=1, sealed_name=b"sealed")
        session.add(wish)
        session.flush()

        service.cancel_attendance(session, attendee, utcnow())

        session.refresh(wish)
        assert (wish.state, wish.sealed_name) == (SpeakerState.CANCELLED, None)


class TestAttendingOtherwise:
    def test_gives_the_place_to_the_next(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        first, second = join(session, meeting), join(session, meeting)

        promoted = service.change_attendance(session, first, wants_place=True, mode=Mode.REMOTE, now=utcnow())

        assert promoted == [second]
        assert (first.state, first.seat) == (IN, None)

    def test_back_into_a_full_room_is_behind_those_who_wait(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        first, second, third = (join(session, meeting) for _ in range(3))
        service.change_attendance(session, first, wants_place=True, mode=Mode.REMOTE, now=utcnow())
        service.change_attendance(session, first, wants_place=True, mode=Mode.IN_PERSON, now=utcnow())

        assert (first.state, attendee_queries.waiting_before(session, first)) == (WAITS, 1)
        assert service.cancel_attendance(session, second, utcnow()) == [third]

    def test_to_a_free_place_keeps_the_number(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=2)
        first = join(session, meeting, Mode.REMOTE)
        join(session, meeting)

        service.change_attendance(session, first, wants_place=True, mode=Mode.IN_PERSON, now=utcnow())

        assert (first.state, first.number, first.was_promoted) == (IN, 1, False)


class TestChangingTheRoom:
    def test_to_a_larger_one_promotes_as_many_as_it_can(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        for _ in range(4):
            join(session, meeting)

        assert len(service.change_capacity(session, meeting, 3)) == 2
        assert states(session, meeting) == [IN, IN, IN, WAITS]

    def test_to_a_smaller_one_takes_no_place_away(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=3)
        first, _second, third, fourth = (join(session, meeting) for _ in range(4))

        with pytest.raises(service.TooFewPlaces):
            service.change_capacity(session, meeting, 2)
        assert states(session, meeting) == [IN, IN, IN, WAITS]

        service.cancel_attendance(session, fourth, utcnow())
        service.cancel_attendance(session, first, utcnow())
        assert service.change_capacity(session, meeting, 2) == []
        assert (third.state, third.seat) == (IN, 3)
        assert join(session, meeting).state is WAITS

    def test_to_a_counted_one_keeps_everybody_who_had_registered(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=None)
        for _ in range(3):
            join(session, meeting)

        with pytest.raises(service.TooFewPlaces):
            service.change_capacity(session, meeting, 2)
        service.change_capacity(session, meeting, 3)

        assert states(session, meeting) == [IN] * 3
        assert join(session, meeting).state is WAITS

    def test_to_an_uncounted_one_lets_everybody_in(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        _first, second = join(session, meeting), join(session, meeting)

        assert service.change_capacity(session, meeting, None) == [second]
        assert states(session, meeting) == [IN] * 2


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_and_staff_do_no_place_is_given_twice_nor_left_free_while_somebody_waits(
    session: Session, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same steps at every run, nothing secret
    capacity = chance.choice([1, 2, 4])
    meeting = makers.meeting(session, capacity=capacity)
    everybody: list[Attendee] = []
    largest = capacity

    def leave() -> None:
        service.cancel_attendance(session, chance.choice(everybody), utcnow())

    def move() -> None:
        attendee = chance.choice(everybody)
        if attendee.cancelled_on is None:
            mode, wants = chance.choice(list(Mode)), chance.random() < 0.9
            service.change_attendance(session, attendee, wants_place=wants, mode=mode, now=utcnow())

    def rebuild() -> None:
        nonlocal largest
        places = chance.randint(1, 8)
        with suppress(service.TooFewPlaces):
            service.change_capacity(session, meeting, places)
            largest = max(largest, places)

    for _step in range(40):
        if everybody and chance.random() < 0.5:
            chance.choice([leave, move, rebuild])()
        else:
            everybody.append(
                join(session, meeting, chance.choice([Mode.IN_PERSON, Mode.IN_PERSON, Mode.REMOTE]))
            )
        session.expire_all()
        line = session.scalars(attendee_queries.attendees(meeting)).all()
        seats = [each.seat for each in line if each.seat is not None]
        waiting = [each for each in line if each.state is WAITS]
        assert len(seats) == len(set(seats)) <= largest
        assert meeting.capacity is not None
        if waiting:
            assert len(seats) >= meeting.capacity
        assert promote(session, meeting) == []


def test_two_hundred_at_once_for_the_last_five_places(app: Flask, session: Session) -> None:
    """Case 20: with connections of their own, on both databases."""
    meeting = makers.meeting(session, capacity=25)
    for _ in range(20):
        join(session, meeting)
    session.commit()
    meeting_id = meeting.id

    def register(_number: int) -> tuple[int, int]:
        with app.app_context(), write_transaction() as mine:
            joined = join(mine, mine.get_one(Meeting, meeting_id))
            return joined.number, attendee_queries.waiting_before(mine, joined)

    with ThreadPoolExecutor(32) as pool:
        told = sorted(pool.map(register, range(200)))

    session.expire_all()
    line = session.scalars(attendee_queries.attendees(meeting)).all()
    assert [each.number for each in line] == list(range(1, 221))
    assert [each.state for each in line] == [IN] * 25 + [WAITS] * 195
    assert sorted(each.seat for each in line[:25] if each.seat) == list(range(1, 26))
    # What each was told when they registered is their place in the line.
    assert [before for _number, before in told[5:]] == list(range(195))
