"""``engage reports``: publish a report without a browser, and check what was published."""

from __future__ import annotations

import sys

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_period
from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.jobs.queue import run_once
from engage.reports.frozen import store
from engage.reports.frozen.check import check
from engage.reports.frozen.freeze import one_instant
from engage.reports.models import ReportVersion
from engage.reports.service.publish import PUBLISH, ask_for_version, publish_due


@click.group("reports")
def reports_group() -> None:
    """Published reports: make one, check that they are what they were."""


@reports_group.command("publish")
@click.argument("slug")
@click.option("--note-en", required=True, help="Why it is published, in English.")
@click.option("--note-es", required=True, help="The same in Spanish.")
def publish_command(slug: str, note_en: str, note_es: str) -> None:
    """Publish the next version of the report of the comment period SLUG, for good."""
    with create_app().app_context():
        with write_transaction() as session:
            period = get_period(session, slug)
            note = Localised(note_en, note_es)
            number = ask_for_version(session, period, note=note, actor=None, now=utcnow()).number
        run_once({PUBLISH: publish_due})
        with one_instant() as session:
            version = store.latest(session, get_period(session, slug))
    if version is None or version.number < number:
        raise click.ClickException(f"Version {number} could not be published; the log says why.")
    click.echo(f"Version {number} is published: {version.posted:,} comments, inputs {version.inputs_digest}.")


@reports_group.command("check")
@click.argument("slug", required=False)
@click.argument("number", type=int, required=False)
def check_command(slug: str | None, number: int | None) -> None:
    """Make the published reports of the comment period SLUG anew from what was kept, and compare.

    Checks version NUMBER, or all; without SLUG those of every period. Exits with 1 where anything differs.
    """
    found = 0
    with create_app().app_context(), one_instant() as session:
        if slug is not None:
            found = _check(session, get_period(session, slug), number)
        else:
            published = sa.select(ReportVersion.period_id).where(ReportVersion.published_at.is_not(None))
            periods = sa.select(CommentPeriod).where(CommentPeriod.id.in_(published))
            for period in session.scalars(periods.order_by(CommentPeriod.id)):
                click.echo(f"{period.slug}:")
                found += _check(session, period, None)
    if found:
        sys.exit(1)


def _check(session: Session, period: CommentPeriod, number: int | None) -> int:
    """Say of the versions of a period whether they are what they were; returns how many faults there are."""
    found = 0
    for version in reversed(store.versions(session, period)):
        if number in (None, version.number):
            verdict = check(session, version)
            found += len(verdict.faults)
            said = "; ".join(verdict.faults) or "as it was published"
            if verdict.reworded:
                languages = ", ".join(verdict.reworded)
                said += f"; another program made its JSON ({languages}), which this one would word otherwise"
            click.echo(f"Version {version.number}: {said}.")
    return found
