"""Every address of the room, tried by whoever should not see what is behind it: new pages are tried too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from engage.accounts.access import access_of
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Document, DocumentVersion
from engage.meetings import service
from engage.meetings.models import FileKindName, Meeting, MeetingFile, Mode
from engage.meetings.service.attend import join_meeting
from tests.meetings.conftest import Mails
from tests.support import makers
from tests.support.pages import Client

SignIn = Callable[..., Client]

OF_OTHERS = {"calendars.docket", "meetings.staff_series"}
"""Their slug is that of something else."""

ROOMS = ("meetings.", "calendars.")
SECRET = "hidden-room"
PHONE = "+1 555 0100 4711"
WHERE = {
    "join_url": f"https://meet.example.org/{SECRET}",
    "join_phone": PHONE,
    "join_is_public": False,
    "capacity": 1,
}
OTHERS = ("/en/dockets/jail", "/en/comment-periods/talk", "/dockets/jail/meetings.ics")


def rules(app: Flask, *, public: bool) -> list[Rule]:
    """The addresses that one can open, for everybody or for staff."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and (access := access_of(app, rule.endpoint)) is not None
        and access.is_public is public
    ]


def of_meeting(app: Flask, meeting: Meeting, *, public: bool) -> list[str]:
    """The addresses of one meeting and of what belongs to it, with ids that are there."""
    known: dict[str, Any] = {
        "language": "en",
        "slug": meeting.slug,
        "kind": "notice",
        "item_id": meeting.items[0].id,
        "file_id": meeting.files[0].id,
    }
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, {name: known.get(name, 1) for name in rule.arguments})
        for rule in rules(app, public=public)
        if rule.endpoint.startswith(ROOMS) and "slug" in rule.arguments and rule.endpoint not in OF_OTHERS
    ]


def forum(session: Session, **fields: Any) -> Meeting:
    """A meeting with an item, a file, and a docket and a comment period."""
    docket = makers.docket(session, slug="jail")
    period = makers.comment_period(session, slug="talk", docket=docket)
    meeting = makers.meeting(session, slug="forum", docket=docket, period=period, **WHERE | fields)
    item = makers.agenda_item(session, meeting)
    meeting.files.append(
        MeetingFile(
            item_id=item.id,
            kind=FileKindName.PACKET,
            title=makers.both("Packet"),
            content=b"%PDF-1.7",
            digest="a" * 64,
            media_type="application/pdf",
            size=8,
            posted_at=utcnow() - timedelta(days=1),
        )
    )
    session.flush()
    return meeting


class TestHiddenLink:
    def test_stands_in_no_output_that_everybody_can_read(
        self, app: Flask, client: Client, session: Session
    ) -> None:
        meeting = forum(session)
        now = utcnow()
        service.post_all(session, meeting, actor=None, now=now)
        place = service.Place(
            format=meeting.format,
            place_name=makers.both("Library"),
            place_street="2 Main Street",
            directions=None,
            accessibility=None,
            join_url=f"https://meet.example.org/{SECRET}-2",
            join_phone=PHONE,
        )
        why = makers.both("The roof leaks.")
        service.change_place(session, meeting, place=place, reason=why, actor=None, now=now)
        session.commit()
        adapter = app.url_map.bind("localhost")
        found = of_meeting(app, meeting, public=True)
        found += [
            adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "es"))
            for rule in rules(app, public=True)
            if rule.arguments <= {"language"} and not rule.endpoint.startswith("security.")
        ]

        answers = {url: client.get(url) for url in [*found, *OTHERS]}
        told = {url: answer.text for url, answer in answers.items() if answer.status_code == 200}

        assert len(told) > 20
        assert {"/en/meetings/forum", "/meetings/forum.ics", "/meetings.ics"} <= told.keys()
        assert [url for url, text in told.items() if SECRET in text or "0100 4711" in text] == []

    def test_is_told_to_nobody_who_waits(self, session: Session, mails: Mails) -> None:
        meeting = forum(session)
        now = utcnow()
        for name in ("first", "second"):
            joined = join_meeting(
                session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=now
            )
            service.leave_address(session, joined.attendee, f"{name}@example.org", now)
        session.commit()

        with_place, waiting = mails()

        assert SECRET in with_place.body
        assert SECRET not in waiting.body
        assert "0100 4711" not in waiting.body


def test_a_draft_is_at_none_of_its_public_addresses(app: Flask, client: Client, session: Session) -> None:
    meeting = forum(session, published_at=None)
    session.commit()

    found = of_meeting(app, meeting, public=True)

    assert len(found) > 8
    assert {url: status for url in found if (status := client.get(url).status_code) != 404} == {}


def test_a_meeting_of_another_host_is_at_none_of_its_staff_addresses(
    app: Flask, session: Session, sign_in: SignIn
) -> None:
    host, other = makers.user(session, RoleName.HOST), makers.user(session, RoleName.HOST)
    meeting = forum(session, host=host)
    session.commit()
    client = sign_in(other)

    found = of_meeting(app, meeting, public=False)

    assert len(found) > 12
    assert {url: status for url in found if (status := client.get(url).status_code) not in (403, 404)} == {}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the site sends to its database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


LISTS = (
    "/en/meetings",
    "/en/meetings?words=come",
    f"/en/meetings/calendar/{datetime.now(UTC):%Y/%-m}",
    "/meetings.ics",
    "/meetings/open-civic-data.json",
    "/meetings/city-scrapers.json",
    "/en/meetings/notices",
    "/en",
    "/en/dockets/jail",
)


@pytest.mark.parametrize("url", LISTS)
def test_a_list_asks_the_database_as_often_for_many_meetings_as_for_three(
    app: Flask, client: Client, session: Session, url: str
) -> None:
    docket = makers.docket(session, slug="jail")
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    def add(number: int, first: int) -> None:
        for day in range(first, first + number):
            meeting = makers.meeting(session, docket=docket, starts_at=start + timedelta(days=day - 20))
            item = makers.agenda_item(session, meeting)
            version = DocumentVersion(
                number=1, body=makers.both("One"), published_at=start - timedelta(days=30)
            )
            title = makers.both("Document")
            session.add(Document(docket=docket, slug=f"one-{day}", title=title, versions=[version]))
            for of in (None, item.id):
                meeting.files.append(
                    MeetingFile(
                        item_id=of,
                        kind=FileKindName.PACKET,
                        title=makers.both("Packet"),
                        version=version,
                        posted_at=start - timedelta(days=1),
                    )
                )
            session.flush()
            service.post_all(session, meeting, actor=None, now=utcnow())
        session.commit()

    def count() -> int:
        with counted(app) as statements:
            assert client.get(url).status_code == 200
        return len(statements)

    add(3, 19)
    few = count()
    add(9, 22)
    many = count()
    assert many == few


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_row_can_have_does_nothing(
    app: Flask, session: Session, sign_in: SignIn, number: int
) -> None:
    meeting = makers.meeting(session, slug="forum")
    session.commit()
    joined = join_meeting(
        session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=utcnow()
    )
    session.commit()
    client = sign_in(RoleName.CLERK)
    known = {"language": "en", "slug": "forum", "code": joined.code, "kind": "notice"}
    adapter = app.url_map.bind("localhost")
    found = [
        (adapter.build(rule.endpoint, {name: known.get(name, number) for name in rule.arguments}), rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(ROOMS) and rule.arguments - known.keys()
    ]

    told = {
        url: (
            client.get(url)
            if "GET" in (rule.methods or ())
            else client.send("/en/meetings/forum/register", to=url)
        ).status_code
        for url, rule in found
    }

    assert len(told) > 15
    assert {url: status for url, status in told.items() if status not in (303, 404, 409, 422)} == {}
