"""``engage backup FILE`` and ``engage restore FILE``."""

from __future__ import annotations

from pathlib import Path

import click

from engage.app import create_app
from engage.backup.archive import back_up, restore
from engage.backup.marks import Marks, mark_file
from engage.db.session import db

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=_FILE)
def backup_command(file: Path) -> None:
    """Write the whole database to FILE while the site runs, and check what was written.

    The file holds all that the database holds: keep it as safe, and no longer than the retention schedule
    says.
    Keys (ENGAGE_…_KEY) are not in it: without them sealed contacts and originals stay closed.
    """
    with create_app().app_context():
        manifest = back_up(db.engine, file.resolve())
    rows, marks = sum(manifest.rows.values()), manifest.marks
    click.echo(f"{rows:,} rows of {len(manifest.rows)} tables, read back and checked.")
    click.echo(
        f"Version {manifest.revision}; moderation log: {marks.moderation.size:,} entries, "
        f"log of receipts: {marks.receipts.size:,} leaves."
    )
    click.echo(f"SHA-256 of the data: {manifest.sha256}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--replace", is_flag=True, help="Put it in the place of the database that is there. Stop the site first."
)
def restore_command(file: Path, *, replace: bool) -> None:
    """Put the backup in FILE into the database, check it, and bring it to this version of the site.

    A backup that does not contain what the logs held, by the marks kept outside the database, is refused.
    """
    with create_app().app_context():
        manifest = restore(db.engine, file, marks=Marks.read(mark_file()), replace=replace)
        db.engine.dispose()
    click.echo(
        f"Restored the backup of {manifest.made_at}: {sum(manifest.rows.values()):,} rows, all checked."
    )
