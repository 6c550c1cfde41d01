"""A meeting: where and when people come together about a docket, and what has become of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.comments.models import CommentPeriod
from engage.db.base import Base
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket

if TYPE_CHECKING:
    from engage.meetings.models.after import MinutesVersion
    from engage.meetings.models.agenda import AgendaItem, MeetingFile
    from engage.meetings.models.notice import MeetingNotice
    from engage.meetings.models.series import MeetingSeries

LASTS_WITHOUT_END = timedelta(hours=2)
"""How long a meeting without a stated end is taken to last."""


class MeetingKind(StrEnum):
    """What sort of meeting it is: the rule of its notice goes by it."""

    REGULAR = "regular"
    SPECIAL = "special"
    EMERGENCY = "emergency"
    COMMUNITY_FORUM = "community_forum"
    STEERING_COMMITTEE = "steering_committee"
    HEARING = "hearing"
    TOWN_HALL = "town_hall"
    WORKSHOP = "workshop"
    OFFICE_HOURS = "office_hours"


class Format(StrEnum):
    """Where people attend."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class MeetingStatus(StrEnum):
    """Where a meeting stands at an instant; derived, never stored."""

    DRAFT = "draft"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    PASSED = "passed"


class MeetingChangeKind(StrEnum):
    """What was changed of a meeting that residents have seen."""

    CONFIRM = "confirm"
    MOVE = "move"
    PLACE = "place"
    POSTPONE = "postpone"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


class Meeting(Base):
    """One meeting, on one day, in one place or online or both.

    ``slug`` stands in addresses, ``uid`` in calendars for ever. ``time_zone`` is the place's (IANA): hours
    are said and counted in it. ``host_id`` is the community leader who drafts it, ``submitted_at`` when the
    draft was handed to the clerks, ``published_at`` when residents may first see it (None: a draft).
    ``period_id`` is the comment period that what is said or written there joins; without one the meeting
    takes no comments.

    Facts that its status is derived from: ``is_tentative``, ``postponed_at`` (no new date yet),
    ``original_starts_at`` (it was rescheduled from there), ``cancelled_at``. Each has a row with its public
    reason in ``changes``. ``sequence`` counts the changes of time, place or status that a calendar must
    notice, ``changed_at`` is the last of any.

    An occurrence of a series has ``series_id`` and ``recurrence_at``: the instant that the series' rule gave
    it, which stays when the meeting moves.

    ``join_is_public`` False: only who registered is shown the link and the telephone number. ``capacity``
    counts places in the room, None means that nobody counts. Minutes before the start:
    ``registration_minutes``, ``speakers_minutes``, ``written_minutes``. Accommodations are asked for until
    ``accommodation_days`` days before. ``attended_in_person`` and ``attended_remote`` are what was counted,
    None if nobody did. ``source_format`` and ``source_id`` name an imported meeting in the system that it
    came from.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_it_starts"),
        sa.CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 100000", name="capacity_is_sensible"),
        sa.CheckConstraint("speaking_seconds BETWEEN 15 AND 3600", name="speaking_time_is_sensible"),
        sa.CheckConstraint("sequence >= 0", name="sequence_counts_up"),
        sa.CheckConstraint("(series_id IS NULL) = (recurrence_at IS NULL)", name="occurrence_is_whole"),
        sa.CheckConstraint("(source_format IS NULL) = (source_id IS NULL)", name="source_is_whole"),
        sa.UniqueConstraint("series_id", "recurrence_at"),
        sa.UniqueConstraint("source_format", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    period_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment_period.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_series.id"))
    recurrence_at: Mapped[datetime | None]
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    uid: Mapped[str] = mapped_column(sa.String(200), unique=True, default=lambda: f"{uuid4()}@engage")
    kind: Mapped[MeetingKind] = mapped_column(text_enum(MeetingKind, "kind"))
    format: Mapped[Format] = mapped_column(text_enum(Format, "format"))
    title: Mapped[Localised]
    summary: Mapped[Localised | None]
    organiser: Mapped[Localised | None]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    time_notes: Mapped[Localised | None]
    place_name: Mapped[Localised | None]
    place_street: Mapped[str | None] = mapped_column(sa.String(300))
    directions: Mapped[Localised | None]
    accessibility: Mapped[Localised | None]
    join_url: Mapped[str | None] = mapped_column(sa.String(500))
    join_phone: Mapped[str | None] = mapped_column(sa.String(120))
    join_is_public: Mapped[bool] = mapped_column(default=True)
    takes_registrations: Mapped[bool] = mapped_column(default=True)
    registration_minutes: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int | None]
    accommodation_days: Mapped[int] = mapped_column(default=3)
    takes_speakers: Mapped[bool] = mapped_column(default=True)
    speakers_minutes: Mapped[int] = mapped_column(default=60)
    speaking_seconds: Mapped[int] = mapped_column(default=180)
    written_minutes: Mapped[int] = mapped_column(default=60)
    is_tentative: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    postponed_at: Mapped[datetime | None]
    original_starts_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    attended_in_person: Mapped[int | None]
    attended_remote: Mapped[int | None]
    source_format: Mapped[str | None] = mapped_column(sa.String(40))
    source_id: Mapped[str | None] = mapped_column(sa.String(300))

    docket: Mapped[Docket | None] = relationship()
    period: Mapped[CommentPeriod | None] = relationship()
    series: Mapped[MeetingSeries | None] = relationship(back_populates="meetings")
    host: Mapped[User | None] = relationship()
    items: Mapped[list[AgendaItem]] = relationship(
        back_populates="meeting", order_by="AgendaItem.position", cascade="all, delete-orphan"
    )
    files: Mapped[list[MeetingFile]] = relationship(
        back_populates="meeting", order_by="MeetingFile.position", cascade="all, delete-orphan"
    )
    changes: Mapped[list[MeetingChange]] = relationship(
        back_populates="meeting", order_by="MeetingChange.id", viewonly=True
    )
    notices: Mapped[list[MeetingNotice]] = relationship(
        back_populates="meeting", order_by="MeetingNotice.id", viewonly=True
    )
    minutes: Mapped[list[MinutesVersion]] = relationship(
        back_populates="meeting", order_by="MinutesVersion.number.desc()", cascade="all, delete-orphan"
    )

    def status(self, now: datetime) -> MeetingStatus:
        """Where it stands at an instant. What never took place does not pass."""
        if self.published_at is None or now < self.published_at:
            return MeetingStatus.DRAFT
        if self.cancelled_at is not None:
            return MeetingStatus.CANCELLED
        if self.postponed_at is not None:
            return MeetingStatus.POSTPONED
        if now >= self.last_instant:
            return MeetingStatus.PASSED
        if self.original_starts_at is not None:
            return MeetingStatus.RESCHEDULED
        return MeetingStatus.TENTATIVE if self.is_tentative else MeetingStatus.CONFIRMED

    def takes_place(self, now: datetime) -> bool:
        """Whether people may still plan to come: neither over, nor called off, nor without a date."""
        return self.status(now) in (
            MeetingStatus.TENTATIVE,
            MeetingStatus.CONFIRMED,
            MeetingStatus.RESCHEDULED,
        )

    def is_done(self, now: datetime) -> bool:
        """Whether nothing of it is to come but what tells of it: over, or called off for good."""
        return self.status(now) in (MeetingStatus.CANCELLED, MeetingStatus.PASSED)

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def local_start(self) -> datetime:
        """The start as a clock in the place shows it."""
        return self.starts_at.astimezone(self.zone)

    @property
    def first_start(self) -> datetime:
        """The start that residents read first of all."""
        moved = (change.old_starts_at for change in self.changes if change.new_starts_at is not None)
        return next(moved, self.original_starts_at or self.starts_at)

    @property
    def last_instant(self) -> datetime:
        """When it is over, stated or taken to be."""
        return self.ends_at or self.starts_at + LASTS_WITHOUT_END

    @property
    def is_in_person(self) -> bool:
        """Whether one can come in person."""
        return self.format is not Format.ONLINE

    @property
    def is_online(self) -> bool:
        """Whether one can attend from elsewhere."""
        return self.format is not Format.IN_PERSON

    @property
    def public_join_url(self) -> str | None:
        """The link to join by, where everybody may have it."""
        return self.join_url if self.is_online and self.join_is_public else None

    @property
    def public_join_phone(self) -> str | None:
        """The telephone number to join by, where everybody may have it."""
        return self.join_phone if self.is_online and self.join_is_public else None

    def takes_registrations_at(self, now: datetime) -> bool:
        """Whether people can register at this instant."""
        return self.takes_registrations and self._is_before(self.registration_minutes, now)

    def takes_speakers_at(self, now: datetime) -> bool:
        """Whether people can sign up to speak at this instant; later, only at the door."""
        return self.takes_speakers and self._is_before(self.speakers_minutes, now)

    def takes_written_at(self, now: datetime) -> bool:
        """Whether its agenda items take written comments at this instant."""
        return self.period_id is not None and self._is_before(self.written_minutes, now)

    def cut_off(self, minutes: int) -> datetime:
        """The instant that many minutes before the start."""
        return self.starts_at - timedelta(minutes=minutes)

    @property
    def accommodations_due_on(self) -> date:
        """The last day of the place on which accommodations can be promised."""
        return self.local_start.date() - timedelta(days=self.accommodation_days)

    def _is_before(self, minutes: int, now: datetime) -> bool:
        return self.takes_place(now) and now < self.cut_off(minutes)


class MeetingChange(Base):
    """One change of a meeting that residents have seen. The database refuses to change or delete it.

    ``reason`` is public, in both languages. The old start always stands; ``new_starts_at`` only where it
    moved. ``old_place`` is what residents read before. ``actor_id`` is None where an import did it.
    """

    __tablename__ = "meeting_change"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind IN ('move', 'reschedule')) = (new_starts_at IS NOT NULL)", name="moved_has_a_new_start"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    kind: Mapped[MeetingChangeKind] = mapped_column(text_enum(MeetingChangeKind, "kind"))
    happened_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    old_starts_at: Mapped[datetime]
    new_starts_at: Mapped[datetime | None]
    old_place: Mapped[Localised | None]
    reason: Mapped[Localised]

    meeting: Mapped[Meeting] = relationship(back_populates="changes")
    actor: Mapped[User | None] = relationship()
