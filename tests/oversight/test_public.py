"""What everybody reads of a record: the same whatever is hidden, and nothing of a draft."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.dockets.service import record_decision
from engage.meetings.models import MeetingKind
from engage.oversight import queries, service
from engage.oversight.figures import stretches_of
from engage.oversight.files import COLUMNS
from engage.oversight.models import Frequency, Indicator, Unit
from engage.oversight.service import CategoryDraft, EntryDraft
from engage.oversight.values import Below
from engage.web.locale import site_day
from tests.oversight.makers import LONG_AGO, adopted, counts, draft, indicator
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

STARTS_ON = date(2025, 1, 1)
RECORD = "/en/dockets/agreement/oversight"
PAGES = ("", "/charges", ".csv", ".json", "/charges.csv", "/charges.json")


def watched(session: Session, **fields: Any) -> Indicator:
    """An indicator with four stretches of 2025 at least."""
    return indicator(session, starts_on=STARTS_ON, **fields)


def publish(session: Session, one: Indicator, place: int, entry: EntryDraft, *, days: int = 1) -> None:
    """Publish the figures of one stretch, some days after its end."""
    stretch = stretches_of(one, site_day(utcnow()))[place]
    # In the evening of UTC it is the same day in most of America.
    at = LONG_AGO.replace(year=stretch.last_on.year, month=stretch.last_on.month, day=stretch.last_on.day)
    service.publish_entry(session, one, stretch, entry, at + timedelta(days=days))


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


class TestNothingHiddenIsInAnyForm:
    """Two records of which the same is told cannot be told apart, byte by byte, but for ids and keys."""

    def record(self, session: Session, slug: str, felony: int, small: int, few: int) -> None:
        docket = adopted(session, slug=slug, title=both("Agreement"))
        one = watched(session, docket=docket)
        publish(session, one, 0, counts(50, felony, 30, 20 - felony))
        publish(session, one, 1, counts(small, small, 0, 0))
        publish(session, one, 2, counts(80 - few, 40 - few, 20, 20))
        publish(session, one, 2, counts(80, 40, 20, 20, note="Found more."), days=3)

    def normal(self, answer: str, slug: str) -> str:
        answer = answer.replace(slug, "agreement")
        return re.sub(r'nonce="[^"]+"|csrf[^>]+>|[:/]\d+[:/]|tag:[^<]+', "", answer)

    @pytest.fixture
    def alike(self, session: Session) -> tuple[str, str]:
        self.record(session, "agreement-a", 11, 3, 1)
        self.record(session, "agreement-b", 20, 9, 4)
        session.commit()
        return "agreement-a", "agreement-b"

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_on_pages_and_in_files(self, client: Client, alike: tuple[str, str], language: str) -> None:
        for path in PAGES:
            one, other = (
                self.normal(text(client, f"/{language}/dockets/{slug}/oversight{path}"), slug)
                for slug in alike
            )
            assert one == other, path

    def test_in_feeds(self, client: Client, alike: tuple[str, str]) -> None:
        one, other = (self.normal(text(client, f"/feeds/dockets/{slug}.atom"), slug) for slug in alike)

        assert "Figures" in one
        assert one == other

    @pytest.mark.parametrize("role", [RoleName.OFFICIAL, RoleName.CLERK])
    def test_on_the_lists_of_the_staff(
        self, sign_in: Callable[..., Client], alike: tuple[str, str], role: RoleName
    ) -> None:
        client = sign_in(role)
        for path in ("", "/charges"):
            one, other = (
                self.normal(text(client, f"/en/staff/dockets/{slug}/oversight{path}"), slug) for slug in alike
            )
            assert one == other

    def test_not_in_what_tells_whether_a_page_has_changed(
        self, client: Client, alike: tuple[str, str]
    ) -> None:
        for path in PAGES:
            one, other = (client.get(f"/en/dockets/{slug}/oversight{path}") for slug in alike)
            assert one.headers.get("Last-Modified") == other.headers.get("Last-Modified")
            assert one.headers.get("ETag") is None
            assert other.headers.get("ETag") is None

    def test_the_control_what_is_told_can_be_told_apart(self, client: Client, session: Session) -> None:
        self.record(session, "agreement-a", 11, 3, 1)
        self.record(session, "agreement-b", 11, 14, 1)
        session.commit()

        for path in ("/charges", "/charges.csv", "/charges.json"):
            one, other = (
                self.normal(text(client, f"/en/dockets/{slug}/oversight{path}"), slug)
                for slug in ("agreement-a", "agreement-b")
            )
            assert one != other


class TestWhoSeesWhat:
    @pytest.mark.parametrize("path", PAGES)
    def test_a_draft_is_not_there(self, client: Client, session: Session, path: str) -> None:
        service.create_indicator(session, adopted(session), draft())
        session.commit()

        assert client.get(RECORD + path).status_code == 404

    @pytest.mark.parametrize("path", PAGES)
    def test_nor_is_a_record_of_a_docket_that_is_not_shown(
        self, client: Client, session: Session, path: str
    ) -> None:
        docket = adopted(session)
        watched(session, docket=docket)
        docket.published_at = None
        session.commit()

        assert client.get(RECORD + path).status_code == 404

    def test_a_draft_beside_what_is_published_is_in_nothing(self, client: Client, session: Session) -> None:
        docket = adopted(session)
        watched(session, docket=docket)
        service.create_indicator(session, docket, draft("secret", name=both("Secret thing")))
        session.commit()

        for path in ("", ".csv"):
            assert "ecret" not in text(client, RECORD + path)
        assert "ecret" not in text(client, "/en/dockets/agreement")
        assert client.get(f"{RECORD}/secret").status_code == 404
        assert client.get(f"{RECORD}/secret.json").status_code == 404

    def test_an_indicator_is_found_only_under_its_docket(self, client: Client, session: Session) -> None:
        watched(session, docket=adopted(session))
        watched(session, docket=makers.docket(session, slug="other", published_at=LONG_AGO), slug="theirs")
        session.commit()

        assert client.get(f"{RECORD}/theirs").status_code == 404
        assert client.get("/en/dockets/other/oversight/theirs").status_code == 200

    def test_without_a_record_the_docket_says_nothing_of_one(self, client: Client, session: Session) -> None:
        adopted(session)
        session.commit()

        assert "oversight" not in text(client, "/en/dockets/agreement")
        assert "begins only after a yes" in page(client.get(RECORD)).text()


class TestTheRecord:
    def test_tells_what_is_late_and_since_when(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(60, 20, 20, 20))
        session.commit()

        said = page(client.get(RECORD)).text()

        due_on = stretches_of(one, site_day(utcnow()))[1].due_on(Frequency.QUARTER)
        days = (site_day(utcnow()) - due_on).days
        assert f"April to June 2025: should have been published by August 14, 2025: {days} days ago" in said
        assert "overdue" in page(client.get("/en/dockets/agreement")).text()

    def test_says_that_nothing_is_decided_or_what_was(self, client: Client, session: Session) -> None:
        one = watched(session)
        session.commit()
        assert "Nothing is decided on this docket yet" in page(client.get(RECORD)).text()

        record_decision(
            session,
            one.docket,
            decided_on=STARTS_ON,
            decided_by=both("Council"),
            outcome=both("Adopted"),
            reasons=both("Why"),
        )
        session.commit()

        assert "Decided on January 1, 2025: Adopted" in page(client.get(RECORD)).text()

    def test_compares_only_what_was_measured_alike(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(60, 20, 20, 20))
        publish(session, one, 1, counts(75, 35, 20, 20))
        session.commit()
        assert "+15 against the stretch before" in page(client.get(RECORD)).text()

        service.add_method(session, one, both("By a program."), date(2025, 7, 1))
        publish(session, one, 2, counts(90, 50, 20, 20))
        session.commit()

        said = page(client.get(RECORD)).text()
        assert "against the stretch before" not in said
        assert "Measured in a new way" in said
        told = page(client.get(f"{RECORD}/charges"))
        assert "Above: method 2. Below: method 1." in told.text()
        assert len([line for line in told.all(".//{*}line") if line.get("class") == "chart__break"]) == 1
        assert "New method: July to September 2025: 90" in told.text(".//main//{*}desc")

    def test_compares_only_with_the_stretch_before(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(60, 20, 20, 20))
        publish(session, one, 2, counts(90, 50, 20, 20))
        session.commit()

        assert "against the stretch before" not in page(client.get(RECORD)).text()

    @pytest.mark.parametrize("number", [3, 7])
    def test_a_total_without_a_part_is_told_as_such_and_compared_with_no_whole_one(
        self, client: Client, session: Session, number: int
    ) -> None:
        parts = tuple(CategoryDraft(f"part_{place}", both(f"Part {place}")) for place in range(number))
        one = watched(session, unit=Unit.DOLLARS, categories=parts)
        whole = {part.key: 100_00 for part in parts}
        lacking = EntryDraft((number - 1) * 100_00, whole | {"part_0": None}, both("The bill is not here."))
        publish(session, one, 0, EntryDraft(number * 100_00, whole))
        publish(session, one, 1, lacking)
        session.commit()

        said = "Not collected, so perhaps not in the total: Part 0."
        assert said in page(client.get(RECORD)).text()
        assert "against the stretch before" not in page(client.get(RECORD)).text()
        assert "Not the same was collected" in page(client.get(RECORD)).text()
        assert page(client.get(f"{RECORD}/charges")).text().count(said) == 1

        publish(session, one, 2, lacking)
        session.commit()

        assert "±$0 against the stretch before" in page(client.get(RECORD)).text()

    def test_says_what_came_late_and_by_how_much(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(60, 20, 20, 20), days=44)
        publish(session, one, 1, counts(60, 20, 20, 20), days=48)
        session.commit()

        text = page(client.get(f"{RECORD}/charges")).text(".//main//table[@id='table']")
        assert text.count("days late") == 1
        assert "3 days late" in text

    def test_tells_of_a_fiscal_year_and_of_few(self, client: Client, session: Session) -> None:
        one = indicator(session, frequency=Frequency.YEAR, first_month=7, starts_on=date(2024, 7, 1))
        publish(session, one, 0, EntryDraft(60_00, {"felony": 52_00, "misdemeanor": Below(10), "traffic": 0}))
        session.commit()

        told = page(client.get(f"{RECORD}/charges")).text()
        assert "July 2024 to June 2025" in told
        assert "by years that begin in July" in told
        assert "Fewer than 10" in told
        assert "52" not in told
        assert "julio 2024 a junio 2025" in page(client.get(f"/es{RECORD[3:]}/charges")).text().lower()
        table = list(csv.DictReader(io.StringIO(client.get(f"{RECORD}/charges.csv").text)))
        assert {(row["category"], row["state"], row["fewer_than"]) for row in table if row["category"]} >= {
            ("misdemeanor", "below", "10"),
            ("felony", "hidden", ""),
        }

    def test_counts_meetings_of_this_site_and_leads_to_them(self, client: Client, session: Session) -> None:
        docket = adopted(session)
        one = watched(session, docket=docket, slug="meetings", unit=Unit.EVENTS, categories=(), promised=4)
        for month, kind in (
            (2, MeetingKind.STEERING_COMMITTEE),
            (3, MeetingKind.HEARING),
            (3, MeetingKind.WORKSHOP),
        ):
            makers.meeting(
                session, docket_id=docket.id, kind=kind, slug=f"{kind}-{month}",
                starts_at=LONG_AGO.replace(month=month), published_at=LONG_AGO,
            )  # fmt: skip
        first, second = stretches_of(one, site_day(utcnow()))[:2]
        held = queries.meetings_in(session, docket, [first, second], utcnow())
        assert [meeting.slug for meeting in held[first]] == ["steering_committee-2", "hearing-3"]
        assert second not in held
        for place, n in enumerate((2, 0, 0, 0)):
            publish(session, one, place, EntryDraft(100 * n, note=service.MEETINGS_NOTE))
        session.commit()

        told = page(client.get(f"{RECORD}/meetings"))

        assert "/en/meetings/hearing-3" in told.links().values()
        assert "Fewer than promised" in told.text()
        assert told.text().count("None, though promised") == 4

    def test_corrections_stay_to_be_read(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(60, 20, 20, 20))
        publish(session, one, 0, counts(75, 35, 20, 20, note="A sheet was missing."), days=10)
        publish(session, one, 1, counts(60, 20, 20, 20))
        publish(session, one, 1, counts(61, 21, 20, 20, note="One more."), days=10)
        session.commit()

        said = page(client.get(f"{RECORD}/charges")).text()

        assert "Total: 75. A sheet was missing." in said
        assert "Total: 60." in said
        assert "not told, because both figures together would tell of fewer than ten" in said


class TestFiles:
    def test_a_table_tells_every_value_or_why_there_is_none(self, client: Client, session: Session) -> None:
        one = watched(session)
        publish(session, one, 0, counts(50, 12, 30, 8))
        publish(session, one, 1, counts(None, None, None, None, note="Lost."))
        session.commit()

        rows = list(csv.DictReader(io.StringIO(text(client, f"{RECORD}/charges.csv").lstrip("\ufeff"))))

        assert tuple(rows[0]) == COLUMNS
        first = {row["category"]: (row["value"], row["state"]) for row in rows if row["from"] == "2025-01-01"}
        assert first == {
            "": ("50", "told"),
            "felony": ("", "hidden"),
            "misdemeanor": ("30", "told"),
            "traffic": ("", "hidden"),
        }
        assert {row["state"] for row in rows if row["from"] == "2025-04-01"} == {"not_collected"}
        assert {row["state"] for row in rows if row["from"] == "2025-07-01"} == {"not_published"}

    def test_no_cell_is_a_formula(self, client: Client, session: Session) -> None:
        one = watched(session, name=both("=HYPERLINK(1)"))
        publish(session, one, 0, counts(None, None, None, None, note="@SUM(A1)"))
        session.commit()

        cells = [
            cell
            for row in csv.reader(io.StringIO(text(client, f"{RECORD}.csv").lstrip("\ufeff")))
            for cell in row
        ]

        assert "'=HYPERLINK(1)" in cells
        assert "'@SUM(A1)" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]

    def test_every_column_is_explained(self, client: Client, session: Session) -> None:
        watched(session)
        session.commit()

        rows = list(csv.DictReader(io.StringIO(text(client, f"{RECORD}/dictionary.csv").lstrip("\ufeff"))))

        assert tuple(row["column"] for row in rows) == COLUMNS
        assert all(row["meaning"] for row in rows)

    def test_programs_are_told_what_it_means_and_how_it_was_measured(
        self, client: Client, session: Session
    ) -> None:
        one = watched(session)
        publish(session, one, 0, counts(50, 12, 30, 8))
        session.commit()

        told = json.loads(text(client, f"{RECORD}/charges.json"))

        assert told["licence"] == "CC0-1.0"
        assert told["indicator"]["methods"][0]["text"]["en"] == "Counted by hand."
        assert told["stretches"][0]["current"]["values"] == {
            "total": {"state": "told", "value": 50},
            "felony": {"state": "hidden"},
            "misdemeanor": {"state": "told", "value": 30},
            "traffic": {"state": "hidden"},
        }

    def test_the_whole_record_is_one_file_of_the_same(self, client: Client, session: Session) -> None:
        docket = adopted(session)
        for slug in ("charges", "stops"):
            publish(session, watched(session, docket=docket, slug=slug), 0, counts(50, 12, 30, 8))
        session.commit()

        whole = json.loads(text(client, f"{RECORD}.json"))

        assert [one["slug"] for one in whole["indicators"]] == ["charges", "stops"]
        for one in whole["indicators"]:
            alone = json.loads(text(client, f"{RECORD}/{one['slug']}.json"))
            assert one == alone["indicator"] | {"stretches": alone["stretches"]}
            assert (whole["docket"], whole["limits"]) == (alone["docket"], alone["limits"])

    def test_texts_of_the_staff_run_nowhere(self, client: Client, session: Session) -> None:
        evil = both("<script>alert(1)</script>")
        one = watched(session, name=evil, definition=evil, source=evil, owner=evil, method=evil)
        publish(session, one, 0, counts(None, None, None, None, note=evil.en))
        session.commit()

        for path in ("", "/charges"):
            assert "<script>alert" not in text(client, RECORD + path)
