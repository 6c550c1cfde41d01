"""``engage report``: the report of a period as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from flask import g, render_template

from engage.app import create_app
from engage.clock import utcnow
from engage.comments import words
from engage.config import Settings
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.errors import NotFound
from engage.reports import document, table_file, workbook
from engage.reports.loading import Which, load_report
from engage.reports.page import ReportPage, rounding_note, share_text
from engage.reports.typeset.pdf import CannotPrint, pdf_of
from engage.web.templating import built_files

_STANDARD_OUTPUT = "-"


class _WhichReport(click.ParamType):
    """A number, or one of two words."""

    name = "N|open|latest"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Which:
        text = str(value)
        if text == "open":
            return "open"
        if text == "latest":
            return None
        if text.isdecimal() and int(text) > 0:
            return int(text)
        self.fail(f"“{text}” is neither the number of a version nor “open” nor “latest”.", param, ctx)


@click.command("report")
@click.argument("slug")
@click.option(
    "--format",
    "form",
    type=click.Choice(("html", "pdf", "brief", "json", "csv", "dictionary", "xlsx")),
    default="html",
    show_default=True,
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    required=True,
    help="The file to write; - for standard output.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--version",
    "which",
    type=_WhichReport(),
    default="latest",
    show_default=True,
    help="Which report: the latest published one (without one the open one), the open one, or version N.",
)
def report_command(slug: str, form: str, out: Path, language: str, which: Which) -> None:
    """Write the report of the comment period SLUG into a file."""
    app = create_app()
    settings: Settings = app.config["ENGAGE_SETTINGS"]
    with app.test_request_context(base_url=settings.base_url):
        g.language = language
        try:
            content = FORMS[form](load_report(db.session, slug, which, utcnow()))
        except NotFound:
            version = f" with version {which}" if isinstance(which, int) else ""
            raise NotFound(f"There is no published comment period “{slug}”{version}.") from None
        except CannotPrint as error:
            raise click.ClickException(str(error)) from error
    _write(out, content if isinstance(content, bytes) else content.encode())


def _write(out: Path, content: bytes) -> None:
    if str(out) == _STANDARD_OUTPUT:
        click.get_binary_stream("stdout").write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out} is written.")


def _html(page: ReportPage) -> str:
    return render_template(
        "reports/file.html",
        report=page,
        style=_style(),
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )


def _brief(page: ReportPage) -> bytes:
    return pdf_of(page, is_brief=True)


FORMS: dict[str, Callable[[ReportPage], str | bytes]] = {
    "html": _html,
    "pdf": pdf_of,
    "brief": _brief,
    "json": document.as_json,
    "csv": table_file.as_csv,
    "dictionary": table_file.dictionary,
    "xlsx": workbook.as_xlsx,
}


def _style() -> str:
    """The site's style sheet; nothing where the assets are not built."""
    folder = built_files()
    sheets = sorted(folder.glob("css/site*.css")) if folder else []
    return sheets[0].read_text(encoding="utf-8") if sheets else ""
