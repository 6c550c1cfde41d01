"""``engage demo``: the fictional county, for somebody who wants to see the site at work."""

from __future__ import annotations

from dataclasses import replace

import click
import sqlalchemy as sa

from engage.accounts.models import RoleName
from engage.app import create_app
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.comments.service.analyse import analyse_due
from engage.db.session import write_transaction
from engage.demo.moderating import moderate_texts
from engage.demo.oversight import add_record
from engage.demo.publishing import publish_reports
from engage.demo.readings import read_comments
from engage.demo.service import Account, County, NotEmpty, fill_county, is_filled, steps
from engage.feedback.service import count as answers
from engage.feedback.service.box import COUNT, READ
from engage.feedback.service.quote import QUOTE, quote_due
from engage.feedback.service.read import read_due
from engage.jobs.queue import run_once
from engage.receipts.service import manifest_due, seal_due
from engage.reports.service.count import count_due


@click.command("demo")
def demo_command() -> None:
    """Fill an empty site with a fictional bilingual county; a second run changes nothing."""
    with create_app().app_context():
        try:
            county = _fill()
        except NotEmpty as reason:
            click.echo(f"{reason} Nothing was changed.")
            return
        if county is not None:
            # What the worker would do in its first minute, so that a newcomer's first report is whole.
            run_once({
                "analyse": analyse_due, "count": count_due, "seal": seal_due, "manifest": manifest_due,
                COUNT: answers.count_due, READ: read_due, QUOTE: quote_due,
            })  # fmt: skip
            # The texts are there only now, out of their box; a moderator reads them, and quotes follow. What
            # the program finds in comments is there only now, too.
            with write_transaction() as session:
                moderate_texts(session, utcnow())
                read_comments(session, utcnow())
            run_once({"count": count_due, COUNT: answers.count_due, READ: read_due, QUOTE: quote_due})
            publish_reports()
    if county is None:
        click.echo("The fictional county is here already; nothing was changed.")
    else:
        _show(county)


def _fill() -> County | None:
    with write_transaction() as session:
        if is_filled(session):
            return None
        with click.progressbar(length=steps(), label="Filling the fictional county") as bar:
            county = fill_county(session, now=utcnow(), on_progress=bar.update)
        if county is None:
            return None
        record = add_record(session, utcnow())
        comments = session.scalar(
            sa.select(sa.func.count())
            .where(CommentPeriod.docket_id == record.id)
            .select_from(Comment)
            .join(Comment.period)
        )
    return replace(county, dockets=county.dockets + 1, comments=county.comments + (comments or 0))


def _show(county: County) -> None:
    click.echo(
        f"Olmeda County is ready: {county.dockets} dockets, {county.meetings} meetings, {county.comments} "
        f"comments, {county.waiting} of them waiting for a moderator, {county.forms} feedback forms with "
        f"{county.answers} answers."
    )
    click.echo("Sign in at /en/staff with one of these. The passwords are shown only now:\n")
    for line in _table(county.accounts):
        click.echo(line)
    click.echo()


def _table(accounts: tuple[Account, ...]) -> list[str]:
    head = ("role", "e-mail", "password")
    cells = [(account.role.value, account.email, account.password) for account in accounts]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    rule = tuple("-" * width for width in widths)
    rows = [head, rule, *cells, (RoleName.RESIDENT.value, "no account needed", "")]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
