"""``engage form``: the questions of a form as a file, out and in."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.dockets.slugs import checked_slug
from engage.errors import NotFound, RuleBroken
from engage.feedback import queries
from engage.feedback.models import FeedbackForm
from engage.feedback.service.count import balance, count_again
from engage.feedback.service.definitions import make_or_replace
from engage.survey import incoming, surveyjs, xlsform
from engage.survey.definition import Definition
from engage.survey.suppression import K
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition


@click.group("form")
def form_group() -> None:
    """Feedback forms."""


@form_group.command("export")
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["json", "xlsform"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.option("--version", type=click.IntRange(1), help="A published version; else what is being edited.")
def export_command(slug: str, form: str, out: Path, version: int | None) -> None:
    """Write the questions of a form into a file: SurveyJS' JSON or an XLSForm workbook."""
    with create_app().app_context(), db.sessionmaker() as session:
        found = _form(session, slug)
        asked = surveyjs.read(found.working) if version is None else queries.get_version(found, version).asked
    if form == "json":
        out.write_text(surveyjs.dumps(asked) + "\n", encoding="utf-8")
    else:
        out.write_bytes(xlsform.write(asked, form_id=slug, version=version))
    click.echo(f"{out}: {_counted(asked)}")


@form_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--slug", required=True, help="The form whose questions to replace, or the address of a new draft."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be there.")
def import_command(file: Path, slug: str, dry_run: bool) -> None:
    """Take the questions of FILE, SurveyJS' JSON or an XLSForm workbook, into the form SLUG.

    They are edited from then on; residents are asked them when somebody publishes the form.
    """
    checked_slug(slug)
    taken = _taken(file)
    for note in taken.notes:
        click.echo(f"Note: {note}")
    if dry_run:
        click.echo(f"Would be in “{slug}”: {_counted(taken.definition)}")
        return
    with create_app().app_context(), write_transaction() as session:
        make_or_replace(session, slug, taken.definition, now=utcnow())
    click.echo(f"In “{slug}”, to be published: {_counted(taken.definition)}")


@form_group.command("check")
@click.argument("slug")
def check_command(slug: str) -> None:
    """Say whether there is an answer for every spent ticket of the form SLUG; else the command fails."""
    with create_app().app_context(), db.sessionmaker() as session:
        found = balance(session, _form(session, slug))
    for name, number in (
        ("spent tickets", found.spent),
        ("in the box", found.boxed),
        ("counted", found.counted),
    ):
        click.echo(f"{name + ':':<15}{number:>10,}")
    if not found.is_even:
        raise RuleBroken(
            f"{found.spent:,} tickets were spent, and there are {found.boxed + found.counted:,} answers."
        )


@form_group.command("recount")
@click.argument("slug")
def recount_command(slug: str) -> None:
    """Count the answers to the form SLUG anew, out of what was taken from the box."""
    with create_app().app_context(), write_transaction() as session:
        is_told = count_again(session, _form(session, slug), utcnow())
    if is_told:
        click.echo(f"“{slug}” was counted anew.")
    else:
        click.echo(
            f"“{slug}” keeps the results that it has: those of now would differ by fewer than {K} answers, "
            f"and tell of them alone. They are counted when {K} more have come."
        )


def _form(session: Session, slug: str) -> FeedbackForm:
    found = session.scalar(sa.select(FeedbackForm).where(FeedbackForm.slug == slug))
    if found is None:
        raise NotFound(f"There is no form “{slug}”.")
    return found


def _taken(file: Path) -> Taken:
    try:
        return incoming.take(file.read_bytes())
    except BadDefinition as bad:
        for problem in bad.problems:
            click.echo(str(problem), err=True)
        count = len(bad.problems)
        raise RuleBroken(
            f"{file} was not taken: {count} {'problem' if count == 1 else 'problems'}."
        ) from None


def _counted(definition: Definition) -> str:
    questions, pages = len(definition.numbers()), len(definition.pages)
    return f"{questions} question{'s'[: questions != 1]} on {pages} page{'s'[: pages != 1]}"
