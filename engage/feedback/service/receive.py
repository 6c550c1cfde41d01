"""Acknowledge one answer: a ticket is spent and the answer lies in the box, both or neither."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.clock import to_wall_clock
from engage.errors import RuleBroken
from engage.feedback.codes import Boxed, code_index
from engage.feedback.models import Channel, FeedbackForm, FormTicket, FormVersion
from engage.feedback.service.box import put_in
from engage.web.locale import site_time_zone


class FormNotOpen(RuleBroken):
    """The form does not take answers at this instant."""


class CodeUnknown(RuleBroken):
    """No such code was handed out for this form."""


class CodeSpent(RuleBroken):
    """An answer with this code was acknowledged before."""


def receive(
    session: Session,
    version: FormVersion,
    answers: dict[str, Any],
    *,
    code: str,
    is_handed_out: bool,
    language: str,
    channel: Channel,
    now: datetime,
    is_doubtful: bool = False,
) -> bool:
    """Keep checked answers to a version; returns whether they are new.

    ``code`` is one that was handed out, or (``is_handed_out`` False) the random token of the page: the same
    token again keeps nothing and returns False, because the answer to its first sending got lost. Raises
    FormNotOpen, CodeUnknown, CodeSpent.
    """
    form = version.form
    if not form.takes_answers(now):
        raise FormNotOpen(_("This form takes no answers now."))
    if is_handed_out:
        _spend(session, form, code)
    elif not _is_new(session, form, code):
        return False
    day = to_wall_clock(now, site_time_zone()).date()
    put_in(session, version, Boxed(answers, language, channel, day, is_doubtful))
    return True


def _spend(session: Session, form: FeedbackForm, code: str) -> None:
    ticket = (FormTicket.form_id == form.id, FormTicket.code_index == code_index(code))
    used = sa.update(FormTicket).where(*ticket, FormTicket.is_spent.is_(False)).values(is_spent=True)
    if session.execute(used).rowcount:  # type: ignore[attr-defined]
        return
    if session.scalar(sa.select(sa.exists().where(*ticket))):
        raise CodeSpent(_("An answer with this code has arrived already."))
    raise CodeUnknown(_("This code is not one of this form. Check what you typed."))


def _is_new(session: Session, form: FeedbackForm, token: str) -> bool:
    """The database decides, so that twenty at once leave one answer."""
    try:
        with session.begin_nested():
            session.add(FormTicket(form_id=form.id, code_index=code_index(token), is_spent=True))
            session.flush()
    except IntegrityError:
        return False
    return True
