"""What each version of a form asks otherwise than the one before it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext

from engage.feedback.models import FormVersion
from engage.survey.across import changes
from engage.web.locale import day


@dataclass(frozen=True, slots=True)
class VersionTold:
    """One version: since when, and what it asks otherwise than the one before."""

    number: int
    since: str
    changed: str


def told_versions(versions: Sequence[FormVersion]) -> list[VersionTold]:
    """What each version changed, the newest first."""
    told = []
    before: FormVersion | None = None
    for version in versions:
        told.append(VersionTold(version.number, day(version.published_at), _changed(before, version)))
        before = version
    return told[::-1]


def _changed(before: FormVersion | None, version: FormVersion) -> str:
    """What a version asks otherwise, by the numbers that are printed on it."""
    if before is None:
        return ""
    found, numbers = changes(before.asked, version.asked), version.asked.numbers()
    told = [
        (pgettext("questions", "changed: {numbers}"), found.changed, numbers),
        (pgettext("questions", "new: {numbers}"), found.added, numbers),
        (pgettext("questions", "asked no more (numbers of the version before): {numbers}"), found.dropped,
         before.asked.numbers()),
    ]  # fmt: skip
    parts = []
    for text, names, known in told:
        listed = ", ".join(str(known[name]) for name in names if name in known)
        if listed:
            parts.append(text.format(numbers=listed))
    return "; ".join(parts) or str(_("only texts around the questions changed"))
