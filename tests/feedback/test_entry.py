"""What came on paper is typed in as it stands, once, and nothing says who typed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.db.base import Base
from engage.demo.forms import definition
from engage.feedback.codes import Boxed, code_index, code_of, unseal
from engage.feedback.models import BoxedAnswer, Channel, Entry, FeedbackForm, FormTicket
from engage.feedback.service.publish import publish_version
from engage.feedback.typed_in import read_sheet
from engage.intake import service as intake
from engage.survey.answers import Problem
from tests.support.makers import (
    comment_period,
    docket,
    feedback_form,
    questionnaire,
    response,
    user,
)
from tests.support.pages import Client, page

SignIn = Callable[..., Client]


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    made = feedback_form(session)
    session.commit()
    return made


def screen(form: FeedbackForm, language: str = "en") -> str:
    return f"/{language}/staff/forms/{form.slug}/enter"


def box(session: Session) -> list[Boxed]:
    session.rollback()  # What another transaction wrote meanwhile is seen only by a new one.
    return [unseal(one.sealed, version_id=one.version_id) for one in session.scalars(sa.select(BoxedAnswer))]


class TestReadingASheet:
    def test_what_fits_is_kept_and_what_is_missing_is_said(self) -> None:
        read = read_sheet(questionnaire(), {"area": "north"})

        assert read.answers == {"area": "north"}
        assert read.unfinished == {"trust": Problem.MISSING}
        assert not read.is_plain

    def test_what_does_not_fit_is_left_out_and_so_is_what_hangs_on_it(self) -> None:
        read = read_sheet(questionnaire(), {"trust": "maybe", "why": "Because.", "area": "north"})

        assert read.answers == {"area": "north"}
        assert read.unfit == {"trust": Problem.NOT_OFFERED}
        assert [question.name for question in read.not_asked] == ["why"]

    def test_what_the_other_answers_exclude_is_left_out_and_said(self) -> None:
        read = read_sheet(questionnaire(), {"trust": "yes", "why": "Because."})

        assert read.answers == {"trust": "yes"}
        assert [question.name for question in read.not_asked] == ["why"]

    def test_half_a_table_half_an_order_and_another_answer_without_words_count_as_far_as_they_go(
        self,
    ) -> None:
        given = {
            "heard": "some",
            "position": "mixed",
            "parts": ["costs", "other"],
            "effects": {"safety": "better"},
            "priorities": ["law", "money"],
            "comfort": "3",
        }

        read = read_sheet(definition("287g-your-view-2"), given)

        assert read.answers == given | {"comfort": 3}
        assert read.unfinished == {"parts": Problem.OTHER_UNSAID}


class TestTheScreen:
    def test_has_the_questions_of_the_sheet_in_its_order_and_hides_none(
        self, session: Session, sign_in: SignIn
    ) -> None:
        asked = definition("287g-your-view-2")
        form = feedback_form(session, asked)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        text = page(clerk.get(screen(form))).text()

        titles = [question.title.en for question in asked.questions() if question.name != "about_note"]
        places = [text.index(title) for title in titles]
        assert places == sorted(places)
        assert "Only if Question 2 is" in text

    def test_puts_a_sheet_into_the_box_as_paper_and_counts_those_of_this_sitting(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = sign_in(RoleName.CLERK)

        first = clerk.send(screen(form, "es"), **{"q-trust": "no", "q-why": "Por miedo.", "q-area": "north"})
        second = clerk.send(first.location, **{"q-trust": "yes", "q-area": "refused"})

        assert (first.status_code, second.status_code) == (303, 303)
        found = sorted(box(session), key=lambda one: one.answers["trust"])
        assert [one.answers for one in found] == [
            {"trust": "no", "why": "Por miedo.", "area": "north"},
            {"trust": "yes", "area": "refused"},
        ]
        assert {(one.channel, one.language, one.is_doubtful) for one in found} == {
            (Channel.PAPER, "es", False)
        }
        assert "2 hojas ingresadas en esta sesión." in page(clerk.get(second.location)).text()

    def test_the_same_page_sent_again_keeps_nothing_more(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        opened = page(clerk.get(screen(form)))
        data = opened.fields() | {"q-trust": "yes"}
        action = opened.one(".//main//form").get("action", "")

        answers = [clerk.post(action, data=data) for _time in range(3)]

        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert len(box(session)) == 1

    def test_nothing_is_kept_before_somebody_has_looked_at_what_does_not_fit(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = sign_in(RoleName.CLERK)

        asked_back = clerk.send(screen(form), **{"q-trust": "yes", "q-why": "Still.", "q-area": "south"})

        assert asked_back.status_code == 422
        shown = page(asked_back)
        assert "to be skipped" in shown.text(".//*[@class='errors']")
        assert shown.text(".//textarea") == "Still."
        assert box(session) == []

        data = shown.fields() | {"as_it_is": "1"}
        kept = clerk.post(shown.one(".//main//form").get("action", ""), data=data)

        assert kept.status_code == 303
        assert [one.answers for one in box(session)] == [{"trust": "yes", "area": "south"}]

    def test_an_empty_sheet_is_no_answer_however_often_it_is_sent(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        answer = sign_in(RoleName.CLERK).send(screen(form), as_it_is="1")

        assert answer.status_code == 422
        assert "Nothing is entered that can be counted." in page(answer).text()
        assert box(session) == []

    def test_fields_that_the_sheet_does_not_have_change_nothing(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        """Case 36 of the security cases."""
        more = {
            "channel": "web",
            "language": "fr",
            "answered_on": "2001-01-01",
            "is_doubtful": "1",
            "q-x": "1",
        }

        sign_in(RoleName.CLERK).send(screen(form), **{"q-trust": "yes"} | more)

        (one,) = box(session)
        assert one.answers == {"trust": "yes"}
        assert (one.channel, one.language, one.is_doubtful) == (Channel.PAPER, "en", False)

    def test_no_row_of_the_database_says_who_typed_a_sheet(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = user(session, RoleName.CLERK)
        session.commit()
        browser = sign_in(clerk)
        before = _rows(session)

        browser.send(screen(form), **{"q-trust": "yes"})

        session.rollback()
        assert {name for name, rows in _rows(session).items() if rows != before[name]} == {
            "form_box",
            "form_ticket",
        }
        assert "actor_id" not in BoxedAnswer.__table__.columns
        assert {column.name for column in FormTicket.__table__.columns} == {
            "id", "form_id", "batch_id", "code_index", "is_spent",
        }  # fmt: skip


class TestVersions:
    def test_a_sheet_is_kept_as_the_version_that_it_is(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        response(session, form, {"trust": "yes"})
        form.working = {**form.working, "title": {"default": "Newer", "es": "Más nuevo"}}
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        clerk.send(screen(form) + "?version=1", **{"q-trust": "yes"})

        (boxed,) = session.scalars(sa.select(BoxedAnswer))
        assert boxed.version.number == 1
        assert clerk.get(screen(form) + "?version=9").status_code == 404

    def test_a_screen_that_was_opened_before_the_questions_changed_keeps_nothing(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        opened = page(clerk.get(screen(form)))
        form.working = {**form.working, "title": {"default": "Newer", "es": "Más nuevo"}}
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()

        answer = clerk.post(
            opened.one(".//main//form").get("action", ""), data=opened.fields() | {"q-trust": "yes"}
        )

        assert answer.status_code == 422
        assert "The questions were changed meanwhile." in page(answer).text()
        assert box(session) == []


class TestWhenAndWho:
    def test_after_the_close_nothing_can_be_entered(
        self, session: Session, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        opened = page(clerk.get(screen(form)))
        form.closes_at = utcnow() - timedelta(minutes=1)
        session.commit()

        late = clerk.post(
            opened.one(".//main//form").get("action", ""), data=opened.fields() | {"q-trust": "yes"}
        )

        assert late.status_code == 422
        assert box(session) == []
        assert "no more sheets can be entered" in page(clerk.get(screen(form))).text()

    def test_another_host_s_form_is_not_there(self, session: Session, sign_in: SignIn) -> None:
        """Cases 31 and 34 of the security cases."""
        mine, other = user(session, RoleName.HOST), user(session, RoleName.HOST)
        form = feedback_form(session, host_id=mine.id)
        session.commit()
        stranger = sign_in(other)

        assert sign_in(mine).get(screen(form)).status_code == 200
        assert stranger.get(screen(form)).status_code == 404
        data = {"csrf_token": stranger.csrf_token(), "q-trust": "yes"}
        assert stranger.post(screen(form), data=data).status_code == 404
        assert box(session) == []

    def test_a_draft_has_no_sheets(self, session: Session, sign_in: SignIn) -> None:
        form = feedback_form(session, published_at=None)
        session.commit()

        assert "not published yet" in page(sign_in(RoleName.CLERK).get(screen(form))).text()

    def test_a_code_counts_once_whoever_types_it(self, session: Session, sign_in: SignIn) -> None:
        form = feedback_form(session, entry=Entry.CODE)
        session.add(FormTicket(form_id=form.id, id=77, code_index=code_index(code_of(77))))
        session.commit()
        code = code_of(77)
        clerk = sign_in(RoleName.CLERK)

        assert clerk.send(screen(form), code=code, **{"q-trust": "yes"}).status_code == 303
        again = clerk.send(screen(form), code=code, **{"q-trust": "no"})
        unknown = clerk.send(screen(form), code="ABCD", **{"q-trust": "no"})

        assert (again.status_code, unknown.status_code) == (422, 422)
        assert page(again).field("code").get("value") == code
        assert len(box(session)) == 1


class TestAPlaceThatHelps:
    @pytest.fixture
    def library(self, app: Flask, session: Session) -> Client:
        period = comment_period(session, docket=docket(session, slug="jail"))
        _batch, code = intake.create_batch(
            session,
            period=period,
            name="Town library",
            expires_at=utcnow() + timedelta(days=1),
            is_certified=True,
            creator=None,
            secret_key=app.config["ENGAGE_SETTINGS"].secret_key,
            now=utcnow(),
        )
        session.commit()
        client = app.test_client()
        assert isinstance(client, Client)
        client.send("/en/entry", code=code)
        return client

    def test_types_in_sheets_of_the_forms_of_its_docket(self, session: Session, library: Client) -> None:
        period = session.scalars(sa.select(CommentPeriod)).one()
        form = feedback_form(session, docket_id=period.docket_id)
        session.commit()

        assert f"/en/entry/forms/{form.slug}" in page(library.get("/en/entry/form")).links().values()
        sent = library.send(f"/en/entry/forms/{form.slug}", **{"q-trust": "yes"})

        assert sent.status_code == 303
        assert [one.channel for one in box(session)] == [Channel.PAPER]
        assert "1 sheet entered in this sitting." in page(library.get(sent.location)).text()

    def test_opens_no_form_of_another_docket_or_of_none(self, session: Session, library: Client) -> None:
        others = [feedback_form(session, docket_id=docket(session).id), feedback_form(session)]
        session.commit()

        assert {library.get(f"/en/entry/forms/{form.slug}").status_code for form in others} == {404}

    def test_without_a_code_is_led_to_where_it_is_typed(
        self, session: Session, client: Client, form: FeedbackForm
    ) -> None:
        address = f"/en/entry/forms/{form.slug}"

        assert client.get(address).location.endswith("/en/entry")
        sent = client.post(address, data={"csrf_token": client.csrf_token(), "q-trust": "yes"})
        assert sent.status_code == 409
        assert box(session) == []


def _rows(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
