"""The queue: who may see it, in which order, and what many decisions at once do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentFlag,
    CommentPeriod,
    Disposition,
    Flag,
    ModerationReason,
    Position,
)
from engage.moderation import queries
from engage.moderation.filters import QueueFilter
from engage.moderation.models import ModerationEvent
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

QUEUE = "/en/staff/queue"
DECIDE = ".//main//form[@data-queue]"
SignIn = Callable[..., Client]


def wait(session: Session, period: CommentPeriod, count: int = 1, **fields: object) -> list[Comment]:
    rows = [
        makers.comment(session, period, **{"disposition": Disposition.RECEIVED} | fields)
        for _ in range(count)
    ]
    session.commit()
    return rows


def measured(language: str) -> CommentAnalysis:
    return CommentAnalysis(
        analyser_version="1",
        language=language,
        language_confidence=1.0,
        tone="not_scored",
        tone_reason="too_short",
        position_suggested="unclear",
    )


def shown(html: str) -> list[str]:
    from tests.support.pages import Page

    return [box.get("value", "") for box in Page(html).all(".//input[@name='comment']")]


@pytest.fixture
def moderator(sign_in: SignIn) -> Client:
    return sign_in(RoleName.MODERATOR)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


ROUTES = [
    ("GET", "/en/staff/queue"),
    ("POST", "/en/staff/queue/decide"),
    ("POST", "/en/staff/queue/undo"),
    ("GET", "/en/staff/comments"),
    ("GET", "/en/staff/comments/abc-defg-hjkm"),
    ("POST", "/en/staff/comments/abc-defg-hjkm"),
]


class TestAccess:
    @pytest.mark.parametrize("role", sorted(set(RoleName) - {RoleName.MODERATOR, RoleName.ADMINISTRATOR}))
    @pytest.mark.parametrize(("method", "url"), ROUTES)
    def test_nobody_but_moderators_and_administrators_works_here(
        self, sign_in: SignIn, method: str, url: str, role: RoleName
    ) -> None:
        client = sign_in(role)
        token = page(client.get("/en/moderation")).fields(".//header//form")["csrf_token"]

        assert client.open(url, method=method, data={"csrf_token": token}).status_code == 403

    @pytest.mark.parametrize("url", [url for method, url in ROUTES if method == "GET"])
    def test_a_resident_is_sent_to_sign_in(self, client: Client, url: str) -> None:
        answer = client.get(url)

        assert answer.status_code == 303
        assert "/staff/sign-in" in answer.headers["Location"]

    @pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.ADMINISTRATOR])
    def test_moderators_and_administrators_may(self, sign_in: SignIn, role: RoleName) -> None:
        assert sign_in(role).get(QUEUE).status_code == 200

    def test_a_request_without_a_token_changes_nothing(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period)

        answer = moderator.post(
            f"{QUEUE}/decide", data={"comment": comment.tracking_number, "decision": "post"}
        )

        session.expire_all()
        assert answer.status_code == 400
        assert comment.disposition is Disposition.RECEIVED


class TestOrder:
    def test_the_oldest_day_is_first(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        days = [date(2026, 10, day) for day in (3, 1, 2)]
        comments = [wait(session, period, received_on=day)[0] for day in days]

        numbers = shown(moderator.get(QUEUE).text)

        assert numbers == [comments[index].tracking_number for index in (1, 2, 0)]

    def test_within_a_day_the_order_depends_on_neither_position_nor_text_nor_arrival(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        for position in [*Position, None] * 4:
            wait(session, period, position=position, body=f"I {position} it.")

        numbers = shown(moderator.get(QUEUE).text)

        by_id = session.scalars(sa.select(Comment).order_by(Comment.id)).all()
        assert numbers == [comment.tracking_number for comment in by_id]

    def test_only_comments_that_wait_are_shown(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        wait(session, period, disposition=Disposition.POSTED)
        wait(session, period, disposition=Disposition.WITHDRAWN, body="")
        wait(
            session,
            period,
            disposition=Disposition.RESTRICTED,
            restriction_reason=ModerationReason.SPAM,
        )

        assert shown(moderator.get(QUEUE).text) == []

    def test_fifty_are_shown_and_the_next_page_goes_on_after_them(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        wait(session, period, 53)

        first = moderator.get(QUEUE)
        following = page(first).links(".//main//nav//a")["Next →"]

        numbers = shown(first.text)
        rest = shown(moderator.get(following).text)
        assert (len(numbers), len(rest)) == (50, 3)
        assert len({*numbers, *rest}) == 53

    def test_the_same_words_look_alike_whatever_is_declared(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        for position in (Position.SUPPORT, Position.OPPOSE):
            wait(session, period, position=position, body="The same words, my number is 555-12-3456.")

        items = page(moderator.get(QUEUE)).all(".//ol[@id='comment']/li")

        texts = [" ".join("".join(item.itertext()).split()) for item in items]
        for number, word in zip(shown(moderator.get(QUEUE).text), ("Support", "Oppose"), strict=True):
            texts = [text.replace(number, "").replace(word, "POSITION") for text in texts]
        texts = [text.replace("Support", "POSITION").replace("Oppose", "POSITION") for text in texts]
        assert texts[0] == texts[1]


class TestFilters:
    def test_one_period_can_be_chosen_and_its_number_is_told(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        other = makers.comment_period(session)
        wait(session, period, 2)
        wait(session, other, 3)

        answer = moderator.get(f"{QUEUE}?period={other.slug}")

        assert len(shown(answer.text)) == 3
        assert f"{period.title.en} 2" in page(answer).text(".//main//table")
        assert f"{other.title.en} 3" in page(answer).text(".//main//table")

    @pytest.mark.parametrize(
        ("written_in", "expected"),
        [("en", {"en"}), ("es", {"es"}), ("other", {"fr", "und"}), ("unmeasured", {""})],
    )
    def test_languages_can_be_chosen(
        self, session: Session, moderator: Client, period: CommentPeriod, written_in: str, expected: set[str]
    ) -> None:
        by_number = {}
        for code in ("en", "es", "fr", "und", ""):
            (comment,) = wait(session, period, analysis=measured(code) if code else None)
            by_number[comment.tracking_number] = code

        numbers = shown(moderator.get(f"{QUEUE}?written_in={written_in}").text)

        assert {by_number[number] for number in numbers} == expected

    @pytest.mark.parametrize(
        ("hint", "expected"), [("repeated", "Same."), ("late", "Late."), ("imported", "Imported.")]
    )
    def test_hints_can_be_chosen(
        self, session: Session, moderator: Client, period: CommentPeriod, hint: str, expected: str
    ) -> None:
        other = makers.comment_period(session)
        wait(session, period, 2, body="Same.")
        wait(session, period, body="Late.", on_time=False)
        wait(session, period, body="Imported.", source_format="csv", source_id="1")
        wait(session, other, body="Late but in another period.")

        text = page(moderator.get(f"{QUEUE}?hint={hint}")).text(".//ol[@id='comment']")

        assert [words for words in ("Same.", "Late.", "Imported.") if words in text] == [expected]

    @pytest.mark.parametrize(
        "query", ["written_in=xx", "hint=oppose", "period=nowhere", "period=%00", "after=zzz"]
    )
    def test_a_filter_that_does_not_exist_is_refused(self, moderator: Client, query: str) -> None:
        assert moderator.get(f"{QUEUE}?{query}").status_code == 404

    def test_there_is_no_filter_for_positions(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        for position in Position:
            wait(session, period, position=position)

        assert len(shown(moderator.get(f"{QUEUE}?position=oppose").text)) == len(Position)


class TestHelp:
    def test_personal_data_is_told_in_words(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        wait(session, period, body="I am at ana@example.org.")

        answer = page(moderator.get(QUEUE))

        assert answer.text(".//mark") == "e-mail address: ana@example.org"
        assert "Personal data found: e-mail address" in answer.text()

    def test_equal_texts_are_counted_and_can_be_listed(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 2, body="A form letter.")
        wait(session, makers.comment_period(session), body="A form letter.")
        wait(session, period, body="A form letter.", disposition=Disposition.POSTED)

        link = page(moderator.get(f"{QUEUE}?period={period.slug}")).links(".//ol[@id='comment']//dl//a")[
            "3 comments"
        ]

        listed = page(moderator.get(link)).text()
        assert all(comment.tracking_number in listed for comment in comments)
        assert "3 comments" in listed

    def test_every_reason_is_explained_in_both_languages(self, moderator: Client) -> None:
        for language in ("en", "es"):
            answer = page(moderator.get(f"/{language}/staff/queue"))
            assert len(answer.all(".//dl[@class='rules']/dd")) == len(ModerationReason)

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            '=HYPERLINK("http://evil.example")',
            "{{ 7*7 }} {% raw %}",
            "\u202egnp.exe \u2066 a\u200bb",
            "javascript:alert(1) [x](javascript:alert(1))",
        ],
    )
    def test_what_a_resident_wrote_is_only_text(
        self, session: Session, moderator: Client, period: CommentPeriod, text: str
    ) -> None:
        wait(session, period, body=text, name=text, organisation=text)

        answer = moderator.get(QUEUE)

        assert answer.text.count(escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")) == 3
        assert len(page(answer).all(".//script")) == 1
        assert page(answer).all(".//main//img") == []


class TestDecide:
    def test_ticked_comments_are_posted_and_the_others_stay(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 3)
        ticked = [comment.tracking_number for comment in comments[:2]]

        answer = moderator.send(QUEUE, form=DECIDE, comment=ticked, decision="post")

        session.expire_all()
        assert answer.status_code == 303
        assert [comment.is_public for comment in comments] == [True, True, False]
        told = page(moderator.get(answer.headers["Location"]))
        assert "2 comments were posted." in told.text(".//main//*[@role='status']")

    def test_not_posting_needs_a_reason_and_keeps_the_ticks(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 2)

        answer = moderator.send(
            QUEUE, form=DECIDE, comment=[comments[0].tracking_number], decision="restrict"
        )

        session.expire_all()
        assert answer.status_code == 422
        assert "Choose the reason for not posting." in page(answer).text()
        ticked = page(answer).all(".//input[@checked]")
        assert [box.get("value") for box in ticked] == [comments[0].tracking_number]
        assert {comment.disposition for comment in comments} == {Disposition.RECEIVED}

    def test_one_reason_goes_to_all_that_are_not_posted(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 2)
        ticked = [comment.tracking_number for comment in comments]

        answer = moderator.send(QUEUE, form=DECIDE, comment=ticked, decision="restrict", reason="spam")

        session.expire_all()
        assert {comment.restriction_reason for comment in comments} == {ModerationReason.SPAM}
        told = page(moderator.get(answer.headers["Location"])).text()
        assert "2 comments were not posted: Spam." in told

    def test_the_reasons_are_a_closed_list(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period)

        answer = moderator.send(
            QUEUE, form=DECIDE, comment=[comment.tracking_number], decision="restrict", reason="wrong_opinion"
        )

        assert answer.status_code == 422

    def test_nothing_ticked_is_told_at_the_list(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        wait(session, period)

        answer = moderator.send(QUEUE, form=DECIDE, decision="post")

        assert answer.status_code == 422
        assert "#comment" in page(answer).links()["Tick the comments that you decide about."]

    @pytest.mark.parametrize("decision", ["", "reopen", "delete"])
    def test_other_decisions_are_refused(
        self, session: Session, moderator: Client, period: CommentPeriod, decision: str
    ) -> None:
        (comment,) = wait(session, period)

        answer = moderator.send(QUEUE, form=DECIDE, comment=[comment.tracking_number], decision=decision)

        assert answer.status_code == 422

    def test_a_number_that_is_no_comment_changes_nothing(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period)

        answer = moderator.send(
            QUEUE, form=DECIDE, comment=[comment.tracking_number, "abc-defg-hjkm"], decision="post"
        )

        session.expire_all()
        assert answer.status_code == 404
        assert comment.disposition is Disposition.RECEIVED

    def test_more_fields_than_the_form_has_are_not_taken(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period, position=Position.OPPOSE, body="My words.")

        moderator.send(
            QUEUE,
            form=DECIDE,
            comment=[comment.tracking_number],
            decision="post",
            position="support",
            body="Others.",
            actor_id="1",
            happened_at="2000-01-01",
        )

        session.expire_all()
        event = session.scalars(sa.select(ModerationEvent)).one()
        assert (comment.position, comment.body) == (Position.OPPOSE, "My words.")
        assert event.happened_at.year > 2000

    def test_who_comes_second_is_told(
        self, session: Session, moderator: Client, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        ticked = [comment.tracking_number for comment in wait(session, period, 3)]
        colleague = sign_in(RoleName.ADMINISTRATOR)
        form = page(colleague.get(QUEUE)).fields(DECIDE)
        moderator.send(QUEUE, form=DECIDE, comment=ticked, decision="post")

        answer = colleague.post(
            f"{QUEUE}/decide", data=form | {"comment": ticked, "decision": "restrict", "reason": "spam"}
        )

        session.expire_all()
        assert "3 of these were already decided." in page(colleague.get(answer.headers["Location"])).text(
            "body"
        )
        assert {comment.disposition for comment in session.scalars(sa.select(Comment))} == {
            Disposition.POSTED
        }

    def test_leads_back_to_the_same_filters(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 2, analysis=None)

        answer = moderator.send(
            f"{QUEUE}?period={period.slug}&written_in=unmeasured",
            form=DECIDE,
            comment=[comments[0].tracking_number],
            decision="post",
        )

        assert f"period={period.slug}" in answer.headers["Location"]
        assert "written_in=unmeasured" in answer.headers["Location"]

    def test_ticks_survive_a_session_that_has_ended(
        self, session: Session, moderator: Client, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period)
        form = page(moderator.get(QUEUE)).fields(DECIDE)
        with moderator.session_transaction() as cookie:
            cookie.clear()

        answer = moderator.post(
            f"{QUEUE}/decide", data=form | {"comment": [comment.tracking_number], "decision": "post"}
        )

        assert answer.status_code >= 400
        assert page(answer).field("comment").get("value") == comment.tracking_number

    def test_who_has_to_sign_in_again_sends_the_same_ticks_once_more(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        (comment,) = wait(session, period)
        form = page(moderator.get(QUEUE)).fields(DECIDE)
        with moderator.session_transaction() as cookie:
            identity = cookie.pop("_user_id")
        typed = {"comment": [comment.tracking_number], "decision": "restrict", "reason": "spam"}
        refused = moderator.post(f"{QUEUE}/decide", data=form | typed)
        with moderator.session_transaction() as cookie:
            cookie["_user_id"] = identity

        answer = moderator.post(f"{QUEUE}/decide", data=page(refused).fields())

        session.expire_all()
        assert refused.status_code == 403
        assert answer.status_code == 303
        assert comment.restriction_reason is ModerationReason.SPAM


class TestUndo:
    def decided(self, client: Client, comments: list[Comment]) -> str:
        ticked = [comment.tracking_number for comment in comments]
        return client.send(QUEUE, form=DECIDE, comment=ticked, decision="post").headers["Location"]

    def test_one_click_lets_them_wait_again(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comments = wait(session, period, 2)

        answer = moderator.send(self.decided(moderator, comments), form=".//main//form[@method='post']")

        session.expire_all()
        assert {comment.disposition for comment in comments} == {Disposition.RECEIVED}
        assert "2 comments wait in the queue again." in page(moderator.get(answer.headers["Location"])).text(
            "body"
        )

    def test_the_log_keeps_both_steps(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        moderator.send(self.decided(moderator, wait(session, period)), form=".//main//form[@method='post']")

        events = session.scalars(sa.select(ModerationEvent).order_by(ModerationEvent.id))
        assert [event.action for event in events] == ["post", "reopen"]

    def test_nobody_undoes_what_a_colleague_did(
        self, session: Session, moderator: Client, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        comments = wait(session, period)
        self.decided(moderator, comments)
        colleague = sign_in(RoleName.MODERATOR)
        wait(session, period)

        token = page(colleague.get(QUEUE)).fields(DECIDE)["csrf_token"]
        colleague.post(f"{QUEUE}/undo", data={"csrf_token": token, "done": "1-1"})

        session.expire_all()
        assert comments[0].is_public

    @pytest.mark.parametrize("done", ["", "x", "1-999999", "2-1", "0-0", "1-1; DROP TABLE comment", "１-２"])
    def test_other_lines_are_ignored(
        self, session: Session, moderator: Client, period: CommentPeriod, done: str
    ) -> None:
        comments = wait(session, period)
        self.decided(moderator, comments)
        wait(session, period)

        page_with_done = moderator.get(QUEUE, query_string={"done": done})
        token = page(page_with_done).fields(DECIDE)["csrf_token"]
        answer = moderator.post(f"{QUEUE}/undo", data={"csrf_token": token, "done": done})

        session.expire_all()
        assert "posted." not in page(page_with_done).text()
        assert answer.status_code == 303
        assert comments[0].is_public


def test_a_card_shows_why_somebody_should_look_twice(
    session: Session, period: CommentPeriod, sign_in: SignIn
) -> None:
    flagged, _plain = wait(session, period, 2)
    flagged.flags = [CommentFlag(flag=Flag.REPORTED), CommentFlag(flag=Flag.TOO_FAST)]
    session.commit()

    cards = page(sign_in(RoleName.MODERATOR).get(QUEUE)).all(".//li[@class='queue__item']")

    told = {
        box.get("value"): {
            "".join(tag.itertext()).strip() for tag in card.findall(".//span[@class='tag tag--warning']")
        }
        for card in cards
        if (box := card.find(".//input[@name='comment']")) is not None
    }
    assert told[flagged.tracking_number] == {"Reported by readers", "Sent faster than people type"}
    assert sorted(map(len, told.values())) == [0, 2]


def test_the_flags_of_a_page_are_read_at_once(session: Session, period: CommentPeriod) -> None:
    wait(session, period, 3)
    session.expunge_all()

    found = queries.waiting(session, QueueFilter()).comments

    assert all("flags" not in sa.inspect(comment).unloaded for comment in found)


def test_the_queue_reads_the_index_of_the_waiting_comments(session: Session, period: CommentPeriod) -> None:
    wait(session, period, 3)
    statements: list[tuple[str, Any]] = []
    bind = session.get_bind()

    @sa.event.listens_for(bind, "before_cursor_execute")
    def remember(_connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]
        statements.append((statement, parameters))

    queries.waiting(session, QueueFilter())
    queries.count_waiting(session)
    sa.event.remove(bind, "before_cursor_execute", remember)

    session.commit()
    plans = []
    for statement, parameters in statements:
        if "disposition = 'received'" not in statement:
            continue
        if bind.dialect.name == "postgresql":
            # Three rows are read and sorted faster without any index, thousands are not.
            for way in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                session.connection().exec_driver_sql(f"SET LOCAL {way} = off")
            explained = "EXPLAIN " + statement
        else:
            explained = "EXPLAIN QUERY PLAN " + statement
        plans.append(str(session.connection().exec_driver_sql(explained, parameters).all()))
    assert len(plans) == 2
    assert "ix_comment_waiting" in plans[0], plans
    assert re.search(
        r"ix_comment_(waiting|queue|position\b.*period_id ?= ?\S+ AND \(*disposition)", plans[1]
    ), plans


def test_the_day_is_all_that_the_queue_tells_about_the_time(
    session: Session, moderator: Client, period: CommentPeriod
) -> None:
    wait(session, period, received_on=NOON.date() - timedelta(days=1))

    item = page(moderator.get(QUEUE)).text(".//ol[@id='comment']")

    assert "October 14, 2026" in item
    assert ":" not in item.split("Received")[1].split("How it")[0]
