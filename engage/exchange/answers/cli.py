"""``engage import answers``: answers that were collected elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.clock import utcnow
from engage.db.types import LANGUAGES
from engage.errors import NotFound, RuleBroken
from engage.exchange.answers.fit import Fit
from engage.exchange.answers.source import FORMATS, AnswerSource, open_answers
from engage.exchange.cli_import import Mapping, problem_list, transaction
from engage.exchange.importing_answers import AnswerSummary, definition_of, import_answers, make_form
from engage.exchange.records import printable
from engage.feedback.models import Entry, FeedbackForm, FormVersion
from engage.survey.definition import Definition

_MOST_TOLD = 20


@click.command("answers")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", "slug", required=True, metavar="SLUG", help="The feedback form that they answer.")
@click.option("--format", "kind", type=click.Choice(["auto", *FORMATS]), default="auto", show_default=True)
@click.option(
    "--map",
    "mappings",
    type=Mapping(),
    multiple=True,
    metavar="COLUMN=QUESTION",
    help="Which question of the form a column answers, by the question's name. May be repeated.",
)
@click.option(
    "--new", is_flag=True, help="Make the form from what the file asks: a draft for staff to complete."
)
@click.option("--title", metavar="TEXT", help="What a new form is called; else the name of the file.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option(
    "--unfinished",
    is_flag=True,
    help="Take LimeSurvey's answers of people, too, who did not come to the end.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--problems", type=click.Path(path_type=Path), help="Write every bad row to this file, as CSV.")
def import_answers_command(
    file: Path,
    slug: str,
    kind: str,
    mappings: tuple[tuple[str, str], ...],
    title: str | None,
    language: str,
    problems: Path | None,
    *,
    new: bool,
    unfinished: bool,
    dry_run: bool,
) -> None:
    """Import the answers of FILE into a form: SurveyMonkey, LimeSurvey, Google Forms or a plain table.

    The same file may be imported again: what is known is left alone. Names, addresses and networks of people
    are never read. What cannot be taken is told: columns without a question, values that are no answer, rows
    that answer nothing.
    """
    source = open_answers(file, kind=kind, takes_unfinished=unfinished)
    click.echo(f"Reading {file.name} as {source.system}, {source.encoding}.")
    with (
        create_app().app_context(),
        transaction(dry_run=dry_run) as session,
        problem_list(problems) as tell,
    ):
        if new:
            asked = definition_of(source, title=title or file.stem, language=language)
            version = None if dry_run else _made(session, source, asked, slug)
        else:
            known = _version(session, slug)
            asked, version = known.asked, None if dry_run else known
            if known.form.shows_results(utcnow()):
                click.echo("The public can read the results of this form: what is imported will show there.")
        fit = Fit(asked, source.layout, dict(mappings))
        summary = import_answers(
            session, source=source, version=version, fit=fit, language=language, on_problem=tell
        )
    _report(source, summary, is_new=new)
    click.echo(f"{'Would be' if dry_run else 'Done'}: {summary}.")
    if summary.bad:
        sys.exit(1)


def _made(session: Session, source: AnswerSource, asked: Definition, slug: str) -> FormVersion:
    if session.scalar(sa.select(sa.exists().where(FeedbackForm.slug == slug))):
        raise RuleBroken(f"There is a form “{slug}” already; without --new its answers are added to it.")
    return make_form(session, source, asked, slug=slug, now=utcnow()).versions[-1]


def _version(session: Session, slug: str) -> FormVersion:
    """The newest version of a form. Whoever was handed a code was promised one answer a code."""
    newest = (
        sa.select(FormVersion)
        .join(FeedbackForm)
        .where(FeedbackForm.slug == slug)
        .order_by(FormVersion.number.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is None:
        raise NotFound(f"There is no form “{slug}” that has been published; --new makes one from the file.")
    if found.form.entry is Entry.CODE:
        raise RuleBroken(
            f"The form “{slug}” takes one answer a code, and these answers have no codes; "
            "nothing was imported."
        )
    return found


def _report(source: AnswerSource, summary: AnswerSummary, *, is_new: bool) -> None:
    """What was understood of the file, and what was left."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(summary.kinds.items()))
    click.echo(f"Questions: {sum(summary.kinds.values())} ({kinds or 'none'}).")
    for head, why in source.layout.dropped.items():
        click.echo(f"Not read: {printable(head)} ({why}).")
    for head in source.layout.odd:
        click.echo(f"Looks garbled, as of a wrong encoding: {printable(head)}")
    if is_new and summary.demographic:
        names = ", ".join(summary.demographic)
        click.echo(f"Taken to be about the person, so told only in counts: {names}.")
    for head in summary.columns:
        click.echo(f"No question for the column: {printable(head)}")
    for name, value, count in summary.values[:_MOST_TOLD]:
        click.echo(f"No answer to “{name}”: {printable(value)} ({_often(count)}).")
    if len(summary.values) > _MOST_TOLD:
        click.echo(f"… and {len(summary.values) - _MOST_TOLD} more values.")
    _report_left_out(summary)


def _report_left_out(summary: AnswerSummary) -> None:
    """What was there and is no answer, or none that can be kept whole."""
    for name, text, count in summary.too_long[:_MOST_TOLD]:
        click.echo(f"Too long for “{name}”, so left out: {printable(text)}… ({_often(count)}).")
    if len(summary.too_long) > _MOST_TOLD:
        click.echo(f"… and {len(summary.too_long) - _MOST_TOLD} more texts that are too long.")
    if summary.empty:
        click.echo(f"Empty, so left out: {_rows(summary.empty)} without an answer to any question.")
    if summary.unfinished:
        click.echo(
            f"Unfinished, so left out: {_rows(summary.unfinished)} of people who did not come to the end; "
            "--unfinished takes them."
        )


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
