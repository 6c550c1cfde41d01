"""Answers. Nothing here says who answered, or when within a day, or in which order.

An answer first lies sealed in the box (``BoxedAnswer``). A job opens the box: it takes a random handful out,
never the last ten while the form is open, and writes them in an order of chance as ``FormResponse``. So
neither ids, nor the order on the disk, nor the transaction that wrote a row join an answer to the code that
was spent for it (``FormTicket``) or to the moment in which it came.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum
from engage.feedback.models.form import FeedbackForm, FormVersion


class Channel(StrEnum):
    """How an answer came."""

    WEB = "web"
    PAPER = "paper"
    IMPORT = "import"


class BoxedAnswer(Base):
    """One acknowledged answer that is not counted yet, sealed: see ``engage.feedback.box``."""

    __tablename__ = "form_box"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_version.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)

    version: Mapped[FormVersion] = relationship()


class FormResponse(Base):
    """One counted answer to a version of a form.

    ``answers`` holds them by question, as ``engage.survey.answers`` keeps them, but for those in the
    resident's own words: those are ``texts``. ``answered_on`` is a day in the place's zone, None where an
    import did not tell. ``is_doubtful``: a filled honeypot, faster than people type, or without the proof of
    work of a browser with JavaScript; counted like any other, and said. ``imported_as`` is a keyed hash of
    its id in the system that it came from.
    """

    __tablename__ = "form_response"
    __table_args__ = (sa.UniqueConstraint("version_id", "imported_as"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_version.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(3))
    channel: Mapped[Channel] = mapped_column(text_enum(Channel, "channel"))
    answered_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    is_doubtful: Mapped[bool] = mapped_column(default=False)
    imported_as: Mapped[str | None] = mapped_column(sa.String(64))

    version: Mapped[FormVersion] = relationship()
    texts: Mapped[list[FormText]] = relationship(
        back_populates="response", cascade="all, delete-orphan", passive_deletes=True
    )


class TextState(StrEnum):
    """Whether what somebody wrote may be read by the public."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class HiddenFor(StrEnum):
    """Why it may not. A closed list; an opinion is no reason."""

    PERSONAL_DATA = "personal_data"
    TRUE_THREAT = "true_threat"
    OBSCENITY = "obscenity"
    SPAM = "spam"
    UNLAWFUL = "unlawful"


class FormText(Base):
    """What somebody wrote in answer to one question, and what the analysis found in it.

    ``question`` is the question's name, or ``NAME-Comment`` for what *other* is. ``is_confidential``: never
    shown to anybody one by one, so it never waits for a moderator either. ``analysed_with`` is the
    analyser's version, None where it has not been read yet; ``language``, ``tone`` and ``tone_score`` are
    as in ``engage.analysis``. ``words`` is what it is found by (see ``comments.search``), made with them.
    ``is_redacted``: marks stand in ``body`` where a moderator struck personal data out, for good. An empty
    ``body`` was erased (see ``service.purge``).
    """

    __tablename__ = "form_text"
    __table_args__ = (
        sa.UniqueConstraint("response_id", "question"),
        sa.CheckConstraint("(state = 'hidden') = (hidden_for IS NOT NULL)", name="hidden_has_a_reason"),
        sa.Index(
            "ix_form_text_unread",
            "id",
            sqlite_where=sa.text("analysed_with IS NULL"),
            postgresql_where=sa.text("analysed_with IS NULL"),
        ),
        sa.Index(
            "ix_form_text_waiting",
            "id",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    response_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("form_response.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(sa.String(60))
    body: Mapped[str] = mapped_column(sa.Text)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    state: Mapped[TextState] = mapped_column(text_enum(TextState, "state"), default=TextState.WAITING)
    hidden_for: Mapped[HiddenFor | None] = mapped_column(text_enum(HiddenFor, "hidden_for"))
    language: Mapped[str | None] = mapped_column(sa.String(3))
    tone: Mapped[str | None] = mapped_column(sa.String(20))
    tone_score: Mapped[float | None]
    analysed_with: Mapped[str | None] = mapped_column(sa.String(40))
    words: Mapped[str | None] = mapped_column(sa.Text)
    is_redacted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    response: Mapped[FormResponse] = relationship(back_populates="texts")
    concerns: Mapped[list[FormTextConcern]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="FormTextConcern.code"
    )


class FormTextConcern(Base):
    """One concern that was detected in a text."""

    __tablename__ = "form_text_concern"

    text_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("form_text.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)


class FormTextEvent(Base):
    """One decision of staff about a text. The database refuses to change or delete it; it holds no text.

    A reason beside another state than hidden: only stretches were struck out, for that reason.
    """

    __tablename__ = "form_text_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_form.id"), index=True)
    text_id: Mapped[int] = mapped_column(BigId)
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    state: Mapped[TextState] = mapped_column(text_enum(TextState, "state"))
    hidden_for: Mapped[HiddenFor | None] = mapped_column(text_enum(HiddenFor, "hidden_for"))
    happened_at: Mapped[datetime]

    actor: Mapped[User] = relationship()


class TicketBatch(Base):
    """Codes that staff made at once, to hand out: for a school, a church, a street."""

    __tablename__ = "form_ticket_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_form.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    made_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    form: Mapped[FeedbackForm] = relationship()
    actor: Mapped[User | None] = relationship()


class FormTicket(Base):
    """One right to answer, and whether it was used. No column of an answer leads here, and none from here.

    ``code_index`` is a keyed hash of the code: of one that was handed out (then it has a batch), or of the
    random token of the page on which somebody answered without a code. Whoever holds the code can ask
    whether its answer arrived. The same code twice: the database refuses, one answer stays.
    """

    __tablename__ = "form_ticket"
    __table_args__ = (sa.UniqueConstraint("form_id", "code_index"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_form.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_ticket_batch.id"), index=True)
    code_index: Mapped[str] = mapped_column(sa.String(64))
    is_spent: Mapped[bool] = mapped_column(default=False)

    batch: Mapped[TicketBatch | None] = relationship()


class FormResult(Base):
    """What is told of a form's counted answers: tables in which no small cell can be worked out.

    Made anew by a job when the box was opened; pages only read it. ``counted`` answers are in it,
    ``tables`` is the JSON of ``engage.feedback.results.Results``. ``is_final``: the form is closed and the
    box is empty. ``is_stale``: something changed that the next count has to take up.
    """

    __tablename__ = "form_result"

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_form.id"), primary_key=True)
    counted: Mapped[int] = mapped_column(default=0)
    counted_on: Mapped[date | None]
    tables: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    is_final: Mapped[bool] = mapped_column(default=False)
    is_stale: Mapped[bool] = mapped_column(default=False)

    form: Mapped[FeedbackForm] = relationship()
