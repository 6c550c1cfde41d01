"""The sealer: puts entries into the log and signs its new head. Two at once, or one that is killed: no harm.

It takes every entry without a number, never those behind a last one, because a transaction that began earlier
may commit later. Entries are sorted by their hashes, so that the log does not tell who came before whom; and
it is sealed either when many wait or once a day, so that it does not tell the hour at which a few came.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import advisory_lock, db, write_transaction
from engage.receipts import queries, tree
from engage.receipts.keys import log_keys
from engage.receipts.models import LogEntry, LogHead, LogNode
from engage.receipts.notes import Checkpoint
from engage.web.locale import site_time_zone

BATCH = 20_000
_LOG_LOCK = 2_870_013


def seal_due() -> int:
    """Seal what is due; returns how many entries. A job: opens its own transactions."""
    now = utcnow()
    with db.sessionmaker() as session:
        if not queries.is_seal_due(session, now):
            return 0
    with write_transaction() as session:
        take_log(session)
        return seal(session, now=now) if queries.is_seal_due(session, now) else 0


def take_log(session: Session) -> None:
    """Let one transaction at a time add to the log, until it ends."""
    advisory_lock(session, _LOG_LOCK)


def seal(session: Session, *, now: datetime) -> int:
    """Put entries that wait into the log, at most BATCH, and sign its new head; returns how many."""
    take_log(session)
    pending = session.execute(
        sa.select(LogEntry.id, LogEntry.leaf_hash)
        .where(LogEntry.leaf_index.is_(None))
        .order_by(LogEntry.leaf_hash)
        .limit(BATCH)
    ).all()
    if not pending:
        return 0
    newest = queries.newest_head(session)
    frontier = tree.Frontier(newest.size if newest else 0, queries.get_node(session))
    nodes, numbers = [], []
    for entry_id, leaf in pending:
        numbers.append({"entry": entry_id, "number": frontier.size})
        nodes += [
            {"level": level, "position": position, "hash": found}
            for (level, position), found in frontier.append(leaf)
        ]
    # By the connection: a session would look at each of thousands of rows by itself.
    connection = session.connection()
    connection.execute(sa.insert(LogNode), nodes)
    connection.execute(
        sa.update(LogEntry)
        .where(LogEntry.id == sa.bindparam("entry"))
        .values(leaf_index=sa.bindparam("number")),
        numbers,
    )
    session.add(_head(frontier, now))
    session.flush()
    return len(pending)


def _head(frontier: tree.Frontier, now: datetime) -> LogHead:
    signer = log_keys().signer
    checkpoint = Checkpoint(signer.name, frontier.size, frontier.root())
    return LogHead(
        size=checkpoint.size,
        root=checkpoint.root,
        sealed_on=now.astimezone(site_time_zone()).date(),
        note=signer.sign(checkpoint.text),
    )
