"""Make ``semantic-tone.npz`` of the analysis: the weights of tone with sentence vectors, and their middle.

    python -m engage.evaluation.train_semantic FOLDER

FOLDER holds the labelled sets of the development (``sent_en_….csv``, ``sent_es_mps_….csv``). Ratings that are
for evaluation only (InterTASS) are measured and never learned from. Vectors are kept in ``build/vectors``:
the first run takes about 20 texts a second, the next ones seconds. The same sets give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from engage.analysis import Analyser, ToneLabel
from engage.analysis.semantic import E5Embedder, centred
from engage.analysis.semantic_tone import LABELS, features, tone_of

TRAINING = ("sent_en_tweets", "sent_en_nyt", "sent_en_movie", "sent_en_amazon", "sent_en_mps", "sent_es_mps")
EVALUATION_ONLY = ("sent_es_intertass",)
_DATA = Path(str(files("engage.evaluation"))) / "data"
_SHORT = {"neg": ToneLabel.NEGATIVE, "neu": ToneLabel.NEUTRAL, "pos": ToneLabel.POSITIVE}
# Members of parliament are rated −2…2 in full steps of ±1, everybody else −4…4; the head learns −1…1.
_LARGEST = {"sent_en_mps": 2.0, "sent_es_mps": 2.0}
_PENALTY = 10.0
_BALANCE = 0.8
# What one pair of mirrored sentences weighs against one rated text.
_MIRRORED = 30.0
_FOLDS = 5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One file: its name, language, labels (n), ratings −1…1 (n), vectors as E5 makes them (n × 384) and
    scores by word lists (n).
    """

    name: str
    language: str
    labels: NDArray[np.str_]
    ratings: Floats
    raw: Floats
    scores: list[float]


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cache", type=click.Path(path_type=Path), default=Path("build/vectors"), show_default=True)
def main(folder: Path, cache: Path) -> None:
    """Learn the weights from the labelled sets in FOLDER, print how well they do, and write the file."""
    engine = E5Embedder()
    learned = [read_set(path, engine, cache) for path in _paths(folder, TRAINING)]
    held_out = [read_set(path, engine, cache) for path in _paths(folder, EVALUATION_ONLY)]
    middle = middle_of(learned)
    mirrored = mirrored_differences(engine, middle, cache)
    report(learned, held_out, middle, mirrored)
    target = Path(str(files("engage.analysis"))) / "data" / "semantic-tone.npz"
    with target.open("wb") as raw:
        np.savez(raw, centre=middle, weights=fit(learned, middle, mirrored))
    click.echo(f"{target.name}: SHA-256 {hashlib.sha256(target.read_bytes()).hexdigest()[:12]}…")


def _paths(folder: Path, names: Sequence[str]) -> list[Path]:
    return [path for name in names for path in sorted(folder.glob(f"{name}*.csv"))]


def read_set(path: Path, engine: E5Embedder, cache: Path) -> LabelledSet:
    """A labelled set with the vectors of its texts, from the cache where they are there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    name = next(name for name in (*TRAINING, *EVALUATION_ONLY) if path.name.startswith(name))
    analyser = Analyser()
    return LabelledSet(
        name=name,
        language=rows[0]["lang"],
        labels=np.array([_SHORT[row["label"]].value for row in rows]),
        ratings=np.array(
            [float(row.get("score") or 0) / _LARGEST.get(name, 4.0) for row in rows], dtype=np.float32
        ),
        raw=_vectors(texts, engine, cache),
        scores=[analyser.analyse(row["text"], language_hint=row["lang"]).tone.score or 0.0 for row in rows],
    )


def _vectors(texts: list[str], engine: E5Embedder, cache: Path) -> Floats:
    digest = hashlib.sha256("\0".join([engine.version, *texts]).encode()).hexdigest()[:16]
    kept = cache / f"{digest}.npy"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, engine.raw(texts))
    vectors: Floats = np.load(kept, allow_pickle=False)
    return vectors


def middle_of(sets: Sequence[LabelledSet]) -> Floats:
    """The mean vector (384); English and Spanish count alike, however many texts there are of each."""
    languages = sorted({one.language for one in sets})
    means = [np.concatenate([one.raw for one in sets if one.language == name]).mean(0) for name in languages]
    middle: Floats = np.mean(means, axis=0).astype(np.float32)
    return middle


def mirrored_differences(engine: E5Embedder, middle: Floats, cache: Path) -> Floats:
    """In which ways vectors differ by the group alone that a sentence speaks of (n × features).

    Tone may not go by any of them: to speak of Mexicans or of Republicans is no tone.
    """
    table = tomllib.loads((_DATA / "mirrored-groups.toml").read_text("utf-8"))
    differences = []
    for language in table.values():
        for sentence in language["sentences"]:
            texts = [sentence.replace("{}", group) for group in language["groups"]]
            rows = features(centred(_vectors(texts, engine, cache), middle), [0.0] * len(texts))
            differences.append(rows - rows.mean(axis=0))
    return np.concatenate(differences)


def fit(sets: Sequence[LabelledSet], middle: Floats, mirrored: Floats) -> Floats:
    """Ridge regression of the labels and the rating on the features: weights (features × 4)."""
    x = np.concatenate([features(centred(one.raw, middle), one.scores) for one in sets])
    labels = np.concatenate([one.labels for one in sets])
    return _ridge(x, labels, np.concatenate([one.ratings for one in sets]), mirrored)


def _ridge(x: Floats, labels: NDArray[np.str_], ratings: Floats, mirrored: Floats) -> Floats:
    """Rare labels weigh more, though not as much as if all were equally frequent; mirrored sentences shall
    differ by nothing.
    """
    target = np.column_stack([*(labels == label.value for label in LABELS), ratings]).astype(np.float64)
    share = {label.value: float(np.mean(labels == label.value)) for label in LABELS}
    weight = np.array([share[label] ** -_BALANCE for label in labels])
    weight /= weight.mean()
    weighted = x.astype(np.float64) * weight[:, None]
    gram = weighted.T @ x
    gram[np.diag_indices(len(gram))] += _PENALTY
    gram += _MIRRORED * (mirrored.T.astype(np.float64) @ mirrored)
    solved: Floats = np.linalg.solve(gram, weighted.T @ target).astype(np.float32)
    return solved


def report(
    learned: Sequence[LabelledSet], held_out: Sequence[LabelledSet], middle: Floats, mirrored: Floats
) -> None:
    """Print macro-F1 and r, each text judged by weights that have not seen it: five folds; then each set by
    weights that have seen no text of its kind; then the sets that nothing is learned from.
    """
    x = [features(centred(one.raw, middle), one.scores) for one in learned]
    outcomes = [np.zeros((len(one.labels), len(LABELS) + 1), dtype=np.float32) for one in learned]
    splitter = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    folds = [list(splitter.split(rows, one.labels)) for rows, one in zip(x, learned, strict=True)]
    for number in range(_FOLDS):
        seen = [fold[number][0] for fold in folds]
        weights = _ridge(
            np.concatenate([rows[kept] for rows, kept in zip(x, seen, strict=True)]),
            np.concatenate([one.labels[kept] for one, kept in zip(learned, seen, strict=True)]),
            np.concatenate([one.ratings[kept] for one, kept in zip(learned, seen, strict=True)]),
            mirrored,
        )
        for rows, outcome, fold in zip(x, outcomes, folds, strict=True):
            outcome[fold[number][1]] = rows[fold[number][1]] @ weights
    english = [place for place, one in enumerate(learned) if one.language == "en"]
    truth = np.concatenate([learned[place].labels for place in english])
    found = np.concatenate([_labels(outcomes[place]) for place in english])
    click.echo(f"{'cross-validated, all English':34} F1 {f1_score(truth, found, average='macro'):.3f}")
    for one, rows, outcome in zip(learned, x, outcomes, strict=True):
        others = [other for other in learned if other.name != one.name]
        click.echo(_line(f"cross-validated, {one.name}", one, outcome))
        click.echo(_line(f"other kinds only, {one.name}", one, rows @ fit(others, middle, mirrored)))
    weights = fit(learned, middle, mirrored)
    for one in held_out:
        rows = features(centred(one.raw, middle), one.scores)
        click.echo(_line(f"never learned from, {one.name}", one, rows @ weights))


def _labels(outcome: Floats) -> NDArray[np.str_]:
    return np.array([tone_of(row).label.value for row in outcome])


def _line(title: str, one: LabelledSet, outcome: Floats) -> str:
    line = f"{title:34} F1 {f1_score(one.labels, _labels(outcome), average='macro'):.3f}"
    if one.ratings.any():
        scores = [tone_of(row).score or 0.0 for row in outcome]
        line += f"  r {np.corrcoef(scores, one.ratings)[0, 1]:.3f}"
    return line


if __name__ == "__main__":
    main()
