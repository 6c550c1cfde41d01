"""Rows for tests, with sensible values for all that a test does not care about. They flush and never
commit."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.analysis import fingerprint
from engage.comments.models import (
    Attachment,
    Comment,
    CommentPeriod,
    CommentTheme,
    Disposition,
    Theme,
    ThemeStatus,
)
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.feedback.models import Channel, FeedbackForm, FormResponse, ResultsShown
from engage.feedback.service.publish import publish_version
from engage.files import CleanFile, FileKind
from engage.meetings.models import AgendaItem, Format, Meeting, MeetingKind
from engage.meetings.service import post_agenda
from engage.survey import surveyjs
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse

NOON = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

_numbers = itertools.count(1)


@cache
def _hashed() -> str:
    """The hash of ``PASSWORD``: slow on purpose, so made once; every test site has the same secret key."""
    hashed: str = hash_password(PASSWORD)
    return hashed


def both(text: str) -> Localised:
    """A text in both languages."""
    return Localised(en=text, es=f"{text} (es)")


def docket(session: Session, **fields: Any) -> Docket:
    """A published docket."""
    number = next(_numbers)
    values = {
        "slug": f"docket-{number}",
        "title": both(f"Docket {number}"),
        "summary": both("What is proposed."),
        "published_at": NOON - timedelta(days=60),
    }
    row = Docket(**values | fields)
    session.add(row)
    session.flush()
    return row


def comment_period(session: Session, **fields: Any) -> CommentPeriod:
    """A published period, open at the present moment unless its dates say otherwise."""
    number = next(_numbers)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "slug": f"period-{number}",
        "title": both(f"Period {number}"),
        "summary": both("Tell us what you think."),
        "notice": both("The county asks for comments."),
        "notice_posted_on": NOON.date() - timedelta(days=60),
        "opens_at": now - timedelta(days=10),
        "closes_at": now + timedelta(days=10),
        "time_zone": "America/New_York",
        "published_at": now - timedelta(days=20),
    }
    values |= fields
    if "docket" not in values:
        values["docket"] = docket(session)
    row = CommentPeriod(**values)
    session.add(row)
    session.flush()
    return row


def comment(session: Session, period: CommentPeriod, **fields: Any) -> Comment:
    """A posted comment that waits for its analysis."""
    body = fields.pop("body", f"Comment {next(_numbers)} about the agreement.")
    values: dict[str, Any] = {
        "period": period,
        "body": body,
        "body_digest": fingerprint(body),
        "received_on": NOON.date(),
        "disposition": Disposition.POSTED,
    }
    row = Comment(**values | fields)
    session.add(row)
    session.flush()
    return row


def attachment(session: Session, comment: Comment, content: bytes = b"hello\n", **fields: Any) -> Comment:
    """This comment, with a file of plain text more."""
    file = CleanFile(FileKind.TEXT, content)
    number = len(comment.attachments) + 1
    values = {
        "number": number,
        "kind": file.kind,
        "size": len(content),
        "digest": file.digest,
        "content": content,
    }
    comment.attachments.append(Attachment(**values | fields))
    session.flush()
    return comment


def theme(session: Session, docket: Docket, *comments: Comment, **fields: Any) -> Theme:
    """A confirmed theme with these comments in it."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "docket_id": docket.id,
        "status": ThemeStatus.CONFIRMED,
        "name": both(f"Theme {number}"),
        "words": ["bridge", "river", "flood"],
        "size": len(comments),
    }
    row = Theme(**values | fields)
    session.add(row)
    session.flush()
    session.add_all(
        CommentTheme(theme_id=row.id, comment_id=comment.id, place=place)
        for place, comment in enumerate(comments, 1)
    )
    session.flush()
    return row


def meeting(session: Session, **fields: Any) -> Meeting:
    """A published, confirmed meeting in a room and online, ten days ahead unless its dates say otherwise.

    It has no docket and no comment period unless they are given.
    """
    number = next(_numbers)
    now = datetime.now(UTC)
    starts_at = fields.pop("starts_at", (now + timedelta(days=10)).replace(minute=0, second=0, microsecond=0))
    values: dict[str, Any] = {
        "slug": f"meeting-{number}",
        "kind": MeetingKind.COMMUNITY_FORUM,
        "format": Format.HYBRID,
        "title": both(f"Meeting {number}"),
        "summary": both("Come and say what you think."),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "time_zone": "America/New_York",
        "place_name": both("Town Hall"),
        "place_street": "1 Main Street",
        "join_url": "https://meet.example.org/room",
        "published_at": now - timedelta(days=40),
        "changed_at": now - timedelta(days=40),
    }
    row = Meeting(**values | fields)
    session.add(row)
    session.flush()
    return row


def agenda_item(session: Session, meeting: Meeting, **fields: Any) -> AgendaItem:
    """The next item of this meeting's agenda."""
    position = len(meeting.items) + 1
    values: dict[str, Any] = {"position": position, "title": both(f"Item {position}")}
    row = AgendaItem(**values | fields)
    meeting.items.append(row)
    session.flush()
    return row


def posted(session: Session, meeting: Meeting) -> Meeting:
    """This meeting, with its agenda as it stands posted: residents know of the items."""
    now = datetime.now(UTC)
    post_agenda(session, meeting, actor=None, now=now)
    return meeting


def questionnaire() -> Definition:
    """What a small form asks: a choice and its reasons on one page, about the person on the next."""
    yes_no = (Choice("yes", both("Yes")), Choice("no", both("No")))
    parts = (Choice("north", both("North")), Choice("south", both("South")), Choice("east", both("East")))
    trust = Question(
        name="trust", kind=Kind.SINGLE, title=both("Do you trust it?"), choices=yes_no, is_required=True
    )
    why = Question(
        name="why", kind=Kind.LONG_TEXT, title=both("Why not?"), visible_if=parse("{trust} = 'no'")
    )
    area = Question(
        name="area",
        kind=Kind.SINGLE,
        title=both("Where do you live?"),
        help=both("So that the county sees whom it has not heard."),
        choices=parts,
        refuse=True,
        flags=frozenset({Flag.DEMOGRAPHIC, Flag.BREAKDOWN}),
    )
    return Definition(
        title=both("Trust in the sheriff"),
        intro=both("Three questions."),
        pages=(
            Page(name="opinion", title=both("Opinion"), elements=(trust, why)),
            Page(name="person", title=both("About you"), elements=(area,)),
        ),
    )


def feedback_form(session: Session, definition: Definition | None = None, **fields: Any) -> FeedbackForm:
    """A published form that is open for ten days more, in its first version; a draft with published_at=None.

    Its results are live unless told otherwise.
    """
    number = next(_numbers)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "slug": f"form-{number}",
        "working": surveyjs.write(definition or questionnaire()),
        "results": ResultsShown.LIVE,
        "opens_at": now - timedelta(days=10),
        "closes_at": now + timedelta(days=10),
        "published_at": now - timedelta(days=20),
        "changed_at": now - timedelta(days=20),
    }
    row = FeedbackForm(**values | fields)
    session.add(row)
    session.flush()
    if row.published_at is not None:
        publish_version(session, row, actor=None, now=row.published_at)
    return row


def response(session: Session, form: FeedbackForm, answers: dict[str, Any], **fields: Any) -> FormResponse:
    """A counted answer to the newest version of this form; answers in words are not taken apart."""
    values: dict[str, Any] = {
        "version_id": form.versions[-1].id,
        "language": "en",
        "channel": Channel.WEB,
        "answered_on": NOON.date(),
        "answers": answers,
    }
    row = FormResponse(**values | fields)
    session.add(row)
    session.flush()
    return row


def user(session: Session, *roles: RoleName, **fields: Any) -> User:
    """A staff account with these roles and the password ``PASSWORD``."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "password": _hashed(),
    }
    row = User(**values | fields)
    row.roles = [session.scalar(select(Role).where(Role.name == name)) or Role(name=name) for name in roles]
    session.add(row)
    session.flush()
    return row
