"""A suggestion of positions learned from the labels of one docket, once it has enough of them.

The cue rules (`engage.analysis.position`) know how people speak for and against an agreement; they do not
know what stands for a side in *this* docket. A logistic regression over words, pairs of words and the
verdict of the rules learns that from labels that people of the house gave. Two probabilities decide, one
a side: from it on a text is suggested to be of that side; below it only where the rules say the same
side, and else it is *unclear*. They are drawn so that, in cross-validation, at least eight of ten
suggestions are right.

`learn` returns None, and the rules go on alone, where the labels are too few, where either side could not
be suggested (a model that can only ever say "oppose" is not even-handed), where the promised precision
was not reached, or where the rules find both sides as well. Copies of one letter are kept in one fold, or
each campaign would be taken for skill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engage.analysis.fingerprint import fingerprint
from engage.analysis.position import PositionLabel, suggest
from engage.analysis.position_model import (
    SIDES,
    BadModel,
    CrossValidation,
    PositionModel,
    cue_languages,
    decide,
    four,
    terms_of,
    three,
)
from engage.analysis.reading import read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BadModel", "CrossValidation", "PositionModel", "learn"]

LEAST_LABELS = 100
LEAST_OF_A_SIDE = 20
LEAST_PRECISION = 0.8

# Where a line is drawn on some texts it does a little worse on others: so more is aimed at than is promised.
_PRECISION_AIMED_AT = 0.85
_FOLDS = 5
_STRENGTH = 4.0
_SEED = 20260114
_LEAST_SUGGESTED = 8
_MORE_LIKELY_THAN_NOT = 0.5
_MOST_TERMS = 20_000
_NEVER = -50.0  # The logarithm of a likelihood that nothing outweighs.


def learn(
    texts: Sequence[str], positions: Sequence[PositionLabel], *, languages: Sequence[str]
) -> PositionModel | None:
    """Learn from labelled texts; None where that would not be better than the cue rules alone.

    ``positions`` and ``languages`` (ISO 639-1, or "und") go with ``texts`` one by one. At least
    `LEAST_LABELS` labels and `LEAST_OF_A_SIDE` of each side are needed: with fewer, precision in
    cross-validation says little (of 20 suggestions, one more right is five points). Whether they were enough
    is then decided by cross-validation, not by their number. The same labels give the same model. Raises
    ValueError where the three are not of one length.
    """
    if not len(texts) == len(positions) == len(languages):
        raise ValueError("texts, positions and languages must be of one length")
    sides = Counter(positions)
    if len(texts) < LEAST_LABELS or min(sides[side] for side in SIDES) < LEAST_OF_A_SIDE:
        return None
    readings = [read(text) for text in texts]
    rules = [
        suggest(reading, cue_languages(code)).position
        for reading, code in zip(readings, languages, strict=True)
    ]
    truth = [_class(position) for position in positions]
    documents = [[term for term, _, _ in terms_of(reading.words)] for reading in readings]
    # Imported here, as scikit-learn is: every command would pay for it. On matrices this small more threads
    # only wait for each other, and for a minute where the machine is busy.
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        held_out = _held_out(documents, rules, truth, [fingerprint(text) for text in texts])
        if held_out is None:
            return None
        probabilities, folds = held_out
        thresholds = _thresholds(probabilities, truth)
        validation = _validate(probabilities, folds, truth, rules)
        if thresholds is None or validation is None:
            return None
        return _fit(documents, rules, truth).model(thresholds, validation)


def _class(position: PositionLabel) -> int:
    """0 support, 1 oppose, 2 all else."""
    return SIDES.index(position) if position in SIDES else 2


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
                str(name): four([frequencies[place], *weights[place]]) for place, name in enumerate(names)
            },
            cues={cue.value: three(weights[len(names) + place]) for place, cue in enumerate(SIDES)},
            intercept=three(weights[-1]),
            thresholds=thresholds,
            validation=validation,
        )


def _of_three_classes(regression: Any) -> list[list[float]]:
    """Three weights for each feature, and last for the intercept; a class never seen is never likely."""
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

    verdicts = np.array([[rule is side for side in SIDES] for rule in rules], dtype=float)
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
    probabilities = np.zeros((len(truth), len(SIDES) + 1))
    folds = []
    for learned, tested in splitter.split(np.zeros(len(truth)), truth, letters):
        known = [truth[place] for place in learned]
        if not set(range(len(SIDES))) <= set(known):
            return None
        fitted = _fit([documents[place] for place in learned], [rules[place] for place in learned], known)
        probabilities[tested] = fitted.probabilities(
            [documents[place] for place in tested], [rules[place] for place in tested]
        )
        folds.append(tested.tolist())
    return probabilities, folds


def _thresholds(probabilities: NDArray[np.float64], truth: Sequence[int]) -> tuple[float, float] | None:
    """For each side the least probability from which enough suggestions are right; None if one has none."""
    found = [_threshold(probabilities, truth, side) for side in range(len(SIDES))]
    if found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _threshold(probabilities: NDArray[np.float64], truth: Sequence[int], side: int) -> float | None:
    likelier = probabilities[:, side] > probabilities[:, 1 - side]
    places = sorted(likelier.nonzero()[0].tolist(), key=lambda place: -probabilities[place, side])
    best, right = None, 0
    for suggested, place in enumerate(places, start=1):
        right += truth[place] == side
        # One is counted as wrong beforehand: a few lucky ones prove no precision.
        if suggested >= _LEAST_SUGGESTED and right / (suggested + 1) >= _PRECISION_AIMED_AT:
            best = max(_MORE_LIKELY_THAN_NOT, round(float(probabilities[place, side]), 6))
    return best


def _validate(
    probabilities: NDArray[np.float64],
    folds: Sequence[Sequence[int]],
    truth: Sequence[int],
    rules: Sequence[PositionLabel],
) -> CrossValidation | None:
    """How the model did, thresholds chosen without the fold they are tried on; None if not well enough."""
    suggested: list[int] = [2] * len(truth)
    for fold in folds:
        tested = set(fold)
        others = [place for place in range(len(truth)) if place not in tested]
        thresholds = _thresholds(probabilities[others], [truth[place] for place in others])
        if thresholds is None:
            continue
        for place in fold:
            side = decide(probabilities[place].tolist(), thresholds, rules[place])
            suggested[place] = 2 if side is None else SIDES.index(side)
    given = [place for place, side in enumerate(suggested) if side < len(SIDES)]
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
        recall={side.value: round(_recall(suggested, truth, place), 4) for place, side in enumerate(SIDES)},
    )


def _f1(suggested: Sequence[int], truth: Sequence[int]) -> float:
    """The mean over both sides of F1."""
    return sum(_f1_of(suggested, truth, side) for side in range(len(SIDES))) / len(SIDES)


def _f1_of(suggested: Sequence[int], truth: Sequence[int], side: int) -> float:
    both = sum(one == other == side for one, other in zip(suggested, truth, strict=True))
    either = suggested.count(side) + truth.count(side)
    return 2 * both / either if either else 0.0


def _recall(suggested: Sequence[int], truth: Sequence[int], side: int) -> float:
    both = sum(one == other == side for one, other in zip(suggested, truth, strict=True))
    return both / truth.count(side)
