"""What sentence vectors add to one analysis: a better tone, and concerns by meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import islice

from engage.analysis.concerns import Concern
from engage.analysis.semantic import Embedder, sentences_of
from engage.analysis.semantic_concerns import ConcernsByMeaning
from engage.analysis.semantic_tone import refine
from engage.analysis.tone import Tone

_WEIGHTS = ("semantic-concerns.npz", "semantic-tone.npz")
# Of a longer text only these are looked at by meaning; its cues are looked for to the end.
_MOST_SENTENCES = 100


class Meaning:
    """The vectors' part in an analyser of one taxonomy; ``version`` names the embedder and the weights."""

    def __init__(self, embedder: Embedder, codes: Sequence[str]) -> None:
        self._embedder = embedder
        self._concerns = ConcernsByMeaning(codes)
        self.version = f"{embedder.name}.{embedder.version}.{_weights_digest()}"

    def refine(self, text: str, tone: Tone, concerns: Sequence[Concern]) -> tuple[Tone, tuple[Concern, ...]]:
        """Tone and concerns of a text, given what its words say of them; embedded once for both."""
        sentences = list(islice(sentences_of(text), _MOST_SENTENCES))
        if not sentences:
            return tone, tuple(concerns)
        vectors = self._embedder.embed([text, *(text[start:end] for start, end in sentences)])
        return refine(tone, vectors[0]), self._concerns.refine(concerns, sentences, vectors[1:])


@cache
def _weights_digest() -> str:
    folder = files("engage.analysis") / "data"
    return hashlib.sha256(b"\0".join((folder / name).read_bytes() for name in _WEIGHTS)).hexdigest()[:6]
