"""Tone against what people said of it."""

from __future__ import annotations

from pathlib import Path

from engage.analysis import Analyser, ToneLabel
from engage.evaluation.figures import Confusion, Figure
from engage.evaluation.measures import confusion, macro_f1, pearson
from engage.evaluation.sets import LabelledSet, find_sets, seen

LABELS = ("pos", "neu", "neg")
SAID = (*LABELS, "none")
_SHORT = {
    ToneLabel.POSITIVE: "pos",
    ToneLabel.NEUTRAL: "neu",
    ToneLabel.NEGATIVE: "neg",
    ToneLabel.NOT_SCORED: "none",
}
# By language and set, without and with sentence vectors.
_TARGETS = {("es", "intertass"): (0.57, 0.64), ("es", "mps"): (0.55, 0.66)}
_ALL_ENGLISH = (0.63, 0.70)
_CORRELATION = (0.56, 0.66)
_RATED = "nyt"
_TOGETHER = "all together"


def tone_figures(folder: Path, analyser: Analyser, *, semantic: bool) -> tuple[list[Figure], list[Confusion]]:
    """Macro-F1 for each set and for English over all, r for rated newspaper sentences, and the confusions.

    A text that is not scored counts as a wrong answer, and is left out of r.
    """
    figures: list[Figure] = []
    confusions: list[Confusion] = []
    pooled: list[tuple[str, str]] = []
    sets = find_sets(folder, "sent", ("label", "text", "lang"))
    for each in sets:
        truth, found, scores = _measured(each, analyser)
        language = each.language or each.rows[0]["lang"]
        target = _TARGETS.get((language, each.name), (None, None))[semantic]
        value = macro_f1(truth, found, LABELS)
        figures.append(Figure(f"tone, {language}, macro-F1", value, "", len(truth), each.label, target))
        confusions.append(
            Confusion("tone", language, each.label, LABELS, SAID, confusion(truth, found, LABELS, SAID))
        )
        if language == "en":
            pooled += zip(truth, found, strict=True)
        if each.name == _RATED:
            figures.append(_correlation(each, scores, semantic=semantic))
    if pooled:
        truth, found = map(list, zip(*pooled, strict=True))
        value = macro_f1(truth, found, LABELS)
        name = seen(_TOGETHER) if any(each.is_seen for each in sets) else _TOGETHER
        figures.append(Figure("tone, en, macro-F1", value, "", len(pooled), name, _ALL_ENGLISH[semantic]))
    return figures, confusions


def _measured(each: LabelledSet, analyser: Analyser) -> tuple[list[str], list[str], list[float | None]]:
    tones = [analyser.analyse(row["text"], language_hint=row["lang"]).tone for row in each.rows]
    return (
        [row["label"] for row in each.rows],
        [_SHORT[tone.label] for tone in tones],
        [tone.score for tone in tones],
    )


def _correlation(each: LabelledSet, scores: list[float | None], *, semantic: bool) -> Figure:
    pairs = [
        (float(row["score"]), score)
        for row, score in zip(each.rows, scores, strict=True)
        if score is not None
    ]
    value = pearson([rated for rated, _ in pairs], [score for _, score in pairs])
    return Figure("tone, en, r with ratings", value, "", len(pairs), each.label, _CORRELATION[semantic])
