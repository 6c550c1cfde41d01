"""Which comments a filter finds, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from engage.comments.filters import (
    ALONE,
    CHANGED,
    COPY,
    OWN_WORDS,
    PERSON,
    UNMEASURED,
    UNSTATED,
    CommentFilter,
)
from engage.comments.models import (
    Campaign,
    CampaignText,
    Channel,
    Comment,
    CommentAnalysis,
    CommentClause,
    CommentConcern,
    CommentReview,
    CommentSearch,
    CommentTheme,
    Disposition,
    Position,
    Stance,
    Theme,
)
from engage.comments.search import has_words
from engage.db.types import LANGUAGES
from engage.dockets.models import District

Condition = sa.ColumnElement[bool]


LISTED = frozenset({"concern", "denied", "theme", "campaign", "part", "letters", "clause", "stance"})
"""The arguments of a filter of whose comments a list is made where nobody says otherwise."""


def narrowed(
    statement: sa.Select[Any], criteria: CommentFilter, *, listed: Collection[str] = LISTED
) -> sa.Select[Any]:
    """Add the conditions of a filter to a SELECT that has Comment among what it selects from.

    Of the arguments in ``listed`` the comments are found first, all of them, from an index of their own; for
    the others each comment is asked by itself. So a page that is soon full is read until it is.
    """
    return statement.where(
        *_of_the_comment(criteria),
        *_of_the_whole(criteria),
        *_of_the_analysis(criteria, listed),
        *_of_the_concerns(criteria, listed),
        *_of_the_words(criteria),
        *_of_the_themes(criteria, listed),
        *_of_the_campaigns(criteria, listed),
        *_of_the_clauses(criteria, listed),
        *_of_the_readers(criteria),
    )


def is_rare_channel(channel: str | None) -> bool:
    """Whether comments of a channel are in the index of those that few take."""
    return channel is not None and channel != Channel.WEB


def is_rare_language(language: str | None) -> bool:
    """Whether comments in a language are in the index of those that few write in."""
    return language is not None and language not in LANGUAGES


def is_part(part: str) -> Condition:
    """The texts of campaigns that have this beside the letter. One that is not compared yet adds nothing."""
    is_personal = CampaignText.is_personal.is_(True)
    return sa.and_(
        CampaignText.campaign_id.is_not(None),
        {
            COPY: CampaignText.is_exemplar,
            OWN_WORDS: sa.and_(is_personal, ~CampaignText.is_exemplar),
            CHANGED: sa.and_(CampaignText.is_personal.is_not(True), ~CampaignText.is_exemplar),
        }[part],
    )


def is_of_letter() -> Condition:
    """The texts of campaigns that add nothing to the letter."""
    return sa.or_(is_part(COPY), is_part(CHANGED))


def _is_one(comment_id: InstrumentedAttribute[int], wanted: list[Condition], *, each: bool) -> Condition:
    """That a row of another table with these conditions is the comment's."""
    if not each:
        return Comment.id.in_(sa.select(comment_id).where(*wanted))
    return _asked(sa.select(sa.literal(1)).where(comment_id == Comment.id, *wanted))


def _asked(of_comment: sa.Select[Any]) -> Condition:
    """That there is such a row, looked up for each comment. The offset keeps PostgreSQL from joining whole
    tables where a page is full after some comments.
    """
    return of_comment.correlate(Comment).offset(0).exists()


def _of_the_comment(criteria: CommentFilter) -> Iterator[Condition]:
    if criteria.position == UNSTATED:
        yield Comment.position.is_(None)
    elif criteria.position is not None:
        yield Comment.position == Position(criteria.position)
    if criteria.district == UNSTATED:
        yield Comment.district_id.is_(None)
    elif criteria.district is not None:
        # One value, not a question to each comment: so the index of districts finds a rare one.
        of_code = sa.select(District.id).where(District.code == criteria.district)
        yield Comment.district_id == of_code.scalar_subquery()
    if criteria.day is not None:
        yield Comment.received_on == criteria.day
    if criteria.month is not None:
        first = date.fromisoformat(f"{criteria.month}-01")
        yield Comment.received_on >= first
        yield Comment.received_on < (first + timedelta(days=31)).replace(day=1)


def _of_the_whole(criteria: CommentFilter) -> Iterator[Condition]:
    if criteria.channel is not None:
        yield Comment.channel == Channel(criteria.channel)
    if is_rare_channel(criteria.channel):
        # Said as the index of them says it: else SQLite does not see that they are all in it.
        yield Comment.channel != sa.literal_column(f"'{Channel.WEB.value}'")
    if criteria.text is not None:
        yield Comment.body_digest == criteria.text
    if criteria.named is not None:
        is_named = sa.or_(Comment.name.is_not(None), Comment.organisation.is_not(None))
        yield is_named if criteria.named else sa.not_(is_named)
    if criteria.late is not None:
        yield Comment.on_time.is_(not criteria.late)


def _of_the_analysis(criteria: CommentFilter, listed: Collection[str]) -> Iterator[Condition]:
    each = not {"tone", "tone_reason", "language", "analyser"} & set(listed)
    wanted = []
    if criteria.tone is not None and criteria.tone != UNMEASURED:
        wanted.append(CommentAnalysis.tone == criteria.tone)
    if criteria.tone_reason is not None:
        wanted.append(CommentAnalysis.tone_reason == criteria.tone_reason)
    if criteria.language is not None:
        wanted.append(CommentAnalysis.language == criteria.language)
    if is_rare_language(criteria.language):
        wanted.append(CommentAnalysis.language.not_in([sa.literal_column(f"'{one}'") for one in LANGUAGES]))
    if criteria.analyser is not None:
        wanted.append(CommentAnalysis.analyser_version == criteria.analyser)
    if wanted:
        yield _is_one(CommentAnalysis.comment_id, wanted, each=each)
    if criteria.tone == UNMEASURED:
        yield ~Comment.analysis.has()


def _of_the_concerns(criteria: CommentFilter, listed: Collection[str]) -> Iterator[Condition]:
    each = not {"concern", "denied"} & set(listed)
    wanted = []
    if criteria.concern is not None:
        wanted.append(CommentConcern.code == criteria.concern)
    if criteria.denied is not None:
        wanted.append(CommentConcern.denied == criteria.denied)
    if wanted:
        yield _is_one(CommentConcern.comment_id, wanted, each=each)


def _of_the_words(criteria: CommentFilter) -> Iterator[Condition]:
    if criteria.words is not None:
        yield Comment.id.in_(sa.select(CommentSearch.comment_id).where(has_words(criteria.words)))


def _of_the_themes(criteria: CommentFilter, listed: Collection[str]) -> Iterator[Condition]:
    each = not {"theme"} & set(listed)
    if criteria.theme is not None:
        is_it = sa.or_(Theme.id == criteria.theme, Theme.merged_into_id == criteria.theme)
        family = sa.select(Theme.id).where(is_it)
        yield _is_one(CommentTheme.comment_id, [CommentTheme.theme_id.in_(family)], each=each)


def _of_the_campaigns(criteria: CommentFilter, listed: Collection[str]) -> Iterator[Condition]:
    each = not {"campaign", "part", "letters"} & set(listed)
    wanted: list[Condition] = []
    if criteria.campaign is not None:
        merged = sa.select(Campaign.merged_into_id).where(Campaign.id == criteria.campaign).scalar_subquery()
        wanted.append(CampaignText.campaign_id == sa.func.coalesce(merged, criteria.campaign))
    if criteria.part == ALONE:
        yield ~_has_text([CampaignText.campaign_id.is_not(None)], each=each)
    elif criteria.part is not None:
        wanted.append(is_part(criteria.part))
    if wanted:
        yield _has_text(wanted, each=each)
    if criteria.letters is not None:
        yield sa.or_(~_has_text([is_of_letter()], each=each), Comment.id.in_(_one_of_each_letter()))


def _has_text(wanted: list[Condition], *, each: bool) -> Condition:
    """Comments whose text is one of these."""
    if each:
        is_its = (CampaignText.period_id == Comment.period_id, CampaignText.digest == Comment.body_digest)
        return _asked(sa.select(sa.literal(1)).where(*is_its, *wanted))
    texts = sa.select(CampaignText.period_id, CampaignText.digest).where(*wanted)
    return sa.tuple_(Comment.period_id, Comment.body_digest).in_(texts)


def _one_of_each_letter() -> sa.Select[int]:
    """One posted comment for each campaign: the one with the lowest id, which is random."""
    member = aliased(Comment)
    return (
        sa.select(sa.func.min(member.id))
        .join(
            CampaignText,
            sa.and_(CampaignText.period_id == member.period_id, CampaignText.digest == member.body_digest),
        )
        .where(member.disposition == Disposition.POSTED, is_of_letter())
        .group_by(CampaignText.campaign_id)
    )


def _of_the_clauses(criteria: CommentFilter, listed: Collection[str]) -> Iterator[Condition]:
    each = not {"clause", "stance"} & set(listed)
    wanted: list[Condition] = []
    if criteria.clause is not None:
        wanted.append(CommentClause.clause == criteria.clause)
    if criteria.stance == UNSTATED:
        wanted.append(CommentClause.stance.is_(None))
    elif criteria.stance is not None:
        wanted.append(CommentClause.stance == Stance(criteria.stance))
    if wanted:
        yield _is_one(CommentClause.comment_id, wanted, each=each)


def _of_the_readers(criteria: CommentFilter) -> Iterator[Condition]:
    if criteria.read_by is None:
        return
    by_person = Comment.review.has(CommentReview.of_digest == Comment.body_digest)
    if criteria.read_by == PERSON:
        yield by_person
    else:
        yield Comment.analysis.has()
        yield ~by_person
