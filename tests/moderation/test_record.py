"""All comments of a period for moderators, and one comment with its history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason, Position
from engage.moderation import service
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

RECORD = "/en/staff/comments"


@pytest.fixture
def moderator(sign_in: Callable[..., Client]) -> Client:
    return sign_in(RoleName.MODERATOR)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


def one_of_each(session: Session, period: CommentPeriod) -> dict[str, Comment]:
    comments = {
        "received": makers.comment(
            session, period, disposition=Disposition.RECEIVED, position=Position.OPPOSE
        ),
        "posted": makers.comment(session, period, position=Position.SUPPORT),
        "spam": makers.comment(
            session, period, disposition=Disposition.RESTRICTED, restriction_reason=ModerationReason.SPAM
        ),
        "off_topic": makers.comment(
            session, period, disposition=Disposition.RESTRICTED, restriction_reason=ModerationReason.OFF_TOPIC
        ),
    }
    session.commit()
    return comments


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"received", "posted", "spam", "off_topic"}),
            ("disposition=received", {"received"}),
            ("disposition=restricted", {"spam", "off_topic"}),
            ("disposition=restricted&reason=off_topic", {"off_topic"}),
            ("reason=spam", {"spam"}),
            ("position=support", {"posted"}),
            ("position=unstated&disposition=restricted", {"spam", "off_topic"}),
            ("position=support&disposition=received", set()),
        ],
    )
    def test_lists_exactly_what_the_address_asks_for(
        self, session: Session, moderator: Client, period: CommentPeriod, query: str, expected: set[str]
    ) -> None:
        comments = one_of_each(session, period)

        text = page(moderator.get(f"{RECORD}?period={period.slug}&{query}")).text()

        assert {name for name, comment in comments.items() if comment.tracking_number in text} == expected

    def test_never_shows_another_period(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        other = makers.comment(session, makers.comment_period(session))
        one_of_each(session, period)

        assert other.tracking_number not in moderator.get(f"{RECORD}?period={period.slug}").text

    @pytest.mark.parametrize(
        "query",
        [
            "period=nowhere",
            "period=%00",
            "disposition=hidden",
            "reason=opinion",
            "password=1",
            "position=blue",
            "sort=name",
        ],
    )
    def test_refuses_what_it_does_not_know(
        self, session: Session, moderator: Client, period: CommentPeriod, query: str
    ) -> None:
        session.commit()

        assert moderator.get(f"{RECORD}?{query}").status_code == 404

    def test_says_so_where_there_is_no_period(self, moderator: Client) -> None:
        assert "No comment period yet" in page(moderator.get(RECORD)).text()

    def test_keeps_its_conditions_on_every_page(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        for _ in range(30):
            makers.comment(session, period, disposition=Disposition.RECEIVED, position=Position.OPPOSE)
        session.commit()

        first = page(moderator.get(f"{RECORD}?period={period.slug}&disposition=received&position=oppose"))
        link = first.links()["Next →"]

        assert all(
            part in link for part in (f"period={period.slug}", "disposition=received", "position=oppose")
        )
        assert len(page(moderator.get(link)).all(".//tbody/tr")) == 5


class TestComment:
    def test_shows_the_history_with_names_and_reasons(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
        colleague = makers.user(session, name="Dolores Reyes")
        service.restrict_comments(session, [comment], colleague, NOON, ModerationReason.SPAM)
        service.reopen_comments(session, [comment], None, NOON)
        session.commit()

        history = page(moderator.get(f"{RECORD}/{comment.tracking_number}")).text(".//main//table")

        assert "Not posted Spam Dolores Reyes" in history
        assert "Opened again – The system" in history

    def test_finds_a_number_as_people_type_it(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period)
        session.commit()

        typed = comment.tracking_number.upper().replace("-", "")

        assert moderator.get(f"{RECORD}/{typed}").status_code == 200

    @pytest.mark.parametrize("number", ["abc-defg-hjkm", "%00", "nothing"])
    def test_is_not_found_where_there_is_none(self, moderator: Client, number: str) -> None:
        assert moderator.get(f"{RECORD}/{number}").status_code == 404

    @pytest.mark.parametrize(
        ("state", "reason", "steps"),
        [
            (Disposition.RECEIVED, None, ["post", "restrict"]),
            (Disposition.POSTED, None, []),
            (Disposition.RESTRICTED, ModerationReason.SPAM, ["reopen"]),
            (Disposition.WITHDRAWN, None, []),
        ],
    )
    def test_offers_only_the_steps_that_can_follow(
        self,
        session: Session,
        moderator: Client,
        period: CommentPeriod,
        state: Disposition,
        reason: ModerationReason | None,
        steps: list[str],
    ) -> None:
        comment = makers.comment(session, period, disposition=state, restriction_reason=reason)
        session.commit()

        answer = page(moderator.get(f"{RECORD}/{comment.tracking_number}"))

        assert [button.get("value") for button in answer.all(".//button[@name='decision']")] == steps

    def test_can_be_decided_on_its_own_page(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
        session.commit()
        url = f"{RECORD}/{comment.tracking_number}"

        missing = moderator.send(url, decision="restrict")
        moderator.send(url, decision="restrict", reason="spam")
        session.expire_all()
        restricted = comment.restriction_reason
        session.rollback()
        moderator.send(url, decision="reopen")
        moderator.send(url, decision="post")

        session.expire_all()
        assert missing.status_code == 422
        assert restricted is ModerationReason.SPAM
        assert comment.disposition is Disposition.POSTED

    def test_a_withdrawn_one_cannot_be_decided(
        self, session: Session, moderator: Client, period: CommentPeriod
    ) -> None:
        waiting = makers.comment(session, period, disposition=Disposition.RECEIVED)
        session.commit()
        url = f"{RECORD}/{waiting.tracking_number}"
        form = page(moderator.get(url)).fields()
        service.withdraw_comment(session, session.scalars(sa.select(Comment)).one(), None, NOON)
        session.commit()

        assert moderator.post(url, data=form | {"decision": "post"}).status_code == 409
