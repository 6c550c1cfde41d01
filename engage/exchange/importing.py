"""Bring the comments of another system's file into a comment period, again and again.

A comment is known by its period, its source's system and its id there, so the same file twice changes
nothing and a newer file changes what it says otherwise. What the source has withdrawn becomes a tombstone,
and nothing brings that back. A comment follows what its source says of posting and restricting until one of
our moderators decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.models import (
    Channel,
    Comment,
    CommentAnalysis,
    CommentBatch,
    CommentPeriod,
    Disposition,
)
from engage.comments.parts import tell_received
from engage.comments.service.submit import ANALYSE
from engage.db.session import advisory_lock
from engage.exchange.imported import Fate, Target, content_of, fate_of
from engage.exchange.records import MAX_ID, RowProblem, Source, SourceComment
from engage.jobs.queue import wake
from engage.moderation import service as moderation
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.moderation.service.log import lock_comments

BATCH: Final = 500
_IMPORT_LOCK: Final = 2_870_006


@dataclass(slots=True)
class Summary:
    """What an import did, or would do, in numbers of records.

    ``changed`` counts withdrawals too. ``skipped`` are no comments, or new ones that the source restricts
    without giving a text. ``waiting`` are those among the new and changed that now wait for our moderators.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    skipped: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        shown = (field.name for field in fields(self) if field.name != "waiting")
        return ", ".join(f"{getattr(self, name)} {name}" for name in shown)


def import_comments(
    session: Session,
    *,
    source: Source,
    period: CommentPeriod,
    now: datetime,
    origin: str | None = None,
    batch: CommentBatch | None = None,
    dry_run: bool = False,
    on_problem: Callable[[RowProblem], None] = lambda _problem: None,
    on_progress: Callable[[], None] = lambda: None,
) -> Summary:
    """Take over what is new and changed in a file; returns how many records were what.

    ``origin`` names where the file comes from, such as one of two Pol.is conversations that both number their
    comments from 0: ids need only be unique within it. ``batch`` is that of an organiser: what is new belongs
    to it.

    Reads the file as a stream and writes in batches, all in the caller's transaction: BadFile, raised where
    the rest of the file cannot be trusted, must roll it back. Bad rows are told to ``on_problem`` and the
    good ones taken. With ``dry_run`` it only compares. ``on_progress`` is called after every batch;
    ``source.bytes_read`` says how far it is.
    """
    target = Target.of(session, source, period, now, batch)
    summary = Summary()
    if not dry_run:
        advisory_lock(session, _IMPORT_LOCK)
        wake(session, ANALYSE)
    for rows in _batches(_good_rows(_of_origin(source, origin), summary, on_problem)):
        _take_over(session, target, rows, summary, dry_run=dry_run)
        on_progress()
    summary.skipped += source.skipped
    return summary


def _of_origin(source: Source, origin: str | None) -> Iterator[SourceComment | RowProblem]:
    for item in source:
        if origin is None or isinstance(item, RowProblem):
            yield item
        elif len(origin) + 1 + len(item.source_id) > MAX_ID:
            yield RowProblem(item.row, item.source_id, f"The id is too long to stand behind “{origin}/”.")
        else:
            yield replace(item, source_id=f"{origin}/{item.source_id}")


def _good_rows(
    items: Iterable[SourceComment | RowProblem], summary: Summary, on_problem: Callable[[RowProblem], None]
) -> Iterator[SourceComment]:
    for item in items:
        if isinstance(item, RowProblem):
            summary.bad += 1
            on_problem(item)
        else:
            yield item


def _batches(rows: Iterable[SourceComment]) -> Iterator[list[SourceComment]]:
    batch: list[SourceComment] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _take_over(
    session: Session, target: Target, batch: list[SourceComment], summary: Summary, *, dry_run: bool
) -> None:
    known = _known(session, target, batch, locked=not dry_run)
    decided = _decided(session, [comment.id for comment in known.values()])
    new = [said for said in batch if said.source_id not in known]
    brought = [said for said in new if said.text or said.disposition == "withdrawn"]
    steps = [_step(target, known[said.source_id], said, decided) for said in batch if said.source_id in known]
    due = [step for step in steps if step.is_due]
    summary.new += len(brought)
    summary.skipped += len(new) - len(brought)
    summary.changed += len(due)
    summary.unchanged += len(steps) - len(due)
    summary.waiting += sum(fate_of(said)[0] is Disposition.RECEIVED for said in brought)
    summary.waiting += sum(step.fate is not None and step.fate[0] is Disposition.RECEIVED for step in due)
    if not dry_run:
        _add(session, target, brought)
        _change(session, target, due)


def _known(
    session: Session, target: Target, batch: list[SourceComment], *, locked: bool
) -> dict[str, Comment]:
    """The comments of this batch that are there already, by their ids in the source."""
    ids = session.scalars(
        sa.select(Comment.id).where(
            Comment.period_id == target.period_id,
            Comment.source_format == target.system,
            Comment.source_id.in_([said.source_id for said in batch]),
        )
    ).all()
    found = (
        lock_comments(session, ids)
        if locked
        else session.scalars(sa.select(Comment).where(Comment.id.in_(ids)))
    )
    return {comment.source_id or "": comment for comment in found}


def _decided(session: Session, comment_ids: Sequence[int]) -> frozenset[int]:
    """Those about which a person of ours has decided."""
    decisions = (
        ModerationAction.POST,
        ModerationAction.RESTRICT,
        ModerationAction.REOPEN,
        ModerationAction.CONFIRM,
        ModerationAction.APPEAL_UPHELD,
        ModerationAction.APPEAL_DENIED,
    )
    statement = sa.select(ModerationEvent.comment_id).where(
        ModerationEvent.comment_id.in_(comment_ids),
        ModerationEvent.actor_id.is_not(None),
        ModerationEvent.action.in_(decisions),
    )
    return frozenset(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class _Step:
    """What has to be done about a comment that is known: new ``values``, another ``fate``, or both."""

    comment: Comment
    values: Mapping[str, Any]
    fate: Fate | None

    @property
    def is_due(self) -> bool:
        return bool(self.values) or self.fate is not None


def _step(target: Target, comment: Comment, said: SourceComment, decided: frozenset[int]) -> _Step:
    if comment.disposition is Disposition.WITHDRAWN:
        return _Step(comment, {}, None)
    fate = fate_of(said)
    if fate[0] is Disposition.WITHDRAWN:
        return _Step(comment, {}, fate)
    values = {
        name: value for name, value in content_of(target, said).items() if _present(comment, name) != value
    }
    has_same_fate = (comment.disposition, comment.restriction_reason) == fate
    return _Step(comment, values, None if has_same_fate or comment.id in decided else fate)


def _present(comment: Comment, name: str) -> object:
    """What we have; of a redacted comment the text as it came, or the source would look changed for ever."""
    session = sa.orm.object_session(comment)
    if name == "body" and comment.is_redacted and session is not None:
        return moderation.open_original(session, comment)
    return getattr(comment, name)


def _add(session: Session, target: Target, brought: list[SourceComment]) -> None:
    if not brought:
        return
    comments = [_new_comment(target, said) for said in brought]
    session.add_all(comments)
    session.flush()
    tell_received(session, comments)
    moderation.record_import(session, comments, None, target.now)
    for comment, said in zip(comments, brought, strict=True):
        if said.disposition == "withdrawn":
            moderation.withdraw_comment(session, comment, None, target.now)


def _new_comment(target: Target, said: SourceComment) -> Comment:
    """The row of a new comment. What the source has withdrawn is not even written for a moment."""
    fate, reason = fate_of(said)
    common: dict[str, Any] = {
        "period_id": target.period_id,
        "channel": Channel.IMPORT,
        "source_format": target.system,
        "source_id": said.source_id,
        "received_on": target.today,
        "batch_id": target.batch_id,
    }
    values = content_of(target, said)
    if fate is Disposition.WITHDRAWN:
        kept = {name: values[name] for name in ("received_on", "on_time", "position") if name in values}
        return Comment(**common | kept, body="", body_digest="", analysis_due=False)
    return Comment(
        **common | values,
        body_digest=fingerprint(values["body"]),
        disposition=fate,
        restriction_reason=reason,
    )


def _change(session: Session, target: Target, due: list[_Step]) -> None:
    if not due:
        return
    updated = [step for step in due if step.values]
    rewritten = [step.comment for step in updated if "body" in step.values]
    unseen = [comment for comment in rewritten if comment.is_redacted]
    for comment in unseen:
        moderation.forget_redactions(session, comment)
    for step in updated:
        for name, value in step.values.items():
            setattr(step.comment, name, value)
    for comment in rewritten:
        comment.body_digest = fingerprint(comment.body)
        comment.analysis_due = True
    # What was measured quotes the former text, which its author may have wanted to be gone.
    session.execute(
        sa.delete(CommentAnalysis).where(
            CommentAnalysis.comment_id.in_([comment.id for comment in rewritten])
        )
    )
    moderation.record_update(session, [step.comment for step in updated], None, target.now)
    # The new text may hold again what was redacted: nobody reads it before a moderator has.
    posted = [comment for comment in unseen if comment.disposition is Disposition.POSTED]
    moderation.reopen_comments(session, posted, None, target.now)
    for step in due:
        if step.fate is not None:
            _follow(session, step.comment, step.fate, target.now)


def _follow(session: Session, comment: Comment, fate: Fate, now: datetime) -> None:
    """Do to a comment what its source did."""
    disposition, reason = fate
    if disposition is Disposition.WITHDRAWN:
        moderation.withdraw_comment(session, comment, None, now)
        return
    if comment.disposition is not Disposition.RECEIVED:
        moderation.reopen_comments(session, [comment], None, now)
    if disposition is Disposition.POSTED:
        moderation.post_comments(session, [comment], None, now)
    elif reason is not None:
        moderation.restrict_comments(session, [comment], None, now, reason)
