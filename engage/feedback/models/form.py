"""A feedback form: what is asked, when, of whom, and what is told of the answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.db.base import Base
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket
from engage.meetings.models import Meeting
from engage.survey import surveyjs
from engage.survey.definition import Definition


class FormStatus(StrEnum):
    """Where a form stands at an instant; derived, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


class Entry(StrEnum):
    """Who may answer: everybody, or the holders of a code that is good for one answer."""

    ANYBODY = "anybody"
    CODE = "code"


class ResultsShown(StrEnum):
    """When the public may read the results."""

    LIVE = "live"
    AT_CLOSE = "at_close"


class FeedbackForm(Base):
    """One form. What it asks stands in its versions; ``working`` is what staff are editing.

    ``docket_id`` and ``meeting_id`` are what it is about, either or neither. ``host_id`` is the community
    leader who drafts it, ``submitted_at`` when the draft was handed to the clerks, ``published_at`` when
    residents may first see it (None: a draft). Answers are taken from ``opens_at`` until ``closes_at``
    (None: until staff set it). ``revision`` counts the edits of ``working``, so that two editors do not
    overwrite each other. ``source`` names the system whose answers were imported, where it was not asked
    here.

    Results can be read when a job has opened the box: see ``FormResult``.
    """

    __tablename__ = "feedback_form"
    __table_args__ = (
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_it_opens"),
        sa.CheckConstraint("revision >= 0", name="revision_counts_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    working: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    revision: Mapped[int] = mapped_column(default=0)
    entry: Mapped[Entry] = mapped_column(text_enum(Entry, "entry"), default=Entry.ANYBODY)
    results: Mapped[ResultsShown] = mapped_column(
        text_enum(ResultsShown, "results"), default=ResultsShown.AT_CLOSE
    )
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    source: Mapped[str | None] = mapped_column(sa.String(40))

    docket: Mapped[Docket | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    host: Mapped[User | None] = relationship()
    versions: Mapped[list[FormVersion]] = relationship(
        back_populates="form", order_by="FormVersion.number", viewonly=True
    )

    def status(self, now: datetime) -> FormStatus:
        """Where it stands at an instant."""
        if self.published_at is None or now < self.published_at:
            return FormStatus.DRAFT
        if now < self.opens_at:
            return FormStatus.SCHEDULED
        if self.closes_at is not None and now >= self.closes_at:
            return FormStatus.CLOSED
        return FormStatus.OPEN

    def takes_answers(self, now: datetime) -> bool:
        """Whether residents can answer at this instant."""
        return self.status(now) is FormStatus.OPEN

    def shows_results(self, now: datetime) -> bool:
        """Whether the public may read the results at this instant."""
        status = self.status(now)
        return status is FormStatus.CLOSED or (
            status is FormStatus.OPEN and self.results is ResultsShown.LIVE
        )

    @property
    def newest(self) -> FormVersion | None:
        """The version that residents are asked now; None before the first publication."""
        return self.versions[-1] if self.versions else None

    @property
    def title(self) -> Localised:
        """What it is called: as published, else as it is being edited."""
        shown = self.newest.definition if self.newest is not None else self.working
        return surveyjs.title_of(shown)


class FormVersion(Base):
    """What was asked, from one publication to the next. The database refuses to change one with answers.

    ``number`` counts a form's versions from 1 on. ``digest`` is the SHA-256 of the definition's JSON.
    """

    __tablename__ = "form_version"
    __table_args__ = (sa.UniqueConstraint("form_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_form.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    digest: Mapped[str] = mapped_column(sa.String(64))
    published_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    form: Mapped[FeedbackForm] = relationship(back_populates="versions")
    actor: Mapped[User | None] = relationship()

    @cached_property
    def asked(self) -> Definition:
        """The definition, read."""
        return surveyjs.read(self.definition)
