"""What those who left an address are told: each thing once, and nothing that gives them away."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.models import Contact, Purpose
from engage.contacts.service import address_of, keep_address
from engage.db.types import Localised
from engage.mail.parts import tell_refused
from engage.meetings import service
from engage.meetings.codes import code_of
from engage.meetings.models import Attendee, Meeting, MeetingChange, MeetingChangeKind, Mode
from engage.meetings.service import mail as mail_service
from engage.meetings.service import tell
from tests.meetings.conftest import Mails
from tests.support import makers

Register = Callable[..., Attendee]


@pytest.fixture
def register(session: Session) -> Register:
    """Register somebody for a meeting who leaves an address."""

    def register(meeting: Meeting, address: str | None = "ana@example.org", **fields: Any) -> Attendee:
        values = {"language": "en", "client_token": None, "now": utcnow()} | fields
        mode = values.pop("mode", Mode.IN_PERSON)
        joined = service.register(
            session,
            meeting=meeting,
            registration=service.Registration(mode, address=address),
            **values,
        )
        session.commit()
        return joined.attendee

    return register


def change(
    session: Session, meeting: Meeting, kind: MeetingChangeKind, new: datetime | None = None
) -> MeetingChange:
    """Write a change down, as the clerk's page does."""
    row = MeetingChange(
        meeting_id=meeting.id,
        kind=kind,
        happened_at=utcnow(),
        old_starts_at=meeting.starts_at,
        new_starts_at=new,
        reason=Localised(en="The hall is flooded.", es="El salón está inundado."),
    )
    session.add(row)
    if new:
        meeting.starts_at, meeting.ends_at = new, new + timedelta(hours=2)
    session.commit()
    return row


def near(session: Session, hours: float = 20, **fields: Any) -> Meeting:
    """A meeting within the day before which people are reminded."""
    meeting = makers.meeting(
        session, starts_at=(utcnow() + timedelta(hours=hours)).replace(microsecond=0), **fields
    )
    session.commit()
    return meeting


def early(session: Session, attendee: Attendee) -> Attendee:
    """As if somebody had registered days before."""
    attendee.reminded_of = None
    session.commit()
    return attendee


class TestConfirmation:
    def test_says_when_where_and_how_in_itself(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(
            session,
            capacity=5,
            starts_at=datetime.fromisoformat("2030-06-11T22:00:00+00:00"),
            join_phone="+1 404 555 0100, code 77",
        )
        attendee = register(meeting)

        (sent,) = mails()

        assert sent.recipient == "ana@example.org"
        for said in (
            "You are registered to come in person.",
            "Tuesday, June 11, 2030, 6:00\u202fPM (EDT)",
            "Town Hall, 1 Main Street",
            "https://meet.example.org/room",
            "+1 404 555 0100",
            f"http://localhost/en/meetings/attending/{code_of(attendee.id)}\n",
            f"http://localhost/en/meetings/attending/{code_of(attendee.id)}/cancel",
            "Your number at the door: 1",
        ):
            assert said in sent.body.replace(" PM", "\u202fPM"), said

    def test_speaks_the_language_of_the_form(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        register(makers.meeting(session), language="es")

        (sent,) = mails()

        assert "/es/meetings/attending/" in sent.body
        assert "Town Hall (es)" in sent.body
        assert "Begins" not in sent.body

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_names_no_topic_and_nobody(
        self, session: Session, register: Register, mails: Mails, language: str
    ) -> None:
        """Case 12."""
        meeting = makers.meeting(session, slug="secret-slug", title=makers.both("Secret topic"))
        register(meeting, language=language)

        (sent,) = mails()

        text = (sent.subject + sent.body).casefold()
        assert not re.search(r"secret|287|immigra|ana@", text)

    def test_keeps_the_way_in_from_who_waits_where_it_is_not_public(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session, capacity=1, join_is_public=False)
        register(meeting)
        register(meeting, "luis@example.org")

        first, second = mails()

        assert "meet.example.org" in first.body
        assert "meet.example.org" not in second.body
        assert "waiting list" in second.body


class TestPromotion:
    def test_is_told_once_to_whoever_got_the_place(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session, capacity=1)
        first = register(meeting, None)
        register(meeting)
        register(meeting, "luis@example.org")
        mails()

        service.cancel_attendance(session, first, utcnow())
        session.commit()

        assert [(sent.recipient, "it is yours" in sent.body) for sent in mails()] == [
            ("ana@example.org", True)
        ]
        assert mails() == []

    def test_happens_by_itself_where_somebody_made_the_room_larger(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session, capacity=1)
        register(meeting, None)
        register(meeting)
        mails()
        meeting.capacity = 2
        session.commit()

        assert [sent.recipient for sent in mails()] == ["ana@example.org"]


class TestChanges:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_cancelled_meeting_is_told_once_with_its_reason(
        self, session: Session, register: Register, mails: Mails, language: str
    ) -> None:
        meeting = makers.meeting(session)
        register(meeting, language=language)
        mails()
        meeting.cancelled_at = utcnow()
        change(session, meeting, MeetingChangeKind.CANCEL)

        (sent,) = mails()

        assert ("The hall is flooded." if language == "en" else "El salón está inundado.") in sent.body
        assert "meet.example.org" not in sent.body
        assert mails() == []

    def test_each_change_is_told_and_what_was_before_somebody_registered_is_not(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        change(session, meeting, MeetingChangeKind.PLACE)
        register(meeting)
        assert len(mails()) == 1
        change(session, meeting, MeetingChangeKind.CONFIRM)
        change(session, meeting, MeetingChangeKind.PLACE)
        change(session, meeting, MeetingChangeKind.MOVE, meeting.starts_at + timedelta(hours=1))

        sent = mails()

        assert [re.findall(r"elsewhere|another time", each.body) for each in sent] == [
            ["elsewhere"],
            ["another time"],
        ]

    def test_what_the_next_change_made_untrue_before_anybody_was_told_is_not_told(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        register(meeting)
        mails()
        change(session, meeting, MeetingChangeKind.PLACE)
        change(session, meeting, MeetingChangeKind.POSTPONE)
        change(session, meeting, MeetingChangeKind.RESCHEDULE, meeting.starts_at + timedelta(days=7))

        sent = mails()

        said = [re.findall(r"elsewhere|postponed|new date", each.body) for each in sent]
        assert (said, mails()) == ([["elsewhere"], ["new date"]], [])

    def test_of_what_is_called_off_nothing_else_is_told(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        register(meeting)
        mails()
        change(session, meeting, MeetingChangeKind.MOVE, meeting.starts_at + timedelta(hours=1))
        change(session, meeting, MeetingChangeKind.PLACE)
        change(session, meeting, MeetingChangeKind.CANCEL)

        sent = mails()

        assert [re.findall(r"elsewhere|another time|is cancelled", each.body) for each in sent] == [
            ["is cancelled"]
        ]

    def test_a_new_date_lets_the_address_stay_as_long_as_it_is_needed(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        register(meeting)
        change(session, meeting, MeetingChangeKind.RESCHEDULE, meeting.starts_at + timedelta(days=90))

        mails()

        session.expire_all()
        contact = session.scalars(sa.select(Contact)).one()
        assert contact.purge_after == mail_service.keep_day(meeting)

    def test_nothing_is_written_to_who_has_cancelled_or_wants_no_mail(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        service.cancel_attendance(session, register(meeting), utcnow())
        service.forget_address(session, register(meeting, "luis@example.org"))
        session.commit()
        mails()
        change(session, meeting, MeetingChangeKind.PLACE)

        assert mails() == []


class TestReminder:
    def test_comes_once_a_day_before_with_all_that_is_needed(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        """Cases 14 and 15 of mails: M8."""
        attendee = register(near(session))
        (confirmed,) = mails()
        assert "reminds" not in confirmed.body
        early(session, attendee)

        (sent,) = mails()

        assert "This reminds you, once" in sent.body
        for said in ("Town Hall, 1 Main Street", "https://meet.example.org/room", "(E", "/cancel"):
            assert said in sent.body
        assert mails() == []

    @pytest.mark.parametrize(("hours", "count"), [(24.5, 0), (23.5, 1), (0.1, 1), (-0.1, 0)])
    def test_comes_in_the_last_day_before_the_start(
        self, session: Session, register: Register, mails: Mails, hours: float, count: int
    ) -> None:
        meeting = near(session)
        early(session, register(meeting))
        mails_before = len(mails())
        assert mails_before == 2
        attendee = session.scalars(sa.select(Attendee)).one()
        meeting.starts_at = utcnow() + timedelta(hours=hours)
        meeting.ends_at = meeting.starts_at + timedelta(hours=2)
        early(session, attendee)

        assert len(mails()) == count

    @pytest.mark.parametrize("fact", ["postponed_at", "cancelled_at"])
    def test_of_a_meeting_that_does_not_take_place_is_not_sent(
        self, session: Session, register: Register, mails: Mails, fact: str
    ) -> None:
        meeting = near(session)
        early(session, register(meeting))
        setattr(meeting, fact, utcnow())
        session.commit()

        assert [sent for sent in mails() if "reminds" in sent.body] == []

    def test_of_a_new_date_is_a_new_one(
        self, session: Session, register: Register, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting = near(session, 20)
        early(session, register(meeting))
        assert sum("reminds" in sent.body for sent in mails()) == 1
        change(session, meeting, MeetingChangeKind.RESCHEDULE, meeting.starts_at + timedelta(hours=48))
        (told,) = mails()
        assert "reminds" not in told.body

        later = meeting.starts_at - timedelta(hours=23)
        monkeypatch.setattr(tell, "utcnow", lambda: later)
        assert sum("reminds" in sent.body for sent in mails()) == 1
        assert mails() == []

    @pytest.mark.parametrize("kind", [MeetingChangeKind.MOVE, MeetingChangeKind.PLACE])
    @pytest.mark.parametrize("hours", [20, 40])
    def test_is_not_sent_where_a_mail_about_a_change_has_said_the_same_within_a_day(
        self,
        session: Session,
        register: Register,
        mails: Mails,
        monkeypatch: pytest.MonkeyPatch,
        kind: MeetingChangeKind,
        hours: int,
    ) -> None:
        meeting = near(session, hours)
        attendee = early(session, register(meeting))
        is_move = kind is MeetingChangeKind.MOVE
        change(session, meeting, kind, meeting.starts_at + timedelta(hours=1) if is_move else None)

        _joined, told = mails()
        later = meeting.starts_at - timedelta(hours=1)
        monkeypatch.setattr(tell, "utcnow", lambda: later)

        assert "The hall is flooded." in told.body
        assert mails() == []
        assert attendee.reminded_of == meeting.starts_at

    def test_is_sent_where_the_change_was_told_of_days_before(
        self, session: Session, register: Register, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting = near(session, 60)
        register(meeting)
        change(session, meeting, MeetingChangeKind.PLACE)
        mails()

        later = meeting.starts_at - timedelta(hours=23)
        monkeypatch.setattr(tell, "utcnow", lambda: later)

        assert sum("reminds" in sent.body for sent in mails()) == 1

    def test_by_many_workers_is_one_for_each(
        self, app: Flask, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = near(session)
        for number in range(30):
            early(session, register(meeting, f"person{number}@example.org"))

        def work(_number: int) -> None:
            with app.app_context():
                tell.tell_attendees()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))

        reminded = [sent.recipient for sent in mails() if "reminds" in sent.body]
        assert sorted(reminded) == sorted(f"person{number}@example.org" for number in range(30))

    def test_by_a_worker_that_dies_leaves_nobody_out_and_reminds_nobody_twice(
        self, session: Session, register: Register, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting = near(session)
        for number in range(4):
            early(session, register(meeting, f"person{number}@example.org"))
        original, calls = mail_service.write_to, []
        monkeypatch.setattr(tell, "_PAGE", 2)

        def die_at_the_third(*given: Any) -> bool:
            calls.append(given)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return original(*given)

        with monkeypatch.context() as patch:
            patch.setattr(tell, "write_to", die_at_the_third)
            with pytest.raises(KeyboardInterrupt):
                tell.tell_attendees()

        reminded = [sent.recipient for sent in mails() if "reminds" in sent.body]
        assert sorted(reminded) == [f"person{number}@example.org" for number in range(4)]

    def test_that_cannot_be_addressed_keeps_nobody_else_from_theirs(
        self, session: Session, register: Register, mails: Mails
    ) -> None:
        meeting = near(session)
        broken = early(session, register(meeting))
        early(session, register(meeting, "luis@example.org"))
        assert broken.contact is not None
        broken.contact.sealed = b"another key"
        session.commit()

        assert [sent.recipient for sent in mails() if "reminds" in sent.body] == ["luis@example.org"]


def test_an_address_that_takes_no_mail_is_forgotten_and_no_other(
    session: Session, register: Register
) -> None:
    meeting = makers.meeting(session)
    gone, stays = register(meeting), register(meeting, "luis@example.org")
    keep_address(session, purpose=Purpose.FOLLOW, address="ana@example.org", purge_after=utcnow().date())
    session.commit()

    tell_refused(session, "ana@example.org")
    session.commit()

    session.expire_all()
    assert gone.contact is None
    assert stays.contact is not None
    assert address_of(stays.contact) == "luis@example.org"
    assert session.scalars(sa.select(Contact.purpose).order_by(Contact.purpose)).all() == [
        Purpose.FOLLOW,
        Purpose.MEETING,
    ]


def test_who_left_their_address_is_in_no_key_of_the_outbox(
    session: Session, register: Register, mails: Mails
) -> None:
    attendee = register(makers.meeting(session))
    mails()

    keys = session.scalars(sa.text("SELECT event_key FROM outbox_message")).all()

    assert len(keys) == 1
    assert "ana" not in keys[0]
    assert str(attendee.id) not in keys[0]
    assert code_of(attendee.id) not in keys[0]
