"""A suggestion of positions learned from the labels of one docket, once it has enough of them.

The cue rules (`engage.analysis.position`) know how people speak for and against an agreement; they do not know
what stands for a side in *this* docket. A logistic regression over words, pairs of words and the verdict of the
rules learns that from labels that people of the house gave. Two probabilities decide, one a side: above its own a
text is suggested to be of that side, and below it is *unclear*. They are the lowest at which at least eight of
ten suggestions were right in cross-validation.

`learn` returns None, and the rules go on alone, where the labels are too few, where either side could not be
suggested (a model that can only ever say "oppose" is not even-handed), where the promised precision was not
reached, or where the rules find both sides as well. Copies of one letter are kept in one fold, or each campaign
would be taken for skill.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engage.analysis.fingerprint import fingerprint
from engage.analysis.language import UNKNOWN, identify
from engage.analysis.phrases import Span, Word
from engage.analysis.position import PositionLabel, PositionSuggestion, suggest
from engage.analysis.reading import Reading, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_LABELS = 100
LEAST_OF_A_SIDE = 20
LEAST_PRECISION = 0.8

_SIDES = (PositionLabel.SUPPORT, PositionLabel.OPPOSE)
_CUE_LANGUAGES = ("en", "es")
_FOLDS = 5
_STRENGTH = 4.0
_SEED = 20260114
_LEAST_SUGGESTED = 8
_PREFIX = 5
_MOST_TERMS = 20_000
_FORMAT = 1
_SHOWN = 3
_NEVER = -50.0  # The logarithm of a likelihood that nothing outweighs.


class BadModel(ValueError):
    """A text that is no stored position model of a known format."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """What came of suggesting positions for labelled texts that were not learned from.

    ``precision`` of all suggestions, ``suggested`` the share of texts with one, ``f1`` the mean F1 of the two
    sides, ``rules_f1`` the same of the cue rules alone on the same texts, ``recall`` by side.
    """

    labels: int
    precision: float
    suggested: float
    f1: float
    rules_f1: float
    recall: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PositionModel:
    """Weights of terms for support, oppose and all else; applied without any library.

    ``terms`` maps a term to its inverse document frequency and its three weights; ``cues`` the verdict of the rules
    to three weights; ``thresholds`` are the least probabilities of support and of oppose.
    """

    terms: Mapping[str, tuple[float, float, float, float]]
    cues: Mapping[str, tuple[float, float, float]]
    intercept: tuple[float, float, float]
    thresholds: tuple[float, float]
    validation: CrossValidation

    def suggest(self, text: str) -> PositionSuggestion:
        """Suggest a position; *unclear* where neither side is likely enough.

        The spans are the words that spoke most for the side, and the cue of the rules where it agrees. A text
        that takes no side by the rules (neutral, mixed, only asking) keeps what they say where the model is
        unsure.
        """
        reading = read(text)
        by_rules = suggest(reading, _languages(identify(text).code))
        side = _decide(self._probabilities(reading, by_rules.position), self.thresholds)
        if side is not None:
            return PositionSuggestion(side, self._spans(reading, by_rules, side))
        if by_rules.position in _SIDES:
            return PositionSuggestion(PositionLabel.UNCLEAR)
        return by_rules

    def to_json(self) -> str:
        """The model as JSON text, the same for the same model."""
        validation = self.validation
        return json.dumps(
            {
                "format": _FORMAT,
                "terms": {term: list(weights) for term, weights in sorted(self.terms.items())},
                "cues": {cue: list(weights) for cue, weights in sorted(self.cues.items())},
                "intercept": list(self.intercept),
                "thresholds": list(self.thresholds),
                "validation": {
                    "labels": validation.labels,
                    "precision": validation.precision,
                    "suggested": validation.suggested,
                    "f1": validation.f1,
                    "rules_f1": validation.rules_f1,
                    "recall": dict(validation.recall),
                },
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> PositionModel:
        """The model that `to_json` wrote. Raises BadModel for anything else."""
        try:
            stored: dict[str, Any] = json.loads(text)
            if stored["format"] != _FORMAT:
                raise BadModel(f"A position model of format {stored['format']} is not known.")
            return cls(
                terms={term: _four(weights) for term, weights in stored["terms"].items()},
                cues={cue: _three(weights) for cue, weights in stored["cues"].items()},
                intercept=_three(stored["intercept"]),
                thresholds=_two(stored["thresholds"]),
                validation=CrossValidation(**stored["validation"]),
            )
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BadModel("This is no stored position model.") from error

    def _probabilities(self, reading: Reading, cue: PositionLabel) -> tuple[float, float, float]:
        """The probabilities of support, oppose and all else."""
        scores = [
            own + of_cue for own, of_cue in zip(self.intercept, self.cues.get(cue, (0.0,) * 3), strict=True)
        ]
        values = self._values(reading)
        for term, value in values.items():
            for place, weight in enumerate(self.terms[term][1:]):
                scores[place] += value * weight
        highest = max(scores)
        support, oppose, other = (math.exp(score - highest) for score in scores)
        total = support + oppose + other
        return support / total, oppose / total, other / total

    def _values(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the known terms of a text, its logarithm of counts, of length one."""
        counts = Counter(term for term, _, _ in terms_of(reading.words) if term in self.terms)
        values = {term: (1 + math.log(count)) * self.terms[term][0] for term, count in counts.items()}
        length = math.sqrt(sum(value * value for value in values.values()))
        return {term: value / length for term, value in values.items()}

    def _spans(self, reading: Reading, by_rules: PositionSuggestion, side: PositionLabel) -> tuple[Span, ...]:
        mine, others = (1, 2) if side is PositionLabel.SUPPORT else (2, 1)
        speaks = {
            term: value * (self.terms[term][mine] - self.terms[term][others])
            for term, value in self._values(reading).items()
        }
        strongest = sorted(
            (term for term in speaks if speaks[term] > 0), key=lambda term: (-speaks[term], term)
        )
        spans = list(by_rules.spans) if by_rules.position is side else []
        for term in strongest[:_SHOWN]:
            _, first, last = next(place for place in terms_of(reading.words) if place[0] == term)
            start, end = reading.folded.original(first.start, last.end)
            if not any(start < span.end and span.start < end for span in spans):
                spans.append(Span(start, end, term))
        return tuple(sorted(spans, key=lambda span: span.start))


def terms_of(words: Sequence[Word]) -> Iterator[tuple[str, Word, Word]]:
    """The terms of a text with their first and last word: words, beginnings of long ones, and pairs.

    Beginnings stand in for stems: they need no language, which a short text may not tell.
    """
    for word in words:
        yield word.text, word, word
        if len(word.text) > _PREFIX:
            yield f"{word.text[:_PREFIX]}*", word, word
    for first, last in zip(words, words[1:], strict=False):
        yield f"{first.text} {last.text}", first, last


def learn(
    texts: Sequence[str], positions: Sequence[PositionLabel], *, languages: Sequence[str]
) -> PositionModel | None:
    """Learn from labelled texts; None where that would not be better than the cue rules alone.

    ``positions`` and ``languages`` (ISO 639-1, or "und") go with ``texts`` one by one. At least `LEAST_LABELS`
    labels and `LEAST_OF_A_SIDE` of each side are needed: with fewer, precision in cross-validation says little
    (of 20, one more right is five points), and on the dockets that it was tried on fewer labels seldom passed. The
    same labels give the same model. Raises ValueError where the three are not of one length.
    """
    if not len(texts) == len(positions) == len(languages):
        raise ValueError("texts, positions and languages must be of one length")
    sides = Counter(positions)
    if len(texts) < LEAST_LABELS or min(sides[side] for side in _SIDES) < LEAST_OF_A_SIDE:
        return None
    readings = [read(text) for text in texts]
    rules = [
        suggest(reading, _languages(code)).position for reading, code in zip(readings, languages, strict=True)
    ]
    truth = [_class(position) for position in positions]
    documents = [[term for term, _, _ in terms_of(reading.words)] for reading in readings]
    held_out = _held_out(documents, rules, truth, [fingerprint(text) for text in texts])
    if held_out is None:
        return None
    probabilities, folds = held_out
    thresholds = _thresholds(probabilities, truth)
    validation = _validate(probabilities, folds, truth, rules)
    if thresholds is None or validation is None:
        return None
    return _fit(documents, rules, truth).model(thresholds, validation)


def _languages(code: str) -> tuple[str, ...]:
    """The languages whose cues are read; both where the language is not known to them."""
    return (code,) if code in _CUE_LANGUAGES and code != UNKNOWN else _CUE_LANGUAGES


def _class(position: PositionLabel) -> int:
    """0 support, 1 oppose, 2 all else."""
    return _SIDES.index(position) if position in _SIDES else 2


def _decide(probabilities: Sequence[float], thresholds: tuple[float, float]) -> PositionLabel | None:
    """The likelier side if it is likely enough."""
    likelier = 0 if probabilities[0] >= probabilities[1] else 1
    return _SIDES[likelier] if probabilities[likelier] >= thresholds[likelier] else None


@dataclass(frozen=True)
class _Fitted:
    """A vectorizer and a regression of scikit-learn that were fitted together."""

    vectorizer: Any
    regression: Any

    def probabilities(
        self, documents: Sequence[list[str]], rules: Sequence[PositionLabel]
    ) -> NDArray[np.float64]:
        """n × 3: support, oppose, all else; 0 for a class that was not learned."""
        import numpy as np

        found = self.regression.predict_proba(_matrix(self.vectorizer.transform(documents), rules))
        every = np.zeros((len(documents), 3))
        every[:, self.regression.classes_] = found
        return every

    def model(self, thresholds: tuple[float, float], validation: CrossValidation) -> PositionModel:
        """The weights alone, rounded, in the order support, oppose, all else."""
        weights = _of_three_classes(self.regression)
        names = self.vectorizer.get_feature_names_out()
        frequencies = self.vectorizer.idf_
        return PositionModel(
            terms={
                str(name): _four([frequencies[place], *weights[place]]) for place, name in enumerate(names)
            },
            cues={cue.value: _three(weights[len(names) + place]) for place, cue in enumerate(_SIDES)},
            intercept=_three(weights[-1]),
            thresholds=thresholds,
            validation=validation,
        )


def _of_three_classes(regression: Any) -> list[list[float]]:
    """A row of three weights for each feature and last for the intercept; a class never seen is never likely."""
    import numpy as np

    weights = np.zeros((regression.n_features_in_ + 1, 3))
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:  # One row for the second of two classes.
        weights[:-1, regression.classes_[1]] = coefficients[0]
        weights[-1, :] = _NEVER
        weights[-1, regression.classes_] = [0.0, intercepts[0]]
    else:
        weights[:-1, :] = coefficients.T
        weights[-1, :] = intercepts
    rows: list[list[float]] = weights.tolist()
    return rows


def _fit(documents: Sequence[list[str]], rules: Sequence[PositionLabel], truth: Sequence[int]) -> _Fitted:
    """Fit terms that stand in two texts or more, and the rules' verdict, to the labels."""
    # Imported here: every command would pay for it, and only learning needs it.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(
        analyzer=list, min_df=2, max_features=_MOST_TERMS, sublinear_tf=True, lowercase=False
    )
    matrix = _matrix(vectorizer.fit_transform(documents), rules)
    regression = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000)
    return _Fitted(vectorizer, regression.fit(matrix, truth))


def _matrix(of_terms: Any, rules: Sequence[PositionLabel]) -> Any:
    """The features of n texts: their terms, then whether the rules suggest support, and oppose."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    verdicts = np.array([[rule is side for side in _SIDES] for rule in rules], dtype=float)
    return hstack([of_terms, csr_matrix(verdicts)]).tocsr()


def _held_out(
    documents: Sequence[list[str]],
    rules: Sequence[PositionLabel],
    truth: Sequence[int],
    letters: Sequence[str],
) -> tuple[NDArray[np.float64], list[list[int]]] | None:
    """Probabilities (n × 3) of each text from a model that saw neither it nor a copy of it, and the folds.

    None where the labels are of so few different letters that a fold would lack a side.
    """
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=_SEED)
    probabilities = np.zeros((len(truth), len(_SIDES) + 1))
    folds = []
    for learned, tested in splitter.split(np.zeros(len(truth)), truth, letters):
        known = [truth[place] for place in learned]
        if not set(range(len(_SIDES))) <= set(known):
            return None
        fitted = _fit([documents[place] for place in learned], [rules[place] for place in learned], known)
        probabilities[tested] = fitted.probabilities(
            [documents[place] for place in tested], [rules[place] for place in tested]
        )
        folds.append(tested.tolist())
    return probabilities, folds


def _thresholds(probabilities: NDArray[np.float64], truth: Sequence[int]) -> tuple[float, float] | None:
    """For each side the least probability from which on enough suggestions are right; None if one has none."""
    found = [_threshold(probabilities, truth, side) for side in range(len(_SIDES))]
    if found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _threshold(probabilities: NDArray[np.float64], truth: Sequence[int], side: int) -> float | None:
    likelier = probabilities[:, side] > probabilities[:, 1 - side]
    ranked = sorted(
        ((float(probabilities[place, side]), truth[place] == side) for place in likelier.nonzero()[0]),
        reverse=True,
    )
    best, right = None, 0
    for suggested, (probability, is_right) in enumerate(ranked, start=1):
        right += is_right
        # One is counted as wrong beforehand: a few lucky ones prove no precision.
        if suggested >= _LEAST_SUGGESTED and right / (suggested + 1) >= LEAST_PRECISION:
            best = round(probability, 6)
    return best


def _validate(
    probabilities: NDArray[np.float64],
    folds: Sequence[Sequence[int]],
    truth: Sequence[int],
    rules: Sequence[PositionLabel],
) -> CrossValidation | None:
    """How the model did, its thresholds chosen without the fold they are tried on; None where that is not good."""
    suggested: list[int] = [2] * len(truth)
    for fold in folds:
        tested = set(fold)
        others = [place for place in range(len(truth)) if place not in tested]
        thresholds = _thresholds(probabilities[others], [truth[place] for place in others])
        if thresholds is None:
            continue
        for place in fold:
            side = _decide(probabilities[place].tolist(), thresholds)
            suggested[place] = 2 if side is None else _SIDES.index(side)
    given = [place for place, side in enumerate(suggested) if side < len(_SIDES)]
    right = sum(suggested[place] == truth[place] for place in given)
    f1, rules_f1 = _f1(suggested, truth), _f1([_class(rule) for rule in rules], truth)
    if not given or right / len(given) < LEAST_PRECISION or f1 <= rules_f1:
        return None
    return CrossValidation(
        labels=len(truth),
        precision=round(right / len(given), 4),
        suggested=round(len(given) / len(truth), 4),
        f1=round(f1, 4),
        rules_f1=round(rules_f1, 4),
        recall={side.value: round(_recall(suggested, truth, place), 4) for place, side in enumerate(_SIDES)},
    )


def _f1(suggested: Sequence[int], truth: Sequence[int]) -> float:
    """The mean over both sides of F1."""
    return sum(_f1_of(suggested, truth, side) for side in range(len(_SIDES))) / len(_SIDES)


def _f1_of(suggested: Sequence[int], truth: Sequence[int], side: int) -> float:
    both = sum(one == other == side for one, other in zip(suggested, truth, strict=True))
    either = suggested.count(side) + truth.count(side)
    return 2 * both / either if either else 0.0


def _recall(suggested: Sequence[int], truth: Sequence[int], side: int) -> float:
    both = sum(one == other == side for one, other in zip(suggested, truth, strict=True))
    return both / truth.count(side)


def _numbers(values: Sequence[float], length: int) -> list[float]:
    numbers = [round(float(value), 6) for value in values]
    if len(numbers) != length or not all(map(math.isfinite, numbers)):
        raise BadModel("A weight of the position model is no number.")
    return numbers


def _two(values: Sequence[float]) -> tuple[float, float]:
    first, second = _numbers(values, 2)
    return first, second


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = _numbers(values, 3)
    return first, second, third


def _four(values: Sequence[float]) -> tuple[float, float, float, float]:
    first, second, third, fourth = _numbers(values, 4)
    return first, second, third, fourth
