"""Who the comments of a report are from, beside who lives in the place. Pure: numbers, no words.

No share of comments is weighted by a census: both stand side by side, and that is all that can be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.comments.filters import UNSTATED, CommentFilter
from engage.db.types import Localised
from engage.reports.docket_facts import CensusFacts
from engage.reports.inputs import Inputs
from engage.reports.models import Margin
from engage.reports.summary import Line, Summary


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of residents: the comments that are of it, and how many people the source counts.

    ``line.base`` are the comments that are of any kind which the source counts.
    """

    key: str
    line: Line
    people: int
    residents: int

    @property
    def percent_of_residents(self) -> int | None:
        """Their share of all that the source counts, in whole percent, rounded half up."""
        if not self.residents:
            return None
        return (200 * self.people + self.residents) // (2 * self.residents)


@dataclass(frozen=True, slots=True)
class Beside:
    """The comments by district or language beside the residents. ``outside``: how many are in none of these.

    ``as_of`` is the day of the newest figure, ISO 8601.
    """

    margin: Margin
    parts: tuple[Part, ...]
    outside: int
    source: Localised
    source_url: str | None
    as_of: str


def beside_census(inputs: Inputs, summary: Summary) -> tuple[Beside, ...]:
    """One comparison for each margin of which residents were counted; none where nobody entered a source."""
    found = []
    for margin, lines in _margins(summary):
        counted = [row for row in inputs.census if row.margin == margin]
        if counted:
            found.append(_beside(margin, _in_order(margin, inputs, counted), lines, summary.posted.n))
    return tuple(found)


def _margins(summary: Summary) -> list[tuple[Margin, dict[str, Line]]]:
    by_district = {line.key: line for line in summary.districts if line.key != UNSTATED}
    by_language = {line.key: line for line in summary.languages}
    return [(Margin.DISTRICT, by_district), (Margin.LANGUAGE, by_language)]


def _in_order(margin: Margin, inputs: Inputs, counted: list[CensusFacts]) -> list[CensusFacts]:
    """Districts in the order of the place, languages by how many speak them."""
    if margin is Margin.DISTRICT:
        order = {place.code: number for number, place in enumerate(inputs.districts)}
        return sorted(counted, key=lambda row: (order.get(row.key, len(order)), row.key))
    return sorted(counted, key=lambda row: (-row.people, row.key))


def _beside(margin: Margin, counted: Sequence[CensusFacts], lines: dict[str, Line], posted: int) -> Beside:
    comments = sum(lines[row.key].n for row in counted if row.key in lines)
    residents = sum(row.people for row in counted)
    newest = max(counted, key=lambda row: row.as_of)
    return Beside(
        margin=margin,
        parts=tuple(
            Part(row.key, _line(margin, row.key, lines, comments), row.people, residents) for row in counted
        ),
        outside=posted - comments,
        source=newest.source,
        source_url=newest.source_url,
        as_of=newest.as_of.isoformat(),
    )


def _line(margin: Margin, key: str, lines: dict[str, Line], base: int) -> Line:
    n = lines[key].n if key in lines else 0
    condition = CommentFilter(district=key) if margin is Margin.DISTRICT else CommentFilter(language=key)
    return Line(key, n, condition, base)
