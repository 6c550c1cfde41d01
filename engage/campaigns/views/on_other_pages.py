"""What the pages of comments tell of campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from flask import g, render_template, url_for

from engage.campaigns import queries
from engage.clock import utcnow
from engage.comments.filters import AS_ONE, CommentFilter
from engage.comments.models import Comment, CommentPeriod
from engage.db.session import db

_LISTED = "campaigns_of_listed_comments"


def in_reading_room(*, period: CommentPeriod, criteria: CommentFilter, comments: Sequence[Comment]) -> str:
    """A way to see each letter once, or all again; the campaigns of the list are read here at once."""
    setattr(g, _LISTED, queries.of_comments(db.session, comments, utcnow()))
    is_one = criteria.letters is not None
    other = replace(criteria, letters=None if is_one else AS_ONE)
    address = url_for("comments.reading_room", slug=period.slug, **cast("Any", other.arguments))
    return render_template(
        "campaigns/_in_reading_room.html", period=period, is_one=is_one, address=f"{address}#found"
    )


def on_listed_comment(*, comment: Comment) -> str:
    """That a comment in the list is a version of a letter."""
    return _is_version(getattr(g, _LISTED, {}).get(comment.id))


def on_comment(*, comment: Comment) -> str:
    """That a comment is a version of a letter."""
    return _is_version(queries.of_comments(db.session, [comment], utcnow()).get(comment.id))


def _is_version(found: tuple[int, int] | None) -> str:
    if found is None:
        return ""
    return render_template("campaigns/_is_version.html", campaign_id=found[0], count=found[1])
