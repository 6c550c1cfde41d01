"""``engage evaluate``: every figure that the analysis is held to, for the labelled sets in a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from engage.analysis import Analyser
from engage.evaluation.card import FIGURES, Measured, card, shipped
from engage.evaluation.concern_figures import concern_figures, quote_figures
from engage.evaluation.cross_validation import cross_validated_figures
from engage.evaluation.figures import Figure, as_data
from engage.evaluation.other_figures import (
    campaign_figures,
    coverage_figures,
    language_figures,
    personal_data_figures,
    speed_figures,
)
from engage.evaluation.sets import BadSet, require_some
from engage.evaluation.tone_figures import tone_figures


class Unusable(click.ClickException):
    """A folder or file that cannot be used; one line, and the exit code of wrong usage."""

    exit_code = 2


KINDS = ("sent", "concerns", "langid", "pii")
_FOLDER = click.Path(path_type=Path)


@click.command(name="evaluate")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--json", "json_file", type=_FOLDER, help="Write the figures to this file as well.")
@click.option("--semantic", is_flag=True, help="With sentence vectors (needs the extra “semantic”).")
@click.option("--corpora", type=_FOLDER, help="Folder of real comments (CSV with a column “text”).")
@click.option("--speed", is_flag=True, help="Measure speed too, beside TextBlob in the same run.")
@click.option("--cross-validate", is_flag=True, help="English tone also by weights that did not see it.")
@click.option("--card", "card_file", type=_FOLDER, help="Write the model card (Markdown) to this file.")
@click.option("--ship", is_flag=True, help="Write the figures that the site shows with this version.")
def evaluate_command(
    folder: Path,
    json_file: Path | None,
    corpora: Path | None,
    card_file: Path | None,
    *,
    semantic: bool,
    speed: bool,
    cross_validate: bool,
    ship: bool,
) -> None:
    """Measure the analysis on the labelled sets in DIR.

    Sets go by their names: sent_LANG_NAME*.csv, concerns*.csv, langid*.csv, pii*.csv.
    """
    if ship and semantic:
        raise Unusable("--ship is for the figures without sentence vectors, which every site has.")
    try:
        measured = _measure(folder, corpora, semantic=semantic, speed=speed, cross_validate=cross_validate)
    except BadSet as error:
        raise Unusable(str(error)) from error
    _print(measured.figures)
    files = {
        json_file: json.dumps(as_data(measured.figures), indent=2, ensure_ascii=False) + "\n",
        card_file: card(measured),
        FIGURES if ship else None: shipped(measured),
    }
    for path, content in files.items():
        if path is not None:
            _write(path, content)


def _measure(
    folder: Path, corpora: Path | None, *, semantic: bool, speed: bool, cross_validate: bool
) -> Measured:
    require_some(folder, KINDS)
    if corpora is not None and not corpora.is_dir():
        raise BadSet(f"{corpora}: there is no such folder.")
    analyser = _analyser(semantic=semantic)
    tones, confusions = tone_figures(folder, analyser, semantic=semantic)
    figures = [
        *tones,
        *(cross_validated_figures(folder) if cross_validate else ()),
        *concern_figures(folder, analyser, semantic=semantic),
        *campaign_figures(),
        *language_figures(folder),
        *personal_data_figures(folder, corpora),
        *quote_figures(folder, semantic=semantic),
        *coverage_figures(),
        *(speed_figures(corpora) if speed else ()),
    ]
    return Measured(analyser.version, tuple(figures), tuple(confusions))


def _analyser(*, semantic: bool) -> Analyser:
    if not semantic:
        return Analyser()
    from engage.analysis.semantic import embedder

    model = embedder()
    if model is None:
        raise BadSet("--semantic needs sentence vectors: pip install 'engage[semantic]'.")
    return Analyser(embedder=model)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{path}: cannot be written ({error.strerror}).") from error


def _print(figures: Sequence[Figure]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for head, justify in (
        ("figure", "left"),
        ("set", "left"),
        ("n", "right"),
        ("value", "right"),
        ("target", "right"),
    ):
        table.add_column(head, justify=justify, no_wrap=head != "set")  # type: ignore[arg-type]
    table.add_column("met")
    for figure in figures:
        sign = "≤" if figure.lower_is_better else "≥"
        target = "" if figure.target is None else f"{sign} {figure.target:g}"
        met = {True: "yes", False: "no", None: ""}[figure.is_met]
        table.add_row(
            figure.name, figure.set, f"{figure.n:,}", f"{figure.value:.4g}{figure.unit}", target, met
        )
    Console(width=None if Console().is_terminal else 130).print(table)
