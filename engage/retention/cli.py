"""``engage purge``: what the worker does every day, by hand; and the alarm for a monitor."""

from __future__ import annotations

import click

from engage.app import create_app
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import EngageError
from engage.jobs.scrub import scrub
from engage.retention import queries, service


class PurgeStopped(EngageError):
    """What should be gone by the schedule may still be there."""


@click.command("purge")
@click.option("--check", is_flag=True, help="Change nothing; fail if the daily purge has stopped.")
@click.option(
    "--rewrite", is_flag=True, help="Write every table anew, so that no erased byte is left; locks it."
)
def purge_command(*, check: bool, rewrite: bool) -> None:
    """Erase what is older than the retention schedule allows; the worker does it once a day by itself."""
    with create_app().app_context():
        if check:
            with db.sessionmaker() as session:
                stopped = queries.stopped_since(session, utcnow())
            if stopped:
                raise PurgeStopped(
                    f"The purge has stopped: it last ran on {stopped}. Is `engage worker` running?"
                )
            click.echo("The purge runs.")
            return
        erased = service.purge_due()
        scrub(rewrite=rewrite)
        click.echo(f"{erased} things erased.")
