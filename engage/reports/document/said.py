"""The sections on what was said: who wrote, positions, concerns, what people checked, themes and quotes."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.analysis import UNKNOWN
from engage.analysis.shares import MIN_LABELS
from engage.comments import words
from engage.reports.document.blocks import Block, Column, Points, Quote, Row, Section, Table, Text
from engage.reports.document.front import limits
from engage.reports.document.rows import columns, crossed, row, rows, table
from engage.reports.document.told import CheckedGroup, checked_groups, one_decimal
from engage.reports.page import ReportPage, rounding_note
from engage.themes.queries import Quoted
from engage.web.locale import localised
from engage.web.numbers import count_said


def who(page: ReportPage) -> Section:
    """Who answered, as far as it can be known."""
    summary = page.summary
    told = _(
        "How many people these are cannot be known: at least %(fewest)s and at most %(most)s, if each name "
        "stands for one person or organization. Names are not checked. Comments without a name may come from "
        "one person or from many.",
        fewest=count_said(summary.fewest_submitters),
        most=count_said(summary.most_submitters),
    )
    found = (
        row(page, summary.posted, _("Posted comments")),
        row(page, summary.named, _("With a name or an organization"), key="named"),
        row(page, summary.unnamed, _("Without a name or organization"), key="unnamed"),
        row(page, summary.late, _("After the deadline")),
    )
    blocks: tuple[Block, ...] = (
        Text(told),
        table("comments", _("Comments by what they give"), _("Comments"), found),
        Points(tuple(limits(page)), title=_("What these comments can and cannot tell"), is_box=True),
    )
    return Section("who", _("Who answered"), blocks)


def positions(page: ReportPage) -> Section:
    """Positions, as declared."""
    lines = page.summary.positions
    found = rows(page, "positions", lines)
    blocks: tuple[Block, ...] = (
        Text(_("What the commenters themselves declared. Nothing here is guessed from their words.")),
        table(
            "positions",
            _("Declared position"),
            _("Position"),
            found,
            chart="sides",
            note=rounding_note(lines),
        ),
    )
    return Section("positions", _("Position, as declared"), blocks)


def concerns(page: ReportPage) -> Section:
    """Concerns, as detected, and each by declared position."""
    summary = page.summary
    blocks: list[Block] = []
    if summary.concerns:
        told = _(
            "Subjects that a program found in the %(measured)s comments it has read so far, by words "
            "that both "
            "sides use. A comment can raise several, so the shares add up to more than the whole. To raise a "
            "subject is not to take a side.",
            measured=count_said(summary.measured),
        )
        found = rows(page, "concerns", [concern.line for concern in summary.concerns])
        title = _("Comments that mention a concern")
        blocks += [
            Text(f"{told} {page.corrected}".rstrip()),
            table("concerns", title, _("Concern"), found, chart="bars"),
            _by_position(page),
        ]
        blocks.append(
            Text(
                _(
                    "“Only to deny it” counts comments that mention the subject only to say that it "
                    "is not so; "
                    "they are among those counted above."
                ),
                is_note=True,
            )
        )
        blocks.append(_only_denied(page))
    else:
        blocks.append(Text(_("No concern of the list was found yet.")))
    if summary.concerns_absent:
        names = ", ".join(page.label("concerns", code) for code in summary.concerns_absent)
        blocks.append(Text(f"{_('Looked for and found in no posted comment:')} {names}."))
    return Section("concerns", _("Concerns, as detected"), tuple(blocks))


def _by_position(page: ReportPage) -> Table:
    found: list[Row] = []
    for concern in page.summary.concerns:
        label = page.label("concerns", concern.key)
        found += crossed(page, concern.key, label, concern.by_position)
    return Table(
        id="concern_by_position",
        title=_("Each concern by declared position"),
        heading=_("Concern"),
        columns=columns(page, "positions", page.summary.positions),
        rows=tuple(found),
        is_crossed=True,
    )


def _only_denied(page: ReportPage) -> Table:
    found: list[Row] = []
    for concern in page.summary.concerns:
        found += crossed(page, concern.key, page.label("concerns", concern.key), [concern.denied])
    return Table(
        id="concern_only_denied",
        title=_("Comments that mention a concern only to deny it"),
        heading=_("Concern"),
        columns=(Column(name="denied", label=_("Only to deny it")),),
        rows=tuple(found),
        is_crossed=True,
    )


def checked(page: ReportPage) -> Section:
    """The machine's shares beside what people found."""
    blocks: list[Block] = [
        Text(f"{_how_checked(page)} {page.program_alone}".rstrip()),
        Points(_limits_of_checking(), title=_("What these shares can and cannot tell"), is_box=True),
    ]
    groups = [group for group in checked_groups(page) if group.lines]
    if groups and not any(map(_is_verified, groups)):
        blocks.append(Text(_("Machine-sorted, unverified: fewer than %(limit)s labels.", limit=MIN_LABELS)))
    blocks += [_checked_table(page, group) for group in groups]
    return Section("checked", _("What people checked"), tuple(blocks))


def _how_checked(page: ReportPage) -> str:
    """What people read, or that no random sample was read yet."""
    draw = page.checked.draw
    if draw is None:
        return str(
            _(
                "A program sorts the comments, and it makes mistakes. No random sample has been checked yet, "
                "so it is not known how many: the shares below are machine-sorted and unverified."
            )
        )
    return str(
        _(
            "A program sorts the comments, and it makes mistakes. People of the staff read %(labels)s "
            "comments of a random sample, drawn from the %(base)s that were posted then, and said what they "
            "find in them without seeing what the program says. From its mistakes there the shares are "
            "mended for all.",
            labels=count_said(page.checked.labels),
            base=count_said(draw.drawn_from),
        )
    )


def _limits_of_checking() -> tuple[str, ...]:
    return (
        _(
            "They can tell what share of these comments a careful reader would sort like this. The true "
            "share lies within the range in 95 of 100 such draws."
        ),
        _("They cannot tell what anybody thinks who did not write, and nothing about a single comment."),
        _("Readers can be wrong too, and two readers do not always agree. The range does not count that."),
        _(
            "With fewer than 100 labels a share is told as the program found it, “machine-sorted, "
            "unverified”, and without a range."
        ),
    )


def _checked_title(page: ReportPage, group: CheckedGroup) -> str:
    titles = {
        "suggestions": _("Comments that declare no position, by suggested position"),
        "concerns": _("Comments that mention a concern, by the program and checked"),
        "tones": _("Comments that have a tone, by the program and checked"),
    }
    if group.position is None:
        return str(titles[group.kind])
    side = page.label("positions", group.position)
    if group.kind == "tones":
        return str(
            _("Tones of the comments that declare “%(position)s”, by the program and checked", position=side)
        )
    return str(
        _("Concerns of the comments that declare “%(position)s”, by the program and checked", position=side)
    )


def _is_verified(group: CheckedGroup) -> bool:
    """Whether people's labels are enough to tell anything of it."""
    return any(each.share.verified for each in group.lines)


def _checked_table(page: ReportPage, group: CheckedGroup) -> Table:
    kind, found = group.kind, []
    headings = {"suggestions": _("Suggested position"), "concerns": _("Concern"), "tones": _("Tone")}
    for each in group.lines:
        share = each.share
        more = {} if each.is_listed else {"href": None, "how": ""}
        found.append(
            row(
                page,
                each.line,
                page.label(kind, each.line.key),
                checked=one_decimal(share.value) if share.verified else None,
                low=one_decimal(share.low),
                high=one_decimal(share.high),
                labels=share.labels,
                said=str(page.checked_cells(kind, each)[3]),
                why="" if share.verified else _("machine-sorted, unverified"),
                **more,
            )
        )
    by_people = (
        Column(name="said", label=_("Share, checked (range)")),
        Column(name="labels", label=_("Labels")),
    )
    return Table(
        id=f"checked_{group.name}",
        title=_checked_title(page, group),
        heading=headings[kind],
        within=group.position or "",
        columns=(
            Column(name="count", label=_("By the program")),
            Column(name="share", label=_("Share by the program")),
            *(by_people if _is_verified(group) else ()),
        ),
        rows=tuple(found),
    )


def not_looked() -> str:
    """Instead of “none”, where nobody has looked: see Inputs.is_read."""
    return str(_("Not looked for yet: a program has still to read what is posted for it."))


def themes(page: ReportPage) -> Section:
    """The themes that staff have named."""
    if not page.theme_lines:
        none = _("Staff have not named any theme yet.") if page.inputs.is_read else not_looked()
        return Section("themes", _("Themes"), (Text(none),))
    found = [row(page, theme.line, localised(theme.name)) for theme in page.theme_lines]
    blocks = (
        Text(
            _(
                "Subjects that comments share and that the list of concerns does not name. A program "
                "found them "
                "by words that stand together more often than by chance; staff gave them their "
                "names. A comment "
                "can belong to several themes or to none."
            )
        ),
        table("themes", _("Comments by theme"), _("Theme"), found),
    )
    return Section("themes", _("Themes"), blocks)


def quotes(page: ReportPage) -> Section:
    """Quotes chosen by a rule. What is kept holds references; their words are shown while they are posted."""
    title = _("In their own words")
    if not page.inputs.quotes:
        none = (
            _("Quotes are chosen once there are some dozens of different comments.")
            if page.inputs.is_read
            else not_looked()
        )
        return Section("quotes", title, (Text(none),))
    rule = _(
        "A program chose these quotes, nobody picked them by hand. The rule: up to six, as different "
        "from each "
        "other in what they say as can be; of those who declared support and of those who declared "
        "opposition "
        "equally many where there are enough; never two of one campaign; nothing that holds personal "
        "data; one "
        "or two whole sentences, in the language in which they were written. How many quotes stand on a side "
        "says nothing about how many people do."
    )
    shown = {quoted.comment.tracking_number: quoted for quoted in page.quotes}
    found: list[Block] = [Text(rule)]
    for quote in page.inputs.quotes:
        quoted = shown.get(quote.tracking_number)
        found.append(
            Quote(
                tracking_number=quote.tracking_number,
                position=quote.position,
                position_label=str(words.POSITIONS[quote.position]),
                text=quoted.text if quoted else None,
                language=language_of(quoted) if quoted else None,
                begins_later=bool(quoted and quoted.begins_later),
                ends_sooner=bool(quoted and quoted.ends_sooner),
                href=page.address("comments.comment", tracking_number=quote.tracking_number),
            )
        )
    return Section("quotes", title, tuple(found))


def language_of(quoted: Quoted) -> str | None:
    """The language of a quote, None where it is not known."""
    analysis = quoted.comment.analysis
    return analysis.language if analysis and analysis.language != UNKNOWN else None
