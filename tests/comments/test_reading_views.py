"""The reading room and the page of a comment: all that is posted and nothing else, however asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments import queries
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.dockets.models import District
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

ROOM = "/en/periods/jail/comments"
HIDDEN = [
    (Disposition.RECEIVED, None),
    (Disposition.RESTRICTED, ModerationReason.SPAM),
    (Disposition.WITHDRAWN, None),
]


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period."""
    period = makers.comment_period(session, slug="jail")
    session.commit()
    return period


def measure(comment: Comment, **fields: object) -> None:
    values: dict[str, object] = {
        "analyser_version": "7+test",
        "language": "en",
        "language_confidence": 0.87,
        "tone": "negative",
        "tone_score": -0.25,
        "position_suggested": "oppose",
    }
    comment.analysis = CommentAnalysis(**values | fields)


class TestTheReadingRoom:
    def test_shows_what_is_posted_and_counts_it(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        makers.comment(session, period, body="Seen by all", position=Position.OPPOSE, name="Ana")
        for disposition, reason in HIDDEN:
            makers.comment(
                session, period, body="Seen by none", disposition=disposition, restriction_reason=reason
            )
        session.commit()

        shown = page(client.get(ROOM))

        assert shown.text(".//h2") == "1 comment"
        assert "Seen by all" in shown.text()
        assert "Ana" in shown.text()
        assert "Seen by none" not in shown.text()

    def test_says_in_words_what_is_asked_for_and_combines_it(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        session.add(District(code="north", name=makers.both("North")))
        for position in (Position.OPPOSE, Position.OPPOSE, Position.SUPPORT):
            measure(makers.comment(session, period, position=position))
        session.commit()

        shown = page(client.get(f"{ROOM}?position=oppose&written_in=en&district=unstated"))

        heading = "2 comments: Declared position “Oppose”, Language “English”, District “No district given”"
        assert shown.text(".//h2") == heading
        assert "en español" not in shown.text()

    def test_finds_comments_whose_language_is_asked_for_by_its_plain_name(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        measure(makers.comment(session, period, body="Hola"), language="es")
        session.commit()

        moved = client.get(f"{ROOM}?language=es&position=unstated")

        assert moved.status_code == 302
        assert moved.location == f"{ROOM}?position=unstated&written_in=es"
        assert "Hola" in page(client.get(moved.location)).text()

    def test_keeps_what_is_asked_for_when_the_page_or_its_language_is_changed(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        for _ in range(30):
            measure(makers.comment(session, period))
        session.commit()

        links = page(client.get(f"{ROOM}?written_in=en")).links()

        assert links["2"] == f"{ROOM}?page=2&written_in=en"
        assert links["Español"] == "/es/periods/jail/comments?written_in=en"

    @pytest.mark.parametrize(
        "query",
        [
            "order=name",
            "position=sideways",
            "tone=angry",
            "concern=never_heard_of",
            "concern=%00",
            "district=atlantis",
            "day=2026-13-01",
            "text=abc",
            "named=maybe",
            "client_token=x",
            "disposition=restricted",
            "position=support&position=oppose",
            "%00=1",
            "tone_reason='--",
        ],
    )
    def test_does_not_know_any_other_list(self, client: Client, period: CommentPeriod, query: str) -> None:
        assert client.get(f"{ROOM}?{query}").status_code == 404

    @pytest.mark.parametrize("number", ["0", "-1", "x", "999999999999999999999", "2", "1e3"])
    def test_has_no_page_that_fails(self, client: Client, period: CommentPeriod, number: str) -> None:
        assert client.get(f"{ROOM}?page={number}").status_code == 200

    def test_finds_a_concern_that_the_taxonomy_has_no_more(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, body="Old concern")
        measure(comment, concerns=[CommentConcern(code="bygone")])
        session.commit()

        assert "Old concern" in page(client.get(f"{ROOM}?concern=bygone")).text()

    def test_is_not_in_the_order_of_arrival(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        sent = [
            makers.comment(session, period, received_on=date(2026, 10, 10 + number // 10))
            for number in range(20)
        ]
        session.commit()

        read = queries.read(session, period, queries.CommentFilter(), number=1).rows

        assert [comment.received_on for comment in read] == sorted(
            (comment.received_on for comment in sent), reverse=True
        )
        newest = [comment.id for comment in read[:10]]
        assert newest == sorted(newest, reverse=True)
        assert newest not in ([comment.id for comment in sent[10:]], [comment.id for comment in sent[:9:-1]])

    def test_shows_every_comment_on_exactly_one_page(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        numbers = {makers.comment(session, period).tracking_number for _ in range(60)}
        session.commit()

        def listed() -> Iterator[str]:
            for number in (1, 2, 3):
                links = page(client.get(f"{ROOM}?page={number}")).links(".//main//ol//a")
                yield from (target.rsplit("/", 1)[1] for target in links.values())

        read = list(listed())
        assert len(read) == 60
        assert set(read) == numbers

    def test_shows_the_beginning_of_a_long_comment_and_leads_to_the_rest(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, body="Long. " * 200 + "The end.")
        session.commit()

        shown = page(client.get(ROOM))

        assert "The end." not in shown.text()
        assert shown.links()["Read the whole comment"] == f"/en/comments/{comment.tracking_number}"

    def test_is_empty_with_a_word_about_why(self, client: Client, period: CommentPeriod) -> None:
        assert "No comments are posted yet" in page(client.get(ROOM)).text()
        assert "No posted comment fits this" in page(client.get(f"{ROOM}?position=support")).text()


class TestTheCommentPage:
    def test_shows_the_comment_with_what_was_given_and_measured(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(
            session,
            period,
            body="First line\n\n  We fear racial profiling.",
            name="Ana",
            organisation="Farm",
            position=Position.OPPOSE,
        )
        measure(
            comment, concerns=[CommentConcern(code="equal_treatment", spans=[[22, 38, "racial profiling"]])]
        )
        session.commit()

        shown = page(client.get(f"/en/comments/{comment.tracking_number}"))

        said = shown.one(".//div[@dir='auto']")
        assert said.text == "First line\n\n  We fear racial profiling."
        assert said.get("lang") == "en"
        for fact in (
            "Oppose",
            "Ana for Farm",
            "October 15, 2026",
            "Negative: −0.25 on a scale from −1 to 1",
            "Equal treatment: racial profiling",
            "English (certainty 87 %)",
            "7+test",
        ):
            assert fact in shown.text()

    @pytest.mark.parametrize(
        ("reason", "said"),
        [("language", "English only"), ("too_short", "too short"), ("analyser_failed", "could not read")],
    )
    def test_says_why_there_is_no_tone(
        self, session: Session, client: Client, period: CommentPeriod, reason: str, said: str
    ) -> None:
        comment = makers.comment(session, period)
        measure(comment, tone="not_scored", tone_score=None, tone_reason=reason, language="und")
        session.commit()

        shown = page(client.get(f"/en/comments/{comment.tracking_number}"))

        assert "Not scored" in shown.text()
        assert said in shown.text()
        assert shown.one(".//div[@dir='auto']").get("lang") is None

    def test_says_that_it_is_not_measured_yet(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period)
        session.commit()

        assert "Not measured yet" in page(client.get(f"/en/comments/{comment.tracking_number}")).text()

    def test_leads_to_all_submissions_of_the_same_text(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comments = [makers.comment(session, period, body="The same words.") for _ in range(3)]
        session.commit()

        link = page(client.get(f"/en/comments/{comments[0].tracking_number}")).links()[
            "3 submissions have these same words"
        ]

        assert page(client.get(link)).text(".//h2").startswith("3 comments")

    @pytest.mark.parametrize(("disposition", "reason"), HIDDEN)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_is_not_there_while_the_comment_is_not_posted(
        self,
        session: Session,
        client: Client,
        period: CommentPeriod,
        disposition: Disposition,
        reason: ModerationReason | None,
        method: str,
    ) -> None:
        hidden = {"disposition": disposition, "restriction_reason": reason}
        comment = makers.comment(session, period, body="Hidden words", **hidden)
        session.commit()
        address = f"/en/comments/{comment.tracking_number}"
        conditional = {"If-None-Match": "*", "If-Modified-Since": "Wed, 01 Jan 2031 00:00:00 GMT"}

        answers = [client.open(address, method=method, headers=headers) for headers in ({}, conditional)]
        unknown = client.open("/en/comments/aaa-aaaa-aaaa", method=method)

        assert [answer.status_code for answer in answers] == [404, 404]
        assert "Hidden words" not in answers[0].get_data(as_text=True)
        assert set(answers[1].headers.keys()) == set(unknown.headers.keys())
        assert len(answers[0].data) == len(unknown.data)

    def test_is_not_there_while_its_period_is_hidden(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period)
        period.published_at = utcnow() + timedelta(days=1)
        session.commit()

        assert client.get(f"/en/comments/{comment.tracking_number}").status_code == 404

    def test_disappears_at_once_when_the_comment_is_taken_down(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period)
        session.commit()
        address = f"/en/comments/{comment.tracking_number}"
        assert client.get(address).status_code == 200

        comment.disposition, comment.restriction_reason = Disposition.RESTRICTED, ModerationReason.OFF_TOPIC
        session.commit()

        assert client.get(address).status_code == 404
        assert page(client.get(ROOM)).text(".//h2") == "0 comments"

    @pytest.mark.parametrize("number", ["%00", "abc-def2-345%00", "x", "..", "%ff", "1 OR 1=1"])
    def test_is_not_there_for_a_number_that_is_none(
        self, client: Client, period: CommentPeriod, number: str
    ) -> None:
        assert client.get(f"/en/comments/{number}").status_code == 404


def test_staff_see_no_more_here_than_residents(
    session: Session, sign_in: object, period: CommentPeriod
) -> None:
    comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
    session.commit()
    moderator = sign_in(RoleName.MODERATOR)  # type: ignore[operator]

    assert moderator.get(f"/en/comments/{comment.tracking_number}").status_code == 404


@pytest.mark.parametrize("query", ["", "?page=400", "?position=oppose&page=80", "?tone=positive&page=400"])
def test_a_long_list_loads_only_what_a_page_shows(
    session: Session, client: Client, period: CommentPeriod, query: str
) -> None:
    rows = [
        {
            "period_id": period.id,
            "body": f"Comment {number}.",
            "body_digest": f"{number:064x}",
            "received_on": NOON.date() - timedelta(days=number % 60),
            "disposition": Disposition.POSTED,
            "position": list(Position)[number % 5],
        }
        for number in range(10_000)
    ]
    session.execute(sa.insert(Comment), rows)
    columns = CommentAnalysis.__table__.columns
    measured = {
        "analyser_version": "1",
        "language": "en",
        "language_confidence": 0.9,
        "tone": "positive",
        "tone_score": 0.5,
        "position_suggested": "unclear",
    }
    values = [sa.literal(value, columns[name].type) for name, value in measured.items()]
    session.execute(
        sa.insert(CommentAnalysis).from_select(["comment_id", *measured], sa.select(Comment.id, *values))
    )
    session.commit()
    loaded: list[str] = []

    @sa.event.listens_for(Comment, "load")
    def count(comment: Comment, _context: object) -> None:
        loaded.append(comment.body)

    try:
        assert client.get(ROOM + query).status_code == 200
    finally:
        sa.event.remove(Comment, "load", count)
    assert len(loaded) == 25
