"""``engage report``: the report of a period as a file."""

from __future__ import annotations

import sys
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
_ENDINGS = {"brief": "pdf", "dictionary": "csv"}


def _which(_context: click.Context, _option: click.Parameter, value: str) -> Which:
    """A number, or one of two words."""
    if value == "open":
        return "open"
    if value == "latest":
        return None
    if value.isdecimal() and int(value) > 0:
        return int(value)
    raise click.BadParameter(f"“{value}” is neither the number of a version nor “open” nor “latest”.")


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
    help="The file to write; - for standard output.  [default: SLUG-vN.pdf and the like, in this folder]",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--version",
    "which",
    callback=_which,
    metavar="N|open|latest",
    default="latest",
    show_default=True,
    help="Which report: the latest published one (without one the open one), the open one, or version N.",
)
def report_command(slug: str, form: str, out: Path | None, language: str, which: Which) -> None:
    """Write the report of the comment period SLUG into a file."""
    app = create_app()
    settings: Settings = app.config["ENGAGE_SETTINGS"]
    with app.test_request_context(base_url=settings.base_url):
        g.language = language
        try:
            page = load_report(db.session, slug, which, utcnow())
            content = _form(form, page)
        except NotFound:
            version = f" with version {which}" if isinstance(which, int) else ""
            raise NotFound(f"There is no published comment period “{slug}”{version}.") from None
        except CannotPrint as error:
            raise click.ClickException(str(error)) from error
    _write(
        out or _default_name(page, form, language),
        content if isinstance(content, bytes) else content.encode(),
    )


def _default_name(page: ReportPage, form: str, language: str) -> Path:
    """SLUG-v2.pdf, SLUG-open.csv, SLUG-v2-es-brief.pdf: no two forms or languages have the same."""
    parts = [page.period.slug, f"v{page.version.number}" if page.version else "open"]
    parts += [language] if language != LANGUAGES[0] else []
    parts += [form] if form in _ENDINGS else []
    return Path(f"{'-'.join(parts)}.{_ENDINGS.get(form, form)}")


def _write(out: Path, content: bytes) -> None:
    if str(out) == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
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


def _form(form: str, page: ReportPage) -> str | bytes:
    make: dict[str, Callable[[], str | bytes]] = {
        "html": lambda: _html(page),
        "pdf": lambda: pdf_of(page),
        "brief": lambda: pdf_of(page, is_brief=True),
        "json": lambda: document.as_json(page),
        "csv": lambda: table_file.as_csv(page),
        "dictionary": lambda: table_file.dictionary(page),
        "xlsx": lambda: workbook.as_xlsx(page),
    }
    return make[form]()


def _style() -> str:
    """The site's style sheet; nothing where the assets are not built."""
    folder = built_files()
    sheets = sorted(folder.glob("css/site*.css")) if folder else []
    return sheets[0].read_text(encoding="utf-8") if sheets else ""
