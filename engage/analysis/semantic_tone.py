"""Tone with sentence vectors: a small linear head over the vector of a text and its tone by word lists.

The weights are learned by ``python -m engage.evaluation.train_semantic`` and kept in
``data/semantic-tone.npz``, whose licence stands beside it in ``semantic-tone.md``. They are the same for both
languages: the vectors of a sentence and of its translation lie close together, so that what was learned from
English ratings holds for Spanish.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from engage.analysis.semantic import load_arrays
from engage.analysis.tone import Tone, ToneLabel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS = (ToneLabel.NEGATIVE, ToneLabel.NEUTRAL, ToneLabel.POSITIVE)
CUT = 0.125
"""Scores closer to 0 are neutral: ±0.5 on the −4…4 scale of the raters whose ratings were learned from."""

_FILE = "semantic-tone.npz"


def refine(tone: Tone, vector: NDArray[np.float32]) -> Tone:
    """The tone of a text whose tone by word lists is ``tone`` and whose vector has length 1.

    What could not be scored stays so: the weights were measured in no other language.
    """
    if tone.score is None:
        return tone
    outcome = features(vector[None, :], [tone.score]) @ _weights()
    return tone_of(outcome[0])


def features(vectors: NDArray[np.float32], scores: list[float]) -> NDArray[np.float32]:
    """What the head looks at (n × (d + 3)): the vector, the score by word lists and its size, and 1."""
    import numpy as np

    words = np.array(scores, dtype=np.float32)[:, None]
    return np.concatenate([vectors, words, np.abs(words), np.ones_like(words)], axis=1)


def tone_of(outcome: NDArray[np.floating]) -> Tone:
    """The tone that the head's four numbers say: how well each label fits, and the score.

    The score is kept within the range of the label, so that no positive text has a score below 0.
    """
    label = LABELS[int(outcome[: len(LABELS)].argmax())]
    score = float(outcome[-1])
    lowest, highest = _RANGES[label]
    return Tone(label, round(min(max(score, lowest), highest), 4))


_RANGES = {
    ToneLabel.NEGATIVE: (-1.0, -CUT),
    ToneLabel.NEUTRAL: (-CUT, CUT),
    ToneLabel.POSITIVE: (CUT, 1.0),
}


@cache
def _weights() -> NDArray[np.float32]:
    return load_arrays(_FILE)["weights"].astype("float32")
