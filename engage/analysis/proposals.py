"""Sentences that propose something: instead of what is decided about, or as a condition of it.

A bare wish for a yes or a no ("sign it", "reject this") is none: that is a position. Nor is what somebody
finds right in general ("our taxes should pay for …"), what is only told of others ("which must include …"),
or a wish that does not say for what ("start something"). The rules know no side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engage.analysis.phrases import Found
from engage.analysis.reading import Reading, read
from engage.analysis.voice_cues import LANGUAGES, common_words, find_cues

# What is asked for stands at most so many words after the word that asks …
_REACH = 7
# … and after "should" at most so many, none of which may be another verb.
_REACH_OF_MUST = 3
_BETWEEN = frozenset(
    {"also", "only", "at", "least", "then", "now", "first", "be", "get", "have", "to", "always", "please"}
    | {"rather", "simply", "just", "all", "tambien", "ademas", "primero", "solo", "al", "menos", "se", "de"}
    | {"por", "favor", "los", "las", "lo"}
)
_PASSIVE = frozenset({"be", "get"})
# "Don't spend that money on …" is a no.
_NEGATIONS = frozenset(
    {"not", "no", "never", "don't", "dont", "shouldn't", "without", "nobody", "none", "cannot", "can't"}
    | {"nunca", "jamas", "nadie", "sin", "tampoco", "ningun", "ninguna", "ninguno"}
)
_OPENERS = frozenset(
    {"and", "but", "so", "then", "please", "also", "first", "just", "at", "least", "ps", "p", "s"}
    | {"y", "pero", "entonces", "por", "favor", "tambien", "ademas", "primero", "al", "menos", "que"}
)
# "Open and honest", "review of", "limit is": no imperatives.
_NO_OBJECT = frozenset(
    {"and", "or", "of", "is", "are", "was", "were", "has", "on", "y", "o", "de", "del", "es", "son", "fue"}
)
_PAYING = frozenset(
    {"pay", "fund", "invest", "spend", "pagar", "paguen", "pague", "gasten", "gaste", "invertir", "financiar"}
)
# "I ask that, when it is late, they …": what stands after belongs to another clause.
_SUBORDINATE = frozenset(
    {"who", "which", "when", "because", "para", "cuando", "quien", "porque", "donde", "que"}
)
_INFINITIVE = ("ar", "er", "ir", "arse", "erse", "irse", "arlo", "erlo", "irlo")
_ONLY = frozenset({"only", "solo", "solamente", "unicamente"})
_TOLD_TO = frozenset({"le", "les", "te", "os"})
_ARTICLES = frozenset({"lo", "los", "la", "las", "el"})
_LEAST_LETTERS = 4
_IsAsked = Callable[[Found, Found], bool]


class ProposalKind(StrEnum):
    """How something is put forward."""

    INSTEAD = "instead"
    CONDITION = "condition"
    SAFEGUARD = "safeguard"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A half-open stretch of the original text: the words by which something is proposed."""

    kind: ProposalKind
    start: int
    end: int


def find_proposals(text: str) -> tuple[Proposal, ...]:
    """Where a text proposes something, at most once in a sentence, in order."""
    reading = read(text)
    by_sentence: dict[int, Proposal] = {}
    for kind, first, last in _Finder(reading).places():
        by_sentence.setdefault(reading.sentences[first], _proposal(kind, reading, first, last))
    return tuple(sorted(by_sentence.values(), key=lambda one: one.start))


class _Finder:
    """Finds the places of one text, the surer kind first."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._texts = reading.words.texts

    def places(self) -> Iterator[tuple[ProposalKind, int, int]]:
        """Kind, first word and the word after the last: conditions, what is put forward, what is asked."""
        for one in find_cues(self._reading, "conditions"):
            if self._is_condition(one):
                yield ProposalKind.CONDITION, one.first, one.last
        for one in find_cues(self._reading, "proposes"):
            if not self._is_denied(one.first) and not self._is_advice(one.first) and self._says_what(one):
                yield ProposalKind.INSTEAD, one.first, one.last
        for language in LANGUAGES:
            for first, last in self._asked_for(language):
                yield ProposalKind.SAFEGUARD, first, last

    def _is_condition(self, one: Found) -> bool:
        """Whether a yes or a no is made to depend on something: "only if …" alone may be said of anything."""
        if self._asks(one.first) or self._reading.sentences[one.first] not in self._decided:
            return False
        if self._texts[one.first] in _ONLY and not _NEGATIONS.isdisjoint(self._before(one.first, 1)):
            return False
        if self._texts[one.first] == "si" and self._texts[one.last - 1] == "que":
            return self._after_a_stop(one.last - 1) and self._has_content(one.last)
        return self._has_content(one.last)

    def _says_what(self, one: Found) -> bool:
        """Whether the sentence goes on to say what; a saying with "instead" has it before."""
        return self._has_content(one.last) or self._has_content(one.first + 1, one.last)

    def _asked_for(self, language: str) -> Iterator[tuple[int, int]]:
        """Acts that are asked for by an imperative, by "should" or by "I ask that …", and things."""
        acts = [one for one in self._cues("acts", language) if not self._asks(one.first)]
        acts = [one for one in acts if self._has_content(one.first + 1)]
        for one in acts:
            if self._is_imperative(one.first):
                yield one.first, one.last
        things = self._cues("means", language)
        if not acts and not things:
            return
        musts, demands, leasts = (
            _by_end(self._cues(name, language)) for name in ("musts", "demands", "leasts")
        )
        for act in acts:
            yield from self._by(musts, act, self._is_told_to)
            yield from self._by(demands, act, self._is_wanted)
        for thing in things:
            if not self._asks(thing.first):
                yield from self._by(demands, thing, self._is_wanted)
                yield from self._by(leasts, thing, self._is_wanted)

    def _by(
        self, askers: dict[int, list[Found]], what: Found, is_asked: _IsAsked
    ) -> Iterator[tuple[int, int]]:
        """Where something is asked for by a word that stands near before it in its sentence."""
        sentence = self._reading.sentences[what.first]
        for end in range(what.first - _REACH, what.first + 1):
            for asker in askers.get(end, []):
                if self._reading.sentences[asker.first] == sentence and is_asked(asker, what):
                    yield asker.first, what.last

    def _is_told_to(self, must: Found, act: Found) -> bool:
        between = self._texts[must.last : act.first]
        if len(between) > _REACH_OF_MUST or not _BETWEEN.issuperset(between):
            return False
        is_passive = not _PASSIVE.isdisjoint(between)
        if is_passive != _is_participle(self._texts[act.first]):
            return False
        return not (self._hangs(must.first) or self._is_denied(must.first) or self._is_paying(must, act))

    def _is_wanted(self, demand: Found, what: Found) -> bool:
        if self._texts[demand.first] == "que" and not self._begins_a_clause(demand.first):
            return False
        if self._texts[demand.last - 1] == "que" and self._texts[what.first].endswith(_INFINITIVE):
            return False
        between = self._texts[demand.last : what.first]
        if not (_NEGATIONS | _SUBORDINATE).isdisjoint(between) or self._is_denied(demand.first):
            return False
        return not (self._hangs(demand.first) or self._is_paying(demand, what))

    def _is_imperative(self, place: int) -> bool:
        """Whether a verb begins its sentence, but for words that only join or beg ("and please …")."""
        if _is_participle(self._texts[place]) or self._texts[place + 1] in _NO_OBJECT:
            return False
        word = self._reading.words[place]
        if self._reading.folded.text[word.end : word.end + 1] == "-":
            return False
        return self._begins_its_sentence(place)

    def _begins_its_sentence(self, place: int) -> bool:
        sentences = self._reading.sentences
        while place > 0 and sentences[place - 1] == sentences[place]:
            place -= 1
            if self._texts[place] not in _OPENERS:
                return False
        return True

    def _begins_a_clause(self, place: int) -> bool:
        """Whether a word stands first in its sentence, after a stop, or after a word that joins."""
        before = self._before(place, 1)
        return not before or before[0] in _OPENERS or self._after_a_stop(place)

    def _after_a_stop(self, place: int) -> bool:
        start = self._reading.words[place].start
        return self._reading.folded.text[:start].rstrip()[-1:] in {",", ":", ";", "(", "-", "–", "—"}

    def _is_advice(self, place: int) -> bool:
        """Whether it is another commenter who is advised: "le sugiero que lea …"."""
        return not _TOLD_TO.isdisjoint(self._before(place, 1))

    def _hangs(self, place: int) -> bool:
        """Whether "should" tells of somebody ("who should …", "lo que deben …") and asks for nothing."""
        before = self._before(place, 2)
        if not before:
            return False
        return place - 1 in self._hanging or (before[-1] == "que" and before[0] in _ARTICLES)

    def _is_denied(self, place: int) -> bool:
        return not _NEGATIONS.isdisjoint(self._before(place, 3))

    def _is_paying(self, asker: Found, act: Found) -> bool:
        """Whether it is only an opinion on who or what is to pay."""
        if self._texts[act.first] not in _PAYING:
            return False
        near = range(asker.first - len(self._before(asker.first, 4)), act.first)
        return any(place in self._payers for place in near)

    def _before(self, place: int, most: int) -> list[str]:
        """Up to so many words before a place in its sentence."""
        first, sentences = place, self._reading.sentences
        while first > 0 and place - first < most and sentences[first - 1] == sentences[place]:
            first -= 1
        return self._texts[first:place]

    def _has_content(self, place: int, end: int | None = None) -> bool:
        """Whether a word that tells something stands from here on in the sentence of the word before."""
        last = len(self._texts) if end is None else end
        if place >= len(self._texts):
            return False
        following, sentences = self._next_content[place], self._reading.sentences
        return following < last and sentences[following] == sentences[place - 1]

    @cached_property
    def _next_content(self) -> list[int]:
        """For each place the next word that tells something."""
        silent, following = common_words() | self._vague, len(self._texts)
        found = [following] * len(self._texts)
        for place in range(len(self._texts) - 1, -1, -1):
            word = self._texts[place]
            if (len(word) >= _LEAST_LETTERS or word.isdigit()) and word not in silent:
                following = place
            found[place] = following
        return found

    def _asks(self, place: int) -> bool:
        return self._reading.asks[self._reading.sentences[place]]

    def _cues(self, name: str, language: str) -> list[Found]:
        return list(find_cues(self._reading, name, (language,)))

    @cached_property
    def _decided(self) -> set[int]:
        """The sentences that speak of a yes or a no."""
        return {self._reading.sentences[one.first] for one in find_cues(self._reading, "decisions")}

    @cached_property
    def _hanging(self) -> set[int]:
        return {one.first for one in find_cues(self._reading, "hanging")}

    @cached_property
    def _payers(self) -> set[int]:
        return {one.first for one in find_cues(self._reading, "payers")}

    @cached_property
    def _vague(self) -> frozenset[str]:
        return frozenset(self._texts[one.first] for one in find_cues(self._reading, "vague"))


def _by_end(found: Iterable[Found]) -> dict[int, list[Found]]:
    ends: dict[int, list[Found]] = {}
    for one in found:
        ends.setdefault(one.last, []).append(one)
    return ends


def _is_participle(word: str) -> bool:
    return (word.endswith("ed") and word not in {"need", "exceed"}) or word == "forbidden"


def _proposal(kind: ProposalKind, reading: Reading, first: int, last: int) -> Proposal:
    start, _ = reading.folded.original(reading.words[first].start, reading.words[first].end)
    _, end = reading.folded.original(reading.words[last - 1].start, reading.words[last - 1].end)
    return Proposal(kind, start, end)
