"""Change what a form will ask. What residents are asked changes only when it is published."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.feedback.models import FeedbackForm
from engage.survey import surveyjs
from engage.survey.definition import MOST_QUESTIONS, Definition


class FormChanged(RuleBroken):
    """Somebody else has changed the form since it was read."""


class TooMuch(RuleBroken):
    """More questions, or longer, than a form may be."""


def change(
    session: Session, form: FeedbackForm, definition: Definition, *, revision: int | None, now: datetime
) -> None:
    """Keep a definition as the working one, if the form is still as it was at ``revision``; if None, always.

    Raises FormChanged, and TooMuch where there are more than 200 questions or a million characters.
    """
    if len(list(definition.questions())) > MOST_QUESTIONS:
        raise TooMuch(_("A form asks %(most)s questions at most.", most=MOST_QUESTIONS))
    if len(surveyjs.dumps(definition)) > surveyjs.LARGEST:
        raise TooMuch(_("A form has %(most)s characters at most.", most=f"{surveyjs.LARGEST:,}"))
    session.flush()
    as_it_was = sa.true() if revision is None else FeedbackForm.revision == revision
    kept = session.execute(
        sa.update(FeedbackForm)
        .where(FeedbackForm.id == form.id, as_it_was)
        .values(working=surveyjs.write(definition), revision=FeedbackForm.revision + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("sa.CursorResult[object]", kept).rowcount != 1:
        session.refresh(form, ("revision",))
        raise FormChanged(_("Somebody else has changed this form meanwhile. Nothing was changed now."))
    session.refresh(form, ("working", "revision", "changed_at"))
