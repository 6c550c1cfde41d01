"""``engage campaigns``: group the comments of a period anew."""

from __future__ import annotations

import click

from engage.app import create_app
from engage.campaigns.service import group_due, regroup_period
from engage.comments.queries import get_period
from engage.db.session import write_transaction


@click.group("campaigns")
def campaigns_group() -> None:
    """Form letters as groups."""


@campaigns_group.command("regroup")
@click.argument("slug")
def regroup_command(slug: str) -> None:
    """Compare all comments of the period SLUG anew. Campaigns keep their addresses; safe to repeat."""
    with create_app().app_context():
        with write_transaction() as session:
            count = regroup_period(session, get_period(session, slug).id)
        while group_due():
            pass
    click.echo(f"{count} comments of “{slug}” are grouped anew.")
