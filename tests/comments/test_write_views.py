"""The comment form: one comment a form, nothing typed lost, nothing taken that was not asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.clock import utcnow
from engage.comments.models import Channel, Comment, CommentPeriod, Disposition, Position
from engage.dockets.models import District
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
WORDS = "I have lived here for forty years — escúchenme. 😀"
DAY = timedelta(days=1)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period in a place with two districts."""
    session.add_all(
        [
            District(code=code, name=makers.both(code.title()), position=n)
            for n, code in enumerate(("north", "south"))
        ]
    )
    period = makers.comment_period(session, slug="jail", text_limit=2000)
    session.commit()
    return period


def comments(session: Session) -> list[Comment]:
    session.rollback()
    return list(session.scalars(sa.select(Comment)))


def receipt_of(comment: Comment) -> str:
    return f"/en/receipts/{comment.tracking_number}"


def shown_again(response: TestResponse, name: str = "body") -> str:
    """What stands in a text field of the answer."""
    control = page(response).field(name)
    return (control.text or "").removeprefix("\n") if control.tag == "textarea" else control.get("value", "")


def problems(response: TestResponse) -> dict[str, str]:
    """The error summary: message → the control that it leads to."""
    return page(response).links(".//*[@class='errors']//a")


class TestTheForm:
    def test_says_before_typing_what_becomes_public_and_what_is_not_kept(
        self, client: Client, period: CommentPeriod
    ) -> None:
        opened = page(client.get(FORM))
        order = [element for element in opened.root.iter() if element.tag in ("table", "textarea")]

        assert [element.tag for element in order] == ["table", "textarea"]
        assert "What we do not keep: your network address (IP)" in opened.text()
        assert "You can write up to 2,000 characters." in opened.text()

    def test_needs_nothing_but_words(self, client: Client, session: Session, period: CommentPeriod) -> None:
        response = client.send(FORM, body=WORDS)

        (comment,) = comments(session)
        assert (response.status_code, response.location) == (303, receipt_of(comment))
        assert comment.body == WORDS
        assert (comment.position, comment.name, comment.organisation, comment.district) == (
            None,
            None,
            None,
            None,
        )

    def test_keeps_all_that_was_given(self, client: Client, session: Session, period: CommentPeriod) -> None:
        client.send(FORM, body=WORDS, position="mixed", name="José", organisation="Farm", district="south")

        (comment,) = comments(session)
        assert (comment.position, comment.name, comment.organisation) == (Position.MIXED, "José", "Farm")
        assert comment.district is not None
        assert comment.district.code == "south"

    def test_takes_preferring_not_to_say_as_saying_nothing(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        client.send(FORM, body=WORDS, position="", district="")

        assert comments(session)[0].position is None

    def test_ignores_what_it_did_not_ask_for(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        client.send(
            FORM,
            body=WORDS,
            id="7",
            disposition="posted",
            channel="mail",
            received_on="2020-01-01",
            tracking_number="aaa-aaaa-aaaa",
            period_id="99",
            source_id="x",
            on_time="",
        )

        (comment,) = comments(session)
        assert comment.disposition is Disposition.RECEIVED
        assert comment.channel is Channel.WEB
        assert comment.period_id == period.id
        assert comment.id != 7
        assert comment.received_on.year != 2020
        assert comment.tracking_number != "aaa-aaaa-aaaa"
        assert comment.source_id is None

    def test_is_there_at_the_plain_address_and_at_its_own(
        self, client: Client, period: CommentPeriod
    ) -> None:
        plain = client.get(FORM)
        own = page(plain).one(".//main//form").get("action", "")

        assert plain.status_code == 200
        assert client.get(own).status_code == 200

    def test_has_the_same_token_at_the_same_address_in_the_same_browser_only(
        self, app: Flask, client: Client, period: CommentPeriod
    ) -> None:
        address = page(client.get(FORM)).one(".//main//form").get("action", "")

        tokens = [page(one.get(address)).field("client_token").get("value") for one in (client, client)]

        other = page(app.test_client().get(address)).field("client_token").get("value")
        assert tokens[0] == tokens[1]
        assert other != tokens[0]

    @pytest.mark.parametrize(
        "word", ["short", "x" * 500, "%00" * 20, "<script>alert(1)</script>", "../../../../../../etc"]
    )
    def test_takes_no_address_that_is_none_of_ours(
        self, client: Client, period: CommentPeriod, word: str
    ) -> None:
        opened = client.get(FORM, query_string={"form": word})

        assert opened.status_code == 200
        assert word not in page(opened).one(".//main//form").get("action", "")


class TestSendingTwice:
    def test_gives_the_first_receipt(self, client: Client, session: Session, period: CommentPeriod) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS}

        first, second = client.post(FORM, data=form), client.post(FORM, data=form)

        assert (second.status_code, second.location) == (303, first.location)
        assert len(comments(session)) == 1

    def test_at_once_makes_one_comment_and_one_receipt(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS}
        cookie = client.get_cookie("session")
        assert cookie is not None
        answers: list[tuple[int, str | None]] = []
        together = threading.Barrier(20)

        def send() -> None:
            browser = app.test_client(use_cookies=False)
            together.wait()
            response = browser.post(FORM, data=form, headers={"Cookie": f"session={cookie.value}"})
            answers.append((response.status_code, response.location))

        threads = [threading.Thread(target=send) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        (comment,) = comments(session)
        assert answers == [(303, receipt_of(comment))] * 20

    def test_other_words_keeps_both_and_asks(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS}
        client.post(FORM, data=form)

        asked = client.post(FORM, data=form | {"body": "Other words", "name": "Ana"})

        (first,) = comments(session)
        assert asked.status_code == 409
        assert shown_again(asked) == "Other words"
        assert shown_again(asked, "name") == "Ana"
        assert receipt_of(first) in page(asked).links().values()

        question = page(asked)
        client.post(question.one(".//main//form").get("action", ""), data=question.fields())

        assert {comment.body for comment in comments(session)} == {WORDS, "Other words"}

    def test_from_the_history_says_that_it_was_sent(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        address = page(client.get(FORM)).one(".//main//form").get("action", "")
        client.send(address, body=WORDS)

        again = page(client.get(address))

        (comment,) = comments(session)
        assert receipt_of(comment) in again.links().values()
        # Nothing is left for whoever presses Back next on this computer.
        assert again.all(".//main//textarea") == []
        assert WORDS not in again.text()

    def test_shows_a_receipt_to_nobody_who_only_knows_the_address(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        address = page(client.get(FORM)).one(".//main//form").get("action", "")
        client.send(address, body=WORDS)

        stranger = app.test_client().get(address)

        assert comments(session)[0].tracking_number not in stranger.get_data(as_text=True)

    @pytest.mark.parametrize("token", ["", "guessed", "x" * 65, "\x00", None])
    def test_a_token_that_is_none_of_ours_does_not_stop_a_comment(
        self, client: Client, session: Session, period: CommentPeriod, token: str | None
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS, "client_token": token or ""}

        assert client.post(FORM, data=form).status_code == 303
        assert comments(session)[0].client_token is None


class TestNothingTypedIsLost:
    def test_when_it_is_empty(self, client: Client, session: Session, period: CommentPeriod) -> None:
        answer = client.send(FORM, body=" \n ", name="Ana", position="oppose", district="north")

        assert answer.status_code == 422
        assert problems(answer) == {"Write your comment.": "#body"}
        assert shown_again(answer, "name") == "Ana"
        assert page(answer).fields()["position"] == "oppose"
        chosen = page(answer).all(".//select[@name='district']/option[@selected]")
        assert [option.get("value") for option in chosen] == ["north"]
        assert comments(session) == []

    @pytest.mark.parametrize("invisible", ["\u200b\u200b", "\u2060", "\u202e\u202c"])
    def test_when_it_cannot_be_seen(self, client: Client, period: CommentPeriod, invisible: str) -> None:
        assert client.send(FORM, body=invisible).status_code == 422

    def test_when_it_is_too_long(self, client: Client, session: Session, period: CommentPeriod) -> None:
        answer = client.send(FORM, body="ñ" * 2001)

        assert answer.status_code == 422
        assert list(problems(answer)) == ["Your comment has 2,001 characters. That is 1 more than 2,000."]
        assert shown_again(answer) == "ñ" * 2001
        assert comments(session) == []

    def test_when_the_limit_is_just_met(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        assert client.send(FORM, body="a\r\n" * 999 + "ab").status_code == 303
        assert len(comments(session)[0].body) == 2000

    def test_when_a_name_is_too_long(self, client: Client, period: CommentPeriod) -> None:
        answer = client.send(FORM, body=WORDS, name="n" * 121, organisation="o" * 161)

        assert set(problems(answer).values()) == {"#name", "#organisation"}
        assert shown_again(answer) == WORDS
        assert shown_again(answer, "name") == "n" * 121

    @pytest.mark.parametrize(
        ("field", "value"), [("position", "sideways"), ("district", "atlantis"), ("position", "Support")]
    )
    def test_when_a_choice_is_none(
        self, client: Client, session: Session, period: CommentPeriod, field: str, value: str
    ) -> None:
        answer = client.send(FORM, body=WORDS, **{field: value})

        assert answer.status_code == 422
        assert len(problems(answer)) == 1
        assert shown_again(answer) == WORDS
        assert comments(session) == []

    def test_when_many_megabytes_are_sent(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        answer = client.send(FORM, body="x" * 10_000_000)

        assert answer.status_code == 413
        assert "has 10,000," in page(answer).text()
        assert "We do not show it again here" in page(answer).text()
        assert comments(session) == []

    def test_when_more_is_sent_than_the_site_takes_at_all(
        self, client: Client, period: CommentPeriod
    ) -> None:
        assert client.send(FORM, body="x" * 20_000_000).status_code == 413

    @pytest.mark.parametrize(
        ("opens_in", "closes_in", "said"),
        [(-9 * DAY, -DAY, "has closed"), (DAY, 9 * DAY, "is not open yet")],
        ids=["closed", "scheduled"],
    )
    def test_when_the_period_takes_none(
        self,
        client: Client,
        session: Session,
        period: CommentPeriod,
        opens_in: timedelta,
        closes_in: timedelta,
        said: str,
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS, "name": "Ana"}
        period.opens_at, period.closes_at = utcnow() + opens_in, utcnow() + closes_in
        session.commit()

        answer = client.post(FORM, data=form)

        assert answer.status_code == 409
        assert said in page(answer).text()
        assert shown_again(answer) == WORDS
        assert shown_again(answer, "name") == "Ana"
        assert comments(session) == []
        # Whoever opens the form now learns why there is none.
        assert said in page(client.get(FORM)).text(".//h1")

    def test_when_the_session_has_expired(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS, "name": "Ana Ruiz"}
        client.delete_cookie("session")

        stale = client.post(FORM, data=form)

        assert stale.status_code == 400
        assert WORDS in stale.get_data(as_text=True)
        assert "Ana Ruiz" in stale.get_data(as_text=True)
        # The form on the error page has a new token against forgery and the old one against doubles.
        again = page(stale).fields()
        assert again["client_token"] == form["client_token"]
        assert client.post(FORM, data=again).status_code == 303
        assert client.post(FORM, data=again).status_code == 303
        assert [comment.body for comment in comments(session)] == [WORDS]

    def test_when_the_database_is_down(
        self, client: Client, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = page(client.get(FORM)).fields() | {"body": WORDS}

        def down(_session: object) -> None:
            raise sa.exc.OperationalError("INSERT", {"body": WORDS}, Exception("gone"))

        with monkeypatch.context() as patch:
            patch.setattr("engage.web.transactions.begin_writing", down)
            answer = client.post(FORM, data=form)

        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert WORDS in answer.get_data(as_text=True)
        assert client.post(FORM, data=page(answer).fields()).status_code == 303
        assert [comment.body for comment in comments(session)] == [WORDS]


HOSTILE = {
    "nul": "before\x00after",
    "lone surrogate": b"body=half+%ED%A0%80+pair",
    "right to left": "\u202egnp.exe\u202c abc",
    "marks": "a" + "\u0301\u0316" * 900,
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }} {% raw %} %(name)s {0}",
    "formula": "=cmd|' /C calc'!A0",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "controls": "\x1b[31mred\x07\x08",
    "sql": "'; DROP TABLE comment; --",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(
    client: Client, session: Session, period: CommentPeriod, text: str | bytes
) -> None:
    form = page(client.get(FORM)).fields()
    if isinstance(text, bytes):
        body = text + f"&csrf_token={form['csrf_token']}".encode()
        response = client.post(FORM, data=body, content_type="application/x-www-form-urlencoded")
    else:
        response = client.post(FORM, data=form | {"body": text})
    assert response.status_code == 303

    (comment,) = comments(session)
    comment.disposition = Disposition.POSTED
    session.commit()

    # The client refuses a page whose HTML does not parse; more is asserted of what it must not contain.
    for path in (f"/en/comments/{comment.tracking_number}", "/en/periods/jail/comments"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert "<img src=x" not in shown.get_data(as_text=True)
        assert "alert(1)" not in "".join("".join(s.itertext()) for s in page(shown).all(".//script"))


def test_a_hundred_thousand_marks_are_answered_soon(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    period.text_limit = 100_000
    session.commit()

    answer = client.send(FORM, body="a" + "\u0301\u0316" * 49_000)

    assert answer.status_code == 303


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_clock_of_the_server_decides_at_the_deadline(
    client: Client, session: Session, period: CommentPeriod, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = page(client.get(FORM)).fields() | {"body": WORDS}
    when: Callable[[], datetime] = lambda: period.closes_at + timedelta(seconds=seconds)  # noqa: E731
    monkeypatch.setattr("engage.comments.views.write.utcnow", when)

    answer = client.post(FORM, data=form, headers={"Date": "Mon, 01 Jan 2024 00:00:00 GMT"})

    assert answer.status_code == (303 if seconds < 0 else 409)


def test_the_page_speaks_spanish(client: Client, period: CommentPeriod) -> None:
    opened = client.get("/es/periods/jail/comment")

    assert page(opened).root.get("lang") == "es"
    assert urlsplit(page(opened).one(".//main//form").get("action", "")).path == "/es/periods/jail/comment"


def test_the_form_is_sent_by_post_only(client: Client, session: Session, period: CommentPeriod) -> None:
    assert client.get(FORM, query_string={"body": WORDS}).status_code == 200
    assert client.put(FORM, data={"body": WORDS}).status_code in (400, 405)
    assert comments(session) == []


def test_pages_stay_out_of_the_history_of_a_shared_computer(client: Client, period: CommentPeriod) -> None:
    assert client.get(FORM).headers["Cache-Control"] == "no-store"
