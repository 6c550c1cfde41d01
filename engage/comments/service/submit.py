"""Take a comment: one transaction writes it and promises its analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.about import About, refuse_closed, tie
from engage.comments.models import Comment, CommentFlag, CommentPeriod, Flag, Position
from engage.comments.parts import tell_received
from engage.comments.queries import find_sent
from engage.comments.service.attach import ChosenClause, SentFile, attach, drop_uploads, is_same
from engage.comments.service.intake import Intake, PeriodClosed, judge_arrival
from engage.dockets.models import District
from engage.errors import RuleBroken
from engage.jobs.queue import wake

__all__ = ["ANALYSE", "AlreadySent", "PeriodClosed", "Submission", "TextTooLong", "submit_comment"]

ANALYSE = "analyse_comments"


FROM_THE_SITE = Intake()


class TextTooLong(RuleBroken):
    """The text has more characters than the period takes."""


class AlreadySent(RuleBroken):
    """This very form was sent before with another content; ``first`` is the comment that it made."""

    def __init__(self, first: Comment) -> None:
        super().__init__(_l("This form was already sent with other words."))
        self.first = first


@dataclass(frozen=True, slots=True)
class Submission:
    """What a resident said, and nothing else: only ``body`` is needed."""

    body: str
    position: Position | None = None
    name: str | None = None
    organisation: str | None = None
    district: District | None = None
    files: tuple[SentFile, ...] = ()
    clauses: tuple[ChosenClause, ...] = ()
    about: About | None = None


def submit_comment(
    session: Session,
    *,
    period: CommentPeriod,
    submission: Submission,
    client_token: str | None,
    now: datetime,
    intake: Intake = FROM_THE_SITE,
    flags: Iterable[Flag] = (),
) -> Comment:
    """Take a comment and promise its analysis; it stays hidden until moderated.

    ``intake`` is how it came; one that is taken late is marked so (``on_time``). ``flags`` are reasons to
    look twice; whatever they are, the comment is taken in the same way.

    The same ``client_token`` with the same content answers with the comment that exists already, so that a
    double click, a retry or the back button makes one comment, also after the period has closed. Raises
    AlreadySent where the content differs, PeriodClosed where the period does not take it, TextTooLong over
    its limit, intake.NotADay, FilesGone where a file has waited for too long, about.AboutClosed where what it
    is about takes no more comments.
    """
    if client_token and (first := find_sent(session, client_token)):
        return _same_or_refused(session, first, period, submission, intake)
    arrival = judge_arrival(period, intake, now)
    refuse_closed(submission.about, now)
    if len(submission.body) > period.text_limit:
        raise TextTooLong(_l("A comment may have %(limit)s characters.", limit=period.text_limit))
    comment = Comment(
        period=period,
        client_token=client_token,
        body=submission.body,
        body_digest=fingerprint(submission.body),
        position=submission.position,
        name=submission.name,
        organisation=submission.organisation,
        district=submission.district,
        channel=intake.channel,
        received_on=arrival.received_on,
        on_time=arrival.on_time,
        postmarked_on=intake.postmarked_on,
        entered_by_id=intake.entered_by.id if intake.entered_by else None,
        batch_id=intake.batch.id if intake.batch else None,
        flags=[CommentFlag(flag=flag) for flag in sorted(set(flags))],
    )
    try:
        with session.begin_nested():
            session.add(comment)
    except IntegrityError:
        # Two requests with one token passed the look-up above at once; the constraint let one through.
        if client_token and (first := find_sent(session, client_token)):
            return _same_or_refused(session, first, period, submission, intake)
        raise
    attach(session, comment, submission.files, submission.clauses)
    tie(session, comment, submission.about)
    tell_received(session, [comment])
    wake(session, ANALYSE)
    return comment


def _same_or_refused(
    session: Session, first: Comment, period: CommentPeriod, submission: Submission, intake: Intake
) -> Comment:
    sent = first.period_id, first.body, first.position, first.name, first.organisation, first.district
    is_same_text = sent == (period.id, *_content(submission)) and _came(first, intake) == _comes(intake)
    is_about_it = submission.about is None or submission.about.has(session, first)
    if not (is_same_text and is_about_it and is_same(first, submission.files, submission.clauses)):
        raise AlreadySent(first)
    drop_uploads(session, {file.token for file in submission.files})
    return first


def _content(said: Submission) -> tuple[object, ...]:
    return said.body, said.position, said.name, said.organisation, said.district


def _comes(intake: Intake) -> tuple[object, ...]:
    batch_id = intake.batch.id if intake.batch else None
    return intake.channel, intake.received_on, intake.postmarked_on, batch_id


def _came(first: Comment, intake: Intake) -> tuple[object, ...]:
    """The same of a comment that exists; its day only where the form tells one, or a retry after midnight
    would be refused."""
    received_on = first.received_on if intake.received_on else None
    return first.channel, received_on, first.postmarked_on, first.batch_id
