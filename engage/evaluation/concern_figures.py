"""Concerns and quotes against real sentences that people sorted."""

from __future__ import annotations

from pathlib import Path

from engage.analysis import Analyser
from engage.evaluation.concern_codes import OLD_CODES, older
from engage.evaluation.figures import Figure
from engage.evaluation.measures import micro_scores, scores
from engage.evaluation.sets import LabelledSet, find_sets

_F1 = (0.68, 0.75)
_OFF_TOPIC = (0.12, 0.08)
_POINTS = (0.75, 0.80)
_QUOTES = 6


def concern_figures(folder: Path, analyser: Analyser, *, semantic: bool) -> list[Figure]:
    """Micro-F1 over the older codes, flags of sentences that touch none, and F1 by code and language."""
    figures: list[Figure] = []
    for each in find_sets(folder, "concerns", ("labels", "text", "lang")):
        truth = [_labels(row) for row in each.rows]
        found = [
            older(
                concern.code for concern in analyser.analyse(row["text"], language_hint=row["lang"]).concerns
            )
            for row in each.rows
        ]
        both = micro_scores(truth, found)
        on_none = [bool(codes) for labels, codes in zip(truth, found, strict=True) if not labels]
        figures += [
            Figure("concerns, micro-F1", both.f1, "", len(truth), each.label, _F1[semantic]),
            Figure("concerns, precision", both.precision, "", len(truth), each.label),
            Figure("concerns, recall", both.recall, "", len(truth), each.label),
        ]
        if on_none:
            figures.append(
                Figure(
                    "concerns, flags on sentences about none",
                    sum(on_none) / len(on_none),
                    "",
                    len(on_none),
                    each.label,
                    _OFF_TOPIC[semantic],
                    lower_is_better=True,
                )
            )
        figures += _by_part(each, truth, found)
    return figures


def _labels(row: dict[str, str]) -> frozenset[str]:
    return frozenset(filter(None, row["labels"].split(";"))) & OLD_CODES.keys()


def _by_part(each: LabelledSet, truth: list[frozenset[str]], found: list[frozenset[str]]) -> list[Figure]:
    figures = []
    for language in sorted({row["lang"] for row in each.rows}):
        places = [at for at, row in enumerate(each.rows) if row["lang"] == language]
        part = micro_scores([truth[at] for at in places], [found[at] for at in places])
        figures.append(Figure(f"concerns, {language}, micro-F1", part.f1, "", len(places), each.label))
    for code in OLD_CODES:
        wanted = sum(code in labels for labels in truth)
        right = sum(code in labels & codes for labels, codes in zip(truth, found, strict=True))
        if wanted:
            one = scores(right, sum(code in codes for codes in found), wanted)
            figures.append(Figure(f"concerns, {code}, F1", one.f1, "", wanted, each.label))
    return figures


def quote_figures(folder: Path, *, semantic: bool) -> list[Figure]:
    """The share of the most points that six quotes could cover which the chosen ones do cover.

    The points are the labels of a set of concerns, the candidates its sentences.
    """
    from engage.analysis.quotes import Candidate, choose
    from engage.analysis.semantic import embedder

    figures = []
    model = embedder() if semantic else None
    for each in find_sets(folder, "concerns", ("labels", "text", "lang")):
        rows = [(row, _labels(row)) for row in each.rows]
        candidates = [Candidate(at, row["text"], language=row["lang"]) for at, (row, _) in enumerate(rows)]
        vectors = model.embed([one.text for one in candidates]) if model else None
        chosen = choose(candidates, _QUOTES, vectors=vectors)
        covered = frozenset[str]().union(*(rows[quote.id][1] for quote in chosen))
        most = _most_covered([labels for _, labels in rows])
        value = len(covered) / most if most else 0.0
        figures.append(
            Figure("six quotes, points covered", value, "", len(rows), each.label, _POINTS[semantic])
        )
    return figures


def _most_covered(labels: list[frozenset[str]]) -> int:
    """The points that six sentences can cover, chosen greedily with the labels in sight."""
    covered: frozenset[str] = frozenset()
    for _ in range(_QUOTES):
        covered |= max(labels, key=lambda one: len(one - covered), default=frozenset())
    return len(covered)
