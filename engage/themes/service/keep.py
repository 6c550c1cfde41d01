"""Keep what a run has found: themes that were known before are known again, with all that staff decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.themes import Theme as FoundTheme
from engage.comments.models import Comment, CommentTheme, Theme, ThemeStatus
from engage.themes.service.name import count_anew

# A theme is known again if it and the found one have so much of the smaller one in common.
_KNOWN_AGAIN = 0.5
_AT_ONCE = 500

Members = Mapping[int, frozenset[int]]


def keep_themes(
    session: Session, docket_id: int, found: Sequence[FoundTheme], comment_ids: Sequence[int]
) -> None:
    """Store the themes of a docket; their members are places in ``comment_ids``.

    A stored theme takes over what the found one says and keeps its status, name and merging. One that is not
    found any more goes if nobody has decided about it, and stays as it is otherwise.
    """
    in_docket = sa.select(Theme).where(Theme.docket_id == docket_id).order_by(Theme.id)
    stored = {theme.id: theme for theme in session.scalars(in_docket.with_for_update())}
    before = _members(session, stored)
    new = [frozenset(comment_ids[row] for row in theme.members) for theme in found]
    again = _matches(new, before)
    for number, theme in enumerate(found):
        known = stored[again[number]] if number in again else _add(session, docket_id)
        known.words, known.size = list(theme.words), theme.size
        session.flush()
        places = {comment_ids[row]: place for place, row in enumerate(theme.exemplars, 1)}
        _replace(session, known.id, new[number], places)
        if _is_counted(known, stored):
            for batch in _batches(before[known.id] ^ new[number]):
                count_anew(session, Comment.id.in_(batch))
    _forget(session, [theme for key, theme in stored.items() if key not in again.values()])


def _members(session: Session, theme_ids: Collection[int]) -> Members:
    found: dict[int, set[int]] = defaultdict(set)
    rows = sa.select(CommentTheme.theme_id, CommentTheme.comment_id).where(
        CommentTheme.theme_id.in_(theme_ids)
    )
    for theme_id, comment_id in session.execute(rows):
        found[theme_id].add(comment_id)
    return {theme_id: frozenset(found[theme_id]) for theme_id in theme_ids}


def _matches(new: Sequence[frozenset[int]], before: Members) -> dict[int, int]:
    """Which stored theme each new one is, the surest pairs first; each belongs to one pair at most."""
    pairs = [
        (len(own & old) / len(own | old), -number, -theme_id)
        for number, own in enumerate(new)
        for theme_id, old in before.items()
        if own and old and len(own & old) >= _KNOWN_AGAIN * min(len(own), len(old))
    ]
    again: dict[int, int] = {}
    for _, number, theme_id in sorted(pairs, reverse=True):
        if -number not in again and -theme_id not in again.values():
            again[-number] = -theme_id
    return again


def _add(session: Session, docket_id: int) -> Theme:
    theme = Theme(docket_id=docket_id)
    session.add(theme)
    session.flush()
    return theme


def _replace(
    session: Session, theme_id: int, comment_ids: Collection[int], places: Mapping[int, int]
) -> None:
    session.execute(
        sa.delete(CommentTheme)
        .where(CommentTheme.theme_id == theme_id)
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"theme_id": theme_id, "comment_id": comment_id, "place": places.get(comment_id)}
        for comment_id in sorted(comment_ids)
    ]
    session.execute(sa.insert(CommentTheme), rows)


def _is_counted(theme: Theme, stored: Mapping[int, Theme]) -> bool:
    shown = stored[theme.merged_into_id] if theme.merged_into_id else theme
    return shown.status is ThemeStatus.CONFIRMED


def _batches(comment_ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(comment_ids)
    for begin in range(0, len(ordered), _AT_ONCE):
        yield ordered[begin : begin + _AT_ONCE]


def _forget(session: Session, missing: Sequence[Theme]) -> None:
    """Delete candidates that are not found any more, unless others were merged into them."""
    into = set(session.scalars(sa.select(Theme.merged_into_id).where(Theme.merged_into_id.is_not(None))))
    for theme in missing:
        if theme.status is ThemeStatus.CANDIDATE and theme.merged_into_id is None and theme.id not in into:
            session.delete(theme)
    session.flush()
