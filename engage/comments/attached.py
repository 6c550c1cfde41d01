"""What belongs to comments besides their words: files, clauses that they are about, translations.

A file may be read by whoever may read its comment, unless a moderator keeps it back: one query decides it for
every reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, undefer

from engage.comments.models import (
    Attachment,
    Comment,
    CommentClause,
    CommentPeriod,
    CommentTranslation,
    PeriodState,
    Stance,
    Upload,
)
from engage.comments.models.translation import digest_of_words
from engage.comments.queries import public_comments
from engage.comments.tracking import tidy_tracking_number
from engage.dockets import clauses as of_documents
from engage.dockets.clauses import Clause
from engage.dockets.models import Document, DocumentVersion
from engage.dockets.queries import public_documents
from engage.errors import NotFound

MOST_FILES = 5
"""Of one comment."""


@dataclass(frozen=True, slots=True)
class OfferedDocument:
    """A document of a docket in its newest version, with the clauses that can be commented on."""

    document: Document
    version: DocumentVersion
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document in the version that is to be read for a period; ``newer``: one that came after its end."""

    document: Document
    version: DocumentVersion
    newer: DocumentVersion | None = None


def attachment_digests(comment: Comment) -> list[str]:
    """SHA-256 of each of its files in their order, whoever may read them: what a receipt vouches for."""
    return [attachment.digest for attachment in comment.attachments]


def public_attachments(now: datetime | None = None) -> sa.Select[Attachment]:
    """The files that everybody may read: those of public comments, less what is kept back."""
    visible = public_comments(now).with_only_columns(Comment.id)
    return sa.select(Attachment).where(
        Attachment.comment_id.in_(visible), Attachment.restriction_reason.is_(None)
    )


def get_public_attachment(
    session: Session, tracking_number: str, number: int, now: datetime | None = None
) -> Attachment:
    """A file of a posted comment, with its content. Raises NotFound: one answer for all others."""
    wanted = public_attachments(now).where(
        Attachment.number == number,
        Attachment.comment_id.in_(
            sa.select(Comment.id).where(Comment.tracking_number == tidy_tracking_number(tracking_number))
        ),
    )
    return _found(session.scalar(wanted.options(undefer(Attachment.content))))


def get_attachment(session: Session, comment: Comment, number: int) -> Attachment:
    """Any file of a comment, for moderators, with its content. Raises NotFound."""
    wanted = sa.select(Attachment).where(Attachment.comment_id == comment.id, Attachment.number == number)
    return _found(session.scalar(wanted.options(undefer(Attachment.content))))


def file_name(tracking_number: str, attachment: Attachment) -> str:
    """What a file is called on the computer of whoever saves it."""
    return f"{tracking_number}-attachment-{attachment.number}{attachment.kind.extension}"


def uploads_of(session: Session, token: str) -> list[Upload]:
    """The files that wait for the comment of the form with this token, without their content."""
    return list(
        session.scalars(sa.select(Upload).where(Upload.token == token).order_by(Upload.place, Upload.id))
    )


def documents_to_read(period: CommentPeriod, now: datetime) -> list[ReadDocument]:
    """The documents of the period's docket as they stand; of a period that is over, as they stood at its end.

    One that was published only after its end was nothing to read for it, and is not among them.
    """
    newest = {found.document.id: found.latest for found in public_documents(period.docket, now)}
    return [
        ReadDocument(
            found.document,
            found.latest,
            newest[found.document.id] if newest[found.document.id] is not found.latest else None,
        )
        for found in public_documents(period.docket, _last_read(period, now))
    ]


def _last_read(period: CommentPeriod, now: datetime) -> datetime:
    """The last instant at which somebody who comments could read documents; now, while comments are taken."""
    if period.state(now) is PeriodState.CANCELLED and period.cancelled_at is not None:
        return min(period.cancelled_at, period.closes_at)
    if period.state(now) is PeriodState.CLOSED and not period.takes_late(now):
        return period.closes_at
    return now


def offered_documents(period: CommentPeriod, now: datetime) -> list[OfferedDocument]:
    """The documents of the period's docket that have clauses, in the version that is to be read for it."""
    offered = (
        OfferedDocument(found.document, found.version, tuple(of_documents.clauses(found.version)))
        for found in documents_to_read(period, now)
    )
    return [document for document in offered if document.clauses]


def find_clause(period: CommentPeriod, key: str, now: datetime) -> tuple[DocumentVersion, Clause] | None:
    """The clause with this key, in the newest version that has it and that residents may read."""
    if not of_documents.KEY.fullmatch(key):
        return None
    for found in public_documents(period.docket, now):
        if match := of_documents.find_clause(found.versions, key):
            return match
    return None


def count_by_stance(
    session: Session, keys: Collection[str], periods: Sequence[CommentPeriod], now: datetime | None = None
) -> dict[tuple[str, int, Stance | None], int]:
    """How many comments that everybody may read are about each clause, by (key, id of the period, what they
    want done with it).
    """
    statement = (
        public_comments(now)
        .with_only_columns(CommentClause.clause, Comment.period_id, CommentClause.stance, sa.func.count())
        .join(CommentClause, CommentClause.comment_id == Comment.id)
        .where(CommentClause.clause.in_(keys), Comment.period_id.in_([period.id for period in periods]))
        .group_by(CommentClause.clause, Comment.period_id, CommentClause.stance)
    )
    return {(key, period_id, stance): count for key, period_id, stance, count in session.execute(statement)}


def clauses_of(session: Session, comment: Comment) -> list[CommentClause]:
    """The clauses that a comment is about, with their documents, by number."""
    statement = (
        sa.select(CommentClause)
        .where(CommentClause.comment_id == comment.id)
        .options(
            joinedload(CommentClause.version).joinedload(DocumentVersion.document).joinedload(Document.docket)
        )
    )
    return sorted(session.scalars(statement), key=_by_number)


def translations_of_all(session: Session, comments: Sequence[Comment]) -> dict[int, dict[str, str]]:
    """What people have made of these comments in other languages, by comment and language; as far as it is
    of the words that stand there now.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    words = {comment.id: digest_of_words(comment.body) for comment in comments}
    rows = sa.select(CommentTranslation).where(CommentTranslation.comment_id.in_(words))
    for row in session.scalars(rows):
        if row.of_digest == words[row.comment_id]:
            found[row.comment_id][row.language] = row.body
    return found


def translations_of(session: Session, comment: Comment) -> list[CommentTranslation]:
    """What people have made of the very words that the comment has now, by language."""
    statement = sa.select(CommentTranslation).where(
        CommentTranslation.comment_id == comment.id,
        CommentTranslation.of_digest == digest_of_words(comment.body),
    )
    return list(session.scalars(statement.order_by(CommentTranslation.language)))


def _by_number(row: CommentClause) -> tuple[int, list[int]]:
    return row.version.document.position, [int(part) for part in row.number.split(".")]


def _found(attachment: Attachment | None) -> Attachment:
    if attachment is None:
        raise NotFound(_l("There is no such file here. It may not have been posted, or not yet."))
    return attachment
