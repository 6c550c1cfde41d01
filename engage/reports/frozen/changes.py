"""What changed from one published version to a later one: numbers, comments, and how they were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from engage.reports.answers import AnswerChange, changed_answers
from engage.reports.frozen import store
from engage.reports.models import ReportVersion
from engage.reports.page import ReportPage
from engage.reports.summary import Line, Summary

Sides = tuple[ReportVersion, ReportPage]


@dataclass(frozen=True, slots=True)
class Change:
    """A number in both versions; None where a version does not tell it."""

    label: str
    old: Line | None
    new: Line | None

    @property
    def difference(self) -> int:
        """By how many comments it grew."""
        return (self.new.n if self.new else 0) - (self.old.n if self.old else 0)


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers of one kind, such as "positions"; those that are none in both are left out."""

    kind: str
    changes: tuple[Change, ...]

    @property
    def is_changed(self) -> bool:
        """Whether any number of it is another one."""
        return any(change.difference for change in self.changes)


@dataclass(frozen=True, slots=True)
class Changes:
    """All of it. ``added`` and ``gone`` count comments; the rest says which way of measuring changed."""

    added: int
    gone: int
    groups: tuple[Group, ...]
    analyser: bool
    taxonomy: bool
    method: bool
    is_held_back: bool
    answers: tuple[AnswerChange, ...] = ()

    @property
    def is_same_list(self) -> bool:
        """Whether the same comments are counted."""
        return not self.added and not self.gone


_GROUPS: dict[str, Callable[[Summary], Iterable[Line]]] = {
    "positions": lambda summary: summary.positions,
    "concerns": lambda summary: (concern.line for concern in summary.concerns),
    "tones": lambda summary: summary.tones,
    "languages": lambda summary: summary.languages,
    "districts": lambda summary: summary.districts,
    "channels": lambda summary: summary.channels,
}


def changes_between(session: Session, before: Sides, after: Sides) -> Changes:
    """Compare two published versions of one period."""
    (old_row, old), (new_row, new) = before, after
    added, gone = _moved(session, old_row, new_row)
    return Changes(
        added=added,
        gone=gone,
        groups=tuple(_group(kind, old, new) for kind in _GROUPS),
        analyser=_analysers(old) != _analysers(new),
        taxonomy=old.inputs.taxonomy.digest != new.inputs.taxonomy.digest,
        method=old.inputs.method != new.inputs.method,
        is_held_back=new.inputs.is_held_back,
        answers=changed_answers(old.inputs, new.inputs),
    )


def _moved(session: Session, before: ReportVersion, after: ReportVersion) -> tuple[int, int]:
    """How many comments are only in the later list, and how many only in the earlier one."""
    if before.list_digest == after.list_digest:
        return 0, 0
    old, new = (
        store.all_numbers(store.StoredList(session, row.list_digest or "")) for row in (before, after)
    )
    shared = len(np.intersect1d(old, new, assume_unique=True))
    return len(new) - shared, len(old) - shared


def _group(kind: str, old: ReportPage, new: ReportPage) -> Group:
    lines = [{line.key: line for line in _GROUPS[kind](page.summary)} for page in (old, new)]
    keys: Sequence[str] = list(dict.fromkeys([*lines[1], *lines[0]]))
    changes = [
        Change((new if key in lines[1] else old).label(kind, key), lines[0].get(key), lines[1].get(key))
        for key in keys
    ]
    return Group(kind, tuple(one for one in changes if (one.old and one.old.n) or (one.new and one.new.n)))


def _analysers(page: ReportPage) -> set[str]:
    return {line.key for line in page.summary.analysers}
