"""What comments say of each concern, in their own words: references in the inputs, words from the comments as
everybody may read them now.

What was withdrawn, restricted or redacted since is gone from every form of every version in the same second;
that something stood there is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.orm import Session, joinedload, load_only

from engage.comments.attached import translations_of_all
from engage.comments.filters import UNSTATED
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Position
from engage.comments.queries import public_comments
from engage.reports.inputs import Inputs, VoiceFacts
from engage.reports.same_words import says_the_same
from engage.themes.models import ExcerptKind
from engage.themes.queries import Quoted, excerpts

_SIDES = (Position.SUPPORT.value, Position.OPPOSE.value)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A comment that everybody may read now, and what people have made of the whole of it in other
    languages.
    """

    comment: Comment
    translations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch as it is shown. ``concerns`` are all with which it is shown in this list."""

    facts: VoiceFacts
    quoted: Quoted
    translations: Mapping[str, str]
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What those who declared one position say: a Position's value, or empty for all who took no side."""

    position: str
    voices: tuple[Voice, ...]
    gone: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A list of voices, and how many that stood in it cannot be read any more."""

    voices: tuple[Voice, ...]
    gone: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two statements of one concern that do not go together."""

    concern: str
    first: Voice
    second: Voice


def voices_of(session: Session, period: CommentPeriod, now: datetime) -> tuple[VoiceFacts, ...]:
    """What is shown with each concern of a period now."""
    return tuple(
        VoiceFacts(
            concern=each.concern,
            kind=each.kind.value,
            position=each.position or UNSTATED,
            tracking_number=each.tracking_number,
            start=each.start,
            stop=each.stop,
            digest=each.digest,
            pair=each.pair,
        )
        for each in excerpts(session, period, now)
    )


def speakers_of(session: Session, voices: Iterable[VoiceFacts], now: datetime) -> dict[str, Speaker]:
    """The comments of these voices that everybody may read now, by tracking number; no more of each than is
    shown.
    """
    numbers = sorted({voice.tracking_number for voice in voices})
    if not numbers:
        return {}
    shown = (Comment.tracking_number, Comment.body, Comment.body_digest, Comment.is_redacted)
    found: Sequence[Comment] = session.scalars(
        public_comments(now)
        .where(Comment.tracking_number.in_(numbers))
        .options(load_only(*shown), joinedload(Comment.analysis).load_only(CommentAnalysis.language))
    ).all()
    translated = translations_of_all(session, found)
    return {comment.tracking_number: Speaker(comment, translated.get(comment.id, {})) for comment in found}


class Voices:
    """What is shown of the inputs of one report, as far as everybody may read it now."""

    def __init__(self, inputs: Inputs, speakers: Mapping[str, Speaker]) -> None:
        self._facts = inputs.voices
        self._speakers = speakers
        self._numbers = {name.key: n for name, n in inputs.numbers.items() if name.measure == "concern"}

    def __bool__(self) -> bool:
        return bool(self._facts)

    def said(self, concern: str) -> list[Side]:
        """What each side says of a concern: support, opposition, then everybody who took neither."""
        facts = [each for each in self._facts if each.kind == ExcerptKind.SAID and each.concern == concern]
        if not facts:
            return []
        sides = {side: [each for each in facts if each.position == side] for side in _SIDES}
        others = [each for each in facts if each.position not in _SIDES]
        return [self._side(side, of_side) for side, of_side in {**sides, "": others}.items()]

    def concrete(self, concern: str | None = None, most: int | None = None) -> Shown:
        """Rare points with concrete facts: of one concern, or of all, those first that fewest comments
        raise, the sides by turns.
        """
        return self._shown(ExcerptKind.CONCRETE, concern, most, lambda each: self._raised(each.concern))

    def proposals(self, concern: str | None = None, most: int | None = None) -> Shown:
        """What comments propose: of one concern, or of all, those first whose concern most comments raise."""
        return self._shown(ExcerptKind.PROPOSAL, concern, most, lambda each: -self._raised(each.concern))

    def questions(self, concern: str | None = None, most: int | None = None) -> Shown:
        """What comments ask, in the same order."""
        return self._shown(ExcerptKind.QUESTION, concern, most, lambda each: -self._raised(each.concern))

    def disputed(self, concern: str | None = None) -> list[Dispute]:
        """The pairs of statements that do not go together; none of which only one can still be read."""
        pairs: dict[tuple[str, int], list[Voice]] = {}
        for each in self._facts:
            if each.pair is not None and concern in (None, each.concern):
                pairs.setdefault((each.concern, each.pair), []).extend(self._spoken([each]))
        found = [Dispute(code, *both) for (code, _), both in pairs.items() if len(both) == 2]
        return sorted(found, key=lambda pair: (-self._raised(pair.concern), pair.concern))

    def quoted(self, facts: VoiceFacts) -> Quoted | None:
        """The words of one stretch; None where nobody may read them now."""
        found = self._spoken([facts])
        return found[0].quoted if found else None

    def _shown(
        self,
        kind: ExcerptKind,
        concern: str | None,
        most: int | None,
        rank: Callable[[VoiceFacts], int],
    ) -> Shown:
        facts = [
            each
            for each in self._facts
            if each.kind == kind and each.pair is None and concern in (None, each.concern)
        ]
        ordered = facts if concern else _by_turns(sorted(facts, key=lambda each: (rank(each), each.concern)))
        voices = self._spoken(ordered)
        return Shown(tuple(voices[:most]), len({_place(each) for each in facts}) - len(voices))

    def _side(self, position: str, facts: Sequence[VoiceFacts]) -> Side:
        voices = self._spoken(facts)
        return Side(position, tuple(voices), len(facts) - len(voices))

    def _spoken(self, facts: Sequence[VoiceFacts]) -> list[Voice]:
        """Each stretch once, with all the concerns that it is shown with."""
        concerns: dict[tuple[str, int, int], list[str]] = {}
        for each in facts:
            concerns.setdefault(_place(each), []).append(each.concern)
        firsts = {_place(each): each for each in reversed(facts)}
        found = []
        for place, codes in concerns.items():
            each = firsts[place]
            speaker = self._speakers.get(each.tracking_number)
            if speaker is not None and says_the_same(speaker.comment, each):
                quoted = Quoted(speaker.comment, each.start, each.stop)
                found.append(Voice(each, quoted, speaker.translations, tuple(dict.fromkeys(codes))))
        return found

    def _raised(self, concern: str) -> int:
        return self._numbers.get(concern, 0)


def _by_turns(facts: Sequence[VoiceFacts]) -> list[VoiceFacts]:
    """The sides by turns, as long as they have any: support, opposition, the others; of each side the first
    of each concern before the second of one.
    """
    turns: Counter[tuple[str, str]] = Counter()
    sides: dict[str, list[tuple[int, int, VoiceFacts]]] = {side: [] for side in (*_SIDES, "")}
    for order, each in enumerate(facts):
        side = each.position if each.position in _SIDES else ""
        turns[side, each.concern] += 1
        sides[side].append((turns[side, each.concern], order, each))
    ranked = [[each for *_, each in sorted(rows, key=lambda row: row[:2])] for rows in sides.values()]
    return [each for turn in zip_longest(*ranked) for each in turn if each is not None]


def _place(facts: VoiceFacts) -> tuple[str, int, int]:
    return facts.tracking_number, facts.start, facts.stop
