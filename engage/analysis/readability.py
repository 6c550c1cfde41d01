"""How many years of school a text asks of its reader: a rough measure, for whoever writes to residents.

English: the grade of Flesch and Kincaid (Kincaid, Fishburne, Rogers and Chissom 1975), 0.39 words a sentence
+ 11.8 syllables a word − 15.59. Spanish: the ease of Fernández Huerta (1959), 206.84 − 60 syllables a word −
1.02 words a sentence, turned into a grade by his own table. Both count only lengths: a text of short words
may still be hard, so this is a hint to its writer and no verdict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

PLAIN_GRADE = 8

_METHODS = {"en": "Flesch–Kincaid", "es": "Fernández Huerta"}
# Fernández Huerta's table, ease and school year, from the hardest; between two the year goes evenly.
_SPANISH_GRADES = ((0, 16.0), (30, 13.0), (50, 10.0), (60, 8.0), (70, 7.0), (80, 6.0), (90, 5.0), (100, 4.0))
_LEAST_WORDS = 10
# Neither part runs on to the end from every bracket: of fifty thousand of them that took ten seconds.
_LINK = re.compile(r"\[([^\[\]]*)\]\([^)]{0,2000}\)")
_BLOCK = re.compile(r"\n\s*(?:\n|[-*#>]|\d+[.)]\s)")
_SENTENCE_END = re.compile(r"[.?!:;]+[\"')”’»*_]*(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = frozenset("aeoáéóíú")  # An accent makes i and u a syllable of their own.


@dataclass(frozen=True, slots=True)
class Readability:
    """``grade`` is a year of school, 0 to 16; ``method`` names the formula by its authors."""

    grade: int
    method: str

    @property
    def is_plain(self) -> bool:
        """Whether people who left school after the eighth year can read it."""
        return self.grade <= PLAIN_GRADE


def readability(text: str, language: str) -> Readability | None:
    """Measure a text, Markdown or plain; None for too few words or another language than these two."""
    plain = _LINK.sub(r"\1", text)
    words = [word.lower() for word in _WORD.findall(plain)]
    if len(words) < _LEAST_WORDS or language not in _METHODS:
        return None
    per_sentence = len(words) / _sentences(plain)
    count = _english_syllables if language == "en" else _spanish_syllables
    per_word = sum(map(count, words)) / len(words)
    if language == "en":
        grade = 0.39 * per_sentence + 11.8 * per_word - 15.59
    else:
        grade = _spanish_grade(206.84 - 60 * per_word - 1.02 * per_sentence)
    return Readability(round(min(16.0, max(0.0, grade))), _METHODS[language])


def _sentences(text: str) -> int:
    """How many sentences; a heading or an item of a list is one, whether it has a full stop or not."""
    blocks = [block for block in _BLOCK.split(text) if _WORD.search(block)]
    return sum(
        max(1, sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(block))) for block in blocks
    )


def _english_syllables(word: str) -> int:
    """About how many: groups of vowels, less a silent e at the end."""
    groups = len(_ENGLISH_VOWELS.findall(word))
    is_silent = word.endswith(("e", "es", "ed")) and not word.endswith(
        ("le", "les", "ted", "ded", "ses", "ces")
    )
    return max(1, groups - is_silent)


def _spanish_syllables(word: str) -> int:
    """Groups of vowels; two strong ones that meet are two syllables, and “qu”, “gue”, “gui” have no u."""
    heard = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word)
    if heard.endswith("y"):
        heard = f"{heard[:-1]}i"
    groups = _SPANISH_VOWELS.findall(heard)
    hiatus = sum(a in _STRONG and b in _STRONG for group in groups for a, b in pairwise(group))
    return max(1, len(groups) + hiatus)


def _spanish_grade(ease: float) -> float:
    if ease >= _SPANISH_GRADES[-1][0]:
        return _SPANISH_GRADES[-1][1]
    for (low, harder), (high, easier) in pairwise(_SPANISH_GRADES):
        if ease < high:
            return harder - (harder - easier) * (ease - low) / (high - low)
    raise AssertionError
