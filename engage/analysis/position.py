"""What position a text seems to take, as a suggestion only. Never from tone; in doubt *unclear*.

A position is something that the writer wants done with the thing decided about. So a verb counts only with
such an object, or in a saying that needs none ("vote no"); it counts the other way round behind a negation
("can't support"); and it does not count inside quotation marks, in a question, after "if", or where it is
told of somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.phrases import Found, Phrases, Span
from engage.analysis.position_cues import PositionCues, load_position_cues
from engage.analysis.reading import Reading


class PositionLabel(StrEnum):
    """A position on what is decided, as a commenter declares it or as we suggest it."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NEUTRAL = "neutral"
    MIXED = "mixed"
    QUESTION_ONLY = "question_only"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PositionSuggestion:
    """A suggested position and the words that it rests on."""

    position: PositionLabel
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words that speak for a position; ``found`` says where they stand."""

    position: PositionLabel
    found: Found
    cue: str


_SUPPORT, _OPPOSE = PositionLabel.SUPPORT, PositionLabel.OPPOSE
_OPPOSITE = {_SUPPORT: _OPPOSE, _OPPOSE: _SUPPORT}
_REACH_OF_NEGATION = 4
_QUOTED = re.compile(r'"[^"\n]{1,400}"')
_QUOTED_SHARE = 0.8
_FAR = 1 << 62
_LOOK_BACK = 30
_CUE_SHOWN = 80


def suggest(reading: Reading, languages: Sequence[str]) -> PositionSuggestion:
    """Suggest a position from what the text says it wants; `PositionLabel.UNCLEAR` where it does not say."""
    quoted = _quoted(reading)
    signs = [sign for language in languages for sign in _READERS[language].signs(reading, quoted)]
    spans = tuple(
        reading.span(sign.found, sign.cue) for sign in sorted(signs, key=lambda sign: sign.found.first)
    )
    positions = {sign.position for sign in signs}
    if len(positions) > 1:
        return PositionSuggestion(PositionLabel.MIXED, spans)
    if positions:
        return PositionSuggestion(positions.pop(), spans)
    asks = _only_asks(reading) and not any(_READERS[language].takes_sides(reading) for language in languages)
    return PositionSuggestion(PositionLabel.QUESTION_ONLY if asks else PositionLabel.UNCLEAR)


def _quoted(reading: Reading) -> list[tuple[int, int]]:
    """Stretches between quotation marks, which are somebody else's words; none where nearly all is quoted."""
    text = reading.folded.text
    stretches = [match.span() for match in _QUOTED.finditer(text)]
    if sum(end - start for start, end in stretches) > _QUOTED_SHARE * len(text.strip()):
        return []
    return stretches


def _only_asks(reading: Reading) -> bool:
    """Whether every sentence that has words in it ends with a question mark."""
    sentences = set(reading.sentences)
    return bool(sentences) and all(reading.asks[sentence] for sentence in sentences)


class _Reader:
    """The cues of one language, compiled."""

    def __init__(self, cues: PositionCues, language: str) -> None:
        self._cues = cues
        objects, pronouns = _one_of(cues.objects), _one_of(cues.pronouns)
        wants, rejects, undoes = _one_of(cues.wants), _one_of(cues.rejects), _one_of(cues.undoes)
        rules = [
            (_SUPPORT, "attitude", f"{wants} ... {objects}"),
            (_SUPPORT, "pronoun", f"{wants} {pronouns}"),
            (_OPPOSE, "attitude", f"{rejects} ... {objects}"),
            (_OPPOSE, "pronoun", f"{rejects} {pronouns}"),
            (_OPPOSE, "pronoun", f"{rejects} =to|=with|=de|=a|=con {pronouns}"),
            (_OPPOSE, "act", f"{undoes} ... {objects}"),
            *((_SUPPORT, "saying", phrase) for phrase in cues.for_it),
            *((_OPPOSE, "saying", phrase) for phrase in cues.against_it),
            *((_SUPPORT, "pronoun", phrase) for phrase in cues.bare_for),
            *((_OPPOSE, "bare", phrase) for phrase in cues.bare_against),
            *((PositionLabel.UNCLEAR, "hedge", phrase) for phrase in cues.hedges),
            *((PositionLabel.NEUTRAL, "neutral", phrase) for phrase in cues.neutral),
        ]
        self._rules = [(position, kind) for position, kind, _ in rules]
        # A saying that has its own “not” in it is not turned by that.
        self._denies = [
            any(f"={word}" in re.split("[ |]", phrase) for word in cues.negations) for *_, phrase in rules
        ]
        self._sides = Phrases(cues.sides, language)
        self._phrases = Phrases((phrase for _, _, phrase in rules), language)

    def takes_sides(self, reading: Reading) -> bool:
        """Whether a verb of support or opposition stands there ("who would oppose safety?" asks nothing)."""
        return any(True for _ in self._sides.find(reading.words))

    def signs(self, reading: Reading, quoted: list[tuple[int, int]]) -> Iterator[_Sign]:
        """Every sign of a position in a text; where one lies inside another the longer speaks."""
        found = [
            place for place in self._phrases.find(reading.words) if self._may_speak(place, reading, quoted)
        ]
        open_ended: set[int] = set()
        for place in found:
            if self._rules[place.phrase][1] in ("hedge", "neutral"):
                open_ended.update(range(place.first, place.last))
        taken: set[int] = set()
        for place in sorted(found, key=lambda place: (place.first - place.last, place.first, place.phrase)):
            position, kind = self._rules[place.phrase]
            words = range(place.first, place.last)
            if kind == "hedge" or not taken.isdisjoint(words):
                continue
            if kind != "neutral" and not open_ended.isdisjoint(words):
                continue
            sign = self._turned(position, kind, place, reading)
            if sign is not None:
                taken.update(words)
                yield _Sign(sign, place, self._phrases.texts[place.phrase][:_CUE_SHOWN])

    def _may_speak(self, place: Found, reading: Reading, quoted: list[tuple[int, int]]) -> bool:
        """Whether words are the writer's own: not quoted, asked, supposed or told of others."""
        sentence = reading.sentences[place.first]
        if not reading.is_within_a_sentence(place) or reading.asks[sentence]:
            return False
        start = reading.words[place.first].start
        if _is_quoted(start, quoted):
            return False
        if self._rules[place.phrase][1] in ("pronoun", "bare") and not self._pronoun_stands_alone(
            place, reading, sentence
        ):
            return False
        before = _before(place, reading)
        if len(before) == 1 and self._is_addressed(place, reading):
            before = []
        return not self._supposed(before) and not self._told_of_others(before)

    def _pronoun_stands_alone(self, place: Found, reading: Reading, sentence: int) -> bool:
        """ "Support this." is about the decision, “support this family” is not."""
        if place.last >= len(reading.words) or reading.sentences[place.last] != sentence:
            return True
        between = reading.folded.text[reading.words[place.last - 1].end : reading.words[place.last].start]
        return "," in between or reading.words[place.last].text in self._cues.after_pronoun

    def _is_addressed(self, place: Found, reading: Reading) -> bool:
        """Whether a comma parts the one word before a place from it: “Commissioners, approve …”."""
        one = reading.words[place.first - 1]
        return "," in reading.folded.text[one.end : reading.words[place.first].start]

    def _supposed(self, before: list[str]) -> bool:
        # After “yo”, a folded “si” was “sí”.
        near = [
            word for word, previous in zip(before[-3:], ["", *before][-4:], strict=False) if previous != "yo"
        ]
        return any(word in self._cues.conditions for word in near)

    def _told_of_others(self, before: list[str]) -> bool:
        """Whether somebody else is said to want it, without an “I” or “we” in between.

        Those whom the writer wants to act ("we want the sheriff to …") are not said to want anything.
        """
        asked = [place for place, word in enumerate(before) if word in self._cues.asks]
        if any(word in self._cues.own for place in asked for word in before[max(0, place - 2) : place + 1]):
            return False
        others = [place for place, word in enumerate(before) if word in self._cues.others]
        tells = [place for place, word in enumerate(before) if word in self._cues.tells]
        own = [place for place, word in enumerate(before) if word in self._cues.own]
        if tells and not any(place < tells[-1] for place in own):
            return True
        return bool(others) and (not own or own[-1] < others[-1])

    def _turned(
        self, position: PositionLabel, kind: str, place: Found, reading: Reading
    ) -> PositionLabel | None:
        """The position after negation: turned round, or None where “not against” leaves all open."""
        if kind == "neutral":
            return position
        before = _before(place, reading)
        near = before[-_REACH_OF_NEGATION:]
        if position is _SUPPORT and not self._denies[place.phrase]:
            near += [word.text for word in reading.words[place.first : place.last]]
        negated = any(word in self._cues.negations for word in near)
        if not negated:
            return position
        if kind in ("attitude", "pronoun", "bare") and position is _OPPOSE:
            return None
        return _OPPOSITE[position]


def _one_of(words: list[str]) -> str:
    return "|".join(words)


def _is_quoted(start: int, quoted: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the stretches, which are in order."""
    nearest = bisect_right(quoted, (start, _FAR)) - 1
    return nearest >= 0 and start < quoted[nearest][1]


def _before(place: Found, reading: Reading) -> list[str]:
    """The nearest words before a place in its sentence, back to one that begins another clause."""
    words: list[str] = []
    for number in range(place.first - 1, max(-1, place.first - _LOOK_BACK), -1):
        word = reading.words[number].text
        if reading.sentences[number] != reading.sentences[place.first] or word in _NEW_CLAUSE:
            break
        words.append(word)
    return words[::-1]


_NEW_CLAUSE = frozenset(
    ("but", "however", "although", "though", "because", "pero", "aunque", "porque", "sino")
)
_READERS = {language: _Reader(cues, language) for language, cues in load_position_cues().items()}
