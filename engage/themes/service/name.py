"""What staff decide about a theme. Whatever changes what the report counts is counted anew."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.comments.models import COUNT, Comment, CommentTheme, Theme, ThemeStatus
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.jobs.queue import wake


class NameMissing(RuleBroken):
    """A theme that everybody reads has a name in both languages."""


class CannotMerge(RuleBroken):
    """The other theme is not of the same docket, is itself merged or dismissed, or is this very one."""


def confirm_theme(session: Session, theme: Theme, name: Localised) -> None:
    """Show a theme to everybody under a name; or only give it another name."""
    if not name.is_complete:
        raise NameMissing(_l("Give the theme a name in English and in Spanish."))
    _set_status(session, theme, ThemeStatus.CONFIRMED)
    theme.name = name
    session.flush()


def dismiss_theme(session: Session, theme: Theme) -> None:
    """Say that this is no theme. It is known again at the next run and stays dismissed."""
    _set_status(session, theme, ThemeStatus.DISMISSED)


def reopen_theme(session: Session, theme: Theme) -> None:
    """Let a theme wait for a decision again; a name that it has is kept."""
    _set_status(session, theme, ThemeStatus.CANDIDATE)


def merge_theme(session: Session, theme: Theme, into: Theme) -> None:
    """Let a theme, and all that was merged into it, count for another one. Raises CannotMerge."""
    _hold(session, theme, into)
    is_possible = (
        into.id != theme.id
        and theme.merged_into_id is None
        and into.docket_id == theme.docket_id
        and into.merged_into_id is None
        and into.status is not ThemeStatus.DISMISSED
    )
    if not is_possible:
        raise CannotMerge(_l("Choose another theme of the same docket that is not dismissed."))
    # What they have in common stays counted, what is new is counted: both need a look.
    _count_anew(session, _family(session, theme))
    session.execute(sa.update(Theme).where(Theme.merged_into_id == theme.id).values(merged_into_id=into.id))
    theme.merged_into_id = into.id
    session.flush()


def _hold(session: Session, *themes: Theme) -> None:
    """Read these themes as they are now, in one order, and let no other request change them: two that are
    merged into each other at once would both be gone.
    """
    ids = [theme.id for theme in themes]
    held = sa.select(Theme).where(Theme.id.in_(ids)).order_by(Theme.id).with_for_update()
    session.scalars(held.execution_options(populate_existing=True)).all()


def count_anew(session: Session, which: sa.ColumnElement[bool]) -> None:
    """Promise that the report counts the comments of a condition anew."""
    session.execute(
        sa.update(Comment).where(which).values(count_due=True).execution_options(synchronize_session=False)
    )
    wake(session, COUNT)


def _set_status(session: Session, theme: Theme, status: ThemeStatus) -> None:
    _hold(session, theme)
    if theme.merged_into_id is not None:
        raise CannotMerge(_l("Somebody else has just merged this theme into another one."))
    is_counted_otherwise = ThemeStatus.CONFIRMED in (theme.status, status) and theme.status is not status
    theme.status = status
    session.flush()
    if is_counted_otherwise:
        _count_anew(session, _family(session, theme))


def _family(session: Session, theme: Theme) -> list[int]:
    merged = sa.select(Theme.id).where(Theme.merged_into_id == theme.id)
    return [theme.id, *session.scalars(merged)]


def _count_anew(session: Session, theme_ids: Collection[int]) -> None:
    members = sa.select(CommentTheme.comment_id).where(CommentTheme.theme_id.in_(theme_ids))
    count_anew(session, Comment.id.in_(members))
