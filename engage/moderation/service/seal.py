"""Seal the original of a redacted comment, open it for whoever may, destroy its key."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.moderation.models import Redaction, SealedKey, SealedOriginal
from engage.sealing import Sealer, new_key

_PURPOSE = "original"


def seal_original(session: Session, comment: Comment) -> None:
    """Encrypt the text of a comment as it stands, under a new key of its own."""
    key, bound_to = new_key(), str(comment.id)
    sealed = Sealer(key, _PURPOSE).seal(comment.body.encode(), bound_to=bound_to)
    session.add(SealedOriginal(comment_id=comment.id, sealed=sealed))
    session.flush()
    session.add(SealedKey(comment_id=comment.id, sealed=_key_sealer().seal(key, bound_to=bound_to)))
    session.flush()


def open_original(session: Session, comment: Comment) -> str:
    """The text as it was sent; the present one where nothing is redacted."""
    if not comment.is_redacted:
        return comment.body
    bound_to = str(comment.id)
    key = _key_sealer().open(session.get_one(SealedKey, comment.id).sealed, bound_to=bound_to)
    original = session.get_one(SealedOriginal, comment.id)
    return Sealer(key, _PURPOSE).open(original.sealed, bound_to=bound_to).decode()


def destroy_original(session: Session, comment: Comment) -> None:
    """Destroy the key, the original and what says where it was redacted. The present text stays as it is."""
    for table in (Redaction, SealedKey, SealedOriginal):
        session.execute(sa.delete(table).where(table.comment_id == comment.id))


def seal_words(text: str, bound_to: str) -> bytes:
    """Encrypt what a resident wrote to the moderators alone."""
    return _words_sealer().seal(text.encode(), bound_to=bound_to)


def open_words(sealed: bytes | None, bound_to: str) -> str:
    """What a resident wrote; nothing where it was not written or has been purged."""
    return _words_sealer().open(sealed, bound_to=bound_to).decode() if sealed else ""


def index_of(text: str) -> str:
    """A keyed hash by which a code is known again."""
    return _words_sealer().index(text)


def _key_sealer() -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, "key of an original")


def _words_sealer() -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, "words to moderators")
