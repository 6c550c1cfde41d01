"""A text made ready once for everything that reads it: folded, cut into words and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engage.analysis.folding import Folded, fold
from engage.analysis.phrases import Found, Span, Words, word_texts

# The set of first signs stands in front so that the search can run past everything else.
_SENTENCE_END = re.compile(r"[.!?;\n](?:(?<=[;\n])|(?<=[.!?])[.!?]*(?=\s|$|[\"')\]])|(?<=\?))")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its folded form and its words; for each word the number of its sentence, for each sentence
    whether it asks.
    """

    folded: Folded
    words: Words
    sentences: list[int]
    asks: list[bool]

    def is_within_a_sentence(self, found: Found) -> bool:
        """Whether a found phrase does not reach over the end of a sentence."""
        return self.sentences[found.first] == self.sentences[found.last - 1]

    def span(self, found: Found, cue: str) -> Span:
        """Where a found phrase stands in the original text."""
        start, end = self.folded.original(self.words[found.first].start, self.words[found.last - 1].end)
        return Span(start, end, cue)


def read(text: str) -> Reading:
    """Prepare a text for analysis."""
    folded = fold(text)
    ends = [match.span() for match in _SENTENCE_END.finditer(folded.text)]
    texts: list[str] = []
    sentences: list[int] = []
    begin = 0
    for number, end in enumerate([*(end for _, end in ends), len(folded.text)]):
        own = word_texts(folded.text, begin, end)
        texts += own
        sentences += [number] * len(own)
        begin = end
    asks = [folded.text[start:end].endswith("?") for start, end in ends]
    return Reading(folded=folded, words=Words(folded.text, texts), sentences=sentences, asks=[*asks, False])
