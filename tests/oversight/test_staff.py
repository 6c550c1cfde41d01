"""Officials and clerks write the record: typed, looked at as residents will read it, published."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.meetings.models import MeetingKind
from engage.oversight import queries, service
from engage.oversight.figures import stretches_of
from engage.oversight.models import Indicator, IndicatorEntry, Unit
from engage.oversight.service.importing import LARGEST_FILE, MOST_LINES
from engage.web.locale import site_day
from tests.oversight.makers import LONG_AGO, adopted, counts, draft
from tests.oversight.test_public import STARTS_ON, publish, watched
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

STAFF = "/en/staff/dockets/agreement/oversight"
FIRST = f"{STAFF}/charges/2025-01-01"
NEW = {
    "name_en": "Calls",
    "name_es": "Llamadas",
    "definition_en": "Calls for help.",
    "definition_es": "Llamadas de auxilio.",
    "unit": "events",
    "frequency": "month",
    "starts_on": "2025-01-01",
    "source_en": "Dispatch",
    "source_es": "Despacho",
    "owner_en": "Sheriff",
    "owner_es": "Alguacil",
    "method_en": "Counted.",
    "method_es": "Contadas.",
    "slug": "calls",
    "categories": "By day | De día\nBy night | De noche",
}


@pytest.fixture
def official(sign_in: Callable[..., Client]) -> Client:
    return sign_in(RoleName.OFFICIAL)


@pytest.fixture
def charges(session: Session) -> Indicator:
    one = watched(session)
    session.commit()
    return one


def values(session: Session) -> list[tuple[str, int | None]]:
    session.rollback()
    rows = session.scalars(sa.select(IndicatorEntry).order_by(IndicatorEntry.id))
    return [(row.category, row.hundredths) for row in rows]


def told(answer: TestResponse) -> str:
    return page(answer).text()


class TestIndicators:
    def test_one_is_drafted_changed_and_published(self, official: Client, session: Session) -> None:
        docket = adopted(session)
        session.commit()

        answer = official.send(f"{STAFF}/new", **NEW)
        assert answer.status_code == 303
        official.send(f"{STAFF}/calls/edit", name_en="Calls for help", categories="")
        assert (
            official.post(f"{STAFF}/calls/publish", data={"csrf_token": official.csrf_token()}).status_code
            == 303
        )

        made = queries.get_indicator(session, docket, "calls")
        assert (made.name.en, made.unit, made.categories) == ("Calls for help", Unit.EVENTS, [])
        assert made.published_at is not None
        assert official.get("/en/dockets/agreement/oversight/calls").status_code == 200

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"name_en": "", "name_es": ""}, "Write a name"),
            ({"source_url": "javascript:alert(1)"}, "Write a whole address"),
            ({"source_url": "https:///x"}, "Write a whole address"),
            ({"categories": "Felony"}, "write English | Spanish"),
            ({"categories": "A | B\nA | C"}, "the same English name"),
            ({"categories": "?? | ¿?"}, "the same English name"),
            ({"slug": "import"}, "has this address"),
            ({"slug": "Über"}, "small letters"),
            ({"unit": "souls"}, "Not a valid choice"),
            ({"promised": "-1"}, "from 1 to 1,000"),
            ({"starts_on": "0226-01-01"}, "Check the year"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(
        self, official: Client, session: Session, wrong: dict[str, str], message: str
    ) -> None:
        adopted(session)
        session.commit()

        answer = official.send(f"{STAFF}/new", **NEW | wrong)

        assert answer.status_code == 422
        assert message in told(answer)

    def test_what_no_form_asks_for_is_ignored(self, official: Client, session: Session) -> None:
        docket = adopted(session)
        other = makers.docket(session)
        session.commit()

        official.send(
            f"{STAFF}/new", **NEW, published_at="2025-01-01", docket_id=str(other.id), position="9", id="77"
        )

        made = queries.get_indicator(session, docket, "calls")
        assert (made.published_at, made.position) == (None, 0)
        assert made.id != 77

    def test_the_standard_set_is_drafted(self, official: Client, session: Session) -> None:
        docket = adopted(session)
        session.commit()

        answer = official.send(STAFF, starts_on="2026-01-01")

        assert answer.status_code == 303
        assert len(queries.indicators(session, docket)) == 16
        assert "16 drafts were added" in page(official.get(STAFF)).text(".//body")
        assert official.get("/en/dockets/agreement/oversight").status_code == 404

    def test_a_draft_that_is_half_written_says_why_it_is_not_published(
        self, official: Client, session: Session
    ) -> None:
        docket = adopted(session)
        half = draft(owner=Localised("Sheriff", ""))
        service.create_indicator(session, docket, half)
        session.commit()

        official.post(f"{STAFF}/charges/publish", data={"csrf_token": official.csrf_token()})

        assert "in English and in Spanish first" in page(official.get(f"{STAFF}/charges")).text(".//body")

    def test_a_draft_is_thrown_away_and_a_published_one_is_not(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        service.create_indicator(session, charges.docket, draft("unwanted"))
        session.commit()
        for slug in ("unwanted", "charges"):
            official.post(f"{STAFF}/{slug}/drop", data={"csrf_token": official.csrf_token()})

        session.rollback()
        assert [one.slug for one in queries.indicators(session, charges.docket)] == ["charges"]

    def test_a_published_one_is_ended_or_measured_otherwise_and_not_edited(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        assert official.get(f"{STAFF}/charges/edit").status_code == 303
        answer = official.send(
            f"{STAFF}/charges/method",
            valid_from="2025-04-01",
            text_en="By a program.",
            text_es="Con un programa.",
        )
        assert answer.status_code == 303
        assert official.send(f"{STAFF}/charges/end", ended_on="2024-01-01").status_code == 422
        assert official.send(f"{STAFF}/charges/end", ended_on="2999-01-01").status_code == 422
        assert official.send(f"{STAFF}/charges/end", ended_on="2025-06-30").status_code == 303

        said = told(official.get("/en/dockets/agreement/oversight/charges"))
        assert "Method 2, from April 1, 2025" in said
        assert "Measured until June 30, 2025" in said


class TestFigures:
    TYPED: ClassVar[dict[str, str]] = {"total": "50", "part_0": "12", "part_1": "30", "part_2": "8"}

    def test_are_looked_at_before_they_are_published(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        looked = official.send(FIRST, **self.TYPED, step="look")

        assert looked.status_code == 200
        rows = ["".join(row.itertext()).split() for row in page(looked).all(".//main//tbody/tr")]
        assert [row for row in rows if row[0] == "Traffic"] == [["Traffic", "8", "Not", "told"]]
        assert [row for row in rows if row[0] == "Felony"] == [["Felony", "12", "Not", "told"]]
        assert [row for row in rows if row[0] == "Misdemeanor"] == [["Misdemeanor", "30", "30"]]
        assert values(session) == []

        answer = official.post(FIRST, data=page(looked).fields() | {"step": "publish"})

        assert answer.status_code == 303
        assert values(session) == [("", 5000), ("felony", 1200), ("misdemeanor", 3000), ("traffic", 800)]

    def test_can_be_changed_once_more(self, official: Client, session: Session, charges: Indicator) -> None:
        looked = page(official.send(FIRST, **self.TYPED, note_en="N", note_es="N", step="look"))

        again = official.post(FIRST, data=looked.fields() | {"step": "edit"})

        assert again.status_code == 200
        assert {name: page(again).fields()[name] for name in self.TYPED} == self.TYPED
        assert values(session) == []

    def test_sent_twice_are_published_once(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        for _ in range(2):
            assert official.send(FIRST, **self.TYPED, step="publish").status_code == 303

        assert len(values(session)) == 4

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"total": "1251"}, "The categories add up to 50, and the total is 1,251"),
            (
                {"part_2": "<10", "total": "55"},
                "The categories add up to between 42 and 51, and the total is 55",
            ),
            ({"part_0": "1.5"}, "Felony: This is counted in whole numbers"),
            ({"part_0": "=1"}, "Felony: Write a number such as"),
            ({"part_0": ""}, "why a number was not collected"),
            ({"note_en": "Only English"}, "Write the note in English and in Spanish"),
            ({"last_on": "2025-04-30"}, "was changed meanwhile"),
        ],
    )
    def test_what_does_not_fit_is_told_and_kept_in_the_form(
        self, official: Client, session: Session, charges: Indicator, typed: dict[str, str], message: str
    ) -> None:
        answer = official.send(FIRST, **self.TYPED | typed, step="publish")

        assert answer.status_code == 422
        assert message in told(answer)
        assert page(answer).fields()["part_1"] == "30"
        assert values(session) == []

    def test_a_correction_begins_with_what_is_published_and_warns_of_small_differences(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        publish(session, charges, 0, counts(60, 20, 20, 20))
        session.commit()
        opened = page(official.get(FIRST)).fields()
        assert (opened["total"], opened["part_0"]) == ("60", "20")
        assert "unless both together would tell of fewer than ten" in told(official.get(FIRST))
        note = {"note_en": "One was missed.", "note_es": "Faltaba una."}

        assert "why the figure is corrected" in told(official.send(FIRST, total="", part_0="21", step="look"))
        looked = official.send(FIRST, total="", part_0="21", **note, step="look")

        assert "The earlier figures will not be shown any more" in told(looked)
        assert "never taken back" not in told(looked)
        looked = official.send(FIRST, total="", part_0="31", **note, step="look")
        assert "The earlier figures will not be shown any more" not in told(looked)
        assert "never taken back" in told(looked)

    def test_what_somebody_else_has_published_meanwhile_is_shown_before_it_is_corrected(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        mine = page(official.get(FIRST)).fields() | self.TYPED | {"step": "publish"}
        mine |= {"note_en": "Mine.", "note_es": "Mía."}
        publish(session, charges, 0, counts(90, 30, 30, 30))
        session.commit()

        refused = official.post(FIRST, data=mine)

        assert refused.status_code == 422
        assert "Somebody else has published" in told(refused)
        assert "Total: 90" in told(refused)
        assert page(refused).fields()["total"] == "50"
        assert official.post(FIRST, data=page(refused).fields() | {"step": "publish"}).status_code == 303

    def test_of_a_stretch_that_is_not_over_or_is_none_have_no_form(
        self, official: Client, charges: Indicator
    ) -> None:
        for first_on in ("2099-01-01", "2025-01-02", "nothing", "2025-1-1"):
            assert official.get(f"{STAFF}/charges/{first_on}").status_code == 404

    def test_a_share_is_asked_of_how_many_it_is(self, official: Client, session: Session) -> None:
        watched(session, slug="share", unit=Unit.PERCENT, categories=())
        session.commit()
        url = f"{STAFF}/share/2025-01-01"

        assert "Write of how many" in told(official.send(url, total="50", step="publish"))
        assert "fewer than 10" in told(official.send(url, total="50", base="12", step="publish"))
        assert official.send(url, total="50%", base="120", step="publish").status_code == 303

    def test_meetings_of_this_site_can_be_counted(self, official: Client, session: Session) -> None:
        docket = adopted(session)
        watched(session, docket=docket, slug="meetings", unit=Unit.EVENTS, categories=())
        makers.meeting(
            session, docket_id=docket.id, kind=MeetingKind.STEERING_COMMITTEE, published_at=LONG_AGO,
            starts_at=LONG_AGO.replace(month=2),
        )  # fmt: skip
        session.commit()
        url = f"{STAFF}/meetings/2025-01-01"
        link = page(official.get(url)).links()[
            "Count the steering meetings and hearings that this site has for this stretch"
        ]

        assert official.send(link, step="publish").status_code == 303

        assert values(session) == [("", 100)]
        assert "Counted from the meetings on this site." in told(
            official.get("/en/dockets/agreement/oversight/meetings")
        )

    def test_of_a_draft_are_not_published(self, official: Client, session: Session) -> None:
        service.create_indicator(session, adopted(session), draft(starts_on=STARTS_ON))
        session.commit()

        answer = official.send(FIRST, **self.TYPED, step="publish")

        assert answer.status_code == 422
        assert "Publish the indicator first" in told(answer)


HEAD = "indicator,from,to,category,value,note_en,note_es,base\n"
GOOD = HEAD + (
    "charges,2025-01-01,2025-03-31,,50,,,\n"
    "charges,2025-01-01,2025-03-31,felony,12,,,\n"
    "charges,2025-01-01,2025-03-31,misdemeanor,30,,,\n"
    "charges,2025-01-01,2025-03-31,traffic,8,,,\n"
    "charges,2025-04-01,2025-06-30,,,Lost.,Se perdió.,\n"
)


class TestTables:
    def send(self, client: Client, content: str | bytes) -> TestResponse:
        raw = content if isinstance(content, bytes) else content.encode()
        typed: dict[str, Any] = {"file": (io.BytesIO(raw), "figures.csv"), "csrf_token": client.csrf_token()}
        return client.post(f"{STAFF}/import", data=typed, content_type="multipart/form-data")

    def test_are_shown_before_anything_is_published(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        looked = self.send(official, GOOD)

        assert looked.status_code == 200
        assert "Charges: January to March 2025" in told(looked)
        assert "Not told" in told(looked)
        assert values(session) == []

        answer = official.post(f"{STAFF}/import/confirm", data=page(looked).fields())

        assert answer.status_code == 303
        assert len(values(session)) == 8
        assert "holds nothing that is not published already" in told(self.send(official, GOOD))

    @pytest.mark.parametrize(
        ("lines", "where"),
        [
            (
                "nothing,2025-01-01,2025-03-31,,1,,,\n",
                "Row 2, column “indicator”: The docket has no indicator",
            ),
            ("charges,1.1.25,2025-03-31,,1,,,\n", "Row 2, column “from”: Write a day"),
            ("charges,2025-01-01,soon,,1,,,\n", "Row 2, column “to”: Write a day"),
            (
                "charges,2025-01-01,2025-03-31,theft,1,,,\n",
                "Row 2, column “category”: The indicator has no such",
            ),
            ("charges,2025-01-01,2025-03-31,,many,,,\n", "Row 2, column “value”: Write a number"),
            (
                "charges,2025-01-01,2025-02-28,,50,N,N,\n",
                "Row 2, column “from”: This stretch of time is not one",
            ),
            (
                "charges,2025-01-01,2025-03-31,,50,N,,\n",
                "Row 2, column “from”: Write the note in English and",
            ),
            (
                "charges,2025-01-01,2025-03-31,,50,,,\n" * 2,
                "Row 3, column “category”: This stretch has a line",
            ),
            ("charges,2025-01-01,2025-03-31,,50,,,x\n", "Row 2, column “base”: Write a whole number"),
            ("charges,2025-01-01,2025-03-31,,50,,,,,,\n", "Row 2: This line has more cells"),
            (
                "charges,2025-01-01,2025-03-31,,10,N,N,\ncharges,2025-01-01,2025-03-31,felony,20,,,\n",
                "Row 2, column “value”: The categories add up to 20",
            ),
            ('charges,2025-01-01,2025-03-31,,"5"0,,,\n', "Row 2: This line is no CSV"),
        ],
    )
    def test_tell_mistakes_by_row_and_column_and_publish_nothing(
        self, official: Client, session: Session, charges: Indicator, lines: str, where: str
    ) -> None:
        answer = self.send(official, HEAD + lines)

        assert answer.status_code == 422
        assert where in told(answer)
        assert "Publish" not in [button.text for button in page(answer).all(".//main//button")]

    def test_take_what_a_source_says_of_few(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        looked = self.send(
            official,
            HEAD + "charges,2025-01-01,2025-03-31,,60,,,\n"
            "charges,2025-01-01,2025-03-31,felony,50,,,\n"
            "charges,2025-01-01,2025-03-31,misdemeanor,<10,,,\n"
            "charges,2025-01-01,2025-03-31,traffic,menos de 10,,,\n",
        )

        assert looked.status_code == 200
        assert told(looked).count("Fewer than 10") == 4
        assert official.post(f"{STAFF}/import/confirm", data=page(looked).fields()).status_code == 303
        session.rollback()
        below = sa.select(IndicatorEntry.below).where(IndicatorEntry.below.is_not(None))
        assert session.scalars(below).all() == [10, 10]
        form = page(official.get(FIRST)).fields()
        assert (form["part_1"], form["total"]) == ("<10", "60")

    @pytest.mark.parametrize(
        ("first", "second", "where"),
        [
            (
                ",,50,A,B,",
                ",felony,20,C,D,",
                "Row 3, column “note_en”: Another line of this stretch has another",
            ),
            (
                ",,50,A,B,9",
                ",felony,20,,,8",
                "Row 3, column “base”: Another line of this stretch has another",
            ),
            (",,50," + "x" * 2001 + ",B,", ",felony,20,,,", "Row 2, column “note_en”: Write at most 2,000"),
        ],
    )
    def test_lose_no_note_without_a_word(
        self, official: Client, charges: Indicator, first: str, second: str, where: str
    ) -> None:
        stretch = "charges,2025-01-01,2025-03-31"

        answer = self.send(official, f"{HEAD}{stretch}{first}\n{stretch}{second}\n")

        assert answer.status_code == 422
        assert where in told(answer)

    @pytest.mark.parametrize(
        ("head", "where"),
        [
            ("indicator,from,to,category\n", "Row 1, column “value”: This column is missing"),
            ("indicator,from,to,category,value,id\n", "Row 1, column “id”: This column is not known"),
            (
                "indicator,from,to,category,value,value\n",
                "Row 1, column “value”: This column is not known, or",
            ),
        ],
    )
    def test_have_the_known_columns(
        self, official: Client, charges: Indicator, head: str, where: str
    ) -> None:
        assert where in told(self.send(official, head))

    def test_are_bounded(self, official: Client, session: Session, charges: Indicator) -> None:
        line = "charges,2025-01-01,2025-03-31,,1,,,\n"

        assert "at most 300 kB" in told(self.send(official, "x" * (LARGEST_FILE + 1)))
        many = told(self.send(official, HEAD + line * (MOST_LINES + 10)))
        assert many.count("has a line for it already") <= 50
        assert f"at most {MOST_LINES:,}" in told(
            self.send(official, HEAD + "\n" * MOST_LINES + line)
        ).replace(f"most {MOST_LINES}", f"most {MOST_LINES:,}")
        assert "not UTF-8" in told(self.send(official, b"indicator\xff"))
        assert values(session) == []

    def test_confirmed_are_checked_once_more(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        typed = {
            "text": HEAD + "charges,2025-01-01,2025-03-31,,many,,,\n",
            "csrf_token": official.csrf_token(),
        }

        assert official.post(f"{STAFF}/import/confirm", data=typed).status_code == 422
        assert official.post(f"{STAFF}/import/confirm", data=typed | {"text": ""}).status_code == 422
        assert values(session) == []

    def test_are_shown_again_where_somebody_has_published_meanwhile(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        looked = page(self.send(official, GOOD.replace("50,,,", "50,Mine.,Mía.,"))).fields()
        publish(session, charges, 0, counts(90, 30, 30, 30))
        session.commit()

        again = official.post(f"{STAFF}/import/confirm", data=looked)

        assert again.status_code == 409
        assert "Somebody else has published" in told(again)
        assert len(values(session)) == 4
        assert official.post(f"{STAFF}/import/confirm", data=page(again).fields()).status_code == 303
        assert len(values(session)) == 12

    def test_reach_no_indicator_of_another_docket(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        watched(session, docket=makers.docket(session, slug="other", published_at=LONG_AGO), slug="theirs")
        session.commit()

        answer = self.send(official, HEAD + "theirs,2025-01-01,2025-03-31,,50,,,\n")

        assert "Row 2, column “indicator”" in told(answer)

    def test_say_which_stretches_they_correct(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        publish(session, charges, 0, counts(60, 20, 20, 20))
        session.commit()

        assert "why the figure is corrected" in told(self.send(official, GOOD))
        noted = GOOD.replace(",,50,,,", ",,50,Recounted.,Se volvió a contar.,")
        assert "Correction Recounted." in told(self.send(official, noted))


class TestElsewhere:
    @pytest.mark.parametrize("role", [RoleName.HOST, RoleName.MODERATOR])
    def test_who_does_not_write_the_record_sees_nothing_of_its_work(
        self, sign_in: Callable[..., Client], charges: Indicator, role: RoleName
    ) -> None:
        client = sign_in(role)

        assert "oversight" not in client.get("/en/staff").get_data(as_text=True)
        assert client.get(STAFF).status_code == 403

    def test_who_does_begins_with_what_is_late(self, official: Client, charges: Indicator) -> None:
        begin = page(official.get("/en/staff"))

        assert "Figures to publish" in begin.text()
        assert f"{STAFF}/charges" in begin.links().values()

    def test_who_does_finds_the_record_of_every_docket_in_the_menu(
        self, official: Client, charges: Indicator
    ) -> None:
        begin = page(official.get("/en/staff"))

        listed = page(official.get(begin.links()["Records"]))

        assert STAFF in listed.links(".//main//a").values()

    def test_figures_of_a_hidden_number_stand_only_in_the_form(
        self, official: Client, session: Session, charges: Indicator
    ) -> None:
        stretch = stretches_of(charges, site_day(utcnow()))[0]
        service.publish_entry(
            session, charges, stretch, counts(7, 3, 2, 2), LONG_AGO.replace(year=2025, month=4)
        )
        session.commit()

        listed = told(official.get(f"{STAFF}/charges"))
        assert "January to March 2025 Not told" in listed
        assert page(official.get(FIRST)).fields()["total"] == "7"


@pytest.mark.parametrize("typed", ["2026-02-31", "soon"])
@pytest.mark.parametrize(
    ("url", "field"),
    [
        (f"{STAFF}/new", "starts_on"),
        (f"{STAFF}/charges/method", "valid_from"),
        (f"{STAFF}/charges/end", "ended_on"),
        (STAFF, "starts_on"),
    ],
)
def test_a_day_that_is_none_is_told_at_its_field(
    official: Client, charges: Indicator, url: str, field: str, typed: str
) -> None:
    answer = official.send(url, **{field: typed})

    assert answer.status_code == 422
    assert page(answer).field(field).get("aria-invalid") == "true"


def test_a_method_does_not_begin_centuries_away(official: Client, charges: Indicator) -> None:
    answer = official.send(f"{STAFF}/charges/method", valid_from="2925-01-01", text_en="A", text_es="B")

    assert answer.status_code == 422
    assert "Check the year of this day." in told(answer)


class TestTwoOfThem:
    def test_a_draft_that_was_changed_meanwhile_is_shown_before_it_is_overwritten(
        self, official: Client, session: Session
    ) -> None:
        one = service.create_indicator(session, adopted(session), draft("calls", name=both("Calls")))
        session.commit()
        url = f"{STAFF}/calls/edit"
        mine = page(official.get(url)).fields() | {"name_en": "Mine"}
        service.change_indicator(session, one, draft("calls", name=both("Theirs"), promised=7))
        session.commit()

        answer = official.post(url, data=mine)

        assert answer.status_code == 422
        assert "Somebody else has changed this draft meanwhile" in told(answer)
        assert "Theirs" in told(answer)
        assert page(answer).fields()["name_en"] == "Mine"
        session.refresh(one)
        assert one.name.en == "Theirs"
        session.rollback()
        assert official.post(url, data=page(answer).fields()).status_code == 303
        session.refresh(one)
        assert one.name.en == "Mine"

    def test_what_was_not_read_is_not_published_for_good(self, official: Client, session: Session) -> None:
        one = service.create_indicator(session, adopted(session), draft("calls"))
        session.commit()
        form = f".//form[@action='{STAFF}/calls/publish']"
        mine = page(official.get(f"{STAFF}/calls")).fields(form)
        service.change_indicator(session, one, draft("calls", definition=both("Something else")))
        session.commit()

        official.post(f"{STAFF}/calls/publish", data=mine)

        assert "meanwhile" in page(official.get(f"{STAFF}/calls")).text(".")
        session.refresh(one)
        assert one.published_at is None
        session.rollback()
        official.post(f"{STAFF}/calls/publish", data=page(official.get(f"{STAFF}/calls")).fields(form))
        session.refresh(one)
        assert one.published_at is not None
