"""Write to those who follow their own comment when the county answers what it raises. May run twice, and at
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.follows.models import Follow, FollowTold
from engage.follows.service.find import LOOK_BACK, mail_comment_news
from engage.follows.tokens import comment_key
from engage.web.news import CommentHappening, comment_happenings

_AT_ONCE = 500
_KIND = "comment"
_OWN = "own "
"""Before the key of a happening, so that followers of the period and of comments are told each once."""


def find_answers() -> int:
    """Job: a mail to everybody whose own comment was answered since; returns how many happenings were new."""
    now = utcnow()
    with db.sessionmaker() as session:
        found = comment_happenings(session, now - LOOK_BACK, now)
        keys = [_OWN + happening.key for happening in found]
        told = set(session.scalars(sa.select(FollowTold.event_key).where(FollowTold.event_key.in_(keys))))
        new = [happening for happening in found if _OWN + happening.key not in told]
        for happening in new:
            _tell(session, happening)
    return len(new)


def _tell(session: Session, happening: CommentHappening) -> None:
    """Mail page by page, then it is done. A repeat after a crash mails nobody twice."""
    wanted = iter(_followed(session, happening))
    while page := list(islice(wanted, _AT_ONCE)):
        with write_transaction() as writing:
            _mail(writing, page, happening)
    with write_transaction() as writing:
        dialect = postgresql if writing.get_bind().dialect.name == "postgresql" else sqlite
        done = dialect.insert(FollowTold).values(
            event_key=_OWN + happening.key, happened_on=happening.happened_at.date()
        )
        writing.execute(done.on_conflict_do_nothing())


def _followed(session: Session, happening: CommentHappening) -> Iterator[str]:
    """The keys of the comments that somebody follows.

    A follow holds a keyed hash and not the comment, so every comment is hashed and looked up among the few
    that are followed; where none is, no comment is read.
    """
    followed = set(
        session.scalars(sa.select(Follow.subject_key).where(Follow.subject_kind == _KIND).distinct())
    )
    if not followed:
        return
    for comment_id in happening.comments(session):
        key = comment_key(comment_id)
        if key in followed:
            yield key


def _mail(session: Session, keys: Sequence[str], happening: CommentHappening) -> None:
    follows = session.scalars(
        sa.select(Follow).where(Follow.subject_kind == _KIND, Follow.subject_key.in_(keys))
    )
    for follow in follows:
        if not follow.follower.is_stopped:
            # Without the comment in it: who follows two comments is told once that there is news.
            mail_comment_news(session, follow, _OWN + happening.key)
