"""Find many phrases in one text in a single pass, whatever the form of their words.

A phrase is words with a small grammar, the same in the taxonomy's data file and in this room's own rules:

- ``racial profiling`` — words that stand next to each other; each matches by its stem;
- ``afraid|scared to report`` — one of several words in one place;
- ``=faith`` — exactly this word, no stem;
- ``deport*`` — any word that begins like this;
- ``take ... husband`` — up to `GAP` other words between.

Words are compared folded: lower case, no accents, typographic apostrophes made plain. Matching is linear in
the text: each word form is looked up once in the life of the process, and a phrase costs something only
where its rarest word stands in the text.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, overload

import snowballstemmer

from engage.analysis.folding import fold

GAP = 4
_GAP_SIGN = "..."
_POSSESSIVE = "'s"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MAX_WORD = 40
_MAX_ELEMENTS = 12
_MAX_KNOWN = 200_000
_STEMMERS = {"en": snowballstemmer.stemmer("english"), "es": snowballstemmer.stemmer("spanish")}
_ELEMENT = re.compile(r"=?[^\W_]+(?:'[^\W_]+)*\*?")


class BadPhrase(ValueError):
    """A phrase that does not follow the grammar; the message names it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of the original text and the cue that was found there."""

    start: int
    end: int
    cue: str


class Word(NamedTuple):
    """One word of a folded text, with its place there."""

    text: str
    start: int
    end: int


class Words(Sequence[Word]):
    """The words of a folded text, in order: runs of letters and digits, apostrophes inside them kept.

    Where each stands is looked up only when somebody asks: most words of most texts are never shown.
    """

    __slots__ = ("_spans", "_text", "texts")

    def __init__(self, text: str, texts: list[str] | None = None) -> None:
        self.texts = word_texts(text) if texts is None else texts
        self._text = text
        self._spans: list[tuple[int, int]] | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Word: ...

    @overload
    def __getitem__(self, place: slice) -> list[Word]: ...

    def __getitem__(self, place: int | slice) -> Word | list[Word]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if self._spans is None:
            self._spans = [match.span() for match in _WORD.finditer(self._text)]
        return Word(self.texts[place], *self._spans[place])


def word_texts(text: str, start: int = 0, end: int = sys.maxsize) -> list[str]:
    """The words of a stretch of a folded text that begins and ends between words."""
    return _WORD.findall(text, start, end)


@lru_cache(maxsize=_MAX_KNOWN)
def stem(word: str, language: str) -> str:
    """The Snowball stem of a folded word; the word itself in a language without a stemmer."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or len(word) > _MAX_WORD:
        return word
    return str(stemmer.stemWord(word))


class Found(NamedTuple):
    """Phrase number ``phrase`` from word ``first`` up to, not including, word ``last``."""

    phrase: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One place in a phrase: the numbers of the words that may stand there, how many others before them."""

    keys: frozenset[int]
    gap: int


class Phrases:
    """Phrases of one language, compiled; their number is their place in the list given."""

    def __init__(self, phrases: Iterable[str], language: str) -> None:
        self.texts = tuple(phrases)
        self.language = language
        self._vocabulary: dict[str, int] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        self._steps = [self._parse(phrase) for phrase in self.texts]
        self._prefix_lengths = sorted({len(key) - 1 for key in self._vocabulary if key.endswith("*")})
        self._asked_for, self._others = self._by_rarest_step()

    def find(self, words: Words) -> list[Found]:
        """Each place where a phrase stands, by its first word and then its number; phrases may overlap."""
        keys = self._keys(words.texts)
        present = set(chain.from_iterable(keys))
        likely = self._likely(present)
        if not likely:
            return []
        places: dict[int, list[int]] = {}
        for place, own in enumerate(keys):
            for key in own:
                places.setdefault(key, []).append(place)
        found = {
            (place, number, last)
            for number, (first, *rest) in likely
            for key in first.keys & present
            for place in places[key]
            if (last := _end(rest, keys, place + 1))
        }
        return [Found(number, first, last) for first, number, last in sorted(found)]

    def _likely(self, present: set[int]) -> list[tuple[int, tuple[_Step, ...]]]:
        """The phrases for each step of which one of its words is present."""
        asked = set(chain.from_iterable(map(self._asked_for.__getitem__, present)))
        is_absent, others = present.isdisjoint, self._others
        return [(number, self._steps[number]) for number in asked if not any(map(is_absent, others[number]))]

    def _by_rarest_step(self) -> tuple[list[list[int]], list[list[frozenset[int]]]]:
        """For each word, the phrases that are looked for where it stands; for each phrase, its other steps.

        Each phrase is looked for by the words of only one of its steps, the one whose words stand in the
        fewest phrases: words such as “the” stand in many phrases and in most texts. Of the others the rarest
        comes first, which is most often absent.
        """
        uses = Counter(key for steps in self._steps for step in steps for key in step.keys)
        asked_for: list[list[int]] = [[] for _ in self._vocabulary]
        others = []
        for number, steps in enumerate(self._steps):
            rarest, *rest = sorted(steps, key=lambda step: sum(uses[key] for key in step.keys))
            others.append([step.keys for step in rest])
            for key in rarest.keys:
                asked_for[key].append(number)
        return asked_for, others

    def _parse(self, phrase: str) -> tuple[_Step, ...]:
        elements = phrase.split()
        if not elements or _GAP_SIGN in (elements[0], elements[-1]) or len(elements) > _MAX_ELEMENTS:
            raise BadPhrase(f"“{phrase}” is not 1 to {_MAX_ELEMENTS} words that begin and end with a word")
        steps: list[_Step] = []
        gap = 0
        for element in elements:
            if element == _GAP_SIGN:
                gap = GAP
                continue
            keys = frozenset(self._key(option, phrase) for option in element.split("|"))
            steps.append(_Step(keys, gap))
            gap = 0
        return tuple(steps)

    def _key(self, option: str, phrase: str) -> int:
        """The number under which a word is looked up: of ``=word``, ``pre*`` or a stem."""
        plain = fold(option).text
        if not _ELEMENT.fullmatch(plain) or (plain[0] == "=" and plain[-1] == "*"):
            raise BadPhrase(f"“{option}” in “{phrase}” is not a word")
        key = plain if plain[0] == "=" or plain[-1] == "*" else stem(plain, self.language)
        return self._vocabulary.setdefault(key, len(self._vocabulary))

    def _keys(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """For each word the numbers that it goes by; most words go by none."""
        known = self._known
        try:
            return [known[word] for word in words]
        except KeyError:
            if len(known) > _MAX_KNOWN:
                known.clear()
            known.update((word, self._numbers(word)) for word in set(words) if word not in known)
        return [known[word] for word in words]

    def _numbers(self, word: str) -> tuple[int, ...]:
        candidates = [f"={word}", f"={word.removesuffix(_POSSESSIVE)}", stem(word, self.language)]
        candidates += [f"{word[:length]}*" for length in self._prefix_lengths if length <= len(word)]
        numbers = (self._vocabulary.get(key) for key in dict.fromkeys(candidates))
        return tuple(number for number in numbers if number is not None)


def _end(rest: Sequence[_Step], keys: list[tuple[int, ...]], place: int) -> int:
    """Where the rest of a phrase ends if it stands at ``place``, else 0; the nearest word ends a gap."""
    for step in rest:
        for at in range(place, min(place + step.gap + 1, len(keys))):
            if not step.keys.isdisjoint(keys[at]):
                place = at + 1
                break
        else:
            return 0
    return place
