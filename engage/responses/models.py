"""What an official answers to a concern or to a question, and what was promised.

A draft stands in the row; what was published stands in its versions and is never changed, only followed by
the next. An owner is an office, never a person.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models import Comment, CommentPeriod
from engage.db.base import Base, BigId
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket


class ResponseState(StrEnum):
    """What an official says will become of a concern."""

    UNDER_CONSIDERATION = "under_consideration"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"
    OUT_OF_AUTHORITY = "out_of_authority"
    IMPLEMENTED = "implemented"


class Response(Base):
    """The answer to one concern (``concern``: its code) of one comment period.

    ``state`` and ``body`` (Markdown) are the draft; ``is_ready`` says that it goes out when the ready ones
    are next published together. ``due_on`` is the day by which an answer is promised. Before the first
    version it and ``owner`` are public as they stand, so that everybody sees who answers and by when; after
    it they are of the draft like the rest. ``first_due_on`` is the day that was promised first: moving
    ``due_on`` to a later one does not hide it. ``revision`` counts the edits, so that two editors do not
    overwrite each other.
    """

    __tablename__ = "response"
    __table_args__ = (sa.UniqueConstraint("period_id", "concern"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"))
    concern: Mapped[str] = mapped_column(sa.String(60))
    owner: Mapped[Localised]
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    state: Mapped[ResponseState | None] = mapped_column(text_enum(ResponseState, "state"))
    body: Mapped[Localised]
    is_ready: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)

    period: Mapped[CommentPeriod] = relationship()
    versions: Mapped[list[ResponseVersion]] = relationship(
        back_populates="response", order_by="ResponseVersion.number.desc()", cascade="all, delete-orphan"
    )


class ResponseVersion(Base):
    """An answer as it was published: never changed."""

    __tablename__ = "response_version"
    __table_args__ = (
        sa.UniqueConstraint("response_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(sa.ForeignKey("response.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[ResponseState] = mapped_column(text_enum(ResponseState, "state"))
    owner: Mapped[Localised]
    due_on: Mapped[date | None]
    body: Mapped[Localised]
    published_at: Mapped[datetime] = mapped_column(index=True)

    response: Mapped[Response] = relationship(back_populates="versions")


class CommitmentState(StrEnum):
    """How far a promise has come, as its owner says."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Commitment(Base):
    """Something that was promised in a docket, with an owner and a day. ``response_id``: with which answer.

    ``published_at`` None: a draft. Once published its words stay; what happens to it is told by its steps.
    """

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("response.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[Localised]
    body: Mapped[Localised]
    owner: Mapped[Localised]
    due_on: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)

    docket: Mapped[Docket] = relationship()
    response: Mapped[Response | None] = relationship()
    steps: Mapped[list[CommitmentStep]] = relationship(
        back_populates="commitment", order_by="CommitmentStep.id", cascade="all, delete-orphan"
    )


class CommitmentStep(Base):
    """What has become of a promise: never changed, only followed by the next. ``percent``: how far, 0–100.

    ``due_on`` is the day that it now is promised for, where that was moved.
    """

    __tablename__ = "commitment_step"
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent_is_a_share"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id", ondelete="CASCADE"), index=True)
    state: Mapped[CommitmentState] = mapped_column(text_enum(CommitmentState, "state"))
    percent: Mapped[int | None]
    due_on: Mapped[date | None]
    note: Mapped[Localised]
    published_at: Mapped[datetime] = mapped_column(index=True)

    commitment: Mapped[Commitment] = relationship(back_populates="steps")


class Question(Base):
    """A question or a disputed fact that comments raise, merged into one, and what the county answers.

    ``answer`` is Markdown; ``source`` says where it is from, ``source_url`` where to read that. Answered and
    published are the same: ``answered_at``; after a correction it is that of the correction, and
    ``first_answered_at`` stays. ``asked_at`` None: not shown to residents yet. ``first_due_on`` is the day
    that was promised first.
    """

    __tablename__ = "fact_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    text: Mapped[Localised]
    is_disputed: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[Localised]
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    answer: Mapped[Localised]
    source: Mapped[Localised]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    asked_at: Mapped[datetime | None]
    first_answered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)

    docket: Mapped[Docket] = relationship()


class QuestionComment(Base):
    """A comment that asks a question, or says the disputed fact."""

    __tablename__ = "fact_question_comment"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("fact_question.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    comment: Mapped[Comment] = relationship()
