"""The box that acknowledged answers lie in until they are counted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engage.feedback.codes import Boxed, seal
from engage.feedback.models import BoxedAnswer, FormVersion
from engage.jobs.queue import wake

COUNT = "count_answers"
"""The job that opens boxes and makes results anew."""


def put_in(session: Session, version: FormVersion, answer: Boxed) -> None:
    """Keep an acknowledged answer. Whoever calls this has spent a ticket in the same transaction."""
    session.add(BoxedAnswer(version_id=version.id, sealed=seal(answer, version_id=version.id)))
    session.flush()
    wake(session, COUNT)
