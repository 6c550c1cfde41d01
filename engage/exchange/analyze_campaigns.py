"""The largest campaigns of a file: which text shows the letter best, and how many added to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engage.analysis.additions import additions
from engage.exchange.analyze import Analysed, Row
from engage.exchange.records import Source, SourceComment


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """The row whose text shows the letter best, and the members who say something of their own besides."""

    exemplar: Row
    added: tuple[Row, ...]


def largest_campaigns(analysed: Analysed, source: Source, count: int) -> dict[str, CampaignFacts]:
    """Facts of the ``count`` largest campaigns, by id. Reads the file twice more where there are any."""
    groups = sorted(analysed.campaigns, key=lambda group: (-len(group.members), group.id))[:count]
    if not groups:
        return {}
    rows = analysed.rows
    exemplars = {rows[group.exemplar].row: group.id for group in groups}
    letters = {exemplars[row]: text for row, text in _texts(source, exemplars)}
    added: dict[str, list[Row]] = {group.id: [] for group in groups}
    known: dict[bytes, bool] = {}
    members = {rows[place].row: rows[place] for group in groups for place in group.members}
    for number, text in _texts(source, members):
        row = members[number]
        if row.text_key not in known:
            known[row.text_key] = bool(additions(text, letters[row.campaign]))
        if known[row.text_key]:
            added[row.campaign].append(row)
    return {group.id: CampaignFacts(rows[group.exemplar], tuple(added[group.id])) for group in groups}


def _texts(source: Source, wanted: Iterable[int]) -> Iterator[tuple[int, str]]:
    numbers = frozenset(wanted)
    return (
        (item.row, item.text) for item in source if isinstance(item, SourceComment) and item.row in numbers
    )
