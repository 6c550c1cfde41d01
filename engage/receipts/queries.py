"""What the log holds, what is due in it, and proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason
from engage.receipts import tree
from engage.receipts.models import (
    LeafDisposition,
    LogCosignature,
    LogDisposition,
    LogEntry,
    LogHead,
    LogManifest,
    LogNode,
    LogWitness,
)
from engage.receipts.parts import closed_fields
from engage.web.locale import site_time_zone

SEAL_AT = 20
"""So many that wait are sealed at once: each of them is one of twenty."""

SEAL_HOUR = timedelta(hours=3)
"""Else the log is sealed once a day, at this time of the night in the site's zone."""

PROMISED_DAYS = 2
"""By the end of so many days after the one on which it was entered, a comment is promised to be sealed."""

BATCH = 1000

Standing = tuple[LeafDisposition, ModerationReason | None]
"""What has become of a leaf, and the reason where there is one."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf and what has become of it."""

    index: int
    hash: bytes
    disposition: LeafDisposition
    reason: ModerationReason | None

    @property
    def line(self) -> bytes:
        """The leaf as it goes into the digest of a manifest."""
        return f"{self.index} {self.hash.hex()} {self.disposition} {self.reason or '-'}\n".encode()


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is in the log: its number, the path to the root, and the head."""

    index: int
    path: Sequence[bytes]
    head: LogHead


def entry_of(session: Session, comment: Comment) -> LogEntry | None:
    """What the log holds of a comment; None for one that came before there was a log."""
    return session.scalar(sa.select(LogEntry).where(LogEntry.comment_id == comment.id))


def find_leaf(session: Session, leaf_hash: bytes) -> LogEntry | None:
    """The entry of a leaf."""
    return session.scalar(sa.select(LogEntry).where(LogEntry.leaf_hash == leaf_hash))


def newest_head(session: Session) -> LogHead | None:
    """The state of the log that was published last; None before the first."""
    return session.scalar(sa.select(LogHead).order_by(LogHead.size.desc()).limit(1))


def count_pending(session: Session) -> int:
    """How many entries wait to be sealed."""
    waiting = sa.select(sa.func.count()).select_from(LogEntry).where(LogEntry.leaf_index.is_(None))
    return session.scalar(waiting) or 0


def heads(session: Session, limit: int) -> Sequence[LogHead]:
    """Heads, the newest first."""
    return session.scalars(sa.select(LogHead).order_by(LogHead.size.desc()).limit(limit)).all()


def witnesses(session: Session) -> Sequence[LogWitness]:
    """Who is registered as a witness, by name."""
    return session.scalars(sa.select(LogWitness).order_by(LogWitness.name)).all()


def cosignatures(session: Session, sizes: Sequence[int]) -> Sequence[LogCosignature]:
    """What witnesses have signed of the heads of these sizes."""
    statement = (
        sa.select(LogCosignature)
        .join(LogCosignature.witness)
        .where(LogCosignature.size.in_(sizes))
        .options(joinedload(LogCosignature.witness))
        .order_by(LogCosignature.size, LogWitness.name)
    )
    return session.scalars(statement).all()


def signed_note(session: Session, head: LogHead) -> str:
    """The checkpoint of a head with the lines of all witnesses."""
    return head.note + "".join(one.line for one in cosignatures(session, [head.size]))


def get_node(session: Session) -> tree.Get:
    """Reads nodes one by one: for what needs a few of them."""

    def get(level: int, position: int) -> bytes:
        found = session.scalar(
            sa.select(LogNode.hash).where(LogNode.level == level, LogNode.position == position)
        )
        if found is None:
            raise AssertionError(f"The log has no node {level}, {position}.")
        return found

    return get


def prove(session: Session, entry: LogEntry) -> Proof | None:
    """That an entry is in the newest state of the log; None where it is not sealed yet."""
    head = newest_head(session)
    if head is None or entry.leaf_index is None or entry.leaf_index >= head.size:
        return None
    index, size = entry.leaf_index, head.size
    nodes = tree.nodes_for(lambda get: tree.inclusion_proof(get, index, size))
    return Proof(index, tree.inclusion_proof(_read(session, nodes), index, size), head)


def prove_consistency(session: Session, old: int, new: int) -> list[bytes]:
    """That the log of ``new`` leaves begins with that of ``old``. Raises ValueError where that cannot be."""
    nodes = tree.nodes_for(lambda get: tree.consistency_proof(get, old, new))
    return tree.consistency_proof(_read(session, nodes), old, new)


def leaf_hashes(session: Session, start: int, stop: int) -> Iterator[bytes]:
    """The leaves of a stretch of the log, in their order; a thousand are in memory at a time."""
    for first in range(start, stop, BATCH):
        yield from session.scalars(
            sa.select(LogNode.hash)
            .where(LogNode.level == 0, LogNode.position.between(first, min(first + BATCH, stop) - 1))
            .order_by(LogNode.position)
        )


def promised_by(entry: LogEntry) -> date:
    """The day by whose end an entry is promised to be in the log."""
    return entry.entered_on + timedelta(days=PROMISED_DAYS)


def is_seal_due(session: Session, now: datetime) -> bool:
    """Whether many wait, or some since before the last time of night, or some of a period that has closed."""
    waiting = sa.select(LogEntry.entered_on).where(LogEntry.leaf_index.is_(None)).limit(SEAL_AT)
    days = session.scalars(waiting).all()
    if not days:
        return False
    return len(days) == SEAL_AT or min(days) < _last_night(now) or _waits_of_closed(session, now)


def newest_manifest(session: Session) -> LogManifest | None:
    """The manifest that was published last."""
    return session.scalar(sa.select(LogManifest).order_by(LogManifest.version.desc()).limit(1))


def manifests(session: Session) -> Sequence[LogManifest]:
    """Every version, the newest first."""
    return session.scalars(sa.select(LogManifest).order_by(LogManifest.version.desc())).all()


def is_manifest_due(session: Session, now: datetime) -> bool:
    """Whether a period has closed since the last manifest and all its entries are sealed, or a night has
    passed in which the last one was not yet compared.
    """
    if newest_head(session) is None:
        return False
    newest = newest_manifest(session)
    if newest is not None and _last_night(newest.looked_at) < _last_night(now):
        return True
    closed = sa.select(CommentPeriod.id).where(
        CommentPeriod.published_at <= now, CommentPeriod.closes_at <= now
    )
    if newest is not None:
        closed = closed.where(CommentPeriod.closes_at > newest.looked_at)
    return session.scalar(closed.limit(1)) is not None and not _waits_of_closed(session, now)


def leaves_beside(session: Session, size: int, version: int) -> Iterator[tuple[Leaf, Standing | None]]:
    """Every leaf with what has become of it now, and with what a version of the manifest says of it."""
    for first in range(0, size, BATCH):
        last = min(first + BATCH, size) - 1
        known = _told(session, first, last, version)
        for leaf in _leaves(session, first, last):
            yield leaf, known.get(leaf.index)


def manifest_rows(session: Session, manifest: LogManifest) -> Iterator[Leaf]:
    """Every leaf as a manifest says it, also an older one."""
    for first in range(0, manifest.size, BATCH):
        last = min(first + BATCH, manifest.size) - 1
        told = _told(session, first, last, manifest.version)
        for index, leaf in enumerate(leaf_hashes(session, first, last + 1), start=first):
            yield Leaf(index, leaf, *told[index])


def entries_with_comments(session: Session, start: int, stop: int) -> Iterator[Sequence[LogEntry]]:
    """The sealed entries of a stretch of the log with their comments, some at a time."""
    for first in range(start, stop, BATCH):
        statement = (
            sa.select(LogEntry)
            .where(LogEntry.leaf_index.between(first, min(first + BATCH, stop) - 1))
            .options(
                joinedload(LogEntry.comment).joinedload(Comment.period).joinedload(CommentPeriod.docket),
                joinedload(LogEntry.comment).joinedload(Comment.district),
                joinedload(LogEntry.comment).selectinload(Comment.attachments),
                joinedload(LogEntry.comment).selectinload(Comment.clauses),
            )
            .order_by(LogEntry.leaf_index)
        )
        yield session.scalars(statement).all()
        session.expunge_all()


def _leaves(session: Session, first: int, last: int) -> list[Leaf]:
    rows = session.execute(
        sa.select(
            LogEntry.leaf_index,
            LogEntry.leaf_hash,
            Comment.id,
            Comment.disposition,
            Comment.restriction_reason,
        )
        .outerjoin(Comment, Comment.id == LogEntry.comment_id)
        .where(LogEntry.leaf_index.between(first, last))
        .order_by(LogEntry.leaf_index)
    ).all()
    posted = [row.id for row in rows if row.disposition is Disposition.POSTED]
    closed = closed_fields(session, posted)
    return [
        Leaf(
            row.leaf_index,
            row.leaf_hash,
            _standing(row.disposition, row.restriction_reason, is_closed=bool(closed.get(row.id))),
            row.restriction_reason,
        )
        for row in rows
    ]


def _standing(
    disposition: Disposition | None, reason: ModerationReason | None, *, is_closed: bool
) -> LeafDisposition:
    if disposition is Disposition.POSTED:
        return LeafDisposition.REDACTED if is_closed else LeafDisposition.PUBLISHED
    if disposition is Disposition.RESTRICTED:
        kinds = {
            ModerationReason.SPAM: LeafDisposition.SPAM,
            ModerationReason.DUPLICATE_SUBMISSION: LeafDisposition.DUPLICATE,
        }
        return kinds.get(reason, LeafDisposition.WITHHELD) if reason else LeafDisposition.WITHHELD
    if disposition is Disposition.WITHDRAWN:
        return LeafDisposition.WITHDRAWN
    return LeafDisposition.ERASED if disposition is None else LeafDisposition.WAITING


def _told(session: Session, first: int, last: int, version: int) -> dict[int, Standing]:
    """What a version says of these leaves: the newest row of each that is not of a later version."""
    rows = session.execute(
        sa.select(LogDisposition.leaf_index, LogDisposition.disposition, LogDisposition.reason)
        .where(LogDisposition.leaf_index.between(first, last), LogDisposition.version <= version)
        .order_by(LogDisposition.leaf_index, LogDisposition.version)
    )
    return {row.leaf_index: (row.disposition, row.reason) for row in rows}


def _waits_of_closed(session: Session, now: datetime) -> bool:
    """Whether an entry of a period that has closed waits. A late comment does not: it would tell its hour."""
    found = session.scalar(
        sa.select(LogEntry.id)
        .join(LogEntry.comment)
        .join(Comment.period)
        .where(LogEntry.leaf_index.is_(None), Comment.on_time, CommentPeriod.closes_at <= now)
        .limit(1)
    )
    return found is not None


def _last_night(now: datetime) -> date:
    """The day that began with the last time of sealing: what was entered on an earlier one is due."""
    local = now.astimezone(site_time_zone()).replace(tzinfo=None)
    return (local - SEAL_HOUR).date()


def _read(session: Session, nodes: Sequence[tree.Node]) -> tree.Get:
    """These nodes in one query. By level, because SQLite finds pairs in a list only by reading all rows."""
    positions: dict[int, list[int]] = {}
    for level, position in nodes:
        positions.setdefault(level, []).append(position)
    if not positions:
        return tree.getter({})
    wanted = [
        sa.and_(LogNode.level == level, LogNode.position.in_(found)) for level, found in positions.items()
    ]
    rows = session.execute(sa.select(LogNode.level, LogNode.position, LogNode.hash).where(sa.or_(*wanted)))
    return tree.getter({(level, position): found for level, position, found in rows})
