"""The first page: what was asked, who answered, positions, concerns, tone, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext
from markdown_it import MarkdownIt

from engage.comments.models import Position
from engage.reports.document.blocks import Block, Column, Fact, Facts, Points, Row, Section, Table, Text
from engage.reports.document.rows import columns, crossed, row, rows, table
from engage.reports.models import Margin
from engage.reports.page import ReportPage, share_text
from engage.reports.sample import Beside
from engage.reports.summary import Line
from engage.web.locale import localised
from engage.web.numbers import count_said

_LONGEST = 520
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
_BREAKS = ("softbreak", "hardbreak")
_SIDES = (Position.SUPPORT, Position.OPPOSE)


def front(page: ReportPage) -> Section:
    """The report on one page."""
    blocks = [block for part in PARTS for block in part(page)]
    return Section("summary", str(_("The report on one page")), tuple(blocks))


def _asked(page: ReportPage) -> list[Block]:
    text = in_plain_words(localised(page.period.summary))
    return [Text(shortened(text))] if text else []


def _key_facts(page: ReportPage) -> list[Block]:
    summary = page.summary
    facts = (
        Fact(
            _("Posted comments"),
            count_said(summary.posted.n),
            _("of %(count)s received", count=count_said(summary.received)),
            page.href(summary.posted),
        ),
        Fact(_("Different texts"), count_said(summary.texts), _("texts that read the same count once")),
        Fact(_("People or organizations"), page.submitters, _("As far as can be known.")),
        Fact(
            _("Read by a person"),
            count_said(page.read_by_person.n),
            _("of %(count)s", count=count_said(summary.posted.n)),
            page.href(page.read_by_person),
        ),
    )
    return [Facts(facts), Text(_fates(page))]


def _fates(page: ReportPage) -> str:
    """What has become of all that was received; of those withdrawn only where there are any."""
    summary = page.summary
    said = {
        "received": count_said(summary.received),
        "posted": count_said(summary.posted.n),
        "waiting": count_said(summary.waiting),
        "hidden": count_said(summary.restricted),
        "withdrawn": count_said(summary.withdrawn),
    }
    if summary.withdrawn:
        return str(
            _(
                "Of %(received)s received: %(posted)s posted, %(waiting)s waiting for a moderator, "
                "%(hidden)s not posted, %(withdrawn)s withdrawn.",
                **said,
            )
        )
    return str(
        _(
            "Of %(received)s received: %(posted)s posted, %(waiting)s waiting for a moderator, "
            "%(hidden)s not posted.",
            **said,
        )
    )


def _interim(page: ReportPage) -> list[Block]:
    """A version of a period that was still open says so before anything else."""
    if page.version is None or page.period.state != "open":
        return []
    return [Text(_("An interim report: the comment period was still open when it was published."))]


def _who(page: ReportPage) -> list[Block]:
    """In which languages and ways they came."""
    summary = page.summary
    if not summary.posted.n:
        return []
    said = (
        f"{_('Written in:')} {_in_short(page, 'languages', summary.languages)}. "
        f"{_('Came by:')} {_in_short(page, 'channels', summary.channels)}."
    )
    return [Text(said)]


def _residents(page: ReportPage) -> list[Block]:
    """The districts beside who lives there, where that was entered."""
    if not page.summary.posted.n:
        return []
    return [_districts(page, one) for one in page.front.beside if one.margin == Margin.DISTRICT]


def _in_short(page: ReportPage, kind: str, lines: Iterable[Line]) -> str:
    """“Support 110, Oppose 98”, without those that are none."""
    told = [f"{page.label(kind, line.key)} {count_said(line.n)}" for line in lines if line.n]
    return ", ".join(told) or "–"


def _districts(page: ReportPage, beside: Beside) -> Table:
    """The shares of comments and of residents. Nothing is weighted."""
    found = (
        row(page, told.part.line, told.label, said=told.residents_share)
        for told in page.front.beside_rows(beside)
    )
    return Table(
        id="first_residents",
        title=_("Comments and residents by district"),
        heading=_("District"),
        columns=(
            Column(name="share", label=_("Of comments")),
            Column(name="said", label=_("Of residents")),
        ),
        rows=tuple(found),
        is_repeated=True,
        note=_of_those_named(beside.parts[0].line.base),
    )


def _of_those_named(base: int) -> str:
    """Of how many comments the shares are: of fewer than are posted."""
    return (
        ngettext(
            "The share of comments is of %(count)s that names one of these.",
            "The shares of comments are of the %(count)s that name one of these.",
            base,
            count=count_said(base),
        )
        if base
        else ""
    )


def _positions(page: ReportPage) -> list[Block]:
    if not page.summary.posted.n:
        return [Text(_("No comment is posted yet, so there is nothing to report."))]
    found = rows(page, "positions", page.summary.positions)
    title, heading = _("Position, as declared"), _("Position")
    return [table("positions", title, heading, found, chart="sides", is_repeated=True)]


def _concerns(page: ReportPage) -> list[Block]:
    """The most frequent ones, with what share of each side's comments raise them."""
    listed = [shown.concern for shown in page.front.concerns]
    if not listed:
        return []
    found: list[Row] = []
    for concern in listed:
        sides = [line for line in concern.by_position if line.key in _SIDES]
        label = page.label("concerns", concern.key)
        found += crossed(page, concern.key, label, [replace(concern.line, key="all"), *sides])
    return [
        Table(
            id="first_concerns",
            title=_("Most frequent concerns, as detected"),
            heading=_("Concern"),
            columns=(Column(name="all", label=_("All")), *columns(page, "positions", sides_of(page))),
            rows=tuple(found),
            is_crossed=True,
            is_repeated=True,
        ),
        Text(_("To raise a subject is not to take a side."), is_note=True),
    ]


def _tones(page: ReportPage) -> list[Block]:
    """How each side's comments sound, in the same words for both."""
    told = [
        _(
            "%(position)s: %(negative)s sound negative, %(positive)s sound positive.",
            position=page.label("positions", split.position.key),
            negative=_of_base(split.tone("negative")),
            positive=_of_base(split.tone("positive")),
        )
        for split in page.sides
        if split.scored
    ]
    title = _("Tone, as measured")
    return [Points(tuple(told), title=title)] if told else []


def _limits(page: ReportPage) -> list[Block]:
    posted = page.summary.posted.n
    if not posted:
        return []
    return [Points(tuple(limits(page)), title=_("What these comments can and cannot tell"), is_box=True)]


def _answers(page: ReportPage) -> list[Block]:
    """How many concerns are answered, and whom the county asked."""
    told, asked = page.answers, page.inputs.outreach
    said = []
    if told.total:
        said.append(
            _(
                "The county has answered %(answered)s of %(total)s concerns",
                answered=told.answered,
                total=told.total,
            )
            + "."
        )
        if told.overdue:
            said.append(_("Answers that are overdue: %(count)s.", count=told.overdue))
    if asked:
        said.append(
            _(
                "Of %(bodies)s bodies that it concerns, the county asked %(asked)s; %(answered)s answered.",
                bodies=asked.bodies,
                asked=asked.asked,
                answered=asked.answered,
            )
        )
    return [Text(" ".join(said))] if said else []


def limits(page: ReportPage) -> list[str]:
    """What the sample is not, in a few sentences that every form of the report carries."""
    summary = page.summary
    told = [
        _(
            "These %(count)s comments are from people and organizations who chose to write. Nobody was drawn "
            "at random, so a share of them says nothing about what share of all residents would say "
            "the same.",
            count=count_said(summary.posted.n),
        ),
        _("Without a name or organization: %(share)s.", share=_of_base(summary.unnamed)),
    ]
    if summary.districts_silent:
        names = ", ".join(page.label("districts", code) for code in summary.districts_silent)
        told.append(f"{_('No posted comment names these districts:')} {names}.")
    labels = page.checked.labels
    told.append(
        ngettext(
            "A program sorts the comments and makes mistakes. People have read and labelled "
            "%(count)s comment "
            "of a random sample.",
            "A program sorts the comments and makes mistakes. People have read and labelled "
            "%(count)s comments "
            "of a random sample.",
            labels,
            count=count_said(labels),
        )
        if labels
        else _(
            "A program sorts the comments and makes mistakes. No random sample has been checked yet, so it "
            "is not known how many."
        )
    )
    return told


def sides_of(page: ReportPage) -> list[Line]:
    """The two sides, in the order in which they are told everywhere."""
    return [line for line in page.summary.positions if line.key in _SIDES]


def in_plain_words(source: str) -> str:
    """A Markdown text without its marks, its paragraphs put together."""
    pieces = [
        "".join(" " if inner.type in _BREAKS else inner.content for inner in token.children)
        for token in _MARKDOWN.parse(source)
        if token.children
    ]
    return " ".join(piece.strip() for piece in pieces if piece.strip())


def shortened(text: str) -> str:
    """A text that has room on the first page, cut between words."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0] + " …"


def _of_base(line: Line) -> str:
    return str(
        _(
            "%(count)s of %(base)s (%(share)s)",
            count=count_said(line.n),
            base=count_said(line.base),
            share=share_text(line),
        )
    )


PARTS: tuple[Callable[[ReportPage], list[Block]], ...] = (
    _interim,
    _asked,
    _key_facts,
    _who,
    _positions,
    _residents,
    _concerns,
    _tones,
    _answers,
    _limits,
)
"""What the first page tells, in its order. A part of the report adds its function here; together they have to
fit on one page.
"""
