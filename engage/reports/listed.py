"""The numbers of lists of comments, from what is counted anyway: exact, without counting again.

A number that is kept tells what was posted when the counting last came by. For the few comments that wait to
be counted it is set right here: what they are counted by is taken out, and what they are by now put in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache, cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.filters import UNSTATED, CommentFilter
from engage.comments.models import CampaignText, Comment, CommentPeriod, Disposition
from engage.dockets.models import District
from engage.reports.facts import read_facts
from engage.reports.measures import (
    DISPOSITION,
    LETTER_PART,
    MEASURES,
    METHOD,
    STATED,
    Facts,
    TallyKey,
    factors_of,
    tally_key,
    values_of,
)
from engage.reports.models import CountedComment, CountedPeriod, Distinct, DistinctKind, Tally

MOST_WAITING = 500
"""Where more comments wait to be counted, a list is rather counted itself."""

_BETWEEN = "|"
_OF_LETTERS = frozenset({"campaign", "part"})
_MAY_BE_ANOTHER = frozenset({"campaign", "theme"})
"""What is merged into another is asked for by its old name too, and has no number of its own."""

_OWN = {field.name: frozenset({field.name}) for field in fields(CommentFilter)}
_ARGUMENTS = _OWN | {
    LETTER_PART: frozenset({"part"}),
    "denied_concern": frozenset({"concern", "denied"}),
    STATED: frozenset({"clause", "stance"}),
}
"""By which arguments of a filter the value of a dimension is asked for."""

Waiting = Sequence[tuple[int, Facts]]
"""The facts of comments that wait: 1 with what they are now, −1 with what they are counted by."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A number, and the values that a comment has which counts for it, by their dimensions."""

    name: TallyKey
    values: tuple[tuple[str, str], ...]

    def has(self, facts: Facts) -> bool:
        """Whether a comment with these facts counts."""
        if not facts.is_posted:
            return False
        present = values_of(facts)
        return all(value in present[dimension] for dimension, value in self.values)


class KeptCounts:
    """The numbers of one period: see comments.counted."""

    def __init__(self, session: Session, period: CommentPeriod, waiting: Waiting) -> None:
        self._session = session
        self._period = period
        self._waiting = waiting
        self._known: dict[CommentFilter, int | None] = {}

    def number(self, criteria: CommentFilter) -> int | None:
        """How many posted comments a filter finds; None where no such number is kept."""
        if criteria not in self._known:
            self._known[criteria] = self._number(criteria)
        return self._known[criteria]

    def days(self, criteria: CommentFilter) -> Mapping[date, int] | None:
        """How many of them came on each day; None where that is not kept."""
        names = _names(criteria) - {"month"}
        asked = self._asked(criteria, names | {"day"}) if "day" not in names else None
        if asked is None:
            return None
        begin = asked.name.key + (f"{criteria.month}-" if criteria.month else "")
        rows = self._session.execute(
            self._numbers(asked.name.measure).where(Tally.key.startswith(begin, autoescape=True))
        )
        found = Counter({key.removeprefix(asked.name.key): n for key, n in rows})
        for sign, facts in self._waiting:
            if facts.day and facts.day.startswith(criteria.month or "") and asked.has(facts):
                found[facts.day] += sign
        return {date.fromisoformat(day): n for day, n in found.items() if n > 0}

    def _number(self, criteria: CommentFilter) -> int | None:
        names = _names(criteria)
        if names == {"text"}:
            return self._of_text(criteria.text or "")
        if names == {"month"}:
            return sum((self.days(criteria) or {}).values())
        if names == {"concern", "denied"} and criteria.denied is False:
            raised, denied = (replace(criteria, denied=is_denied) for is_denied in (None, True))
            return (self.number(raised) or 0) - (self.number(denied) or 0)
        asked = self._asked(criteria, names)
        if asked is None or (names & _OF_LETTERS and self._are_letters_late):
            return None
        numbers = self._numbers(asked.name.measure).where(Tally.key == asked.name.key)
        kept = self._session.execute(numbers).first()
        if kept is None and names & _MAY_BE_ANOTHER:
            return None
        return (kept[1] if kept else 0) + self._change(asked)

    def _asked(self, criteria: CommentFilter, names: frozenset[str]) -> _Asked | None:
        """The number of the comments that have these arguments; of the day, where that is not given, how its
        key begins.
        """
        if not names:
            return _Asked(tally_key((DISPOSITION,), (Disposition.POSTED,)), ())
        measure, dimensions = _measures().get(names, ("", ()))
        if not measure or criteria.denied is False:
            return None
        values = [(dimension, self._value(criteria, dimension)) for dimension in dimensions]
        if any(value is None for _, value in values):
            return None
        known = tuple((dimension, value) for dimension, value in values if value)
        return _Asked(TallyKey(measure, _BETWEEN.join(value or "" for _, value in values)), known)

    def _value(self, criteria: CommentFilter, dimension: str) -> str | None:
        given = [getattr(criteria, name) for name in ("clause", "stance")] if dimension == STATED else []
        if given:
            return _BETWEEN.join(given)
        value = criteria.concern if dimension == "denied_concern" else None
        if value is None:
            value = getattr(criteria, next(iter(_ARGUMENTS[dimension])))
        if dimension == "district" and value != UNSTATED:
            found = self._session.scalar(sa.select(District.id).where(District.code == value))
            return None if found is None else str(found)
        return _said(dimension, value)

    def _numbers(self, measure: str) -> sa.Select[str, int]:
        return sa.select(Tally.key, Tally.n).where(
            Tally.period_id == self._period.id, Tally.measure == measure
        )

    def _of_text(self, text: str) -> int:
        kept = self._session.scalar(
            sa.select(Distinct.n).where(
                Distinct.period_id == self._period.id,
                Distinct.kind == DistinctKind.TEXT,
                Distinct.key == text,
            )
        )
        return (kept or 0) + sum(sign for sign, facts in self._waiting if facts.text == text)

    def _change(self, asked: _Asked) -> int:
        return sum(sign for sign, facts in self._waiting if asked.has(facts))

    @cached_property
    def _are_letters_late(self) -> bool:
        """Whether a text has come to a letter, or gone from it, of which the counting does not know yet."""
        untold = sa.select(CampaignText.id).where(CampaignText.period_id == self._period.id)
        untold = untold.where(CampaignText.recount).limit(1)
        untold = untold.with_hint(CampaignText, "INDEXED BY ix_campaign_text_recount", "sqlite")
        return self._session.scalar(untold) is not None


def kept_counts(session: Session, period: CommentPeriod) -> KeptCounts | None:
    """The numbers of a period; None where too many comments wait, or where it has yet to be counted anew."""
    due = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.count_due)
    due = due.with_hint(Comment, "INDEXED BY ix_comment_period_count_due", "sqlite").limit(MOST_WAITING + 1)
    waiting = session.scalars(due).all()
    method = session.scalar(sa.select(CountedPeriod.method).where(CountedPeriod.period_id == period.id))
    if method != METHOD or len(waiting) > MOST_WAITING:
        return None
    return KeptCounts(session, period, _changes(session, waiting) if waiting else ())


def _changes(session: Session, comment_ids: Sequence[int]) -> Waiting:
    counted = session.scalars(
        sa.select(CountedComment.facts).where(CountedComment.comment_id.in_(comment_ids))
    )
    before = [(-1, Facts.from_json(facts)) for facts in counted]
    return before + [(1, facts) for _, facts in read_facts(session, comment_ids).values()]


def _names(criteria: CommentFilter) -> frozenset[str]:
    return frozenset(name for name in _OWN if getattr(criteria, name) is not None)


def _said(dimension: str, value: object) -> str | None:
    """As the key of a number has it. Of what is no and is counted only where it is yes there is none."""
    if isinstance(value, bool):
        return "yes" if value else None if dimension == "late" else "no"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


@cache
def _measures() -> Mapping[frozenset[str], tuple[str, tuple[str, ...]]]:
    """By the arguments that a filter has: the measure, and the dimensions of its key."""
    found = {}
    for measure, dimensions in map(factors_of, MEASURES):
        if all(dimension in _ARGUMENTS for dimension in dimensions):
            arguments = frozenset().union(*(_ARGUMENTS[dimension] for dimension in dimensions))
            found[arguments] = (measure, dimensions)
    return found
