"""The fact desk: questions gathered from comments, answered once with a source, and led back to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.responses import question_queries
from engage.responses.models import Question, QuestionComment
from engage.responses.service import question as service
from engage.web.addresses import BadAddress
from engage.web.locale import site_day
from tests.responses.answering import ASKS, OFFICE, counted, raising, withheld
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
TEXT = Localised("Who pays?", "¿Quién paga?")
ANSWER = service.AnswerDraft(
    answer=Localised("The county.", "El condado."),
    source=Localised("Budget, page 4", "Presupuesto, página 4"),
    source_url="https://example.org/budget",
)


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = makers.docket(session)
    session.commit()
    return docket


@pytest.fixture
def comments(session: Session, docket: Docket) -> list[Comment]:
    """Two that ask something, on both sides."""
    period = makers.comment_period(session, docket=docket)
    made = [
        raising(session, period, ASKS, position=position, received_on=date(2026, 10, day))
        for position, day in (("support", 3), ("oppose", 5))
    ]
    counted(session)
    return made


def make(session: Session, docket: Docket, *comments: Comment, **fields: Any) -> Question:
    """A question with its answer drafted."""
    row = service.make_question(session, docket, text=TEXT, comments=comments)
    values: dict[str, Any] = {"text": TEXT, "owner": OFFICE, "answer": ANSWER}
    draft = service.QuestionDraft(**values | fields)
    service.save_question(session, row, draft, seen=service.mark_of(row), today=site_day(utcnow()))
    return row


def answered(session: Session, docket: Docket, *comments: Comment) -> Question:
    row = make(session, docket, *comments)
    service.answer_question(session, row, seen=service.mark_of(row), now=utcnow())
    session.commit()
    return row


def merge(session: Session, *, into: Question, other: Question) -> None:
    service.merge_questions(session, into=into, other=other, seen=service.mark_of(other))


def joined(session: Session) -> set[tuple[int, int]]:
    rows = session.execute(sa.select(QuestionComment.question_id, QuestionComment.comment_id))
    return {(row[0], row[1]) for row in rows}


class TestService:
    def test_joining_twice_is_joining_once(
        self, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        row = make(session, docket, comments[0])

        service.join_comments(session, row, comments)

        assert joined(session) == {(row.id, comment.id) for comment in comments}

    @pytest.mark.parametrize("lacking", ["answer", "source"])
    def test_an_answer_without_its_source_is_not_published(
        self, session: Session, docket: Docket, lacking: str
    ) -> None:
        answer = dataclasses.replace(ANSWER, **{lacking: Localised("Only English")})  # type: ignore[arg-type]
        row = make(session, docket, answer=answer)

        with pytest.raises(service.NotComplete) as refused:
            service.answer_question(session, row, seen=service.mark_of(row), now=utcnow())

        assert refused.value.fields == (f"{lacking}_es",)

    def test_only_what_was_read_is_published(self, session: Session, docket: Docket) -> None:
        row = make(session, docket)
        read = service.mark_of(row)
        draft = service.QuestionDraft(text=Localised("Other?", "¿Otra?"), owner=OFFICE, answer=ANSWER)
        service.save_question(session, row, draft, seen=read, today=site_day(utcnow()))

        for publish in (service.ask, service.answer_question):
            with pytest.raises(service.NotAsRead):
                publish(session, row, seen=read, now=utcnow())

    def test_the_words_of_a_question_that_residents_read_stay(self, session: Session, docket: Docket) -> None:
        row = make(session, docket, due_on=site_day(utcnow()))
        service.ask(session, row, seen=service.mark_of(row), now=utcnow())
        other = service.QuestionDraft(text=Localised("Other?", "¿Otra?"), owner=OFFICE)

        with pytest.raises(service.AlreadyAsked):
            service.save_question(session, row, other, seen=service.mark_of(row), today=site_day(utcnow()))
        with pytest.raises(service.AlreadyAsked):
            service.delete_question(session, row, seen=service.mark_of(row))
        dayless = service.QuestionDraft(text=TEXT, owner=OFFICE)
        with pytest.raises(service.PastDay):
            service.save_question(session, row, dayless, seen=service.mark_of(row), today=site_day(utcnow()))

    def test_an_answer_is_corrected_in_public_and_not_in_silence(
        self, session: Session, docket: Docket
    ) -> None:
        row = answered(session, docket)
        first = row.answered_at
        draft = service.QuestionDraft(text=TEXT, owner=OFFICE)
        with pytest.raises(service.AlreadyAnswered):
            service.save_question(session, row, draft, seen=service.mark_of(row), today=site_day(utcnow()))
        later = utcnow() + timedelta(1)
        better = service.AnswerDraft(answer=Localised("The state.", "El estado."), source=ANSWER.source)

        service.correct_answer(session, row, better, seen=service.mark_of(row), now=later)

        assert (row.first_answered_at, row.answered_at, row.answer.en) == (first, later, "The state.")

    def test_what_residents_read_keeps_in_both_languages_who_answers(
        self, session: Session, docket: Docket
    ) -> None:
        row = make(session, docket)
        service.ask(session, row, seen=service.mark_of(row), now=utcnow())

        for owner, lacking in ((Localised("Clerk"), ("owner_es",)), (Localised(), ("owner_en", "owner_es"))):
            draft = service.QuestionDraft(text=TEXT, owner=owner, answer=ANSWER)
            with pytest.raises(service.NotComplete) as refused:
                service.save_question(
                    session, row, draft, seen=service.mark_of(row), today=site_day(utcnow())
                )
            assert refused.value.fields == lacking

    def test_a_correction_that_corrects_nothing_is_not_told(self, session: Session, docket: Docket) -> None:
        row = answered(session, docket)
        first = row.answered_at

        with pytest.raises(service.NothingNew):
            service.correct_answer(
                session, row, ANSWER, seen=service.mark_of(row), now=utcnow() + timedelta(1)
            )

        assert row.answered_at == first

    def test_what_somebody_has_written_meanwhile_is_not_thrown_away(
        self, session: Session, docket: Docket
    ) -> None:
        row, other = make(session, docket, answer=service.AnswerDraft()), make(session, docket)
        read = service.mark_of(row)
        written = service.QuestionDraft(text=TEXT, owner=OFFICE, answer=ANSWER)
        service.save_question(session, row, written, seen=read, today=site_day(utcnow()))

        with pytest.raises(service.NotAsRead):
            service.merge_questions(session, into=other, other=row, seen=read)
        with pytest.raises(service.NotAsRead):
            service.delete_question(session, row, seen=read)

    def test_what_somebody_has_thrown_away_meanwhile_is_not_there(
        self, session: Session, docket: Docket
    ) -> None:
        row = make(session, docket)
        read = service.mark_of(row)
        session.commit()
        with Session(session.get_bind()) as colleague:
            service.delete_question(colleague, colleague.get_one(Question, row.id), seen=read)
            colleague.commit()

        for late in (service.delete_question, service.answer_question):
            given = {} if late is service.delete_question else {"now": utcnow()}
            with pytest.raises(NotFound):
                late(session, row, seen=read, **given)

    def test_merging_keeps_every_comment_and_nothing_that_residents_read_is_lost(
        self, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        public, hidden = answered(session, docket, comments[0]), make(session, docket, *comments)
        with pytest.raises(service.CannotMerge):
            merge(session, into=hidden, other=public)
        with pytest.raises(service.CannotMerge):
            merge(session, into=public, other=public)

        merge(session, into=public, other=hidden)
        session.commit()

        assert joined(session) == {(public.id, comment.id) for comment in comments}
        assert session.scalars(sa.select(Question.id)).all() == [public.id]

    def test_a_day_that_was_promised_is_not_lost_when_questions_are_merged(
        self, session: Session, docket: Docket
    ) -> None:
        today = site_day(utcnow())
        late, later = (make(session, docket, due_on=today + timedelta(days)) for days in (1, 9))
        for row in (late, later):
            service.ask(session, row, seen=service.mark_of(row), now=utcnow())

        merge(session, into=later, other=late)

        assert (later.first_due_on, later.due_on) == (today + timedelta(1), today + timedelta(1))

    def test_no_answer_is_promised_for_a_day_that_is_over(self, session: Session, docket: Docket) -> None:
        row = make(session, docket, due_on=site_day(utcnow()))

        with pytest.raises(service.PastDay):
            service.ask(session, row, seen=service.mark_of(row), now=utcnow() + timedelta(2))

    def test_questions_of_two_dockets_are_not_merged(self, session: Session, docket: Docket) -> None:
        with pytest.raises(service.CannotMerge):
            merge(session, into=make(session, docket), other=make(session, makers.docket(session)))


class TestPublic:
    def test_a_question_is_answered_with_its_source_and_the_comments_that_ask_it(
        self, client: Client, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        row = answered(session, docket, *comments)

        shown = page(client.get(f"/en/dockets/{docket.slug}/questions"))

        assert "The county." in shown.text(".//article")
        links = shown.links(".//article//a")
        assert links["Budget, page 4"] == "https://example.org/budget"
        listed = page(client.get(links["2 comments ask this"]))
        assert [comment.tracking_number in listed.text() for comment in comments] == [True, True]
        for path in ("comments", "receipts"):
            back = page(client.get(f"/es/{path}/{comments[0].tracking_number}")).links()
            assert back["¿Quién paga?"].endswith(f"/questions?at={row.id}#question-{row.id}")
        assert "1 asked, 1 answered with a source" in page(client.get(f"/en/dockets/{docket.slug}")).text()

    def test_drafts_and_their_answers_are_nowhere(
        self, client: Client, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        hidden = make(session, docket, *comments)
        asked = make(session, docket, text=Localised("Asked?", "¿Preguntado?"))
        service.ask(session, asked, seen=service.mark_of(asked), now=utcnow())
        session.commit()

        text = client.get(f"/en/dockets/{docket.slug}/questions").get_data(as_text=True)

        assert "Asked?" in text
        for secret in ("Who pays?", "The county.", "Budget"):
            assert secret not in text
        assert client.get(f"/en/dockets/{docket.slug}/questions/{hidden.id}/comments").status_code == 404
        assert "Who pays?" not in page(client.get(f"/en/comments/{comments[0].tracking_number}")).text()

    def test_a_comment_that_is_taken_back_is_neither_counted_nor_listed(
        self, client: Client, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        row = answered(session, docket, *comments)
        withheld(comments[0])
        session.commit()

        shown = page(client.get(f"/en/dockets/{docket.slug}/questions"))
        listed = page(client.get(f"/en/dockets/{docket.slug}/questions/{row.id}/comments"))

        assert "1 comment asks this" in shown.text()
        assert comments[0].tracking_number not in listed.text()
        assert "Who pays?" not in page(client.get(f"/en/receipts/{comments[0].tracking_number}")).text()

    def test_overdue_ones_come_first_and_say_for_how_long(
        self, client: Client, session: Session, docket: Docket
    ) -> None:
        answered(session, docket)
        late = make(session, docket, text=Localised("Late?", "¿Tarde?"))
        service.ask(session, late, seen=service.mark_of(late), now=utcnow())
        late.due_on = late.first_due_on = site_day(utcnow()) - timedelta(4)
        session.commit()

        shown = page(client.get(f"/en/dockets/{docket.slug}/questions"))

        assert ["".join(h.itertext()) for h in shown.all(".//article/h2")] == ["Late?", "Who pays?"]
        assert "4 days overdue" in shown.text(".//article")


class TestStaff:
    def test_an_official_gathers_answers_publishes_and_corrects(
        self, client: Client, sign_in: SignIn, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        desk, public = f"/en/staff/dockets/{docket.slug}", f"/en/dockets/{docket.slug}/questions"
        gathering = page(official.get(f"{desk}/gather-questions"))
        boxes = [box.get("value") for box in gathering.all(".//input[@name='comment']")]
        assert boxes == [comments[1].tracking_number, comments[0].tracking_number]
        none = official.send(f"{desk}/gather-questions", text_en="Who pays?")
        assert none.status_code == 422

        made = official.send(
            f"{desk}/gather-questions", text_en="Who pays?", text_es="¿Quién paga?", comment=boxes
        )
        assert made.status_code == 303
        assert "No comment asks" in page(official.get(f"{desk}/gather-questions")).text()
        assert "In question" in page(official.get(f"{desk}/gather-questions?show=all")).text()
        typed = {
            "answer_en": "The county.", "answer_es": "El condado.", "source_en": "Budget",
            "source_es": "Presupuesto", "source_url": "https://example.org/b", "owner_en": "Manager",
            "owner_es": "Administración",
        }  # fmt: skip
        assert "Preview" in page(official.send(made.location, **typed, action="preview")).text()
        assert official.send(made.location, **typed, action="save").status_code == 303
        assert "The county." not in client.get(public).get_data(as_text=True)
        assert official.send(f"{made.location}/publish", what="answer").status_code == 303
        assert "The county." in page(client.get(public)).text()

        lacking = official.send(made.location, answer_es="", action="save")
        assert lacking.status_code == 422
        assert official.send(made.location, answer_en="The state.", action="save").status_code == 303
        assert "The state." in page(client.get(public)).text()
        assert "corrected on" in page(client.get(public)).text()

    def test_only_posted_comments_of_the_docket_can_be_gathered(
        self, sign_in: SignIn, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        """Case 35: what is asked for by number is looked up among what may be seen here."""
        elsewhere = raising(session, makers.comment_period(session), ASKS)
        withheld(comments[0])
        session.commit()
        chosen = [elsewhere.tracking_number, comments[0].tracking_number, "nothing"]

        refused = sign_in(RoleName.OFFICIAL).send(
            f"/en/staff/dockets/{docket.slug}/gather-questions", text_en="Mine?", comment=chosen
        )

        assert refused.status_code == 422
        assert joined(session) == set()

    def test_a_comment_leaves_and_a_question_goes_into_another(
        self, sign_in: SignIn, session: Session, docket: Docket, comments: list[Comment]
    ) -> None:
        first, second = make(session, docket, *comments), make(session, docket)
        session.commit()
        official = sign_in(RoleName.OFFICIAL)
        desk = f"/en/staff/dockets/{docket.slug}/questions"
        token = official.csrf_token()

        official.post(
            f"{desk}/{first.id}/leave", data={"csrf_token": token, "comment": comments[0].tracking_number}
        )
        read = service.mark_of(first)
        merged = official.post(
            f"{desk}/{first.id}/merge", data={"csrf_token": token, "into": second.id, "seen": read}
        )

        assert merged.status_code == 303
        session.rollback()
        assert joined(session) == {(second.id, comments[1].id)}
        blind = official.post(f"{desk}/{second.id}/delete", data={"csrf_token": token})
        assert blind.status_code == 409
        (button,) = page(official.get(f"{desk}/{second.id}")).all(".//button[@name='seen']")
        gone = official.post(
            f"{desk}/{second.id}/delete", data={"csrf_token": token, "seen": button.get("value")}
        )
        assert gone.status_code == 303
        session.rollback()
        assert question_queries.staff_questions(session, docket, utcnow()) == []

    @pytest.mark.parametrize(
        "address",
        ["javascript:alert(1)", "https://me:secret@example.org", "https://example.org/" + "a" * 400],
    )
    def test_a_source_is_an_address_on_the_web(
        self, sign_in: SignIn, session: Session, docket: Docket, address: str
    ) -> None:
        row = make(session, docket)
        session.commit()

        refused = sign_in(RoleName.OFFICIAL).send(
            f"/en/staff/dockets/{docket.slug}/questions/{row.id}", source_url=address, action="save"
        )

        assert refused.status_code == 422
        with pytest.raises(BadAddress):
            service.save_question(
                session,
                row,
                service.QuestionDraft(text=row.text, answer=service.AnswerDraft(source_url=address)),
                seen=service.mark_of(row),
                today=site_day(utcnow()),
            )

    def test_a_question_of_another_docket_is_not_there(
        self, sign_in: SignIn, session: Session, docket: Docket
    ) -> None:
        row = make(session, makers.docket(session))
        session.commit()
        official = sign_in(RoleName.OFFICIAL)

        path = f"/en/staff/dockets/{docket.slug}/questions/{row.id}"
        assert official.get(path).status_code == 404
        for act in ("merge", "leave", "delete"):
            sent = official.post(f"{path}/{act}", data={"csrf_token": official.csrf_token()})
            assert sent.status_code == 404
