"""Labelled sentences of our own, one file a set, and how a finder is scored on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from engage.analysis.folding import fold
from engage.analysis.personal_data import find_personal_data

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sentence:
    """A sentence, its label, and the stretch of it between ⟨ and ⟩ that the label is about, if marked."""

    label: str
    language: str
    text: str
    marked: str | None


def sentences(name: str) -> list[Sentence]:
    """The sentences of the file ``name.txt``, whose lines are label | language | text."""
    lines = (_HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return [_sentence(line) for line in lines if line and not line.startswith("#")]


def _sentence(line: str) -> Sentence:
    label, language, text = line.split("|", 2)
    marked = text[text.index("⟨") + 1 : text.index("⟩")] if "⟨" in text else None
    return Sentence(label, language, text.replace("⟨", "").replace("⟩", ""), marked)


@dataclass
class Score:
    """How often the right kind was found, another or none, over sentences; and how often just the place."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    exact: int = 0
    marked: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.missed.total())


def score_personal_data(given: list[Sentence]) -> Score:
    """Score the finder; names are neither right nor wrong, for the sets do not mark them."""
    score = Score()
    for sentence in given:
        found = [
            (one.kind.value, sentence.text[one.start : one.end])
            for one in find_personal_data(fold(sentence.text))
            if one.kind != "person_name"
        ]
        kinds = {kind for kind, _ in found}
        wanted = {sentence.label} - {"none"}
        for counts, of in (
            (score.right, wanted & kinds),
            (score.missed, wanted - kinds),
            (score.wrong, kinds - wanted),
        ):
            counts.update((kind, sentence.language) for kind in of)
        if sentence.marked is not None and wanted & kinds:
            score.marked += 1
            score.exact += (sentence.label, sentence.marked) in found
            if (sentence.label, sentence.marked) not in found:
                score.faults.append(f"place   {sentence.label}|{sentence.text} → {found}")
        if kinds != wanted:
            score.faults.append(
                f"{'missed' if wanted - kinds else 'wrong '}  {sentence.label}|{sentence.text} → {found}"
            )
    return score
