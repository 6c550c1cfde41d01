"""A translation is made by a person, marked as one, and gone as soon as it is none of the comment's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, CommentAnalysis, CommentTranslation
from engage.comments.models.translation import digest_of_words
from engage.comments.service import NothingToTranslate, WordsChanged, translate_comment
from engage.moderation.service import withdraw_comment
from tests.support import makers
from tests.support.pages import Client, page

WORDS = "Tôi ủng hộ một cuộc họp công khai."


@pytest.fixture
def comment(session: Session) -> Comment:
    """A posted comment in Vietnamese."""
    comment = makers.comment(session, makers.comment_period(session), body=WORDS)
    comment.analysis = CommentAnalysis(
        analyser_version="1", language="vi", language_confidence=0.9, tone="not_scored",
        tone_reason="language", position_suggested="unclear",
    )  # fmt: skip
    session.commit()
    return comment


def translate(session: Session, comment: Comment, body: str = "I want a meeting.", of: str = WORDS) -> None:
    translate_comment(
        session,
        comment,
        language="en",
        body=body,
        of_digest=digest_of_words(of),
        translator=makers.user(session, RoleName.MODERATOR),
        today=utcnow().date(),
    )


def test_a_moderator_writes_it_and_everybody_reads_it_beside_the_original(
    client: Client, sign_in: Callable[..., Client], comment: Comment
) -> None:
    browser = sign_in(RoleName.MODERATOR)
    public = f"/en/comments/{comment.tracking_number}"
    before = page(client.get(public)).text()

    links = page(browser.get(f"/en/staff/comments/{comment.tracking_number}")).links()
    answer = browser.send(links["Translate this comment"], body="I am for a public meeting.")

    assert answer.status_code == 303
    after = page(client.get(public))
    assert "written in: Vietnamese. There is no translation." in before
    assert "Translation into English Made by a person of the staff" in after.text()
    assert after.text().index(WORDS) < after.text().index("I am for a public meeting.")
    assert [element.get("lang") for element in after.all(".//main//div[@lang]")] == ["vi", "en"]
    assert "no hay traducción" in page(client.get(f"/es/comments/{comment.tracking_number}")).text().lower()


def test_a_second_one_takes_the_place_of_the_first_and_an_empty_one_takes_it_away(
    session: Session, comment: Comment
) -> None:
    for body, left in (("One", ["One"]), ("Two", ["Two"]), ("", [])):
        translate(session, comment, body)

        assert list(session.scalars(sa.select(CommentTranslation.body))) == left


def test_it_is_not_shown_once_the_words_are_other_ones(
    session: Session, client: Client, comment: Comment
) -> None:
    translate(session, comment)
    comment.body = "Tôi ủng hộ ███."
    session.commit()

    assert "I want a meeting." not in page(client.get(f"/en/comments/{comment.tracking_number}")).text()


def test_it_is_refused_where_the_words_have_changed_under_the_translator(
    session: Session, comment: Comment
) -> None:
    with pytest.raises(WordsChanged):
        translate(session, comment, of="Other words")


def test_it_goes_with_a_withdrawn_comment(session: Session, comment: Comment) -> None:
    translate(session, comment)

    withdraw_comment(session, comment, None, utcnow())

    assert session.scalars(sa.select(CommentTranslation)).all() == []
    with pytest.raises(NothingToTranslate):
        translate(session, comment, of="")
