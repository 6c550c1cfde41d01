"""Choose what the report shows with each concern of a period: see engage.analysis.voices for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import Taxonomy
from engage.analysis.voices import Mention, choose_voices, draw
from engage.comments.filters import UNSTATED
from engage.comments.models import CommentConcern, CommentPeriod
from engage.themes.models import Excerpt, ExcerptKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Drawn = Mapping[tuple[int, str], Sequence[Mention[int]]]
"""What is looked at, by period and concern."""

_AT_ONCE = 500


def draw_mentions(
    session: Session, texts: Mapping[int, Sequence[Mention[int]]], concerns: Mapping[int, Collection[str]]
) -> Drawn:
    """Draw for each period and concern the comments that are looked at. ``texts`` are by period; only of
    those that are drawn it is read where the concern stands in them.
    """
    by_concern: dict[tuple[int, str], list[Mention[int]]] = defaultdict(list)
    for period_id, mentions in texts.items():
        for mention in mentions:
            for code in concerns.get(mention.id, ()):
                by_concern[period_id, code].append(mention)
    drawn = {key: draw(mentions) for key, mentions in by_concern.items()}
    cues = _cues(session, sorted({mention.id for group in drawn.values() for mention in group}))
    return {
        (period_id, code): [replace(each, cues=cues.get((each.id, code), ())) for each in group]
        for (period_id, code), group in drawn.items()
    }


def excerpts_of(
    drawn: Drawn, vectors: Mapping[int, NDArray[np.float32]], taxonomy: Taxonomy
) -> list[Excerpt]:
    """What is shown of each concern. Touches no database: the rows are new."""
    return [
        Excerpt(
            period_id=period_id,
            concern=concern,
            kind=ExcerptKind(voice.kind),
            position=known[voice.id].position or UNSTATED,
            place=voice.place,
            comment_id=voice.id,
            body_digest=known[voice.id].digest,
            start=voice.start,
            stop=voice.end,
        )
        for (period_id, concern), mentions in sorted(drawn.items())
        for known in ({mention.id: mention for mention in mentions},)
        for voice in choose_voices(mentions, concern, taxonomy=taxonomy, vectors=vectors)
    ]


def store_excerpts(session: Session, docket_id: int, excerpts: Sequence[Excerpt]) -> None:
    """Show these in place of what was shown of the docket's periods before."""
    periods = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == docket_id)
    session.execute(
        sa.delete(Excerpt).where(Excerpt.period_id.in_(periods)).execution_options(synchronize_session=False)
    )
    session.add_all(excerpts)
    session.flush()


def _cues(session: Session, comment_ids: Sequence[int]) -> dict[tuple[int, str], tuple[tuple[int, int], ...]]:
    found = {}
    for at in range(0, len(comment_ids), _AT_ONCE):
        rows = sa.select(CommentConcern.comment_id, CommentConcern.code, CommentConcern.spans).where(
            CommentConcern.comment_id.in_(comment_ids[at : at + _AT_ONCE])
        )
        for comment_id, code, spans in session.execute(rows):
            found[comment_id, code] = tuple((start, end) for start, end, *_ in spans)
    return found
