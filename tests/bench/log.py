"""The public log at a thousand to a million leaves: to append, to prove and to verify, beside log n.

Each is the time of the processor and not of the clock: on a machine that others use too, the clock tells of
them, and a growth would drown in it.
"""

from __future__ import annotations

import math
import secrets
import statistics
import time
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.receipts import queries, tree, verify
from engage.receipts.keys import log_keys
from engage.receipts.models import LogEntry, LogHead
from engage.receipts.notes import Checkpoint
from engage.receipts.service import seal
from tests.bench import Figure, Place, benchmark

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BATCH = 20
"""As many are sealed at once when comments come one by one."""

_CHUNK = 20_000


@benchmark
def log(place: Place) -> Iterator[Figure]:
    """Grows one log; at each size, times what a resident and the sealer do."""
    medians: dict[str, dict[int, float]] = {"append": {}, "prove": {}, "verify": {}, "consistency": {}}
    with place.app.app_context():
        for size in SIZES:
            grown = _grow(size)
            yield Figure(f"append a large batch, up to {size:,} leaves", grown, "leaves/s")
            for name, milliseconds in _measure(size).items():
                medians[name][size] = milliseconds
                yield Figure(f"{_NAMES[name]}, {size:,} leaves, median", milliseconds, "ms of processor")
        yield Figure("leaves whose root was computed anew and is the signed one", _whole(), "leaves")
        first, last = SIZES[0], SIZES[-1]
        for name, values in medians.items():
            growth = values[last] / values[first] / (math.log(last) / math.log(first))
            yield Figure(f"{name}: growth from {first:,} to {last:,}, by that of log n", growth, "ratio")


_NAMES = {
    "append": f"append a batch of {BATCH} and sign the head",
    "prove": "prove a leaf",
    "verify": "verify a proof and its signed head, offline",
    "consistency": "prove that the log only grew",
}


def _grow(size: int) -> float:
    """Fill the log up to a size; returns how many leaves a second the sealer puts in, in one large batch.

    Only the last batch goes through the sealer: entries for all would be another benchmark, of the database.
    """
    batch = min(_CHUNK, size // 2)
    with write_transaction() as session:
        head = queries.newest_head(session)
        frontier = tree.Frontier(head.size if head else 0, queries.get_node(session))
        connection = session.connection()
        while frontier.size < size - batch:
            number = min(_CHUNK, size - batch - frontier.size)
            done = [node for _ in range(number) for node in frontier.append(secrets.token_bytes(32))]
            rows = [(level, position, found) for (level, position), found in done]
            connection.exec_driver_sql("INSERT INTO log_node (level, position, hash) VALUES (?, ?, ?)", rows)
        note = log_keys().signer.sign(Checkpoint(log_keys().origin, frontier.size, frontier.root()).text)
        session.add(LogHead(size=frontier.size, root=frontier.root(), sealed_on=utcnow().date(), note=note))
    with write_transaction() as session:
        _enter(session, batch)
        begun = time.process_time()
        seal(session, now=utcnow())
        return batch / (time.process_time() - begun)


def _enter(session: Session, number: int) -> None:
    """Entries as comments leave them; what they are about plays no part here."""
    rows = [
        {
            "leaf_hash": secrets.token_bytes(32),
            "field_names": "body",
            "digests": bytes(32),
            "entered_on": utcnow().date(),
        }
        for _ in range(number)
    ]
    session.execute(sa.insert(LogEntry), rows)


def _measure(size: int) -> dict[str, float]:
    with db.sessionmaker() as session:
        found = session.scalars(sa.select(LogEntry).where(LogEntry.leaf_index.is_not(None)).limit(40)).all()
        entries = iter(list(found) * 10)
        head = queries.newest_head(session)
        proofs = [(entry, proof) for entry in found if (proof := queries.prove(session, entry))]
        if head is None:
            raise RuntimeError("The log is empty.")
        prove = _median(lambda: queries.prove(session, next(entries)))
        new = head.size
        consistency = _median(lambda: queries.prove_consistency(session, new // 3, new))
        many = iter(proofs * 10)
        checked = _median(lambda: _verify(*next(many)))
    return {
        "append": _append(),
        "prove": prove,
        "verify": checked,
        "consistency": consistency,
    }


def _verify(entry: LogEntry, proof: queries.Proof) -> None:
    key = verify.read_key(str(log_keys().signer.verifier_key))
    size, root = verify.open_checkpoint(proof.head.note, key)
    if verify.root_by_path(entry.leaf_hash, proof.index, size, list(proof.path)) != root:
        raise RuntimeError("A proof does not hold.")


def _append() -> float:
    """A batch as it is sealed in daily life. It is taken back, so that the log keeps its size."""

    def append() -> None:
        with db.sessionmaker() as session:
            _enter(session, BATCH)
            seal(session, now=utcnow())
            session.rollback()

    return _median(append)


def _whole() -> int:
    """Compute the newest root from all leaves; returns their number. Raises where it is another one."""
    with db.sessionmaker() as session:
        head = queries.newest_head(session)
        if head is None or tree.root_of(queries.leaf_hashes(session, 0, head.size)) != (head.size, head.root):
            raise RuntimeError("The head is not that of the leaves.")
        return head.size


def _median(act: Callable[[], object]) -> float:
    """The median of the processor's time for an act, in milliseconds."""
    times = []
    for _ in range(40):
        begun = time.process_time()
        act()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000
