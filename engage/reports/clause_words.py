"""Clauses in words, lengths and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.comments.filters import UNSTATED
from engage.comments.models import Stance
from engage.reports.clauses import ClauseLine, Clauses
from engage.reports.docket_facts import ClauseFacts
from engage.web.locale import localised
from engage.web.numbers import percent_said

if TYPE_CHECKING:
    from engage.reports.page import ReportPage

STANCES: dict[str, LazyString] = {
    Stance.KEEP: _l("Keep"),
    Stance.CHANGE: _l("Change"),
    Stance.STRIKE: _l("Strike"),
    UNSTATED: _l("Not said"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One stance as a part of a bar."""

    label: str
    share: float | None
    percent: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A clause as a bar of 100 %."""

    label: str
    parts: tuple[Part, ...]
    hidden: float = 0.0


def clause_name(facts: ClauseFacts) -> str:
    """A clause by its number and first words; an earlier version's with that version's number."""
    name = f"{facts.number} {localised(facts.begins)}"
    return name if facts.is_current else str(_("%(clause)s (version %(n)s)", clause=name, n=facts.version))


def clause_href(page: ReportPage, facts: ClauseFacts) -> str:
    """Where the clause stands in its document."""
    return page.address(
        "dockets.document",
        slug=page.period.docket_slug,
        document_slug=facts.document,
        _anchor=f"clause-{facts.number}",
        version=facts.version,
    )


def stacks(told: Clauses) -> list[Stack]:
    """The clauses with comments as bars; each says of how many it is, for a share of two is not much."""
    return [Stack(f"{clause_name(row.facts)} ({row.line.n:,})", tuple(_parts(row))) for row in told.lines]


def _parts(row: ClauseLine) -> list[Part]:
    shares = [line.n / line.base if line.base else None for line in row.stances]
    return [
        Part(str(STANCES[line.key]), share, percent_said(share or 0))
        for line, share in zip(row.stances, shares, strict=True)
    ]


def described(told: Clauses) -> str:
    """The chart for people who do not see it, without a judgement."""
    return "; ".join(
        f"{row.facts.number}: " + ", ".join(f"{STANCES[line.key]} {line.n:,}" for line in row.stances)
        for row in told.lines
    )
