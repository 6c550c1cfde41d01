"""How the words of a text add up to its tone: what `tone` asks and `engage.evaluation.train_tone` teaches.

Each language has a valence for many words (−4, most unpleasant, to 4) and a hint for many more: a guess at the valence
from what a word means. A text becomes a few sums over its words, after negation, boosters, capitals and "but" have
done their work (the rules are those of VADER, Hutto and Gilbert 2014, simplified), and the names of its stems and of
pairs of stems. Sums and names give two linear scores, which way a text *leans* and how *even* it is; these and the
two lexicons' balances give the probabilities of negative, neutral and positive.

A word `without_tone` (a group of people, a party, a nation, the subject of the docket, a verb that takes a side) has
no valence, no hint and no name, here and in training alike: no weight can be learned for it, whatever was said of it.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from textblob.en import sentiment

from engage.analysis.phrases import stem

LANGUAGES = ("en", "es")
# Sums are divided by the root of the number of words, as those of the sentences that were learned from; a text longer
# than this is judged by its average, so that a long one does not end at −1 or 1 for its length alone.
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

_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|@\w+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[<>]?[:;=8][-'^o]?[)(\[\]DPpOo/\\|*]+(?!\w)|<3+|\^_*\^"
    r"|[!?.;]|[\u2600-\u27bf\U0001f000-\U0001faff]"
)
_SKIPPED = ("http://", "https://", "www.", "@")
_REACH = 3
_FLIP = -0.6
_BOOST = 1.3
_DAMP = 0.6
_SHOUT = 1.2
_BEFORE_TURN = 0.6
_MIN_SHOUTED = 3
_MAX_KNOWN = 200_000
_CONTRACTED = "n't"
_NEGATED = "not_"

_PLAIN, _NEGATION, _BOOSTER, _DAMPER, _TURN, _STOP = range(6)
_LISTS = {"negations": _NEGATION, "boosters": _BOOSTER, "dampers": _DAMPER, "turns": _TURN}


class Word(NamedTuple):
    """What is known of one token: what it does to others, whether it has a tone, and its name among the weights."""

    kind: int
    toned: bool
    valence: float
    hint: float
    polarity: float
    name: str


class Reading(NamedTuple):
    """A text as the model sees it: its sums (see `DENSE`), its stems and pairs, and what those are multiplied by."""

    dense: tuple[float, ...]
    names: list[str]
    scale: float


class Vocabulary:
    """The words of one language: valences and hints by folded word, and the lists of ``data/tone-words.toml``."""

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
        known = self._known
        words = [known.get(token) or self._look_up(token) for token in _TOKEN.findall(text)]
        factors = _factors(words)
        names = _names(words, factors)
        length = max(1, sum(word.kind != _STOP for word in words))
        scale = length**-0.5 if length <= AVERAGED_FROM else AVERAGED_FROM**0.5 / length
        return Reading(_sums(text, words, factors, scale), names, scale)

    def has_tone(self, word: str) -> bool:
        """Whether a folded word may have a valence, a hint or a weight."""
        return stem(word, self.language) not in self._without_tone

    def learned(self) -> dict[str, dict[str, float]]:
        """The valences and hints that a file of weights carries; the lists stay where they are."""
        return {"valences": dict(self._rated), "hints": dict(self._hints)}

    def _look_up(self, token: str) -> Word:
        if token.startswith(_SKIPPED):
            return _NO_WORD
        word = self._describe(token)
        if len(self._known) < _MAX_KNOWN:
            self._known[token] = word
        return word

    def _describe(self, token: str) -> Word:
        if token in "!?.;":
            return _NO_WORD
        low = token.lower()
        stemmed = stem(low, self.language)
        if stemmed in self._without_tone:
            return Word(_PLAIN, False, 0.0, 0.0, 0.0, "")
        kind = self._kinds.get(low, _NEGATION if low.endswith(_CONTRACTED) else _PLAIN)
        if kind != _PLAIN:
            return Word(kind, False, 0.0, 0.0, 0.0, stemmed)
        shout = _SHOUT if len(token) >= _MIN_SHOUTED and token.isupper() else 1.0
        valence = shout * self._valences.get(low, self._stem_valences.get(stemmed, 0.0))
        hint = shout * self._hints.get(low, 0.0)
        polarity = shout * _textblob_polarity(low) if self._textblob else 0.0
        return Word(kind, bool(valence or hint or polarity), valence, hint, polarity, stemmed)


_NO_WORD = Word(_STOP, False, 0.0, 0.0, 0.0, "")


def _textblob_polarity(word: str) -> float:
    """TextBlob's polarity of one word, −1 to 1, from the lexicon in its package: no corpus and no network."""
    return float(sentiment([word])[0])


def _factors(words: Sequence[Word]) -> list[float]:
    """What the words before each word do to its tone; below 0 where it is negated."""
    factors: list[float] = []
    reach, boost = 0, 1.0
    for word in words:
        kind = word.kind
        if kind == _PLAIN:
            factors.append(boost * _FLIP if reach else boost)
            reach, boost = max(0, reach - 1), 1.0
            continue
        factors.append(1.0)
        if kind == _NEGATION:
            reach = _REACH
        elif kind == _BOOSTER:
            boost = _BOOST
        elif kind == _DAMPER:
            boost = _DAMP
        else:
            reach, boost = 0, 1.0
            if kind == _TURN:
                factors = [factor * _BEFORE_TURN for factor in factors]
    return factors


def _names(words: Sequence[Word], factors: Sequence[float]) -> list[str]:
    """The stems of a text, negated ones marked, and the pairs that stand next to each other."""
    names: list[str] = []
    previous = ""
    for word, factor in zip(words, factors, strict=True):
        name = word.name
        if name:
            if factor < 0:
                name = _NEGATED + name
            names.append(name)
            if previous:
                names.append(f"{previous} {name}")
        previous = name
    return names


def _sums(text: str, words: Sequence[Word], factors: Sequence[float], scale: float) -> tuple[float, ...]:
    """The numbers named in `DENSE`."""
    pleasant = unpleasant = hinted_pleasant = hinted_unpleasant = polarity = 0.0
    for word, factor in zip(words, factors, strict=True):
        if word.toned:
            valence = word.valence * factor
            if valence > 0:
                pleasant += valence
            else:
                unpleasant -= valence
            hint = word.hint * factor
            if hint > 0:
                hinted_pleasant += hint
            else:
                hinted_unpleasant -= hint
            polarity += word.polarity * factor
    balance = (pleasant - unpleasant) * scale
    kinds = [word.kind for word in words]
    return (
        pleasant * scale,
        unpleasant * scale,
        hinted_pleasant * scale,
        hinted_unpleasant * scale,
        balance / math.sqrt(balance * balance + 1),
        math.log1p((pleasant + unpleasant) * scale),
        polarity * scale,
        kinds.count(_NEGATION) * scale,
        float("!" in text),
        float("?" in text),
        float(_TURN in kinds),
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
        get = self._weights.get
        for name in reading.names:
            weight = get(name)
            if weight:
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
    return sum(a * b for a, b in zip(left, right, strict=True))


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
