"""A form on paper asks what the screen asks, in the same order, and says which version it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.demo.forms import definition
from engage.feedback import sheet
from engage.feedback.models import Entry, FeedbackForm
from engage.feedback.service.publish import publish_version
from engage.survey.definition import Definition, Kind, Question
from engage.survey.definition import Page as Part
from tests.support.makers import both, feedback_form, response, user
from tests.support.pages import Client, Page, page

SignIn = Callable[..., Client]


def paper_of(client: Client, form: FeedbackForm, language: str = "en", query: str = "") -> Page:
    return page(client.get(f"/{language}/forms/{form.slug}/paper{query}"))


def headings(shown: Page) -> list[str]:
    found = shown.all(".//main//*[@class='paper__question']")
    return [" ".join("".join(heading.itertext()).split()) for heading in found]


class TestTheSheet:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_has_every_question_of_the_form_with_its_number_in_order(
        self, session: Session, client: Client, language: str
    ) -> None:
        asked = definition("287g-your-view-2")
        form = feedback_form(session, asked)
        session.commit()

        printed = headings(paper_of(client, form, language))

        numbers = asked.numbers()
        wanted = [
            f"{numbers[question.name]}. {question.title.best(language)[0]}"
            for question in asked.questions()
            if question.kind is not Kind.NOTE
        ]
        assert [line.split(" (op")[0] for line in printed] == wanted

    def test_has_room_for_every_kind_of_answer(self, session: Session, client: Client) -> None:
        form = feedback_form(session, definition("287g-your-view-2"))
        session.commit()

        shown = paper_of(client, form)

        assert len(shown.all(".//table[@class='paper__table']//td[@class='paper__box']")) == 4 * 4
        assert len(shown.all(".//ul[@class='paper__boxes paper__boxes--places']/li")) == 5
        lines = shown.all(".//section[@aria-labelledby='paper-why']//div[@class='paper__line']")
        assert len(lines) > len(
            shown.all(".//section[@aria-labelledby='paper-announce']//div[@class='paper__line']")
        )

    def test_says_in_words_and_numbers_who_is_asked(self, session: Session, client: Client) -> None:
        form = feedback_form(session)
        session.commit()

        assert "Question 1 is “No”" in paper_of(client, form).text()
        assert "Pregunta 1" in paper_of(client, form, "es").text()

    def test_says_until_when_what_becomes_of_it_and_which_version_it_is(
        self, session: Session, client: Client
    ) -> None:
        form = feedback_form(session)
        session.commit()

        text = paper_of(client, form).text()

        assert "Hand it in before:" in text
        assert "without any note of who filled in which sheet" in text
        assert sheet.mark_of(form.versions[-1]) in text

    def test_of_an_earlier_version_stays_printable_with_its_own_mark(
        self, session: Session, client: Client
    ) -> None:
        form = feedback_form(session)
        response(session, form, {"trust": "yes"})
        form.working = {**form.working, "title": {"default": "Newer", "es": "Más nuevo"}}
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()
        marks = [sheet.mark_of(version) for version in form.versions]

        old, new = paper_of(client, form, query="?version=1"), paper_of(client, form)

        assert marks[0] in old.text()
        assert "Newer" not in old.text()
        assert marks[1] in new.text()
        assert client.get(f"/en/forms/{form.slug}/paper?version=3").status_code == 404

    def test_asks_for_the_code_only_where_one_is_needed(self, session: Session, client: Client) -> None:
        open_to_all, by_code = feedback_form(session), feedback_form(session, entry=Entry.CODE)
        session.commit()

        assert "The code that you were given" not in paper_of(client, open_to_all).text()
        assert "The code that you were given" in paper_of(client, by_code).text()

    def test_comes_on_letter_and_a4_and_in_large_print(self, session: Session, client: Client) -> None:
        form = feedback_form(session)
        session.commit()

        sizes = [
            paper_of(client, form, query=q).all(".//main/div[@class]") for q in ("", "?size=a4&print=large")
        ]

        assert [found[-1].get("class") for found in sizes] == [
            "paper paper--form paper--letter",
            "paper paper--form paper--a4 paper--large",
        ]

    def test_of_a_closed_form_says_that_it_cannot_count_any_more(
        self, session: Session, client: Client
    ) -> None:
        form = feedback_form(session, closes_at=utcnow() - timedelta(days=1))
        session.commit()

        assert "cannot be counted" in paper_of(client, form).text()

    def test_executes_nothing_of_what_staff_wrote(self, session: Session, client: Client) -> None:
        mark = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        first = Question(name="trust", kind=Kind.SHORT_TEXT, title=both(mark), help=both(mark))
        pages = (Part(name="p", title=both(mark), elements=(first,)),)
        form = feedback_form(session, Definition(title=both(mark), intro=both(mark), pages=pages))
        session.commit()

        shown = paper_of(client, form)

        assert mark in shown.text()
        assert shown.all(".//main//script") == shown.all(".//main//img") == []


class TestADraft:
    def test_is_not_there_for_the_public_nor_for_another_host(
        self, session: Session, client: Client, sign_in: SignIn
    ) -> None:
        mine, other = user(session, RoleName.HOST), user(session, RoleName.HOST)
        form = feedback_form(session, published_at=None, host_id=mine.id)
        session.commit()
        address = f"/en/forms/{form.slug}/paper"

        assert client.get(address).status_code == 404
        assert sign_in(other).get(address).status_code == 404
        assert sign_in(RoleName.MODERATOR).get(address).status_code == 404

    def test_is_shown_as_a_draft_to_those_who_work_on_it(self, session: Session, sign_in: SignIn) -> None:
        mine = user(session, RoleName.HOST)
        form = feedback_form(session, published_at=None, host_id=mine.id)
        session.commit()

        text = paper_of(sign_in(mine), form).text()

        assert "This is a draft. Do not hand it out." in text
        assert "Do you trust it?" in text
