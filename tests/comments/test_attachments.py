"""Files of a comment: clean or refused, never sent twice, and read by nobody who may not read the comment."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage import worker
from engage.clock import utcnow
from engage.comments import attached, service
from engage.comments.models import Attachment, Comment, CommentPeriod, Disposition, ModerationReason, Upload
from engage.comments.service import attach
from engage.files import CleanFile, FileKind
from engage.jobs.queue import run_once
from engage.moderation.service import restrict_attachment, withdraw_comment
from tests.files import samples
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
TEXT = "See what I saw."


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period."""
    period = makers.comment_period(session, slug="jail", text_limit=2000)
    session.commit()
    return period


def file(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(content), name


def note(words: str = "hello", name: str = "Ana Ruiz.txt") -> tuple[io.BytesIO, str]:
    """A short text, which is cleaned fast."""
    return file(words.encode(), name)


def opened(client: Client) -> dict[str, Any]:
    """The fields of a form, and where it is sent to."""
    found = page(client.get(FORM))
    return {key: value for key, value in found.fields().items() if key not in ("files", "kept")}


def again(answer: TestResponse) -> dict[str, Any]:
    """The fields of the form that came back, with the boxes that are ticked."""
    found = page(answer)
    kept = [box.get("value") for box in found.all(".//input[@name='kept'][@checked]")]
    fields = {key: value for key, value in found.fields().items() if key not in ("files", "kept")}
    return fields | ({"kept": kept} if kept else {})


def post(client: Client, fields: dict[str, Any], **more: Any) -> TestResponse:
    """Send a form with files."""
    return client.post(FORM, data=fields | more, content_type="multipart/form-data")


def comments(session: Session) -> list[Comment]:
    session.rollback()
    return list(session.scalars(sa.select(Comment)))


def waiting(session: Session) -> list[Upload]:
    session.rollback()
    return list(session.scalars(sa.select(Upload).order_by(Upload.place)))


def posted(session: Session, **fields: Any) -> Comment:
    """A posted comment with one text file."""
    period = session.scalars(sa.select(CommentPeriod)).first() or makers.comment_period(session)
    comment = makers.attachment(session, makers.comment(session, period, **fields))
    session.commit()
    return comment


class TestSendingFiles:
    def test_keeps_what_they_show_and_not_what_they_hide(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        sent = [file(samples.jpeg(), "Marisol.jpg"), file(samples.pdf(), "Marisol's letter.pdf")]

        answer = post(client, opened(client), body=TEXT, files=sent)

        (comment,) = comments(session)
        assert answer.status_code == 303
        assert [(one.number, one.kind) for one in comment.attachments] == [(1, "jpeg"), (2, "pdf")]
        assert [one.size == len(one.content) for one in comment.attachments] == [True, True]
        contents = [one.content for one in comment.attachments]
        assert not [mark for mark in (*samples.MARKS, b"Exif") for content in contents if mark in content]
        assert attached.attachment_digests(comment) == [
            CleanFile(FileKind.PDF, content).digest for content in contents
        ]
        assert waiting(session) == []

    def test_twice_gives_the_first_receipt(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        fields = opened(client) | {"body": TEXT}

        answers = [post(client, fields, files=[note(), note("two")]) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        (comment,) = comments(session)
        assert len(comment.attachments) == 2
        assert waiting(session) == []

    def test_again_with_other_files_keeps_both_and_asks(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        fields = opened(client) | {"body": TEXT}
        post(client, fields, files=[note("one")])

        asked = post(client, fields, files=[note("two")])

        assert asked.status_code == 409
        assert len(comments(session)) == 1
        post(client, again(asked))
        first, second = sorted(comments(session), key=lambda one: one.attachments[0].digest != _digest("one"))
        assert attached.attachment_digests(first) == [_digest("one")]
        assert attached.attachment_digests(second) == [_digest("two")]

    def test_that_are_no_good_loses_neither_the_text_nor_the_good_ones(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        answer = post(client, opened(client), body=TEXT, files=[note(), file(b"PK\3\4", "letter.docx")])

        assert answer.status_code == 422
        assert "“letter.docx”: Files of Word" in page(answer).text()
        assert (page(answer).field("body").text or "").strip() == TEXT
        assert comments(session) == []
        # Ana's name is not on the page that comes back, and nothing has to be uploaded again.
        assert "Ana Ruiz" not in answer.get_data(as_text=True)
        assert post(client, again(answer)).status_code == 303
        (comment,) = comments(session)
        assert attached.attachment_digests(comment) == [_digest("hello")]

    def test_with_a_text_that_is_no_good_loses_no_file(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        answer = post(client, opened(client), body="x" * 3000, files=[note()])

        assert answer.status_code == 422
        assert post(client, again(answer), body=TEXT).status_code == 303
        assert len(comments(session)[0].attachments) == 1

    def test_can_be_done_one_by_one_before_the_comment_is_sent(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        first = post(client, opened(client), body=TEXT, add="files", files=[note("one")])
        second = post(client, again(first), add="files", files=[note("two")])

        assert (first.status_code, second.status_code) == (200, 200)
        assert comments(session) == []
        fields = again(second)
        shown = f"description-{fields['kept'][1]}"
        # The first one is taken out again, the second one is told in words.
        post(client, fields, kept=fields["kept"][1:], **{shown: " A  sign\nat the door "})
        (comment,) = comments(session)
        (kept,) = comment.attachments
        assert (kept.number, kept.digest, kept.description) == (1, _digest("two"), "A sign at the door")
        assert waiting(session) == []

    def test_asks_for_a_file_where_none_was_chosen(self, client: Client, period: CommentPeriod) -> None:
        answer = post(client, opened(client), body=TEXT, add="files")

        assert answer.status_code == 422
        assert "Choose the files first" in page(answer).text()

    def test_takes_five_and_says_so(self, client: Client, session: Session, period: CommentPeriod) -> None:
        answer = post(client, opened(client), body=TEXT, files=[note(str(n)) for n in range(6)])

        assert "A comment can have 5 files." in page(answer).text()
        assert len(waiting(session)) == 5

    def test_finds_them_again_at_the_address_of_the_form(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        address = page(client.get(FORM)).one(".//main//form").get("action", "")
        fields = page(client.get(address)).fields()
        client.post(
            address,
            data=fields | {"body": TEXT, "add": "files", "files": [note()]},
            content_type="multipart/form-data",
        )

        boxes = page(client.get(address)).all(".//input[@name='kept'][@checked]")

        assert [box.get("value") for box in boxes] == [_digest("hello")]

    def test_that_wait_no_more_says_so_and_keeps_the_text(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        fields = again(post(client, opened(client), body=TEXT, add="files", files=[note()]))
        session.execute(sa.delete(Upload))
        session.commit()

        answer = post(client, fields)

        assert answer.status_code == 409
        assert "is no longer here" in page(answer).text()
        assert (page(answer).field("body").text or "").strip() == TEXT
        assert comments(session) == []
        assert post(client, again(answer)).status_code == 303

    def test_to_a_period_that_is_closed_is_no_work(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        fields = opened(client)
        period.closes_at = utcnow() - timedelta(days=1)
        session.commit()

        assert post(client, fields, body=TEXT, files=[note()]).status_code == 409
        assert waiting(session) == []

    def test_does_not_hold_the_lock_that_others_wait_for(
        self, client: Client, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fields = opened(client)

        def slow(name: str, content: bytes) -> CleanFile:
            # Somebody else writes while the file is being cleaned.
            session.rollback()
            makers.comment(session, session.get_one(CommentPeriod, period.id), body="Meanwhile")
            session.commit()
            return CleanFile(FileKind.TEXT, content)

        monkeypatch.setattr("engage.comments.views.additions.clean", slow)

        assert post(client, fields, body=TEXT, files=[note()]).status_code == 303
        assert len(comments(session)) == 2

    @pytest.mark.parametrize(
        "name", ["<script>alert(1)</script>.exe", "../../etc/passwd", "<img src=x onerror=alert(1)>.svg"]
    )
    def test_with_a_hostile_name_runs_nothing(self, client: Client, period: CommentPeriod, name: str) -> None:
        answer = post(client, opened(client), body=TEXT, files=[file(b"\0\1", name)])

        assert answer.status_code == 422
        assert "<img src=x" not in answer.get_data(as_text=True)
        assert "alert(1)</script>" not in answer.get_data(as_text=True)

    def test_fills_no_disk(
        self, client: Client, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attach, "MOST_BYTES_WAITING", 10)

        answer = post(client, opened(client), body=TEXT, files=[note("more than ten bytes")])

        assert "Too many files wait" in page(answer).text()
        assert waiting(session) == []


def _digest(words: str) -> str:
    return CleanFile(FileKind.TEXT, f"{words}\n".encode()).digest


class TestFilesThatWait:
    def test_go_at_the_end_of_the_next_day(self, client: Client, session: Session) -> None:
        today = utcnow().date()
        file = CleanFile(FileKind.TEXT, b"hello\n")
        for token, day in (("a" * 64, today - timedelta(days=2)), ("b" * 64, today - timedelta(days=1))):
            service.keep_uploads(session, token, [file], day)
        session.commit()

        run_once(worker.HANDLERS)

        assert [upload.token for upload in waiting(session)] == ["b" * 64]

    def test_are_nobody_elses(self, client: Client, session: Session, period: CommentPeriod) -> None:
        service.keep_uploads(session, "a" * 64, [CleanFile(FileKind.TEXT, b"hello\n")], utcnow().date())
        session.commit()

        answer = post(client, opened(client), body=TEXT, kept=[_digest("hello")])

        assert answer.status_code == 409
        assert comments(session) == []


class TestReadingAFile:
    def test_is_a_download_in_which_nothing_runs(self, client: Client, session: Session) -> None:
        comment = posted(session)

        answer = client.get(f"/en/comments/{comment.tracking_number}/attachments/1")

        assert (answer.status_code, answer.data) == (200, b"hello\n")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        name = f"{comment.tracking_number}-attachment-1.txt"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "default-src 'none'" in policy

    @pytest.mark.parametrize(
        "disposition", [Disposition.RECEIVED, Disposition.RESTRICTED, Disposition.WITHDRAWN]
    )
    def test_is_not_possible_where_the_comment_cannot_be_read(
        self, client: Client, session: Session, disposition: Disposition
    ) -> None:
        is_restricted = disposition is Disposition.RESTRICTED
        reason = ModerationReason.SPAM if is_restricted else None
        comment = posted(session, disposition=disposition, restriction_reason=reason)

        answer = client.get(f"/en/comments/{comment.tracking_number}/attachments/1")
        unknown = client.get("/en/comments/aaa-aaaa-aaaa/attachments/1")

        assert (answer.status_code, unknown.status_code) == (404, 404)
        assert page(answer).text() == page(unknown).text()

    def test_is_not_possible_in_a_period_that_is_not_published(
        self, client: Client, session: Session, period: CommentPeriod
    ) -> None:
        comment = posted(session)
        session.execute(sa.update(CommentPeriod).values(published_at=None))
        session.commit()

        assert client.get(f"/en/comments/{comment.tracking_number}/attachments/1").status_code == 404

    def test_is_not_possible_where_a_moderator_keeps_it_back(self, client: Client, session: Session) -> None:
        comment = posted(session)
        reason = ModerationReason.DOXXING_PERSONAL_DATA
        restrict_attachment(session, comment, 1, None, utcnow(), reason)
        session.commit()

        shown = page(client.get(f"/en/comments/{comment.tracking_number}"))

        assert client.get(f"/en/comments/{comment.tracking_number}/attachments/1").status_code == 404
        assert "1 file of this comment is not posted." in shown.text()
        assert "Attachment 1" not in shown.links()

    @pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999999999999999999"])
    def test_of_another_number_is_not_possible(self, client: Client, session: Session, number: str) -> None:
        comment = posted(session)

        assert client.get(f"/en/comments/{comment.tracking_number}/attachments/{number}").status_code == 404

    def test_is_offered_on_the_page_of_the_comment(self, client: Client, session: Session) -> None:
        comment = posted(session)

        address = page(client.get(f"/en/comments/{comment.tracking_number}")).links()["Attachment 1"]

        assert client.get(address).data == b"hello\n"


def test_a_withdrawn_comment_leaves_no_file(session: Session) -> None:
    comment = posted(session)

    withdraw_comment(session, comment, None, utcnow())
    session.commit()

    assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
    assert attached.attachment_digests(comment) == []
