"""Put a comment into another language, by hand."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, CommentTranslation, Disposition
from engage.comments.models.translation import digest_of_words
from engage.errors import RuleBroken


class NothingToTranslate(RuleBroken):
    """The comment has no words any more."""


class WordsChanged(RuleBroken):
    """The words of the comment are other ones than those that were translated."""


def translate_comment(
    session: Session,
    comment: Comment,
    *,
    language: str,
    body: str,
    of_digest: str,
    translator: User,
    today: date,
) -> CommentTranslation | None:
    """Keep what a person made of a comment, instead of what was there; an empty text takes it away.

    ``of_digest`` is that of the words that the translator had before them. Raises NothingToTranslate,
    WordsChanged.
    """
    locked = session.scalars(sa.select(Comment).where(Comment.id == comment.id).with_for_update()).one()
    if locked.disposition is Disposition.WITHDRAWN:
        raise NothingToTranslate(_l("This comment was withdrawn. There is nothing to translate."))
    if digest_of_words(locked.body) != of_digest:
        raise WordsChanged(_l("The comment has been changed meanwhile. Compare your translation with it."))
    key = {"comment_id": comment.id, "language": language}
    session.execute(sa.delete(CommentTranslation).filter_by(**key))
    if not body:
        return None
    translation = CommentTranslation(
        **key, body=body, of_digest=of_digest, made_by_id=translator.id, made_on=today
    )
    session.add(translation)
    session.flush()
    return translation
