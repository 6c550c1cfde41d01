"""Where rooms meet: what one room promises and another one has to keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import server
from engage.accounts.models import RoleName
from engage.backup.marks import BelowTheMark, Mark, Marks, check_marks, mark_file, marks_of
from engage.clock import utcnow
from engage.comments import service as comments
from engage.comments.models import CommentFlag, CommentPeriod, Disposition, Flag, ModerationReason
from engage.comments.redacted import RedactionKind
from engage.comments.spans import Span
from engage.contacts.models import Contact
from engage.moderation import service as moderation
from engage.moderation.models import LogReason
from engage.moderation.queries import closed_fields
from engage.moderation.words import FLAGS
from engage.receipts.fields import fields_of
from engage.receipts.leaf import digest_of, salt_of
from engage.receipts.service import seal
from engage.web.news import happenings
from tests.receipts.receiving import entry_of, receive, secret
from tests.support import makers
from tests.support.makers import both
from tests.support.signing import outbox

DAY = timedelta(days=1)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period."""
    return makers.comment_period(session)


class TestTheLeafAndTheFiles:
    def test_a_file_is_part_of_what_the_log_vouches_for(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = makers.attachment(session, receive(session, period))
        fields = fields_of(comment)

        assert fields["attachments"] == comment.attachments[0].digest
        assert fields["clauses"] == ""

    def test_the_entry_of_a_comment_without_files_says_that_there_were_none(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = receive(session, period)
        code = secret(session, comment)

        assert entry_of(session, comment).digest_of["attachments"] == digest_of(
            "attachments", salt_of(code, "attachments"), ""
        )

    def test_what_readers_may_not_see_stays_closed_in_the_log(
        self, session: Session, period: CommentPeriod
    ) -> None:
        moderator = makers.user(session, RoleName.MODERATOR)
        redacted, withheld, open_one = (makers.comment(session, period) for _ in range(3))
        makers.attachment(session, withheld)
        moderation.redact_comment(
            session,
            redacted,
            [Span(0, 7, RedactionKind.PERSON_NAME)],
            moderator,
            utcnow(),
            LogReason.OTHERS_PERSONAL_DATA,
            version=moderation.version_of(redacted),
        )
        moderation.restrict_attachment(session, withheld, 1, moderator, utcnow(), ModerationReason.SPAM)
        ids = [redacted.id, withheld.id, open_one.id]

        assert closed_fields(session, ids) == {redacted.id: {"body"}, withheld.id: {"attachments"}}


class TestHintsOfABrowser:
    @pytest.mark.parametrize("decide", ["post", "restrict"])
    def test_go_when_a_moderator_has_decided(
        self, session: Session, period: CommentPeriod, decide: str
    ) -> None:
        comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
        comment.flags = [CommentFlag(flag=flag) for flag in (Flag.NO_PROOF_OF_WORK, Flag.TOO_FAST)]
        moderator = makers.user(session, RoleName.MODERATOR)
        session.flush()

        if decide == "post":
            moderation.post_comments(session, [comment], moderator, utcnow())
        else:
            moderation.restrict_comments(session, [comment], moderator, utcnow(), ModerationReason.SPAM)

        assert session.scalars(sa.select(CommentFlag)).all() == []

    def test_stay_while_a_removal_waits_for_a_second_person(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
        comment.flags = [CommentFlag(flag=Flag.HONEYPOT)]
        first, second = (makers.user(session, RoleName.MODERATOR) for _ in range(2))
        session.flush()

        moderation.restrict_comments(session, [comment], first, utcnow(), ModerationReason.TRUE_THREAT)
        assert len(session.scalars(sa.select(CommentFlag)).all()) == 1
        (proposal,) = session.scalars(sa.text("SELECT id FROM removal_proposal")).all()
        moderation.confirm_removal(session, proposal, second, utcnow())

        assert session.scalars(sa.select(CommentFlag)).all() == []


def test_every_flag_has_its_words() -> None:
    assert set(FLAGS) == set(Flag)


class TestAnAppellantsAddress:
    def test_goes_with_a_word_when_there_is_nothing_left_to_appeal_against(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        moderator = makers.user(session, RoleName.MODERATOR)
        comment = makers.comment(session, period, disposition=Disposition.RECEIVED)
        moderation.restrict_comments(session, [comment], moderator, utcnow(), ModerationReason.SPAM)
        moderation.open_appeal(
            session, comment, text="Read it again.", email="ana@example.org", language="en", now=utcnow()
        )
        assert len(session.scalars(sa.select(Contact)).all()) == 1

        moderation.withdraw_comment(session, comment, None, utcnow())
        session.commit()

        assert session.scalars(sa.select(Contact)).all() == []
        assert [mail.recipient for mail in outbox(app)] == ["ana@example.org"]


class TestFollowersOfAPeriod:
    @pytest.mark.parametrize("change", ["extended", "reopened", "cancelled"])
    def test_are_told_once_of_every_change_with_its_reason_on_the_page(
        self, session: Session, app: Flask, change: str
    ) -> None:
        now = utcnow()
        is_over = change == "reopened"
        period = makers.comment_period(
            session, opens_at=now - 9 * DAY, closes_at=now - DAY if is_over else now + DAY
        )
        clerk = makers.user(session, RoleName.CLERK)
        end = {"closes_at": now + 5 * DAY} if change != "cancelled" else {}
        act: dict[str, Callable[..., object]] = {
            "extended": comments.extend_period,
            "reopened": comments.reopen_period,
            "cancelled": comments.cancel_period,
        }
        act[change](session, period, **end, reason=both("More time"), actor=clerk, now=now)
        session.flush()

        told = [one for one in happenings(session, now - timedelta(hours=1), now) if ":change:" in one.key]

        assert len(told) == 1
        with app.test_request_context("/en/"):
            assert {told[0].tell(language).path for language in ("en", "es")} == {
                f"/en/periods/{period.slug}",
                f"/es/periods/{period.slug}",
            }


class TestTheMarksOfTheLogs:
    def test_know_the_newest_state_of_the_log_of_receipts(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = receive(session, period)
        session.commit()
        seal(session, now=utcnow())

        marks = marks_of(session)

        assert marks.receipts.size == 1
        check_marks(session, marks)
        assert entry_of(session, comment).leaf_index == 0

    def test_count_what_was_acknowledged_and_is_not_sealed_yet(
        self, session: Session, period: CommentPeriod
    ) -> None:
        before = marks_of(session)
        receive(session, period)

        assert (before.promises.size, marks_of(session).promises.size) == (0, 1)
        check_marks(session, before)
        with pytest.raises(BelowTheMark):
            check_marks(session, Marks(promises=Mark(2, "")))

    def test_stop_the_start_of_a_site_on_an_older_database(self, app: Flask, session: Session) -> None:
        session.close()
        Marks(receipts=Mark(5, "ab" * 32)).write(Path(app.config["ENGAGE_SETTINGS"].mark_file))
        try:
            with pytest.raises(BelowTheMark):
                server._require_current(app)
        finally:
            with app.app_context():
                mark_file().unlink()
