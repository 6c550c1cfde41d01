"""The figures of a report that other sites may show inside their pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from engage.analysis import OTHER
from engage.reports.summary import Line

if TYPE_CHECKING:
    from engage.reports.page import ReportPage

_MOST_CONCERNS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure shows: ``kind`` as in page.label; ``patterns``: its bars are of different kinds."""

    title: LazyString
    heading: LazyString
    kind: str
    lines: Callable[[ReportPage], Sequence[Line]]
    patterns: bool = False


def _named(page: ReportPage) -> list[Line]:
    """The concerns of the list, the most frequent first; what fits none is no concern and told apart."""
    return [concern.line for concern in page.summary.concerns if concern.key != OTHER]


FIGURES = {
    "positions": Figure(
        _l("Position, as declared"),
        _l("Position"),
        "positions",
        lambda page: page.summary.positions,
        patterns=True,
    ),
    "concerns": Figure(
        _l("Most frequent concerns, as detected"),
        _l("Concern"),
        "concerns",
        lambda page: _named(page)[:_MOST_CONCERNS],
    ),
    "days": Figure(_l("Comments over time"), _l("Day"), "days", lambda page: page.summary.days),
}


def more_concerns(page: ReportPage) -> int:
    """How many concerns were found for which the figure has no bar."""
    return max(0, len(_named(page)) - _MOST_CONCERNS)


def frame(title: str, address: str) -> str:
    """The HTML by which another site shows a figure."""
    return str(
        Markup('<iframe src="{}" title="{}" width="100%" height="520" loading="lazy"></iframe>').format(
            address, title
        )
    )
