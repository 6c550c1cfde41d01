"""What is counted: the facts of one comment, and the numbers to which they add.

A number belongs to a measure, such as ``("position", "tone")``, and to a key with one value for each of its
dimensions, such as ``support|negative``. A later report counts more by adding to MEASURES and raising METHOD.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from engage.comments.filters import UNMEASURED, UNSTATED
from engage.comments.models import Disposition
from engage.reports.models import DistinctKind

METHOD = 3
"""Raised with every change of what is counted; periods that were counted by a lower one are counted anew."""

DISPOSITION = "disposition"
THEME = "theme"
CAMPAIGN = "campaign"

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
    ("position", "tone"),
    ("concern", "position"),
)
"""The measures of posted comments, by their dimensions. Of the others only the disposition is counted."""

OF_DISTINCT = "distinct"
TEXTS, REPEATED_TEXTS, IN_REPEATED_TEXTS, SUBMITTERS = "texts", "repeated", "in_repeated", "submitters"
_BETWEEN = "|"


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
    letter, ``late`` whether it came after the end of the period. Without an analysis ``tone`` is None, and so
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

    @property
    def is_posted(self) -> bool:
        """Whether everybody may read it, so that more than its disposition is counted."""
        return self.disposition == Disposition.POSTED

    def to_json(self) -> dict[str, Any]:
        """As it is stored: without what is missing."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        """Read what to_json wrote."""
        lists = {name: tuple(stored.get(name, ())) for name in ("concerns", "denied", "themes")}
        return cls(**{**stored, **lists})


def tallies(facts: Facts) -> set[TallyKey]:
    """The numbers in which a comment with these facts counts as one."""
    values = (facts.disposition, facts.reason) if facts.reason else (facts.disposition,)
    numbers = {tally_key((DISPOSITION,), values)}
    if not facts.is_posted:
        return numbers
    present = values_of(facts)
    for dimensions in MEASURES:
        for combination in product(*(present[dimension] for dimension in dimensions)):
            numbers.add(tally_key(dimensions, combination))
    return numbers


def distincts(facts: Facts) -> set[tuple[DistinctKind, str]]:
    """The text and the submitter that a comment with these facts adds to."""
    if not facts.is_posted:
        return set()
    found = {(DistinctKind.TEXT, facts.text), (DistinctKind.SUBMITTER, facts.submitter)}
    return {(kind, key) for kind, key in found if key is not None}


def of_distinct(kind: DistinctKind, n: int) -> Counter[TallyKey]:
    """What one text or one submitter with ``n`` posted comments adds to the numbers."""
    if n == 0:
        return Counter()
    if kind is DistinctKind.SUBMITTER:
        return Counter({_distinct(SUBMITTERS): 1})
    numbers = Counter({_distinct(TEXTS): 1})
    if n > 1:
        numbers += Counter({_distinct(REPEATED_TEXTS): 1, _distinct(IN_REPEATED_TEXTS): n})
    return numbers


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
        "channel": facts.channel,
        "named": "yes" if facts.submitter else "no",
        "analyser": facts.analyser,
        CAMPAIGN: facts.campaign,
        "part": facts.part,
        "late": "yes" if facts.late else None,
    }
    present = {dimension: () if value is None else (value,) for dimension, value in single.items()}
    return present | {"concern": facts.concerns, "denied_concern": facts.denied, THEME: facts.themes}
