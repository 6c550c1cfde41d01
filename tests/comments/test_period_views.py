"""A comment period as residents see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.comments.models import Disposition
from engage.dockets.models import Document, DocumentVersion
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "said"),
    [
        (-5 * DAY, 5 * DAY, "Open"),
        (5 * DAY, 9 * DAY, "Not open yet"),
        (-9 * DAY, -5 * DAY, "Closed"),
    ],
)
def test_the_state_is_told_in_words(
    session: Session, client: Client, opens_in: timedelta, closes_in: timedelta, said: str
) -> None:
    makers.comment_period(session, slug="jail", opens_at=NOW + opens_in, closes_at=NOW + closes_in)
    session.commit()

    assert said in page(client.get("/en/periods/jail")).text()
    assert said in page(client.get("/en/periods")).text()


def test_a_closed_period_names_what_could_be_read_for_it_and_leads_to_what_came_later(
    session: Session, client: Client
) -> None:
    period = makers.comment_period(session, slug="jail", opens_at=NOW - 9 * DAY, closes_at=NOW - 5 * DAY)
    document = Document(docket_id=period.docket_id, slug="draft", title=both("Draft agreement"))
    document.versions = [
        DocumentVersion(number=1, body=both("a"), published_at=NOW - 8 * DAY),
        DocumentVersion(number=2, body=both("b"), change_note=both("c"), published_at=NOW - DAY),
    ]
    session.add(document)
    session.commit()

    shown, large = page(client.get("/en/periods/jail")), page(client.get("/en/periods/jail/large-print"))

    assert "Draft agreement version 1" in shown.text()
    assert "Published after it closed: version 2" in shown.text()
    assert "Draft agreement, version 1" in large.text()
    assert any("version=1" in (link.get("href") or "") for link in large.all(".//a"))


def test_the_dates_name_the_zone_and_stand_as_instants(session: Session, client: Client) -> None:
    closes_at = datetime(2031, 1, 15, 22, 0, tzinfo=UTC)
    makers.comment_period(session, slug="jail", closes_at=closes_at)
    session.commit()

    english, spanish = page(client.get("/en/periods/jail")), page(client.get("/es/periods/jail"))

    assert "Wednesday, January 15, 2031, 5:00 PM (EST)".replace("Wednesday", closes_at.strftime("%A")) in (
        english.text().replace("\u202f", " ")
    )
    assert "15 de enero de 2031" in spanish.text()
    assert closes_at.isoformat() in [time.get("datetime") for time in english.all(".//time")]


@pytest.mark.parametrize(("left", "said"), [(DAY, "1 day left"), (3 * DAY, "3 days left")])
def test_the_days_left_are_counted(session: Session, client: Client, left: timedelta, said: str) -> None:
    makers.comment_period(session, slug="jail", closes_at=datetime.now(UTC) + left)
    session.commit()

    assert said in page(client.get("/en/periods/jail")).text()


def test_it_leads_to_the_form_the_comments_the_docket_and_the_report(
    session: Session, client: Client
) -> None:
    period = makers.comment_period(session, slug="jail", docket=makers.docket(session, slug="agreement"))
    for disposition in (Disposition.POSTED, Disposition.POSTED, Disposition.RECEIVED):
        makers.comment(session, period, disposition=disposition)
    session.commit()

    links = page(client.get("/en/periods/jail")).links()

    assert links["Write a comment"].startswith("/en/periods/jail/comment?form=")
    assert links["2"] == "/en/periods/jail/comments"
    assert "/en/dockets/agreement" in links.values()
    assert links["Report on the comments"] == "/en/reports/jail"


def test_documents_are_named_with_the_version_that_is_out(session: Session, client: Client) -> None:
    period = makers.comment_period(session, slug="jail")
    document = Document(docket_id=period.docket_id, slug="draft", title=both("Draft agreement"))
    document.versions = [
        DocumentVersion(number=1, body=both("One"), published_at=NOW - DAY),
        DocumentVersion(number=2, body=both("Two"), published_at=NOW + DAY),
    ]
    session.add_all(
        [document, Document(docket_id=period.docket_id, slug="secret", title=both("Not out yet"))]
    )
    session.commit()

    text = page(client.get("/en/periods/jail")).text()

    assert "Draft agreement version 1" in text
    assert "Not out yet" not in text


@pytest.mark.parametrize("path", ["", "/comment", "/comments"])
def test_a_draft_is_not_there_for_the_public(session: Session, client: Client, path: str) -> None:
    makers.comment_period(session, slug="draft", published_at=None)
    makers.comment_period(session, slug="later", published_at=NOW + DAY)
    makers.comment_period(session, slug="hidden", docket=makers.docket(session, published_at=None))
    session.commit()

    for slug in ("draft", "later", "hidden", "never-heard-of", "%00"):
        assert client.get(f"/en/periods/{slug}{path}").status_code == 404
    assert page(client.get("/en/periods")).links(".//main//a") == {}


def test_both_languages_of_the_staffs_words_are_there(session: Session, client: Client) -> None:
    makers.comment_period(session, slug="jail", instructions=both("Call **us**."))
    session.commit()

    assert "Call us. (es)" in page(client.get("/es/periods/jail")).text()
    assert "Call us." in page(client.get("/en/periods/jail")).text()
