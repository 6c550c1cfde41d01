"""Which subjects of a taxonomy a text touches, with the words that show it; a mention from either side
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engage.analysis.phrases import Found, Phrases, Span
from engage.analysis.reading import Reading
from engage.analysis.taxonomy import OTHER, ConcernDefinition, Taxonomy

# Words that deny what stands before them in the same sentence ("profiling claims are nonsense") …
_DENIED_AFTER = {
    "en": (
        "nonsense|myth|myths|hysteria|baloney|fake|bogus|baseless|unfounded|overblown|exaggerated|fearmongering",
        "=hoax|=bunk|=lie|=lies",
        "scare tactic",
        "not|isn't|aren't true|happening|real",
        "don't|doesn't|didn't|not exist|happen",
        "never happens|happened|happen",
        "no|without evidence|proof",
    ),
    "es": (
        "mentira|falso|falsa|falsos|falsas|tonteria|exageracion|exagerado|exagerada|exageradas|exagerados",
        "=mito|=mitos|=cuento|=cuentos",
        "no es|son cierto|cierta|ciertas|ciertos|verdad|real|reales",
        "no existe|existen|pasa|ocurre|sucede",
        "sin|hay pruebas|evidencia",
    ),
}
# … and that deny what stands after them ("there is no evidence of profiling").
_DENIED_BEFORE = {
    "en": (
        "no evidence|proof of|that",
        "nothing to do with",
        "not|isn't|never about",
        "myth of|that|about",
        "lie|lies|hysteria|fearmongering about",
        "=so =called",
        "false|fake|bogus|baseless claims|accusations|charges of|about",
    ),
    "es": (
        "no hay pruebas|evidencia de",
        "nada que ver con",
        "no es|son por|cuestion",
        "mito de|del|que",
        "mentira|mentiras sobre|de|que",
        "=el =cuento =de",
        "supuesto|supuesta|supuestos|supuestas",
    ),
}
_REACH_BEFORE = 4
_REACH_AFTER = 8


@dataclass(frozen=True, slots=True)
class Concern:
    """A subject that a text touches; ``denied`` where each mention is made only to deny it."""

    code: str
    denied: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one phrase means: which concern it is a cue, a denial or an exclusion of."""

    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Mention:
    found: Found
    cue: str
    denied: bool


class ConcernFinder:
    """The cues of a taxonomy, compiled for each language."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._order = taxonomy.codes
        self._cues: dict[str, list[_Cue]] = {}
        self._phrases: dict[str, Phrases] = {}
        for language in _DENIED_AFTER:
            entries = [entry for concern in taxonomy.concerns for entry in _entries(concern, language)]
            self._cues[language] = [cue for _, cue in entries]
            self._phrases[language] = Phrases((phrase for phrase, _ in entries), language)
        self._before = {language: Phrases(phrases, language) for language, phrases in _DENIED_BEFORE.items()}
        self._after = {language: Phrases(phrases, language) for language, phrases in _DENIED_AFTER.items()}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are cues for."""
        return tuple(self._phrases)

    def find(self, reading: Reading, languages: Iterable[str]) -> tuple[Concern, ...]:
        """The concerns of a text in the taxonomy's order, at least `OTHER` unless the text is empty."""
        if not reading.words:
            return ()
        mentions: dict[str, list[_Mention]] = {}
        for language in languages:
            for code, mention in self._mentions(reading, language):
                mentions.setdefault(code, []).append(mention)
        if not mentions:
            return (Concern(OTHER, denied=False, spans=()),)
        return tuple(_concern(code, mentions[code], reading) for code in self._order if code in mentions)

    def _mentions(self, reading: Reading, language: str) -> Iterator[tuple[str, _Mention]]:
        phrases, cues = self._phrases[language], self._cues[language]
        found = [place for place in phrases.find(reading.words) if reading.is_within_a_sentence(place)]
        if not found:
            return
        excluded: dict[str, set[int]] = {}
        for place in found:
            if cues[place.phrase].kind == "exclusion":
                excluded.setdefault(cues[place.phrase].code, set()).update(range(place.first, place.last))
        denied_starts, denied_ends = self._denials(reading, language)
        for place in found:
            cue = cues[place.phrase]
            if cue.kind == "exclusion" or not excluded.get(cue.code, _NOWHERE).isdisjoint(
                range(place.first, place.last)
            ):
                continue
            denied = cue.kind == "denial" or place.first in denied_starts or place.last in denied_ends
            yield cue.code, _Mention(place, phrases.texts[place.phrase], denied)

    def _denials(self, reading: Reading, language: str) -> tuple[set[int], set[int]]:
        """Where a denied mention may begin, and where one may end, within the sentence of the denial."""
        starts: set[int] = set()
        for denial in self._before[language].find(reading.words):
            reach = range(denial.last, min(denial.last + _REACH_BEFORE, len(reading.words)))
            starts.update(at for at in reach if reading.sentences[at] == reading.sentences[denial.first])
        ends: set[int] = set()
        for denial in self._after[language].find(reading.words):
            reach = range(max(1, denial.first - _REACH_AFTER + 1), denial.first + 1)
            ends.update(at for at in reach if reading.sentences[at - 1] == reading.sentences[denial.first])
        return starts, ends


_NOWHERE: frozenset[int] = frozenset()


def _entries(concern: ConcernDefinition, language: str) -> Iterator[tuple[str, _Cue]]:
    tables = (("cue", concern.cues), ("denial", concern.denials), ("exclusion", concern.exclusions))
    for kind, table in tables:
        for phrase in table.get(language, ()):
            yield phrase, _Cue(concern.code, kind)


def _concern(code: str, mentions: list[_Mention], reading: Reading) -> Concern:
    """Join the mentions of one concern; of overlapping ones the longest is kept, a denial before a cue."""
    kept: list[_Mention] = []
    taken: set[int] = set()
    for mention in sorted(
        mentions, key=lambda one: (one.found.first - one.found.last, not one.denied, one.found.first)
    ):
        words = range(mention.found.first, mention.found.last)
        if taken.isdisjoint(words):
            kept.append(mention)
            taken.update(words)
    kept.sort(key=lambda one: one.found.first)
    return Concern(
        code=code,
        denied=all(mention.denied for mention in kept),
        spans=tuple(reading.span(mention.found, mention.cue) for mention in kept),
    )
