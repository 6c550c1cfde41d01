"""Letters, and periods with versions of them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.campaigns.service import group_due
from engage.comments.models import CampaignText, Comment, CommentPeriod
from tests.support import makers

LETTER = (
    "I urge the commissioners to think again about this agreement, because our deputies have enough to do "
    "and the county should spend its money on schools, roads and parks instead of the work of others."
)
OTHER_LETTER = (
    "Please keep working with our federal partners: a check of fingerprints in the jail takes minutes, costs "
    "little, and tells the sheriff who has been arrested before he lets anybody go home again."
)
OWN = "My own neighbor was stopped on her way to the clinic last winter."


def comments(session: Session, period: CommentPeriod, *bodies: str, **fields: Any) -> list[Comment]:
    """A comment for each text."""
    return [makers.comment(session, period, body=body, **fields) for body in bodies]


def group(session: Session) -> None:
    """Commit, and let the job do all its steps."""
    session.commit()
    for _ in range(200):
        if not group_due():
            break
    else:
        raise AssertionError("The job never comes to an end.")
    session.expire_all()


def campaign_of(session: Session, comment: Comment) -> int | None:
    """The campaign of a comment, as every query finds it: by its text."""
    return session.scalar(
        sa.select(CampaignText.campaign_id).where(
            CampaignText.period_id == comment.period_id, CampaignText.digest == comment.body_digest
        )
    )


def partition(session: Session, some: Sequence[Comment]) -> list[list[int]]:
    """Which of some comments, by their place, are together; those of their own are left out."""
    groups: dict[int, list[int]] = {}
    for place, comment in enumerate(some):
        number = campaign_of(session, comment)
        if number is not None:
            groups.setdefault(number, []).append(place)
    return sorted(groups.values())
