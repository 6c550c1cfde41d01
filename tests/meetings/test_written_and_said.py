"""Where everybody reads what was said at a meeting and written for it, and how the report counts it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Channel, Comment, Disposition, ModerationReason
from engage.comments.redacted import RedactionKind
from engage.comments.spans import Span
from engage.jobs.queue import run_once
from engage.meetings.models import AgendaItem, Meeting, MeetingComment
from engage.moderation import service as moderation
from engage.moderation.models import LogReason
from engage.worker import HANDLERS
from tests.support import makers
from tests.support.pages import Client, page

COMMENTS = "/en/meetings/forum/comments"
HIDDEN: list[dict[str, Any]] = [
    {"disposition": Disposition.RECEIVED},
    {"disposition": Disposition.WITHDRAWN, "body": ""},
    {"disposition": Disposition.RESTRICTED, "restriction_reason": ModerationReason.OFF_TOPIC},
]


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A forum of yesterday with two items."""
    period = makers.comment_period(session, slug="jail")
    meeting = makers.meeting(
        session,
        slug="forum",
        title=makers.both("Forum"),
        period=period,
        docket=period.docket,
        starts_at=utcnow() - timedelta(days=1),
    )
    makers.agenda_item(session, meeting, title=makers.both("The roads"))
    makers.agenda_item(session, meeting, title=makers.both("The budget"))
    session.commit()
    return meeting


def said(
    session: Session, meeting: Meeting, item: AgendaItem | None = None, *, spoken: bool = True, **fields: Any
) -> Comment:
    """A posted comment that was said at the meeting."""
    assert meeting.period is not None
    channel = Channel.MEETING_ORAL if spoken else Channel.WEB
    comment = makers.comment(session, meeting.period, channel=channel, **fields)
    session.add(
        MeetingComment(comment_id=comment.id, meeting_id=meeting.id, item_id=item.id if item else None)
    )
    session.commit()
    return comment


def listed(client: Client, **arguments: object) -> list[str]:
    """The tracking numbers on the page, in its order."""
    links = page(client.get(COMMENTS, query_string=arguments)).all(".//p[@class='comment__head']/a")
    return ["".join(link.itertext()) for link in links]


class TestTheList:
    def test_goes_by_item_and_marks_what_was_spoken_and_what_was_written(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        roads, budget = meeting.items
        anything = said(session, meeting)
        spoken = said(session, meeting, budget)
        written = said(session, meeting, roads, spoken=False)

        opened = page(client.get(COMMENTS))

        assert listed(client) == [each.tracking_number for each in (written, spoken, anything)]
        headings = ["".join(heading.itertext()).strip() for heading in opened.all(".//h3")]
        assert headings == ["1. The roads", "2. The budget", "On no item of the agenda"]
        assert opened.text().count("Spoken at: Forum") == 2
        assert opened.text().count("Written for: Forum") == 1

    def test_is_narrowed_down_by_the_numbers_above_it_and_each_number_is_true(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        roads, budget = meeting.items
        said(session, meeting, roads)
        said(session, meeting, budget)
        said(session, meeting, budget)
        said(session, meeting, budget, spoken=False)
        said(session, meeting, None, spoken=False)

        links = [
            (int("".join(link.itertext())), link.get("href", ""))
            for link in page(client.get(COMMENTS)).all(".//td/a")
        ]

        assert [number for number, _href in links] == [1, 2, 1, 1]
        for number, href in links:
            answer = page(client.get(href))
            assert len(answer.all(".//p[@class='comment__head']")) == number
            assert answer.text(".//h2[@id='found']").startswith(f"{number} comment")

    @pytest.mark.parametrize("hiding", HIDDEN)
    def test_knows_nothing_of_what_is_not_posted(
        self, session: Session, client: Client, meeting: Meeting, hiding: dict[str, Any]
    ) -> None:
        shown = said(session, meeting, meeting.items[0])
        said(session, meeting, meeting.items[1], **hiding)

        opened = page(client.get(COMMENTS))

        assert listed(client) == [shown.tracking_number]
        assert "The budget" not in opened.text()
        assert "1 comment" in opened.text(".//h2[@id='found']")
        counts = page(client.get("/en/meetings/forum")).links(".//dd/a")
        assert {href for text, href in counts.items() if text.isdecimal()} == {f"{COMMENTS}?how=spoken"}
        assert counts["1"] == f"{COMMENTS}?how=spoken"

    def test_is_not_there_for_a_draft(self, session: Session, client: Client, meeting: Meeting) -> None:
        comment = said(session, meeting)
        meeting.published_at = None
        session.commit()

        assert client.get(COMMENTS).status_code == 404
        assert "Forum" not in page(client.get(f"/en/comments/{comment.tracking_number}")).text()
        assert "Forum" not in page(client.get("/en/periods/jail/comments")).text()
        assert json.loads(client.get("/en/reports/jail.json").data)["at_meetings"] == []

    def test_hides_what_was_redacted(self, session: Session, client: Client, meeting: Meeting) -> None:
        comment = said(session, meeting, body="Maria Gonzalez lives next door.")
        moderation.redact_comment(
            session,
            comment,
            [Span(0, 14, RedactionKind.PERSON_NAME)],
            makers.user(session),
            utcnow(),
            LogReason.OTHERS_PERSONAL_DATA,
            version=moderation.version_of(comment),
        )
        session.commit()

        assert "Gonzalez" not in client.get(COMMENTS).text
        assert "lives next door" in client.get(COMMENTS).text

    @pytest.mark.parametrize("arguments", [{"how": "sung"}, {"item": "987654"}, {"item": "x"}, {"how": "\0"}])
    def test_of_something_that_is_not_there_is_not_found(
        self, client: Client, meeting: Meeting, arguments: dict[str, str]
    ) -> None:
        assert client.get(COMMENTS, query_string=arguments).status_code == 404

    def test_is_paged(self, session: Session, client: Client, meeting: Meeting) -> None:
        for _ in range(27):
            said(session, meeting, meeting.items[0])

        first, second = listed(client, how="spoken"), listed(client, how="spoken", page=2)

        assert (len(first), len(second)) == (25, 2)
        assert not set(first) & set(second)
        onwards = page(client.get(COMMENTS, query_string={"how": "spoken"})).links(".//a[@rel='next']")
        assert "how=spoken" in next(iter(onwards.values()))


def test_each_comment_leads_back_to_its_meeting_and_its_item(
    session: Session, client: Client, meeting: Meeting
) -> None:
    comment = said(session, meeting, meeting.items[1])
    other = makers.comment(session, comment.period)
    session.commit()

    own_page = page(client.get(f"/en/comments/{comment.tracking_number}"))
    reading_room = page(client.get("/en/periods/jail/comments"))

    for opened in (own_page, reading_room):
        assert opened.text().count("Spoken at:") == 1
        assert opened.links()["Forum"] == "/en/meetings/forum"
        assert opened.links()["item 2: The budget"] == f"{COMMENTS}?item={meeting.items[1].id}"
    assert "Spoken at:" not in page(client.get(f"/en/comments/{other.tracking_number}")).text()


@pytest.mark.parametrize("state", ["to come", "cancelled_at", "postponed_at", "over"])
def test_a_meeting_leads_to_its_comments_in_every_state(
    session: Session, client: Client, meeting: Meeting, state: str
) -> None:
    said(session, meeting, meeting.items[1], spoken=False)
    said(session, meeting, disposition=Disposition.RECEIVED)
    if state != "over":
        meeting.starts_at, meeting.ends_at = utcnow() + timedelta(days=3), None
    if state.endswith("_at"):
        setattr(meeting, state, utcnow())
    session.commit()

    shown = page(client.get("/en/meetings/forum"))

    assert any(link.partition("?")[0] == COMMENTS for link in shown.links().values())
    assert ("1 comment is posted so far:" in shown.text()) is (state != "over")


def test_a_cancelled_meeting_without_comments_says_nothing_of_them(
    session: Session, client: Client, meeting: Meeting
) -> None:
    meeting.cancelled_at = utcnow()
    said(session, meeting, disposition=Disposition.RECEIVED)

    assert "Comments for this meeting" not in page(client.get("/en/meetings/forum")).text()


def test_its_receipt_and_its_moderators_know_to_which_item_a_comment_belongs(
    session: Session, sign_in: Callable[..., Client], meeting: Meeting
) -> None:
    comment = said(session, meeting, meeting.items[1], spoken=False, disposition=Disposition.RECEIVED)
    staff = sign_in(RoleName.MODERATOR)

    for url in (
        f"/en/receipts/{comment.tracking_number}",
        f"/en/staff/comments/{comment.tracking_number}",
        "/en/staff/queue",
    ):
        shown = page(staff.get(url))
        assert shown.text().count("Written for:") == 1, url
        assert shown.links()["Forum"] == "/en/meetings/forum"
        assert "item 2: The budget" in shown.links()


class TestTheReport:
    def test_tells_how_much_was_spoken_and_written_and_each_number_leads_to_it(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        for spoken in (True, True, False):
            said(session, meeting, meeting.items[0], spoken=spoken)
        for hiding in HIDDEN:
            said(session, meeting, **hiding)
        run_once(HANDLERS)

        opened = page(client.get("/en/reports/jail"))

        table = next(each for each in opened.all(".//table") if "by meeting" in "".join(each.itertext()))
        links = {"".join(a.itertext()): a.get("href", "") for a in table.findall(".//a")}
        numbers = {"2": f"{COMMENTS}?how=spoken", "1": f"{COMMENTS}?how=written"}
        proof = {"not posted in time": "/en/meetings/forum/proof"}
        assert links == {"Forum": "/en/meetings/forum"} | numbers | proof
        for number, href in numbers.items():
            assert len(page(client.get(href)).all(".//p[@class='comment__head']")) == int(number)

    def test_tells_the_same_to_programs(self, session: Session, client: Client, meeting: Meeting) -> None:
        said(session, meeting)
        run_once(HANDLERS)

        (told,) = json.loads(client.get("/en/reports/jail.json").data)["at_meetings"]
        text = client.get("/en/reports/jail.csv").data.decode("utf-8-sig")

        assert (told["slug"], told["title"]) == ("forum", "Forum")
        assert told["spoken"]["count"] == 1
        assert urlsplit(told["spoken"]["comments"]).path == COMMENTS
        assert told["written"] == {"count": 0, "comments": None}
        rows = [row for row in csv.DictReader(io.StringIO(text)) if row["section"] == "at_meetings"]
        assert [(row["key"], row["within"], row["count"]) for row in rows] == [
            ("spoken", "forum", "1"),
            ("written", "forum", "0"),
        ]

    def test_counts_what_was_said_in_the_numbers_of_the_period_too(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        said(session, meeting)
        run_once(HANDLERS)

        told = json.loads(client.get("/en/reports/jail.json").data)

        assert told["posted"]["count"] == 1
        assert [(line["key"], line["count"]) for line in told["channels"]] == [("meeting_oral", 1)]

    def test_names_the_docket_s_own_meetings_meanwhile_and_who_came_as_staff_counted(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        assert meeting.period is not None
        docket, opened = meeting.period.docket, meeting.period.opens_at
        for title, starts_at in (
            ("Committee", opened + timedelta(hours=1)),
            ("Too early", opened - timedelta(hours=1)),
            ("To come", utcnow() + timedelta(days=1)),
        ):
            makers.meeting(
                session, title=makers.both(title), docket=docket, starts_at=starts_at,
                attended_in_person=12, attended_remote=3,
            )  # fmt: skip
        makers.meeting(session, title=makers.both("Of another docket"), starts_at=opened + timedelta(hours=1))
        session.commit()

        told = json.loads(client.get("/en/reports/jail.json").data)["at_meetings"]
        shown = page(client.get("/en/reports/jail"))

        assert [(row["title"], row["of_period"]) for row in told] == [("Committee", False), ("Forum", True)]
        assert (told[0]["in_person"], told[0]["remote"]) == (12, 3)
        (committee,) = (row for row in shown.all(".//tbody/tr") if "Committee" in "".join(row.itertext()))
        said = " ".join(" ".join(committee.itertext()).split())
        assert "Committee (took no comments)" in said
        assert "12 in the room, 3 online or by telephone – –" in said

    def test_names_a_meeting_at_which_nobody_spoke_but_none_that_is_to_come(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        makers.meeting(session, title=makers.both("Later"), period=meeting.period)
        makers.meeting(
            session,
            title=makers.both("Called off"),
            period=meeting.period,
            starts_at=utcnow() - timedelta(days=2),
            cancelled_at=utcnow() - timedelta(days=3),
        )
        session.commit()

        told = json.loads(client.get("/en/reports/jail.json").data)["at_meetings"]

        assert [row["title"] for row in told] == ["Forum"]
