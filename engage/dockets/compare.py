"""What has changed between two versions of a document: which paragraphs, and which words within them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_MARKUP = re.compile(r"\*+|^#+\s*", re.MULTILINE)
_ALIKE = 0.6
# A word or two that stayed between two changes only chops them up for a reader.
_SHORT_RUN = 2
# Comparing word by word takes the square of the length.
_LONGEST_ALIKE = 8000


class ChangeKind(StrEnum):
    """What has happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a changed paragraph, without Markdown and spaces around; ``kind`` is never CHANGED."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph. ``text`` is its Markdown; a CHANGED one has ``words`` instead."""

    kind: ChangeKind
    text: str = ""
    words: tuple[Words, ...] = ()


def paragraphs(text: str) -> list[str]:
    """The paragraphs, headings and list items of a Markdown text."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").strip())
    return [item.strip("\n") for block in blocks for item in _ITEM.split(block) if item.strip()]


def compare(before: str, after: str) -> list[Change]:
    """What to do to the paragraphs of ``before`` to get those of ``after``, in reading order."""
    old, new = paragraphs(before), paragraphs(after)
    changes: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change(ChangeKind.SAME, text) for text in old[a:b]]
        else:
            changes += _replaced(old[a:b], new[c:d])
    return changes


def _replaced(old: list[str], new: list[str]) -> Iterator[Change]:
    """Pair each old paragraph with the next new one like it; what finds no other was removed or added."""
    at = 0
    for text in old:
        match = next((index for index in range(at, len(new)) if _is_alike(text, new[index])), None)
        if match is None:
            yield Change(ChangeKind.REMOVED, text)
            continue
        yield from (Change(ChangeKind.ADDED, added) for added in new[at:match])
        yield Change(ChangeKind.CHANGED, words=tuple(_words(text, new[match])))
        at = match + 1
    yield from (Change(ChangeKind.ADDED, added) for added in new[at:])


def _is_alike(old: str, new: str) -> bool:
    is_table = "|" in (old.lstrip()[:1], new.lstrip()[:1])
    if is_table or max(len(old), len(new)) > _LONGEST_ALIKE:
        return False
    matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return matcher.real_quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


def _words(old: str, new: str) -> Iterator[Words]:
    a, b = (_MARKUP.sub("", text).split() for text in (old, new))
    removed: list[str] = []
    added: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        is_between_changes = (removed or added) and j < len(a) and m < len(b)
        if tag == "equal" and not (is_between_changes and j - i <= _SHORT_RUN):
            yield from _changed(removed, added)
            removed, added = [], []
            yield Words(ChangeKind.SAME, " ".join(a[i:j]))
            continue
        removed += a[i:j]
        added += b[k:m]
    yield from _changed(removed, added)


def _changed(removed: list[str], added: list[str]) -> Iterator[Words]:
    for kind, words in ((ChangeKind.REMOVED, removed), (ChangeKind.ADDED, added)):
        if words:
            yield Words(kind, " ".join(words))
