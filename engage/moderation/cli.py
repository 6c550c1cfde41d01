"""``engage moderation``: check the log from the command line."""

from __future__ import annotations

import click

from engage.app import create_app
from engage.db.session import db
from engage.errors import EngageError
from engage.moderation.chain import verify_chain


class ChainBroken(EngageError):
    """A row of the moderation log is not as it was written."""


@click.group("moderation")
def moderation_group() -> None:
    """The moderation log."""


@moderation_group.command("verify")
def verify_command() -> None:
    """Compute the whole chain of the moderation log anew; names the first row that was changed."""
    with create_app().app_context(), db.sessionmaker() as session:
        check = verify_chain(session)
    if not check.holds:
        raise ChainBroken(
            f"Row {check.broken_at} of the moderation log was changed; the {check.entries} before it hold."
        )
    click.echo(f"{check.entries} rows, all as they were written. Head: {check.head}")
