"""Redact stretches of a comment, take one back, read the sealed original. Each is a line of the log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.analysis import fingerprint
from engage.comments import spans as places
from engage.comments.models import Comment, Disposition
from engage.comments.parts import tell_rewritten
from engage.comments.service.submit import ANALYSE
from engage.comments.spans import Span
from engage.errors import NotFound, RuleBroken
from engage.jobs.queue import wake
from engage.moderation.models import LogReason, ModerationAction, ModerationEvent, Redaction
from engage.moderation.rules import MOST_REDACTED, is_second_person_required
from engage.moderation.service.log import WrongState, check_state, lock_comments, write_log
from engage.moderation.service.seal import destroy_original, open_original, seal_original


class TooMuch(RuleBroken):
    """So much was chosen that it would be a removal by one person."""


class NothingChosen(RuleBroken):
    """No stretch was chosen that is not redacted already."""


def version_of(comment: Comment) -> str:
    """Names the text that a moderator was shown, so that a redaction never hits another one."""
    return hashlib.sha256(comment.body.encode()).hexdigest()[:32]


def spans_of(session: Session, comment: Comment) -> list[Span]:
    """What is redacted of a comment, in order, as places in its original."""
    return [Span(row.start, row.stop, row.kind) for row in redactions_of(session, comment)]


def redactions_of(session: Session, comment: Comment) -> Sequence[Redaction]:
    """The redactions of a comment, in the order of its text."""
    statement = sa.select(Redaction).where(Redaction.comment_id == comment.id)
    return session.scalars(statement.order_by(Redaction.start)).all()


def redact_comment(
    session: Session,
    comment: Comment,
    chosen: Sequence[Span],
    actor: User,
    now: datetime,
    reason: LogReason,
    *,
    version: str,
) -> ModerationEvent:
    """Put marks in place of ``chosen``, places in the text as it is shown, and seal the original.

    Raises WrongState where the text is no longer ``version`` or the comment is withdrawn, NothingChosen, and
    TooMuch where it would hide more than a part of what somebody said.
    """
    locked = _locked(session, comment, ModerationAction.REDACT, version)
    original, before = open_original(session, locked), spans_of(session, locked)
    layout = places.pieces(len(original), before)
    wanted = [places.in_original(span, layout) for span in _inside(chosen, len(locked.body))]
    after = places.merge([*before, *wanted])
    if after == before:
        raise NothingChosen(_l("Choose at least one stretch of the text."))
    if is_second_person_required() and places.part_beyond(original, after) > MOST_REDACTED:
        raise TooMuch(
            _l(
                "That would hide more than half of what was said. Propose to keep the whole comment from "
                "readers."
            )
        )
    if not locked.is_redacted:
        seal_original(session, locked)
    kept = {(row.start, row.stop): row.reason for row in redactions_of(session, locked)}
    session.execute(sa.delete(Redaction).where(Redaction.comment_id == locked.id))
    session.add_all(
        Redaction(
            comment_id=locked.id,
            start=span.start,
            stop=span.stop,
            kind=span.kind,
            reason=kept.get((span.start, span.stop), reason),
        )
        for span in after
    )
    locked.is_redacted = True
    _rewrite(session, locked, places.redacted(original, after))
    return write_log(session, [locked], ModerationAction.REDACT, actor, now, reason)[0]


def restore_redaction(
    session: Session, comment: Comment, redaction_id: int, actor: User, now: datetime
) -> ModerationEvent:
    """Show a redacted stretch again, from the sealed original. Raises NotFound where it is shown already."""
    locked = _locked(session, comment, ModerationAction.RESTORE)
    redaction = session.get(Redaction, redaction_id)
    if redaction is None or redaction.comment_id != locked.id:
        raise NotFound(_l("This stretch is not redacted any more."))
    original = open_original(session, locked)
    session.delete(redaction)
    session.flush()
    left = spans_of(session, locked)
    if not left:
        destroy_original(session, locked)
        locked.is_redacted = False
    _rewrite(session, locked, places.redacted(original, left) if left else original)
    return write_log(session, [locked], ModerationAction.RESTORE, actor, now, LogReason.OVER_REDACTED)[0]


def read_original(session: Session, comment: Comment, actor: User, now: datetime, reason: LogReason) -> str:
    """The text as it was sent, for a moderator who says what for. Raises NotFound where nothing is sealed."""
    locked = _locked(session, comment, ModerationAction.OPEN_ORIGINAL)
    if not locked.is_redacted:
        raise NotFound(_l("Nothing of this comment is sealed."))
    original = open_original(session, locked)
    write_log(session, [locked], ModerationAction.OPEN_ORIGINAL, actor, now, reason)
    return original


def forget_redactions(session: Session, comment: Comment) -> None:
    """The text has been replaced by another, or is gone: destroy what was sealed of it."""
    destroy_original(session, comment)
    comment.is_redacted = False


def _locked(
    session: Session, comment: Comment, action: ModerationAction, version: str | None = None
) -> Comment:
    (locked,) = lock_comments(session, [comment.id])
    check_state(locked, action)
    if version is not None and version != version_of(locked):
        raise WrongState(
            _l("The text of comment %(number)s has changed meanwhile.", number=locked.tracking_number)
        )
    return locked


def _inside(chosen: Sequence[Span], length: int) -> list[Span]:
    return [span for span in chosen if 0 <= span.start < span.stop <= length]


def _rewrite(session: Session, comment: Comment, body: str) -> None:
    """Replace the text. What was measured quotes the former one, so it goes and is measured anew."""
    comment.body, comment.body_digest = body, fingerprint(body)
    comment.analysis = None
    comment.analysis_due = comment.disposition is not Disposition.WITHDRAWN
    session.flush()
    tell_rewritten(session, [comment])
    wake(session, ANALYSE)
