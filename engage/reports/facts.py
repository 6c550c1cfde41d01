"""Read the facts of comments from the raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.filters import CHANGED, COPY, OWN_WORDS
from engage.comments.models import (
    CampaignText,
    Comment,
    CommentAnalysis,
    CommentConcern,
    CommentTheme,
    Disposition,
    Theme,
    ThemeStatus,
)
from engage.reports.measures import Facts

_SUBMITTER_HALF = 32


def read_facts(session: Session, comment_ids: Collection[int]) -> dict[int, tuple[int, Facts]]:
    """The period and the present facts of each of these comments, in three queries."""
    concerns: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for comment_id, code, denied in session.execute(_concerns(comment_ids)):
        concerns[comment_id].append((code, denied))
    themes: dict[int, list[str]] = defaultdict(list)
    for comment_id, theme_id in session.execute(_themes(comment_ids)):
        themes[comment_id].append(str(theme_id))
    return {
        row.id: (row.period_id, _facts(row, concerns[row.id], tuple(themes[row.id])))
        for row in session.execute(_comments(comment_ids))
    }


def submitter_digest(name: str | None, organisation: str | None) -> str | None:
    """One value for one name with one organisation, however they are spelled; None where neither is given."""
    if name is None and organisation is None:
        return None
    return "".join(fingerprint(part or "")[:_SUBMITTER_HALF] for part in (name, organisation))


def _facts(row: Any, concerns: list[tuple[str, bool]], themes: tuple[str, ...]) -> Facts:
    if row.disposition is not Disposition.POSTED:
        return Facts(disposition=row.disposition, reason=row.restriction_reason)
    return Facts(
        disposition=row.disposition,
        position=row.position,
        district=None if row.district_id is None else str(row.district_id),
        day=row.received_on.isoformat(),
        channel=row.channel,
        text=row.body_digest,
        submitter=submitter_digest(row.name, row.organisation),
        tone=row.tone,
        tone_reason=row.tone_reason,
        suggested=row.position_suggested if row.position is None else None,
        language=row.language,
        analyser=row.analyser_version,
        late=not row.on_time,
        concerns=tuple(code for code, _ in concerns),
        denied=tuple(code for code, is_denied in concerns if is_denied),
        themes=themes,
        campaign=None if row.campaign_id is None else str(row.campaign_id),
        part=_part(row),
    )


def _part(row: Any) -> str | None:
    """What a version has beside its letter; as comments.filters.is_part says it."""
    if row.campaign_id is None:
        return None
    if row.is_exemplar:
        return COPY
    return OWN_WORDS if row.is_personal else CHANGED


def _comments(comment_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Comment.id,
            Comment.period_id,
            Comment.disposition,
            Comment.restriction_reason,
            Comment.position,
            Comment.district_id,
            Comment.received_on,
            Comment.channel,
            Comment.body_digest,
            Comment.name,
            Comment.organisation,
            Comment.on_time,
            CommentAnalysis.tone,
            CommentAnalysis.tone_reason,
            CommentAnalysis.position_suggested,
            CommentAnalysis.language,
            CommentAnalysis.analyser_version,
            CampaignText.campaign_id,
            CampaignText.is_exemplar,
            CampaignText.is_personal,
        )
        .outerjoin(CommentAnalysis, CommentAnalysis.comment_id == Comment.id)
        .outerjoin(
            CampaignText,
            sa.and_(CampaignText.period_id == Comment.period_id, CampaignText.digest == Comment.body_digest),
        )
        .where(Comment.id.in_(comment_ids))
    )


def _concerns(comment_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CommentConcern.comment_id, CommentConcern.code, CommentConcern.denied)
        .where(CommentConcern.comment_id.in_(comment_ids))
        .order_by(CommentConcern.comment_id, CommentConcern.code)
    )


def _themes(comment_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """The confirmed themes of comments; one that is merged counts for the theme that it was merged into."""
    shown = sa.orm.aliased(Theme)
    return (
        sa.select(CommentTheme.comment_id, shown.id)
        .join(Theme, Theme.id == CommentTheme.theme_id)
        .join(shown, shown.id == sa.func.coalesce(Theme.merged_into_id, Theme.id))
        .where(CommentTheme.comment_id.in_(comment_ids), shown.status == ThemeStatus.CONFIRMED)
        .distinct()
        .order_by(CommentTheme.comment_id, shown.id)
    )
