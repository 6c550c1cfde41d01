"""What is counted: the facts of one comment, and the numbers to which they add.

A number belongs to a measure, such as ``("position", "tone")``, and to a key with one value for each of its
dimensions, such as ``support|negative``. A later report counts more by adding to MEASURES and raising METHOD.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from engage.comments.filters import ALONE, UNMEASURED, UNSTATED
from engage.comments.filters import MACHINE as MACHINE
from engage.comments.filters import PERSON as PERSON
from engage.comments.models import Disposition
from engage.reports.models import DistinctKind

METHOD = 5
"""Raised with every change of what is counted; periods that were counted by a lower one are counted anew."""

DISPOSITION = "disposition"
THEME = "theme"
CAMPAIGN = "campaign"
LETTER_PART = "letter_part"
CLAUSE = "clause"
MACHINE_CONCERN = "machine_concern"

MEASURES: tuple[tuple[str, ...], ...] = (
    ("position",),
    ("tone",),
    ("tone_reason",),
    ("language",),
    ("district",),
    ("day",),
    ("channel",),
    ("named",),
    ("late",),
    ("analyser",),
    ("suggested",),
    ("concern",),
    ("denied_concern",),
    (THEME,),
    (CAMPAIGN,),
    (CAMPAIGN, "part"),
    (CAMPAIGN, "position"),
    ("read_by",),
    (MACHINE_CONCERN,),
    (MACHINE_CONCERN, "position"),
    (CLAUSE,),
    (CLAUSE, "stance"),
    (CLAUSE, "stance", "position"),
    ("position", "tone"),
    ("position", "district"),
    ("position", "language"),
    ("position", "channel"),
    ("position", "month"),
    ("position", "day"),
    ("concern", "position"),
    ("concern", "tone"),
    ("concern", "named"),
    ("concern", LETTER_PART),
    ("concern", "district"),
    ("concern", "language"),
    ("concern", "channel"),
    ("concern", "month"),
    ("concern", "day"),
)
"""The measures of posted comments, by their dimensions. Of the others only the disposition is counted.

A period has no more numbers than its dimensions have values, however many comments it has: with the 24
concerns and 6 positions of the demo county 30 × (districts + languages + channels + months + days) and about
600 more, which are 4,000 for a quarter of a year and 12,500 for one of a year. No report needs the crosses
with days and those with months both: see DAILY and MONTHLY.
"""

DAILY = frozenset({"position|day", "concern|day"})
MONTHLY = frozenset({"position|month", "concern|month"})
OF_EACH_LETTER = frozenset({CAMPAIGN, f"{CAMPAIGN}|part", f"{CAMPAIGN}|position"})
"""There may be thousands of letters: a report reads these of the largest alone."""

OF_DISTINCT = "distinct"
OF_CONCERN = "concern_distinct"
OF_LETTERS = "letters"
"""Not stored: all form letters of a period in three numbers. Each alone is read of the largest only."""

LETTERS, IN_LETTERS, WITH_OWN_WORDS = "letters", "members", "own_words"
FEWEST = 2
"""A letter has two posted comments or more."""

TEXTS, REPEATED_TEXTS, IN_REPEATED_TEXTS, SUBMITTERS = "texts", "repeated", "in_repeated", "submitters"
_BETWEEN = "|"
STATED = "clause_stance"
_MONTH = len("2026-10")


class TallyKey(NamedTuple):
    """Which number of a period: the measure's dimensions and the values of each, joined."""

    measure: str
    key: str


def tally_key(dimensions: Iterable[str], values: Iterable[str]) -> TallyKey:
    """The name of the number of comments that have these values."""
    return TallyKey(_BETWEEN.join(dimensions), _BETWEEN.join(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is counted of one comment; of one that is not posted only ``disposition`` and ``reason``.

    ``district`` is its id, ``text`` the fingerprint, ``submitter`` a digest of name and organisation (None
    where neither is given), ``themes`` the ids of confirmed ones, ``suggested`` the machine's guess of a
    position that was not declared, ``campaign`` the id of its letter and ``part`` what it has beside that
    letter, ``late`` whether it came after the end of the period, ``clauses`` the key and the stance of each
    clause that it is about, ``read_by`` whether a PERSON or only the MACHINE has read it, ``machine`` the
    concerns that the machine finds where a person finds others. Without an analysis ``tone`` is None, and so
    is all else that it tells.
    """

    disposition: str
    reason: str | None = None
    position: str | None = None
    district: str | None = None
    day: str | None = None
    channel: str | None = None
    text: str | None = None
    submitter: str | None = None
    tone: str | None = None
    tone_reason: str | None = None
    suggested: str | None = None
    language: str | None = None
    analyser: str | None = None
    late: bool = False
    concerns: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    campaign: str | None = None
    part: str | None = None
    clauses: tuple[tuple[str, str], ...] = ()
    read_by: str | None = None
    machine: tuple[str, ...] | None = None

    @property
    def is_posted(self) -> bool:
        """Whether everybody may read it, so that more than its disposition is counted."""
        return self.disposition == Disposition.POSTED

    def to_json(self) -> dict[str, Any]:
        """As it is stored: without what is missing."""
        stored = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        # That the machine finds none is something else than that it finds the same as a person.
        return stored if self.machine is None else stored | {"machine": self.machine}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        """Read what to_json wrote."""
        lists = {name: tuple(stored.get(name, ())) for name in ("concerns", "denied", "themes")}
        clauses = tuple((clause, stance) for clause, stance in stored.get("clauses", ()))
        machine = None if stored.get("machine") is None else tuple(stored["machine"])
        return cls(**{**stored, **lists, "clauses": clauses, "machine": machine})


def tallies(facts: Facts) -> set[TallyKey]:
    """The numbers in which a comment with these facts counts as one."""
    values = (facts.disposition, facts.reason) if facts.reason else (facts.disposition,)
    numbers = {tally_key((DISPOSITION,), values)}
    if not facts.is_posted:
        return numbers
    present = values_of(facts)
    for measure, dimensions in map(factors_of, MEASURES):
        keys: Iterable[str] = present[dimensions[0]]
        for dimension in dimensions[1:]:
            keys = [key + _BETWEEN + value for key in keys for value in present[dimension]]
        numbers.update([TallyKey(measure, key) for key in keys])
    return numbers


def distincts(facts: Facts) -> set[tuple[DistinctKind, str]]:
    """The text and the submitter that a comment with these facts adds to."""
    if not facts.is_posted:
        return set()
    found = {(DistinctKind.TEXT, facts.text), (DistinctKind.SUBMITTER, facts.submitter)}
    return {(kind, key) for kind, key in found if key is not None}


def concern_distincts(facts: Facts) -> set[tuple[str, DistinctKind, str]]:
    """The same within each concern that the comment raises."""
    return {(concern, kind, key) for kind, key in distincts(facts) for concern in facts.concerns}


@cache
def of_concern(concern: str, kind: DistinctKind) -> TallyKey:
    """The number of the texts, or of the submitters, that raise a concern."""
    return tally_key((OF_CONCERN,), (concern, SUBMITTERS if kind is DistinctKind.SUBMITTER else TEXTS))


def of_distinct(kind: DistinctKind, n: int) -> dict[TallyKey, int]:
    """What one text or one submitter with ``n`` posted comments adds to the numbers."""
    if n == 0:
        return {}
    if kind is DistinctKind.SUBMITTER:
        return {_distinct(SUBMITTERS): 1}
    if n == 1:
        return {_distinct(TEXTS): 1}
    return {_distinct(TEXTS): 1, _distinct(REPEATED_TEXTS): 1, _distinct(IN_REPEATED_TEXTS): n}


@cache
def _distinct(name: str) -> TallyKey:
    return tally_key((OF_DISTINCT,), (name,))


def values_of(facts: Facts) -> dict[str, tuple[str, ...]]:
    """The values that a posted comment has in each dimension."""
    single = {
        "position": facts.position or UNSTATED,
        "tone": facts.tone or UNMEASURED,
        "tone_reason": facts.tone_reason,
        "suggested": facts.suggested,
        "language": facts.language,
        "district": facts.district or UNSTATED,
        "day": facts.day,
        "month": facts.day and facts.day[:_MONTH],
        "channel": facts.channel,
        "named": "yes" if facts.submitter else "no",
        "analyser": facts.analyser,
        CAMPAIGN: facts.campaign,
        "part": facts.part,
        LETTER_PART: facts.part or ALONE,
        "late": "yes" if facts.late else None,
        "read_by": facts.read_by,
    }
    present = {dimension: () if value is None else (value,) for dimension, value in single.items()}
    return present | {
        "concern": facts.concerns,
        MACHINE_CONCERN: facts.concerns if facts.machine is None else facts.machine,
        "denied_concern": facts.denied,
        THEME: facts.themes,
        CLAUSE: tuple(clause for clause, _ in facts.clauses),
        STATED: tuple(_BETWEEN.join(pair) for pair in facts.clauses),
    }


@cache
def factors_of(dimensions: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A measure's name, and of which values it is the product: a clause goes with its own stance alone."""
    name = _BETWEEN.join(dimensions)
    if dimensions[:2] == (CLAUSE, "stance"):
        return name, (STATED, *dimensions[2:])
    return name, dimensions
