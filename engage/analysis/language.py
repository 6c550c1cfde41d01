"""Which language a text is written in, short ones too; "und" where nothing can be told.

The identifier is ELD-C (package ``eldc``, Apache-2.0): character n-grams compiled into the extension, no file
and no network. It was the best of seven on our fragments of 10 to 60 characters, and the fastest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import eldc

UNKNOWN = "und"

# Languages in which these dockets are mostly written: of two near guesses for a few words, the expected one
# is taken.
EXPECTED = ("en", "es")
_NEAR = 0.06

# A few hundred characters decide; the rest of a long text would only cost time.
_CHARACTERS = 2_000

_NOT_LANGUAGE = re.compile(
    r"https?://\S{1,500}|www\.\S{1,500}|[\w.+-]{1,64}@[\w.-]{1,255}|[@#]\w{1,100}|\b287\s?-?\s?\(?g\)?",
    re.IGNORECASE,
)
# Each of these has one of these signs, which are found many times faster.
_SIGN_OF_NOT_LANGUAGE = re.compile(r"[@#]|://|287|[wW]{3}\.")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FEW = 2


@dataclass(frozen=True, slots=True)
class Language:
    """An ISO 639-1 code, or "und" where the language is not known, and how sure the guess is, 0 to 1."""

    code: str
    confidence: float


_UNKNOWN = Language(UNKNOWN, 0.0)


@cache
def _detector() -> eldc.instance:
    """One detector of our own, so that nobody else's settings of the package change ours."""
    eldc.init()
    detector = eldc.instance()
    detector.set_scores(20)
    return detector


def identify(text: str, hint: str | None = None) -> Language:
    """Name the language of a text.

    ``hint`` is what the sender said, as a tag such as ``es`` or ``es-MX``: it decides only where the words do
    not.
    """
    sample = text[:_CHARACTERS].encode("utf-8", "ignore").decode()
    if _SIGN_OF_NOT_LANGUAGE.search(sample):
        sample = _NOT_LANGUAGE.sub(" ", sample)
    words = _NOT_LETTERS.sub(" ", sample).split()
    hinted = hint.split("-")[0].split("_")[0].lower() if hint else None
    if not words:
        return _UNKNOWN
    found = _detector().detect_details(" ".join(words))
    if found.reliable and found.language != UNKNOWN:
        return Language(found.language, round(found.scores[found.language], 3))
    # A script that few languages share tells more than a count of words, which some are written without.
    enough = len(words) > _FEW or not _LATIN.search(sample)
    return _of_few_words(found.scores, hinted, enough=enough)


def _of_few_words(scores: dict[str, float], hinted: str | None, *, enough: bool) -> Language:
    """Decide where the identifier itself is unsure: the hint first, then an expected language that is near
    the best.
    """
    best = max(scores, key=lambda code: (scores[code], code), default=UNKNOWN)
    if hinted and (hinted in scores or best == UNKNOWN):
        return Language(hinted, round(scores.get(hinted, 0.5), 3))
    near = [code for code in EXPECTED if code in scores and scores[code] >= scores[best] - _NEAR]
    if near:
        code = max(near, key=scores.__getitem__)
        return Language(code, round(scores[code], 3))
    return Language(best, round(scores[best], 3)) if best in scores and enough else _UNKNOWN
