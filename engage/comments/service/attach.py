"""Keep files until their comment is sent, put them to it, and let them go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, undefer

from engage.comments.models import Attachment, Comment, CommentClause, CommentTranslation, Stance, Upload
from engage.db.base import random_id
from engage.errors import RuleBroken
from engage.files import CleanFile

MOST_BYTES_WAITING = 2 * 1024**3
"""Of all files that wait for their comments: a stranger must not be able to fill the disk."""


class FilesGone(RuleBroken):
    """A file that the form shows is here no more: it waited for too long."""


class NoRoom(RuleBroken):
    """Too many files wait for their comments just now."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that goes with a comment: where it waits, and what its sender says that it shows."""

    token: str
    digest: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ChosenClause:
    """A clause that a comment is about, and what is wanted of it."""

    key: str
    version_id: int
    stance: Stance | None = None


def keep_uploads(session: Session, token: str, files: Sequence[CleanFile], today: date) -> None:
    """Keep clean files for the form with this token to the end of the next day. Twice the same file is one.

    Raises NoRoom.
    """
    waiting = session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Upload.size), 0))) or 0
    if waiting + sum(len(file.content) for file in files) > MOST_BYTES_WAITING:
        raise NoRoom(_l("Too many files wait to be sent just now. Try again in an hour."))
    place = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(Upload.place), 0)).where(Upload.token == token)
    )
    for number, file in enumerate(files, (place or 0) + 1):
        values = {
            "id": random_id(),
            "token": token,
            "place": number,
            "kind": file.kind,
            "size": len(file.content),
            "digest": file.digest,
            "purge_after": today + timedelta(days=1),
            "content": file.content,
        }
        session.execute(_insert(session, values))


def move_uploads(session: Session, token: str, new_token: str) -> None:
    """Let the files of one form wait for another one."""
    session.execute(sa.update(Upload).where(Upload.token == token).values(token=new_token))


def attach(
    session: Session, comment: Comment, files: Sequence[SentFile], clauses: Sequence[ChosenClause]
) -> None:
    """Put files, in their order, and clauses to a new comment. Raises FilesGone where one waits no more."""
    for number, file in enumerate(files, 1):
        upload = session.scalar(
            sa.select(Upload)
            .where(Upload.token == file.token, Upload.digest == file.digest)
            .options(undefer(Upload.content))
        )
        if upload is None:
            raise FilesGone(
                _l("A file that you added is no longer here, because it waited for too long. Add it again.")
            )
        comment.attachments.append(
            Attachment(
                number=number,
                kind=upload.kind,
                size=upload.size,
                digest=upload.digest,
                description=file.description,
                content=upload.content,
            )
        )
    comment.clauses += [
        CommentClause(clause=chosen.key, version_id=chosen.version_id, stance=chosen.stance)
        for chosen in clauses
    ]
    session.flush()
    drop_uploads(session, {file.token for file in files})


def is_same(comment: Comment, files: Sequence[SentFile], clauses: Sequence[ChosenClause]) -> bool:
    """Whether a comment that is here already carries just these files and clauses."""
    kept = {(attachment.digest, attachment.description) for attachment in comment.attachments}
    chosen = {(row.clause, row.stance) for row in comment.clauses}
    return kept == {(file.digest, file.description) for file in files} and chosen == {
        (clause.key, clause.stance) for clause in clauses
    }


def drop_uploads(session: Session, tokens: set[str]) -> None:
    """The forms with these tokens are sent: what still waits for them, waits for nothing."""
    if tokens:
        session.execute(sa.delete(Upload).where(Upload.token.in_(tokens)))


def forget_attached(session: Session, comment: Comment) -> None:
    """Let go of a comment's files, clauses and translations: it is withdrawn, or its time is over."""
    session.execute(sa.delete(Attachment).where(Attachment.comment_id == comment.id))
    session.execute(sa.delete(CommentClause).where(CommentClause.comment_id == comment.id))
    session.execute(sa.delete(CommentTranslation).where(CommentTranslation.comment_id == comment.id))
    session.expire(comment, ["attachments", "clauses"])


def purge_uploads(session: Session, today: date) -> int:
    """Let go of the files whose comments were not sent; returns how many."""
    old = sa.select(Upload.id).where(Upload.purge_after < today)
    ids = session.scalars(old).all()
    if ids:
        session.execute(sa.delete(Upload).where(Upload.id.in_(ids)))
    return len(ids)


def _insert(session: Session, values: dict[str, object]) -> sa.Insert:
    """Insert an upload unless it is here: two requests of one form may bring the same file at once."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Upload) if is_postgresql else sqlite.insert(Upload)
    return insert.values(**values).on_conflict_do_nothing(index_elements=["token", "digest"])
