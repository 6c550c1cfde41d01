"""Who wants to come to a meeting, and what they need there. Nothing here says who somebody is."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.contacts.models import Contact
from engage.db.base import Base, BigId, random_id
from engage.db.types import Localised, text_enum
from engage.meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from engage.meetings.models.speaker import SpeakerRequest


class Mode(StrEnum):
    """How somebody attends or speaks."""

    IN_PERSON = "in_person"
    REMOTE = "remote"


class AttendeeState(StrEnum):
    """Where a registration stands; derived, never stored."""

    NOT_ASKED = "not_asked"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Attendee(Base):
    """One person's business with one meeting: a place, a need, a wish to speak, or several of them.

    The holder of a random code sees and changes it; ``code_index`` is a keyed hash of the code. ``number``
    counts the attendees of a meeting in the order of the line, and no row says when anybody joined it.
    ``wants_place``: asked to be registered. ``seat`` is a place in the room, from 1 on: the database lets
    nobody have the same. Who wants a place in person where places are counted, and has no seat, waits.
    ``was_promoted``: had waited. ``sealed_name`` is what to call the person at the door, encrypted, if they
    gave it; ``contact_id`` their address, if they left it to be told. Both go after the meeting: see the
    retention schedule. ``client_token`` is the idempotency key of the form. ``language`` is that of the
    mails.

    Only where there is an address: ``told_change_id`` is the last change of the meeting that they know of,
    and ``reminded_of`` the start for which they were reminded, or registered too late to need it.
    """

    __tablename__ = "attendee"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "number"),
        sa.UniqueConstraint("meeting_id", "seat"),
        sa.CheckConstraint("seat >= 1", name="seat_is_positive"),
        sa.CheckConstraint("cancelled_on IS NULL OR seat IS NULL", name="cancelled_frees_the_seat"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    code_index: Mapped[str] = mapped_column(sa.String(64), unique=True)
    client_token: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    number: Mapped[int]
    wants_place: Mapped[bool] = mapped_column(default=True)
    mode: Mapped[Mode] = mapped_column(text_enum(Mode, "mode"), default=Mode.IN_PERSON)
    seat: Mapped[int | None]
    was_promoted: Mapped[bool] = mapped_column(default=False)
    cancelled_on: Mapped[date | None]
    has_come: Mapped[bool] = mapped_column(default=False)
    sealed_name: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    contact_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    language: Mapped[str] = mapped_column(sa.String(2))
    told_change_id: Mapped[int | None]
    reminded_of: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()
    contact: Mapped[Contact | None] = relationship()
    accommodations: Mapped[list[AccommodationRequest]] = relationship(
        back_populates="attendee", cascade="all, delete-orphan", passive_deletes=True
    )
    wishes: Mapped[list[SpeakerRequest]] = relationship(viewonly=True, order_by="SpeakerRequest.number")

    @property
    def is_speaking_from(self) -> set[Mode]:
        """From where this person wants to speak and has not spoken yet; empty for who does not."""
        return {wish.mode for wish in self.wishes if wish.is_open}

    @property
    def state(self) -> AttendeeState:
        """Where the registration stands. Needs the meeting."""
        if self.cancelled_on is not None:
            return AttendeeState.CANCELLED
        if not self.wants_place:
            return AttendeeState.NOT_ASKED
        is_counted = self.mode is Mode.IN_PERSON and self.meeting.capacity is not None
        return AttendeeState.WAITLISTED if is_counted and self.seat is None else AttendeeState.REGISTERED


class AccommodationKind(StrEnum):
    """What somebody needs in order to take part."""

    SIGN_LANGUAGE = "sign_language"
    INTERPRETER = "interpreter"
    CAPTIONS = "captions"
    WHEELCHAIR = "wheelchair"
    LARGE_PRINT = "large_print"
    HEARING_LOOP = "hearing_loop"
    CHILDCARE = "childcare"
    QUIET_SPACE = "quiet_space"
    OTHER = "other"


class AccommodationState(StrEnum):
    """What became of a request."""

    REQUESTED = "requested"
    ARRANGED = "arranged"
    NOT_POSSIBLE = "not_possible"
    WITHDRAWN = "withdrawn"


class AccommodationRequest(Base):
    """One need for one meeting. ``sealed_details`` is what was written about it, encrypted.

    ``spoken`` is the language to interpret (ISO 639-1), only for an interpreter. ``due_on`` is the day by
    which staff answer; ``is_late``: asked for after the day up to which it can be promised. ``answer`` is
    what the requester is told.
    """

    __tablename__ = "accommodation_request"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'interpreter') = (spoken IS NOT NULL)", name="interpreter_has_a_language"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    attendee_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("attendee.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AccommodationKind] = mapped_column(text_enum(AccommodationKind, "kind"))
    spoken: Mapped[str | None] = mapped_column(sa.String(8))
    sealed_details: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[AccommodationState] = mapped_column(
        text_enum(AccommodationState, "state"), default=AccommodationState.REQUESTED
    )
    due_on: Mapped[date]
    is_late: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[Localised | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    attendee: Mapped[Attendee] = relationship(back_populates="accommodations")
    decided_by: Mapped[User | None] = relationship()
