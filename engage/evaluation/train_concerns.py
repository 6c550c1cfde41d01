"""Make ``engage/analysis/data/semantic-concerns.npz``: how well a sentence vector fits each concern.

    python -m engage.evaluation.train_concerns

Learned from ``concern-examples.toml`` of the analysis and ``concern-sentences.csv`` of this room, all
written for this project. Prints, for the sentences of the second file, what cues find alone and together
with meaning, each sentence judged by heads that have not seen it. The same sentences give the same bytes.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from engage.analysis import Analyser
from engage.analysis.semantic import required_embedder
from engage.analysis.semantic_concerns import ADD, KEEP

_DATA = Path(str(files("engage.analysis"))) / "data"
_SENTENCES = Path(str(files("engage.evaluation"))) / "data" / "concern-sentences.csv"
_NONE = "none"
_PENALTY = 0.3
_FOLDS = 5

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Examples:
    """``texts`` (n) in their ``languages`` and which of the ``codes`` each touches (n × k); the texts from
    number ``measured_from`` on are measured.
    """

    codes: tuple[str, ...]
    texts: list[str]
    languages: list[str]
    touches: Flags
    measured_from: int


@click.command()
def main() -> None:
    """Learn the heads, print how well they do on sentences that they have not seen, and write the file."""
    examples = read_examples()
    vectors = required_embedder().embed(examples.texts)
    report(examples, vectors)
    with (_DATA / "semantic-concerns.npz").open("wb") as raw:
        np.savez(raw, codes=np.array(examples.codes), weights=fit(vectors, examples.touches))


def read_examples() -> Examples:
    """Both files as one list."""
    table = tomllib.loads((_DATA / "concern-examples.toml").read_text("utf-8"))
    codes = tuple(code for code in table if code != _NONE)
    rows = [
        (text, language, {code})
        for code, by_language in table.items()
        for language, texts in by_language.items()
        for text in texts
    ]
    measured_from = len(rows)
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        rows += [(row["text"], row["lang"], set(row["codes"].split(";"))) for row in csv.DictReader(file)]
    return Examples(
        codes=codes,
        texts=[text for text, _, _ in rows],
        languages=[language for _, language, _ in rows],
        touches=np.array([[code in own for code in codes] for _, _, own in rows]),
        measured_from=measured_from,
    )


def fit(vectors: Floats, touches: Flags) -> Floats:
    """Ridge regression of the flags on the vectors: weights (d × k)."""
    gram = vectors.T.astype(np.float64) @ vectors + _PENALTY * np.eye(vectors.shape[1])
    solved: Floats = np.linalg.solve(gram, vectors.T.astype(np.float64) @ touches).astype(np.float32)
    return solved


def report(examples: Examples, vectors: Floats) -> None:
    """Print micro-F1, and how often a sentence that touches nothing is given a concern."""
    fits = np.zeros(examples.touches.shape, dtype=np.float32)
    for seen, unseen in KFold(_FOLDS, shuffle=True, random_state=1).split(vectors):
        fits[unseen] = vectors[unseen] @ fit(vectors[seen], examples.touches[seen])
    measured = slice(examples.measured_from, None)
    cues = _cues(examples)[measured]
    fits, truth = fits[measured], examples.touches[measured]
    for name, found in (
        ("cues alone", cues),
        ("meaning alone", fits >= ADD),
        ("cues and meaning", (cues & (fits >= KEEP)) | (fits >= ADD)),
    ):
        f1 = 2 * (found & truth).sum() / (found.sum() + truth.sum())
        off_topic = found[~truth.any(axis=1)].any(axis=1).mean()
        click.echo(f"{name:18} micro-F1 {f1:.3f}  flags on sentences without a concern {off_topic:.1%}")


def _cues(examples: Examples) -> Flags:
    analyser = Analyser()
    found = [
        {concern.code for concern in analyser.analyse(text, language_hint=language).concerns}
        for text, language in zip(examples.texts, examples.languages, strict=True)
    ]
    return np.array([[code in own for code in examples.codes] for own in found])


if __name__ == "__main__":
    main()
