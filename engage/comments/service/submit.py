"""Take a comment: one transaction writes it and promises its analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.models import Channel, Comment, CommentFlag, CommentPeriod, Flag, Position
from engage.comments.parts import tell_received
from engage.comments.queries import find_sent
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
    channel: Channel = Channel.WEB


def submit_comment(
    session: Session,
    *,
    period: CommentPeriod,
    submission: Submission,
    client_token: str | None,
    now: datetime,
    flags: Iterable[Flag] = (),
) -> Comment:
    """Take a comment and promise its analysis; it stays hidden until moderated.

    ``flags`` are reasons to look twice; whatever they are, the comment is taken in the same way.

    The same ``client_token`` with the same content answers with the comment that exists already, so that a
    double click, a retry or the back button makes one comment, also after the period has closed. Raises
    AlreadySent where the content differs, PeriodClosed outside the period's dates, TextTooLong over its
    limit.
    """
    if client_token and (first := find_sent(session, client_token)):
        return _same_or_refused(first, period, submission)
    if not period.is_open(now):
        raise PeriodClosed(_l("This comment period does not take comments now."))
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
        channel=submission.channel,
        received_on=now.astimezone(ZoneInfo(period.time_zone)).date(),
        flags=[CommentFlag(flag=flag) for flag in sorted(set(flags))],
    )
    try:
        with session.begin_nested():
            session.add(comment)
    except IntegrityError:
        # Two requests with one token passed the look-up above at once; the constraint let one through.
        if client_token and (first := find_sent(session, client_token)):
            return _same_or_refused(first, period, submission)
        raise
    tell_received(session, [comment])
    wake(session, ANALYSE)
    return comment


def _same_or_refused(first: Comment, period: CommentPeriod, submission: Submission) -> Comment:
    sent = first.period_id, first.body, first.position, first.name, first.organisation, first.district
    if sent != (period.id, *_content(submission)):
        raise AlreadySent(first)
    return first


def _content(said: Submission) -> tuple[object, ...]:
    return said.body, said.position, said.name, said.organisation, said.district
