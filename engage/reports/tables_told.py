"""The tables of a report as JSON and as rows of a CSV. What is hidden is nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engage.reports.page import ReportPage
from engage.reports.summary import Line
from engage.reports.tables import Crosstab, Row


def as_objects(page: ReportPage) -> list[dict[str, Any]]:
    """The tables for programs. A cell that is not told is null."""
    return [
        {
            "of": table.of,
            "by": table.by,
            "columns": [_named(page, table.by, line) for line in table.columns],
            "rows": [_row(page, table, row) for row in table.rows],
            "columns_not_split": [line.key for line in table.apart],
            "rows_not_split": [line.key for line in table.untold],
        }
        for table in page.tables
    ]


def as_rows(page: ReportPage) -> Iterator[tuple[object, ...]]:
    """A row a cell, as export.as_csv has them. A cell that is not told has no count and no address."""
    for table in page.tables:
        section = f"{table.of}_by_{table.by}"
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                label = page.label(table.by, column.key)
                if cell is None:
                    yield section, column.key, label, row.line.key, "", "", "", ""
                else:
                    told = _line(page, cell)
                    numbers = told["count"], told["base"], told["percent"], told["comments"] or ""
                    yield section, column.key, label, row.line.key, *numbers


def _row(page: ReportPage, table: Crosstab, row: Row) -> dict[str, Any]:
    cells = [None if cell is None else _line(page, cell) for cell in row.cells]
    return _named(page, table.of, row.line) | {"cells": cells}


def _named(page: ReportPage, kind: str, line: Line) -> dict[str, Any]:
    return {"key": line.key, "label": page.label(kind, line.key), "count": line.n}


def _line(page: ReportPage, line: Line) -> dict[str, Any]:
    return {"count": line.n, "base": line.base, "percent": line.percent, "comments": page.href(line)}
