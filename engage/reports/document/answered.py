"""What each side says of a concern, in references to words, and what the county answers to it."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from engage.comments import words
from engage.reports.answers import AnswerLine
from engage.reports.document.blocks import Block, Column, Fact, Facts, Points, Quote, Section, Table, Text
from engage.reports.document.front import in_plain_words
from engage.reports.document.rows import plain_row
from engage.reports.document.said import language_of, not_looked
from engage.reports.inputs import VoiceFacts
from engage.reports.page import ReportPage
from engage.responses.models import ResponseState
from engage.responses.told import ToldCommitment
from engage.themes.models import ExcerptKind
from engage.themes.queries import Quoted
from engage.web.locale import day, localised
from engage.web.numbers import count_said


def voices(page: ReportPage) -> Section:
    """What comments say of each concern. What is kept holds references; their words are shown while they are
    posted.
    """
    title = _("What each side says of each concern")
    if not page.inputs.voices:
        none = (
            _("No sentence of the posted comments was found that could be shown with a concern.")
            if page.inputs.is_read
            else not_looked()
        )
        return Section("voices", title, (Text(none),))
    rule = _(
        "A program chose these by rules, nobody picked them by hand, and the rules are the same for every "
        "side. Support always stands first and opposition second: an order, no rank. How many stand here "
        "says nothing about how many people say so. Whether it is true nobody has checked."
    )
    codes = dict.fromkeys(each.concern for each in page.inputs.voices)
    inner = tuple(_of_concern(page, code) for code in codes)
    return Section("voices", title, (Text(rule),), inner)


def _of_concern(page: ReportPage, code: str) -> Section:
    titles = {
        ExcerptKind.SAID: _("What each side says"),
        ExcerptKind.CONCRETE: _("Concrete facts"),
        ExcerptKind.PROPOSAL: _("What comments propose"),
        ExcerptKind.QUESTION: _("What is asked"),
    }
    mine = [each for each in page.inputs.voices if each.concern == code]
    inner: list[Section] = []
    for kind, title in titles.items():
        found = [each for each in mine if each.kind == kind and each.pair is None]
        if found:
            inner.append(Section(f"{code}-{kind.value}", title, tuple(_quote(page, each) for each in found)))
    pairs = [each for each in mine if each.pair is not None]
    if pairs:
        ordered = sorted(pairs, key=lambda each: each.pair or 0)
        quotes = tuple(_quote(page, each) for each in ordered)
        inner.append(Section(f"{code}-pairs", _("Statements that do not go together"), quotes))
    return Section(f"voices-{code}", page.label("concerns", code), (), tuple(inner))


def _quote(page: ReportPage, facts: VoiceFacts) -> Quote:
    quoted: Quoted | None = page.voices.quoted(facts)
    return Quote(
        tracking_number=facts.tracking_number,
        position=facts.position,
        position_label=str(words.POSITIONS[facts.position]),
        text=quoted.text if quoted else None,
        language=language_of(quoted) if quoted else None,
        begins_later=bool(quoted and quoted.begins_later),
        ends_sooner=bool(quoted and quoted.ends_sooner),
        href=page.address("comments.comment", tracking_number=facts.tracking_number),
    )


def answers(page: ReportPage) -> Section:
    """What the county answers to each concern, and what it promised with it."""
    told, title = page.answers, _("What the county answers")
    if not told.lines:
        return Section("answers", title, (Text(_("No concern of the list was found yet.")),))
    facts = Facts(
        (
            Fact(_("Concerns"), count_said(told.total)),
            Fact(_("Answered"), count_said(told.answered)),
            Fact(_("Overdue"), count_said(told.overdue)),
        )
    )
    inner = tuple(_answer(page, row, told.today) for row in told.lines)
    blocks: tuple[Block, ...] = (facts, _states(page))
    if len(told.lines) > told.total:
        note = _(
            "What fits no concern of the list stands last, as “Something else”; it is not counted as a "
            "concern."
        )
        blocks = (facts, Text(note), _states(page))
    return Section("answers", title, blocks, inner)


def _states(page: ReportPage) -> Table:
    """In which state how many concerns are."""
    names = page.answer_words
    keys = [names.NOT_ANSWERED, *(state.value for state in ResponseState)]
    found = [names.state_of(row.told.state) for row in page.answers.concerns]
    return Table(
        id="answers",
        title=_("Concerns by what the county answers"),
        heading=_("Answer"),
        columns=(Column(name="count", label=_("Concerns")),),
        rows=tuple(plain_row(key, str(names.STATES[key]), found.count(key)) for key in keys),
    )


def _answer(page: ReportPage, row: AnswerLine, today: date) -> Section:
    told, names = row.told, page.answer_words
    said = [str(names.STATES[names.state_of(told.state)])]
    if told.published_at:
        said.append(f"{localised(told.owner)}, {day(told.published_at)}")
    if told.due_on and told.is_open:
        said.append(names.promised(told.first_due_on, told.due_on))
    if row.overdue:
        said.append(names.overdue(row.overdue))
    blocks: list[Block] = [Text(". ".join(said) + ".")]
    if body := in_plain_words(localised(told.body)):
        blocks.append(Text(body))
    if told.commitments:
        items = tuple(_commitment(page, one, today) for one in told.commitments)
        blocks.append(Points(items, title=_("Promised with this answer")))
    return Section(f"answer-{row.line.key}", page.label("concerns", row.line.key), tuple(blocks))


def _commitment(page: ReportPage, one: ToldCommitment, today: date) -> str:
    names = page.answer_words
    said = [f"{localised(one.title)}: {names.COMMITMENT_STATES[one.state]}"]
    if one.due_on:
        said.append(names.promised(one.first_due_on, one.due_on))
    if days := one.overdue_days(today):
        said.append(names.overdue(days))
    return ". ".join(said) + "."
