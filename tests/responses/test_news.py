"""Told if they asked: followers of a period and docket, and those who follow their own comment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.db.types import Localised
from engage.follows.service.find_answers import find_answers
from engage.follows.tokens import Wish, comment_key
from engage.mail.sealed import Content
from engage.responses import queries
from engage.responses.models import CommitmentState
from engage.responses.service import commitment, question
from engage.web.news import DOCKET, PERIOD, Subject, happenings
from tests.follows.conftest import Follow, follow, mails, wish
from tests.responses.answering import COST, OFFICE, SAFETY, counted, publish_all, raising, save, withheld
from tests.support import makers
from tests.support.signing import outbox

__all__ = ["follow", "mails"]

Mails = Callable[[], list[Content]]
ANA = "ana@example.org"


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    period = makers.comment_period(session, title=makers.both("The 287(g) agreement"))
    session.commit()
    return period


def own(app: Flask, comment: Comment) -> Wish:
    with app.app_context():
        return Wish("comment", comment_key(comment.id))


def publish(session: Session, period: CommentPeriod, *concerns: str) -> None:
    now = utcnow()
    for concern in concerns:
        text = Localised(f"Answer {now.isoformat()}", "Respuesta")
        save(session, period, concern, today=queries.today_of(period, now), body=text)
    publish_all(session, period, now)
    session.commit()


def told_of_own(app: Flask) -> list[Content]:
    with app.app_context():
        find_answers()
    return outbox(app)


def test_answers_that_went_out_together_are_one_piece_of_news(
    app: Flask, session: Session, period: CommentPeriod, follow: Follow, mails: Mails
) -> None:
    follow(ANA, wish(Subject(PERIOD, str(period.id))), wish(Subject(DOCKET, str(period.docket_id))))
    publish(session, period, COST, SAFETY)

    (mail,) = mails()

    assert mail.body.count("The county answered 2 concerns of the comments.") == 1
    assert f"/en/periods/{period.slug}/answers" in mail.body
    assert len(mails()) == 1


def test_drafts_are_no_news(session: Session, period: CommentPeriod, follow: Follow, mails: Mails) -> None:
    follow(ANA, wish(Subject(PERIOD, str(period.id))), wish(Subject(DOCKET, str(period.docket_id))))
    save(session, period, COST, today=queries.today_of(period, utcnow()))
    title = Localised("Secret", "Secreto")
    commitment.create_commitment(session, period.docket, commitment.CommitmentDraft(title=title))
    question.make_question(session, period.docket, text=title)
    session.commit()
    now = utcnow()

    assert "Secret" not in "".join(mail.body for mail in mails())
    texts = [one.tell("en").text for one in happenings(session, now - timedelta(9), now)]
    assert "Secret" not in "".join(texts)
    assert not [text for text in texts if "answered" in text]


def test_promises_steps_and_answered_questions_are_told_to_who_follows_the_docket(
    session: Session, period: CommentPeriod, follow: Follow, mails: Mails
) -> None:
    follow(ANA, wish(Subject(DOCKET, str(period.docket_id))), language="es")
    now, title = utcnow(), Localised("Count calls", "Contar llamadas")
    today = queries.today_of(period, now)
    made = commitment.create_commitment(
        session,
        period.docket,
        commitment.CommitmentDraft(title=title, body=title, owner=OFFICE, due_on=today + timedelta(9)),
    )
    commitment.publish_commitment(session, made, seen=commitment.mark_of(made), today=today, now=now)
    step = commitment.StepDraft(state=CommitmentState.DONE, note=title)
    commitment.add_step(session, made, step, today=today, now=now)
    asked = question.make_question(session, period.docket, text=Localised("Who?", "¿Quién?"))
    text = Localised("We.", "Nosotros.")
    draft = question.QuestionDraft(
        text=asked.text, owner=OFFICE, answer=question.AnswerDraft(answer=text, source=text)
    )
    question.save_question(session, asked, draft, seen=question.mark_of(asked), today=today)
    question.answer_question(session, asked, seen=question.mark_of(asked), now=now)
    session.commit()

    (mail,) = mails()

    assert "El condado adquirió un compromiso: Contar llamadas" in mail.body
    assert "cuánto ha avanzado un compromiso: Contar llamadas" in mail.body
    assert "El condado respondió una pregunta, con su fuente: ¿Quién?" in mail.body


class TestOwnComment:
    def test_who_raised_the_concern_is_told_once_and_nobody_else(
        self, app: Flask, session: Session, period: CommentPeriod, follow: Follow
    ) -> None:
        mine, second = raising(session, period, COST, SAFETY), raising(session, period, COST)
        other = raising(session, period, SAFETY)
        counted(session)
        follow(ANA, own(app, mine), own(app, second))
        follow("ben@example.org", own(app, other))
        publish(session, period, COST)

        assert [mail.recipient for mail in told_of_own(app)] == [ANA]
        assert len(told_of_own(app)) == 1

        publish(session, period, SAFETY)
        assert sorted(mail.recipient for mail in told_of_own(app)) == [ANA, ANA, "ben@example.org"]

    @pytest.mark.parametrize("is_discreet", [True, False])
    def test_the_mail_names_neither_comment_nor_concern_nor_topic(
        self, app: Flask, session: Session, period: CommentPeriod, follow: Follow, *, is_discreet: bool
    ) -> None:
        comment = raising(session, period, COST, body="Marked words.", position="oppose")
        counted(session)
        follow(ANA, own(app, comment), is_discreet=is_discreet)
        publish(session, period, COST)

        (mail,) = told_of_own(app)

        whole = f"{mail.subject} {mail.body} {mail.headers}".lower()
        for word in ("marked", "oppose", "287", "cost", "answer", period.slug, comment.tracking_number):
            assert word.lower() not in whole

    def test_nobody_is_told_before_moderation(
        self, app: Flask, session: Session, period: CommentPeriod, follow: Follow
    ) -> None:
        comment = raising(session, period, COST)
        withheld(comment)
        counted(session)
        follow(ANA, own(app, comment))
        publish(session, period, COST)

        assert told_of_own(app) == []

    def test_who_asked_is_told_when_the_question_is_answered(
        self, app: Flask, session: Session, period: CommentPeriod, follow: Follow
    ) -> None:
        mine = raising(session, period)
        counted(session)
        follow(ANA, own(app, mine))
        text = Localised("Who?", "¿Quién?")
        asked = question.make_question(session, period.docket, text=text, comments=[mine])
        draft = question.QuestionDraft(
            text=text, owner=OFFICE, answer=question.AnswerDraft(answer=text, source=text)
        )
        today = queries.today_of(period, utcnow())
        question.save_question(session, asked, draft, seen=question.mark_of(asked), today=today)
        question.ask(session, asked, seen=question.mark_of(asked), now=utcnow())
        session.commit()
        assert told_of_own(app) == []

        question.answer_question(session, asked, seen=question.mark_of(asked), now=utcnow())
        session.commit()

        assert [mail.recipient for mail in told_of_own(app)] == [ANA]

    def test_a_crash_between_the_mails_and_the_note_of_them_tells_nobody_twice(
        self,
        app: Flask,
        session: Session,
        period: CommentPeriod,
        follow: Follow,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from engage.follows.service import find
        from engage.follows.service import find_answers as module

        comments = [raising(session, period, COST) for _number in range(5)]
        counted(session)
        for number, comment in enumerate(comments):
            follow(f"person{number}@example.org", own(app, comment))
        publish(session, period, COST)
        monkeypatch.setattr(module, "_AT_ONCE", 2)
        mail = find.mail_comment_news
        calls: list[Any] = []

        def failing(*arguments: Any) -> None:
            calls.append(arguments)
            if len(calls) == 4:
                raise OSError("the worker was killed")
            mail(*arguments)

        monkeypatch.setattr(module, "mail_comment_news", failing)
        with pytest.raises(OSError, match="killed"):
            told_of_own(app)
        monkeypatch.setattr(module, "mail_comment_news", mail)

        assert sorted(one.recipient for one in told_of_own(app)) == [
            f"person{number}@example.org" for number in range(5)
        ]
