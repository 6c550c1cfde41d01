"""What is told of what readers said of a summary: full tens of readers, and nothing of fewer than ten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.reports.models import ReportVersion
from engage.reports.ratings.models import ANSWERS, Rated, ReportRating
from engage.survey.suppression import hidden_choices


@dataclass(frozen=True, slots=True)
class Told:
    """Of one part: how many readers, and how many of them said what.

    ``readers`` are full tens, 0 where fewer than ten have answered. None is not told: few said it, or few
    did not. ``unchecked`` are those that came without the signs of a person at a browser.
    """

    readers: int
    answers: tuple[tuple[Rated, int | None], ...]
    unchecked: int | None


def told(session: Session, version: ReportVersion, part: str) -> Told:
    """What readers said of one part of a version."""
    rows = session.execute(
        sa.select(ReportRating.counted, ReportRating.told).where(
            ReportRating.version_id == version.id, ReportRating.part == part
        )
    )
    return _told({row.counted: row.told for row in rows})


def told_of_all(
    session: Session, versions: Iterable[ReportVersion]
) -> list[tuple[ReportVersion, list[tuple[str, Told]]]]:
    """The same of every part on which ten readers or more have answered; versions in the order given.

    Parts are in the order of their codes, the whole first: no part comes before another for what was said.
    """
    versions = list(versions)
    numbers: dict[tuple[int, str], dict[Rated, int]] = defaultdict(dict)
    rows = session.scalars(
        sa.select(ReportRating)
        .where(ReportRating.version_id.in_([version.id for version in versions]), ReportRating.told > 0)
        .order_by(ReportRating.part)
    )
    for row in rows:
        numbers[row.version_id, row.part][row.counted] = row.told
    return [
        (version, found)
        for version in versions
        if (found := [(part, _told(n)) for (of, part), n in numbers.items() if of == version.id])
    ]


def _told(numbers: Mapping[Rated, int]) -> Told:
    readers = numbers.get(Rated.READERS, 0)
    said = [numbers.get(answer, 0) for answer in ANSWERS]
    hidden = hidden_choices(said, of=readers, most=len(ANSWERS))
    unchecked = numbers.get(Rated.UNCHECKED, 0)
    return Told(
        readers,
        tuple((answer, None if place in hidden else said[place]) for place, answer in enumerate(ANSWERS)),
        None if hidden_choices([unchecked], of=readers) else unchecked,
    )
