"""What rooms above tell this one: what readers may not see, and how far a comment has been counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.comments.models import Comment

ClosedFields = Callable[[Session, Collection[int]], Mapping[int, Collection[str]]]
"""Of these comments, by id, the fields of which readers see less than was received: a redacted body."""

_CLOSED = "closed_fields"
_STEPS = "receipt_steps"


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way of a comment, as components/phases.html draws it; ``href``: where to read of it."""

    name: str
    state: Literal["past", "current", "upcoming"]
    when: str | None = None
    href: str | None = None


FurtherSteps = Callable[[Session, Comment], list[Step]]
"""What becomes of a comment after it was decided: counted in the report, counted in a published version."""


def keep_closed(app: Flask, provider: ClosedFields) -> None:
    """Ask ``provider`` before the log opens fields of a posted comment. Such a comment counts as redacted."""
    app.extensions.setdefault(_CLOSED, []).append(provider)


def closed_fields(session: Session, comment_ids: Collection[int]) -> dict[int, set[str]]:
    """The fields that stay closed although their comment is posted, by the comment's id."""
    closed: dict[int, set[str]] = {}
    providers: list[ClosedFields] = current_app.extensions.get(_CLOSED, [])
    for provider in providers:
        for comment_id, names in provider(session, comment_ids).items():
            closed.setdefault(comment_id, set()).update(names)
    return closed


def add_steps(app: Flask, provider: FurtherSteps) -> None:
    """Show further steps on the receipt of a comment, after those of moderation."""
    app.extensions.setdefault(_STEPS, []).append(provider)


def further_steps(session: Session, comment: Comment) -> list[Step]:
    """What other rooms know of the way of a comment."""
    providers: list[FurtherSteps] = current_app.extensions.get(_STEPS, [])
    return [step for provider in providers for step in provider(session, comment)]
