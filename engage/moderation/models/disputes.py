"""What residents ask moderators to look at again: reports, appeals, and comments filed in their name.

Days only, never instants. What people write here may say who they are, so it is encrypted and has a day on
which it goes. The way to an e-mail address is the id of a contact, encrypted too: nobody who has only the
database can tell which address belongs to which comment.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models import Comment, ModerationReason
from engage.comments.tracking import new_tracking_number
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum


class CommentReport(Base):
    """Somebody thinks that a public comment breaks a rule.

    ``token`` is a keyed hash of a random word in the reader's cookie and of this comment: it makes one report
    a browser and comment, and says nothing about other reports or about a person. ``words`` go when the
    report has been seen to.
    """

    __tablename__ = "comment_report"
    __table_args__ = (
        sa.Index(
            "ix_comment_report_open",
            "comment_id",
            sqlite_where=sa.text("is_open = 1"),
            postgresql_where=sa.text("is_open"),
        ),
    )

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id"), primary_key=True, autoincrement=False
    )
    token: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    reason: Mapped[ModerationReason] = mapped_column(text_enum(ModerationReason, "reason"))
    sealed_words: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    is_open: Mapped[bool] = mapped_column(default=True)


class AppealOutcome(StrEnum):
    """What became of an appeal. MOOT: the comment was withdrawn, or is posted for another reason."""

    UPHELD = "upheld"
    DENIED = "denied"
    MOOT = "moot"


class Appeal(Base):
    """Whoever holds the receipt of a comment that is not posted asks another person to decide.

    One appeal for each restriction: ``event_id`` is its line of the log. ``proposed_by_id`` and
    ``restricted_by_id`` are those who brought it about; the database refuses that one of them decides.
    ``is_noted`` says that the log tells of it. ``language`` is the one that an answer by e-mail is in.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome = 'moot' OR (decided_by_id IS NOT NULL AND answer IS NOT NULL) OR outcome IS NULL",
            name="decided_has_an_answer",
        ),
        sa.CheckConstraint(
            "outcome = 'moot' OR decided_by_id <> restricted_by_id", name="decided_by_another_than_restricted"
        ),
        sa.CheckConstraint(
            "outcome = 'moot' OR decided_by_id <> proposed_by_id", name="decided_by_another_than_proposed"
        ),
        sa.Index("ix_appeal_comment_id", "comment_id"),
        sa.Index(
            "ix_appeal_open",
            "opened_on",
            "id",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("comment.id"))
    event_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("moderation_event.id"), unique=True)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    restricted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    opened_on: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(2))
    sealed_text: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    sealed_contact: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    is_noted: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[AppealOutcome | None] = mapped_column(text_enum(AppealOutcome, "outcome"))
    answer: Mapped[str | None] = mapped_column(sa.Text)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    purge_after: Mapped[date] = mapped_column(index=True)

    comment: Mapped[Comment] = relationship()


class ContestOutcome(StrEnum):
    """What became of a contest. MOOT: the comment was withdrawn meanwhile."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    MOOT = "moot"


class Contest(Base):
    """Somebody says that a posted comment was filed in their name without their consent.

    ``case_number`` and a code, of which only a keyed hash is kept, let them see what became of it.
    ``admitted_at`` is when a moderator found it worth telling readers; nobody is told before.
    """

    __tablename__ = "contest"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'moot' OR decided_by_id IS NOT NULL", name="decided_by_somebody"
        ),
        sa.CheckConstraint("(admitted_at IS NULL) = (admitted_by_id IS NULL)", name="admitted_by_somebody"),
        sa.Index("ix_contest_comment_id", "comment_id"),
        sa.Index(
            "ix_contest_open",
            "opened_on",
            "id",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("comment.id"))
    case_number: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_tracking_number)
    code_index: Mapped[str] = mapped_column(sa.String(64))
    client_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    opened_on: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(2))
    sealed_text: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    sealed_contact: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    is_noted: Mapped[bool] = mapped_column(default=False)
    admitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    admitted_at: Mapped[datetime | None]
    outcome: Mapped[ContestOutcome | None] = mapped_column(text_enum(ContestOutcome, "outcome"))
    answer: Mapped[str | None] = mapped_column(sa.Text)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    purge_after: Mapped[date] = mapped_column(index=True)

    comment: Mapped[Comment] = relationship()
