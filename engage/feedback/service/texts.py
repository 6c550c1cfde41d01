"""Decide what the public may read of what people wrote. Every decision is a line that nobody can change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.redacted import marks_in
from engage.comments.spans import Span, merge, part_beyond, redacted
from engage.errors import NotFound, RuleBroken
from engage.feedback import text_queries
from engage.feedback.models import FeedbackForm, FormText, FormTextEvent, HiddenFor, TextState
from engage.feedback.service.box import READ
from engage.feedback.service.quote import forget_quotes, let_quotes_be_chosen
from engage.jobs.queue import wake
from engage.jobs.scrub import promise_scrub

MOST_STRUCK_OUT = 0.5
"""The largest part of a text, beside personal data that the finder knows, that may be struck out."""


class NothingChosen(RuleBroken):
    """No stretch was chosen that is not struck out already."""


class TooMuch(RuleBroken):
    """So much was chosen that little would be left of what somebody said."""


class TextChanged(RuleBroken):
    """Somebody else changed the text meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many texts were decided, and how many somebody else had decided, or time erased, before."""

    done: int
    already: int


def show_texts(
    session: Session,
    form: FeedbackForm,
    text_ids: Collection[int],
    actor: User,
    now: datetime,
    *,
    seen: TextState,
) -> Outcome:
    """Let everybody read these texts; ``seen`` is the state in which the moderator saw them."""
    return _decide(session, form, text_ids, actor, now, seen=seen, state=TextState.SHOWN, reason=None)


def hide_texts(
    session: Session,
    form: FeedbackForm,
    text_ids: Collection[int],
    actor: User,
    now: datetime,
    *,
    seen: TextState,
    reason: HiddenFor,
) -> Outcome:
    """Keep these texts from readers, for one reason. They are gone from every page with this transaction."""
    return _decide(session, form, text_ids, actor, now, seen=seen, state=TextState.HIDDEN, reason=reason)


def _decide(
    session: Session,
    form: FeedbackForm,
    text_ids: Collection[int],
    actor: User,
    now: datetime,
    *,
    seen: TextState,
    state: TextState,
    reason: HiddenFor | None,
) -> Outcome:
    """All of them or none: raises NotFound where one is of another form or confidential."""
    texts = _locked(session, form, text_ids)
    changed = [
        text
        for text in texts
        if text.body and text.state is seen and (text.state, text.hidden_for) != (state, reason)
    ]
    for text in changed:
        text.state, text.hidden_for = state, reason
        _write_down(session, form, text, actor, now, reason)
    session.flush()
    if changed:
        forget_quotes(session, [text.id for text in changed])
        let_quotes_be_chosen(session, [form.id])
    return Outcome(len(changed), len(texts) - len(changed))


def version_of(text: FormText) -> str:
    """Names the text that a moderator was shown, so that nothing is struck out of another one."""
    return hashlib.sha256(text.body.encode()).hexdigest()[:32]


def strike_out(
    session: Session,
    form: FeedbackForm,
    text_id: int,
    chosen: Sequence[Span],
    actor: User,
    now: datetime,
    *,
    version: str,
) -> FormText:
    """Put marks in place of stretches, for good: no original is kept of what people write in forms.

    ``chosen`` are places in the text as it is shown. Raises TextChanged, NothingChosen, and TooMuch where
    more than half of what was said would go: then the text is shown or hidden as a whole, for a reason.
    """
    text = _locked(session, form, [text_id])[0]
    if version_of(text) != version:
        raise TextChanged(_l("Somebody else has changed this text meanwhile. Look at it again."))
    before = _marks(text)
    after = merge([*before, *(span for span in chosen if 0 <= span.start < span.stop <= len(text.body))])
    if after == before:
        raise NothingChosen(_l("Choose at least one stretch of the text."))
    if part_beyond(text.body, after) > MOST_STRUCK_OUT:
        raise TooMuch(
            _l("That would strike out more than half of what was said. Show or hide the whole text.")
        )
    text.body, text.is_redacted = redacted(text.body, after), True
    # What was measured and found went by the words that are gone.
    text.analysed_with = text.words = None
    _write_down(session, form, text, actor, now, HiddenFor.PERSONAL_DATA)
    session.flush()
    forget_quotes(session, [text.id])
    promise_scrub(session)
    wake(session, READ)
    return text


def _marks(text: FormText) -> list[Span]:
    return [Span(*mark) for mark in marks_in(text.body)] if text.is_redacted else []


def _locked(session: Session, form: FeedbackForm, text_ids: Collection[int]) -> list[FormText]:
    wanted = (
        text_queries.moderated(form.id)
        .where(FormText.id.in_(text_ids))
        .order_by(FormText.id)
        .with_for_update(of=FormText)
        .execution_options(populate_existing=True)
    )
    texts = list(session.scalars(wanted))
    if len(texts) != len(set(text_ids)):
        raise NotFound(_l("There is no such text."))
    return texts


def _write_down(
    session: Session, form: FeedbackForm, text: FormText, actor: User, now: datetime, reason: HiddenFor | None
) -> None:
    session.add(
        FormTextEvent(
            form_id=form.id,
            text_id=text.id,
            actor_id=actor.id,
            state=text.state,
            hidden_for=reason,
            happened_at=now,
        )
    )
