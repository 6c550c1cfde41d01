"""Which comments a reader asks for: the arguments of the reading room's address, as conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from babel import Locale

from engage.analysis import UNKNOWN, NotScoredReason, ToneLabel
from engage.comments.models import Channel, Position, Stance
from engage.comments.search import LONGEST_QUERY
from engage.dockets.clauses import KEY

UNSTATED = "unstated"
"""The value of ``position``, ``district`` and ``stance`` for comments that state none."""

UNMEASURED = "unmeasured"
"""The value of ``tone`` for comments that still wait for the analyser."""

ANALYSER_FAILED = "analyser_failed"
"""The value of ``tone_reason`` for texts that the analyser could not read."""

COPY, CHANGED, OWN_WORDS = "copy", "changed", "own_words"
"""The values of ``part``: what a comment of a campaign has beside the letter: nothing; a few other words, as
a name is; something of its own."""

ALONE = "alone"
"""The value of ``part`` for comments whose text is a version of no letter."""

PERSON, MACHINE = "person", "machine"
"""The values of ``read_by``: a person has confirmed or corrected the concerns; only the program has."""

AS_ONE = "one"
"""The value of ``letters`` for showing a letter once, and beside it only those who added something."""

_LANGUAGES = frozenset(Locale("en").languages) | {UNKNOWN}
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SLUG = re.compile(r"[\w-]{1,40}")
_MONTH = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])")
_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_ID = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_VERSION = re.compile(r"[\w.+ -]{1,120}")
# The path of every address has an argument "language" already: the language of the page.
_IN_ADDRESS = {"language": "written_in"}


class BadFilter(ValueError):
    """An argument that is not among the known ones, or a value that it cannot have. The text is its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFilter:
    """Conditions that all hold; None means any.

    ``position`` is a Position's value or ``unstated``; ``concern`` a code of the taxonomy; ``tone`` a label
    of the analyser or ``unmeasured``; ``tone_reason`` why there is no tone; ``language`` the detected one,
    ISO 639-1 or ``und``; ``district`` a code or ``unstated``; ``day`` the day of receipt; ``channel`` a
    Channel's value; ``text`` a fingerprint, for all submissions of one text; ``named`` whether a name or an
    organisation was given; ``month`` the month of receipt as 2026-10; ``denied`` whether the concern is
    mentioned only to deny it; ``analyser`` the version that measured the comment; ``words`` what must stand
    in the text, as a person types it (see search.has_words); ``theme`` the id of a theme, with all that was
    merged into it; ``campaign`` the id of a campaign, or of one that was merged into it; ``part`` what a
    comment has beside its campaign's letter, ALONE without one; ``letters`` is AS_ONE to see a letter once;
    ``late`` whether it came after the end of the period; ``clause`` the key of a clause (see
    dockets.clauses); ``stance`` what is wanted of it, a Stance's value or ``unstated``; ``read_by`` who has
    read it for concerns, PERSON or MACHINE.
    """

    position: str | None = None
    concern: str | None = None
    tone: str | None = None
    tone_reason: str | None = None
    language: str | None = None
    district: str | None = None
    day: date | None = None
    channel: str | None = None
    text: str | None = None
    named: bool | None = None
    month: str | None = None
    denied: bool | None = None
    analyser: str | None = None
    words: str | None = None
    theme: int | None = None
    campaign: int | None = None
    part: str | None = None
    letters: str | None = None
    late: bool | None = None
    clause: str | None = None
    stance: str | None = None
    read_by: str | None = None

    @classmethod
    def from_args(cls, arguments: Mapping[str, str]) -> CommentFilter:
        """Read the arguments of an address; ``page`` is not ours, an empty one is none. Raises BadFilter.

        Repeated arguments are refused: one condition a name. ``language`` is understood as ``written_in``.
        """
        known = {name: name for name in _READERS} | {other: name for name, other in _IN_ADDRESS.items()}
        values: dict[str, Any] = {}
        for argument, value in arguments.items():
            if argument == "page" or not value:
                continue
            name = known.get(argument)
            if name is None or len(_all_of(arguments, argument)) > 1:
                raise BadFilter(argument)
            values[name] = _READERS[name](argument, value)
        return cls(**values)

    @property
    def arguments(self) -> dict[str, str]:
        """What to give to ``url_for("comments.reading_room", slug=…, **…)`` for the address of this list."""
        given = zip(_ARGUMENTS, _VALUES(self), strict=True)
        return {name: _said(value) for name, value in given if value is not None}

    def __bool__(self) -> bool:
        return any(value is not None for value in _VALUES(self))


# Asked once: a report has some thousand links.
_NAMES = tuple(field.name for field in fields(CommentFilter))
_ARGUMENTS = tuple(_IN_ADDRESS.get(name, name) for name in _NAMES)
_VALUES: Callable[[CommentFilter], tuple[Any, ...]] = attrgetter(*_NAMES)


def _all_of(arguments: Mapping[str, str], name: str) -> list[str]:
    getlist: Callable[[str], list[str]] | None = getattr(arguments, "getlist", None)
    return getlist(name) if getlist else [arguments[name]]


def _said(value: str | bool | int | date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _one_of(*values: str) -> Callable[[str, str], str]:
    allowed = frozenset(values)

    def read(argument: str, value: str) -> str:
        if value not in allowed:
            raise BadFilter(argument)
        return value

    return read


def _shaped(pattern: re.Pattern[str]) -> Callable[[str, str], str]:
    def read(argument: str, value: str) -> str:
        if not pattern.fullmatch(value):
            raise BadFilter(argument)
        return value

    return read


def _query(argument: str, value: str) -> str:
    if len(value) > LONGEST_QUERY:
        raise BadFilter(argument)
    return " ".join(value.split())


def _day(argument: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadFilter(argument) from None


def _yes_or_no(argument: str, value: str) -> bool:
    return _one_of("yes", "no")(argument, value) == "yes"


def _row_id(argument: str, value: str) -> int:
    return int(_shaped(_ID)(argument, value))


def _number(argument: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise BadFilter(argument)
    return int(value)


_READERS: dict[str, Callable[[str, str], Any]] = {
    "position": _one_of(*Position, UNSTATED),
    "concern": _shaped(_CODE),
    "tone": _one_of(*ToneLabel, UNMEASURED),
    "tone_reason": _one_of(*NotScoredReason, ANALYSER_FAILED),
    "language": _one_of(*_LANGUAGES),
    "district": _shaped(_SLUG),
    "day": _day,
    "channel": _one_of(*Channel),
    "text": _shaped(_DIGEST),
    "named": _yes_or_no,
    "month": _shaped(_MONTH),
    "denied": _yes_or_no,
    "analyser": _shaped(_VERSION),
    "words": _query,
    "theme": _number,
    "campaign": _row_id,
    "part": _one_of(COPY, CHANGED, OWN_WORDS, ALONE),
    "letters": _one_of(AS_ONE),
    "late": _yes_or_no,
    "clause": _shaped(KEY),
    "stance": _one_of(*Stance, UNSTATED),
    "read_by": _one_of(PERSON, MACHINE),
}
