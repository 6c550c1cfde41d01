"""``engage analyze``: a file of comments in, a report out, with no site and no network."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from engage.analysis import Analyser, BadTaxonomy, Taxonomy, default_taxonomy, load_taxonomy
from engage.analysis.bulk import CHUNK, ClusterUnavailable, available_workers, cluster, process_pool
from engage.analysis.semantic import Embedder, SemanticUnavailable, required_embedder
from engage.exchange import analyze_words as words
from engage.exchange.analyze import Analysed, TextSpool, analyse_rows, measures, write_all, write_comments
from engage.exchange.analyze_campaigns import largest_campaigns
from engage.exchange.analyze_html import CommentLists, excerpts, render
from engage.exchange.analyze_report import NAMED, SourceFacts, count, report_data
from engage.exchange.records import Source
from engage.exchange.sources import open_source

# Below this size a file is analysed before a second process has started.
_SMALL_FILE = 200_000


@click.command(name="analyze")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option("--text-column", metavar="C", help="Column that holds the comments.")
@click.option("--id-column", metavar="C", help="Column that holds the id of each comment.")
@click.option("--position-column", metavar="C", help="Column that holds the position that people declared.")
@click.option(
    "--taxonomy",
    "taxonomy_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Concerns to look for, as TOML; those of a 287(g) docket by default.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes; as many as there are processors by default."
)
@click.option("--cluster", "address", metavar="ADDRESS", help="Dask cluster to work on instead.")
@click.option(
    "--semantic/--no-semantic",
    default=False,
    help="Tone and concerns by meaning too; needs the extra engage[semantic]. Off by default.",
)
@click.option("--language", type=click.Choice(words.LANGUAGES), default="en", help="Language of report.html.")
def analyze_command(
    file: Path,
    out: Path,
    text_column: str | None,
    id_column: str | None,
    position_column: str | None,
    taxonomy_file: Path | None,
    workers: int | None,
    address: str | None,
    semantic: bool,
    language: str,
) -> None:
    """Analyse a FILE of comments: report.html, report.json and comments.csv.

    FILE is a CSV, or an export of Regulations.gov, Decidim, CONSUL or Pol.is.
    """
    started = time.monotonic()
    chosen = {text_column: "text", id_column: "id", position_column: "position"}
    columns = {column: field for column, field in chosen.items() if column is not None}
    analyser = Analyser(_taxonomy(taxonomy_file), embedder=_embedder() if semantic else None)
    source = open_source(file, columns=columns or None)
    console = Console(stderr=True)
    try:
        with TextSpool() as texts:
            with (
                _executor(source, workers, address, analyser) as (executor, count_),
                _progress(console, source) as on_progress,
            ):
                analysed = analyse_rows(
                    source, analyser, texts, executor=executor, workers=count_, on_progress=on_progress
                )
            names = _write(out, file, source, analysed, analyser, language)
    except (ClusterUnavailable, BrokenProcessPool) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written ({error.strerror or error}).") from error
    seconds = time.monotonic() - started
    click.echo(
        f"{len(analysed.rows):,} rows of {file.name} in {seconds:.1f} s: {', '.join(names)} in {out}",
        err=True,
    )


def _taxonomy(file: Path | None) -> Taxonomy:
    if file is None:
        return default_taxonomy()
    try:
        return load_taxonomy(file)
    except BadTaxonomy as error:
        raise click.ClickException(str(error)) from error


def _embedder() -> Embedder:
    try:
        return required_embedder()
    except SemanticUnavailable as error:
        raise click.ClickException(f"--semantic: {error}") from error


@contextmanager
def _executor(
    source: Source, workers: int | None, address: str | None, analyser: Analyser
) -> Iterator[tuple[Executor | None, int]]:
    """What the work is done with, and how many work at once; None where it is done in this process."""
    wanted = workers or available_workers()
    if address:
        with cluster(address) as (executor, threads):
            yield executor, threads
    elif wanted == 1 or (workers is None and source.size < _SMALL_FILE):
        yield None, 1
    else:
        with process_pool(wanted, analyser, measures) as pool:
            yield pool, wanted


@contextmanager
def _progress(console: Console, source: Source) -> Iterator[Callable[[int], None] | None]:
    """A progress bar by bytes on a terminal, nothing elsewhere."""
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Reading …", total=max(1, source.size))

        def show(done: int) -> None:
            behind = CHUNK if done > CHUNK else 0
            progress.update(task, completed=source.bytes_read - behind, description=f"{done:,} comments")

        yield show
        progress.update(task, completed=max(1, source.size))


def _write(
    out: Path, file: Path, source: Source, analysed: Analysed, analyser: Analyser, language: str
) -> tuple[str, ...]:
    """Write the three files; gives their names."""
    catalogue = words.translations(language)
    rows = analysed.rows
    counts = count(rows)
    campaigns = largest_campaigns(analysed, NAMED)
    facts = SourceFacts(file.name, source.format, source.encoding, source.size, _sha256(file))
    lists = CommentLists(rows, counts, analyser.taxonomy, language, catalogue.gettext, campaigns)
    page = render(
        counts=counts,
        lists=lists,
        texts=excerpts(analysed.texts, lists.wanted(), catalogue.gettext),
        source=facts,
        taxonomy=analyser.taxonomy,
        analyser_version=analyser.version,
        language=language,
        catalogue=catalogue,
        campaigns=campaigns,
    )
    cannot_tell = {code: catalogue.gettext(text) for code, text in words.CANNOT_TELL.items()}
    data = report_data(counts, facts, analyser.taxonomy, analyser.version, cannot_tell, campaigns)
    files: dict[str, Callable[[TextIO], None]] = {
        "comments.csv": lambda target: write_comments(target, rows),
        "report.json": lambda target: _write_json(target, data),
        "report.html": lambda target: _write_text(target, page),
    }
    write_all(out, files)
    return tuple(files)


def _write_json(target: TextIO, data: dict[str, object]) -> None:
    json.dump(data, target, ensure_ascii=False, indent=2)
    target.write("\n")


def _write_text(target: TextIO, text: str) -> None:
    target.write(text)


def _sha256(file: Path) -> str:
    with file.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()
