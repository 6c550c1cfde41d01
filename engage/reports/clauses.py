"""The clauses of the docket's documents: how many comments would keep, change or strike each. Pure: numbers.

A comment says that by itself, clause by clause; what it declares of the whole is its position.
"""

from __future__ import annotations

from dataclasses import dataclass

from engage.comments.filters import UNSTATED, CommentFilter
from engage.comments.models import Stance
from engage.db.types import Localised
from engage.reports.docket_facts import ClauseFacts
from engage.reports.inputs import Inputs, Numbers
from engage.reports.measures import tally_key
from engage.reports.summary import POSITIONS, Line

STANCES = (Stance.KEEP, Stance.CHANGE, Stance.STRIKE, UNSTATED)


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause, all comments about it, and these by what they want done with it.

    ``by_position``: for each declared position that anybody has who is about it, the same four lines.
    """

    facts: ClauseFacts
    line: Line
    stances: tuple[Line, ...]
    by_position: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses that comments are about, in the order of the documents; and those that none is about."""

    lines: tuple[ClauseLine, ...]
    silent: tuple[ClauseFacts, ...]

    @property
    def silent_by_document(self) -> list[tuple[Localised, list[ClauseFacts]]]:
        """Those that none is about, document by document: a number alone does not say of which it is."""
        found: dict[str, tuple[Localised, list[ClauseFacts]]] = {}
        for facts in self.silent:
            found.setdefault(facts.document, (facts.document_title, []))[1].append(facts)
        return list(found.values())


def clauses(inputs: Inputs) -> Clauses:
    """Put the numbers of clauses in order. Of words that nobody could comment on when the period closed only
    those with comments are told.
    """
    lines = [_line(inputs.numbers, facts) for facts in inputs.clauses]
    return Clauses(
        lines=tuple(row for row in lines if row.line.n),
        silent=tuple(row.facts for row in lines if not row.line.n and row.facts.could_be_commented),
    )


def _line(numbers: Numbers, facts: ClauseFacts) -> ClauseLine:
    n = numbers.get(tally_key(("clause",), (facts.key,)), 0)
    positions = [(name, _of_position(numbers, facts.key, name)) for name in POSITIONS if n]
    return ClauseLine(
        facts=facts,
        line=Line(facts.key, n, CommentFilter(clause=facts.key)),
        stances=tuple(
            Line(
                stance,
                numbers.get(tally_key(("clause", "stance"), (facts.key, stance)), 0),
                CommentFilter(clause=facts.key, stance=stance),
                n,
            )
            for stance in STANCES
        ),
        by_position=tuple((name, told) for name, told in positions if any(line.n for line in told)),
    )


def _of_position(numbers: Numbers, key: str, position: str) -> tuple[Line, ...]:
    counts = [
        numbers.get(tally_key(("clause", "stance", "position"), (key, stance, position)), 0)
        for stance in STANCES
    ]
    return tuple(
        Line(stance, n, CommentFilter(clause=key, stance=stance, position=position), sum(counts))
        for stance, n in zip(STANCES, counts, strict=True)
    )
