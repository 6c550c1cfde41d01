"""Count what has changed. May run twice at once, on many machines, and be killed at any moment.

To count a comment anew, the facts with which it stands in the numbers are taken out and its present ones put
in. So a report costs the same at a thousand comments and at ten million.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.base import random_id
from engage.db.session import advisory_lock, write_transaction
from engage.labelling.service import mark_changed
from engage.reports.facts import read_facts
from engage.reports.many import among, put, rows_of
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
from engage.reports.models import CountedComment, CountedPeriod, Distinct, DistinctKind, Tally
from engage.reports.service.texts import add_texts, forget_texts

BATCH = 1_000
_START_OVER_LOCK = 2_870_005

DistinctKey = tuple[DistinctKind, str]
ConcernKey = tuple[str, DistinctKind, str]
Changes = list[tuple[Facts | None, Facts]]
"""For each comment the facts with which it was counted so far (None: it was not), and the present ones."""


def count_due() -> int:
    """Count one batch of comments that are due; returns how many. A job handler: has its own transaction."""
    with write_transaction() as session:
        if _outdated(session) is not None:
            advisory_lock(session, _START_OVER_LOCK)
            # Of several workers that see it one starts over. What the others have counted since stays.
            outdated = _outdated(session)
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
    every = sa.update(Comment).where(Comment.period_id == period_id).values(count_due=True)
    session.execute(every)
    _take_periods(session, [period_id])
    # Those that came and were counted while the others were marked, by a worker of a release that does not
    # know of this. It is done with them, so nobody waits for each other here.
    session.execute(every.where(~Comment.count_due))
    forget_texts(session, period_id)
    session.execute(sa.delete(CountedComment).where(CountedComment.comment_id.in_(of_period)))
    for table in (Tally, Distinct):
        session.execute(sa.delete(table).where(table.period_id == period_id))
    return session.scalar(sa.select(sa.func.count()).select_from(of_period.subquery())) or 0


def _outdated(session: Session) -> int | None:
    """A period that was counted by an earlier set of measures."""
    outdated = sa.select(CountedPeriod.period_id).where(CountedPeriod.method < METHOD)
    return session.scalar(outdated.order_by(CountedPeriod.period_id).limit(1))


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
    counted = sa.select(CountedComment.comment_id, CountedComment.facts).where(
        among(session, CountedComment.comment_id, comment_ids)
    )
    before = {number: Facts.from_json(facts) for number, facts in session.execute(counted)}
    now = read_facts(session, comment_ids)
    by_period: dict[int, Changes] = defaultdict(list)
    for comment_id, (period_id, facts) in now.items():
        by_period[period_id].append((before.get(comment_id), facts))
    _take_periods(session, by_period)
    for period_id, changes in by_period.items():
        _change_numbers(session, period_id, changes)
    add_texts(session, by_period)
    rows = [{"comment_id": number, "facts": facts.to_json()} for number, (_, facts) in sorted(now.items())]
    put(session, CountedComment, rows)
    mark_changed(session, comment_ids)
    session.execute(sa.update(Comment).where(among(session, Comment.id, comment_ids)).values(count_due=False))


def _take_periods(session: Session, period_ids: Collection[int]) -> None:
    """Wait for the turn to change the numbers of these periods, in order: so no two wait for each other."""
    counted_at = utcnow()
    rows = [
        {"period_id": number, "method": METHOD, "counted_at": counted_at} for number in sorted(period_ids)
    ]
    put(session, CountedPeriod, rows)


def _change_numbers(session: Session, period_id: int, changes: Changes) -> None:
    numbers: Counter[TallyKey] = Counter()
    shared: Counter[DistinctKey] = Counter()
    raised: Counter[ConcernKey] = Counter()
    for before, after in changes:
        numbers.update(tallies(after))
        shared.update(distincts(after))
        raised.update(concern_distincts(after))
        if before is not None:
            numbers.subtract(tallies(before))
            shared.subtract(distincts(before))
            raised.subtract(concern_distincts(before))
    numbers.update(_change_distincts(session, period_id, shared, raised))
    _add(session, period_id, numbers)


def _change_distincts(
    session: Session, period_id: int, shared: Counter[DistinctKey], raised: Counter[ConcernKey]
) -> Counter[TallyKey]:
    """Store how many comments share each text and submitter now, all of them and those that raise a concern;
    returns by how much the numbers about them change.
    """
    concerns: dict[DistinctKey, Counter[str]] = defaultdict(Counter)
    for (concern, kind, key), n in raised.items():
        concerns[kind, key][concern] += n
    changed = sorted(name for name, n in shared.items() if n or any(concerns[name].values()))
    stored = _stored(session, period_id, changed)
    change: Counter[TallyKey] = Counter()
    kept, gone = [], []
    for kind, key in changed:
        before = stored.get((kind, key), _NOBODY)
        after = before.changed(shared[kind, key], concerns[kind, key])
        change.update(_numbers_of(kind, after))
        change.subtract(_numbers_of(kind, before))
        if after.n:
            kept.append({"period_id": period_id, "kind": kind, "key": key, **after._asdict()})
        else:
            gone.append((kind, key))
    put(session, Distinct, kept)
    if gone:
        none = sa.and_(
            Distinct.period_id == period_id,
            Distinct.kind == sa.bindparam("of_kind"),
            Distinct.key == sa.bindparam("of_key"),
        )
        names = [{"of_kind": kind, "of_key": key} for kind, key in gone]
        session.connection().execute(sa.delete(Distinct).where(none), names)
    return change


class _Sharers(NamedTuple):
    """How many comments share a text or a submitter, and how many of those raise each concern."""

    n: int
    concerns: Mapping[str, int]

    def changed(self, n: int, concerns: Counter[str]) -> _Sharers:
        """As it is when so many come or go; a concern that none raises is not kept."""
        after = {code: self.concerns.get(code, 0) + concerns[code] for code in {*self.concerns, *concerns}}
        return _Sharers(self.n + n, {code: after[code] for code in sorted(after) if after[code]})


_NOBODY = _Sharers(0, {})


def _numbers_of(kind: DistinctKind, sharers: _Sharers) -> dict[TallyKey, int]:
    """What one text or submitter adds to the numbers."""
    return of_distinct(kind, sharers.n) | {of_concern(concern, kind): 1 for concern in sharers.concerns}


def _stored(session: Session, period_id: int, names: Iterable[DistinctKey]) -> dict[DistinctKey, _Sharers]:
    by_kind: dict[DistinctKind, list[str]] = defaultdict(list)
    for kind, key in names:
        by_kind[kind].append(key)
    found = {}
    for kind, keys in by_kind.items():
        same = (Distinct.period_id == period_id, Distinct.kind == kind)
        columns = (Distinct.n, Distinct.concerns)
        for key, n, concerns in rows_of(session, columns, same, Distinct.key, keys):
            found[kind, key] = _Sharers(n, concerns)
    return found


def _add(session: Session, period_id: int, change: Mapping[TallyKey, int]) -> None:
    """Change numbers of a period by so much. The period is taken: nobody else changes them meanwhile.

    What grows is not read before: the database adds. What shrinks is read: a number that becomes none is
    deleted, and never stored as none.
    """

    def row(name: TallyKey, n: int) -> dict[str, Any]:
        return {"period_id": period_id, "measure": name.measure, "key": name.key, "n": n}

    put(session, Tally, [row(name, change[name]) for name in sorted(change) if change[name] > 0], add=("n",))
    shrunk: dict[str, list[str]] = defaultdict(list)
    for name in sorted(change):
        if change[name] < 0:
            shrunk[name.measure].append(name.key)
    kept = []
    for measure, keys in shrunk.items():
        these = (Tally.period_id == period_id, Tally.measure == measure)
        left = {
            key: n + change[TallyKey(measure, key)]
            for key, n in session.execute(sa.select(Tally.key, Tally.n).where(*these, Tally.key.in_(keys)))
        }
        kept += [row(TallyKey(measure, key), n) for key, n in left.items() if n]
        if gone := [key for key, n in left.items() if not n]:
            session.execute(
                sa.delete(Tally)
                .where(*these, Tally.key.in_(gone))
                .execution_options(synchronize_session=False)
            )
    put(session, Tally, kept)


def _all_ids(session: Session, period_id: int) -> Iterator[list[int]]:
    after = 0
    of_period = sa.select(Comment.id).where(Comment.period_id == period_id).order_by(Comment.id).limit(BATCH)
    while comment_ids := list(session.scalars(of_period.where(Comment.id > after))):
        yield comment_ids
        after = comment_ids[-1]
