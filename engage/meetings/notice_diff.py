"""What is different between two posted versions of a notice or an agenda."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from engage.db.types import LANGUAGES, Localised
from engage.dockets.compare import Change, compare

Said = dict[str, Any]


class What(StrEnum):
    """What of a version is different."""

    FIELD = "field"
    """A fact of the notice, called ``name``."""
    ITEM = "item"
    """An item of the agenda was put on it or taken off it."""
    ORDER = "order"
    """An item has another place in the order of those that stayed."""
    WORDS = "words"
    """The title or summary of an item."""
    WITHDRAWN = "withdrawn"
    """An item is marked as taken off, or no more; it stays in its place."""
    FILE = "file"
    """A document was added or taken away."""
    SWAPPED = "swapped"
    """A document of the same title has another content."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different. ``before`` or ``after`` is None where it was not there.

    FIELD and WORDS: values of the field ``name``; ITEM and ORDER: the position; WITHDRAWN: True or None; FILE
    and SWAPPED: the document's digest, or its address. ``title`` is the item's, ``file`` the document's.
    """

    what: What
    name: str = ""
    before: Any = None
    after: Any = None
    title: Localised | None = None
    file: Localised | None = None

    @property
    def texts(self) -> list[tuple[str, list[Change]]]:
        """For a value in two languages: what has changed in the texts of each, where something has."""
        old, new = text_of(self.before), text_of(self.after)
        pairs = [(code, getattr(old, code), getattr(new, code)) for code in LANGUAGES]
        return [(code, compare(before, after)) for code, before, after in pairs if before != after]


def differences(before: Said, after: Said) -> list[Difference]:
    """What to tell a reader of ``before`` who now reads ``after``."""
    if "items" in before or "items" in after:
        return [*_fields(before, after, ("starts_at",)), *_agenda(before, after)]
    names = sorted((before.keys() | after.keys()) - {"document", "meeting"}, key=_rank)
    return list(_fields(before, after, names))


def text_of(value: Any) -> Localised:
    """A text in two languages as a version says it; empty for none."""
    return Localised(**value) if isinstance(value, dict) else Localised()


_ORDER = (
    "title",
    "kind",
    "status",
    "starts_at",
    "ends_at",
    "time_zone",
    "format",
    "place",
    "address",
    "join_url",
    "phone",
    "summary",
    "rule",
)


def _rank(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _fields(before: Said, after: Said, names: Sequence[str]) -> Iterator[Difference]:
    for name in names:
        if before.get(name) != after.get(name):
            yield Difference(What.FIELD, name, before.get(name), after.get(name))


def _agenda(before: Said, after: Said) -> Iterator[Difference]:
    old, new = before.get("items") or [], after.get("items") or []
    pairs = _paired(old, new)
    stayed = {id(one) for pair in pairs for one in pair}
    for item in old:
        if id(item) not in stayed:
            yield Difference(What.ITEM, before=item["position"], title=text_of(item["title"]))
    for item in new:
        if id(item) not in stayed:
            yield Difference(What.ITEM, after=item["position"], title=text_of(item["title"]))
            yield from _files([], item.get("files") or [], text_of(item["title"]))
    yield from _order(pairs)
    for was, now in pairs:
        yield from _item(was, now)
    yield from _files(before.get("files") or [], after.get("files") or [], None)


def _paired(old: list[Said], new: list[Said]) -> list[tuple[Said, Said]]:
    """The items that stayed: the same by number, else by title; in their old order."""
    pairs: list[tuple[Said, Said]] = []
    left = list(new)
    for same in (_has_same_id, _has_same_title):
        for item in old:
            if any(item is was for was, _now in pairs):
                continue
            match = next((other for other in left if same(item, other)), None)
            if match is not None:
                pairs.append((item, match))
                left = [other for other in left if other is not match]
    return sorted(pairs, key=lambda pair: pair[0]["position"])


def _has_same_id(one: Said, other: Said) -> bool:
    return one.get("id") is not None and one.get("id") == other.get("id")


def _has_same_title(one: Said, other: Said) -> bool:
    return bool(one["title"] == other["title"])


def _order(pairs: list[tuple[Said, Said]]) -> Iterator[Difference]:
    was = list(range(len(pairs)))
    now = sorted(was, key=lambda index: pairs[index][1]["position"])
    kept = {
        was[block.a + step]
        for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
        for step in range(block.size)
    }
    for index, (before, after) in enumerate(pairs):
        if index not in kept:
            yield Difference(
                What.ORDER,
                before=before["position"],
                after=after["position"],
                title=text_of(after["title"]),
            )


def _item(before: Said, after: Said) -> Iterator[Difference]:
    title = text_of(after["title"])
    for name in ("title", "summary"):
        if before.get(name) != after.get(name):
            yield Difference(What.WORDS, name, before.get(name), after.get(name), title=title)
    if bool(before.get("withdrawn")) != bool(after.get("withdrawn")):
        marks = (before.get("withdrawn") or None, after.get("withdrawn") or None)
        yield Difference(What.WITHDRAWN, before=marks[0], after=marks[1], title=title)
    yield from _files(before.get("files") or [], after.get("files") or [], title)


def _files(old: list[Said], new: list[Said], title: Localised | None) -> Iterator[Difference]:
    left = list(new)
    gone = []
    for file in old:
        if file in left:
            left.remove(file)
        else:
            gone.append(file)
    for file in gone:
        match = next((other for other in left if other["title"] == file["title"]), None)
        if match is None:
            yield Difference(What.FILE, before=_source(file), title=title, file=text_of(file["title"]))
            continue
        left.remove(match)
        yield Difference(
            What.SWAPPED, before=_source(file), after=_source(match), title=title, file=text_of(file["title"])
        )
    for file in left:
        yield Difference(What.FILE, after=_source(file), title=title, file=text_of(file["title"]))


def _source(file: Said) -> str:
    return file.get("digest") or file.get("url") or "-"
