"""What a period still lacks before residents may see it: the same for every way in.

The database refuses an unfinished period too (triggers in migration 0015); here it is said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flask_babel import lazy_gettext as _l

from engage.db.types import Localised
from engage.errors import RuleBroken

TEXTS = ("title", "summary", "notice")
"""What every published period has in each language that it needs."""

OPTIONAL_TEXTS = ("plain_summary", "instructions")


class PeriodTexts(Protocol):
    """A period, or the draft of one."""

    @property
    def title(self) -> Localised: ...
    @property
    def summary(self) -> Localised: ...
    @property
    def notice(self) -> Localised | None: ...
    @property
    def plain_summary(self) -> Localised | None: ...
    @property
    def instructions(self) -> Localised | None: ...
    @property
    def required_languages(self) -> Sequence[str]: ...


class NotFinished(RuleBroken):
    """Residents would see a text that is missing in a language they were promised. ``missing`` says which."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        listed = ", ".join(f"{text} ({code})" for text, code in missing)
        super().__init__(
            _l(
                "Residents see a period only when everything in it is written in each language that it "
                "needs. Missing: %(listed)s.",
                listed=listed or "–",
            )
        )
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One text that a period needs in one language, and whether it is there."""

    text: str
    language: str
    is_met: bool


def requirements(period: PeriodTexts) -> list[Requirement]:
    """All that must be written before a period is published, text by text.

    What may be left out may not be left out in one of the languages only.
    """
    texts: dict[str, Localised] = {name: getattr(period, name) or Localised() for name in TEXTS}
    for name in OPTIONAL_TEXTS:
        if text := getattr(period, name):
            texts[name] = text
    return [
        Requirement(name, code, bool(getattr(text, code)))
        for name, text in texts.items()
        for code in period.required_languages
    ]


def require_finished(period: PeriodTexts) -> None:
    """Raises NotFinished."""
    missing = [(each.text, each.language) for each in requirements(period) if not each.is_met]
    if missing or not period.required_languages:
        raise NotFinished(missing)
