"""What a moderator of the fictional county did with the texts that people wrote in its forms."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.feedback import text_queries
from engage.feedback.models import FeedbackForm, FormStatus, FormText, TextState
from engage.feedback.service.texts import show_texts

_LEFT = 10
"""So many texts of an open form wait, for whoever tries the queue."""

_AT_ONCE = 100


def moderate_texts(session: Session, now: datetime) -> int:
    """Show the texts that wait, but for a few of the open forms; returns how many are shown.

    All are fit to be read, whatever they say: the fictional county hides none of its residents' opinions.
    Which wait is left to their random ids.
    """
    moderator = session.scalars(
        sa.select(User).where(User.roles.any(Role.name == RoleName.MODERATOR)).order_by(User.id).limit(1)
    ).one()
    done = 0
    for form in text_queries.moderated_forms(session):
        waiting = text_queries.moderated(form.id).where(
            FormText.state == TextState.WAITING, FormText.body != ""
        )
        ids = list(session.scalars(waiting.with_only_columns(FormText.id).order_by(FormText.id)))
        done += _show(
            session, form, ids[_LEFT:] if form.status(now) is FormStatus.OPEN else ids, moderator, now
        )
    return done


def _show(session: Session, form: FeedbackForm, ids: list[int], moderator: User, now: datetime) -> int:
    for start in range(0, len(ids), _AT_ONCE):
        show_texts(session, form, ids[start : start + _AT_ONCE], moderator, now, seen=TextState.WAITING)
    return len(ids)
