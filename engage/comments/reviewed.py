"""Concerns that a person confirmed or corrected, beside those that the machine found: see CommentReview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from engage.comments.models import Comment, CommentAnalysis, CommentConcern, CommentReview


def review_of(comment: Comment) -> CommentReview | None:
    """The reading of a comment's present words by a person; None where nobody has read these."""
    review = comment.review
    return review if review is not None and review.of_digest == comment.body_digest else None


def machine_codes(comment: Comment) -> list[str]:
    """The concerns that the machine finds in a comment, whatever a person says; none before it reads it."""
    review = review_of(comment)
    if review is not None:
        return [code for code, *_ in review.machine]
    return [concern.code for concern in comment.analysis.concerns] if comment.analysis else []


def as_found(concerns: Iterable[CommentConcern]) -> list[list[Any]]:
    """Concerns as a review keeps the machine's: [code, denied, spans] each, in one order."""
    return sorted([concern.code, concern.denied, concern.spans] for concern in concerns)


def as_read(codes: Collection[str], machine: Sequence[Sequence[Any]]) -> list[CommentConcern]:
    """The person's concerns as readers find them. Of those that the machine finds too, the places stay."""
    found = {code: (denied, spans) for code, denied, spans in machine}
    return [
        CommentConcern(code=code, denied=denied, spans=spans)
        for code in sorted(set(codes))
        for denied, spans in (found.get(code, (False, [])),)
    ]


def keep_reading(comment: Comment, row: CommentAnalysis) -> None:
    """A comment is measured anew: what a person has read stays, and the machine's are kept beside it.

    A reading of other words goes.
    """
    review = review_of(comment)
    if review is None or comment.analysis is None:
        comment.review = None
        return
    codes = [concern.code for concern in comment.analysis.concerns]
    review.machine = as_found(row.concerns)
    review.confirmed = set(codes) == {code for code, *_ in review.machine}
    row.concerns = as_read(codes, review.machine)
