"""Confirm or correct the concerns of a comment: a person reads it, and both readings are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, selectinload

from engage.accounts.models import User
from engage.comments.models import Comment, CommentAnalysis, CommentReview, Disposition
from engage.comments.reviewed import as_found, as_read, review_of
from engage.errors import RuleBroken

MOST_COPIES = 2_000
"""Of one text, at once: of more, the others wait in the queue."""


class WordsChanged(RuleBroken):
    """The comment says something else than what was read, or is not posted any more."""


class NotMeasured(RuleBroken):
    """The program has not read the comment yet, so that there is nothing to confirm."""


def review_comment(
    session: Session,
    comment: Comment,
    person: User,
    *,
    concerns: Collection[str],
    of_digest: str,
    today: date,
) -> int:
    """Keep what a person has read in a comment, for every posted comment of the same text; returns for how
    many.

    ``of_digest`` is that of the text that the person had before them. Raises WordsChanged, NotMeasured.
    """
    copies = _copies(session, comment, of_digest)
    if comment.id not in {each.id for each in copies}:
        raise WordsChanged(
            _l("This comment has been changed meanwhile, or is not posted any more. Read it again.")
        )
    measured = [each for each in copies if each.analysis is not None and not each.analysis_due]
    if comment.id not in {each.id for each in measured}:
        raise NotMeasured(_l("The program has not read this comment yet. Try again in a few minutes."))
    for each in measured:
        _review(each, person, concerns, today)
    session.flush()
    return len(measured)


def undo_review(session: Session, comment: Comment, *, of_digest: str) -> int:
    """Go back to what the machine found, for every posted comment of the same text; returns for how many."""
    undone = [each for each in _copies(session, comment, of_digest) if review_of(each) is not None]
    for each in undone:
        machine = each.review.machine if each.review else []
        _say(each, [code for code, *_ in machine], machine)
        each.review = None
    session.flush()
    return len(undone)


def forget_reviews(session: Session, comments: Sequence[Comment]) -> None:
    """The words of these comments were redacted or erased: nobody has read what stands there now."""
    session.execute(
        sa.delete(CommentReview).where(CommentReview.comment_id.in_([comment.id for comment in comments]))
    )
    for comment in comments:
        session.expire(comment, ["review"])


def _copies(session: Session, comment: Comment, of_digest: str) -> Sequence[Comment]:
    """Held, in one order; what is found of them is read once they are. The comment itself comes first."""
    session.flush()
    return session.scalars(
        sa.select(Comment)
        .where(
            Comment.period_id == comment.period_id,
            Comment.body_digest == of_digest,
            Comment.disposition == Disposition.POSTED,
        )
        .order_by(Comment.id != comment.id, Comment.id)
        .limit(MOST_COPIES)
        .options(
            selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns),
            selectinload(Comment.review),
        )
        .with_for_update(of=Comment)
        .execution_options(populate_existing=True)
    ).all()


def _review(comment: Comment, person: User, concerns: Collection[str], today: date) -> None:
    before = review_of(comment)
    analysis = comment.analysis
    machine = before.machine if before else as_found(analysis.concerns if analysis else ())
    review = comment.review or CommentReview(comment_id=comment.id)
    review.machine = machine
    review.confirmed = set(concerns) == {code for code, *_ in machine}
    review.of_digest = comment.body_digest
    review.read_by_id, review.read_on = person.id, today
    comment.review = review
    _say(comment, concerns, machine)


def _say(comment: Comment, codes: Collection[str], machine: Sequence[Sequence[object]]) -> None:
    """Let these concerns stand where every reader looks, and be counted."""
    if comment.analysis is None:
        return
    wanted = {concern.code: concern for concern in as_read(codes, machine)}
    kept = [concern for concern in comment.analysis.concerns if concern.code in wanted]
    for concern in kept:
        as_wanted = wanted.pop(concern.code)
        concern.denied, concern.spans = as_wanted.denied, as_wanted.spans
    comment.analysis.concerns = [*kept, *wanted.values()]
    comment.mark_changed()
