"""What is printed is short: weeks for days, and no column that says nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engage.reports.document.blocks import Column, Row, Section, Table
from engage.reports.typeset.layout import Layout
from tests.reports.places import busy_period


def days(count: int) -> Section:
    first = date(2026, 9, 2)
    rows = tuple(
        Row(key=(first + timedelta(days=number)).isoformat(), label=str(number), count=number, base=435)
        for number in range(count)
    )
    columns = (Column(name="count", label="Comments"), Column(name="share", label="Share"))
    return Section("where", "Where", (Table(
        id="days", title="Days", heading="Day", columns=columns, rows=rows, chart="time"
    ),))  # fmt: skip


def test_many_days_are_a_picture_of_days_beside_a_table_of_weeks(app: Flask) -> None:
    with app.test_request_context():
        laid = Layout(str).section(days(30))["blocks"][0]

    assert len(laid["chart"]["bars"]) == 30
    assert laid["heads"] == ["Week from", "Comments"]
    assert [row[0]["text"] for row in laid["rows"]][:2] == ["September 2, 2026", "September 7, 2026"]
    assert sum(int(row[1]["text"]) for row in laid["rows"]) == sum(range(30))
    assert "single days are in the spreadsheet" in laid["note"]


def test_a_year_of_days_is_told_in_months_and_a_few_days_one_by_one(app: Flask) -> None:
    with app.test_request_context():
        year = Layout(str).section(days(99))["blocks"][0]
        week = Layout(str).section(days(7))["blocks"][0]

    assert [row[0]["text"] for row in year["rows"]] == [
        "September 2026", "October 2026", "November 2026", "December 2026",
    ]  # fmt: skip
    assert len(week["rows"]) == 7


def test_a_few_of_many_are_not_none_in_the_spreadsheet(session: Session, client: FlaskClient) -> None:
    period = busy_period(session)
    made = client.get(f"/en/reports/{period.slug}/open.xlsx").data

    book = openpyxl.load_workbook(io.BytesIO(made))

    assert max(map(len, book.sheetnames)) <= 31
    assert {"positions", "concerns", "letters", "numbers", "days"} <= set(book.sheetnames)
    shares = [
        (row[1], row[2], row[3])
        for row in book["positions"].iter_rows(min_row=2, values_only=True)
        if row[1] and row[2]
    ]
    assert shares
    assert all(percent == round(100 * n / base, 1) for n, base, percent in shares)
