"""Show a form to residents, and change what residents are asked."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.errors import RuleBroken
from engage.feedback import queries
from engage.feedback.models import FeedbackForm, FormVersion
from engage.survey import surveyjs, validity


def publish_version(
    session: Session, form: FeedbackForm, *, actor: User | None, now: datetime
) -> FormVersion:
    """Ask residents what the working definition says, from now on.

    A version that somebody has answered stays as it is and the next number begins; one that nobody has
    answered is written anew. Nothing happens where nothing changed. What was handed to the clerks is in its
    host's hands again, to prepare the next version. Raises RuleBroken where the definition has a fault or a
    text without its translation.
    """
    session.flush()
    session.refresh(form, with_for_update=True)
    if validity.faults(surveyjs.read(form.working), is_public=True):
        raise RuleBroken(_("This form is not complete in both languages."))
    form.submitted_at = None
    form.published_at = form.published_at or now
    newest = session.scalar(_newest(form))
    digest = digest_of(form.working)
    if newest is not None and newest.digest == digest:
        return newest
    if newest is None or queries.has_answers(session, newest):
        number = 1 if newest is None else newest.number + 1
        newest = FormVersion(form_id=form.id, number=number)
        session.add(newest)
    newest.definition, newest.digest = dict(form.working), digest
    newest.published_at, newest.actor_id = now, actor.id if actor else None
    form.changed_at = now
    session.flush()
    session.expire(form, ["versions"])
    newest.__dict__.pop("asked", None)
    return newest


def _newest(form: FeedbackForm) -> sa.Select[FormVersion]:
    """Locked, so that nobody answers it between the question whether somebody has and its change."""
    return (
        sa.select(FormVersion)
        .where(FormVersion.form_id == form.id)
        .order_by(FormVersion.number.desc())
        .limit(1)
        .with_for_update()
    )


def digest_of(definition: dict[str, Any]) -> str:
    """The SHA-256 of a definition, whatever the order of its keys."""
    canonical = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
