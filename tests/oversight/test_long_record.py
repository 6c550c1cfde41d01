"""Many years of figures: no page reads more of them than it shows, and the files have them all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.db.types import Localised
from engage.dockets.models import DocketPhase, PhaseKind
from engage.oversight.figures import stretches_of
from engage.oversight.models import Frequency, Indicator, IndicatorEntry, Unit
from engage.oversight.windows import PAGE_YEARS, window
from engage.web.locale import site_day
from tests.oversight.makers import LONG_AGO, adopted, indicator
from tests.support.makers import both
from tests.support.pages import Client, page

STARTS_ON = date(1988, 1, 1)
RECORD = "/en/dockets/agreement/oversight"
STAFF = "/en/staff/dockets/agreement/oversight"
PAGES = (
    "/en/dockets/agreement",
    "/en/dockets/agreement/phases/monitor_and_evaluate",
    RECORD,
    f"{RECORD}/charges",
    f"{RECORD}/charges?page=2",
    "/feeds/dockets/agreement.atom",
    "/en/staff",
    STAFF,
    f"{STAFF}/charges",
)


@dataclass
class Read:
    """The statements that a request sent, and the rows that they gave."""

    statements: int = 0
    rows: int = 0


@contextmanager
def reading(app: Flask) -> Iterator[Read]:
    read = Read()

    def note(_connection: object, cursor: Any, statement: str, parameters: Any, *_more: object) -> None:
        if statement.startswith("SELECT"):
            read.statements += 1
            asked = f"SELECT count(*) FROM ({statement.removesuffix(' FOR UPDATE')}) AS asked"  # noqa: S608
            read.rows += cursor.connection.cursor().execute(asked, parameters).fetchone()[0]

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "after_cursor_execute", note)
    yield read
    sa.event.remove(engine, "after_cursor_execute", note)


def fill(session: Session, one: Indicator, years: range) -> None:
    """Publish a total of 60 with three categories for every stretch that ends in these years."""
    keys = ["", *(category.key for category in one.categories)]
    session.execute(
        sa.insert(IndicatorEntry),
        [
            {
                "indicator_id": one.id,
                "category": key,
                "first_on": stretch.first_on,
                "last_on": stretch.last_on,
                "hundredths": 2_000 if key else 6_000,
                "method": 1,
                "note": Localised(),
                "published_at": LONG_AGO.replace(year=2000)
                + timedelta(days=stretch.first_on.toordinal() % 9),
            }
            for stretch in stretches_of(one, site_day(utcnow()))
            if stretch.last_on.year in years
            for key in keys
        ],
    )
    session.commit()


@pytest.fixture
def long_record(session: Session) -> list[Indicator]:
    """Two indicators that are measured every month of many years; nothing is published yet."""
    docket = adopted(session)
    session.add(
        DocketPhase(
            docket=docket,
            kind=PhaseKind.MONITOR_AND_EVALUATE,
            position=0,
            title=both("Watch"),
            summary=both("All."),
        )
    )
    made = [
        indicator(session, docket, slug=slug, starts_on=STARTS_ON, frequency=Frequency.MONTH, **more)
        for slug, more in (("charges", {}), ("meetings", {"unit": Unit.EVENTS, "promised": 12}))
    ]
    session.commit()
    return made


def test_no_page_reads_more_of_a_longer_record(
    app: Flask, session: Session, long_record: list[Indicator], sign_in: Callable[..., Client]
) -> None:
    official = sign_in(RoleName.OFFICIAL)
    newest = site_day(utcnow()).year
    found: dict[str, list[Read]] = {url: [] for url in PAGES}

    for years in (range(newest - 11, newest + 1), range(1988, newest - 11)):
        for one in long_record:
            fill(session, one, years)
        for url in PAGES:
            with reading(app) as read:
                assert official.get(url).status_code == 200, url
            found[url].append(read)

    for url, (before, after) in found.items():
        assert (after.statements, after.rows) == (before.statements, before.rows), url
        assert after.rows < 700, url


def test_every_year_is_on_a_page_and_in_the_files(
    client: Client, session: Session, long_record: list[Indicator]
) -> None:
    one, newest = long_record[1], site_day(utcnow()).year
    fill(session, one, range(1988, newest + 1))
    every = stretches_of(one, site_day(utcnow()))
    pages = window(every, PAGE_YEARS[Frequency.MONTH]).pages

    told = [page(client.get(f"{RECORD}/meetings?page={number}")) for number in range(1, pages + 1)]

    months = [row for answer in told for row in answer.all(".//main//table[@id='table']/tbody")]
    assert len(months) == len(every) > 400
    assert len(told[0].all(".//main//table[@id='table']/tbody")) <= 36
    promised = [row for answer in told for row in answer.all(".//main//table//th[@scope='row']")]
    kept = ["".join(row.itertext()).strip() for row in promised]
    assert [year for year in kept if year.isdigit()] == [str(year) for year in range(newest, 1987, -1)]
    assert "page=2" in " ".join(told[0].links().values())
    assert page(client.get(f"{RECORD}/meetings?page=999")).text() == told[-1].text()

    table = client.get(f"{RECORD}/meetings.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["category"] == ""]
    assert [row["from"] for row in rows] == [stretch.first_on.isoformat() for stretch in every]
    content = json.loads(client.get(f"{RECORD}/meetings.json").data)
    assert [row["from"] for row in content["stretches"]] == [row["from"] for row in rows]


def test_what_stands_before_the_years_of_a_page_is_still_counted_and_named(
    client: Client, session: Session, long_record: list[Indicator]
) -> None:
    fill(session, long_record[0], range(1990, 1992))
    late = sum(
        stretch.due_on(Frequency.MONTH) < site_day(utcnow())
        for stretch in stretches_of(long_record[0], site_day(utcnow()))
    )

    told = page(client.get(f"{RECORD}/charges")).text()
    card = page(client.get(RECORD)).text()
    phase = page(client.get("/en/dockets/agreement/phases/monitor_and_evaluate")).text()

    assert f"{late - 24} sets of figures are overdue" in told
    assert f"{late - 24 - 3} more are overdue." in told
    assert "60 people, December 1991" in card
    assert "Charges: 60" in phase
