"""Clerks write down who lives in the place; readers see it beside the comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.dockets.models import District
from engage.reports.models import CensusShare, Margin
from engage.reports.service.census import record_census
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
URL = "/en/staff/reports/census"
GOOD = {
    "margin": "district",
    "district-people_north": "1200",
    "district-people_south": "",
    "district-source_en": "Census",
    "district-source_es": "Censo",
    "district-source_url": "https://data.example.org/x",
    "district-as_of": "2025-07-01",
}


@pytest.fixture
def clerk(session: Session, sign_in: SignIn) -> Client:
    """A clerk of a place with two districts."""
    session.add_all(
        [
            District(code="north", name=makers.both("North"), position=1),
            District(code="south", name=makers.both("South"), position=2),
        ]
    )
    session.commit()
    return sign_in(RoleName.CLERK)


def post(client: Client, fields: dict[str, str]) -> TestResponse:
    """Send the form with the token that every page of the staff has, and with what was read."""
    token = page(client.get("/en/staff/reports")).fields(".//header//form")["csrf_token"]
    opened = page(client.get(URL))
    seen = {
        box.get("name"): box.get("value")
        for box in opened.all(".//main//input[@type='hidden']")
        if str(box.get("name")).endswith("-seen")
    }
    return client.post(URL, data=seen | fields | {"csrf_token": token})


def kept(session: Session, margin: Margin = Margin.DISTRICT) -> dict[str, int]:
    session.expire_all()
    rows = session.scalars(sa.select(CensusShare).where(CensusShare.margin == margin))
    return {row.key: row.people for row in rows}


class TestCensus:
    def test_is_kept_with_its_source(self, session: Session, clerk: Client) -> None:
        answer = post(clerk, GOOD)

        assert answer.status_code == 303
        assert kept(session) == {"north": 1200}
        row = session.scalars(sa.select(CensusShare)).one()
        assert (row.source.en, row.source.es, row.source_url) == (
            "Census",
            "Censo",
            "https://data.example.org/x",
        )
        assert row.as_of == date(2025, 7, 1)

    def test_is_there_to_be_corrected(self, session: Session, clerk: Client) -> None:
        post(clerk, GOOD)

        shown = page(clerk.get(URL)).fields(".//main//section[1]//form")

        assert shown["district-people_north"] == "1200"
        assert shown["district-source_es"] == "Censo"
        post(clerk, shown | {"district-people_north": "", "district-people_south": "7"})
        assert kept(session) == {"south": 7}

    def test_can_be_emptied(self, session: Session, clerk: Client) -> None:
        post(clerk, GOOD)

        assert post(clerk, GOOD | {"district-people_north": ""}).status_code == 303
        assert kept(session) == {}

    def test_of_one_margin_leaves_the_other(self, session: Session, clerk: Client) -> None:
        post(clerk, GOOD)
        languages = {name.replace("district-", "language-"): value for name, value in GOOD.items()}

        post(clerk, languages | {"margin": "language", "language-people_es": "40"})

        assert kept(session) == {"north": 1200}
        assert kept(session, Margin.LANGUAGE) == {"es": 40}

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"district-people_north": "-1"}, "Write a whole number from 0 to 100,000,000."),
            ({"district-people_north": "100000001"}, "Write a whole number from 0 to 100,000,000."),
            ({"district-people_north": "0"}, "Enter at least one number that is not zero"),
            ({"district-source_en": ""}, "Say where the numbers are from, in English too."),
            ({"district-source_es": ""}, "Say where the numbers are from, in Spanish too."),
            ({"district-as_of": ""}, "Say of which day the numbers are."),
            ({"district-as_of": f"{utcnow().date() + timedelta(days=3)}"}, "This day is still to come."),
            ({"district-source_url": "javascript:alert(1)"}, "Write a link that begins with https://."),
            (
                {"district-source_url": "https://me:secret@example.org"},
                "Write a link that begins with https://.",
            ),
        ],
    )
    def test_is_refused_where_nobody_could_check_it(
        self, session: Session, clerk: Client, wrong: dict[str, str], said: str
    ) -> None:
        answer = post(clerk, GOOD | wrong)

        assert answer.status_code == 422
        assert said in page(answer).text()
        assert kept(session) == {}

    @pytest.mark.parametrize("margin", ["", "nothing", "__class__"])
    def test_of_no_margin_changes_nothing(self, session: Session, clerk: Client, margin: str) -> None:
        assert post(clerk, GOOD | {"margin": margin}).status_code == 200
        assert kept(session) == {}

    def test_that_a_colleague_saved_meanwhile_is_shown_before_it_is_replaced(
        self, session: Session, clerk: Client, sign_in: SignIn
    ) -> None:
        read = page(clerk.get(URL)).fields(".//main//section[1]//form")
        post(sign_in(RoleName.ADMINISTRATOR), GOOD | {"district-people_south": "77"})

        late = post(clerk, read | GOOD)

        assert late.status_code == 422
        assert kept(session) == {"north": 1200, "south": 77}
        assert "Somebody else has saved other figures meanwhile." in page(late).text()
        assert "South: 77" in page(late).text()
        assert post(clerk, page(late).fields(".//main//section[1]//form")).status_code == 303
        session.rollback()
        assert kept(session) == {"north": 1200}

    def test_is_no_business_of_others(self, session: Session, sign_in: SignIn) -> None:
        for role in (RoleName.OFFICIAL, RoleName.MODERATOR, RoleName.HOST):
            assert post(sign_in(role), GOOD).status_code == 403

        assert kept(session) == {}

    def test_is_replaced_as_a_whole(self, session: Session) -> None:
        for people in ({"a": 1, "b": 2}, {"b": 3}):
            record_census(
                session,
                Margin.DISTRICT,
                people,
                source=makers.both("S"),
                source_url=None,
                as_of=date(2025, 1, 1),
            )

        assert kept(session) == {"b": 3}
