"""What people checked, in the report: shares with a range where there are labels enough."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis.shares import MIN_LABELS
from engage.comments.models import CommentPeriod
from engage.jobs.queue import run_once
from engage.labelling.models import Label, LabelConcern, Sample
from engage.labelling.service import draw_sample, measure_due
from engage.reports.checked import check
from engage.reports.measures import tally_key
from engage.reports.service import count_due
from engage.web.numbers import whole_bounds
from tests.labelling.test_service import measured
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """130 comments, all drawn: the machine finds costs in 40 and opposition in 65, and is right in most."""
    period = makers.comment_period(session)
    comments = []
    for number in range(130):
        suggested = "oppose" if number % 2 else "unclear"
        code = "cost_resources" if number < 40 else "family_unity"
        comments.append(
            makers.comment(session, period, analysis=measured(suggested, code), analysis_due=False)
        )
    draw_sample(session, period, size=200, now=NOON)
    person = makers.user(session, RoleName.CLERK)
    for number, comment in enumerate(comments[:120]):
        label = Label(
            comment_id=comment.id, person_id=person.id, position="oppose" if number % 3 else "support"
        )
        label.concerns = [LabelConcern(code="cost_resources" if number < 50 else "family_unity")]
        session.add(label)
    session.commit()
    run_once({"count": count_due, "measure": measure_due})
    return period


def hrefs(browser: Client, url: str) -> set[str]:
    """Where the links of a page lead."""
    return {link.get("href", "") for link in page(browser.get(url)).all(".//main//a")}


class TestReport:
    def test_tells_the_share_with_its_range(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        told = client.get(f"/en/reports/{period.slug}.json").get_json()["checked"]

        (costs,) = [row for row in told["concerns"] if row["key"] == "cost_resources"]
        assert (costs["count"], costs["percent"], costs["labels"]) == (40, 31, 120)
        assert costs["low_percent"] < costs["checked_percent"] < costs["high_percent"]
        assert 38 < costs["checked_percent"] < 42
        assert (told["labels"], told["drawn_from"], told["posted_since"]) == (120, 130, 0)
        shown = page(client.get(f"/en/reports/{period.slug}")).text()
        assert "read 120 comments, drawn at random" in shown
        assert shown.count("machine-sorted, unverified") == 1  # Where it is said what that means.

    def test_tells_no_range_under_a_hundred_labels(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        for label in session.query(Label).limit(120 - MIN_LABELS + 1):
            session.delete(label)
        session.query(Sample).update({"measure_due": True})
        session.commit()
        run_once({"measure": measure_due})

        told = client.get(f"/en/reports/{period.slug}.json").get_json()["checked"]

        assert told["labels"] == MIN_LABELS - 1
        assert not [row for row in told["concerns"] if row["is_verified"] or row["low_percent"] is not None]
        table = page(client.get(f"/en/reports/{period.slug}")).text()
        assert "machine-sorted, unverified" in table

    def test_says_that_nobody_checked(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period, analysis=measured("oppose", "cost_resources"), analysis_due=False)
        session.commit()
        run_once({"count": count_due})

        english, spanish = (
            page(client.get(f"/{code}/reports/{period.slug}")).text() for code in ("en", "es")
        )

        assert "No random sample has been checked yet, so nobody knows how many" in english
        assert "Nobody has checked" not in spanish

    def test_leads_only_the_staff_to_comments_by_a_suggested_position(
        self, client: Client, sign_in: Callable[..., Client], period: CommentPeriod
    ) -> None:
        url = f"/en/reports/{period.slug}"
        official = sign_in(RoleName.OFFICIAL)
        wanted = f"/en/staff/labels/{period.slug}/suggested/oppose"

        assert wanted in hrefs(official, url)
        assert "65 comments" in page(official.get(wanted)).text(".//h2[@id='found']")
        assert wanted not in hrefs(client, url)

    def test_tells_the_same_in_the_table_for_programs(self, client: Client, period: CommentPeriod) -> None:
        text = client.get(f"/en/reports/{period.slug}.csv").get_data().decode("utf-8-sig")
        rows = {(row["section"], row["key"]): row for row in csv.DictReader(io.StringIO(text))}

        row = rows["checked_concerns", "cost_resources"]
        assert (row["count"], row["base"], row["labels"]) == ("40", "130", "120")
        assert float(row["low_percent"]) < float(row["checked_percent"]) < float(row["high_percent"])
        assert rows["checked_suggestions", "oppose"]["count"] == "65"
        assert rows["checked_suggestions", "oppose"]["comments"] == ""


class TestCheck:
    def test_is_of_those_that_declare_none_and_of_those_that_were_read(self) -> None:
        numbers = {
            tally_key(("suggested",), ("oppose",)): 30,
            tally_key(("suggested",), ("unclear",)): 10,
            tally_key(("concern",), ("family_unity",)): 20,
            tally_key(("tone",), ("unmeasured",)): 5,
        }

        checked = check(numbers, {}, None, posted=105, concerns=["family_unity"])

        assert {row.line.base for row in checked.positions} == {40}
        assert checked.concerns[0].line.base == 100
        assert checked.concerns[0].share.value == 0.2
        assert checked.labels == 0


def test_a_range_in_whole_percent_is_never_narrower_than_it_is() -> None:
    assert whole_bounds(0.2199, 0.2701) == (21, 28)
    assert whole_bounds(0.22, 0.27) == (22, 27)
    assert whole_bounds(0, 1) == (0, 100)
