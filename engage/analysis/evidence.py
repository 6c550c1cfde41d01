"""How concrete a text is: numbers with what they count, money, dates, cited law and documents, named places
and institutions, and what the writer has lived.

It says nothing about whether a fact is true, and nothing about a side: the rules know no position. Personal
data is no evidence here, so that nobody is shown for having given it away.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from engage.analysis.folding import Folded
from engage.analysis.personal_data import find_personal_data
from engage.analysis.reading import Reading, read
from engage.analysis.voice_cues import find_cues


class EvidenceKind(StrEnum):
    """What kind of fact a stretch of a text gives."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SOURCE = "source"
    PLACE = "place"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A half-open stretch of the original text that gives a fact."""

    kind: EvidenceKind
    start: int
    end: int


# Of a text with fewer different kinds nothing is called concrete …
ENOUGH_KINDS = 2
# … unless one kind stands there so often; a name of a place or an office alone tells nothing.
ENOUGH_OF_ONE = 3
# More facts than these are not looked for in one text.
MOST = 200

_LIST = re.compile(r"<([a-z_]+)>")
# What the matter is called is no fact about it: "287(g)", "Section 287(g)", "the 287(g) program".
_ITS_NAME = re.compile(r"(?:§{1,2} ?|\b(?:section|seccion) )?\b287 ?\(? ?g\b ?\)?(?![\w(]*\d)")


def find_evidence(text: str) -> tuple[Evidence, ...]:
    """The facts that a text gives, in order; none of them overlaps another or personal data."""
    reading = read(text)
    taken = [(one.start, one.end) for one in find_personal_data(reading.folded)]
    found: list[Evidence] = []
    for kind, start, end in _candidates(reading):
        if len(found) == MOST:
            break
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            found.append(Evidence(kind, start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def is_concrete(text: str) -> bool:
    """Whether a text is rich in facts: of two kinds, one of them more than a name; or three facts."""
    return is_enough(find_evidence(text))


def is_enough(facts: tuple[Evidence, ...]) -> bool:
    """Whether these facts make a text a concrete one."""
    telling = [fact for fact in facts if fact.kind is not EvidenceKind.PLACE]
    if not telling:
        return False
    return len({fact.kind for fact in facts}) >= ENOUGH_KINDS or len(telling) >= ENOUGH_OF_ONE


@cache
def _patterns() -> tuple[tuple[EvidenceKind, re.Pattern[str]], ...]:
    """What is looked for, the surer kind first; see ``data/evidence.toml``."""
    data = tomllib.loads((files("engage.analysis") / "data" / "evidence.toml").read_text("utf-8"))
    words = {name: f"(?:{'|'.join(lists)})" for name, lists in data["words"].items()}
    return tuple(
        (EvidenceKind(kind), re.compile(_LIST.sub(lambda name: words[name[1]], "|".join(patterns))))
        for kind, patterns in data["patterns"].items()
    )


def _candidates(reading: Reading) -> Iterator[tuple[EvidenceKind, int, int]]:
    folded = reading.folded
    names = [match.span() for match in _ITS_NAME.finditer(folded.text)]
    for kind, pattern in _patterns():
        text = folded.cased if kind is EvidenceKind.PLACE else folded.text
        yield from _found(kind, pattern, folded, text, names)
    for place in find_cues(reading, "experience"):
        span = reading.span(place, "")
        yield EvidenceKind.EXPERIENCE, span.start, span.end


def _found(
    kind: EvidenceKind, pattern: re.Pattern[str], folded: Folded, text: str, names: list[tuple[int, int]]
) -> Iterator[tuple[EvidenceKind, int, int]]:
    for match in pattern.finditer(text):
        start, end = match.span()
        if all(end <= first or last <= start for first, last in names):
            yield kind, *folded.original(start, end)
