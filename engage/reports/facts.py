"""Read the facts of comments from the raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.filters import CHANGED, COPY, MACHINE, OWN_WORDS, PERSON, UNSTATED
from engage.comments.models import (
    CampaignText,
    Comment,
    CommentAnalysis,
    CommentClause,
    CommentConcern,
    CommentReview,
    CommentTheme,
    Disposition,
    Theme,
    ThemeStatus,
)
from engage.reports.many import among
from engage.reports.measures import Facts

_SUBMITTER_HALF = 32

Ids = sa.orm.InstrumentedAttribute[int]
Are = Callable[[Ids], sa.ColumnElement[bool]]
"""Makes of a column the condition that it names one of the comments that are read."""


@dataclass(frozen=True, slots=True)
class _Several:
    """What a comment may have several of."""

    concerns: Sequence[tuple[str, bool]]
    themes: Sequence[str]
    clauses: Sequence[tuple[str, str]]


def read_facts(session: Session, comment_ids: Collection[int]) -> dict[int, tuple[int, Facts]]:
    """The period and the present facts of each of these comments, in four queries."""

    def are(column: Ids) -> sa.ColumnElement[bool]:
        return among(session, column, comment_ids)

    concerns: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for comment_id, code, denied in session.execute(_concerns(are)):
        concerns[comment_id].append((code, denied))
    themes: dict[int, list[str]] = defaultdict(list)
    for comment_id, theme_id in session.execute(_themes(are)):
        themes[comment_id].append(str(theme_id))
    clauses: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for comment_id, clause, stance in session.execute(_clauses(are)):
        clauses[comment_id].append((clause, stance or UNSTATED))
    return {
        row.id: (
            row.period_id,
            _facts(row, _Several(concerns.get(row.id, ()), themes.get(row.id, ()), clauses.get(row.id, ()))),
        )
        for row in session.execute(_comments(are))
    }


def submitter_digest(name: str | None, organisation: str | None) -> str | None:
    """One value for one name with one organisation, however they are spelled; None where neither is given."""
    if name is None and organisation is None:
        return None
    return "".join(fingerprint(part or "")[:_SUBMITTER_HALF] for part in (name, organisation))


def _facts(row: Any, several: _Several) -> Facts:
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
        concerns=tuple(code for code, _ in several.concerns),
        denied=tuple(code for code, is_denied in several.concerns if is_denied),
        themes=tuple(several.themes),
        campaign=None if row.campaign_id is None else str(row.campaign_id),
        part=_part(row),
        clauses=tuple(several.clauses),
        read_by=_read_by(row),
        machine=_machine(row, several),
    )


def _read_by(row: Any) -> str | None:
    """A person counts as having read the words that they were shown, not others that came in their place."""
    if row.of_digest is not None and row.of_digest == row.body_digest:
        return PERSON
    return None if row.analyser_version is None else MACHINE


def _machine(row: Any, several: _Several) -> tuple[str, ...] | None:
    """What the machine finds where a person finds something else; the shares by the sample need it."""
    if _read_by(row) != PERSON:
        return None
    found = tuple(sorted(code for code, *_ in row.machine))
    return None if found == tuple(code for code, _ in several.concerns) else found


def _part(row: Any) -> str | None:
    """What a version has beside its letter; as comments.finding.is_part says it."""
    if row.campaign_id is None:
        return None
    if row.is_exemplar:
        return COPY
    return OWN_WORDS if row.is_personal else CHANGED


def _comments(are: Are) -> sa.Select[*tuple[Any, ...]]:
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
            CommentReview.of_digest,
            CommentReview.machine,
        )
        .outerjoin(CommentAnalysis, CommentAnalysis.comment_id == Comment.id)
        .outerjoin(CommentReview, CommentReview.comment_id == Comment.id)
        .outerjoin(
            CampaignText,
            sa.and_(CampaignText.period_id == Comment.period_id, CampaignText.digest == Comment.body_digest),
        )
        .where(are(Comment.id))
    )


def _concerns(are: Are) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CommentConcern.comment_id, CommentConcern.code, CommentConcern.denied)
        .where(are(CommentConcern.comment_id))
        .order_by(CommentConcern.comment_id, CommentConcern.code)
    )


def _clauses(are: Are) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CommentClause.comment_id, CommentClause.clause, CommentClause.stance)
        .where(are(CommentClause.comment_id))
        .order_by(CommentClause.comment_id, CommentClause.clause)
    )


def _themes(are: Are) -> sa.Select[*tuple[Any, ...]]:
    """The confirmed themes of comments; one that is merged counts for the theme that it was merged into."""
    shown = sa.orm.aliased(Theme)
    return (
        sa.select(CommentTheme.comment_id, shown.id)
        .join(Theme, Theme.id == CommentTheme.theme_id)
        .join(shown, shown.id == sa.func.coalesce(Theme.merged_into_id, Theme.id))
        .where(are(CommentTheme.comment_id), shown.status == ThemeStatus.CONFIRMED)
        .distinct()
        .order_by(CommentTheme.comment_id, shown.id)
    )
