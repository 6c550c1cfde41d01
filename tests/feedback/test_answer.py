"""A resident answers a form page by page: nothing is lost, counts twice, or is kept in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.feedback import queries
from engage.feedback.codes import code_index, code_of
from engage.feedback.models import BoxedAnswer, Entry, FeedbackForm, FormTicket
from engage.feedback.service.publish import publish_version
from engage.survey import surveyjs
from engage.survey.definition import Choice, Definition, Kind, Page, Question, Section
from engage.survey.expressions import parse
from tests.support.form_visitor import Visitor, boxed, multi, send, to_the_end
from tests.support.makers import both, feedback_form, response
from tests.support.pages import Client
from tests.support.pages import Page as Shown

Make = Callable[..., Any]


@pytest.fixture
def visit(client: Client, session: Session) -> Callable[..., Visitor]:
    """Open a new form: ``visit(definition, entry=Entry.CODE)``."""

    def open_form(definition: Definition | None = None, language: str = "en", **fields: Any) -> Visitor:
        form = feedback_form(session, definition, slug="jail", **fields)
        session.commit()
        return Visitor(client, form.slug, language)

    return open_form


class TestTheWay:
    def test_an_answer_to_all_pages_lies_in_the_box_once(
        self, app: Flask, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit()
        assert "Up to 3 questions" in visitor.text

        visitor.press("start")
        assert "Page 1 of 2" in visitor.text
        visitor.press(q_trust="yes")
        assert "Page 2 of 2" in visitor.text
        visitor.press(q_area="north")
        assert "Check your answers" in visitor.text
        assert boxed(session) == []
        send(visitor)

        assert visitor.answer.status_code == 200
        assert "Your answers have arrived" in visitor.text
        (one,) = boxed(session)
        assert one.answers == {"trust": "yes", "area": "north"}
        assert (one.language, one.channel) == ("en", "web")

    def test_what_must_be_answered_comes_back_with_what_was_typed(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press()

        assert visitor.answer.status_code == 422
        assert "Do you trust it? – Answer this question." in visitor.text
        assert visitor.page.all(".//a[@href='#q-trust-0']")
        assert "Error:" in visitor.page.text(".//title")

    def test_what_follows_from_an_answer_on_the_same_page_is_asked_on_it(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="no")

        assert visitor.answer.status_code == 200
        assert "Some questions follow from what you answered" in visitor.text
        visitor.press(q_why="It is far away")
        assert "Page 2 of 2" in visitor.text
        send(visitor.press(q_area="refused"))
        (one,) = boxed(session)
        assert one.answers == {"trust": "no", "why": "It is far away", "area": "refused"}

    def test_going_back_keeps_what_was_typed_on_both_pages(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="yes").press("back", q_area="south")

        assert visitor.page.one(".//input[@id='q-trust-0']").get("checked") is not None
        visitor.press()
        assert visitor.page.one(".//input[@value='south']").get("checked") is not None

    def test_back_from_the_last_look_leads_to_the_last_page(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit()).press("back", to="/en/forms/jail")

        assert "Page 2 of 2" in visitor.text
        assert visitor.page.one(".//input[@value='north']").get("checked") is not None

    def test_numbers_that_are_left_out_are_said_where_they_are(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        def is_said(visitor: Visitor) -> bool:
            return visitor.page.one(".//p[@data-gaps]").get("hidden") is None

        visitor = visit().press("start")
        assert not is_said(visitor)
        assert is_said(visitor.press(q_trust="yes"))
        assert not is_said(visitor.press("back").press(q_trust="no").press(q_why="Far away"))

    def test_no_link_on_a_page_with_answers_leads_to_another_language(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start")
        for shown in (visitor.page, visitor.press(q_trust="yes").press(q_area="north").page):
            assert not shown.all(".//a[@hreflang]")
            (button,) = shown.all(".//header//button[@formaction='/es/forms/jail']")
            assert button.get("form") == shown.one(".//main//form").get("id")
            # Enter in a field goes on and does not change the language.
            first = next(one for one in shown.all(".//button[@form]"))
            assert first.get("value") in ("next", "send")

    def test_the_start_page_says_who_sees_what_and_where_to_ask(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit()

        assert "In the published results no choice of fewer than ten people is shown" in visitor.text
        assert "can read each answer as a row without a name" in visitor.text
        assert visitor.page.all(".//a[@href='/en/forms/jail/check']")
        listed = Shown(visitor.client.get("/en/forms").get_data(as_text=True))
        assert listed.all(".//a[@href='/en/forms/jail/check']")

    def test_what_no_longer_applies_is_left_out_and_said(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="no").press(q_why="Because").press(q_area="north")
        visitor.press("change-opinion", to=visitor.url).press(q_trust="yes")

        assert "Check your answers" in visitor.text
        assert "these questions no longer apply" in visitor.text
        send(visitor)
        (one,) = boxed(session)
        assert one.answers == {"trust": "yes", "area": "north"}

    def test_a_change_from_the_last_page_leads_back_to_it(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit())
        visitor.press("change-person", to=visitor.url).press(q_area="east")

        assert "Check your answers" in visitor.text
        assert "East" in visitor.text

    def test_pages_that_ask_nothing_are_left_out(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        yes_no = (Choice("yes", both("Yes")), Choice("no", both("No")))
        first = Question(name="lives", kind=Kind.SINGLE, title=both("Live here?"), choices=yes_no)
        street = Question(name="street", kind=Kind.SHORT_TEXT, title=both("Where?"))
        last = Question(name="last", kind=Kind.SHORT_TEXT, title=both("Else?"))
        section = Section(name="s", visible_if=parse("{lives} = 'yes'"), questions=(street,))
        definition = Definition(
            title=both("Form"),
            pages=(
                Page(name="one", elements=(first,)),
                Page(name="two", elements=(section,)),
                Page(name="three", elements=(last,)),
            ),
        )
        visitor = visit(definition).press("start").press(q_lives="no")

        assert "Else?" in visitor.text
        assert "Live here?" in visitor.press("back").text
        assert "Where?" in visitor.press(q_lives="yes").text

    def test_all_can_be_continued_in_the_other_language(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="yes")

        visitor.press("stay", to="/es/forms/jail", q_area="north")

        assert visitor.page.root.get("lang") == "es"
        assert visitor.page.one(".//input[@value='north']").get("checked") is not None
        visitor.press()
        assert "Revise sus respuestas" in visitor.text
        # From the last page too; and a script that brings kept answers back leads to where they were left.
        assert "Check your answers" in visitor.press("check", to="/en/forms/jail").text
        assert "Revise sus respuestas" in visitor.press("stay", to="/es/forms/jail").text
        send(visitor)
        (one,) = boxed(session)
        assert one.language == "es"

    def test_nothing_at_all_is_no_answer(self, session: Session, visit: Callable[..., Visitor]) -> None:
        only = Question(name="last", kind=Kind.SHORT_TEXT, title=both("Else?"))
        visitor = visit(Definition(title=both("Form"), pages=(Page(name="one", elements=(only,)),)))

        send(visitor.press("start").press())

        assert visitor.answer.status_code == 422
        assert "You have not answered anything yet." in visitor.text
        assert boxed(session) == []

    def test_personal_data_in_words_is_looked_at_before_the_next_page(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="no")
        visitor.press(q_why="Call me at 555-867-5309, I live at 12 Main Street")

        assert visitor.answer.status_code == 422
        assert "Look again before you go on" in visitor.text
        assert "Keep it as it is and go on" in visitor.text
        kept = dict(visitor.fields())
        visitor.answer = visitor.client.post(
            visitor.url, data=multi(visitor.fields()) | {"personal_data": "keep"}
        )
        assert "Page 2 of 2" in visitor.text
        assert kept["q-why"].startswith("Call me")


class TestSending:
    def test_the_same_page_sent_again_is_one_answer_and_the_same_page(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit())
        fields, url = multi(visitor.fields()), "/en/forms/jail/received"

        first, second = visitor.client.post(url, data=fields), visitor.client.post(url, data=fields)

        assert (first.status_code, second.status_code) == (200, 200)
        assert Shown(first.get_data(as_text=True)).text() == Shown(second.get_data(as_text=True)).text()
        assert len(boxed(session)) == 1

    def test_the_check_code_tells_that_an_answer_arrived(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = send(to_the_end(visit()))
        code = visitor.page.text(".//p[@class='check-code']")
        url = "/en/forms/jail/check"

        typed = code.lower().replace("-", " ")
        assert (
            "Yes. An answer with this code has arrived."
            in Shown(visitor.client.send(url, code=typed).get_data(as_text=True)).text()
        )
        assert (
            "No answer has arrived"
            in Shown(visitor.client.send(url, code="0000-0000-0000-0000").get_data(as_text=True)).text()
        )
        assert "trust" not in visitor.client.send(url, code=code).get_data(as_text=True)
        assert visitor.client.send(url, code="").status_code == 422

    def test_a_full_honeypot_is_doubted_and_taken(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press(q_trust="yes", website="spam.example").press(q_area="north")

        assert "have arrived" in send(visitor).text
        (one,) = boxed(session)
        assert one.is_doubtful

    def test_an_expired_csrf_token_gives_all_pages_back(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit())
        send(visitor, csrf_token="old")
        assert visitor.answer.status_code == 400
        assert visitor.page.field("q-trust").get("value") == "yes"

        visitor.answer = visitor.client.post("/en/forms/jail/received", data=multi(visitor.fields()))

        assert "have arrived" in visitor.text
        assert len(boxed(session)) == 1

    def test_a_required_answer_cannot_be_skipped_by_sending_at_once(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start").press("send", to="/en/forms/jail/received")

        assert "Page 1 of 2" in visitor.text
        assert boxed(session) == []


class TestWithACode:
    def ticket(self, session: Session) -> str:
        form = session.scalars(sa.select(FeedbackForm)).one()
        session.add(FormTicket(form_id=form.id, id=77, code_index=code_index(code_of(77))))
        session.commit()
        return code_of(77)

    def test_a_code_is_kept_through_the_pages_and_spent_at_the_end(
        self, app: Flask, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit(entry=Entry.CODE)
        code = self.ticket(session)
        visitor.press("start", ticket=code.lower()).press(q_trust="yes").press(q_area="north")

        assert "have arrived" in send(visitor).text
        assert code not in visitor.text
        assert len(boxed(session)) == 1

    def test_a_second_answer_with_it_is_told_kindly_and_not_kept(
        self, app: Flask, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit(entry=Entry.CODE)
        code = self.ticket(session)
        visitor.press("start", ticket=code).press(q_trust="yes").press(q_area="north")
        fields = multi(visitor.fields())
        send(visitor)

        again = visitor.client.post("/en/forms/jail/received", data=fields)

        assert again.status_code == 409
        shown = Shown(again.get_data(as_text=True))
        assert "If that was you" in shown.text()
        assert len(boxed(session)) == 1
        # What was answered goes along, for another code; a link to another language would lose it.
        visitor.answer = again
        assert visitor.page.field("q-trust").get("value") == "yes"
        assert not shown.all(".//nav[@class='languages']")
        visitor.press("check")
        assert "Check your answers" in visitor.text
        assert visitor.page.field("ticket").get("value") == ""

    def test_whether_a_code_is_spent_is_not_told_to_who_answers_nothing(
        self, app: Flask, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit(entry=Entry.CODE)
        code = self.ticket(session)
        send(to_the_end(visitor, ticket=code))

        again = Visitor(visitor.client, "jail").press("start", ticket=code)

        assert again.answer.status_code == 200
        assert "Do you trust it?" in again.text

    @pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN-PQRS", "\0", "😀" * 90])
    def test_a_wrong_code_is_told_before_anything_is_asked(
        self, session: Session, visit: Callable[..., Visitor], typed: str
    ) -> None:
        visitor = visit(entry=Entry.CODE).press("start", ticket=typed)

        assert visitor.answer.status_code == 422
        assert visitor.page.one(".//p[@id='ticket-error']") is not None
        assert "such as 7KQM-2F9X-RT4B-0WZD" in visitor.text
        assert "Do you trust it?" not in visitor.text

    @pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN-PQRS", "\0", "😀" * 90])
    def test_a_wrong_code_is_an_error_at_its_field_and_the_answers_stay(
        self, session: Session, visit: Callable[..., Visitor], typed: str
    ) -> None:
        visitor = visit(entry=Entry.CODE)
        to_the_end(visitor, ticket=self.ticket(session))

        send(visitor, ticket=typed)

        assert visitor.answer.status_code == 422
        assert visitor.page.one(".//p[@id='ticket-error']") is not None
        assert visitor.page.field("q-trust").get("value") == "yes"
        assert boxed(session) == []


class TestChangedMeanwhile:
    def change(self, session: Session, **fields: Any) -> None:
        form = session.scalars(sa.select(FeedbackForm)).one()
        form.working = {**form.working, "title": {"default": "Other", "es": "Otra"}, **fields}
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()

    def test_a_version_that_another_has_followed_may_be_finished(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = visit().press("start")
        form = session.scalars(sa.select(FeedbackForm)).one()
        response(session, form, {"trust": "yes"})
        self.change(session)

        send(visitor.press(q_trust="yes").press(q_area="north"))

        assert "have arrived" in visitor.text
        session.rollback()
        assert session.scalars(sa.select(BoxedAnswer)).one().version.number == 1

    def test_a_form_that_was_written_anew_keeps_what_still_fits(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit())
        working = surveyjs.read(session.scalars(sa.select(FeedbackForm)).one().working)
        page = surveyjs.write(working)["pages"]
        page[1]["elements"][0]["choices"] = [{"value": "west", "text": {"default": "West", "es": "Oeste"}}]
        self.change(session, pages=page)

        send(visitor)

        assert visitor.answer.status_code == 409
        assert "The form was changed since you began" in visitor.text
        assert visitor.page.one(".//input[@id='q-trust-0']").get("checked") is not None
        assert boxed(session) == []
        visitor.press()
        assert "West" in visitor.text
        send(visitor.press(q_area="west"))
        (one,) = boxed(session)
        assert one.answers == {"trust": "yes", "area": "west"}


class TestStates:
    def test_a_form_that_closed_meanwhile_gives_the_answers_back(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        visitor = to_the_end(visit())
        session.execute(sa.update(FeedbackForm).values(closes_at=utcnow() - timedelta(seconds=1)))
        session.commit()

        send(visitor)

        assert visitor.answer.status_code == 409
        assert "Your answers were not sent" in visitor.text
        assert "North" in visitor.text
        assert boxed(session) == []

    def test_a_closed_a_scheduled_and_a_draft_form_have_their_own_pages(
        self, client: Client, session: Session
    ) -> None:
        now = utcnow()
        feedback_form(session, slug="over", closes_at=now - timedelta(days=1))
        feedback_form(session, slug="later", opens_at=now + timedelta(days=1))
        feedback_form(session, slug="draft", published_at=None)
        session.commit()

        assert "This form has closed" in Shown(client.get("/en/forms/over").get_data(as_text=True)).text()
        assert "not open yet" in Shown(client.get("/en/forms/later").get_data(as_text=True)).text()
        assert client.get("/en/forms/draft").status_code == 404
        listed = {
            link.get("href") for link in Shown(client.get("/en/forms").get_data(as_text=True)).all(".//h3/a")
        }
        assert listed == {"/en/forms/over", "/en/forms/later"}

    def test_open_forms_are_listed_before_closed_ones(self, client: Client, session: Session) -> None:
        feedback_form(session, slug="over", closes_at=utcnow() - timedelta(days=1))
        feedback_form(session, slug="still")
        session.commit()

        html = client.get("/en/forms").get_data(as_text=True)

        assert html.index("/forms/still") < html.index("/forms/over")


class TestWhatIsSentByNobody:
    @pytest.mark.parametrize(
        "sent",
        [
            {"q-trust": "nonsense"},
            {"q-trust": "\0"},
            {"q-trust": ["yes", "no"], "q-area": "nowhere"},
            {"q-foreign": "x", "page": "nowhere", "been": "nowhere", "version": "9.abc", "token": "<script>"},
            {"version": "\0", "page": "\0", "token": "\0"},
            {"page": "person", "q-area": "😀" * 1000},
        ],
    )
    def test_it_ends_in_a_page_and_never_in_an_error_of_ours(
        self, session: Session, visit: Callable[..., Visitor], sent: dict[str, Any]
    ) -> None:
        client = visit().client
        fields = {"csrf_token": client.csrf_token()} | sent

        statuses = {
            client.post(f"/en/forms/jail{address}", data=fields | {"go": go}).status_code
            for address in ("", "/received")
            for go in ("next", "back", "check", "stay", "change-nowhere", "\0")
        }

        assert statuses <= {200, 409, 422}
        assert boxed(session) == []

    def test_a_megabyte_is_refused(self, session: Session, visit: Callable[..., Visitor]) -> None:
        client = visit().client

        answer = client.post(
            "/en/forms/jail", data={"csrf_token": client.csrf_token(), "q-why": "x" * 1_000_000}
        )

        assert answer.status_code == 413

    def test_a_lone_surrogate_is_a_text_like_any_other(
        self, session: Session, visit: Callable[..., Visitor]
    ) -> None:
        client = visit().client
        body = f"csrf_token={client.csrf_token()}&page=opinion&q-trust=no&q-why=%ED%A0%80"

        answer = client.post("/en/forms/jail", data=body, content_type="application/x-www-form-urlencoded")

        assert answer.status_code in (200, 422)

    def test_what_is_typed_is_never_markup(self, session: Session, visit: Callable[..., Visitor]) -> None:
        marker = '"><script>alert(1)</script>'
        visitor = visit().press("start").press(q_trust="no").press(q_why=marker)
        html = visitor.answer.get_data(as_text=True)

        assert marker not in html
        assert visitor.page.field("q-why").get("value") == marker
        assert marker not in visitor.press(q_area="north").answer.get_data(as_text=True)

    def test_every_form_needs_its_token(self, session: Session, visit: Callable[..., Visitor]) -> None:
        client = visit().client
        for address in ("", "/received", "/check"):
            assert client.post(f"/en/forms/jail{address}", data={"q-trust": "yes"}).status_code == 400

    def test_no_page_asks_who_somebody_is(self, session: Session, visit: Callable[..., Visitor]) -> None:
        visitor = visit()
        names = {control.get("name") for control in visitor.page.all(".//main//input")}
        names |= {control.get("name") for control in to_the_end(visitor).page.all(".//main//input")}

        assert not names & {"name", "email", "phone", "address"}


def test_the_start_says_when_the_results_can_be_read(session: Session, visit: Callable[..., Visitor]) -> None:
    text = visit().text

    assert "Everybody can read the results while people answer" in text
    assert "Nobody will know which answers are yours" in text
    assert queries.received(session, session.scalars(sa.select(FeedbackForm)).one()).total == 0
