"""What the county answers and whom it asked, as a report tells and keeps it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis import OTHER
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.lifecycle.models import Stakeholder, StakeholderKind
from engage.lifecycle.outreach import BodyTold, OutreachTold, Standing
from engage.lifecycle.service import hide_body, show_body
from engage.reports.answers import answers_of, changed_answers
from engage.reports.detail import detail
from engage.reports.document import document
from engage.reports.frozen import codec, store
from engage.reports.frozen.codec import dump, load
from engage.reports.frozen.freeze import NOT_OF_COMMENTS, held_back
from engage.reports.inputs import Inputs
from engage.reports.measures import TallyKey
from engage.reports.models import ReportVersion
from engage.reports.report import make_report
from engage.responses.models import Response, ResponseState, ResponseVersion
from engage.responses.told import ToldResponse
from tests.reports.made import NOON, inputs, reader, report_page
from tests.reports.places import busy_period
from tests.reports.test_publish import published, published_period
from tests.support.makers import both
from tests.support.pages import Client, page

OF_COMMENTS = frozenset(
    {
        "counted_at", "uncounted", "numbers", "taxonomy", "districts", "draw", "measures", "themes", "quotes",
        "voices", "repeated", "letters", "meetings", "clauses", "method", "is_held_back",
        "is_read", "is_grouped",
    }
)  # fmt: skip
"""What is counted or chosen of comments, and that by which it is counted."""

ANSWERED = ToldResponse(
    concern="concern_00",
    state=ResponseState.ACCEPTED,
    owner=both("The sheriff"),
    body=Localised("We **agree**.", "De acuerdo."),
    number=1,
    published_at=NOON,
)
LATE = ToldResponse(concern="concern_01", due_on=date(2026, 11, 1), first_due_on=date(2026, 11, 1))
ASKED = OutreachTold(
    bodies=2,
    asked=1,
    answered=1,
    not_reached=(BodyTold(both("The grange"), StakeholderKind.BUSINESS, Standing.NOT_ASKED),),
)


def test_every_input_is_either_of_the_comments_or_new_in_each_version() -> None:
    names = {field.name for field in fields(Inputs)}

    assert names == NOT_OF_COMMENTS | OF_COMMENTS
    assert not NOT_OF_COMMENTS & OF_COMMENTS


def test_answers_are_new_where_comments_are_held_back() -> None:
    before = inputs()
    now = replace(before, answers=(ANSWERED,), outreach=ASKED, numbers={})

    held = held_back(before, now)

    assert held.answers == (ANSWERED,)
    assert held.outreach == ASKED
    assert held.numbers == before.numbers


def test_what_is_kept_is_read_again_as_it_was() -> None:
    kept = inputs(answers=(ANSWERED, LATE), outreach=ASKED)

    assert load(dump(kept)) == kept
    assert load(dump(inputs())) == inputs()


def test_every_concern_is_told_whether_it_is_answered_or_not() -> None:
    given = inputs(answers=(ANSWERED, LATE))

    told = answers_of(given, make_report(given).summary)

    assert (told.total, told.answered, told.overdue) == (3, 1, 1)
    assert [row.overdue for row in told.lines] == [0, (told.today - date(2026, 11, 1)).days, 0]


def test_what_fits_no_concern_is_told_last_and_not_counted_as_one() -> None:
    given = inputs(answers=(replace(ANSWERED, concern=OTHER), replace(LATE, concern="concern_00")))

    told = answers_of(given, make_report(given).summary)

    assert told.lines[-1].line.key == OTHER
    assert (told.total, told.answered, told.overdue) == (len(told.lines) - 1, 0, 1)


def test_what_fits_no_concern_has_no_place_among_them() -> None:
    numbers = {**inputs().numbers, TallyKey("concern", OTHER): 9_999}

    told = [detail(make_report(inputs(numbers=numbers)), code) for code in ("concern_00", OTHER)]

    assert [(one.place, one.of) for one in told if one] == [(1, 3), (4, 3)]


def test_only_answers_that_are_others_have_changed() -> None:
    moved = replace(LATE, due_on=date(2026, 12, 1))

    found = changed_answers(inputs(answers=(LATE,)), inputs(answers=(ANSWERED, moved)))

    assert [(one.concern, one.old, one.new) for one in found] == [
        ("concern_00", None, ANSWERED),
        ("concern_01", LATE, moved),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_document_tells_answers_bodies_and_what_is_hidden(bare_site: Flask, language: str) -> None:
    with reader(bare_site, language):
        told = document(report_page(inputs(answers=(ANSWERED, LATE), outreach=ASKED)))

    assert [row["state"] for row in told["answers"]] == ["accepted", None, None]
    sections = {section["id"]: section for section in told["sections"]}
    assert "The grange" in json.dumps(sections["outreach"])
    rows = [
        row for block in sections["by-traits"]["blocks"] if block["kind"] == "table" for row in block["rows"]
    ]
    for row in rows:
        if row["hidden"]:
            assert row["count"] is None
            assert row["href"] is None
            assert not row["how"]
            assert row["why"]


class TestAPublishedVersion:
    def test_keeps_the_answers_of_its_day(self, session: Session, client: Client) -> None:
        period, _ = published_period(session)
        code = json.loads(client.get(f"/en/reports/{period.slug}.json").data)["concerns"][0]["key"]
        address = f"/en/reports/{period.slug}/1/concerns/{code}"
        assert "has not answered this concern" in page(client.get(address)).text()

        self.answer(session, period, code)

        assert "has not answered this concern" in page(client.get(address)).text()
        live = page(client.get(f"/en/reports/{period.slug}/concerns/{code}")).text()
        assert "We will count the hours." in live
        published(session, period)
        assert "We will count the hours." in page(client.get(address.replace("/1/", "/2/"))).text()
        changes = page(client.get(f"/en/reports/{period.slug}/2/changes")).text(".//main")
        assert "The answers of the county" in changes
        assert "Accepted" in changes

    def test_says_what_is_promised_and_still_not_answered(self, session: Session, client: Client) -> None:
        period, _ = published_period(session)
        day = period.opens_at.date()
        owner = both("The sheriff")
        session.add(
            Response(
                period=period, concern=OTHER, owner=owner, body=Localised(), due_on=day, first_due_on=day
            )
        )
        session.commit()
        published(session, period)

        report = page(client.get(f"/en/reports/{period.slug}/2")).text()
        changes = page(client.get(f"/en/reports/{period.slug}/2/changes")).text(".//main")

        assert "1 answer is overdue. What fits no concern" in report
        assert "Still not answered; promised for" in changes
        assert "Not answered → Not answered" not in changes

    def answer(self, session: Session, period: CommentPeriod, code: str) -> None:
        row = Response(period=period, concern=code, owner=both("The sheriff"), body=Localised())
        session.add(row)
        session.flush()
        session.add(
            ResponseVersion(
                response=row,
                number=1,
                state=ResponseState.ACCEPTED,
                owner=both("The sheriff"),
                body=both("We will count the hours."),
                published_at=period.opens_at + timedelta(hours=1),
            )
        )
        session.commit()

    def test_names_no_body_that_does_not_want_to_be_named_any_more(
        self, session: Session, client: Client
    ) -> None:
        period = busy_period(session, comments=6)
        grange, choir = (
            Stakeholder(
                docket_id=period.docket_id,
                kind=StakeholderKind.BUSINESS,
                name=both(name),
                why=both("It is concerned."),
                languages=["en"],
                published_at=period.opens_at,
            )
            for name in ("The Grange", "The Choir")
        )
        session.add_all((grange, choir))
        session.commit()
        published(session, period)
        address = f"/en/reports/{period.slug}/1"
        assert "The Grange: Not asked" in page(client.get(address)).text()
        before = client.get(f"{address}.json").text

        hide_body(session, grange, NOON.date())
        session.commit()

        told = page(client.get(address)).text()
        assert "The Grange" not in told
        assert "Business: Not asked" in told
        assert "The Choir: Not asked" in told
        assert client.get(f"{address}.json").text == before
        assert "The Grange" not in before
        (version,) = session.scalars(sa.select(ReportVersion))
        assert "Grange" not in codec.unpack(store.stored_inputs(session, version)).decode()
        # Shown again it is another entry for a reader: nobody asked it whether old reports may name it.
        show_body(session, grange, utcnow())
        session.commit()
        assert "The Grange" not in page(client.get(address)).text()

    def test_leads_to_its_own_concerns_files_and_comments(self, session: Session, client: Client) -> None:
        period, _ = published_period(session)

        told = page(client.get(f"/en/reports/{period.slug}/1"))

        hrefs = [link.get("href", "") for link in told.all(".//main//a")]
        own = f"/en/reports/{period.slug}/1"
        assert any(href.startswith(f"{own}/concerns/") for href in hrefs)
        assert not any(f"/{period.slug}/concerns/" in href for href in hrefs)
        for ending in (".pdf", ".csv", ".xlsx", ".json", "/brief.pdf", "/dictionary.csv"):
            assert f"{own}{ending}" in hrefs
        code = next(href for href in hrefs if href.startswith(f"{own}/concerns/"))
        assert client.get(code.partition("#")[0]).status_code == 200

    def test_has_no_concern_that_it_never_looked_for(self, session: Session, client: Client) -> None:
        period, _ = published_period(session, comments=6)

        assert client.get(f"/en/reports/{period.slug}/1/concerns/nothing").status_code == 404
        assert client.get(f"/en/reports/{period.slug}/9/concerns/public_safety").status_code == 404
