"""Told results as files: the page's numbers and no others."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import jsonschema
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.feedback.models import FeedbackForm, FormResult
from engage.feedback.results import Results, to_json
from engage.survey import surveyjs
from tests.feedback.tables import TOTAL, counted_form, everything, results
from tests.support import makers
from tests.support.pages import Client


def rows(client: Client, form: FeedbackForm) -> list[dict[str, str]]:
    content = client.get(f"/en/forms/{form.slug}/results.csv").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


@pytest.mark.parametrize("told", [results(), Results()], ids=["told", "nothing to tell"])
def test_the_object_is_as_its_schema_says(session: Session, client: Client, told: Results) -> None:
    form = counted_form(session, told)
    session.commit()
    schema = json.loads(client.get("/en/forms/results.schema.json").data)
    jsonschema.Draft202012Validator.check_schema(schema)

    found = json.loads(client.get(f"/en/forms/{form.slug}/results.json").data)

    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["results"]["total"] == told.total


def test_the_table_has_one_row_a_number_and_says_which_are_withheld(session: Session, client: Client) -> None:
    form = counted_form(session)
    session.commit()

    found = rows(client, form)

    yes = next(row for row in found if (row["question"], row["value"], row["by"]) == ("trust", "yes", ""))
    assert (yes["count"], yes["base"], yes["share"], yes["low"], yes["high"]) == (
        "180", "300", "0.6", "0.56", "0.64",
    )  # fmt: skip
    assert (yes["label_en"], yes["label_es"], yes["note"]) == ("Yes", "Yes (es)", "")
    other = next(row for row in found if (row["question"], row["value"], row["by"]) == ("trust", "other", ""))
    assert (other["count"], other["share"]) == ("", "")
    assert other["note"].startswith("withheld")
    crossed = next(row for row in found if row["by_value"] == "north")
    assert (crossed["count"], crossed["base"], crossed["share"]) == ("60", "120", "0.5")


def test_it_tells_no_number_that_was_withheld(session: Session, client: Client) -> None:
    form = counted_form(session)
    session.commit()

    found = rows(client, form)

    small = [row for row in found if row["count"] and int(row["count"]) < 10 and row["kind"] != "doubtful"]
    assert small == []
    assert len([row for row in found if row["note"].startswith("withheld")]) > 20


def test_nothing_in_it_is_a_formula(session: Session, client: Client) -> None:
    asked: dict[str, Any] = surveyjs.write(everything())
    asked["title"] = {"default": "=1+1", "es": "@SUM(1)"}
    asked["pages"][0]["elements"][0]["title"] = {"default": "-1+2", "es": "+1"}
    form = makers.feedback_form(session, surveyjs.read(asked))
    session.add(FormResult(form_id=form.id, counted=TOTAL, tables=to_json(results())))
    session.commit()

    found = rows(client, form)

    assert "'=1+1" in {row["wording_en"] for row in found}
    assert not [cell for row in found for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_who_has_these_very_numbers_is_sent_nothing(session: Session, client: Client, ending: str) -> None:
    form = counted_form(session)
    session.commit()
    address = f"/en/forms/{form.slug}/results.{ending}"
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_files_are_limited(limited: Flask) -> None:
    client = limited.test_client()

    answers = {client.get("/en/forms/nothing/results.csv").status_code for _ in range(61)}

    assert answers == {404, 429}
