"""Read what is counted of form letters: of the largest all numbers, of the others only a sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    largest = _largest(session, period)
    keys = [_BETWEEN.join((row.key, value)) for row in largest for value in (*PARTS, *POSITIONS)]
    of_each = session.execute(
        sa.select(Tally.measure, Tally.key, Tally.n).where(
            Tally.period_id == period.id, Tally.measure.in_(OF_EACH_LETTER - {CAMPAIGN}), Tally.key.in_(keys)
        )
    )
    numbers = {TallyKey(measure, key): n for measure, key, n in of_each}
    for row in largest:
        numbers[TallyKey(CAMPAIGN, row.key)] = row.n
        numbers[TallyKey(OF_LETTERS, LETTERS)] = row.letters
        numbers[TallyKey(OF_LETTERS, IN_LETTERS)] = int(row.members)
        numbers[TallyKey(OF_LETTERS, WITH_OWN_WORDS)] = int(row.own_words or 0)
    return numbers


def _largest(session: Session, period: CommentPeriod) -> Sequence[Any]:
    """The largest letters; beside each what all letters of the period add up to."""
    own_words = aliased(Tally)
    return session.execute(
        sa.select(
            Tally.key,
            Tally.n,
            sa.func.count().over().label("letters"),
            sa.func.sum(Tally.n).over().label("members"),
            sa.func.sum(own_words.n).over().label("own_words"),
        )
        .outerjoin(
            own_words,
            sa.and_(
                own_words.period_id == Tally.period_id,
                own_words.measure == f"{CAMPAIGN}{_BETWEEN}part",
                own_words.key == Tally.key.concat(f"{_BETWEEN}{OWN_WORDS}"),
            ),
        )
        .where(Tally.period_id == period.id, Tally.measure == CAMPAIGN, Tally.n >= FEWEST)
        .order_by(Tally.n.desc(), sa.cast(Tally.key, sa.BigInteger))
        .limit(MOST_LISTED)
    ).all()
