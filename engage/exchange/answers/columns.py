"""What the columns of a file of answers are: which are questions, which belong together, which are personal.

Personal columns, and those that a system adds for itself, are not handed on at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from engage.exchange.values import fold


class System(StrEnum):
    """Where a file comes from."""

    SURVEYMONKEY = "surveymonkey"
    LIMESURVEY = "limesurvey"
    GOOGLE_FORMS = "google-forms"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its head asks, and which part of it (a choice, a row) where a question has several.

    ``code`` is the question's name in the system that it comes from, where it has one.
    """

    index: int
    title: str
    part: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the file with its columns; ``others`` holds what people wrote for “other”."""

    title: str
    columns: tuple[Column, ...]
    other: Column | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of a file, told apart. ``dropped`` maps the heads of columns that are never read to why.

    ``finished`` is LimeSurvey's column that is empty where somebody did not come to the end.
    """

    items: tuple[Item, ...]
    identity: int | None = None
    day: int | None = None
    language: int | None = None
    finished: int | None = None
    dropped: dict[str, str] = field(default_factory=dict)
    odd: tuple[str, ...] = ()


_IDENTITY: Final = frozenset({"respondentid", "respondent id", "response id", "id response id", "id"})
_DAYS: Final = (
    "end date",
    "date modified",
    "submitdate",
    "datestamp",
    "timestamp",
    "marca temporal",
    "start date",
)
_LANGUAGES: Final = frozenset({"startlanguage", "language", "idioma"})
_PERSONAL: Final = frozenset({
    "ip address", "ipaddr", "email address", "email", "e mail", "correo electronico", "first name",
    "last name", "name", "full name", "nombre", "apellido", "apellidos", "nombre completo", "phone",
    "phone number", "telephone", "telefono", "address", "direccion", "username", "nombre de usuario", "token",
    "refurl", "direccion de correo electronico",
})  # fmt: skip
_SYSTEMS_OWN: Final = re.compile(
    r"collector ?id|custom data( \d+)?|custom \d+|lastpage|seed|startdate|date created|score|puntuacion"
)
_OTHER: Final = re.compile(
    r"other|otro|otra|other please specify|(otro|otra) (por favor )?especifique", re.IGNORECASE
)
_ANSWER: Final = frozenset({"response", "open ended response", "respuesta", "respuesta abierta"})
_LIMESURVEY: Final = re.compile(
    r"(?P<code>[A-Za-z][\w]*)(?:\[(?P<sub>[^\]]*)\])*\.\s+(?P<title>.+)", re.DOTALL
)
_LIMESURVEY_CODE: Final = re.compile(r"(?P<code>[A-Za-z]\w*)(?P<subs>(?:\[[^\[\]]*\])*)")
_LIMESURVEYS_OWN: Final = frozenset({"id", "lastpage", "startlanguage", "seed", "startdate", "datestamp"})
_LIMESURVEY_PART: Final = re.compile(r"(?P<title>.*?)\s*\[(?P<part>.*)\]\s*", re.DOTALL)
_GRID: Final = re.compile(r"(?P<title>.+?)\s*\[(?P<part>[^\[\]]+)\]")
_SPLIT: Final = re.compile(r"\s+[-–—]\s+")
_GARBLED: Final = re.compile("�|[ÂÃÅŒ][\x80-\xbf\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u2018-\u203aæ]")
WHY_PERSONAL: Final = "personal"
WHY_OWN: Final = "of the system that it comes from"
_LONGEST_TITLE: Final = 1_000


def system_of(header: Sequence[str], first: Sequence[str]) -> System:
    """Which system writes such a header; ``first`` is the record below it."""
    folded = {fold(name) for name in header}
    if any(_LIMESURVEY.fullmatch(name) for name in header) and folded & {
        "id response id",
        "submitdate date submitted",
    }:
        return System.LIMESURVEY
    if "submitdate" in folded and len(folded & _LIMESURVEYS_OWN) >= 2:
        return System.LIMESURVEY
    if header and fold(header[0]) in ("timestamp", "marca temporal"):
        return System.GOOGLE_FORMS
    if folded & {"respondentid", "respondent id"} or has_second_header(header, first):
        return System.SURVEYMONKEY
    return System.CSV


def has_second_header(header: Sequence[str], first: Sequence[str]) -> bool:
    """Whether the first record goes on with the header, as SurveyMonkey's does: it answers nothing."""
    names_parts = any(fold(cell) in _ANSWER for cell in first)
    return names_parts or ("" in header[1:] and not first[0].strip() and any(first[1:]))


def layout(header: Sequence[str], second: Sequence[str] | None, system: System) -> Layout:
    """Tell the columns apart. ``second`` is SurveyMonkey's second header row, where there is one."""
    columns = list(_columns(header, second, system))
    dropped: dict[str, str] = {}
    kept, found = [], {}
    for column in columns:
        role, why = _role(column)
        if role is not None and role not in found:
            found[role] = column.index
        elif role == "day":
            found[role] = _better_day(columns, found[role], column)
        elif role is None and why is None:
            kept.append(column)
        if why is not None:
            dropped[_shown(column)] = why
    odd = tuple(_shown(column) for column in kept if _GARBLED.search(column.title + (column.part or "")))
    return Layout(
        items=tuple(_items(kept)),
        identity=found.get("identity"),
        day=found.get("day"),
        language=found.get("language"),
        finished=_finished(columns) if system is System.LIMESURVEY else None,
        dropped=dropped,
        odd=odd,
    )


def _finished(columns: Iterable[Column]) -> int | None:
    return next((one.index for one in columns if fold(one.code or one.title) == "submitdate"), None)


def _role(column: Column) -> tuple[str | None, str | None]:
    """What a column is beside a question, and why it is not read, if it is not."""
    names = {fold(column.title), fold(column.code or "")}
    if names & _IDENTITY:
        return "identity", None
    if names & set(_DAYS):
        return "day", None
    if names & _LANGUAGES:
        return "language", None
    if names & _PERSONAL:
        return None, WHY_PERSONAL
    if any(_SYSTEMS_OWN.fullmatch(name) for name in names):
        return None, WHY_OWN
    return None, None


def _better_day(columns: Sequence[Column], one: int, other: Column) -> int:
    """The day of sending tells more than the day of beginning."""
    ranks = [_day_rank(column) for column in columns if column.index == one]
    return other.index if _day_rank(other) < ranks[0] else one


def _day_rank(column: Column) -> int:
    names = {fold(column.title), fold(column.code or "")}
    return min(_DAYS.index(name) for name in names if name in _DAYS)


def _columns(header: Sequence[str], second: Sequence[str] | None, system: System) -> Iterator[Column]:
    if second is not None:
        yield from _two_rows(header, second)
    elif system is System.LIMESURVEY:
        yield from (_limesurvey(index, name) for index, name in enumerate(header))
    elif system is System.GOOGLE_FORMS:
        yield from (_grid(index, name) for index, name in enumerate(header))
    else:
        yield from _one_row(header)


def _two_rows(header: Sequence[str], second: Sequence[str]) -> Iterator[Column]:
    title = ""
    for index, (above, below) in enumerate(zip(header, second, strict=True)):
        title = _line(above) or title
        part = _line(below)
        yield Column(index, title, None if not part or fold(part) in _ANSWER else part)


def _limesurvey(index: int, name: str) -> Column:
    found = _LIMESURVEY.fullmatch(name.strip())
    if found is None:
        return _limesurvey_code(index, _line(name))
    parted = _LIMESURVEY_PART.fullmatch(found["title"]) if found["sub"] else None
    title = _line(parted["title"] if parted else found["title"])
    part = _line(parted["part"]) if parted else found["sub"]
    return Column(index, title, part, found["code"])


def _limesurvey_code(index: int, name: str) -> Column:
    """A head that is a code alone, as LimeSurvey writes them unless it is asked for the questions' words."""
    found = _LIMESURVEY_CODE.fullmatch(name)
    if found is None:
        return Column(index, name)
    subs = found["subs"].strip("[]").replace("][", " ")
    return Column(index, found["code"], subs or None, found["code"])


def _grid(index: int, name: str) -> Column:
    found = _GRID.fullmatch(_line(name))
    return Column(index, found["title"], found["part"]) if found else Column(index, _line(name))


def _one_row(header: Sequence[str]) -> Iterator[Column]:
    """“Question - Choice”: the longest beginning that several columns share is the question."""
    heads = [_line(name) for name in header]
    shared = Counter(title for head in heads for title in {title for title, _part in _splits(head)})
    whole = set(heads)
    for index, head in enumerate(heads):
        fitting = [split for split in _splits(head) if shared[split[0]] > 1 or split[0] in whole]
        title, part = max(fitting, key=lambda split: len(split[0]), default=(head, None))
        yield Column(index, title, part)


def _splits(head: str) -> list[tuple[str, str]]:
    return [(head[: mark.start()], head[mark.end() :]) for mark in _SPLIT.finditer(head)]


def _items(columns: Sequence[Column]) -> Iterator[Item]:
    """Columns of one code or title make one question."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.code or column.title, []).append(column)
    for group in groups.values():
        others = [column for column in group if _is_other(column)]
        # What people wrote: the second of two columns of “other”, one beside a whole question, LimeSurvey's.
        alone = len(group) > 1 and sum(column.part is None for column in group) == 1
        is_text = len(others) > 1 or alone or group[0].code is not None
        other = others[-1] if others and is_text else None
        yield Item(
            title=group[0].title,
            columns=tuple(column for column in group if column is not other),
            other=other,
            code=group[0].code,
        )


def _is_other(column: Column) -> bool:
    return column.part is not None and _OTHER.fullmatch(fold(column.part)) is not None


def is_other(text: str) -> bool:
    """Whether a choice is “other (please specify)”, in English or Spanish."""
    return _OTHER.fullmatch(fold(text)) is not None


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]


def _shown(column: Column) -> str:
    whole = column.title if column.part is None else f"{column.title} - {column.part}"
    return whole if len(whole) <= 80 else f"{whole[:79]}…"
