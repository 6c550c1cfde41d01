"""What somebody added of their own to a letter that many sent."""

from __future__ import annotations

import re
from itertools import groupby

from engage.analysis.folding import fold

# A shorter stretch is a name, a town, a changed or misspelled word.
MIN_OWN_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_GREETING = re.compile(r"\s*[^\n]{1,80}[,:]\s*\n")
_TRIPLE = 3


def additions(member: str, exemplar: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a text that a letter does not have, as half-open spans of the text as it was given.

    A word is the letter's where three words in a row with it stand in the letter. Stretches under
    `MIN_OWN_WORDS` words are left out, and so is a greeting on a line of its own.
    """
    folded = fold(member)
    found = list(_WORD.finditer(folded.text))
    words = [match.group() for match in found]
    letter = _WORD.findall(fold(exemplar).text)
    theirs = set(zip(letter, letter[1:], letter[2:], strict=False))
    from_letter = [False] * len(words)
    for at, triple in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if triple in theirs:
            from_letter[at : at + _TRIPLE] = [True] * _TRIPLE
    greeting = _GREETING.match(folded.text)
    begin = greeting.end() if greeting else 0
    spans = []
    for is_theirs, places in groupby(range(len(words)), key=from_letter.__getitem__):
        own = [at for at in places if found[at].start() >= begin]
        if not is_theirs and len(own) >= MIN_OWN_WORDS:
            spans.append(folded.original(found[own[0]].start(), found[own[-1]].end()))
    return tuple(spans)
