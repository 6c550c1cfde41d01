"""What a county checked before it decides, and whom it asked. Organisations and offices, never persons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket


class ReadinessArea(StrEnum):
    """What a point of the checklist is about."""

    RESOURCES = "resources"
    COST = "cost"
    LEGAL_RISK = "legal_risk"
    COMMUNITY = "community"
    OPEN_QUESTION = "open_question"


class ReadinessState(StrEnum):
    """What is known about a point."""

    NOT_LOOKED_AT = "not_looked_at"
    UNDER_WAY = "under_way"
    KNOWN = "known"
    CANNOT_BE_KNOWN = "cannot_be_known"


class ReadinessItem(Base):
    """One point of the checklist: what was to be found out, what was found, and where that is from.

    ``finding`` is Markdown; ``amount`` is dollars a year where the point has a price. What is known needs a
    source. ``published_at`` None: residents do not see it; every wording that they ever saw stays in
    ``versions``, the newest first.
    """

    __tablename__ = "readiness_item"
    __table_args__ = (sa.Index("ix_readiness_item_docket_id", "docket_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    area: Mapped[ReadinessArea] = mapped_column(text_enum(ReadinessArea, "area"))
    title: Mapped[Localised]
    state: Mapped[ReadinessState] = mapped_column(text_enum(ReadinessState, "state"))
    finding: Mapped[Localised]
    amount: Mapped[int | None]
    source: Mapped[Localised]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    checked_on: Mapped[date | None]
    published_at: Mapped[datetime | None]

    docket: Mapped[Docket] = relationship()
    versions: Mapped[list[ReadinessVersion]] = relationship(
        back_populates="item", order_by="ReadinessVersion.number.desc()", passive_deletes="all"
    )

    def is_shown(self, now: datetime) -> bool:
        """Whether residents may read it."""
        return self.published_at is not None and self.published_at <= now


class ReadinessVersion(Base):
    """What a point said from an instant on. Written once, when it is published or changed in public."""

    __tablename__ = "readiness_version"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("readiness_item.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[Localised]
    state: Mapped[ReadinessState] = mapped_column(text_enum(ReadinessState, "state"))
    finding: Mapped[Localised]
    amount: Mapped[int | None]
    source: Mapped[Localised]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    checked_on: Mapped[date | None]
    published_at: Mapped[datetime] = mapped_column(index=True)

    item: Mapped[ReadinessItem] = relationship(back_populates="versions")


class StakeholderKind(StrEnum):
    """What sort of body it is; a sort is never a side."""

    PUBLIC_BODY = "public_body"
    LAW_ENFORCEMENT = "law_enforcement"
    SCHOOLS = "schools"
    HEALTH = "health"
    FAITH = "faith"
    BUSINESS = "business"
    LABOR = "labor"
    NEIGHBORHOOD = "neighborhood"
    ADVOCACY = "advocacy"
    SERVICE = "service"
    MEDIA = "media"
    RESIDENTS = "residents"


class Stakeholder(Base):
    """A body or a group of residents that the docket concerns. ``languages`` are those to ask it in,
    ``districts`` the codes of those that it is at home in (none: the whole county).

    ``published_at`` None: a draft, which only staff see. ``stays_unnamed``: it does not want to be named, so
    it never is; see lifecycle.outreach for where it counts.
    """

    __tablename__ = "stakeholder"
    __table_args__ = (sa.Index("ix_stakeholder_docket_id", "docket_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[StakeholderKind] = mapped_column(text_enum(StakeholderKind, "kind"))
    name: Mapped[Localised]
    why: Mapped[Localised]
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    districts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    stays_unnamed: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]

    docket: Mapped[Docket] = relationship()
    contacts: Mapped[list[Outreach]] = relationship(
        back_populates="stakeholder",
        order_by="Outreach.happened_on, Outreach.id",
        cascade="all, delete-orphan",
    )
    changes: Mapped[list[RegisterChange]] = relationship(
        back_populates="stakeholder", order_by="RegisterChange.id.desc()", passive_deletes="all"
    )

    def is_shown(self, now: datetime) -> bool:
        """Whether residents may read that it was asked."""
        return self.published_at is not None and self.published_at <= now and not self.stays_unnamed


class OutreachHow(StrEnum):
    """The way in which somebody was asked."""

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    VISIT = "visit"
    MEETING = "meeting"
    FLYER = "flyer"
    RADIO = "radio"
    SOCIAL_MEDIA = "social_media"
    NEWSPAPER = "newspaper"


class OutreachOutcome(StrEnum):
    """What came of it."""

    PLANNED = "planned"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"


class Outreach(Base):
    """One attempt to ask a body: how, in which language, on which day, and what came of it."""

    __tablename__ = "outreach"

    id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stakeholder.id", ondelete="CASCADE"), index=True
    )
    how: Mapped[OutreachHow] = mapped_column(text_enum(OutreachHow, "how"))
    language: Mapped[str] = mapped_column(sa.String(8))
    happened_on: Mapped[date]
    outcome: Mapped[OutreachOutcome] = mapped_column(text_enum(OutreachOutcome, "outcome"))
    note: Mapped[Localised]

    stakeholder: Mapped[Stakeholder] = relationship(back_populates="contacts")


class RegisterStep(StrEnum):
    """What was done to something that residents could read."""

    ATTEMPT_CHANGED = "attempt_changed"
    ATTEMPT_REMOVED = "attempt_removed"
    BODY_CHANGED = "body_changed"
    BODY_HIDDEN = "body_hidden"


class RegisterChange(Base):
    """That something of the register was changed or taken away after residents could read it, and on which
    day. Written once.

    Of an attempt it keeps what was said of it, for a body that is shown; never a name, a reason or a note:
    what reaches a person, or a name that a body does not want to be told by, may be just what was taken away.
    """

    __tablename__ = "register_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stakeholder.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[RegisterStep] = mapped_column(text_enum(RegisterStep, "what"))
    changed_on: Mapped[date]
    how: Mapped[OutreachHow | None] = mapped_column(text_enum(OutreachHow, "how"))
    language: Mapped[str | None] = mapped_column(sa.String(8))
    happened_on: Mapped[date | None]
    outcome: Mapped[OutreachOutcome | None] = mapped_column(text_enum(OutreachOutcome, "outcome"))

    stakeholder: Mapped[Stakeholder] = relationship(back_populates="changes")
