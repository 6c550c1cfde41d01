"""One file of a comment can be kept from readers, with a reason and a line in the log, and posted again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.moderation import queries, service
from engage.moderation.chain import verify_chain
from engage.moderation.models import LogReason, ModerationAction
from tests.support import makers
from tests.support.pages import Client, page

THREAT = ModerationReason.TRUE_THREAT


@pytest.fixture
def comment(session: Session) -> Comment:
    """A comment that waits, with two files."""
    comment = makers.comment(session, makers.comment_period(session), disposition=Disposition.RECEIVED)
    for content in (b"one\n", b"two\n"):
        makers.attachment(session, comment, content, description="A list")
    session.commit()
    return comment


def address(comment: Comment, number: int = 1) -> str:
    return f"/en/staff/comments/{comment.tracking_number}/attachments/{number}"


class TestKeepingAFileBack:
    def test_is_in_the_log_with_its_reason_and_leaves_the_rest_as_it_is(
        self, session: Session, comment: Comment
    ) -> None:
        moderator = makers.user(session, RoleName.MODERATOR)

        service.restrict_attachment(session, comment, 1, moderator, utcnow(), THREAT)

        (line,) = queries.history_of(session, comment)
        assert line[0].action is ModerationAction.RESTRICT_ATTACHMENT
        assert line[0].reason is LogReason(THREAT)
        assert [one.is_posted for one in comment.attachments] == [False, True]
        assert comment.disposition is Disposition.RECEIVED
        assert verify_chain(session).holds

    def test_twice_writes_one_line(self, session: Session, comment: Comment) -> None:
        first, second = (
            service.restrict_attachment(session, comment, 1, None, utcnow(), THREAT) for _ in range(2)
        )

        assert first is not None
        assert second is None

    def test_can_be_taken_back(self, session: Session, comment: Comment) -> None:
        assert service.post_attachment(session, comment, 1, None, utcnow()) is None
        service.restrict_attachment(session, comment, 1, None, utcnow(), THREAT)

        service.post_attachment(session, comment, 1, None, utcnow())

        actions = [event.action for event, _name in queries.history_of(session, comment)]
        assert actions == [ModerationAction.RESTRICT_ATTACHMENT, ModerationAction.POST_ATTACHMENT]
        assert comment.attachments[0].is_posted

    def test_of_a_withdrawn_comment_is_not_possible(self, session: Session, comment: Comment) -> None:
        service.withdraw_comment(session, comment, None, utcnow())

        with pytest.raises(service.WrongState):
            service.restrict_attachment(session, comment, 1, None, utcnow(), THREAT)


class TestThePages:
    def test_lead_a_moderator_from_the_queue_to_the_file_and_to_the_decision(
        self, session: Session, sign_in: Callable[..., Client], comment: Comment
    ) -> None:
        browser = sign_in(RoleName.MODERATOR)

        files = page(browser.get("/en/staff/queue")).links()
        assert browser.get(files["Attachment 2"]).data == b"two\n"
        links = page(browser.get(f"/en/staff/comments/{comment.tracking_number}")).links()
        answer = browser.send(links["Do not post attachment 1"], reason=THREAT)

        shown = page(browser.get(answer.location))
        assert "True threat. Post attachment 1 after all" in shown.text()
        browser.send(shown.links()["Post attachment 1 after all"])
        assert "Do not post attachment 1" in page(browser.get(answer.location)).links()

    def test_ask_for_a_reason(self, sign_in: Callable[..., Client], comment: Comment) -> None:
        answer = sign_in(RoleName.MODERATOR).send(f"{address(comment)}/decide", reason="")

        assert answer.status_code == 422
        assert "Choose the reason for not posting." in page(answer).text()

    def test_send_a_file_so_that_nothing_in_it_runs(
        self, sign_in: Callable[..., Client], comment: Comment
    ) -> None:
        answer = sign_in(RoleName.MODERATOR).get(address(comment))

        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_tell_the_public_what_was_done_and_why(
        self, session: Session, client: Client, comment: Comment
    ) -> None:
        service.restrict_attachment(session, comment, 1, None, utcnow(), THREAT)
        session.commit()

        assert "Attachment not posted: True threat" in page(client.get("/en/moderation")).text()
