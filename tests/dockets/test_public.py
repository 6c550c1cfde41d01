"""Dockets as residents see them: what is there, what is not there yet, and what nobody may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets import service
from engage.dockets.models import Docket, Document, PhaseKind
from tests.support import makers
from tests.support.makers import NOON, both
from tests.support.pages import Client, page

LONG_AGO = NOON - timedelta(days=200)


def with_document(session: Session, docket: Docket, *bodies: str) -> Document:
    """A document with one version for each body, a day apart."""
    first, *later = bodies
    document = service.add_document(
        session, docket, slug="agreement", title=both("Agreement"), body=both(first), published_at=LONG_AGO
    )
    for number, body in enumerate(later, start=1):
        service.add_document_version(
            session,
            document,
            body=both(body),
            change_note=both(f"Change {number}."),
            published_at=LONG_AGO + timedelta(days=number),
        )
    session.commit()
    return document


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = makers.docket(session, slug="cameras", title=both("Body cameras"), published_at=LONG_AGO)
    session.commit()
    return docket


class TestList:
    def test_names_published_dockets_by_whether_they_are_decided(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        decided = makers.docket(session, title=both("Old matter"))
        service.record_decision(
            session,
            decided,
            decided_on=date(2026, 1, 5),
            decided_by=both("The Sheriff"),
            outcome=both("Adopted"),
            reasons=both("Because."),
        )
        session.commit()

        text = page(client.get("/en/dockets")).text()

        assert text.index("Body cameras") < text.index("Old matter")
        assert "Adopted, January 5, 2026" in text

    def test_says_so_where_nothing_is_being_decided(self, client: Client) -> None:
        assert "Nothing is being decided just now" in page(client.get("/en/dockets")).text()

    def test_is_in_the_main_menu(self, client: Client) -> None:
        assert page(client.get("/en/dockets")).links(".//header//a")["Dockets"] == "/en/dockets"


class TestDocket:
    def test_shows_both_languages_each_at_its_own_address(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        docket.title = Localised("Body cameras", "Cámaras corporales")
        session.commit()

        assert page(client.get("/en/dockets/cameras")).text(".//h1") == "Body cameras"
        assert page(client.get("/es/dockets/cameras")).text(".//h1") == "Cámaras corporales"

    def test_says_of_each_phase_whether_it_is_over(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        today = utcnow().date()
        service.set_phases(
            session,
            docket,
            [
                service.PhaseDraft(
                    PhaseKind.ASSESS_READINESS,
                    both("Think"),
                    both("We think."),
                    LONG_AGO.date(),
                    today - timedelta(days=5),
                ),
                service.PhaseDraft(PhaseKind.APPLY, both("Act"), both("We act."), today - timedelta(days=4)),
                service.PhaseDraft(PhaseKind.MONITOR_AND_EVALUATE, both("Look back")),
            ],
        )
        session.commit()

        phases = page(client.get("/en/dockets/cameras")).all(".//ol[@class='phases']/li")

        texts = [" ".join("".join(phase.itertext()).split()) for phase in phases]
        assert [text.split(":")[0] for text in texts] == ["Done", "Now", "Later"]
        assert [phase.get("aria-current") for phase in phases] == [None, "step", None]

    def test_lists_its_comment_periods_open_ones_first(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        now = utcnow()
        closed = {"opens_at": now - timedelta(days=30), "closes_at": now - timedelta(days=2)}
        makers.comment_period(session, docket=docket, title=both("Over"), **closed)
        makers.comment_period(session, docket=docket, title=both("Running"))
        makers.comment_period(session, docket=docket, title=both("Drafted"), published_at=None)
        makers.comment_period(session, title=both("Elsewhere"))
        session.commit()

        text = page(client.get("/en/dockets/cameras")).text()

        assert text.index("Running") < text.index("Over")
        assert "Drafted" not in text
        assert "Elsewhere" not in text

    def test_shows_the_decision_with_its_reasons(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        service.record_decision(
            session,
            docket,
            decided_on=date(2026, 1, 5),
            decided_by=both("The Sheriff"),
            outcome=both("Adopted with changes"),
            reasons=both("**What we heard.** A lot. <script>alert(1)</script> [x](javascript:alert(1))"),
        )
        session.commit()

        answer = page(client.get("/en/dockets/cameras"))

        text = answer.text()
        assert all(words in text for words in ("Adopted with changes", "The Sheriff", "January 5, 2026"))
        assert answer.text(".//main//strong") == "What we heard."
        assert len(answer.all(".//script")) == 1
        assert not [link for link in answer.links().values() if link.startswith("javascript")]


class TestNotThere:
    URLS = (
        "/en/dockets/{slug}",
        "/en/dockets/{slug}/documents/agreement",
        "/en/dockets/{slug}/documents/agreement/changes",
    )

    @pytest.mark.parametrize("url", URLS)
    @pytest.mark.parametrize("published_at", [None, timedelta(hours=1)])
    @pytest.mark.parametrize("role", [None, RoleName.CLERK])
    def test_a_draft_or_later_docket_is_on_no_public_page_not_even_for_clerks(
        self,
        session: Session,
        client: Client,
        sign_in: Callable[..., Client],
        published_at: timedelta | None,
        url: str,
        role: RoleName | None,
    ) -> None:
        instant = utcnow() + published_at if published_at else None
        docket = makers.docket(session, title=both("Secret plan"), published_at=instant)
        with_document(session, docket, "One", "Two")
        makers.comment_period(session, docket=docket)
        session.commit()
        reader = sign_in(role) if role else client

        assert reader.get(url.format(slug=docket.slug)).status_code == 404
        for listing in ("/en/dockets", "/en", "/en/periods"):
            assert "Secret plan" not in reader.get(listing).text

    def test_a_version_to_come_is_on_no_page(self, session: Session, client: Client, docket: Docket) -> None:
        document = with_document(session, docket, "The first text.")
        service.add_document_version(
            session,
            document,
            body=both("A text to come."),
            change_note=both("A note to come."),
            published_at=utcnow() + timedelta(hours=1),
        )
        session.commit()
        base = "/en/dockets/cameras/documents/agreement"

        pages = [client.get(url).text for url in ("/en/dockets/cameras", base, f"{base}?version=1")]

        assert not [text for text in pages if "to come" in text]
        for query in (
            "?version=2",
            "/changes",
            "/changes?from=1&to=2",
            "/changes?from=2&to=1",
            "/changes?to=2",
        ):
            assert client.get(base + query).status_code == 404

    def test_a_document_without_a_version_to_read_is_not_there(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        service.add_document(
            session,
            docket,
            slug="agreement",
            title=both("Hidden title"),
            body=both("x"),
            published_at=utcnow() + timedelta(hours=1),
        )
        session.commit()

        assert client.get("/en/dockets/cameras/documents/agreement").status_code == 404
        assert "Hidden title" not in client.get("/en/dockets/cameras").text

    def test_an_update_to_come_is_not_shown(self, session: Session, client: Client, docket: Docket) -> None:
        for title, shift in (("Today’s news", timedelta(0)), ("Tomorrow’s news", timedelta(hours=1))):
            service.post_update(
                session, docket, title=both(title), body=both("x"), published_at=utcnow() + shift
            )
        session.commit()

        text = page(client.get("/en/dockets/cameras")).text()

        assert "Today’s news" in text
        assert "Tomorrow’s news" not in text

    @pytest.mark.parametrize(
        "url",
        [
            "/en/dockets/nothing",
            "/en/dockets/%00",
            "/en/dockets/cameras/documents/nothing",
            "/en/dockets/nothing/documents/agreement",
            "/en/dockets/cameras/documents/agreement?version=0",
            "/en/dockets/cameras/documents/agreement?version=x",
            "/en/dockets/cameras/documents/agreement?version=%D9%A1",
            "/en/dockets/cameras/documents/agreement?version=99999999999999999999",
            "/en/dockets/cameras/documents/agreement?version='><script>alert(1)</script>",
        ],
    )
    def test_what_does_not_exist_is_not_found(
        self, session: Session, client: Client, docket: Docket, url: str
    ) -> None:
        with_document(session, docket, "One")

        assert client.get(url).status_code == 404


class TestDocument:
    def test_shows_the_newest_version_and_names_all(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        document = with_document(session, docket, "# Old heading", "# New heading\n\n- an item")

        answer = page(client.get("/en/dockets/cameras/documents/agreement"))

        assert answer.all(".//main//h2")[0].text == "New heading"
        assert "Change 1." in answer.text()
        assert answer.text(".//code[@class='digest']") == document.versions[0].digest

    def test_an_older_version_says_that_it_is_older(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        document = with_document(session, docket, "Old text.", "New text.")

        answer = page(client.get("/en/dockets/cameras/documents/agreement?version=1"))

        assert "Old text." in answer.text()
        assert "This is an older version" in answer.text()
        assert answer.text(".//code[@class='digest']") == document.versions[1].digest

    def test_two_versions_are_compared_in_words_and_not_by_colour_alone(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        with_document(
            session,
            docket,
            "The agreement lasts for one year.\n\nGone for good, altogether and at once.",
            "The agreement lasts for two years.\n\nSomething else entirely stands here now: fees.",
        )

        answer = page(client.get("/en/dockets/cameras/documents/agreement/changes"))

        assert answer.text(".//p[@class='changes__mixed']") == (
            "The agreement lasts for [taken out: one year.] [put in: two years.]"
        )
        labels = ["".join(label.itertext()) for label in answer.all(".//p[@class='changes__label']")]
        assert labels == ["Taken out", "Put in"]

    def test_versions_can_be_chosen_in_any_order(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        with_document(
            session, docket, "Alpha word that is here.", "Beta word that is here.", "Gamma word that is here."
        )

        answer = page(client.get("/en/dockets/cameras/documents/agreement/changes?from=3&to=1"))

        assert "[taken out: Alpha] [put in: Gamma] word that is here." in answer.text()

    def test_equal_versions_are_called_equal(self, session: Session, client: Client, docket: Docket) -> None:
        with_document(session, docket, "One.", "Two.")

        answer = client.get("/en/dockets/cameras/documents/agreement/changes?from=1&to=1")

        assert "The texts are the same." in page(answer).text()

    def test_the_first_version_has_none_before_it(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        with_document(session, docket, "One.")

        assert client.get("/en/dockets/cameras/documents/agreement/changes").status_code == 404

    def test_markup_in_a_compared_text_is_inert(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        evil = "<img src=x onerror=alert(1)> one two three four"
        with_document(session, docket, evil, f"{evil} five", f"{evil} five\n\n<script>alert(2)</script>")

        for query in ("from=1&to=2", "from=2&to=3"):
            answer = page(client.get(f"/en/dockets/cameras/documents/agreement/changes?{query}"))
            assert answer.all(".//main//img") == []
            assert answer.all(".//main//script") == []
