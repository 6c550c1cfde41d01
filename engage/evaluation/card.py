# ruff: noqa: E501 - a card is Markdown, and its lines are as long as its sentences and tables
"""The model card of one version of the analysis (Mitchell et al., 2019: arXiv 1810.03993)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from engage.evaluation.figures import Confusion, Figure, as_data

FIGURES = Path(str(files("engage.analysis") / "data" / "figures.json"))

_HEAD = """# Model card: the analysis of comments

Made by `engage evaluate DIR --card FILE`; not written by hand. Version of the analysis: `{version}`.

## What it does

For each comment, in English and Spanish: which language it is in; how it sounds (positive, neutral, negative, or not
scored); which concerns of the docket's taxonomy it mentions, and whether only to deny them; which position it seems to
take, as a suggestion beside the one that people declare; personal data in it; and which other comments are versions of
the same letter. It runs on the county's own machine, without a network, and gives the same answer to the same text.

## What it was made from

| part | made from | licence |
|---|---|---|
| language | ELD-C, package `eldc`: character n-grams | Apache-2.0 |
| tone, English | TextBlob's lexicon beside word lists and weights of our own; see `engage/analysis/data` | MIT; the data files name theirs |
| tone, Spanish | word lists and weights of our own, Snowball stems; see `engage/analysis/data` | BSD-3-Clause; the data files name theirs |
| concerns, position | cues written for this project, as data files that a docket can change | the project's |
| personal data | patterns written for this project, `phonenumbers` | Apache-2.0 |
| campaigns | no model: shared word triples | – |

No comment that was ever sent to a site of ours was used to make it. Sets that are for evaluation only taught no word.

## What it can tell

- How often people declared each position, and which concerns the comments mention, each number with the comments behind it.
- Which comments are versions of one letter, and what people added to it.
- How comments sound on the whole, within the errors below.

## What it cannot tell

- What residents think: these are the comments of those who chose to write.
- A position from tone. An angry comment may support a proposal, a kind one oppose it.
- Everything that a comment is about. Some mentions are missed, some are mistaken, irony above all.
- Whether a single comment was read rightly. Figures are for many comments; a person decides about one.
- Whether what comments claim is true, or who wrote them.

## Even-handedness

A mention counts from either side, also where it is denied. The aim is that recall for supporting and opposing texts
differs by no more than five points a concern. This card does not measure that, for the labelled sets name no side. The
suggested position does not see the tone.

"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured of one version."""

    version: str
    figures: tuple[Figure, ...]
    confusions: tuple[Confusion, ...]


def shipped(measured: Measured) -> str:
    """The figures as the site shows them, as JSON."""
    data = {
        "version": measured.version,
        "figures": as_data(measured.figures),
        "confusions": [asdict(one) for one in measured.confusions],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


_SEEN = """A set that is marked *seen* was at hand while this version was made or tuned: on new texts expect less. Where it
is *cross-validated*, each text was judged by weights that had not seen it.

"""


def card(measured: Measured) -> str:
    """The card, as Markdown."""
    parts = [_HEAD.format(version=measured.version), "## Figures\n\n", _SEEN, *_table(measured.figures)]
    parts.append("\n## Errors in tone, by language and set\n\n")
    parts.append("Rows: what people said. Columns: what the analysis said.\n")
    for confusion in measured.confusions:
        parts += _matrix(confusion)
    parts.append("\n## Kinds of errors\n\n")
    parts += [f"- {line}\n" for line in _kinds(measured.confusions)]
    return "".join(parts)


def _table(figures: Iterable[Figure]) -> Iterator[str]:
    yield "| figure | set | texts | value | target |\n|---|---|---:|---:|---:|\n"
    for figure in figures:
        sign = "≤" if figure.lower_is_better else "≥"
        target = "" if figure.target is None else f"{sign} {figure.target:g}"
        yield f"| {figure.name} | {figure.set} | {figure.n} | {figure.value:.4g}{figure.unit} | {target} |\n"


def _matrix(confusion: Confusion) -> Iterator[str]:
    yield f"\n### {confusion.language}, {confusion.set}\n\n"
    yield f"| | {' | '.join(confusion.said)} |\n|---|{'---:|' * len(confusion.said)}\n"
    for label, row in zip(confusion.labels, confusion.counts, strict=True):
        yield f"| **{label}** | {' | '.join(map(str, row))} |\n"


def _kinds(confusions: Iterable[Confusion]) -> Iterator[str]:
    """What goes wrong most, by language, in shares of all that people called so."""
    for language in sorted({one.language for one in confusions}):
        of_language = [one for one in confusions if one.language == language]
        for label in of_language[0].labels:
            rows = [one.counts[one.labels.index(label)] for one in of_language]
            totals = [sum(column) for column in zip(*rows, strict=True)]
            answers = dict(zip(of_language[0].said, totals, strict=True))
            right = answers.pop(label)
            worst = max(answers, key=lambda answer: (answers[answer], answer))
            whole = right + sum(answers.values())
            if whole:
                yield (
                    f"{language}: of {whole} texts that people called *{label}*, {right / whole:.0%} are found; "
                    f"most of the others are called *{worst}* ({answers[worst] / whole:.0%})."
                )
