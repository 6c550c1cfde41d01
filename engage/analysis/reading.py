"""A text made ready once for everything that reads it: folded, cut into words and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engage.analysis.folding import Folded, fold
from engage.analysis.phrases import Found, Span, Word, words_of

_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[\"')\]])|[;\n]|\?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its folded form and its words; for each word the number of its sentence, for each sentence
    whether it asks.
    """

    folded: Folded
    words: list[Word]
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
    words = words_of(folded)
    ends = [match.span() for match in _SENTENCE_END.finditer(folded.text)]
    sentences: list[int] = []
    number = 0
    for word in words:
        while number < len(ends) and ends[number][1] <= word.start:
            number += 1
        sentences.append(number)
    asks = [folded.text[begin:end].rstrip().endswith("?") for begin, end in ends]
    return Reading(folded=folded, words=words, sentences=sentences, asks=[*asks, False])
