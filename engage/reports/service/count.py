"""Count what has changed. May run twice at once, on many machines, and be killed at any moment.

To count a comment anew, the facts with which it stands in the numbers are taken out and its present ones put
in. So a report costs the same at a thousand comments and at ten million.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.base import Base, random_id
from engage.db.session import advisory_lock, write_transaction
from engage.labelling.service import mark_changed
from engage.reports.facts import read_facts
from engage.reports.measures import (
    METHOD,
    Facts,
    TallyKey,
    concern_distincts,
    distincts,
    of_concern,
    of_distinct,
    tallies,
)
from engage.reports.models import (
    ConcernDistinct,
    CountedComment,
    CountedPeriod,
    Distinct,
    DistinctKind,
    Tally,
)
from engage.reports.service.texts import add_texts, forget_texts

BATCH = 500
_START_OVER_LOCK = 2_870_005

Key = TypeVar("Key", bound=tuple[Any, ...])
DistinctKey = tuple[DistinctKind, str]
ConcernKey = tuple[str, DistinctKind, str]
Counts = Tally | Distinct | ConcernDistinct
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
    of_concerns: set[ConcernKey] = set()
    for comment_ids in _all_ids(session, period_id):
        for _, facts in read_facts(session, comment_ids).values():
            numbers.update(tallies(facts))
            shared.update(distincts(facts))
            of_concerns |= concern_distincts(facts)
    for (kind, _), n in shared.items():
        numbers.update(of_distinct(kind, n))
    numbers.update(of_concern(concern, kind) for concern, kind, _ in of_concerns)
    return numbers


def start_over(session: Session, period_id: int) -> int:
    """Forget all numbers of a period and promise to count every comment of it; returns how many those are.

    The comments are taken before the period, as count_due does, so that neither waits for the other for ever.
    """
    advisory_lock(session, _START_OVER_LOCK)
    of_period = sa.select(Comment.id).where(Comment.period_id == period_id)
    session.execute(sa.update(Comment).where(Comment.period_id == period_id).values(count_due=True))
    _take_periods(session, [period_id])
    forget_texts(session, period_id)
    session.execute(sa.delete(CountedComment).where(CountedComment.comment_id.in_(of_period)))
    for table in (Tally, Distinct, ConcernDistinct):
        session.execute(sa.delete(table).where(table.period_id == period_id))
    return session.scalar(sa.select(sa.func.count()).select_from(of_period.subquery())) or 0


def _lock_due(session: Session) -> list[int]:
    """The next batch, locked. Ids are random: starting anywhere lets many workers take different comments.

    What they say is read in a later statement: only there every table shows what others have written.
    """
    batch = sa.select(Comment.id).where(Comment.count_due).order_by(Comment.id).limit(BATCH)
    # Left alone, SQLite may walk through all comments to find the few: it cannot know how few are due now.
    batch = batch.with_hint(Comment, "INDEXED BY ix_comment_count_due", "sqlite")
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
    add_texts(session, by_period)
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
    of_concerns: Counter[ConcernKey] = Counter()
    for before, after in changes:
        numbers.update(tallies(after))
        shared.update(distincts(after))
        of_concerns.update(concern_distincts(after))
        if before is not None:
            numbers.subtract(tallies(before))
            shared.subtract(distincts(before))
            of_concerns.subtract(concern_distincts(before))
    numbers.update(_change_distincts(session, period_id, shared))
    numbers.update(_change_concern_distincts(session, period_id, of_concerns))
    _add(session, Tally, period_id, numbers)


def _change_distincts(session: Session, period_id: int, shared: Counter[DistinctKey]) -> Counter[TallyKey]:
    """Store the new counts of texts and submitters; returns by how much the numbers about them change."""
    change: Counter[TallyKey] = Counter()
    for (kind, _), before, after in _add(session, Distinct, period_id, shared):
        change.update(of_distinct(kind, after))
        change.subtract(of_distinct(kind, before))
    return change


def _change_concern_distincts(
    session: Session, period_id: int, shared: Counter[ConcernKey]
) -> Counter[TallyKey]:
    """The same for the texts and submitters that raise a concern."""
    change: Counter[TallyKey] = Counter()
    for (concern, kind, _), before, after in _add(session, ConcernDistinct, period_id, shared):
        change[of_concern(concern, kind)] += (after > 0) - (before > 0)
    return change


def _add(
    session: Session, table: type[Counts], period_id: int, change: Mapping[Key, int]
) -> list[tuple[Key, int, int]]:
    """Change numbers of a period by so much; returns each that changed, as it was and as it is.

    A period is changed by one at a time. What grows is not read before: the database adds and says what came
    of it. What shrinks is read: a number that becomes none is deleted, and never stored as none.
    """
    rows, columns = _columns(table)
    grown = {key: n for key, n in change.items() if n > 0}
    shrunk = {key: n for key, n in change.items() if n < 0}
    found: list[tuple[Key, int, int]] = []
    for *values, after in _grow(session, table, period_id, grown):
        key: Any = tuple(values)
        found.append((key, after - grown[key], after))
    stored = _stored(session, table, period_id, shrunk)
    less = [(key, stored[key], stored[key] + n) for key, n in shrunk.items()]
    is_one = sa.and_(
        rows.c.period_id == period_id, *(rows.c[name] == sa.bindparam(f"of_{name}") for name in columns)
    )
    kept = [{"n_after": after, **_bound(columns, key)} for key, _, after in less if after]
    gone = [_bound(columns, key) for key, _, after in less if not after]
    if kept:
        change_one = sa.update(rows).where(is_one).values(n=sa.bindparam("n_after"))
        session.connection().execute(change_one, kept)
    if gone:
        session.connection().execute(sa.delete(rows).where(is_one), gone)
    return found + less


def _grow(session: Session, table: type[Counts], period_id: int, grown: Mapping[Key, int]) -> Sequence[Any]:
    """Add to numbers, or begin them; returns the key and what came of it."""
    if not grown:
        return ()
    rows, columns = _columns(table)
    insert = _insert(session)(rows)
    adding = insert.on_conflict_do_update(
        index_elements=["period_id", *columns], set_={"n": rows.c.n + insert.excluded.n}
    )
    values = [
        {"period_id": period_id, "n": grown[key], **dict(zip(columns, key, strict=True))}
        for key in sorted(grown)
    ]
    told = adding.returning(*(rows.c[name] for name in columns), rows.c.n)
    return session.connection().execute(told, values).all()


def _stored(session: Session, table: type[Counts], period_id: int, keys: Iterable[Key]) -> dict[Key, int]:
    """These numbers as they are: one look-up in the index for each beginning of a key."""
    rows, columns = _columns(table)
    by_beginning: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for key in keys:
        by_beginning[key[:-1]].append(key[-1])
    found: dict[Any, int] = {}
    for beginning, last in by_beginning.items():
        is_one = [rows.c[name] == value for name, value in zip(columns, beginning, strict=False)]
        wanted = sa.select(rows.c[columns[-1]], rows.c.n).where(
            rows.c.period_id == period_id, *is_one, rows.c[columns[-1]].in_(last)
        )
        found |= {(*beginning, name): n for name, n in session.execute(wanted)}
    return found


def _columns(table: type[Counts]) -> tuple[sa.Table, list[str]]:
    """A table of numbers, and the columns of its key beside the period, as they stand in its index."""
    rows = cast("sa.Table", table.__table__)
    return rows, [column.name for column in rows.primary_key if column.name != "period_id"]


def _bound(columns: Iterable[str], key: Iterable[Any]) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in zip(columns, key, strict=True)}


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _upsert(session: Session, table: type[Base], rows: list[dict[str, Any]], *, key: tuple[str, ...]) -> None:
    if not rows:
        return
    statement = _insert(session)(table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=rest), rows)


def _all_ids(session: Session, period_id: int) -> Iterator[list[int]]:
    after = 0
    of_period = sa.select(Comment.id).where(Comment.period_id == period_id).order_by(Comment.id).limit(BATCH)
    while comment_ids := list(session.scalars(of_period.where(Comment.id > after))):
        yield comment_ids
        after = comment_ids[-1]
