"""How fast texts are measured."""

from __future__ import annotations

from collections.abc import Iterator

from textblob import TextBlob

from engage.analysis import Analyser
from tests.bench import Figure, Place, benchmark, seconds, texts

TEXTS = 1000


@benchmark
def analysis(_place: Place) -> Iterator[Figure]:
    """All that is measured of a comment, beside a loop that asks TextBlob for the tone alone."""
    analyser = Analyser()
    analyser.analyse(texts(TEXTS)[0])
    ours = TEXTS / seconds(lambda: [analyser.analyse(text) for text in texts(TEXTS)])
    plain = TEXTS / seconds(lambda: [TextBlob(text).sentiment.polarity for text in texts(TEXTS)])
    yield Figure("comments analysed", ours, "comments/s")
    yield Figure("plain TextBlob loop, tone only", plain, "comments/s")
    yield Figure("analysis to plain TextBlob", ours / plain, "ratio")
