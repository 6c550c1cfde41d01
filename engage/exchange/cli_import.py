"""What the commands of ``engage import`` share: mapped columns, one transaction, the list of bad rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.db.session import db, write_transaction
from engage.errors import EngageError
from engage.exchange.records import RowProblem, printable
from engage.exchange.values import guard_formula

SHOWN_PROBLEMS: Final = 20


class NothingImported(EngageError):
    """The database or the disk failed in the middle, so nothing was kept."""


class Mapping(click.ParamType[Any]):
    """``COLUMN=FIELD``; the column's name may itself have an equals sign."""

    name = "column=field"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The column and its field."""
        if isinstance(value, tuple):
            return value
        column, equals, field = str(value).rpartition("=")
        if not equals or not column:
            self.fail(f"“{value}” is not COLUMN=FIELD.", param, ctx)
        return column.strip(), field.strip()


@contextmanager
def transaction(*, dry_run: bool) -> Iterator[Session]:
    """One transaction for the whole file: read-only for a rehearsal; rolled back where anything fails."""
    try:
        with db.sessionmaker() if dry_run else write_transaction() as session:
            yield session
    except sa.exc.DBAPIError as error:
        raise NothingImported(f"The database failed ({error.orig}); nothing was imported.") from error


@contextmanager
def problem_list(path: Path | None) -> Iterator[Callable[[RowProblem], None]]:
    """Tells the first bad rows on standard error, and writes all of them to the file, if one is wanted."""
    told = 0

    def tell(problem: RowProblem) -> None:
        nonlocal told
        told += 1
        if told <= SHOWN_PROBLEMS:
            named = f", id {printable(problem.source_id)}" if problem.source_id else ""
            click.echo(f"Row {problem.row}{named}: {printable(problem.message)}", err=True)
        if rows is not None:
            rows.writerow(
                [problem.row, guard_formula(problem.source_id or ""), guard_formula(problem.message)]
            )

    try:
        with path.open("w", encoding="utf-8", newline="") if path else nullcontext() as file:
            rows = csv.writer(file) if file else None
            if rows is not None:
                rows.writerow(["row", "id", "problem"])
            yield tell
    except OSError as error:
        raise NothingImported(
            f"{path} cannot be written ({error.strerror}); nothing was imported."
        ) from error
    if told > SHOWN_PROBLEMS:
        where = f"all are in {path}" if path else "--problems FILE writes them all"
        click.echo(f"… and {told - SHOWN_PROBLEMS} more bad rows; {where}.", err=True)
