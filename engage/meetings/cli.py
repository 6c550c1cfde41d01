"""``engage meetings``: check from the command line what was posted about meetings."""

from __future__ import annotations

import click

from engage.app import create_app
from engage.db.session import db
from engage.errors import EngageError
from engage.meetings.ledger import verify_ledger


class LedgerBroken(EngageError):
    """A posted notice or agenda is not as it was written."""


@click.group("meetings")
def meetings_group() -> None:
    """Meetings: their posted notices and agendas."""


@meetings_group.command("verify-notices")
def verify_notices_command() -> None:
    """Compute the chain of all posted notices and agendas anew; names the first row that was changed."""
    with create_app().app_context(), db.sessionmaker() as session:
        check = verify_ledger(session)
    if not check.holds:
        raise LedgerBroken(
            f"Row {check.broken_at} of the posted notices was changed; the {check.entries} before it hold."
        )
    click.echo(f"{check.entries} versions, all as they were written. Head: {check.head}")
    if check.dated_back:
        rows = ", ".join(map(str, check.dated_back))
        click.echo(f"Say an earlier time than the row before them: {rows}")
