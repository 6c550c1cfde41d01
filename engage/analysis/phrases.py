"""Find many phrases in one text in a single pass, whatever the form of their words.

A phrase is words with a small grammar, the same in the taxonomy's data file and in this room's own rules:

- ``racial profiling`` — words that stand next to each other; each matches by its stem;
- ``afraid|scared to report`` — one of several words in one place;
- ``=faith`` — exactly this word, no stem;
- ``deport*`` — any word that begins like this;
- ``take ... husband`` — up to `GAP` other words between.

Words are compared folded: lower case, no accents, typographic apostrophes made plain. Matching is linear in
the text: each word is looked up once, and only words that begin a phrase cost more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from engage.analysis.folding import Folded, fold

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


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a folded text, with its place there."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=_MAX_KNOWN)
def stem(word: str, language: str) -> str:
    """The Snowball stem of a folded word; the word itself in a language without a stemmer."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or len(word) > _MAX_WORD:
        return word
    return str(stemmer.stemWord(word))


def words_of(folded: Folded) -> list[Word]:
    """The words of a text, in order: runs of letters and digits, apostrophes inside them kept."""
    return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded.text)]


@dataclass(frozen=True, slots=True)
class Found:
    """Phrase number ``phrase`` from word ``first`` up to, not including, word ``last``."""

    phrase: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One place in a phrase: the names of the words that may stand there, and how many others before them."""

    keys: frozenset[str]
    gap: int


class Phrases:
    """Phrases of one language, compiled; their number is their place in the list given."""

    def __init__(self, phrases: Iterable[str], language: str) -> None:
        self.texts = tuple(phrases)
        self.language = language
        self._vocabulary: set[str] = set()
        self._known: dict[str, tuple[str, ...]] = {}
        self._starting: dict[str, list[tuple[int, tuple[_Step, ...]]]] = {}
        for number, phrase in enumerate(self.texts):
            first, *rest = self._parse(phrase)
            for key in first.keys:
                self._starting.setdefault(key, []).append((number, tuple(rest)))
        self._prefix_lengths = sorted({len(key) - 1 for key in self._vocabulary if key.endswith("*")})

    def find(self, words: list[Word]) -> Iterator[Found]:
        """Each place where a phrase stands, by its first word and then its number; phrases may overlap."""
        keys = [self._keys(word.text) for word in words]
        for first, own in enumerate(keys):
            if own:
                ends = [
                    (number, last)
                    for key in own
                    for number, rest in self._starting.get(key, ())
                    if (last := _end(rest, keys, first + 1)) is not None
                ]
                yield from (Found(number, first, last) for number, last in sorted(set(ends)))

    def _parse(self, phrase: str) -> list[_Step]:
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
        return steps

    def _key(self, option: str, phrase: str) -> str:
        """The name under which a word is looked up: ``=word``, ``pre*`` or a stem."""
        plain = fold(option).text
        if not _ELEMENT.fullmatch(plain) or (plain[0] == "=" and plain[-1] == "*"):
            raise BadPhrase(f"“{option}” in “{phrase}” is not a word")
        key = plain if plain[0] == "=" or plain[-1] == "*" else stem(plain, self.language)
        self._vocabulary.add(key)
        return key

    def _keys(self, word: str) -> tuple[str, ...]:
        """Under which names of the phrases a word goes; most words go under none."""
        known = self._known.get(word)
        if known is None:
            candidates = [f"={word}", f"={word.removesuffix(_POSSESSIVE)}", stem(word, self.language)]
            candidates += [f"{word[:length]}*" for length in self._prefix_lengths if length <= len(word)]
            known = tuple(key for key in dict.fromkeys(candidates) if key in self._vocabulary)
            if len(self._known) < _MAX_KNOWN:
                self._known[word] = known
        return known


def _end(rest: tuple[_Step, ...], keys: list[tuple[str, ...]], place: int) -> int | None:
    """Where the rest of a phrase ends if it stands at ``place``; the nearest word is taken after a gap."""
    for step in rest:
        for at in range(place, min(place + step.gap + 1, len(keys))):
            if not step.keys.isdisjoint(keys[at]):
                place = at + 1
                break
        else:
            return None
    return place
