"""Results: told to whom they may be told, of how many, with small groups left out, from one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback.lines import Line, months_text, range_text, share_text
from engage.feedback.models import BoxedAnswer, FeedbackForm, FormResult, ResultsShown
from engage.feedback.results import Cell, QuestionResult, Results, to_json
from engage.feedback.service.publish import publish_version
from engage.survey import surveyjs
from engage.web.numbers import count_said, decimal_said, percent_said
from tests.feedback.tables import TOTAL, counted_form, crossed_form, everything, results
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
PUBLIC_PATHS = ("results", "results/tables", "results/tables?all=1", "results.csv", "results.json")
STAFF_PATHS = ("results", "results/tables?all=1", "results.csv", "results.json")


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the site sends to its database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def hidden_until_close(session: Session, **fields: Any) -> FeedbackForm:
    return counted_form(session, results=ResultsShown.AT_CLOSE, **fields)


class TestWhoReadsThem:
    @pytest.mark.parametrize("path", PUBLIC_PATHS)
    def test_everybody_while_they_are_live(self, session: Session, client: Client, path: str) -> None:
        form = counted_form(session)
        session.commit()

        assert client.get(f"/en/forms/{form.slug}/{path}").status_code == 200

    @pytest.mark.parametrize("path", PUBLIC_PATHS[1:])
    def test_nobody_of_the_public_before_the_close_by_any_way(
        self, session: Session, client: Client, path: str
    ) -> None:
        form = hidden_until_close(session)
        session.commit()

        answer = client.get(f"/en/forms/{form.slug}/{path}", headers={"If-None-Match": "*"})

        assert answer.status_code == 404
        assert "180" not in answer.get_data(as_text=True)

    def test_the_page_says_when_they_will_be_shown(self, session: Session, client: Client) -> None:
        form = hidden_until_close(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        assert "They are shown when the form has closed, on" in told.text()
        assert not told.all(".//main//{*}svg[@role='img']")

    @pytest.mark.parametrize("closes_at", [None, utcnow() + timedelta(days=3)])
    def test_before_it_opens_it_says_that_too(self, session: Session, client: Client, closes_at: Any) -> None:
        live = counted_form(session, opens_at=utcnow() + timedelta(days=1), closes_at=closes_at)
        later = hidden_until_close(session, opens_at=utcnow() + timedelta(days=1), closes_at=closes_at)
        session.commit()

        assert "The form opens on" in page(client.get(f"/en/forms/{live.slug}/results")).text()
        assert "when the form has closed" in page(client.get(f"/en/forms/{later.slug}/results")).text()

    def test_everybody_after_the_close(self, session: Session, client: Client) -> None:
        form = hidden_until_close(session, closes_at=utcnow() - timedelta(hours=1))
        session.commit()

        assert "312 answers are counted" in page(client.get(f"/en/forms/{form.slug}/results")).text()

    @pytest.mark.parametrize("path", PUBLIC_PATHS)
    def test_a_draft_is_not_there(self, session: Session, client: Client, path: str) -> None:
        form = counted_form(session, published_at=None)
        session.commit()

        assert client.get(f"/en/forms/{form.slug}/{path}").status_code == 404

    @pytest.mark.parametrize("role", [RoleName.OFFICIAL, RoleName.CLERK, RoleName.ADMINISTRATOR])
    def test_officials_and_clerks_before_the_close_with_the_same_groups_left_out(
        self, session: Session, sign_in: SignIn, role: RoleName
    ) -> None:
        form = hidden_until_close(session)
        session.commit()
        reader = sign_in(role)

        told = page(reader.get(f"/en/staff/forms/{form.slug}/results"))

        assert "Not public yet" in told.text()
        assert "not told" in told.text()
        assert {reader.get(f"/en/staff/forms/{form.slug}/{path}").status_code for path in STAFF_PATHS} == {
            200
        }

    def test_a_host_reads_those_of_their_own_forms_only(self, session: Session, sign_in: SignIn) -> None:
        host = makers.user(session, RoleName.HOST)
        own, other = hidden_until_close(session, host=host), hidden_until_close(session)
        session.commit()
        reader = sign_in(host)

        assert reader.get(f"/en/staff/forms/{own.slug}/results").status_code == 200
        for path in STAFF_PATHS:
            assert reader.get(f"/en/staff/forms/{other.slug}/{path}").status_code == 404
        listed = page(reader.get("/en/staff/form-results")).links(".//main//a").values()
        assert list(listed) == [f"/en/staff/forms/{own.slug}/results"]

    def test_what_imported_answers_made_is_read_by_staff_before_anybody_publishes_it(
        self, session: Session, client: Client, sign_in: SignIn
    ) -> None:
        form = counted_form(session, closes_at=utcnow() - timedelta(hours=1), source="limesurvey")
        form.published_at = None
        session.commit()

        answers = {client.get(f"/en/forms/{form.slug}/{path}").status_code for path in PUBLIC_PATHS}
        told = page(sign_in(RoleName.CLERK).get(f"/en/staff/forms/{form.slug}/results"))

        assert answers == {404}
        assert "Not published" in told.text()
        assert "312 answers are counted" in told.text()
        assert not [link for link in told.links().values() if link.startswith(f"/en/forms/{form.slug}/texts")]

    def test_an_official_finds_them_in_a_list_without_drafts(self, session: Session, sign_in: SignIn) -> None:
        form = hidden_until_close(session)
        draft = counted_form(session, published_at=None)
        session.commit()
        reader = sign_in(RoleName.OFFICIAL)

        listed = page(reader.get("/en/staff/form-results"))

        assert f"/en/staff/forms/{form.slug}/results" in listed.links().values()
        assert draft.slug not in listed.text()
        assert reader.get(f"/en/staff/forms/{draft.slug}/results").status_code == 404


class TestPage:
    def test_every_number_says_of_how_many_it_is(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        assert "Answered: 300, of 312 who were asked this." in told.text()
        headings = ["".join(one.itertext()) for one in told.all(".//figure[@id='q-contact-chart']//th")]
        assert "Share of 290" in headings

    def test_each_question_has_its_wording_number_version_and_an_address(
        self, session: Session, client: Client
    ) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        assert told.text(".//h2[@id='q-safe']") == "3. How safe do you feel?"
        assert told.links(".//main//p[@class='meta']//a")["Link to question 3"] == "#q-safe"
        assert "version 1" in told.text(".//section[@aria-labelledby='q-safe']/p")

    def test_every_picture_has_words_and_a_table_of_the_same_numbers(
        self, session: Session, client: Client
    ) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        figures = told.all(".//main//figure")
        assert len(figures) == 11
        for figure in figures:
            svg = figure.find("{*}svg")
            assert svg is not None
            assert svg.findtext("{*}title")
            assert svg.findtext("{*}desc")
            assert figure.find(".//table") is not None

    def test_a_scale_and_a_matrix_are_bars_of_a_whole_in_patterns(
        self, session: Session, client: Client
    ) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        widths = [
            float(str(rect.get("width")).rstrip("%"))
            for rect in told.all(".//figure[@id='q-safe-chart']/{*}svg/{*}rect")
        ]
        assert sum(widths) == pytest.approx(100, abs=0.1)
        fills = [rect.get("fill") for rect in told.all(".//figure[@id='q-safe-chart']/{*}svg/{*}rect")]
        assert len(set(fills)) == 5
        # Two of the five parts are not told: what is left of the bar is outlined.
        assert len(told.all(".//figure[@id='q-often-chart']/{*}svg/{*}rect[@class='chart__hidden']")) == 2

    def test_an_interval_is_drawn_and_in_words(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results"))

        row = told.all(".//figure[@id='q-trust-chart']//tbody/tr")[0]
        assert " ".join("".join(row.itertext()).split()) == "Yes 180 60% 56% to 64%"
        assert told.all(".//figure[@id='q-trust-chart']/{*}svg/{*}line[@class='chart__whisker']")

    def test_nothing_says_what_residents_think(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()

        text = page(client.get(f"/en/forms/{form.slug}/results")).text()

        assert "this is no survey of residents" in text
        assert "residents think" not in text.lower()

    def test_answers_that_wait_are_told_in_whole_tens_from_ten_on(
        self, session: Session, client: Client
    ) -> None:
        form = counted_form(session)
        version = form.versions[-1].id
        session.add_all(BoxedAnswer(version_id=version, sealed=b"x") for _ in range(9))
        session.commit()
        before = page(client.get(f"/en/forms/{form.slug}/results")).text()
        session.add_all(BoxedAnswer(version_id=version, sealed=b"x") for _ in range(3))
        session.commit()

        assert "Fewer than 10 more wait to be counted" in before
        # One more would say that somebody has answered just now.
        assert "10 or more wait to be counted" in page(client.get(f"/en/forms/{form.slug}/results")).text()
        assert client.get(f"/en/forms/{form.slug}/results.json").get_json()["waiting"] == 10

    @pytest.mark.parametrize("kept", [None, Results()], ids=["never counted", "too few"])
    def test_a_form_with_few_answers_tells_nothing_of_them(
        self, session: Session, client: Client, kept: Results | None
    ) -> None:
        form = makers.feedback_form(session, everything())
        if kept is not None:
            session.add(FormResult(form_id=form.id, counted=3, tables=to_json(kept)))
        session.commit()

        for path in PUBLIC_PATHS:
            assert client.get(f"/en/forms/{form.slug}/{path}").status_code == 200
        assert (
            "Fewer than 10 answers are counted" in page(client.get(f"/en/forms/{form.slug}/results")).text()
        )

    def test_all_hidden_is_a_page_too(self, session: Session, client: Client) -> None:
        cells = tuple(Cell(value, None) for value in ("yes", "no"))
        told = Results(
            10, None, questions=(QuestionResult("trust", "trust", "single", (1,), None, None, cells),)
        )
        form = counted_form(session, told)
        session.commit()

        text = page(client.get(f"/en/forms/{form.slug}/results")).text()

        assert "Fewer than 10 people were asked this, or it is withheld." in text

    def test_versions_say_since_when_and_what_was_changed(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        makers.response(session, form, {"trust": "yes"})
        asked = surveyjs.write(everything())
        asked["pages"][0]["elements"][2]["title"] = {"default": "How safe?", "es": "¿Qué tan seguro?"}
        form.working = asked
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results")).text()

        assert "changed: 3" in told

    def test_what_staff_wrote_runs_nowhere(self, session: Session, client: Client) -> None:
        mark = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        asked = surveyjs.write(everything())
        asked["title"] = {"default": mark, "es": mark}
        for element in asked["pages"][0]["elements"]:
            element["title"] = {"default": mark, "es": mark}
            for choice in element.get("choices", []):
                choice["text"] = {"default": mark, "es": mark}
        form = makers.feedback_form(session, surveyjs.read(asked))
        session.add(FormResult(form_id=form.id, counted=TOTAL, tables=to_json(results())))
        session.commit()

        for path in PUBLIC_PATHS[:3]:
            told = page(client.get(f"/en/forms/{form.slug}/{path}"))
            assert told.all(".//main//script") == []
            assert told.all(".//main//img") == []
            assert told.all(".//*[@onerror]") == []

    def test_it_reads_one_row_and_the_quotes_of_all_questions_at_once(
        self, app: Flask, session: Session, client: Client
    ) -> None:
        form = counted_form(session)
        session.commit()

        with counted_statements(app) as statements:
            assert client.get(f"/en/forms/{form.slug}/results").status_code == 200

        assert len(statements) <= 8
        assert not [one for one in statements if "form_response" in one]
        assert len([one for one in statements if "form_text" in one]) <= 1


class TestCrossTables:
    def test_one_is_asked_for_by_a_form_that_needs_no_script(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()
        told = page(client.get(f"/en/forms/{form.slug}/results"))
        asked = told.one(".//form[@class='filters']")

        answer = client.get(str(asked.get("action")), query_string={"question": "trust", "by": "area"})

        table = page(answer).one(".//main//section//table")
        headings = [" ".join("".join(one.itertext()).split()) for one in table.findall("thead//th")]
        assert headings == ["Answer", "North", "South", "East", "Prefer not to say", "All"]
        rows = [
            [" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.findall("tbody/tr")
        ]
        assert rows[0][:3] == ["Yes", "60 (50%)", "50 (36%)"]
        assert rows[0][3] == "not told"
        assert rows[-1][:2] == ["All", "120"]

    def test_only_those_in_the_data_are_offered(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results/tables"))

        options = [one.get("value") for one in told.all(".//select[@name='question']/option")]
        assert options == ["trust", "contact", "often"]
        breakdowns = [one.get("value") for one in told.all(".//select[@name='by']/option")]
        assert breakdowns == ["area", "@language"]

    @pytest.mark.parametrize(
        "query", ["question=stopped&by=area", "question=trust&by=%00", "question=<b>&by=x"]
    )
    def test_one_that_is_not_there_is_said_not_to_be(
        self, session: Session, client: Client, query: str
    ) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results/tables?{query}"))

        assert "There is no such table" in told.text()

    def test_all_of_them_have_each_an_address(self, session: Session, client: Client) -> None:
        form = counted_form(session)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results/tables?all=1"))

        ids = {element.get("id") for element in told.root.iter()}
        wanted = {link.get("href", "").removeprefix("#") for link in told.all(".//main//nav//a")}
        assert wanted == {
            "t-trust-area", "t-contact-area", "t-often-walk-language", "t-often-drive-language",
        }  # fmt: skip
        assert wanted <= ids


class TestManyTables:
    """Questions that are each told by five others: of however many tables a page holds forty."""

    @pytest.mark.parametrize("staff", [False, True], ids=["public", "staff"])
    def test_a_page_is_bounded_and_leads_to_all_of_them(
        self, session: Session, client: Client, sign_in: SignIn, *, staff: bool
    ) -> None:
        form = crossed_form(session, questions=17, by=5)
        session.commit()
        reader = sign_in(RoleName.OFFICIAL) if staff else client
        address = f"/en{'/staff' if staff else ''}/forms/{form.slug}/results/tables?all=1"

        seen: list[str] = []
        for number in (1, 2, 3):
            answer = reader.get(f"{address}&page={number}")
            assert len(answer.data) < 1_000_000
            told = page(answer)
            seen += [heading.get("id", "") for heading in told.all(".//main//section/h2")]
            assert len(told.all(".//nav[@class='pages']//a[@aria-current='page']")) == 1

        assert len(seen) == len(set(seen)) == 85
        assert "Tables 81 to 85 of 85." in told.text()
        for link in told.all(".//nav[@class='pages']//a"):
            assert "all=1" in link.get("href", "")
        assert "Tables 81 to 85" in page(reader.get(f"{address}&page=99")).text()

    def test_few_have_one_page(self, session: Session, client: Client) -> None:
        form = crossed_form(session, questions=8, by=5)
        session.commit()

        told = page(client.get(f"/en/forms/{form.slug}/results/tables?all=1"))

        assert not told.all(".//nav[@class='pages']")
        assert "Tables 1 to" not in told.text()


class TestLabels:
    @pytest.mark.parametrize(
        ("value", "text"),
        [("..9", "up to 9"), ("-10..19", "-10 to 19"), ("30..", "30 or more"), ("5..5", "5"), ("7", "7")],
    )
    def test_ranges_say_where_they_are_open(self, app: Flask, value: str, text: str) -> None:
        with app.test_request_context("/en/"):
            assert range_text(value) == text

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("2026-10", "October 2026"),
            ("2026-07..2026-09", "July 2026 – September 2026"),
            ("..2026-09", "until September 2026"),
            ("2026-07..", "from July 2026 on"),
            ("..", "all months"),
            ("2026-10-12", "October 12, 2026"),
            ("soon", "soon"),
        ],
    )
    def test_months_are_in_words(self, app: Flask, value: str, text: str) -> None:
        with app.test_request_context("/en/"):
            assert months_text(value) == text


class TestLine:
    @pytest.mark.parametrize(
        ("share", "text"), [(0.0, "0%"), (0.001, "under 1%"), (0.999, "over 99%"), (1.0, "100%"), (None, "")]
    )
    def test_few_are_not_none_and_most_are_not_all(self, app: Flask, share: float | None, text: str) -> None:
        with app.test_request_context("/en/"):
            assert share_text(share) == text

    def test_bounds_are_rounded_outwards(self, app: Flask) -> None:
        with app.test_request_context("/en/"):
            assert Line("a", "A", 5, 0.5, 0.4499, 0.5501).interval == "44% to 56%"


def test_the_way_to_results_leads_over_the_form(session: Session, client: Client) -> None:
    form = counted_form(session)
    session.commit()

    told = page(client.get(f"/en/forms/{form.slug}/results"))

    links = [one.get("href") for one in told.all(".//nav[@class='crumbs']//a")]
    assert links == ["/en/forms", f"/en/forms/{form.slug}"]


def test_no_pair_without_a_table_is_chosen_before_a_script_runs(session: Session, client: Client) -> None:
    form = counted_form(session)
    session.commit()
    told = page(client.get(f"/en/forms/{form.slug}/results"))
    asked = told.one(".//form[@class='filters']")

    chosen = {
        str(select.get("name")): str(option.get("value"))
        for select in asked.iter("select")
        for option in select.findall("option[@selected]")
    }

    assert set(chosen) == {"question", "by"}
    answer = page(client.get(str(asked.get("action")), query_string=chosen))
    assert answer.all(".//main//section//table")


@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_are_written_one_way(app: Flask, language: str) -> None:
    with app.test_request_context(f"/{language}/"):
        g.language = language
        assert (count_said(3000), decimal_said(3.476), percent_said(0.37)) == ("3,000", "3.48", "37%")
