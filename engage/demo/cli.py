"""``engage demo``: the fictional county, for somebody who wants to see the site at work."""

from __future__ import annotations

import click

from engage.accounts.models import RoleName
from engage.app import create_app
from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.demo.service import Account, County, NotEmpty, fill_county, is_filled, steps


@click.command("demo")
def demo_command() -> None:
    """Fill an empty site with a fictional bilingual county; a second run changes nothing."""
    with create_app().app_context():
        try:
            county = _fill()
        except NotEmpty as reason:
            click.echo(f"{reason} Nothing was changed.")
            return
    if county is None:
        click.echo("The fictional county is here already; nothing was changed.")
    else:
        _show(county)


def _fill() -> County | None:
    with write_transaction() as session:
        if is_filled(session):
            return None
        with click.progressbar(length=steps(), label="Filling the fictional county") as bar:
            return fill_county(session, now=utcnow(), on_progress=bar.update)


def _show(county: County) -> None:
    click.echo(
        f"Olmeda County is ready: {county.dockets} dockets, {county.comments} comments, "
        f"{county.waiting} of them waiting for a moderator."
    )
    click.echo("Sign in at /en/staff with one of these. The passwords are shown only now:\n")
    rows = [("role", "e-mail", "password"), *map(_row, county.accounts)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    rows.insert(1, tuple("-" * width for width in widths))
    rows.append((RoleName.RESIDENT, "no account needed", ""))
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo()


def _row(account: Account) -> tuple[str, str, str]:
    return account.role, account.email, account.password
