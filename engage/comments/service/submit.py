"""Take a comment: one transaction writes it and promises its analysis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.models import Channel, Comment, CommentPeriod, Position
from engage.dockets.models import District
from engage.errors import RuleBroken
from engage.jobs.queue import wake

ANALYSE = "analyse_comments"


class PeriodClosed(RuleBroken):
    """The period does not take comments now: the form may have been opened before it closed."""


class TextTooLong(RuleBroken):
    """The text has more characters than the period takes."""


class AlreadySent(RuleBroken):
    """This very form was sent before with another content; ``first`` is the comment that it made."""

    def __init__(self, first: Comment) -> None:
        super().__init__("This form was already sent with other words.")
        self.first = first


@dataclass(frozen=True, slots=True)
class Submission:
    """What a resident said, and nothing else: only ``body`` is needed."""

    body: str
    position: Position | None = None
    name: str | None = None
    organisation: str | None = None
    district: District | None = None
    channel: Channel = Channel.WEB


def submit_comment(
    session: Session,
    *,
    period: CommentPeriod,
    submission: Submission,
    client_token: str | None,
    now: datetime,
) -> Comment:
    """Take a comment and promise its analysis; it stays hidden until moderated.

    The same ``client_token`` with the same content answers with the comment that exists already, so that a double click,
    a retry or the back button makes one comment. Raises AlreadySent where the content differs, PeriodClosed outside the
    period's dates, TextTooLong over its limit.
    """
    if client_token and (first := _sent_with(session, client_token)):
        return _same_or_refused(first, period, submission)
    if not period.is_open(now):
        raise PeriodClosed(f"Comments on “{period.title.en}” are closed.")
    if len(submission.body) > period.text_limit:
        raise TextTooLong(f"A comment may have {period.text_limit} characters.")
    comment = Comment(
        period=period,
        client_token=client_token,
        body=submission.body,
        body_digest=fingerprint(submission.body),
        position=submission.position,
        name=submission.name,
        organisation=submission.organisation,
        district=submission.district,
        channel=submission.channel,
        received_on=now.astimezone(ZoneInfo(period.time_zone)).date(),
    )
    try:
        with session.begin_nested():
            session.add(comment)
    except IntegrityError:
        # Two requests with one token passed the look-up above at once: the constraint let one of them through.
        if client_token and (first := _sent_with(session, client_token)):
            return _same_or_refused(first, period, submission)
        raise
    wake(session, ANALYSE)
    return comment


def _sent_with(session: Session, client_token: str) -> Comment | None:
    return session.scalar(sa.select(Comment).where(Comment.client_token == client_token))


def _same_or_refused(first: Comment, period: CommentPeriod, submission: Submission) -> Comment:
    sent = (first.period_id, first.body, first.position, first.name, first.organisation, first.district)
    again = (
        period.id, submission.body, submission.position, submission.name, submission.organisation, submission.district
    )  # fmt: skip
    if sent != again:
        raise AlreadySent(first)
    return first
