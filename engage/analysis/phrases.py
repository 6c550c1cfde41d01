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

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from engage.analysis.folding import Folded, fold

GAP = 3
_GAP_SIGN = "..."
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MAX_WORD = 40
_MAX_WAYS = 500
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


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The Snowball stem of a folded word; the word itself in a language without a stemmer."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or len(word) > _MAX_WORD:
        return word
    return str(stemmer.stemWord(word))


def words_of(folded: Folded) -> list[Word]:
    """The words of a text, in order: runs of letters and digits, apostrophes inside them kept."""
    return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded.text)]


@dataclass(slots=True)
class _Node:
    """One step inside the phrases: what may follow, and which phrases end here."""

    following: dict[str, _Node] = field(default_factory=dict)
    after_gap: _Node | None = None
    ends: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """Phrase number ``phrase`` from word ``first`` up to, not including, word ``last``."""

    phrase: int
    first: int
    last: int


class Phrases:
    """Phrases of one language, compiled; their number is their place in the list given."""

    def __init__(self, phrases: Iterable[str], language: str) -> None:
        self.texts = tuple(phrases)
        self.language = language
        self._root = _Node()
        self._prefixes: set[str] = set()
        self._vocabulary: set[str] = set()
        self._known: dict[str, tuple[str, ...]] = {}
        for number, phrase in enumerate(self.texts):
            for way in itertools.product(*self._parse(phrase)):
                self._insert(number, way)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})

    def find(self, words: list[Word]) -> Iterator[Found]:
        """Each place where a phrase stands, longest first for each first word; phrases may overlap."""
        keys = [self._keys(word.text) for word in words]
        for first, own in enumerate(keys):
            if own:
                yield from self._from(first, keys)

    def _parse(self, phrase: str) -> list[list[str]]:
        elements = phrase.split()
        if not elements or _GAP_SIGN in (elements[0], elements[-1]):
            raise BadPhrase(f"“{phrase}” does not begin and end with a word")
        options = [element.split("|") for element in elements]
        if math.prod(map(len, options)) > _MAX_WAYS:
            raise BadPhrase(f"“{phrase}” can be read in more than {_MAX_WAYS} ways")
        return [[self._key(option, phrase) for option in element] for element in options]

    def _key(self, option: str, phrase: str) -> str:
        """The name under which one element is looked up: ``=word``, ``pre*``, a stem or the gap sign."""
        if option == _GAP_SIGN:
            return option
        plain = fold(option).text
        if not _ELEMENT.fullmatch(plain) or (plain[0] == "=" and plain[-1] == "*"):
            raise BadPhrase(f"“{option}” in “{phrase}” is not a word")
        if plain.startswith("="):
            key = plain
        elif plain.endswith("*"):
            self._prefixes.add(plain[:-1])
            key = plain
        else:
            key = stem(plain, self.language)
        self._vocabulary.add(key)
        return key

    def _insert(self, number: int, way: tuple[str, ...]) -> None:
        node = self._root
        for key in way:
            if key == _GAP_SIGN:
                node.after_gap = node.after_gap or _Node()
                node = node.after_gap
            else:
                node = node.following.setdefault(key, _Node())
        if number not in node.ends:
            node.ends.append(number)

    def _keys(self, word: str) -> tuple[str, ...]:
        """Under which names of the phrases a word goes; most words go under none."""
        known = self._known.get(word)
        if known is None:
            candidates = [f"={word}", stem(word, self.language)]
            candidates += [
                f"{word[:n]}*" for n in self._prefix_lengths if word[:n] in self._prefixes and n <= len(word)
            ]
            known = tuple(key for key in candidates if key in self._vocabulary)
            if len(self._known) < 200_000:
                self._known[word] = known
        return known

    def _from(self, first: int, keys: list[tuple[str, ...]]) -> Iterator[Found]:
        """Phrases that begin at word ``first``, longest first, each once."""
        seen: dict[int, int] = {}
        waiting = [(self._root, first)]
        while waiting:
            node, place = waiting.pop()
            for number in node.ends:
                seen[number] = max(seen.get(number, 0), place)
            if node.after_gap is not None:
                waiting += [(node.after_gap, place + skip) for skip in range(GAP + 1)]
            if place < len(keys):
                waiting += [(node.following[key], place + 1) for key in keys[place] if key in node.following]
        for number, last in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
            yield Found(number, first, last)
