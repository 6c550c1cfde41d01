"""Receipts tell what has become of a comment, and never what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import Comment, Disposition, ModerationReason
from tests.support import makers
from tests.support.pages import Client, page

WORDS = "Unmistakable words about the jail"


@pytest.fixture
def comment(session: Session) -> Comment:
    """A comment that waits for a moderator."""
    period = makers.comment_period(session, slug="jail")
    comment = makers.comment(
        session,
        period,
        body=WORDS,
        name="Ana Ruiz",
        tracking_number="abc-def2-3456",
        disposition=Disposition.RECEIVED,
    )
    session.commit()
    return comment


def decide(
    session: Session, comment: Comment, disposition: Disposition, reason: ModerationReason | None = None
) -> None:
    comment.disposition, comment.restriction_reason = disposition, reason
    session.commit()


@pytest.mark.parametrize(
    ("disposition", "reason", "said"),
    [
        (Disposition.RECEIVED, None, "A moderator reads your comment"),
        (Disposition.POSTED, None, "Posted"),
        (Disposition.RESTRICTED, ModerationReason.SPAM, "Advertising"),
        (Disposition.RESTRICTED, ModerationReason.OFF_TOPIC, "nothing to do with the matter"),
        (Disposition.WITHDRAWN, None, "was withdrawn"),
    ],
)
def test_a_receipt_tells_the_state_in_words_and_nothing_of_the_comment(
    session: Session,
    client: Client,
    comment: Comment,
    disposition: Disposition,
    reason: ModerationReason | None,
    said: str,
) -> None:
    decide(session, comment, disposition, reason)

    receipt = client.get("/en/receipts/abc-def2-3456")

    assert said in page(receipt).text()
    assert "abc-def2-3456" in page(receipt).text(".//h1")
    for secret in (WORDS, "Ana Ruiz"):
        assert secret not in receipt.get_data(as_text=True)
    leads_to_comment = "/en/comments/abc-def2-3456" in page(receipt).links().values()
    assert leads_to_comment is (disposition is Disposition.POSTED)


@pytest.mark.parametrize("reason", ModerationReason)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_is_named_and_explained_as_in_the_log(
    session: Session, client: Client, comment: Comment, reason: ModerationReason, language: str
) -> None:
    decide(session, comment, Disposition.RESTRICTED, reason)

    receipt = page(client.get(f"/{language}/receipts/abc-def2-3456")).text()

    with force_locale(language):
        assert str(words.REASONS[reason]) in receipt
        assert str(words.RULES[reason]) in receipt
    log = page(client.get(f"/{language}/moderation")).text()
    with force_locale(language):
        assert str(words.RULES[reason]) in log


def test_a_posted_comment_of_a_hidden_period_is_not_linked(
    session: Session, client: Client, comment: Comment
) -> None:
    comment.period.published_at = utcnow() + timedelta(days=1)
    decide(session, comment, Disposition.POSTED)

    assert "/en/comments/abc-def2-3456" not in page(client.get("/en/receipts/abc-def2-3456")).links().values()


@pytest.mark.parametrize("typed", ["abc-def2-3456", "ABC DEF2 3456", " abcdef23456 ", "a.b.c-def2\t3456"])
def test_a_number_is_found_however_it_is_typed(client: Client, comment: Comment, typed: str) -> None:
    answer = client.send("/en/receipts", tracking_number=typed)

    assert (answer.status_code, answer.location) == (303, "/en/receipts/abc-def2-3456")


@pytest.mark.parametrize(
    "typed", ["", "abc", "abc-def2-3457", "'; --", "x" * 5000, "\x00", "ＡＢＣ-def2-3456"]
)
def test_a_number_that_is_none_is_given_back_with_what_to_do(
    client: Client, comment: Comment, typed: str
) -> None:
    answer = client.send("/en/receipts", tracking_number=typed)

    assert answer.status_code == 422
    assert page(answer).links(".//*[@class='errors']//a")
    assert page(answer).field("tracking_number").get("value", "") == typed.strip().replace("\x00", "")


def test_an_address_with_a_sloppy_number_leads_to_the_receipt(client: Client, comment: Comment) -> None:
    assert client.get("/en/receipts/ABCDEF23456").location == "/en/receipts/abc-def2-3456"


@pytest.mark.parametrize("number", ["abc-def2-3457", "x", "%00", "abc-def2-3456%00", "..%2f..", "a" * 3000])
def test_a_receipt_that_does_not_exist_is_not_found(client: Client, comment: Comment, number: str) -> None:
    assert client.get(f"/en/receipts/{number}").status_code in (301, 404)


def test_only_the_first_look_says_that_the_comment_has_just_come_and_clears_the_draft(
    session: Session, client: Client, comment: Comment
) -> None:
    receipt = client.send("/en/periods/jail/comment", body="New words").location

    first, second = page(client.get(receipt)), page(client.get(receipt))

    assert [one.get("data-draft-clear") for one in first.all(".//*[@data-draft-clear]")] == ["comment-jail"]
    assert second.all(".//*[@data-draft-clear]") == []
