"""Keep a form's versions as they are for the length of a transaction."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.feedback.models import FeedbackForm


def hold_versions(session: Session, form: FeedbackForm) -> None:
    """Let nobody publish until an answer that is checked now lies in its box.

    A version without answers can be written anew, and the answer would then lie under questions that nobody
    asked. Whoever publishes or closes it, and the job that opens the box at the close, locks the form first;
    many can hold it like this at once. Look at the clock after it: an answer that is late must not come into
    a box that was emptied for good.
    """
    session.execute(
        sa.select(FeedbackForm.id)
        .where(FeedbackForm.id == form.id)
        .with_for_update(read=True, of=FeedbackForm)
    )
    session.refresh(form)
    session.expire(form, ["versions"])
    for version in form.versions:
        session.refresh(version)
