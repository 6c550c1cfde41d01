"""Redaction: the rest stays readable, the original sealed, and nothing remembers what went (case 37)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import worker
from engage.accounts.models import RoleName, User
from engage.comments.models import Comment, CommentPeriod, CommentSearch, Disposition
from engage.comments.redacted import RedactionKind
from engage.comments.spans import Span, found_in
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.jobs.scrub import scrub
from engage.labelling.models import DrawnComment
from engage.labelling.service import draw_sample
from engage.models import Base
from engage.moderation import chain, service
from engage.moderation.models import LogReason, ModerationEvent, SealedKey, SealedOriginal
from engage.moderation.service.seal import open_original
from engage.sealing import CannotOpen
from engage.themes.models import Quote
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

NUMBER = "970-555-0142"
NAME = "Xiomara Quetzalcoatl"
BODY = (
    f"I worry about what this agreement would do to my neighbor {NAME}, who has lived here for years and "
    f"works hard. Call me at {NUMBER} to hear why I oppose it. The jail is full; the deputies are tired."
)
SignIn = Callable[..., Client]


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


@pytest.fixture
def moderator(session: Session) -> User:
    return makers.user(session, RoleName.MODERATOR)


def redact(session: Session, comment: Comment, moderator: User, *words: str) -> ModerationEvent:
    spans = [
        Span(comment.body.index(each), comment.body.index(each) + len(each), RedactionKind.PERSON_NAME)
        for each in words
    ]
    return service.redact_comment(
        session,
        comment,
        spans or found_in(comment.body),
        moderator,
        NOON,
        LogReason.OWN_PERSONAL_DATA,
        version=service.version_of(comment),
    )


class TestRedact:
    def test_takes_out_what_was_chosen_and_nothing_else(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)

        event = redact(session, comment, moderator, NUMBER)

        assert comment.body == BODY.replace(NUMBER, "⟦person_name⟧")
        assert comment.is_redacted
        assert comment.is_public
        assert comment.analysis_due
        assert comment.count_due
        assert (event.action, event.reason, event.actor_id) == ("redact", "own_personal_data", moderator.id)

    def test_can_go_on_from_the_text_that_is_redacted_already(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        redact(session, comment, moderator, NUMBER)

        redact(session, comment, moderator, NAME)

        assert comment.body == BODY.replace(NUMBER, "⟦person_name⟧").replace(NAME, "⟦person_name⟧")
        assert open_original(session, comment) == BODY
        assert len(service.redactions_of(session, comment)) == 2

    def test_never_hits_another_text_than_the_one_that_was_looked_at(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        seen = service.version_of(comment)
        redact(session, comment, moderator, NUMBER)

        with pytest.raises(service.WrongState):
            service.redact_comment(
                session,
                comment,
                [Span(0, 3, RedactionKind.LINK)],
                moderator,
                NOON,
                LogReason.TRUE_THREAT,
                version=seen,
            )

    @pytest.mark.parametrize(
        "spans", [[], [Span(-4, 2, RedactionKind.LINK)], [Span(5, 9_999, RedactionKind.LINK)]]
    )
    def test_needs_a_stretch_of_the_text(
        self, session: Session, period: CommentPeriod, moderator: User, spans: list[Span]
    ) -> None:
        comment = makers.comment(session, period, body=BODY)

        with pytest.raises(service.NothingChosen):
            service.redact_comment(
                session,
                comment,
                spans,
                moderator,
                NOON,
                LogReason.TRUE_THREAT,
                version=service.version_of(comment),
            )

        assert session.get(SealedOriginal, comment.id) is None

    def test_is_no_way_for_one_person_to_hide_a_comment(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)

        with pytest.raises(service.TooMuch):
            redact(session, comment, moderator, BODY[: len(BODY) * 2 // 3])

        assert comment.body == BODY

    def test_of_personal_data_alone_is_never_too_much(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=f"Call {NUMBER}")

        redact(session, comment, moderator)

        assert comment.body == "Call ⟦phone⟧"

    def test_of_a_comment_that_waits_lets_it_wait(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY, disposition=Disposition.RECEIVED)

        redact(session, comment, moderator, NUMBER)

        assert comment.disposition is Disposition.RECEIVED

    def test_of_a_withdrawn_comment_is_refused(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        version = service.version_of(comment)
        service.withdraw_comment(session, comment, None, NOON)

        with pytest.raises(service.WrongState):
            service.redact_comment(
                session,
                comment,
                [Span(0, 3, RedactionKind.LINK)],
                moderator,
                NOON,
                LogReason.TRUE_THREAT,
                version=version,
            )


class TestSealed:
    def test_the_original_opens_only_with_the_key_of_its_own_comment(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        first, second = (makers.comment(session, period, body=BODY) for _ in range(2))
        for comment in (first, second):
            redact(session, comment, moderator, NUMBER)

        session.get_one(SealedKey, first.id).sealed = session.get_one(SealedKey, second.id).sealed
        session.flush()

        with pytest.raises(CannotOpen):
            open_original(session, first)

    def test_withdrawing_destroys_the_key_the_original_and_the_places(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        redact(session, comment, moderator, NUMBER)

        service.withdraw_comment(session, comment, None, NOON)

        assert session.scalars(sa.select(SealedKey)).all() == []
        assert session.scalars(sa.select(SealedOriginal)).all() == []
        assert service.redactions_of(session, comment) == []
        assert not comment.is_redacted

    def test_a_stretch_can_be_shown_again(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        redact(session, comment, moderator, NUMBER, NAME)
        by_place = service.redactions_of(session, comment)

        service.restore_redaction(session, comment, by_place[0].id, moderator, NOON)

        assert comment.body == BODY.replace(NUMBER, "⟦person_name⟧")

    def test_with_the_last_one_nothing_stays_sealed(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        digest = comment.body_digest
        redact(session, comment, moderator, NUMBER)
        (only,) = service.redactions_of(session, comment)

        service.restore_redaction(session, comment, only.id, moderator, NOON)

        assert (comment.body, comment.body_digest, comment.is_redacted) == (BODY, digest, False)
        assert session.scalars(sa.select(SealedKey)).all() == []

    def test_reading_the_original_is_a_line_of_the_log_that_names_no_comment(
        self, session: Session, client: Client, period: CommentPeriod, moderator: User
    ) -> None:
        comment = makers.comment(session, period, body=BODY)
        redact(session, comment, moderator, NUMBER)

        text = service.read_original(session, comment, moderator, NOON, LogReason.LEGAL_REQUEST)
        session.commit()

        assert text == BODY
        assert chain.verify_chain(session).holds
        rows = [
            " ".join(" ".join(row.itertext()).split())
            for row in page(client.get("/en/moderation")).all(".//tr")
        ]
        assert any("Parts redacted" in row and comment.tracking_number in row for row in rows)
        (read,) = [row for row in rows if "Original read by a moderator: A court" in row and "Period" in row]
        assert comment.tracking_number not in read


def everything_kept(app: Flask) -> str:
    """All rows of all tables, and on SQLite the bytes of the database and of its log."""
    with app.app_context(), db.engine.connect() as connection:
        rows = [
            repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]
        url = connection.engine.url
    files: list[Path] = []
    if url.get_backend_name() == "sqlite":
        with app.app_context():
            assert scrub()
        files += Path(str(url.database)).parent.glob("engage.sqlite*")
        assert files
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


def test_nothing_remembers_what_was_redacted(
    app: Flask, session: Session, client: Client, period: CommentPeriod, moderator: User
) -> None:
    comment = makers.comment(session, period, body=BODY)
    digest = comment.body_digest
    session.commit()
    run_once(worker.HANDLERS)
    session.add(
        Quote(period_id=period.id, place=1, comment_id=comment.id, body_digest=digest, start=0, stop=30)
    )
    draw_sample(session, period, size=10, now=NOON)
    session.commit()
    slug, number = period.slug, comment.tracking_number
    pages = [
        f"/en/comments/{number}",
        f"/en/periods/{slug}/comments",
        f"/en/periods/{slug}/comments?words=quetzalcoatl",
        f"/en/reports/{slug}",
        f"/en/reports/{slug}.json",
        f"/en/reports/{slug}.csv",
        f"/en/reports/{slug}/texts",
        f"/en/receipts/{number}",
        "/en/moderation",
        "/en/moderation.csv",
    ]
    before = "".join(client.get(url).text for url in pages)
    assert NUMBER in before
    assert "Quetzalcoatl" in before

    session.refresh(comment)
    redact(session, comment, moderator, NUMBER, NAME)
    session.commit()
    at_once = "".join(client.get(url).text for url in pages)
    run_once(worker.HANDLERS)
    session.close()

    after = at_once + "".join(client.get(url).text for url in pages)
    kept = everything_kept(app)
    for word in (NUMBER, "5550142", "Xiomara", "xiomara", "Quetzalcoatl", "quetzalcoatl"):
        # What the reader has typed into the search box is given back.
        assert word not in after.replace("quetzalcoatl", "") or word == "quetzalcoatl"
        assert word not in kept
    assert digest not in kept
    assert "The jail is full" in kept
    assert "[redacted: name of a person]" in after
    with db.sessionmaker() as fresh:
        assert fresh.scalars(sa.select(CommentSearch.words)).one().find("person_name") == -1
        assert fresh.scalars(sa.select(DrawnComment)).all()


class TestPage:
    @pytest.fixture
    def comment(self, session: Session, period: CommentPeriod) -> Comment:
        row = makers.comment(session, period, body=BODY)
        session.commit()
        return row

    def url(self, comment: Comment) -> str:
        return f"/en/staff/comments/{comment.tracking_number}/redact"

    def test_found_ones_are_ticked_and_words_are_typed(
        self, session: Session, sign_in: SignIn, comment: Comment
    ) -> None:
        browser = sign_in(RoleName.MODERATOR)
        (found,) = [
            box.get("value") for box in page(browser.get(self.url(comment))).all(".//input[@name='span']")
            if (box.get("value") or "").endswith("phone")
        ]  # fmt: skip

        answer = browser.send(
            self.url(comment),
            span=found,
            words=NAME.upper(),
            kind="person_name",
            reason="others_personal_data",
        )

        session.expire_all()
        assert answer.status_code == 303
        assert comment.body == BODY.replace(NUMBER, "⟦phone⟧").replace(NAME, "⟦person_name⟧")
        for language, said in (
            ("en", "[redacted: telephone number]"),
            ("es", "[tachado: número de teléfono]"),
        ):
            text = page(browser.get(f"/{language}/comments/{comment.tracking_number}")).text()
            assert said in text

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"reason": ""}, "Choose the reason for redacting."),
            ({"words": "nowhere to be seen"}, "Not in the text: nowhere to be seen"),
            ({"span": "1-2-opinion"}, "One of these stretches is not in the text."),
            ({"span": "x"}, "One of these stretches is not in the text."),
            ({}, "Choose at least one stretch of the text."),
        ],
    )
    def test_says_what_is_missing(
        self, session: Session, sign_in: SignIn, comment: Comment, typed: dict[str, str], told: str
    ) -> None:
        answer = sign_in(RoleName.MODERATOR).send(self.url(comment), **{"reason": "true_threat"} | typed)

        session.expire_all()
        assert answer.status_code == 422
        assert told in page(answer).text()
        assert comment.body == BODY

    def test_shows_the_original_only_to_who_gave_the_password_just_now_and_says_what_for(
        self, session: Session, sign_in: SignIn, comment: Comment, moderator: User
    ) -> None:
        redact(session, comment, moderator, NUMBER)
        session.commit()
        browser = sign_in(RoleName.MODERATOR)
        url = f"/en/staff/comments/{comment.tracking_number}/original"

        assert NUMBER not in browser.get(url).text
        refused = browser.send(url)
        assert refused.status_code == 422
        assert NUMBER not in refused.text
        assert NUMBER in page(browser.send(url, reason="check_redaction")).text()
        with browser.session_transaction() as cookie:
            cookie["fs_paa"] = 0
        assert browser.get(url).status_code == 303
        actions = session.scalars(sa.select(ModerationEvent.action).order_by(ModerationEvent.id)).all()
        assert actions == ["redact", "open_original"]

    def test_makes_a_stretch_readable_again(
        self, session: Session, sign_in: SignIn, comment: Comment, moderator: User
    ) -> None:
        redact(session, comment, moderator, NUMBER)
        session.commit()
        browser = sign_in(RoleName.MODERATOR)

        answer = browser.send(self.url(comment), form=".//main//ul//form")

        session.expire_all()
        assert answer.status_code == 303
        assert comment.body == BODY
