"""Dockets and what belongs to them. All that a resident reads is kept in every language of the site."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base
from engage.db.types import Localised, text_enum


class District(Base):
    """A part of the jurisdiction that a commenter may name instead of an address."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[Localised]
    position: Mapped[int] = mapped_column(default=0)


class PhaseKind(StrEnum):
    """The life of a docket about a 287(g) agreement, in order; other dockets use those that they need."""

    ASSESS_READINESS = "assess_readiness"
    ENGAGE_STAKEHOLDERS = "engage_stakeholders"
    APPLY = "apply"
    TRAIN_AND_IMPLEMENT = "train_and_implement"
    MONITOR_AND_EVALUATE = "monitor_and_evaluate"


class PhaseState(StrEnum):
    """Where a phase stands on a day; derived, never stored."""

    PAST = "past"
    CURRENT = "current"
    UPCOMING = "upcoming"
    DROPPED = "dropped"


_ONLY_AFTER_A_YES = frozenset({PhaseKind.TRAIN_AND_IMPLEMENT, PhaseKind.MONITOR_AND_EVALUATE})


class Docket(Base):
    """One matter that a public body is deciding, from first assessment to years of oversight.

    ``slug`` stands in addresses. ``published_at`` is when residents may first see it (None: a draft).
    ``taxonomy_toml`` is its own taxonomy of concerns as the text of a file, None for the default one: read it
    through dockets.taxonomy. ``analyser_version`` is the version in force, by which every comment is to be
    measured (None: none was declared, and any will do).
    """

    __tablename__ = "docket"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Localised]
    summary: Mapped[Localised]
    taxonomy_toml: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    analyser_version: Mapped[str | None] = mapped_column(sa.String(120))
    published_at: Mapped[datetime | None]

    phases: Mapped[list[DocketPhase]] = relationship(
        back_populates="docket", order_by="DocketPhase.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[Document]] = relationship(
        back_populates="docket", order_by="Document.position", cascade="all, delete-orphan"
    )
    updates: Mapped[list[DocketUpdate]] = relationship(
        back_populates="docket", order_by="DocketUpdate.published_at.desc()", cascade="all, delete-orphan"
    )
    decision: Mapped[Decision | None] = relationship(back_populates="docket", cascade="all, delete-orphan")
    learned_positions: Mapped[LearnedPositions | None] = relationship(
        back_populates="docket", cascade="all, delete-orphan"
    )

    def is_published(self, now: datetime) -> bool:
        """Whether residents may see it."""
        return self.published_at is not None and self.published_at <= now

    def leaves_out(self, phase: DocketPhase) -> bool:
        """Whether a phase does not come, because it was decided not to go ahead before it began."""
        if self.decision is None or self.decision.goes_ahead is not False:
            return False
        has_begun = phase.starts_on is not None and phase.starts_on < self.decision.decided_on
        return phase.kind in _ONLY_AFTER_A_YES and not has_begun

    def has_passed(self, phase: DocketPhase, day: date) -> bool:
        """Whether a decision has ended a phase that comes before it, whatever was planned for it."""
        is_decided = self.decision is not None and day >= self.decision.decided_on
        return is_decided and phase.kind not in _ONLY_AFTER_A_YES

    def has_gone_on(self, day: date) -> bool:
        """Whether a phase that comes only after a yes has begun on a day."""
        return any(
            phase.kind in _ONLY_AFTER_A_YES and phase.state_on(day) in (PhaseState.CURRENT, PhaseState.PAST)
            for phase in self.phases
        )

    def phase_on(self, day: date) -> DocketPhase | None:
        """The phase that the docket is in on a day, if any."""
        return next((phase for phase in self.phases if phase.state_on(day) is PhaseState.CURRENT), None)


class LearnedPositions(Base):
    """How positions are suggested for the comments of one docket, learned from labels that people gave.

    ``model`` is the JSON of an analysis.position_model.PositionModel, ``labels`` how many it was learned
    from. The version of the docket's analyser names it.
    """

    __tablename__ = "learned_positions"

    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), primary_key=True)
    model: Mapped[str] = mapped_column(sa.Text)
    labels: Mapped[int]

    docket: Mapped[Docket] = relationship(back_populates="learned_positions")


class DocketPhase(Base):
    """A stretch of a docket's life. Without dates it is still to come."""

    __tablename__ = "docket_phase"
    __table_args__ = (
        sa.UniqueConstraint("docket_id", "position"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[PhaseKind] = mapped_column(text_enum(PhaseKind, "kind"))
    title: Mapped[Localised]
    summary: Mapped[Localised]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    docket: Mapped[Docket] = relationship(back_populates="phases")

    def state_on(self, day: date) -> PhaseState:
        """Where this phase stands on a day, both ends included; an open end lasts."""
        if self.docket.leaves_out(self):
            return PhaseState.DROPPED
        if self.docket.has_passed(self, day):
            return PhaseState.PAST
        if self.starts_on is None or day < self.starts_on:
            return PhaseState.UPCOMING
        return PhaseState.PAST if self.ends_on is not None and day > self.ends_on else PhaseState.CURRENT


class Document(Base):
    """Something to read on a docket, such as the proposed agreement; its text lives in its versions."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("docket_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[Localised]
    position: Mapped[int] = mapped_column(default=0)

    docket: Mapped[Docket] = relationship(back_populates="documents")
    versions: Mapped[list[DocumentVersion]] = relationship(
        back_populates="document", order_by="DocumentVersion.number.desc()", cascade="all, delete-orphan"
    )

    def latest(self, now: datetime) -> DocumentVersion | None:
        """The newest version that residents may read."""
        return next((version for version in self.versions if version.published_at <= now), None)


class DocumentVersion(Base):
    """One version of a document: never changed, only followed by the next. ``body`` is Markdown."""

    __tablename__ = "document_version"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    body: Mapped[Localised]
    change_note: Mapped[Localised | None]
    published_at: Mapped[datetime]

    document: Mapped[Document] = relationship(back_populates="versions")

    @property
    def digest(self) -> str:
        """SHA-256 of both texts, so that a reader can tell whether two copies are the same."""
        return hashlib.sha256(f"{self.body.en}\0{self.body.es}".encode()).hexdigest()


class DocketUpdate(Base):
    """A dated piece of news on a docket. ``body`` is Markdown."""

    __tablename__ = "docket_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), index=True)
    title: Mapped[Localised]
    body: Mapped[Localised]
    published_at: Mapped[datetime]

    docket: Mapped[Docket] = relationship(back_populates="updates")


class Decision(Base):
    """What was decided, by whom, when and why; at most one a docket. ``reasons`` is Markdown.

    ``goes_ahead``: whether what was proposed is put into practice, so that the later phases come; None where
    nobody said so.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), unique=True)
    decided_on: Mapped[date]
    decided_by: Mapped[Localised]
    outcome: Mapped[Localised]
    reasons: Mapped[Localised]
    goes_ahead: Mapped[bool | None]

    docket: Mapped[Docket] = relationship(back_populates="decision")
