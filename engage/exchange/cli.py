"""``engage import``: comments and meetings from other systems' files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.clock import utcnow
from engage.comments import queries
from engage.comments.models import CommentBatch, CommentPeriod
from engage.db.types import LANGUAGES
from engage.dockets.queries import get_docket
from engage.exchange.answers.cli import import_answers_command
from engage.exchange.cli_import import Mapping, problem_list, transaction
from engage.exchange.formats.csv import FIELDS, IGNORE
from engage.exchange.importing import Summary, import_comments
from engage.exchange.importing_meetings import Target, import_meetings
from engage.exchange.meetings.records import time_zone as zone_of
from engage.exchange.meetings.sources import FORMATS as MEETING_FORMATS
from engage.exchange.meetings.sources import open_meetings
from engage.exchange.meetings.table import FIELDS as MEETING_FIELDS
from engage.exchange.sources import FORMATS, RowProblem, Source, open_source
from engage.exchange.values import BadRecord
from engage.intake.service import batch_of_organiser
from engage.web.locale import site_time_zone


@dataclass(frozen=True, slots=True)
class Filed:
    """Who hands a file over, and whether the person at the terminal has confirmed what is asked of them."""

    organiser: str
    is_certified: bool

    def batch(self, session: Session, period: CommentPeriod, *, dry_run: bool) -> CommentBatch | None:
        """The organiser's batch; a rehearsal makes none. Raises NotCertified, also in a rehearsal."""
        if dry_run and self.is_certified:
            return None
        return batch_of_organiser(
            session, period, name=self.organiser, is_certified=self.is_certified, now=utcnow()
        )


class Zone(click.ParamType[Any]):
    """A time zone of the IANA's list."""

    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """The zone of a name."""
        try:
            return value if isinstance(value, ZoneInfo) else zone_of(str(value))
        except BadRecord as error:
            self.fail(str(error), param, ctx)


@click.group("import")
def import_group() -> None:
    """Bring in what other systems hold."""


@import_group.command("comments")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--period", "slug", required=True, metavar="SLUG", help="The comment period that they go to.")
@click.option("--format", "kind", type=click.Choice(["auto", *FORMATS]), default="auto", show_default=True)
@click.option(
    "--map",
    "mappings",
    type=Mapping(),
    multiple=True,
    help=f"What a column of a plain table holds: {', '.join(FIELDS)}; or {IGNORE}. May be repeated.",
)
@click.option(
    "--source",
    "origin",
    metavar="NAME",
    help="Where the file comes from. Ids need be unique only within it: give one for each sheet of letters "
    "that counts from 1, and for each Pol.is conversation.",
)
@click.option(
    "--organiser",
    metavar="NAME",
    help="Who gathered these comments and hands them over; the report names them. Needs --certified.",
)
@click.option(
    "--certified",
    is_flag=True,
    help="You confirm that an organiser's comments are of real persons and were gathered by lawful means.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--problems", type=click.Path(path_type=Path), help="Write every bad row to this file, as CSV.")
def import_comments_command(
    file: Path,
    slug: str,
    kind: str,
    mappings: tuple[tuple[str, str], ...],
    origin: str | None,
    problems: Path | None,
    organiser: str | None,
    *,
    certified: bool,
    dry_run: bool,
) -> None:
    """Import the comments of FILE.

    The good rows go in; the bad ones are told on standard error with their numbers (1 is the first after
    the header), and then the exit code is 1. A file that cannot be trusted as a whole imports nothing. The
    same file may be imported again: it changes what it says otherwise than before.
    """
    filed = Filed(organiser.strip(), certified) if organiser and organiser.strip() else None
    source = open_source(file, format=kind, columns=dict(mappings) or None)
    click.echo(f"Reading {file.name} as {source.format}, {source.encoding}.")
    with (
        create_app().app_context(),
        transaction(dry_run=dry_run) as session,
        problem_list(problems) as tell,
    ):
        summary = _import(session, source, slug, origin, tell, filed, dry_run=dry_run)
    if summary.waiting:
        click.echo(
            f"{summary.waiting} restricted in the source without a reason that we know: moderators decide."
        )
    if summary.skipped:
        click.echo(
            f"{summary.skipped} skipped: no comment of a person (such as the notice itself), or withheld by "
            "the source without a text."
        )
    click.echo(f"{'Would be' if dry_run else 'Done'}: {summary}.")
    if summary.bad:
        sys.exit(1)


def _import(
    session: Session,
    source: Source,
    slug: str,
    origin: str | None,
    tell: Callable[[RowProblem], None],
    filed: Filed | None,
    *,
    dry_run: bool,
) -> Summary:
    period = queries.get_period(session, slug)
    batch = filed.batch(session, period, dry_run=dry_run) if filed else None
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=source.size, file=sys.stderr, hidden=hidden, show_pos=False) as bar:
        return import_comments(
            session,
            source=source,
            period=period,
            now=utcnow(),
            origin=origin,
            batch=batch,
            dry_run=dry_run,
            on_problem=tell,
            on_progress=lambda: bar.update(source.bytes_read - bar.pos),
        )


@import_group.command("meetings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--docket", "slug", metavar="SLUG", help="The docket that they are about, if one.")
@click.option(
    "--format", "kind", type=click.Choice(["auto", *MEETING_FORMATS]), default="auto", show_default=True
)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option(
    "--time-zone", "zone", type=Zone(), metavar="ZONE", help="That of times without any; else the site's."
)
@click.option(
    "--map",
    "mappings",
    type=Mapping(),
    multiple=True,
    help=f"What a column of a table holds: {', '.join(MEETING_FIELDS)}; or {IGNORE}. May be repeated.",
)
@click.option(
    "--publish", is_flag=True, help="Show them to residents; without, they are drafts for the clerk."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option(
    "--problems", type=click.Path(path_type=Path), help="Write every bad entry to this file, as CSV."
)
def import_meetings_command(
    file: Path,
    slug: str | None,
    kind: str,
    language: str,
    zone: ZoneInfo | None,
    mappings: tuple[tuple[str, str], ...],
    problems: Path | None,
    *,
    publish: bool,
    dry_run: bool,
) -> None:
    """Import the meetings of FILE: a calendar, JSON of Legistar, City Scrapers or Open Civic Data, a table.

    The good entries go in; the bad ones are told on standard error with their lines (of a calendar) or
    numbers, and then the exit code is 1. The same file may be imported again: it changes what it says
    otherwise than before, and leaves alone what it says no longer.
    """
    now = utcnow()
    with (
        create_app().app_context(),
        transaction(dry_run=dry_run) as session,
        problem_list(problems) as tell,
    ):
        source = open_meetings(
            file, zone=zone or site_time_zone(), now=now, format=kind, columns=dict(mappings) or None
        )
        click.echo(f"Reading {file.name} as {source.format}, {source.encoding}.")
        docket = get_docket(session, slug) if slug else None
        target = Target(docket=docket, language=language, publish=publish, now=now)
        summary = import_meetings(session, source=source, target=target, dry_run=dry_run, on_problem=tell)
    if summary.skipped:
        click.echo(f"{summary.skipped} skipped: marked as private, empty, or this site's own.")
    click.echo(f"{'Would be' if dry_run else 'Done'}: {summary}.")
    if summary.bad:
        sys.exit(1)


import_group.add_command(import_answers_command)
