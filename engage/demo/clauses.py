"""What some comments of the demo want done with single clauses: as many of each side, each side by one
pattern.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from engage.comments.models import CommentPeriod, Position, Stance
from engage.comments.service.attach import ChosenClause
from engage.demo.reading import Script
from engage.dockets.clauses import clauses
from engage.dockets.queries import public_documents

EVERY, CLAUSES = 2, 5
"""One in so many comments of a side is about a clause too, of so many clauses."""

_WANTED = {
    Position.SUPPORT: (Stance.KEEP, Stance.KEEP, Stance.CHANGE, None),
    Position.OPPOSE: (Stance.STRIKE, Stance.STRIKE, Stance.CHANGE, None),
}


def chosen(
    scripts: Sequence[Script], periods: dict[str, CommentPeriod], now: datetime
) -> dict[str, tuple[ChosenClause, ...]]:
    """By the key of a comment, the clause that it is about: of the first document of its docket as it was in
    that period, going round its clauses. Form letters are about the whole.
    """
    times = Counter(script.text for script in scripts)
    counts: dict[tuple[str, Position | None], int] = defaultdict(int)
    known = {slug: _clauses(period, min(now, period.closes_at)) for slug, period in periods.items()}
    found: dict[str, tuple[ChosenClause, ...]] = {}
    for script in scripts:
        wanted = _WANTED.get(script.position) if script.position else None
        if wanted is None or not known[script.period] or times[script.text] > 1:
            continue
        place = counts[script.period, script.position]
        counts[script.period, script.position] += 1
        if place % EVERY == 0:
            turn = place // EVERY
            key, version_id = known[script.period][turn % len(known[script.period])]
            found[script.key] = (ChosenClause(key, version_id, wanted[turn % len(wanted)]),)
    return found


def _clauses(period: CommentPeriod, at: datetime) -> list[tuple[str, int]]:
    documents = public_documents(period.docket, at)
    if not documents:
        return []
    version = documents[0].latest
    found = [(clause.key, version.id) for clause in clauses(version) if not clause.is_heading]
    return found[:CLAUSES]
