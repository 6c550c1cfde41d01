"""How the words of a text add up to its tone: what `tone` asks and `engage.evaluation.train_tone` teaches.

Each language has a valence for many words (−4, most unpleasant, to 4) and a hint for many more: a guess at
the valence from what a word means. A text becomes a few sums over its words, after negation, boosters,
capitals and "but" have done their work (the rules are those of VADER, Hutto and Gilbert 2014, simplified),
and the names of its stems and of pairs of stems. Sums and names give two linear scores, which way a text
*leans* and how *even* it is; these and the two lexicons' balances give the probabilities of negative, neutral
and positive.

What stands between quotation marks is somebody else's tone and is left out, unless there is nothing else.

A word `without_tone` (a group of people, a party, a nation, the subject of the docket, a verb that takes a
side) has no valence, no hint and no name, here and in training alike: no weight can be learned for it,
whatever was said of it.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import mul
from typing import Any, NamedTuple

from engage.analysis.phrases import stem
from engage.analysis.textblob_lexicon import sentiment

LANGUAGES = ("en", "es")
# Sums are divided by the root of the number of words, as for the sentences that were learned from; a text
# longer than this is judged by its average, so that length alone does not bring it to −1 or 1.
AVERAGED_FROM = 40
DENSE = (
    "pleasant",
    "unpleasant",
    "hinted_pleasant",
    "hinted_unpleasant",
    "balance",
    "strength",
    "textblob",
    "negations",
    "exclamation",
    "question",
    "turn",
)

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+")
_QUOTED = re.compile(r'"[^"]{1,400}"')
# Folded English and Spanish have no other letters.
_TOKEN = re.compile(
    r"[A-Za-z]+(?:'[A-Za-z]+)*|[!?.;]"
    r"|[<>]?[:;=][-'^o]?[)(\[\]DPpOo/\\|*]+(?!\w)|<3+|\^_*\^"
    r"|[\u2600-\u27bf\U0001f000-\U0001faff]"
)
_REACH = 3
_FLIP = -0.6
_BOOST = 1.3
_DAMP = 0.6
_SHOUT = 1.2
_BEFORE_TURN = 0.4
_MIN_SHOUTED = 3
_MAX_KNOWN = 200_000
_CONTRACTED = "n't"
_NEGATED = "not_"

_PLAIN, _NEGATION, _BOOSTER, _DAMPER, _TURN, _STOP, _SILENT = range(7)
_STOPS = ("!", "?", ".", ";")
# What each kind of word does to the next one, and for how many words a negation is in force after it.
_BOOSTS = {
    _PLAIN: 1.0,
    _NEGATION: 1.0,
    _BOOSTER: _BOOST,
    _DAMPER: _DAMP,
    _TURN: 1.0,
    _STOP: 1.0,
    _SILENT: 1.0,
}
_REACHES = {_NEGATION: _REACH, _TURN: 0, _STOP: 0}
_LISTS = {"negations": _NEGATION, "boosters": _BOOSTER, "dampers": _DAMPER, "turns": _TURN}


class Word(NamedTuple):
    """One token: what it does to others, its tone, its name among the weights, and that when negated.

    ``tone`` is the valence, the hint and TextBlob's polarity; None where all three are 0, as for most words.
    """

    kind: int
    tone: tuple[float, float, float] | None
    name: str
    negated: str


class Reading(NamedTuple):
    """A text as the model sees it: its sums (see `DENSE`), stems and pairs, and by what those are scaled."""

    dense: tuple[float, ...]
    names: list[str]
    scale: float


class Vocabulary:
    """The words of one language: valences and hints by folded word, and the lists of ``tone-words.toml``."""

    def __init__(
        self,
        language: str,
        lists: Mapping[str, Any],
        *,
        valences: Mapping[str, float],
        hints: Mapping[str, float],
    ) -> None:
        self.language = language
        self._textblob: bool = lists["textblob"]
        self._rated = valences
        self._hints = hints
        self._valences = dict(valences)
        self._stem_valences: dict[str, float] = {}
        for name, valence in lists["valences"].items():
            for word in lists[name]:
                if word.startswith("="):
                    self._valences[word[1:]] = valence
                else:
                    self._stem_valences[stem(word, language)] = valence
        self._without_tone = frozenset(stem(word, language) for word in lists["without_tone"])
        self._kinds = {word: kind for name, kind in _LISTS.items() for word in lists[name]}
        self._known: dict[str, Word] = {}

    def read(self, text: str) -> Reading:
        """The sums and names of a folded text with its capitals kept."""
        if "@" in text or "www." in text or "://" in text:
            text = _ADDRESS.sub(" ", text)
        if '"' in text and len(own := _QUOTED.sub(" ", text).split()) > 1:
            text = " ".join(own)
        known = self._known
        words = [known.get(token) or self._look_up(token) for token in _TOKEN.findall(text)]
        heard = _Heard(words)
        length = max(1, len(words) - heard.counts[_STOP] - heard.counts[_SILENT])
        scale = length**-0.5 if length <= AVERAGED_FROM else AVERAGED_FROM**0.5 / length
        names = heard.names
        pairs = [f"{one} {other}" for one, other in pairwise(names) if one and other]
        return Reading(heard.sums(text, scale), [name for name in names if name] + pairs, scale)

    def has_tone(self, word: str) -> bool:
        """Whether a folded word may have a valence, a hint or a weight."""
        return stem(word, self.language) not in self._without_tone

    def learned(self) -> dict[str, dict[str, float]]:
        """The valences and hints that a file of weights carries; the lists stay where they are."""
        return {"valences": dict(self._rated), "hints": dict(self._hints)}

    def _look_up(self, token: str) -> Word:
        word = self._describe(token)
        if len(self._known) < _MAX_KNOWN:
            self._known[token] = word
        return word

    def _describe(self, token: str) -> Word:
        if token in _STOPS:
            return Word(_STOP, None, "", "")
        low = token.lower()
        stemmed = stem(low, self.language)
        if stemmed in self._without_tone:
            return Word(_SILENT, None, "", "")
        kind = self._kinds.get(low, _NEGATION if low.endswith(_CONTRACTED) else _PLAIN)
        if kind != _PLAIN:
            return Word(kind, None, stemmed, stemmed)
        shout = _SHOUT if len(token) >= _MIN_SHOUTED and token.isupper() else 1.0
        valence = self._valences.get(low, self._stem_valences.get(stemmed, 0.0))
        polarity = _textblob_polarity(low) if self._textblob else 0.0
        tone = (shout * valence, shout * self._hints.get(low, 0.0), shout * polarity)
        return Word(kind, tone if any(tone) else None, stemmed, _NEGATED + stemmed)


class _Heard:
    """The words of a text: tones, with what the words before did to them; names; how many of each kind."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.names: list[str] = []
        self.tones: list[tuple[float, tuple[float, float, float]]] = []
        self.counts = [0] * len(_BOOSTS)
        tones, names = self.tones, self.names
        reach, boost = 0, 1.0
        sentence = 0, 0
        for kind, tone, name, negated in words:
            names.append(negated if reach else name)
            if kind == _PLAIN:
                if tone:
                    tones.append((boost * _FLIP if reach else boost, tone))
                boost = 1.0
                if reach:
                    reach -= 1
            else:
                self.counts[kind] += 1
                boost = _BOOSTS[kind]
                reach = _REACHES.get(kind, reach)
                if kind == _STOP:
                    sentence = len(tones), len(names)
                elif kind == _TURN:
                    self._turn(*sentence)

    def _turn(self, tones: int, names: int) -> None:
        """What a sentence said before "but" counts less, and its names do not."""
        self.tones[tones:] = [(factor * _BEFORE_TURN, tone) for factor, tone in self.tones[tones:]]
        self.names[names:-1] = [""] * (len(self.names) - 1 - names)

    def sums(self, text: str, scale: float) -> tuple[float, ...]:
        """The numbers named in `DENSE`."""
        pleasant = unpleasant = hinted_pleasant = hinted_unpleasant = polarity = 0.0
        for factor, (valence, hint, of_textblob) in self.tones:
            valence *= factor
            hint *= factor
            polarity += of_textblob * factor
            if valence > 0:
                pleasant += valence
            else:
                unpleasant -= valence
            if hint > 0:
                hinted_pleasant += hint
            else:
                hinted_unpleasant -= hint
        balance = (pleasant - unpleasant) * scale
        return (
            pleasant * scale,
            unpleasant * scale,
            hinted_pleasant * scale,
            hinted_unpleasant * scale,
            balance / math.sqrt(balance * balance + 1),
            math.log1p((pleasant + unpleasant) * scale),
            polarity * scale,
            self.counts[_NEGATION] * scale,
            float("!" in text),
            float("?" in text),
            float(self.counts[_TURN] > 0),
        )


class Model:
    """A vocabulary and its weights, as ``data/tone-LANGUAGE.json`` has them."""

    def __init__(self, vocabulary: Vocabulary, data: Mapping[str, Any]) -> None:
        self.vocabulary = vocabulary
        self._lean: list[float] = [data["dense"][name][0] for name in DENSE]
        self._even: list[float] = [data["dense"][name][1] for name in DENSE]
        self._intercept: tuple[float, float] = tuple(data["intercept"])
        self._weights: dict[str, tuple[float, float]] = data["weights"]
        self._combination: list[list[float]] = data["combination"]

    def scores(self, reading: Reading) -> tuple[float, float, float, float]:
        """Lean and evenness, and the balances of valences and of hints."""
        dense = reading.dense
        lean = even = 0.0
        for weight in filter(None, map(self._weights.get, reading.names)):
            lean += weight[0]
            even += weight[1]
        lean = lean * reading.scale + self._intercept[0] + _dot(self._lean, dense)
        even = even * reading.scale + self._intercept[1] + _dot(self._even, dense)
        return lean, even, dense[0] - dense[1], dense[2] - dense[3]

    def probabilities(self, text: str) -> tuple[float, float, float]:
        """Of negative, neutral and positive, for a folded text with its capitals kept."""
        scores = self.scores(self.vocabulary.read(text))
        powers = [math.exp(row[0] + _dot(row[1:], scores)) for row in self._combination]
        total = sum(powers)
        return powers[0] / total, powers[1] / total, powers[2] / total


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return math.fsum(map(mul, left, right))


def word_lists(language: str) -> Mapping[str, Any]:
    """The hand-written lists of one language."""
    lists: Mapping[str, Any] = tomllib.loads(_data("tone-words.toml"))[language]
    return lists


@cache
def model(language: str) -> Model:
    """The shipped model of one of `LANGUAGES`."""
    data = json.loads(_data(f"tone-{language}.json"))
    vocabulary = Vocabulary(language, word_lists(language), valences=data["valences"], hints=data["hints"])
    return Model(vocabulary, data)


def _data(name: str) -> str:
    return (files("engage.analysis") / "data" / name).read_text("utf-8")


def _textblob_polarity(word: str) -> float:
    """TextBlob's polarity of one word, −1 to 1, from the lexicon in its package: no corpus and no network."""
    return float(sentiment([word])[0]) if word in sentiment else 0.0
