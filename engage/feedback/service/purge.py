"""Erase what nobody needs any more of forms and their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.feedback.models import (
    FeedbackForm,
    FormResponse,
    FormResult,
    FormText,
    FormTextEvent,
    FormTicket,
    FormVersion,
    TextState,
)


def purge_tickets(session: Session, before: datetime) -> int:
    """The codes, and the keys of pages, of forms that closed before an instant and are counted for good."""
    return _count(
        session.execute(sa.delete(FormTicket).where(FormTicket.form_id.in_(_final(before)))),
    )


def purge_hidden_texts(session: Session, before: datetime) -> int:
    """The words of texts that were hidden before an instant, and have been since. That they were stays."""
    last = (
        sa.select(FormTextEvent.text_id)
        .group_by(FormTextEvent.text_id)
        .having(sa.func.max(FormTextEvent.happened_at) < before)
    )
    return _erase(session, FormText.state == TextState.HIDDEN, FormText.id.in_(last))


def purge_confidential_texts(session: Session, before: datetime) -> int:
    """The words that were only to be counted, of forms that closed before an instant and are counted."""
    responses = (
        sa.select(FormResponse.id).join(FormResponse.version).where(FormVersion.form_id.in_(_final(before)))
    )
    return _erase(
        session,
        FormText.is_confidential.is_(True),
        FormText.analysed_with.is_not(None),
        FormText.response_id.in_(responses),
    )


def _final(before: datetime) -> sa.Select[int]:
    return (
        sa.select(FeedbackForm.id)
        .join(FormResult, FormResult.form_id == FeedbackForm.id)
        .where(FeedbackForm.closes_at < before, FormResult.is_final)
    )


def _erase(session: Session, *which: sa.ColumnElement[bool]) -> int:
    return _count(
        session.execute(
            sa.update(FormText).where(FormText.body != "", *which).values(body="", words=None),
            execution_options={"synchronize_session": False},
        )
    )


def _count(result: sa.Result[Any]) -> int:
    return cast("sa.CursorResult[Any]", result).rowcount
