"""Residents find forms where they are; the report of a comment period never counts an answer to one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.feedback.models import Entry, ResultsShown
from tests.support import makers
from tests.support.makers import feedback_form, response
from tests.support.pages import Client, page

DAY = timedelta(days=1)


def main(client: Client, path: str) -> tuple[str, list[str]]:
    shown = page(client.get(path))
    return shown.text(), [link.get("href", "") for link in shown.all(".//main//a")]


class TestOnADocket:
    def test_open_forms_come_first_and_results_only_when_they_are_shown(
        self, session: Session, client: Client
    ) -> None:
        about = makers.docket(session, slug="jail")
        feedback_form(
            session, slug="over", docket_id=about.id, opens_at=utcnow() - 9 * DAY, closes_at=utcnow() - DAY
        )
        feedback_form(session, slug="secret", docket_id=about.id, results=ResultsShown.AT_CLOSE)
        feedback_form(session, slug="of-another", docket_id=makers.docket(session).id)
        feedback_form(session, slug="draft", docket_id=about.id, published_at=None)
        session.commit()

        links = main(client, "/en/dockets/jail")[1]

        assert links.index("/en/forms/secret") < links.index("/en/forms/over")
        assert "/en/forms/over/results" in links
        assert not [
            link for link in links if "secret/results" in link or "of-another" in link or "draft" in link
        ]

    def test_a_docket_without_forms_says_nothing_of_them(self, session: Session, client: Client) -> None:
        makers.docket(session, slug="jail")
        session.commit()

        assert "Feedback forms" not in main(client, "/en/dockets/jail")[0]

    def test_a_form_by_code_says_so(self, session: Session, client: Client) -> None:
        about = makers.docket(session, slug="jail")
        feedback_form(session, docket_id=about.id, entry=Entry.CODE)
        session.commit()

        assert "For those who were given a code." in main(client, "/en/dockets/jail")[0]


class TestOnAMeeting:
    @pytest.mark.parametrize(
        ("starts_in", "heading"), [(-DAY, "Tell us how it was"), (DAY, "Feedback forms about")]
    )
    def test_an_open_form_asks_how_it_was_only_once_it_was(
        self, session: Session, client: Client, starts_in: timedelta, heading: str
    ) -> None:
        held = makers.meeting(session, slug="hall", starts_at=utcnow() + starts_in)
        feedback_form(session, slug="how", meeting_id=held.id)
        session.commit()

        text, links = main(client, "/en/meetings/hall")

        assert heading in text
        assert "/en/forms/how" in links

    def test_a_closed_form_is_still_named_there(self, session: Session, client: Client) -> None:
        held = makers.meeting(session, slug="hall", starts_at=utcnow() - 9 * DAY)
        feedback_form(session, slug="how", meeting_id=held.id, closes_at=utcnow() - DAY)
        session.commit()

        assert "/en/forms/how/results" in main(client, "/en/meetings/hall")[1]


class TestOnTheFrontPage:
    def test_open_forms_for_everybody_stand_beside_what_else_is_open(
        self, session: Session, client: Client
    ) -> None:
        feedback_form(session, slug="now")
        feedback_form(session, slug="by-code", entry=Entry.CODE)
        feedback_form(session, slug="over", closes_at=utcnow() - DAY)
        feedback_form(session, slug="later", opens_at=utcnow() + DAY)
        feedback_form(session, slug="draft", published_at=None)
        session.commit()

        text, links = main(client, "/es")

        assert "Se pide su opinión" in text
        found = {link for link in links if link.startswith("/es/forms/")}
        assert found == {"/es/forms/now"}

    def test_and_nothing_is_asked_where_no_form_is_open(self, client: Client) -> None:
        assert "Your view is asked" not in main(client, "/en")[0]

    def test_the_menu_leads_to_the_forms(self, client: Client) -> None:
        assert "/en/forms" in page(client.get("/en")).links(".//header//a").values()


class TestBesideComments:
    def test_an_open_form_is_named_on_the_page_of_a_period(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session, slug="jail")
        feedback_form(session, slug="now", docket_id=period.docket_id)
        feedback_form(session, slug="over", docket_id=period.docket_id, closes_at=utcnow() - DAY)
        session.commit()

        links = main(client, "/en/periods/jail")[1]

        assert "/en/forms/now" in links
        assert "/en/forms/over" not in links

    def test_the_report_leads_to_results_and_counts_no_answer(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session, slug="jail")
        session.commit()
        before = main(client, "/en/reports/jail")[0]
        form = feedback_form(session, slug="now", docket_id=period.docket_id)
        for _number in range(25):
            response(session, form, {"trust": "yes"})
        session.commit()

        text, links = main(client, "/en/reports/jail")

        assert text.partition("Feedback forms")[0] == before.partition("Feedback forms")[0]
        assert "25 answers" not in text
        assert "/en/forms/now/results" in links


class TestOnTheFormsOwnPages:
    def test_a_form_about_something_leads_to_it_and_to_its_paper(
        self, session: Session, client: Client
    ) -> None:
        about = makers.docket(session, slug="jail")
        feedback_form(session, slug="trust", docket_id=about.id)
        session.commit()

        for language in ("en", "es"):
            links = main(client, f"/{language}/forms/trust")[1]

            assert {f"/{language}/dockets/jail", f"/{language}/forms/trust/paper"} < set(links)

    @pytest.mark.parametrize("shown", list(ResultsShown))
    def test_results_are_linked_as_soon_as_everybody_may_read_them(
        self, session: Session, client: Client, shown: ResultsShown
    ) -> None:
        feedback_form(session, slug="trust", results=shown)
        feedback_form(session, slug="over", results=shown, closes_at=utcnow() - DAY)
        session.commit()

        in_list = main(client, "/en/forms")[1]

        assert ("/en/forms/trust/results" in in_list) == (shown is ResultsShown.LIVE)
        assert "/en/forms/over/results" in in_list
        for path in ("/en/forms/over", "/en/forms/over/received"):
            assert "/en/forms/over/results" in main(client, path)[1]
