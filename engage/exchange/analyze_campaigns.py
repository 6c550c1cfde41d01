"""The largest campaigns of a file: which text shows the letter best, and how many added to it."""

from __future__ import annotations

from dataclasses import dataclass

from engage.analysis import CampaignGroup
from engage.analysis.additions import additions
from engage.exchange.analyze import Analysed, Row


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """The row whose text shows the letter best, and the members who say something of their own besides."""

    exemplar: Row
    added: tuple[Row, ...]


def largest_campaigns(analysed: Analysed, count: int) -> dict[str, CampaignFacts]:
    """Facts of the ``count`` largest campaigns, by id."""
    groups = sorted(analysed.campaigns, key=lambda group: (-len(group.members), group.id))[:count]
    return {group.id: _facts(group, analysed) for group in groups}


def _facts(group: CampaignGroup[int], analysed: Analysed) -> CampaignFacts:
    exemplar = analysed.rows[group.exemplar]
    letter = analysed.texts[exemplar.row]
    known: dict[bytes, bool] = {exemplar.text_key: False}
    added = []
    for row in (analysed.rows[place] for place in group.members):
        if row.text_key not in known:
            known[row.text_key] = bool(additions(analysed.texts[row.row], letter))
        if known[row.text_key]:
            added.append(row)
    return CampaignFacts(exemplar, tuple(added))
