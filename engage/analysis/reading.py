"""A text made ready once for everything that reads it: folded, cut into words and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from engage.analysis.folding import Folded, fold
from engage.analysis.phrases import Found, Span, Word, words_of

_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[\"')\]])|[;\n]|\?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its folded form, its words, and for each word the number of the sentence it stands in."""

    folded: Folded
    words: list[Word]
    sentence_ends: list[int]

    def sentence(self, word: int) -> int:
        """The number of the sentence of word number ``word``."""
        return bisect_right(self.sentence_ends, self.words[word].start)

    def span(self, found: Found, cue: str) -> Span:
        """Where a found phrase stands in the original text."""
        start, end = self.folded.original(self.words[found.first].start, self.words[found.last - 1].end)
        return Span(start, end, cue)


def read(text: str) -> Reading:
    """Prepare a text for analysis."""
    folded = fold(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(folded.text)]
    return Reading(folded=folded, words=words_of(folded), sentence_ends=ends)
