"""Count what has changed. May run twice at once, on many machines, and be killed at any moment.

To count a comment anew, the facts with which it stands in the numbers are taken out and its present ones put
in. So a report costs the same at a thousand comments and at ten million.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.base import Base, random_id
from engage.db.session import advisory_lock, write_transaction
from engage.labelling.service import mark_changed
from engage.reports.facts import read_facts
from engage.reports.measures import METHOD, Facts, TallyKey, distincts, of_distinct, tallies
from engage.reports.models import CountedComment, CountedPeriod, Distinct, DistinctKind, Tally

BATCH = 500
_START_OVER_LOCK = 2_870_005

Key = TypeVar("Key", bound=tuple[Any, ...])
DistinctKey = tuple[DistinctKind, str]
Changes = list[tuple[Facts | None, Facts]]
"""For each comment the facts with which it was counted so far (None: it was not), and the present ones."""


def count_due() -> int:
    """Count one batch of comments that are due; returns how many. A job handler: has its own transaction."""
    with write_transaction() as session:
        outdated = session.scalar(
            sa.select(CountedPeriod.period_id).where(CountedPeriod.method < METHOD).limit(1)
        )
        if outdated is not None:
            return start_over(session, outdated)
        comment_ids = _lock_due(session)
        if comment_ids:
            _count(session, comment_ids)
        return len(comment_ids)


def recount_period(session: Session, period_id: int) -> Counter[TallyKey]:
    """All numbers of a period from its raw rows, at any cost: what count_due must equal. Only reads."""
    numbers: Counter[TallyKey] = Counter()
    shared: Counter[DistinctKey] = Counter()
    for comment_ids in _all_ids(session, period_id):
        for _, facts in read_facts(session, comment_ids).values():
            numbers.update(tallies(facts))
            shared.update(distincts(facts))
    for (kind, _), n in shared.items():
        numbers += of_distinct(kind, n)
    return numbers


def start_over(session: Session, period_id: int) -> int:
    """Forget all numbers of a period and promise to count every comment of it; returns how many those are.

    The comments are taken before the period, as count_due does, so that neither waits for the other for ever.
    """
    advisory_lock(session, _START_OVER_LOCK)
    of_period = sa.select(Comment.id).where(Comment.period_id == period_id)
    session.execute(sa.update(Comment).where(Comment.period_id == period_id).values(count_due=True))
    _take_periods(session, [period_id])
    session.execute(sa.delete(CountedComment).where(CountedComment.comment_id.in_(of_period)))
    for table in (Tally, Distinct):
        session.execute(sa.delete(table).where(table.period_id == period_id))
    return session.scalar(sa.select(sa.func.count()).select_from(of_period.subquery())) or 0


def _lock_due(session: Session) -> list[int]:
    """The next batch, locked. Ids are random: starting anywhere lets many workers take different comments.

    What they say is read in a later statement: only there every table shows what others have written.
    """
    batch = sa.select(Comment.id).where(Comment.count_due).order_by(Comment.id).limit(BATCH)
    batch = batch.with_for_update(skip_locked=True)
    found = session.scalars(batch.where(Comment.id >= random_id())).all() or session.scalars(batch).all()
    return list(found)


def _count(session: Session, comment_ids: Collection[int]) -> None:
    counted = sa.select(CountedComment).where(CountedComment.comment_id.in_(comment_ids))
    before = {row.comment_id: Facts.from_json(row.facts) for row in session.scalars(counted)}
    now = read_facts(session, comment_ids)
    by_period: dict[int, Changes] = defaultdict(list)
    for comment_id, (period_id, facts) in now.items():
        by_period[period_id].append((before.get(comment_id), facts))
    _take_periods(session, by_period)
    for period_id, changes in by_period.items():
        _change_numbers(session, period_id, changes)
    rows = [{"comment_id": number, "facts": facts.to_json()} for number, (_, facts) in sorted(now.items())]
    _upsert(session, CountedComment, rows, key=("comment_id",))
    mark_changed(session, comment_ids)
    session.execute(sa.update(Comment).where(Comment.id.in_(comment_ids)).values(count_due=False))


def _take_periods(session: Session, period_ids: Collection[int]) -> None:
    """Wait for the turn to change the numbers of these periods, in order: so no two wait for each other."""
    counted_at = utcnow()
    rows = [
        {"period_id": number, "method": METHOD, "counted_at": counted_at} for number in sorted(period_ids)
    ]
    _upsert(session, CountedPeriod, rows, key=("period_id",))


def _change_numbers(session: Session, period_id: int, changes: Changes) -> None:
    numbers: Counter[TallyKey] = Counter()
    shared: Counter[DistinctKey] = Counter()
    for before, after in changes:
        numbers.update(tallies(after))
        shared.update(distincts(after))
        if before is not None:
            numbers.subtract(tallies(before))
            shared.subtract(distincts(before))
    numbers.update(_change_distincts(session, period_id, shared))
    stored = {
        TallyKey(measure, key): n
        for measure, key, n in session.execute(
            sa.select(Tally.measure, Tally.key, Tally.n).where(Tally.period_id == period_id)
        )
    }
    _store(session, Tally, period_id, ("measure", "key"), stored, numbers)


def _change_distincts(session: Session, period_id: int, shared: Counter[DistinctKey]) -> Counter[TallyKey]:
    """Store the new counts of texts and submitters; returns by how much the numbers about them change."""
    stored = {
        (kind, key): n
        for kind, key, n in session.execute(
            sa.select(Distinct.kind, Distinct.key, Distinct.n).where(
                Distinct.period_id == period_id, Distinct.key.in_({key for _, key in shared})
            )
        )
    }
    _store(session, Distinct, period_id, ("kind", "key"), stored, shared)
    change: Counter[TallyKey] = Counter()
    for (kind, key), n in shared.items():
        before = stored.get((kind, key), 0)
        change.update(of_distinct(kind, before + n))
        change.subtract(of_distinct(kind, before))
    return change


def _store(
    session: Session,
    table: type[Tally | Distinct],
    period_id: int,
    columns: tuple[str, str],
    stored: Mapping[Key, int],
    change: Counter[Key],
) -> None:
    """Write the numbers that change; delete those that become none. A period is changed by one at a time."""
    changed = {key: stored.get(key, 0) + n for key, n in change.items() if n}
    kept = [
        {"period_id": period_id, columns[0]: key[0], columns[1]: key[1], "n": n}
        for key, n in sorted(changed.items())
        if n
    ]
    _upsert(session, table, kept, key=("period_id", *columns))
    gone = [key for key, n in changed.items() if n == 0]
    if gone:
        pair = sa.tuple_(getattr(table, columns[0]), getattr(table, columns[1]))
        session.execute(sa.delete(table).where(table.period_id == period_id, pair.in_(gone)))


def _upsert(session: Session, table: type[Base], rows: list[dict[str, Any]], *, key: tuple[str, ...]) -> None:
    if not rows:
        return
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=rest), rows)


def _all_ids(session: Session, period_id: int) -> Iterator[list[int]]:
    after = 0
    of_period = sa.select(Comment.id).where(Comment.period_id == period_id).order_by(Comment.id).limit(BATCH)
    while comment_ids := list(session.scalars(of_period.where(Comment.id > after))):
        yield comment_ids
        after = comment_ids[-1]
