"""``engage report``: the report of a period as a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask import g, render_template

from engage.app import create_app
from engage.clock import utcnow
from engage.comments import words
from engage.comments.queries import get_public_period
from engage.config import Settings
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.errors import NotFound
from engage.reports import export
from engage.reports.gather import open_report
from engage.reports.page import ReportPage, rounding_note, share_text
from engage.web.templating import built_files

FORMATS = ("html", "json", "csv")
_LATER = ("pdf", "xlsx")


class NotYet(click.ClickException):
    """A form of the report that a later version writes."""

    exit_code = 2


@click.command("report")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice((*FORMATS, *_LATER)), default="html", show_default=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def report_command(slug: str, form: str, out: Path, language: str) -> None:
    """Write the report of the comment period SLUG into a file."""
    if form in _LATER:
        raise NotYet(f"This version cannot write {form} yet; it writes {', '.join(FORMATS)}.")
    app = create_app()
    settings: Settings = app.config["ENGAGE_SETTINGS"]
    with app.test_request_context(base_url=settings.base_url):
        g.language = language
        try:
            content = _write(slug, form)
        except NotFound:
            raise NotFound(f"There is no published comment period “{slug}”.") from None
    try:
        out.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out} is written.")


def _write(slug: str, form: str) -> str:
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    page = ReportPage(*open_report(db.session, period, now), is_file=True)
    if form == "csv":
        return export.as_csv(page)
    if form == "json":
        return export.as_json(page)
    return render_template(
        "reports/file.html",
        report=page,
        style=_style(),
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )


def _style() -> str:
    """The site's style sheet; nothing where the assets are not built."""
    folder = built_files()
    sheets = sorted(folder.glob("css/site*.css")) if folder else []
    return sheets[0].read_text(encoding="utf-8") if sheets else ""
