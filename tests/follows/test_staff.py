"""What the staff see of the mails, and the mail that tells moderators of the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.follows.models import NoticeFrequency
from engage.follows.service import queue
from engage.mail.models import OutboxMessage
from engage.mail.service import queue_message
from tests.support import makers
from tests.support.pages import Client, page
from tests.support.signing import outbox

SignIn = Callable[..., Client]


def test_the_staff_see_what_became_of_the_mails_and_no_address(session: Session, sign_in: SignIn) -> None:
    for number in range(4):
        queue_message(
            session,
            event_key=f"news:{number}",
            recipient="ana@example.org",
            subject="Marked",
            body="Marked",
        )
    rows = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()
    rows[0].due_at, rows[0].sent_at = None, utcnow()
    rows[1].due_at, rows[1].sent_at, rows[1].bounced_on = None, utcnow(), utcnow().date()
    rows[2].due_at = None
    session.commit()

    answer = sign_in(RoleName.CLERK).get("/en/staff/mail")

    shown = page(answer)
    cells = ["".join(cell.itertext()).strip() for cell in shown.all(".//table")[0].findall(".//tbody/tr/*")]
    assert cells == ["News for followers", "4", "1", "1", "1", "1"]
    assert "ana@example.org" not in answer.get_data(as_text=True)
    assert "Marked" not in answer.get_data(as_text=True)


class TestQueueNotice:
    @pytest.fixture
    def moderator(self, session: Session) -> User:
        user = makers.user(session, RoleName.MODERATOR)
        session.commit()
        return user

    @pytest.fixture
    def period(self, session: Session) -> CommentPeriod:
        return makers.comment_period(session)

    def wait(self, session: Session, period: CommentPeriod, number: int = 1) -> None:
        for _number in range(number):
            makers.comment(session, period, disposition=Disposition.RECEIVED, body="Marked words.")
        session.commit()

    def choose(self, session: Session, user: User, frequency: NoticeFrequency) -> None:
        queue.set_notice(session, user, frequency, "es")
        session.commit()

    def test_is_chosen_on_a_page(
        self, app: Flask, session: Session, sign_in: SignIn, moderator: User, period: CommentPeriod
    ) -> None:
        self.wait(session, period, 2)
        assert queue.tell_moderators() == 0

        sign_in(moderator).send("/es/staff/queue-notice", form=".//main//form", frequency="hourly")
        assert queue.tell_moderators() == 1

        (mail,) = outbox(app)
        assert mail.recipient == moderator.email
        assert mail.subject == "Testing County: 2 comentarios esperan."
        assert "Marked" not in mail.body
        assert "http://localhost/es/staff/" in mail.body

        sign_in(moderator).send("/es/staff/queue-notice", form=".//main//form", frequency="never")
        self.wait(session, period)
        assert queue.tell_moderators() == 0

    def test_comes_hourly_only_when_the_number_has_changed(
        self,
        app: Flask,
        session: Session,
        moderator: User,
        period: CommentPeriod,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.choose(session, moderator, NoticeFrequency.HOURLY)
        self.wait(session, period)
        now, sent = utcnow(), []
        for hours, more in ((0, 0), (0, 1), (1, 0), (2, 0), (3, 1)):
            if more:
                self.wait(session, period)
            monkeypatch.setattr(queue, "utcnow", lambda hours=hours: now + timedelta(hours=hours))
            sent.append(queue.tell_moderators())

        assert sent == [1, 0, 1, 0, 1]
        assert [mail.subject.partition(": ")[2] for mail in outbox(app)] == [
            "1 comentario espera.",
            "2 comentarios esperan.",
            "3 comentarios esperan.",
        ]

    def test_comes_daily_while_comments_wait(
        self,
        app: Flask,
        session: Session,
        moderator: User,
        period: CommentPeriod,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.choose(session, moderator, NoticeFrequency.DAILY)
        self.wait(session, period)
        now, sent = utcnow(), []
        for days in (0, 0, 1, 2):
            monkeypatch.setattr(queue, "utcnow", lambda days=days: now + timedelta(days=days))
            sent.append(queue.tell_moderators())
        session.execute(sa.update(Comment).values(disposition=Disposition.POSTED))
        session.commit()
        for days in (3, 3):
            monkeypatch.setattr(queue, "utcnow", lambda days=days: now + timedelta(days=days))
            queue.tell_moderators()

        assert sent == [1, 0, 1, 1]
        assert len(outbox(app)) == 3
        assert queue.tell_moderators() == 0

    def test_goes_to_nobody_who_is_no_moderator_any_more(
        self, app: Flask, session: Session, moderator: User, period: CommentPeriod
    ) -> None:
        gone = makers.user(session, RoleName.MODERATOR, active=False)
        for user in (moderator, gone):
            self.choose(session, user, NoticeFrequency.DAILY)
        self.wait(session, period)
        moderator.roles = []
        session.commit()

        assert queue.tell_moderators() == 0
        assert outbox(app) == []
