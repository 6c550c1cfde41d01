"""The retention schedule: the classes of data that the site keeps, for how long, and what erases them.

A room with data that must go registers nothing: it is named here, so that the schedule stands in one place
and the public page shows all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import AccountAttempt, User
from engage.accounts.service import erase_user
from engage.checks.service import forget_spent
from engage.comments.models import Comment, CommentPeriod
from engage.comments.service import purge_uploads
from engage.contacts.models import Contact
from engage.feedback.service.purge import purge_confidential_texts, purge_hidden_texts, purge_tickets
from engage.mail.models import OutboxMessage
from engage.meetings.service.floor import clear_floors
from engage.meetings.service.purge import purge_attendees
from engage.moderation.service import purge_words

Eraser = Callable[[Session, datetime, date], int]
"""Erases what is older than an instant (or, where only days are kept, a day); returns how many things."""


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of data. ``days`` None: kept for good, as the law tells a public body.

    ``bounds`` are the fewest and the most days that an administrator may choose; None where the number is
    fixed.
    """

    code: str
    name: LazyString
    what: LazyString
    counted_from: LazyString
    days: int | None
    erase: Eraser | None = None
    bounds: tuple[int, int] | None = None


def _contacts(session: Session, _before: datetime, today: date) -> int:
    """Each carries its own last day, and so do the three that follow."""
    return _count(session.execute(sa.delete(Contact).where(Contact.purge_after < today)))


def _uploads(session: Session, _before: datetime, today: date) -> int:
    return purge_uploads(session, today)


def _attendees(session: Session, before: datetime, _day: date) -> int:
    return purge_attendees(session, before)


def _words(session: Session, _before: datetime, today: date) -> int:
    return purge_words(session, today)


def _proofs(session: Session, _before: datetime, today: date) -> int:
    return forget_spent(session, today)


def _form_keys(session: Session, before: datetime, _day: date) -> int:
    closed = sa.select(CommentPeriod.id).where(CommentPeriod.closes_at < before)
    return _count(
        session.execute(
            sa.update(Comment)
            .where(Comment.period_id.in_(closed), Comment.client_token.is_not(None))
            .values(client_token=None)
        )
    )


def _messages(session: Session, before: datetime, _day: date) -> int:
    finished = OutboxMessage.due_at.is_(None) & (OutboxMessage.queued_at < before)
    return _count(session.execute(sa.delete(OutboxMessage).where(finished)))


def _attempts(session: Session, before: datetime, _day: date) -> int:
    return _count(session.execute(sa.delete(AccountAttempt).where(AccountAttempt.made_at < before)))


def _accounts(session: Session, _before: datetime, day: date) -> int:
    """Accounts that were deactivated long ago; the records of what was done keep a number and no name."""
    old = session.scalars(
        sa.select(User).where(User.deactivated_on < day, User.is_erased.is_(False)).order_by(User.id)
    ).all()
    for user in old:
        erase_user(session, user=user)
    return len(old)


def _floors(session: Session, before: datetime, _day: date) -> int:
    return clear_floors(session, before)


def _tickets(session: Session, before: datetime, _day: date) -> int:
    return purge_tickets(session, before)


def _hidden_texts(session: Session, before: datetime, _day: date) -> int:
    return purge_hidden_texts(session, before)


def _confidential_texts(session: Session, before: datetime, _day: date) -> int:
    return purge_confidential_texts(session, before)


def _count(result: sa.Result[Any]) -> int:
    return cast("sa.CursorResult[Any]", result).rowcount


SCHEDULE: tuple[DataClass, ...] = (
    DataClass(
        "comments",
        _l("Comments and what became of them"),
        _l("The words, the declared position, the day; posted or not. The public record."),
        _l("For good"),
        None,
    ),
    DataClass(
        "logs",
        _l("The moderation log and the log of receipts"),
        _l("What was done with each comment, without its words. Proofs depend on it."),
        _l("For good"),
        None,
    ),
    DataClass(
        "reports",
        _l("Published reports and their lists of comments"),
        _l(
            "What a published report counts, in numbers, and the numbers of the comments behind it; never "
            "their words. A comment that is withdrawn still counts there."
        ),
        _l("For good"),
        None,
    ),
    DataClass(
        "contacts",
        _l("E-mail addresses of residents"),
        _l(
            "Left to follow something, to appeal, to contest a comment or for a meeting. Encrypted, apart "
            "from comments."
        ),
        _l("The last day on which it is needed, which stands with each address"),
        0,
        _contacts,
    ),
    DataClass(
        "words",
        _l("What residents write to moderators"),
        _l("In an appeal, or to contest a comment. Encrypted; the outcome stays in the moderation log."),
        _l("The last day on which it is needed, which stands with each"),
        0,
        _words,
    ),
    DataClass(
        "attendees",
        _l("Who registered for a meeting"),
        _l(
            "Numbers and codes; encrypted, what to call somebody and what they need. How many came stays. "
            "Erased at once for whoever cancels."
        ),
        _l("The end of the meeting"),
        30,
        _attendees,
    ),
    DataClass(
        "uploads",
        _l("Files that were never sent"),
        _l("Made anew without hidden data; they wait for the comment that they were chosen for."),
        _l("The end of the day after"),
        0,
        _uploads,
    ),
    DataClass(
        "proofs",
        _l("Used proofs against spam"),
        _l(
            "Random; so that no proof is used twice, and no browser counts twice a day where a report is "
            "rated. They name no comment and no answer."
        ),
        _l("The day on which they expire"),
        0,
        _proofs,
    ),
    DataClass(
        "floors",
        _l("Who has the floor in a meeting"),
        _l("One line a meeting, written over with each speaker: the item, the number, the clock."),
        _l("Two hours after the end of the meeting"),
        0,
        _floors,
    ),
    DataClass(
        "form_keys",
        _l("Keys of forms"),
        _l("Random; they make one comment of a form that is sent twice."),
        _l("The close of the comment period"),
        30,
        _form_keys,
        (1, 365),
    ),
    DataClass(
        "form_answers",
        _l("Answers to feedback forms"),
        _l(
            "Without a name, each with its day. Encrypted in a box until they are counted, the last ones "
            "when the form closes. What people wrote and moderators showed."
        ),
        _l("For good"),
        None,
    ),
    DataClass(
        "form_tickets",
        _l("Used and unused codes of feedback forms"),
        _l("Keyed hashes, so that a code is good for one answer. None leads to an answer."),
        _l("The close of the form, once all answers are counted"),
        30,
        _tickets,
        (7, 365),
    ),
    DataClass(
        "form_hidden_texts",
        _l("Hidden texts of feedback forms"),
        _l("What moderators keep from readers for a published reason. That it was hidden, and why, stays."),
        _l("The decision to hide it"),
        90,
        _hidden_texts,
    ),
    DataClass(
        "form_confidential_texts",
        _l("Confidential texts of feedback forms"),
        _l("What people wrote in confidence, only to be counted. The counts stay."),
        _l("The close of the form, once all answers are counted"),
        90,
        _confidential_texts,
    ),
    DataClass(
        "messages",
        _l("That a message was sent"),
        _l("Address and text are erased as soon as it is sent or given up; the fact stays a while."),
        _l("The day on which it was written"),
        90,
        _messages,
        (7, 730),
    ),
    DataClass(
        "attempts",
        _l("Failed sign-ins of staff"),
        _l("A keyed hash, for as long as it slows down who guesses."),
        _l("The attempt"),
        1,
        _attempts,
    ),
    DataClass(
        "accounts",
        _l("Accounts of former staff"),
        _l("Name and address of somebody whose account was deactivated."),
        _l("The deactivation"),
        365,
        _accounts,
        (0, 3650),
    ),
)

BY_CODE = {each.code: each for each in SCHEDULE}


def limits(days: int, now: datetime) -> tuple[datetime, date]:
    """The instant and the day before which things are old enough."""
    before = now - timedelta(days=days)
    return before, before.date()
