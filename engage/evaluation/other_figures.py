"""Language, personal data, campaigns, intervals and speed."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engage.analysis import Analyser, CampaignIndex
from engage.analysis.folding import fold
from engage.analysis.language import identify
from engage.analysis.personal_data import find_personal_data
from engage.evaluation.campaign_sets import campaign_set
from engage.evaluation.figures import Figure
from engage.evaluation.measures import scores, scores_of
from engage.evaluation.pairs import pair_scores
from engage.evaluation.sets import find_sets, texts_of

_WHOLE, _FOUR_WORDS = 0.975, 0.955
_PERSONAL_PRECISION, _PERSONAL_RECALL, _FLAGGED = 0.85, 0.80, 0.005
_PAIRS = 0.9995
_COVERED = 0.93
_CAMPAIGNS_FASTER = 10.0
_SEEDS = (1, 2)
_TIMED = 5000


def language_figures(folder: Path) -> list[Figure]:
    """F1 of Spanish among other languages, for whole texts and for their first four words."""
    figures = []
    for each in find_sets(folder, "langid", ("lang", "text")):
        truth = [row["lang"] for row in each.rows]
        for what, words, target in (("whole texts", None, _WHOLE), ("first four words", 4, _FOUR_WORDS)):
            found = [identify(" ".join(row["text"].split()[:words])).code for row in each.rows]
            spanish = scores_of("es", truth, found)
            right = sum(one == other for one, other in zip(truth, found, strict=True)) / len(truth)
            figures += [
                Figure(f"language, es, {what}, F1", spanish.f1, "", truth.count("es"), each.label, target),
                Figure(f"language, all, {what}, right", right, "", len(truth), each.label),
            ]
    return figures


def personal_data_figures(folder: Path, corpora: Path | None) -> list[Figure]:
    """Precision and recall by sentence, recall by kind; with corpora, the share of real comments flagged."""
    figures = []
    for each in find_sets(folder, "pii", ("label", "type", "text")):
        has = [row["label"] == "1" for row in each.rows]
        found = [bool(find_personal_data(fold(row["text"]))) for row in each.rows]
        both = scores(sum(map(min, has, found)), sum(found), sum(has))
        size = len(has)
        figures += [
            Figure("personal data, precision", both.precision, "", size, each.label, _PERSONAL_PRECISION),
            Figure("personal data, recall", both.recall, "", size, each.label, _PERSONAL_RECALL),
        ]
        for kind in sorted({row["type"] for row, one in zip(each.rows, has, strict=True) if one}):
            of_kind = [flag for row, flag in zip(each.rows, found, strict=True) if row["type"] == kind]
            share = sum(of_kind) / len(of_kind)
            figures.append(Figure(f"personal data, {kind}, recall", share, "", len(of_kind), each.label))
    if corpora is not None:
        texts = [text for each in texts_of(corpora).values() for text in dict.fromkeys(each)]
        share = sum(bool(find_personal_data(fold(text))) for text in texts) / len(texts)
        figures.append(
            Figure(
                "personal data, real comments flagged",
                share,
                "",
                len(texts),
                "corpora",
                _FLAGGED,
                lower_is_better=True,
            )
        )
    return figures


def campaign_figures() -> list[Figure]:
    """Pairwise precision and recall on campaigns that are made to be hard, over several seeds."""
    figures = []
    for seed in _SEEDS:
        comments = campaign_set(seed=seed)
        index: CampaignIndex[int] = CampaignIndex()
        for number, comment in enumerate(comments):
            index.add(number, comment.text)
        ours = {member: group.id for group in index.groups() for member in group.members}
        found = [ours.get(number) for number in range(len(comments))]
        pairs = pair_scores([comment.campaign for comment in comments], found)
        name = f"generated, seed {seed}"
        figures += [
            Figure("campaigns, pairs, precision", pairs.precision, "", len(comments), name, _PAIRS),
            Figure("campaigns, pairs, recall", pairs.recall, "", len(comments), name, _PAIRS),
        ]
    return figures


def coverage_figures() -> list[Figure]:
    """How often the 95 % interval of a share holds the truth, over all settings of the simulation."""
    from engage.analysis.shares import simulate_coverage

    covered = [coverage for _, coverage in simulate_coverage(rounds=50)]
    return [
        Figure(
            "95 % interval, coverage, mean",
            sum(covered) / len(covered),
            "",
            len(covered),
            "simulated",
            _COVERED,
        ),
        Figure("95 % interval, coverage, worst setting", min(covered), "", len(covered), "simulated"),
    ]


def speed_figures(corpora: Path | None) -> list[Figure]:
    """Throughput beside a plain one-process TextBlob loop on the same texts in the same run (TextBlob = 1).

    The whole is what ``engage analyze`` does with all processors, with its start and its three files.
    """
    from textblob import TextBlob

    named = texts_of(corpora) if corpora else {"generated": [one.text for one in campaign_set(unrelated=500)]}
    analyser = Analyser()
    figures = []
    for name, every in named.items():
        texts = every[:_TIMED]
        analyser.analyse(texts[0])
        TextBlob(texts[0]).sentiment  # noqa: B018 - the lexicon is loaded when it is first asked for
        plain = _seconds(texts, lambda text: TextBlob(text).sentiment)
        campaigns = _campaign_seconds(texts)
        one = _seconds(texts, analyser.analyse)
        all_ = _analyze_seconds(texts)
        figures += [
            Figure("campaigns, times TextBlob", plain / campaigns, "×", len(texts), name, _CAMPAIGNS_FASTER),
            Figure("analysis in one process, times TextBlob", plain / one, "×", len(texts), name),
            Figure("engage analyze, times TextBlob", plain / all_, "×", len(texts), name, 1.0),
        ]
    return figures


def _campaign_seconds(texts: Sequence[str]) -> float:
    index: CampaignIndex[int] = CampaignIndex()
    return _seconds(texts, lambda text: index.add(len(index), text))


def _seconds(texts: Sequence[str], act: Callable[[str], object]) -> float:
    begun = time.perf_counter()
    for text in texts:
        act(text)
    return time.perf_counter() - begun


def _analyze_seconds(texts: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(prefix="engage-evaluate-") as folder:
        sheet = Path(folder) / "comments.csv"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
        command = [sys.executable, "-m", "engage", "analyze", str(sheet), "--out", str(Path(folder) / "out")]
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - this program, on a file of ours
        return time.perf_counter() - begun
