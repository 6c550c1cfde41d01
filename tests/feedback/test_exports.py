"""Files of single answers: whom they are for, what stands in them, and what never does."""

from __future__ import annotations

import csv
import io
import json
import time
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.base import random_id
from engage.feedback.answer_columns import asked_in
from engage.feedback.answer_files import AnswerFile, answer_file, as_csv, as_json, as_xlsx, as_zip
from engage.feedback.models import (
    BoxedAnswer,
    Channel,
    FeedbackForm,
    FormResponse,
    FormText,
    HiddenFor,
    TextState,
)
from engage.feedback.service.publish import publish_version
from engage.survey import surveyjs
from tests.feedback.tables import everything
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
FRESH = ("answers.csv", "answers.zip", "answers.xlsx", "answers.json")
HOSTILE = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")

ANSWERS: dict[str, Any] = {
    "trust": "other",
    "contact": ["sheriff", "none"],
    "safe": 4,
    "often": {"walk": "never"},
    "first": ["trust", "safety"],
    "years": 2.5,
    "since": "2026-10-12",
    "area": "north",
    "stopped": "yes",
}


def text(session: Session, response: FormResponse, question: str, body: str, **fields: Any) -> None:
    session.add(FormText(response_id=response.id, question=question, body=body, **fields))
    session.flush()


def answered_form(session: Session, **fields: Any) -> FeedbackForm:
    """A form with one answer to everything and one to nothing."""
    form = makers.feedback_form(session, everything(), **fields)
    one = makers.response(session, form, ANSWERS, language="es", answered_on=date(2026, 11, 3))
    text(session, one, "trust-Comment", "it depends", state=TextState.SHOWN)
    text(session, one, "why", "Because.", state=TextState.SHOWN)
    text(session, one, "north_why", "SECRET of the north", state=TextState.SHOWN)
    makers.response(session, form, {}, answered_on=None, is_doubtful=True)
    session.commit()
    return form


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def read_csv(client: Client, form: FeedbackForm, name: str = "answers.csv") -> list[dict[str, str]]:
    answer = client.get(f"/en/staff/forms/{form.slug}/{name}")
    assert answer.status_code == 200
    return rows_of(answer.get_data(as_text=True))


class TestWhoTakesThem:
    @pytest.mark.parametrize("path", FRESH)
    def test_the_address_is_useless_without_an_account_and_after_the_session(
        self, session: Session, client: Client, sign_in: SignIn, path: str
    ) -> None:
        form = answered_form(session)
        reader = sign_in(RoleName.CLERK)
        address = f"/en/staff/forms/{form.slug}/{path}"
        assert reader.get(address).status_code == 200
        reader.post("/en/staff/sign-out", data={"csrf_token": reader.csrf_token()})

        for browser in (client, reader):
            answer = browser.get(address)
            assert answer.status_code == 303
            assert b"depends" not in answer.data

    @pytest.mark.parametrize("path", FRESH)
    def test_a_password_given_long_ago_is_asked_for_again(
        self, session: Session, sign_in: SignIn, path: str
    ) -> None:
        form = answered_form(session)
        reader = sign_in(RoleName.OFFICIAL)
        with reader.session_transaction() as cookie:
            cookie["fs_paa"] = time.time() - 16 * 60

        answer = reader.get(f"/en/staff/forms/{form.slug}/{path}")

        assert answer.status_code == 303
        assert "/staff/confirm?next=" in str(answer.location)

    @pytest.mark.parametrize("path", FRESH)
    def test_no_cache_keeps_a_copy_for_somebody_else(
        self, session: Session, sign_in: SignIn, path: str
    ) -> None:
        form = answered_form(session)

        answer = sign_in(RoleName.CLERK).get(f"/en/staff/forms/{form.slug}/{path}")

        assert "no-store" in answer.headers["Cache-Control"]
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_a_draft_has_none(self, session: Session, sign_in: SignIn) -> None:
        form = makers.feedback_form(session, everything(), published_at=None)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        for path in ("answers", "dictionary.csv", *FRESH):
            assert clerk.get(f"/en/staff/forms/{form.slug}/{path}").status_code == 404


class TestRows:
    def test_each_answer_stands_in_its_columns(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)
        for _ in range(9):
            makers.response(session, form, {}, language="es")
            makers.response(session, form, {}, is_doubtful=True)
        session.commit()

        rows = read_csv(sign_in(RoleName.CLERK), form)

        (full,) = (row for row in rows if row["trust"])
        del full["_id"]
        assert full == {
            "_version": "1", "_language": "es", "_channel": "web", "_day": "2026-11-03", "_doubtful": "0",
            "trust": "other", "trust-Comment": "it depends", "trust-Comment:state": "shown",
            "contact/sheriff": "1", "contact/police": "0", "contact/none": "1", "safe": "4",
            "often/walk": "never", "often/drive": "",
            "first/safety": "2", "first/trust": "1", "first/cost": "",
            "years": "2.5", "since": "2026-10-12", "why": "Because.", "why:state": "shown",
        }  # fmt: skip
        (empty,) = (row for row in rows if not row["_day"])
        assert (empty["_language"], empty["_doubtful"]) == ("en", "1")
        assert {value for name, value in empty.items() if not name.startswith("_")} == {""}

    def test_a_language_a_channel_and_a_doubt_of_few_are_not_told(
        self, session: Session, sign_in: SignIn
    ) -> None:
        form = makers.feedback_form(session, everything())
        ways = (Channel.WEB,) * 21 + (Channel.PAPER,) * 11 + (Channel.IMPORT,) * 3
        for number, channel in enumerate(ways):
            makers.response(
                session, form, {"years": number}, channel=channel, is_doubtful=number < 10,
                language="es" if number == 30 else "en",
            )  # fmt: skip
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        rows = read_csv(clerk, form)

        # One in Spanish: the others are known to be in English. Three were imported, eleven hide them.
        assert Counter(row["_language"] for row in rows) == {"": 35}
        assert Counter(row["_channel"] for row in rows) == {"web": 21, "": 14}
        assert Counter(row["_doubtful"] for row in rows) == {"1": 10, "0": 25}
        said = json.loads(clerk.get(f"/en/staff/forms/{form.slug}/answers.json").data)
        assert "fewer than 10 rows" in said["about"]["Values left out"]
        notes = {row["column"]: row["note"] for row in read_csv(clerk, form, "dictionary.csv")}
        assert all("fewer than ten" in notes[name] for name in ("_language", "_channel", "_doubtful"))

    @pytest.mark.parametrize("path", ["dictionary.csv", *FRESH])
    def test_what_was_said_in_confidence_is_in_no_file(
        self, session: Session, sign_in: SignIn, path: str
    ) -> None:
        form = answered_form(session)

        content = sign_in(RoleName.CLERK).get(f"/en/staff/forms/{form.slug}/{path}").data

        told = content + b"".join(_members(content))
        assert b"SECRET" not in told
        if path != "dictionary.csv":
            columns = _columns(path, content)
            assert not {name for name in columns if name.startswith(("area", "stopped", "north_why"))}

    def test_the_dictionary_says_what_was_left_out_and_why(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)

        told = {row["column"]: row for row in read_csv(sign_in(RoleName.CLERK), form, "dictionary.csv")}

        assert [told[name]["in_file"] for name in ("area", "stopped", "north_why")] == ["no"] * 3
        assert "about the person" in told["area"]["note"]
        assert "confidential" in told["stopped"]["note"]
        assert "only after certain answers" in told["north_why"]["note"]
        assert told["contact/sheriff"]["label_es"] == "Sheriff (es)"
        assert told["safe"]["wording_en"] == "How safe do you feel?"

    def test_every_column_is_in_the_dictionary(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)
        clerk = sign_in(RoleName.CLERK)

        named = {row["column"] for row in read_csv(clerk, form, "dictionary.csv") if row["in_file"] == "yes"}

        assert set(read_csv(clerk, form)[0]) == named

    def test_hidden_texts_are_replaced_by_the_reason(self, session: Session, sign_in: SignIn) -> None:
        form = makers.feedback_form(session, everything())
        one = makers.response(session, form, {})
        text(session, one, "why", "Call 555-0100", state=TextState.HIDDEN, hidden_for=HiddenFor.PERSONAL_DATA)
        session.commit()

        row = read_csv(sign_in(RoleName.CLERK), form)[0]

        assert (row["why"], row["why:state"]) == ("[hidden: personal_data]", "hidden")

    @pytest.mark.parametrize(
        ("role", "told"),
        [(RoleName.CLERK, "Not read"), (RoleName.OFFICIAL, "[waiting: not read by a moderator yet]")],
    )
    def test_texts_that_wait_are_marked_and_only_for_those_who_moderate(
        self, session: Session, sign_in: SignIn, role: RoleName, told: str
    ) -> None:
        form = makers.feedback_form(session, everything())
        text(session, makers.response(session, form, {}), "why", "Not read")
        session.commit()

        row = read_csv(sign_in(role), form)[0]

        assert (row["why"], row["why:state"]) == (told, "waiting")

    def test_a_confidential_text_is_left_out_whatever_its_question_says_now(
        self, session: Session, sign_in: SignIn
    ) -> None:
        form = makers.feedback_form(session, everything())
        one = makers.response(session, form, {})
        text(session, one, "why", "SECRET", state=TextState.SHOWN, is_confidential=True)
        session.commit()

        assert read_csv(sign_in(RoleName.CLERK), form)[0]["why"] == ""

    def test_words_kept_among_the_answers_by_mistake_are_not_told(
        self, session: Session, sign_in: SignIn
    ) -> None:
        form = makers.feedback_form(session, everything())
        makers.response(session, form, {"why": "SECRET", "trust": "other", "trust-Comment": "SECRET"})
        session.commit()

        assert "SECRET" not in str(read_csv(sign_in(RoleName.CLERK), form))

    def test_neither_ids_nor_order_are_those_of_the_database(self, session: Session, sign_in: SignIn) -> None:
        form = makers.feedback_form(session, everything())
        for number in range(40):
            makers.response(session, form, {"years": number})
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        first, second = read_csv(clerk, form), read_csv(clerk, form)

        assert sorted(int(row["years"]) for row in first) == list(range(40))
        assert [row["years"] for row in first] != [row["years"] for row in second]
        assert not {row["_id"] for row in first} & {row["_id"] for row in second}
        ids = {str(one) for one in session.scalars(sa.select(FormResponse.id))}
        assert not ids & {value for row in first for value in row.values()}

    def test_answers_that_are_not_counted_are_not_in_it_and_it_says_so(
        self, session: Session, sign_in: SignIn
    ) -> None:
        form = answered_form(session)
        session.add_all(BoxedAnswer(version_id=form.versions[-1].id, sealed=b"x") for _ in range(11))
        session.commit()

        told = json.loads(sign_in(RoleName.CLERK).get(f"/en/staff/forms/{form.slug}/answers.json").data)

        assert len(told["answers"]) == 2
        assert told["about"]["Answers that are not counted yet and not in this file"] == "10 or more"
        assert {"Form", "Versions of the form", "Licence", "Limits", "File made on"} <= told["about"].keys()


class TestVersions:
    def test_nothing_shifts_when_the_form_changes(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)
        asked = surveyjs.write(everything())
        elements = asked["pages"][0]["elements"]
        # The first question is asked last and with another choice; the second is not asked any more.
        elements[0]["choices"].append({"value": "maybe", "text": {"default": "Maybe", "es": "Tal vez"}})
        asked["pages"][0]["elements"] = [*elements[2:], elements[0]]
        form.working = asked
        publish_version(session, form, actor=None, now=utcnow())
        for version in form.versions:
            for _ in range(10):
                makers.response(session, form, {}, version_id=version.id)
        makers.response(
            session, form, {"trust": "maybe", "safe": 1}, language="en", answered_on=date(2026, 11, 9)
        )
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        rows = {(row["_version"], row["_day"]): row for row in read_csv(clerk, form)}

        old, new = rows["1", "2026-11-03"], rows["2", "2026-11-09"]
        assert (old["trust"], old["trust@2"], old["contact/sheriff"], old["safe"]) == ("other", "", "1", "4")
        assert (new["trust"], new["trust@2"], new["contact/sheriff"], new["safe"]) == ("", "maybe", "", "1")
        told = {row["column"]: row["versions"] for row in read_csv(clerk, form, "dictionary.csv")}
        assert (told["trust"], told["trust@2"], told["safe"]) == ("1", "2", "1 2")
        named = clerk.get(f"/en/staff/forms/{form.slug}/answers.csv").headers["Content-Disposition"]
        assert f"{form.slug}-answers-v1-v2-" in named


class TestFormats:
    @pytest.mark.parametrize("body", HOSTILE)
    def test_nothing_that_people_wrote_is_a_formula(
        self, session: Session, sign_in: SignIn, body: str
    ) -> None:
        form = makers.feedback_form(session, everything())
        text(session, makers.response(session, form, {}), "why", body, state=TextState.SHOWN)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        assert read_csv(clerk, form)[0]["why"].startswith("'")
        book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"/en/staff/forms/{form.slug}/answers.xlsx").data))
        cell = next(cell for cell in book["Answers"][2] if cell.value == body)
        assert cell.data_type != "f"

    def test_all_formats_hold_the_same(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)
        clerk = sign_in(RoleName.CLERK)
        address = f"/en/staff/forms/{form.slug}/answers"
        plain = _sorted(rows_of(clerk.get(f"{address}.csv").get_data(as_text=True)))

        archive = zipfile.ZipFile(io.BytesIO(clerk.get(f"{address}.zip").data))
        book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{address}.xlsx").data))
        heading, *lines = book["Answers"].iter_rows(values_only=True)
        sheet = [dict(zip(heading, map(_as_text, line), strict=True)) for line in lines]
        told = json.loads(clerk.get(f"{address}.json").data)
        objects = [{name: _as_text(answer.get(str(name))) for name in heading} for answer in told["answers"]]

        assert set(archive.namelist()) == {"about.txt", "dictionary.csv", "answers.csv"}
        assert _sorted(rows_of(archive.read("answers.csv").decode("utf-8"))) == plain
        assert _sorted(sheet) == plain
        assert _sorted(objects) == plain
        assert book.sheetnames == ["Answers", "Dictionary", "About"]

    def test_the_page_names_the_files_and_what_is_left_out(self, session: Session, sign_in: SignIn) -> None:
        form = answered_form(session)

        told = page(sign_in(RoleName.OFFICIAL).get(f"/en/staff/forms/{form.slug}/answers"))

        assert "Where do you live?" in told.text()
        assert "no moderator has read yet are not in your files" in told.text()
        assert f"/en/staff/forms/{form.slug}/answers.zip" in told.links().values()

    def test_the_form_s_page_leads_there_only_those_who_may(
        self, app: Flask, session: Session, sign_in: SignIn
    ) -> None:
        host = makers.user(session, RoleName.HOST)
        form = answered_form(session, host=host)
        address = f"/en/staff/forms/{form.slug}"

        for who, may in ((RoleName.CLERK, True), (host, False)):
            links = page(sign_in(who).get(address)).links().values()
            assert (f"{address}/answers" in links) is may
            assert f"{address}/results" in links


def _sorted(rows: Any) -> list[list[tuple[str, str]]]:
    return sorted(sorted((name, value) for name, value in row.items() if name != "_id") for row in rows)


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _members(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK"):
        return []
    archive = zipfile.ZipFile(io.BytesIO(content))
    return [archive.read(name) for name in archive.namelist()]


def _columns(path: str, content: bytes) -> set[str]:
    if path.endswith("json"):
        return {name for answer in json.loads(content)["answers"] for name in answer}
    if path.endswith("xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {str(cell.value) for cell in book["Answers"][1]}
    if path.endswith("zip"):
        content = zipfile.ZipFile(io.BytesIO(content)).read("answers.csv")
    return set(rows_of(content.decode("utf-8"))[0])


class TestMemory:
    @pytest.mark.parametrize("make", [as_csv, as_zip, as_xlsx, as_json])
    def test_however_many_answers_there_are_it_takes_the_same(
        self, session: Session, make: Callable[[Session, AnswerFile], Iterator[Any]]
    ) -> None:
        form = makers.feedback_form(session, everything())

        def peak(more: int) -> int:
            rows = [_row(form) for _ in range(more)]
            session.execute(sa.insert(FormResponse), rows)
            session.commit()
            del rows
            file = answer_file(form, asked_in(form), [], reads_waiting=False)
            tracemalloc.start()
            size = sum(len(piece) for piece in make(session, file))
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert size > more
            return found

        peak(100)
        few = peak(1_000)
        # Four thousand answers more; kept in memory they would take six megabytes and more.
        assert peak(4_000) < few + 1_500_000


def _row(form: FeedbackForm) -> dict[str, Any]:
    return {
        "id": random_id(), "version_id": form.versions[-1].id, "language": "en", "channel": "web",
        "answered_on": date(2026, 11, 3), "is_doubtful": False, "answers": ANSWERS | {"years": 7},
    }  # fmt: skip
