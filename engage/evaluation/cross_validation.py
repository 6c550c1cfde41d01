"""English tone on the sets that taught it, each text judged by weights that did not see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from engage.evaluation.figures import Figure
from engage.evaluation.measures import macro_f1, pearson
from engage.evaluation.sets import BadSet

if TYPE_CHECKING:
    from engage.evaluation.train_tone import Floats, Integers, Sentences

HOW = "cross-validated"
_CLASSES = ("0", "1", "2")


def cross_validated_figures(folder: Path) -> list[Figure]:
    """Macro-F1 for each set and over all; r for newspaper sentences. Raises BadSet where one is missing."""
    from engage.evaluation import train_tone as tone

    missing = [name for name in tone.ENGLISH if not (folder / f"sent_en_{name}_dev.csv").is_file()]
    if missing:
        raise BadSet(f"{folder}: there is no sent_en_{missing[0]}_dev.csv in it to cross-validate with.")
    given = tone.read_sentences(folder, "en", tone.ENGLISH)
    shipped = json.loads((tone.DATA / "tone-en.json").read_text("utf-8"))
    found = tone.cross_validated(tone.vocabulary("en", shipped["valences"], shipped["hints"]), given, shipped)
    figures = [_macro_f1(given, found, given.only([name]), name, None) for name in tone.ENGLISH]
    figures.append(_macro_f1(given, found, given.only(tone.ENGLISH), "all together", 0.63))
    return [*figures, _correlation(given, found, given.only(["nyt"]))]


def _macro_f1(given: Sentences, found: Floats, own: Integers, name: str, target: float | None) -> Figure:
    truth, said = ([str(each) for each in labels] for labels in (given.labels[own], found[own].argmax(1)))
    value = macro_f1(truth, said, _CLASSES)
    return Figure("tone, en, macro-F1", value, "", len(own), f"{name} ({HOW})", target)


def _correlation(given: Sentences, found: Floats, own: Integers) -> Figure:
    value = pearson([*map(float, given.ratings[own])], [*map(float, found[own, 2] - found[own, 0])])
    return Figure("tone, en, r with ratings", value, "", len(own), f"nyt ({HOW})", 0.56)
