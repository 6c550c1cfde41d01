"""A written comment on an item of the agenda: tied to it in the same transaction, until the stated time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.meetings.models import AgendaItem, DecidedState, Meeting, MeetingComment
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
TEXT = "Look at the third column of the budget."
HOUR = timedelta(hours=1)


@pytest.fixture
def item(session: Session) -> AgendaItem:
    """The second item of a forum ten days ahead, in an open period."""
    period = makers.comment_period(session, slug="jail", closes_at=utcnow() + timedelta(days=20))
    meeting = makers.meeting(session, slug="forum", period=period, docket=period.docket)
    makers.agenda_item(session, meeting)
    item = makers.agenda_item(session, meeting, title=makers.both("The budget"))
    makers.posted(session, meeting)
    session.commit()
    return item


def ties(session: Session) -> list[tuple[str, int, int | None]]:
    """What was sent, with the meeting and the item to which it is tied."""
    session.rollback()
    rows = session.execute(
        sa.select(Comment.body, MeetingComment.meeting_id, MeetingComment.item_id).join(
            MeetingComment, MeetingComment.comment_id == Comment.id
        )
    )
    return [(body, meeting_id, item_id) for body, meeting_id, item_id in rows]


def written_form(client: Client, item: AgendaItem, language: str = "en") -> str:
    """Where the link on the meeting's page leads."""
    answer = client.get(f"/{language}/meetings/forum/items/{item.id}/write")
    assert answer.status_code == 303
    return str(answer.location)


def let_time_pass(session: Session, item: AgendaItem) -> None:
    """The cut-off has just gone by: the meeting begins in half an hour."""
    item.meeting.starts_at = utcnow() + HOUR / 2
    item.meeting.ends_at = utcnow() + 2 * HOUR
    session.commit()


def notice(response: TestResponse) -> str:
    return page(response).text()


class TestTheForm:
    def test_is_reached_from_the_meeting_and_names_the_item_on_top(
        self, client: Client, item: AgendaItem
    ) -> None:
        meeting = page(client.get("/en/meetings/forum"))
        link = meeting.links()["Write on item 2: The budget"]

        opened = client.get(link, follow_redirects=True)

        assert opened.request.path == FORM
        assert "You are writing on an item of a meeting’s agenda" in notice(opened)
        assert "2. The budget" in notice(opened)
        assert "Written comments on this item are taken until:" in notice(opened)

    def test_makes_a_comment_that_is_tied_to_the_item_and_has_a_receipt(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        answer = client.send(written_form(client, item), body=TEXT)

        assert answer.status_code == 303
        assert "/en/receipts/" in answer.location
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]

    def test_keeps_the_item_through_an_error(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = written_form(client, item)
        refused = client.send(form, body="", name="Ana")

        assert refused.status_code == 422
        assert page(refused).fields()["item"] == str(item.id)
        client.post(refused.request.url, data=page(refused).fields() | {"body": TEXT})
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]

    def test_keeps_the_item_when_the_reader_changes_the_language_even_after_an_error(
        self, client: Client, item: AgendaItem
    ) -> None:
        opened = client.get(written_form(client, item))
        refused = client.send(written_form(client, item), body="")

        for answer in (opened, refused):
            spanish = page(answer).links()["Español"]
            assert page(client.get(spanish)).fields()["item"] == str(item.id)

    def test_keeps_the_item_while_the_writer_looks_again_at_personal_data(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        asked = client.send(written_form(client, item), body="Call me at 555-201-7788, please.")

        assert asked.status_code == 422
        assert page(asked).fields()["item"] == str(item.id)
        client.post(asked.request.url, data=page(asked).fields() | {"personal_data": "keep"})
        assert [tie[1:] for tie in ties(session)] == [(item.meeting_id, item.id)]

    def test_keeps_the_item_where_the_form_has_sent_other_words_before(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        client.post(FORM, data=form)

        again = client.post(FORM, data=form | {"body": "Other words."})

        assert again.status_code == 409
        assert page(again).fields()["item"] == str(item.id)
        client.post(FORM, data=page(again).fields())
        assert sorted(ties(session)) == sorted(
            [(TEXT, item.meeting_id, item.id), ("Other words.", item.meeting_id, item.id)]
        )

    def test_of_the_period_has_no_item(self, client: Client, session: Session, item: AgendaItem) -> None:
        assert "item" not in page(client.get(FORM)).fields()
        client.send(FORM, body=TEXT)
        assert ties(session) == []


class TestOnce:
    def test_a_form_that_is_sent_twice_makes_one_comment_with_one_tie(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}

        first, second = (client.post(FORM, data=form) for _ in range(2))

        assert first.location == second.location
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]

    def test_a_form_that_is_sent_by_several_at_once_makes_one_comment_with_one_tie(
        self, app: Flask, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        with client.session_transaction() as cookie:
            known = dict(cookie)
        answers: list[TestResponse] = []

        def send() -> None:
            browser = Client(app, app.response_class)
            with browser.session_transaction() as cookie:
                cookie.update(known)
            answers.append(browser.post(FORM, data=form))

        threads = [threading.Thread(target=send) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]

    def test_a_retry_after_the_stated_time_answers_with_the_receipt_of_the_first(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        first = client.post(FORM, data=form)
        let_time_pass(session, item)

        assert client.post(FORM, data=form).location == first.location
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]

    def test_the_same_words_sent_by_one_form_for_another_item_are_not_taken_for_the_first(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        other = item.meeting.items[0]
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        client.post(FORM, data=form)

        again = client.post(FORM, data=form | {"item": str(other.id)})

        assert again.status_code == 409
        assert ties(session) == [(TEXT, item.meeting_id, item.id)]


class TestTheStatedTime:
    def test_is_shown_and_ends_what_the_item_takes_but_not_what_the_period_takes(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        let_time_pass(session, item)

        opened = client.get(written_form(client, item))

        assert "Written comments on this item were taken until" in notice(opened)
        assert "You can still comment here on the proposal as a whole" in notice(opened)
        assert "item" not in page(opened).fields()
        assert client.post(FORM, data=page(opened).fields() | {"body": TEXT}).status_code == 303
        assert ties(session) == []
        assert "Written comments were taken until:" in page(client.get("/en/meetings/forum")).text()

    def test_refuses_a_form_that_was_opened_before_it_and_keeps_the_words(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        let_time_pass(session, item)

        late = client.post(FORM, data=form)

        assert late.status_code == 409
        assert session.scalar(sa.select(sa.func.count(Comment.id))) == 0
        assert page(late).fields()["body"].strip() == TEXT
        assert "item" not in page(late).fields()
        assert client.post(FORM, data=page(late).fields()).status_code == 303
        assert ties(session) == []

    @pytest.mark.parametrize("fact", ["cancelled_at", "postponed_at"])
    def test_ends_when_the_meeting_is_called_off(
        self, client: Client, session: Session, item: AgendaItem, fact: str
    ) -> None:
        form = page(client.get(written_form(client, item))).fields() | {"body": TEXT}
        setattr(item.meeting, fact, utcnow())
        session.commit()

        refused = client.post(FORM, data=form)

        assert refused.status_code == 409
        assert f"The meeting was {fact.removesuffix('_at')}" in notice(refused)
        assert "Write on an item" not in page(client.get("/en/meetings/forum")).text()

    def test_is_the_one_deadline_on_top_of_the_form_and_nothing_denies_it(
        self, client: Client, item: AgendaItem
    ) -> None:
        tied, free = page(client.get(written_form(client, item))), page(client.get(FORM))

        assert "your comment can only go to the period as a whole" in tied.text()
        assert "There is no other time limit" not in tied.text()
        assert "Comments are taken until:" not in tied.text()
        assert "There is no other time limit" in free.text()
        assert "Comments are taken until:" in free.text()

    def test_is_not_promised_beyond_the_end_of_the_period(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        period = item.meeting.period
        assert period is not None
        period.closes_at = utcnow() + timedelta(days=2)
        session.commit()

        stated = page(client.get(written_form(client, item))).all(".//main//time")

        closes = period.closes_at.isoformat()
        assert closes in [time.get("datetime") for time in stated]
        assert item.meeting.cut_off(60).isoformat() not in [time.get("datetime") for time in stated]


class TestWhatIsNotThere:
    @pytest.mark.parametrize("value", ["0", "987654", "-1", "x", "9" * 40, "1 OR 1=1", "٣", "\0", "1.5"])
    def test_a_forged_item_is_ignored_and_the_words_are_taken(
        self, client: Client, session: Session, item: AgendaItem, value: str
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": TEXT, "item": value}

        assert client.get(FORM, query_string={"item": value}).status_code == 200
        assert client.post(FORM, data=form).status_code == 303
        assert ties(session) == []

    @pytest.mark.parametrize("kind", ["foreign", "draft", "closed to writing", "draft docket"])
    def test_an_item_that_this_period_does_not_have_is_ignored(
        self, client: Client, session: Session, item: AgendaItem, kind: str
    ) -> None:
        _hide(session, item, kind)

        opened = client.get(FORM, query_string={"item": item.id})
        sent = client.post(FORM, data=page(client.get(FORM)).fields() | {"body": TEXT, "item": item.id})

        assert "The budget" not in notice(opened)
        assert sent.status_code == 303
        assert ties(session) == []

    @pytest.mark.parametrize("change", [{"takes_written": False}, {"meeting": {"period": None}}])
    def test_an_item_that_takes_none_leads_nowhere(
        self, client: Client, session: Session, item: AgendaItem, change: dict[str, Any]
    ) -> None:
        for name, value in change.get("meeting", {}).items():
            setattr(item.meeting, name, value)
        item.takes_written = change.get("takes_written", True)
        session.commit()

        assert client.get(f"/en/meetings/forum/items/{item.id}/write").status_code == 404
        assert "Write on item 2" not in page(client.get("/en/meetings/forum")).text()

    def test_another_meeting_s_item_leads_nowhere(
        self, client: Client, session: Session, item: AgendaItem
    ) -> None:
        other = makers.agenda_item(session, makers.meeting(session, period=item.meeting.period))
        session.commit()

        assert client.get(f"/en/meetings/forum/items/{other.id}/write").status_code == 404


def _hide(session: Session, item: AgendaItem, kind: str) -> None:
    meeting: Meeting = item.meeting
    hiding: dict[str, Callable[[], None]] = {
        "foreign": lambda: setattr(meeting, "period", makers.comment_period(session)),
        "draft": lambda: setattr(meeting, "published_at", None),
        "closed to writing": lambda: setattr(item, "takes_written", False),
        "draft docket": lambda: setattr(meeting, "docket", makers.docket(session, published_at=None)),
    }
    hiding[kind]()
    session.commit()


def test_a_period_that_has_closed_says_so_as_without_an_item(
    client: Client, session: Session, item: AgendaItem
) -> None:
    period = session.scalars(sa.select(CommentPeriod)).one()
    period.closes_at = utcnow() - HOUR
    session.commit()

    opened = client.get(written_form(client, item))

    assert opened.status_code == 200
    assert "This comment period has closed" in page(opened).text(".//h1")


class TestAnItemThatIsNotOnThePostedAgenda:
    def test_is_not_there_where_residents_never_read_of_it(
        self, session: Session, client: Client, item: AgendaItem
    ) -> None:
        new = makers.agenda_item(session, item.meeting, title=makers.both("Not posted"))
        session.commit()

        assert "Not posted" not in page(client.get("/en/meetings/forum")).text()
        assert client.get(f"/en/meetings/forum/items/{new.id}/write").status_code == 404
        opened = client.get(f"{FORM}?item={new.id}")
        assert "Not posted" not in notice(opened)
        client.send(f"{FORM}?item={new.id}", body=TEXT)
        assert ties(session) == []

    def test_says_so_where_it_was_taken_off_while_somebody_wrote(
        self, session: Session, client: Client, item: AgendaItem
    ) -> None:
        there = written_form(client, item)
        item.decided = DecidedState.WITHDRAWN
        makers.posted(session, item.meeting)
        session.commit()

        answer = client.send(there, body=TEXT, item=str(item.id))

        assert ties(session) == []
        assert "was taken off the agenda" in notice(client.get(there))
        assert "was taken off the agenda" in notice(answer)
        assert TEXT in answer.text

    def test_that_was_removed_is_kindly_not_there(
        self, session: Session, client: Client, item: AgendaItem
    ) -> None:
        link = f"/en/meetings/forum/items/{item.id}/write"
        session.delete(item)
        session.commit()

        answer = client.get(link)

        assert answer.status_code == 404
        assert "It may have been taken off" in page(answer).text()
