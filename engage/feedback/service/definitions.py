"""Take a definition that was made elsewhere into a form, which may not be there yet."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.feedback.models import FeedbackForm
from engage.feedback.service.build import change
from engage.survey import surveyjs
from engage.survey.definition import Definition


def make_or_replace(session: Session, slug: str, definition: Definition, *, now: datetime) -> FeedbackForm:
    """Edit this definition under this address: in the form that is there, else in a new draft."""
    known = sa.select(FeedbackForm).where(FeedbackForm.slug == slug)
    form = session.scalar(known)
    if form is None:
        form = FeedbackForm(slug=slug, working=surveyjs.write(definition), opens_at=now, changed_at=now)
        try:
            with session.begin_nested():
                session.add(form)
            return form
        except IntegrityError:  # Made in this very moment by somebody else.
            form = session.scalars(known).one()
    change(session, form, definition, revision=None, now=now)
    return form
