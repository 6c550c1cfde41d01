"""What staff and helpers do alike: type in one comment after another, in the order of the paper form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from engage.accounts.models import User
from engage.comments import queries as comments
from engage.comments.just_sent import remember_sent
from engage.comments.models import Comment, CommentBatch, CommentPeriod
from engage.comments.service import (
    AlreadySent,
    Intake,
    NotADay,
    PeriodClosed,
    TextTooLong,
    submit_comment,
)
from engage.db.session import db
from engage.errors import RuleBroken
from engage.intake import queries
from engage.intake.forms import EntryForm
from engage.web.once import FormKey, new_form_key, sent_token


@dataclass(slots=True)
class Outcome:
    """What has become of an entry: the ``comment``, or why there is none yet.

    ``same`` are comments with the same words, ``first`` is what this very form has made before, with other
    words, and ``key`` the form's key from now on.
    """

    key: FormKey
    comment: Comment | None = None
    same: list[Comment] = field(default_factory=list)
    first: Comment | None = None
    status: int = 422


def enter(
    form: EntryForm,
    period: CommentPeriod,
    key: FormKey,
    now: datetime,
    *,
    entered_by: User | None = None,
    batch: CommentBatch | None = None,
) -> Outcome:
    """Take the comment of a form that is valid; whatever is wrong is told at its fields."""
    token = sent_token(form.client_token.data)
    is_retry = token is not None and comments.find_sent(db.session, token) is not None
    is_asked = not (form.is_another.data or is_retry)
    if is_asked and (same := queries.same_words(db.session, period, form.body.data, batch)):
        return Outcome(key, same=same, status=409)
    intake = Intake(
        channel=form.channel,
        received_on=form.received_on.data,
        postmarked_on=form.postmark,
        entered_by=entered_by,
        batch=batch,
    )
    try:
        comment = submit_comment(
            db.session,
            period=period,
            submission=form.submission,
            intake=intake,
            client_token=token,
            now=now,
        )
    except AlreadySent as error:
        fresh = new_form_key()
        form.client_token.data = fresh.token
        return Outcome(fresh, first=error.first, status=409)
    except RuleBroken as error:
        return Outcome(key, status=_tell(form, error))
    remember_sent(comment)
    return Outcome(key, comment=comment)


def today_in(period: CommentPeriod, now: datetime) -> date:
    """The day in the period's place."""
    return now.astimezone(period.zone).date()


def day_of(text: str) -> date | None:
    """The day in an argument of an address; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tell(form: EntryForm, error: RuleBroken) -> int:
    """Put a refusal at the field that can mend it; returns the status."""
    if isinstance(error, NotADay):
        form[error.field].errors = [str(error)]
    elif isinstance(error, TextTooLong):
        form.body.errors = [str(error)]
    elif isinstance(error, PeriodClosed):
        form.received_on.errors = [str(error)]
        return 409
    else:
        raise error
    return 422
