"""Concerns before and after, on the record of a docket: numbers that lead to their comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.comments.service.analyse import analyse_due
from engage.dockets.models import Docket
from engage.jobs.queue import run_once
from engage.reports.service.count import count_due
from tests.oversight.makers import adopted, indicator
from tests.support import makers
from tests.support.pages import Client, Page, page

RECORD = "/en/dockets/agreement/oversight"
COST = "What will this cost the taxpayers? Overtime is expensive."
MEETING = "We want more public meetings about it."


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = adopted(session)
    indicator(session, docket)
    return docket


def period(session: Session, docket: Docket, slug: str, days_ago: int, *bodies: str) -> CommentPeriod:
    now = utcnow()
    row = makers.comment_period(
        session, docket=docket, slug=slug, title=makers.both(slug.capitalize()),
        published_at=now - timedelta(days=days_ago + 1), opens_at=now - timedelta(days=days_ago),
        closes_at=now - timedelta(days=days_ago - 10),
    )  # fmt: skip
    for body in bodies:
        makers.comment(session, row, body=body)
    return row


def read(session: Session, client: Client, arguments: str = "") -> Page:
    session.commit()
    run_once({"analyse": analyse_due, "count": count_due})
    return page(client.get(RECORD + arguments))


def test_each_number_leads_to_the_comments_of_its_period(
    session: Session, client: Client, docket: Docket
) -> None:
    period(session, docket, "first", 300, COST, COST + " Really.")
    period(session, docket, "second", 30, MEETING, COST)

    shown = read(session, client)

    links = [link for a in shown.all(".//a") if "concern=" in (link := a.get("href", ""))]
    assert "/en/periods/first/comments?concern=cost_resources" in links
    assert "/en/periods/second/comments?concern=cost_resources" in links
    row = next(row for row in shown.all(".//tr") if "Cost" in "".join(row.itertext()))
    cells = " ".join("".join(row.itertext()).split())
    assert "2 (100%, place 1)" in cells
    assert "1 (50%, place" in cells
    assert "−50" not in cells, "of so few comments a difference tells nothing"
    for link in set(links):
        assert client.get(link).status_code == 200


def test_the_reader_picks_the_two_periods(session: Session, client: Client, docket: Docket) -> None:
    for slug, days_ago in (("first", 300), ("second", 200), ("third", 30)):
        period(session, docket, slug, days_ago, COST)

    chosen = read(session, client, "?before=second&after=first")

    assert chosen.fields(".//form[@role='search']") == {"before": "second", "after": "first"}
    # A period of another docket, or one that is not there, is as good as none.
    other = makers.comment_period(session, slug="theirs")
    session.commit()
    assert (
        other.slug
        not in client.get(f"{RECORD}?before=theirs&after=nothing").get_data(as_text=True).split("<main")[1]
    )


def test_one_period_alone_is_not_compared(session: Session, client: Client, docket: Docket) -> None:
    period(session, docket, "first", 300, COST)

    assert "before and after" not in read(session, client).text()


def test_a_draft_of_a_period_is_not_among_them(session: Session, client: Client, docket: Docket) -> None:
    period(session, docket, "first", 300, COST)
    period(session, docket, "second", 30, COST).published_at = None

    assert "Second" not in read(session, client).text()


def test_nothing_is_said_of_what_residents_think_or_of_chance(
    session: Session, client: Client, docket: Docket
) -> None:
    period(session, docket, "first", 300, COST)
    period(session, docket, "second", 30, MEETING)

    said = read(session, client).text().lower()

    assert "a difference says nothing about anybody who did not write" in said
    assert "significant" not in said
