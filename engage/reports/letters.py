"""Read what is counted of form letters: of the largest all numbers, of the others only a sum."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from engage.comments.filters import OWN_WORDS
from engage.comments.models import CommentPeriod
from engage.reports.campaigns import MOST_LISTED, PARTS
from engage.reports.measures import (
    CAMPAIGN,
    FEWEST,
    IN_LETTERS,
    LETTERS,
    OF_EACH_LETTER,
    OF_LETTERS,
    WITH_OWN_WORDS,
    TallyKey,
)
from engage.reports.models import Tally
from engage.reports.summary import POSITIONS

_BETWEEN = "|"


def letters_in_numbers(session: Session, period: CommentPeriod) -> dict[TallyKey, int]:
    """The numbers of the largest letters of a period, and those of all together; nothing without letters."""
    together = _together(session, period)
    if not together:
        return {}
    largest = session.execute(
        sa.select(Tally.key, Tally.n)
        .where(Tally.period_id == period.id, Tally.measure == CAMPAIGN, Tally.n >= FEWEST)
        .order_by(Tally.n.desc(), sa.cast(Tally.key, sa.BigInteger))
        .limit(MOST_LISTED)
    ).all()
    keys = [_BETWEEN.join((key, value)) for key, _ in largest for value in (*PARTS, *POSITIONS)]
    of_each = session.execute(
        sa.select(Tally.measure, Tally.key, Tally.n).where(
            Tally.period_id == period.id, Tally.measure.in_(OF_EACH_LETTER - {CAMPAIGN}), Tally.key.in_(keys)
        )
    )
    return (
        together
        | {TallyKey(CAMPAIGN, key): n for key, n in largest}
        | {TallyKey(measure, key): n for measure, key, n in of_each}
    )


def _together(session: Session, period: CommentPeriod) -> dict[TallyKey, int]:
    own_words = aliased(Tally)
    found = session.execute(
        sa.select(sa.func.count(), sa.func.sum(Tally.n), sa.func.sum(own_words.n))
        .select_from(Tally)
        .outerjoin(
            own_words,
            sa.and_(
                own_words.period_id == Tally.period_id,
                own_words.measure == f"{CAMPAIGN}{_BETWEEN}part",
                own_words.key == Tally.key.concat(f"{_BETWEEN}{OWN_WORDS}"),
            ),
        )
        .where(Tally.period_id == period.id, Tally.measure == CAMPAIGN, Tally.n >= FEWEST)
    ).one()
    if not found[0]:
        return {}
    numbers = zip((LETTERS, IN_LETTERS, WITH_OWN_WORDS), found, strict=True)
    return {TallyKey(OF_LETTERS, name): int(n or 0) for name, n in numbers}
