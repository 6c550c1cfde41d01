"""``engage mail``: what came back, and what became of the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

import click

from engage.app import create_app
from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.mail.bounces import read_bounces
from engage.mail.queries import count_by_kind
from engage.mail.service import record_bounce


@click.group("mail")
def mail_group() -> None:
    """Mail that was sent, and mail that came back."""


@mail_group.command("bounce")
@click.argument("files", type=click.File("rb"), nargs=-1, required=True, metavar="FILE…")
def bounce_command(files: tuple[BinaryIO, ...]) -> None:
    """Read delivery reports (RFC 3464), one message a FILE; “-” is the standard input.

    A mail server can hand each over as it comes: ``| engage mail bounce -``. An address whose mail came back
    three times gets no more. Anything else in the mailbox, such as a delay or a holiday reply, changes
    nothing; nor does a report of a message that we have not sent.
    """
    noted = 0
    with create_app().app_context():
        for file in files:
            for bounce in read_bounces(file.read()):
                with write_transaction() as session:
                    noted += record_bounce(session, bounce, utcnow().date())
    click.echo(f"{noted} messages noted as returned, from {len(files)} files.")


@mail_group.command("status")
def status_command() -> None:
    """Show what became of the messages of the last 30 days, by kind."""
    with create_app().app_context(), db.sessionmaker() as session:
        click.echo("kind\tqueued\twaiting\tsent\tbounced\tgiven up")
        for row in count_by_kind(session, utcnow() - timedelta(days=30)):
            click.echo(f"{row.kind}\t{row.queued}\t{row.waiting}\t{row.sent}\t{row.bounced}\t{row.given_up}")
