"""A report in words and addresses: what its page, its JSON and its CSV have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from engage.accounts.access import may_open
from engage.comments import words
from engage.comments.filters import UNSTATED, CommentFilter
from engage.comments.models import ModerationReason, Position
from engage.labelling import words as labelling_words
from engage.lifecycle import words as outreach_words
from engage.meetings.said import How
from engage.reports import bodies, clause_words, elsewhere
from engage.reports.answers import Answers, answers_of
from engage.reports.bounds import bounds_in_words
from engage.reports.campaigns import CampaignLine, Campaigns
from engage.reports.checked import Checked, CheckedLine
from engage.reports.clauses import Clauses, clauses
from engage.reports.docket_facts import ClauseFacts, QuestionFacts
from engage.reports.figures import FIGURES, frame
from engage.reports.front import Front
from engage.reports.gather import Words
from engage.reports.inputs import Inputs, MeetingFacts, PeriodFacts
from engage.reports.measures import PERSON, TallyKey
from engage.reports.report import Report, ThemeLine
from engage.reports.summary import Line, PositionTone, RepeatedText, Summary
from engage.reports.tables import Crosstab
from engage.reports.voices import Voices
from engage.responses import words as answer_words
from engage.themes.queries import Quoted
from engage.web.locale import day, localised
from engage.web.numbers import count_said, percent_said

_SIDES = (Position.SUPPORT, Position.OPPOSE)


@dataclass(frozen=True, slots=True)
class Bar:
    """A line as the charts and tables of the design system take it."""

    label: str
    value: int
    href: str | None
    share: str


@dataclass(frozen=True, slots=True)
class Version:
    """What the pages of a published report say of it: its number, when it was published, its two digests."""

    number: int
    published_at: datetime
    inputs_digest: str
    document_digest: str


class ReportPage:
    """A report for one reader in the language of the request.

    With a ``version`` it is a published one, whose numbers lead to its frozen list of comments; without, the
    open one, whose numbers lead to the reading room. ``is_file``: addresses are whole ones.
    """

    def __init__(
        self, report: Report, words: Words, *, version: Version | None = None, is_file: bool = False
    ) -> None:
        self.inputs: Inputs = report.inputs
        self.period: PeriodFacts = report.inputs.period
        self.summary: Summary = report.summary
        self.checked: Checked = report.checked
        self.campaigns: Campaigns = report.campaigns
        self.tables: Sequence[Crosstab] = report.tables
        self.meetings: Sequence[MeetingFacts] = report.inputs.meetings
        self.version = version
        self._report = report
        self._words = words
        self.body_names = words.bodies
        self._is_file = is_file
        self._names = {concern.code: concern.name for concern in report.inputs.taxonomy.concerns}
        self._districts = {place.code: place.name for place in report.inputs.districts}
        self._list = (
            self.address("reports.frozen_comments", slug=self.period.slug, number=version.number)
            if version
            else self.address("comments.reading_room", slug=self.period.slug)
        )

    def anew(self) -> ReportPage:
        """The same report for a reader in another language: nothing is kept of what was told in this one."""
        return ReportPage(self._report, self._words, version=self.version, is_file=self._is_file)

    @cached_property
    def front(self) -> Front:
        """What its first page tells."""
        return Front(self)

    def concern_href(self, code: str) -> str:
        """Where the page of a concern is."""
        if self.version:
            number = self.version.number
            return self.address("reports.version_concern", slug=self.period.slug, number=number, code=code)
        return self.address("reports.concern", slug=self.period.slug, code=code)

    def wide_bars(self, kind: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
        """Lines as a small table with bars takes them: each bar is a share of the same whole."""
        return [
            {
                "label": self.label(kind, line.key),
                "value": line.n,
                "href": self.href(line),
                "share": share_text(line),
                "width": 100 * line.n / line.base if line.base else 0,
            }
            for line in lines
        ]

    @property
    def read_by_person(self) -> Line:
        """The comments whose concerns a person has confirmed or corrected."""
        n = self.inputs.numbers.get(TallyKey("read_by", PERSON), 0)
        return Line(PERSON, n, CommentFilter(read_by=PERSON), self.summary.posted.n)

    @property
    def corrected(self) -> str:
        """That people have a say in the numbers of concerns, where they have read any comment; else empty."""
        if not self.read_by_person.n:
            return ""
        read = count_said(self.read_by_person.n)
        told = _(
            "People have read %(read)s of them; where they corrected the program, what they found counts.",
            read=read,
        )
        return str(told)

    @property
    def program_alone(self) -> str:
        """Why what the program alone found is not what is counted elsewhere; empty where it is the same."""
        rows = [*self.checked.concerns, *(row for side in self.checked.sides for row in side.concerns)]
        if all(row.is_listed for row in rows):
            return ""
        told = _(
            "“By the program” is what the program alone found. People have corrected the concerns of some "
            "comments, and every other number of this report counts what they found, so it can differ."
        )
        return str(told)

    def form_beside(self, question: QuestionFacts) -> list[list[Any]]:
        """The answers to a form's question about position beside the comments: see elsewhere."""
        return elsewhere.form_beside(self, question, share_text)

    answer_words = answer_words
    outreach_words = outreach_words

    bounds_in_words = staticmethod(bounds_in_words)
    attendance = staticmethod(elsewhere.attendance)
    notice = staticmethod(elsewhere.notice)
    meeting_name = staticmethod(elsewhere.meeting_name)
    no_meeting = elsewhere.no_meeting

    @cached_property
    def answers(self) -> Answers:
        """What the county answers to each concern."""
        return answers_of(self.inputs, self.summary)

    @cached_property
    def clauses(self) -> Clauses:
        """What comments would do with each clause."""
        return clauses(self.inputs)

    clause_name = staticmethod(clause_words.clause_name)
    clause_stacks = staticmethod(clause_words.stacks)
    described_clauses = staticmethod(clause_words.described)

    body_name = bodies.body_name

    def clause_href(self, facts: ClauseFacts) -> str:
        """Where a clause stands in its document."""
        return clause_words.clause_href(self, facts)

    @property
    def home(self) -> str:
        """Where this report is: its version, or the open one."""
        if self.version:
            return self.address("reports.version", slug=self.period.slug, number=self.version.number)
        return self.address("reports.open_report", slug=self.period.slug)

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """What other sites can show of it: title, whole address, and the HTML to copy."""
        which: dict[str, Any] = {"number": self.version.number} if self.version else {}
        endpoint = "reports.version_figure" if self.version else "reports.figure"
        return [
            (str(told.title), address, frame(str(told.title), address))
            for name, told in FIGURES.items()
            if (address := url_for(endpoint, slug=self.period.slug, name=name, **which, _external=True))
        ]

    @property
    def made(self) -> Report:
        """The report itself, without words and addresses."""
        return self._report

    def knows_concern(self, code: str) -> bool:
        """Whether it was looked for, or found."""
        return code in self._names or any(concern.key == code for concern in self.summary.concerns)

    @cached_property
    def voices(self) -> Voices:
        """What comments say of each concern, in their own words."""
        return Voices(self.inputs, self._words.voices)

    @property
    def quotes(self) -> list[Quoted]:
        """The quotes whose comments everybody may read now, in the order of the report."""
        shown = self._words.quotes
        return [
            shown[quote.tracking_number] for quote in self.inputs.quotes if quote.tracking_number in shown
        ]

    @property
    def quotes_gone(self) -> int:
        """How many quotes of the report cannot be read any more."""
        return len(self.inputs.quotes) - len(self.quotes)

    @property
    def submitters(self) -> str:
        """How many people or organisations wrote, as far as it can be known: a number or a range."""
        fewest, most = self.summary.fewest_submitters, self.summary.most_submitters
        return f"{fewest:,}" if fewest == most else f"{fewest:,}–{most:,}"

    @property
    def in_repeated_texts(self) -> Line:
        """The comments that share their text with another one: a number that no single list stands behind."""
        return Line("repeated", self.summary.in_repeated_texts, CommentFilter(), self.summary.posted.n)

    @property
    def themes(self) -> list[Bar]:
        """The named themes as a table takes them."""
        return [
            Bar(localised(theme.name), theme.line.n, self.href(theme.line), share_text(theme.line))
            for theme in self._report.themes
        ]

    @property
    def theme_lines(self) -> Sequence[ThemeLine]:
        """The named themes as lines, the most frequent first."""
        return self._report.themes

    @property
    def sides(self) -> list[PositionTone]:
        """The tone of those who support and of those who oppose, told in the same words."""
        return [split for split in self.summary.tone_by_position if split.position.key in _SIDES]

    def address(self, endpoint: str, **arguments: Any) -> str:
        """Where a page is, from where this report is read."""
        return url_for(endpoint, _external=self._is_file, **arguments)

    def file_address(self, endpoint: str) -> str:
        """Where this very report is as a file."""
        which = self.version.number if self.version else "open"
        return self.address(endpoint, slug=self.period.slug, which=which)

    def campaign_href(self, row: CampaignLine) -> str | None:
        """Where a form letter is read with what people added; None where none of it is posted any more."""
        return self.address("campaigns.campaign", campaign_id=row.id) if self.letter_begins(row) else None

    def letter_begins(self, row: CampaignLine) -> str | None:
        """How a form letter begins; None where none of it is posted any more."""
        return self._words.letters.get(row.id)

    def text_begins(self, text: RepeatedText) -> str | None:
        """How a text begins; None where none of it is posted any more."""
        return self._words.texts.get(text.line.key)

    def meeting_href(self, row: MeetingFacts, which: How) -> str | None:
        """Where exactly the comments are that were spoken at a meeting, or written for it; None for none."""
        if not said_at(row, which):
            return None
        return self.address("meetings.comments", slug=row.slug, how=which)

    def href(self, line: Line) -> str | None:
        """Where exactly the comments are that a line counts; None where it counts none."""
        if not line.n:
            return None
        arguments = line.filter.arguments
        return f"{self._list}?{urlencode(arguments)}" if arguments else self._list

    def hidden_href(self, disposition: str, reason: str | None = None) -> str | None:
        """Where a moderator finds the comments that nobody else may read; None for everybody else."""
        if self._is_file or self.version or not may_open("moderation.comments"):
            return None
        return self.address(
            "moderation.comments", period=self.period.slug, disposition=disposition, reason=reason
        )

    def suggestion_href(self, position: str) -> str | None:
        """Where the staff find the comments for which a position is suggested; None for everybody else."""
        if self._is_file or self.version or not may_open("labelling.suggested"):
            return None
        return self.address("labelling.suggested", slug=self.period.slug, position=position)

    def checked_cells(self, kind: str, row: CheckedLine) -> list[object]:
        """A line of what people checked as a table takes it: kind, by the machine, checked, labels."""
        line = row.line
        listed = self.href(line) if row.is_listed else None
        href = self.suggestion_href(line.key) if kind == "suggestions" else listed
        return [
            self.label(kind, line.key),
            {"text": line.n, "href": href if line.n else None},
            share_text(line),
            bounds_in_words(row.share),
            row.share.labels,
        ]

    def number(self, line: Line) -> dict[str, Any]:
        """A line as a number that is a link: what a cell of a table takes."""
        return {"text": line.n, "href": self.href(line)}

    def bars(self, kind: str, lines: Iterable[Line]) -> list[Bar]:
        """Lines as a chart takes them."""
        return [Bar(self.label(kind, line.key), line.n, self.href(line), share_text(line)) for line in lines]

    def described(self, kind: str, lines: Sequence[Line]) -> str:
        """A chart for people who do not see it: every bar in its order, without a judgement."""
        return ", ".join(f"{self.label(kind, line.key)}: {line.n:,}" for line in lines)

    def label(self, kind: str, key: str) -> str:
        """What a line is called in the reader's language."""
        if kind == "districts":
            return str(_("No district given")) if key == UNSTATED else localised(self._districts[key])
        if kind == "months":
            return words.month(key)
        if kind == "days":
            return words.month(key) if self.summary.by_month else day(date.fromisoformat(key))
        if kind == "concerns":
            return localised(self._names[key]) if key in self._names else words.concern_name(key)
        return str(_LABELS[kind](key))

    def reason(self, reason: ModerationReason) -> str:
        """Why comments are not posted."""
        return str(words.REASONS[reason])


_LABELS: dict[str, Callable[[str], object]] = {
    "positions": lambda key: words.POSITIONS[key],
    "suggestions": lambda key: labelling_words.POSITIONS[key],
    "tones": lambda key: words.TONES[key],
    "tone_reasons": lambda key: words.TONE_REASONS[key],
    "languages": words.language_name,
    "channels": lambda key: words.CHANNELS[key],
    "parts": lambda key: words.PARTS[key],
    "analysers": lambda key: key,
    "stances": lambda key: clause_words.STANCES[key],
}


def said_at(row: MeetingFacts, which: How) -> int:
    """How many posted comments were spoken at a meeting, or written for it."""
    return row.spoken if which is How.SPOKEN else row.written


def share_text(line: Line) -> str:
    """A share as it is printed, such as 31%; nothing without a base. Few are not none, most are not all."""
    percent = line.percent
    if percent is None:
        return ""
    if percent == 0 and line.n:
        return str(_("under %(share)s", share=_percent(1)))
    if percent == 100 and line.n < line.base:
        return str(_("over %(share)s", share=_percent(99)))
    return _percent(percent)


def rounding_note(lines: Iterable[Line]) -> str:
    """What to say where shares of one whole, each rounded, do not add up to 100 %; nothing where they do."""
    shares = [line.percent for line in lines if line.percent is not None]
    total = sum(shares)
    if not shares or total == 100:
        return ""
    return str(_("Each share is rounded; together they add up to %(total)s.", total=_percent(total)))


def _percent(whole: int) -> str:
    return percent_said(whole / 100)
