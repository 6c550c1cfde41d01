"""Put another definition in the place of the one that staff are editing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.feedback.models import FeedbackForm
from engage.survey import surveyjs
from engage.survey.definition import Definition


class EditedMeanwhile(RuleBroken):
    """Somebody else has changed the questions since this person began."""


def replace_working(
    session: Session, form: FeedbackForm, definition: Definition, *, revision: int | None, now: datetime
) -> None:
    """Edit this definition from now on; what residents are asked changes when it is published.

    ``revision`` is the one that the person saw, None whichever it is. Raises EditedMeanwhile.
    """
    session.flush()
    session.refresh(form, with_for_update=True)
    if revision is not None and revision != form.revision:
        raise EditedMeanwhile(
            _l("Somebody else has changed the questions meanwhile. Look at them, then send the file again.")
        )
    form.working = surveyjs.write(definition)
    form.revision += 1
    form.changed_at = now
    session.flush()


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
    replace_working(session, form, definition, revision=None, now=now)
    return form
