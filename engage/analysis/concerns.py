"""Which subjects of a taxonomy a text touches, with the words that show it; a mention from either side
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.phrases import Found, Phrases, Span
from engage.analysis.reading import Reading
from engage.analysis.taxonomy import OTHER, Taxonomy

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
# … or a whole clause after them ("it is not true that they stop people for the color of their skin").
_DENIED_CLAUSE = {
    "en": (
        "not|isn't|wasn't|never true that",
        "it's|is|be|are|simply false|untrue that|to",
        "don't|doesn't|didn't|not believe|buy|think there|that|the|any|it|they",
        "=no =such =thing =as",
        "=tired|=sick =of =hearing",
    ),
    "es": (
        "no es|era|son|sea cierto|verdad que|lo|eso",
        "es|son falso|mentira|mentiras que|lo|eso",
        "no creo|creemos|creen|cree que|en|lo",
        "no hay|existe|existen tal|tales",
    ),
}
# A denial that is itself denied is none ("profiling is not a myth", "I don't deny it", "not only racist").
_AFFIRMED = {
    "en": (
        "not|isn't|wasn't|aren't|no|hardly =a|=some|=mere =myth|=hoax|=lie|=exaggeration",
        "not|isn't|aren't|hardly nonsense|false|fake|bogus|baseless|unfounded|overblown|exaggerated",
        "not|aren't =myths|=lies",
        "not|isn't|aren't|never =only|=just|=merely|=simply",
        "don't|doesn't|can't|cannot|not|won't|nobody|no|never deny|denies|denying|doubt|doubts",
        "nobody|one can|could|will deny|doubt",
        "can't|cannot|don't|not say|claim|pretend|tell",
    ),
    "es": (
        "no es|son =un|=ningun|=una|=ninguna mito|cuento|mentira|invento|exageracion|tonteria",
        "no es|son mentira|falso|falsa|falsos|exageracion|exagerado|tonteria",
        "no solo|solamente|unicamente|nomas",
        "no es|son|era solo|solamente|unicamente|nomas",
        "no niego|niega|niegan|negamos|dudo|duda",
        "nadie|no puede|pueden|podemos negar|dudar",
    ),
}
_REACH_BEFORE = 4
_REACH_CLAUSE = 9
_REACH_AFTER = 8


@dataclass(frozen=True, slots=True)
class Concern:
    """A subject that a text touches; ``denied`` where each mention is made only to deny it."""

    code: str
    denied: bool
    spans: tuple[Span, ...]


class _Kind(StrEnum):
    """What a phrase means where it stands."""

    CUE = "cue"
    WEAK = "weak"
    DENIAL = "denial"
    EXCLUSION = "exclusion"
    FIELD = "field"
    DENIED_BEFORE = "denied before"
    DENIED_CLAUSE = "denied clause"
    AFFIRMED = "affirmed"
    DENIED_AFTER = "denied after"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one phrase means, and for which concern; the code is empty where it is for all of them."""

    kind: _Kind
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Mention:
    found: Found
    cue: str
    denied: bool


_Places = dict[_Kind, list[tuple[str, Found]]]


class ConcernFinder:
    """The cues of a taxonomy, compiled for each language."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._order = taxonomy.codes
        self._meanings: dict[str, list[_Meaning]] = {}
        self._phrases: dict[str, Phrases] = {}
        for language in _DENIED_AFTER:
            entries = list(_entries(taxonomy, language))
            self._meanings[language] = [meaning for _, meaning in entries]
            self._phrases[language] = Phrases((phrase for phrase, _ in entries), language)

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
        places = self._places(reading, language)
        counted = _counted(places, reading)
        if not counted:
            return
        texts = self._phrases[language].texts
        denied_starts, denied_ends = _denials(places, reading)
        for kind, code, place in counted:
            denied = kind is _Kind.DENIAL or place.first in denied_starts or place.last in denied_ends
            yield code, _Mention(place, texts[place.phrase], denied)

    def _places(self, reading: Reading, language: str) -> _Places:
        """Where the phrases of each kind stand, each with its concern, in the order of the text."""
        meanings = self._meanings[language]
        places: _Places = {kind: [] for kind in _Kind}
        for found in self._phrases[language].find(reading.words):
            meaning = meanings[found.phrase]
            if meaning.kind in _ANYWHERE or reading.is_within_a_sentence(found):
                places[meaning.kind].append((meaning.code, found))
        affirmed = {at for _, found in places[_Kind.AFFIRMED] for at in range(found.first, found.last)}
        for kind in _DENIALS if affirmed else ():
            places[kind] = [
                (code, found)
                for code, found in places[kind]
                if affirmed.isdisjoint(range(found.first, found.last))
            ]
        return places


_DENIALS = (_Kind.DENIAL, _Kind.DENIED_BEFORE, _Kind.DENIED_CLAUSE, _Kind.DENIED_AFTER)
# A denial is sought within the sentence that it begins in.
_ANYWHERE = frozenset({_Kind.DENIED_BEFORE, _Kind.DENIED_CLAUSE, _Kind.DENIED_AFTER})


def _entries(taxonomy: Taxonomy, language: str) -> Iterator[tuple[str, _Meaning]]:
    for concern in taxonomy.concerns:
        tables = (
            (_Kind.CUE, concern.cues),
            (_Kind.WEAK, concern.weak),
            (_Kind.DENIAL, concern.denials),
            (_Kind.EXCLUSION, concern.exclusions),
        )
        for kind, table in tables:
            for phrase in table.get(language, ()):
                yield phrase, _Meaning(kind, concern.code)
    shared = (
        (_Kind.FIELD, taxonomy.field.get(language, ())),
        (_Kind.DENIED_BEFORE, _DENIED_BEFORE[language]),
        (_Kind.DENIED_CLAUSE, _DENIED_CLAUSE[language]),
        (_Kind.DENIED_AFTER, _DENIED_AFTER[language]),
        (_Kind.AFFIRMED, _AFFIRMED[language]),
    )
    for kind, phrases in shared:
        for phrase in phrases:
            yield phrase, _Meaning(kind)


def _counted(places: _Places, reading: Reading) -> list[tuple[_Kind, str, Found]]:
    """The places that mention a concern: no exclusion there, and a weak cue not alone."""
    excluded: dict[str, set[int]] = {}
    for code, place in places[_Kind.EXCLUSION]:
        excluded.setdefault(code, set()).update(range(place.first, place.last))
    standing = [
        (kind, code, place)
        for kind in (_Kind.CUE, _Kind.DENIAL, _Kind.WEAK)
        for code, place in places[kind]
        if code not in excluded or excluded[code].isdisjoint(range(place.first, place.last))
    ]
    if not places[_Kind.WEAK]:
        return standing
    in_field = {reading.sentences[place.first] for _, place in places[_Kind.FIELD]}
    beside = {
        (code, reading.sentences[place.first]) for kind, code, place in standing if kind is not _Kind.WEAK
    }
    return [
        (kind, code, place)
        for kind, code, place in standing
        if kind is not _Kind.WEAK
        or (sentence := reading.sentences[place.first]) in in_field
        or (code, sentence) in beside
    ]


def _denials(places: _Places, reading: Reading) -> tuple[set[int], set[int]]:
    """Where a denied mention may begin, and where one may end, within the sentence of the denial."""
    sentences = reading.sentences
    starts: set[int] = set()
    for kind, reach in ((_Kind.DENIED_BEFORE, _REACH_BEFORE), (_Kind.DENIED_CLAUSE, _REACH_CLAUSE)):
        for _, denial in places[kind]:
            after = range(denial.last, min(denial.last + reach, len(sentences)))
            starts.update(at for at in after if sentences[at] == sentences[denial.first])
    ends: set[int] = set()
    for _, denial in places[_Kind.DENIED_AFTER]:
        before = range(max(1, denial.first - _REACH_AFTER + 1), denial.first + 1)
        ends.update(at for at in before if sentences[at - 1] == sentences[denial.first])
    return starts, ends


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
