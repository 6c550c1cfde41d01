"""The first page of a report in words and addresses: what fits on one sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engage.analysis import OTHER
from engage.comments.models import Position
from engage.db.types import LANGUAGES
from engage.reports.models import Margin
from engage.reports.sample import Beside, Part, beside_census
from engage.reports.summary import ConcernLine, Line
from engage.reports.voices import Voice, Voices
from engage.web.locale import day, language
from engage.web.numbers import percent_said

if TYPE_CHECKING:
    from engage.reports.page import ReportPage

FIRST_CONCERNS = 5
QUOTED_CONCERNS = 2
LONGEST_QUOTE = 180
FEWEST_WORDS = 10
LEANING = frozenset(
    [
        *("that", "that's", "it", "it's", "its", "this", "these", "those", "they", "they're", "he", "she"),
        *("eso", "ese", "esa", "esos", "esas", "esto", "él", "ello", "ella", "ellos", "ellas"),
    ]
)
"""A sentence that opens with one of these leans on the one before it, which is not quoted."""

_LONGEST_ASKED = 420
_KINDS = {Margin.DISTRICT: "districts", Margin.LANGUAGE: "languages"}
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text of the period for the first page, in its language; ``is_cut``: it goes on elsewhere."""

    text: str
    language: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern on the first page: the line of all its comments, of the two sides, and where its page is."""

    label: str
    href: str
    concern: ConcernLine
    support: Line
    oppose: Line


@dataclass(frozen=True, slots=True)
class ShortQuote:
    """A voice on the first page; ``is_cut``: its end stands only in the detail."""

    voice: Voice
    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class BesideRow:
    """A kind of residents in words: their share of the comments and of the residents, as printed."""

    label: str
    part: Part
    residents_share: str


class Front:
    """What the first page tells, for the reader of ``page``."""

    fewest_words = FEWEST_WORDS
    longest_quote = LONGEST_QUOTE

    def __init__(self, page: ReportPage) -> None:
        self._page = page
        self._inputs = page.inputs
        self._summary = page.summary

    @cached_property
    def asked(self) -> Cut:
        """What the period asked: its first paragraph where the whole is long."""
        text, written_in = self._inputs.period.summary.best(language())
        if len(text) <= _LONGEST_ASKED:
            return Cut(text, written_in, False)
        return Cut(text.split("\n\n")[0], written_in, "\n\n" in text.strip())

    @property
    def opened(self) -> str:
        """The first day of the period."""
        return day(self._inputs.period.opens_at.astimezone(self._zone).date())

    @property
    def closes(self) -> str:
        """The last day on which a comment is in time."""
        return day((self._inputs.period.closes_at - _INSTANT).astimezone(self._zone).date())

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._inputs.period.time_zone)

    @cached_property
    def concerns(self) -> list[ConcernRow]:
        """The most frequent concerns, in order. What fits none of the list is told apart."""
        named = [concern for concern in self._summary.concerns if concern.key != OTHER]
        return [self.row(concern) for concern in named[:FIRST_CONCERNS]]

    @property
    def more_concerns(self) -> int:
        """How many more were found."""
        named = sum(concern.key != OTHER for concern in self._summary.concerns)
        return named - len(self.concerns)

    def row(self, concern: ConcernLine) -> ConcernRow:
        """A concern with what each side has of it."""
        by_position = {line.key: line for line in concern.by_position}
        return ConcernRow(
            label=self._page.label("concerns", concern.key),
            href=self._page.concern_href(concern.key),
            concern=concern,
            support=by_position[Position.SUPPORT],
            oppose=by_position[Position.OPPOSE],
        )

    def quote_of(self, concern: str, side: str) -> ShortQuote | None:
        """What is quoted of one side with a concern: both sides by the same rule, see _first_whole."""
        return _first_whole(
            voice for told in self._voices.said(concern) if told.position == side for voice in told.voices
        )

    @cached_property
    def quoted_concerns(self) -> list[ConcernRow]:
        """The first concerns of which something can be quoted."""
        sides = (Position.SUPPORT.value, Position.OPPOSE.value)
        found = [row for row in self.concerns if any(self.quote_of(row.concern.key, side) for side in sides)]
        return found[:QUOTED_CONCERNS]

    @cached_property
    def proposals(self) -> list[ShortQuote]:
        """One proposal of each side, by the rule of the quotes; the others stand in the detail."""
        voices = self._voices.proposals().voices
        found = (
            _first_whole(voice for voice in voices if voice.facts.position == side)
            for side in (Position.SUPPORT.value, Position.OPPOSE.value)
        )
        return [quote for quote in found if quote is not None]

    @cached_property
    def dispute(self) -> list[ShortQuote]:
        """Two statements that do not go together: the first pair; none where none was found."""
        pairs = self._voices.disputed()
        return [_short(pairs[0].first), _short(pairs[0].second)] if pairs else []

    @cached_property
    def _voices(self) -> Voices:
        return self._page.voices

    @property
    def unclassified(self) -> ConcernLine | None:
        """What fits no concern of the list; None where every comment fits one."""
        return next((concern for concern in self._summary.concerns if concern.key == OTHER), None)

    @cached_property
    def beside(self) -> Sequence[Beside]:
        """The comments beside the census, as far as staff entered one."""
        return beside_census(self._inputs, self._summary)

    def beside_rows(self, beside: Beside) -> list[BesideRow]:
        """The lines of one comparison in words."""
        return [
            BesideRow(
                self._page.label(_KINDS[beside.margin], part.key),
                part,
                "" if part.percent_of_residents is None else percent_said(part.percent_of_residents / 100),
            )
            for part in beside.parts
        ]

    def as_of(self, beside: Beside) -> str:
        """The day of a source's figures in words."""
        return day(date.fromisoformat(beside.as_of))

    @property
    def silent_districts(self) -> list[str]:
        """The districts that no posted comment names."""
        return [self._page.label("districts", code) for code in self._summary.districts_silent]

    @property
    def silent_languages(self) -> list[str]:
        """The languages of the site and of the census in which nobody wrote; none is named as long as a
        comment waits whose language nobody knows.
        """
        if self._summary.unmeasured.n:
            return []
        heard = {line.key for line in self._summary.languages if line.n}
        spoken = [row.key for row in self._inputs.census if row.margin == Margin.LANGUAGE and row.people]
        return [
            self._page.label("languages", code)
            for code in dict.fromkeys((*LANGUAGES, *spoken))
            if code not in heard
        ]


def _first_whole(voices: Iterable[Voice]) -> ShortQuote | None:
    """The first of some voices, in the order of the detail, that fits and stands by itself. Where none fits
    whole, the first that stands by itself, cut; none where none does: a fragment speaks for nobody.
    """
    alone = [_short(voice) for voice in voices if _stands_alone(voice.quoted.text)]
    return next((quote for quote in alone if not quote.is_cut), alone[0] if alone else None)


def _stands_alone(text: str) -> bool:
    words = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().split()
    if len(words) < FEWEST_WORDS or words[0].strip('¿¡"“”«»(,.;:…') in LEANING:
        return False
    # "Que lo publiquen": what is to be published stands in the sentence before.
    return words[:2] != ["que", "lo"]


def _short(voice: Voice) -> ShortQuote:
    """A voice as the first page has room for it, cut between words."""
    text = " ".join(voice.quoted.text.split())
    if len(text) <= LONGEST_QUOTE:
        return ShortQuote(voice, text, False)
    return ShortQuote(voice, text[:LONGEST_QUOTE].rpartition(" ")[0] or text[:LONGEST_QUOTE], True)
