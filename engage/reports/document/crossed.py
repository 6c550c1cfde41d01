"""Positions and concerns by traits, and all that is counted of a concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flask_babel import gettext as _

from engage.reports.detail import ConcernDetail, detail
from engage.reports.document.blocks import Block, Column, Row, Section, Table, Text
from engage.reports.document.rows import columns, crossed, plain_row, row
from engage.reports.page import ReportPage
from engage.reports.summary import Line
from engage.reports.tables import Crosstab
from engage.survey.suppression import K


def by_traits(page: ReportPage) -> Section:
    """Positions and concerns by district, language, way and time. What is hidden is nowhere."""
    told = _(
        "Numbers below %(limit)s, and others from which they could be worked out, are not told here: "
        "together with a district, a language, a way or a day they would single out few people.",
        limit=K,
    )
    blocks: list[Block] = [Text(told)]
    for table in page.tables:
        blocks += _crosstab(page, table)
    return Section("by-traits", _("By district, language, way and time"), tuple(blocks))


def each_concern(page: ReportPage) -> Section:
    """Every concern counted in three ways, its tone, and what its comments have beside a form letter."""
    found = [one for concern in page.summary.concerns if (one := detail(page.made, concern.key)) is not None]
    tones = _of_each(
        page, found, "concern_tones", _("Tone of the comments that raise a concern"), "tones", _tones
    )
    parts = _of_each(
        page, found, "concern_parts", _("Form letters and own words, by concern"), "parts", _parts
    )
    blocks = [table for table in (_three_ways(page, found), tones, parts) if table.rows]
    none = Text(_("No concern of the list was found yet."))
    return Section("each-concern", _("What is counted of each concern"), tuple(blocks) or (none,))


def _crosstab(page: ReportPage, table: Crosstab) -> list[Block]:
    """A table with a row a cell; one that is not told has no number, and neither address nor filter."""
    found: list[Row] = []
    for told in table.rows:
        label = page.label(table.of, told.line.key)
        for column, cell in zip(table.columns, told.cells, strict=True):
            found.append(
                _hidden(told.line.key, label, column.key)
                if cell is None
                else row(page, cell, label, key=told.line.key, by=column.key)
            )
    blocks: list[Block] = []
    if found:
        blocks.append(
            Table(
                id=f"{table.of}_by_{table.by}",
                title=str(_titles()[table.of, table.by]),
                heading=_("Position") if table.of == "positions" else _("Concern"),
                columns=columns(page, table.by, table.columns),
                rows=tuple(found),
                is_crossed=True,
            )
        )
    left = [
        _named(page, _("Not told apart: %(names)s."), table.by, table.apart),
        _named(page, _("Not told: %(names)s."), table.of, table.untold),
    ]
    notes: list[Block] = [Text(text, is_note=True) for text in left if text]
    if notes and not found:
        blocks.append(Text(str(_titles()[table.of, table.by])))
    return blocks + notes


def _titles() -> dict[tuple[str, str], str]:
    return {
        ("positions", "districts"): _("Declared position by district"),
        ("positions", "languages"): _("Declared position by language"),
        ("positions", "channels"): _("Declared position by how it reached us"),
        ("positions", "months"): _("Declared position by month"),
        ("positions", "days"): _("Declared position by day"),
        ("concerns", "districts"): _("Concerns by district"),
        ("concerns", "languages"): _("Concerns by language"),
        ("concerns", "channels"): _("Concerns by how they reached us"),
        ("concerns", "months"): _("Concerns by month"),
        ("concerns", "days"): _("Concerns by day"),
    }


def _named(page: ReportPage, said: str, kind: str, lines: Iterable[Line]) -> str:
    names = ", ".join(page.label(kind, line.key) for line in lines)
    return said % {"names": names} if names else ""


def _hidden(key: str, label: str, by: str) -> Row:
    why = _("It is small, or a small one could be worked out from it.")
    return Row(key=key, label=label, count=None, by=by, hidden=True, why=why)


def _three_ways(page: ReportPage, found: Sequence[ConcernDetail]) -> Table:
    rows: list[Row] = []
    for one in found:
        if one.texts is None or one.fewest is None or one.most is None:
            continue
        key, label = one.concern.key, page.label("concerns", one.concern.key)
        counts = (("texts", one.texts), ("submitters_at_least", one.fewest), ("submitters_at_most", one.most))
        rows += crossed(page, key, label, [_renamed(one.concern.line, "comments")])
        rows += [plain_row(key, label, n, by=by) for by, n in counts]
    return Table(
        id="concern_counts",
        title=_("Each concern counted in three ways"),
        heading=_("Concern"),
        columns=(
            Column(name="comments", label=_("Comments")),
            Column(name="texts", label=_("Different texts")),
            Column(name="submitters_at_least", label=_("People or organizations, at least")),
            Column(name="submitters_at_most", label=_("People or organizations, at most")),
        ),
        rows=tuple(rows),
        is_crossed=True,
    )


def _renamed(line: Line, key: str) -> Line:
    return Line(key, line.n, line.filter, line.base)


def _tones(one: ConcernDetail) -> Sequence[Line]:
    return one.tones


def _parts(one: ConcernDetail) -> Sequence[Line]:
    return one.parts


def _of_each(
    page: ReportPage,
    found: Sequence[ConcernDetail],
    table_id: str,
    title: str,
    kind: str,
    lines_of: Callable[[ConcernDetail], Sequence[Line]],
) -> Table:
    rows: list[Row] = []
    for one in found:
        rows += crossed(page, one.concern.key, page.label("concerns", one.concern.key), lines_of(one))
    first = next((lines for one in found if (lines := lines_of(one))), ())
    return Table(
        id=table_id,
        title=title,
        heading=_("Concern"),
        columns=columns(page, kind, first),
        rows=tuple(rows),
        is_crossed=True,
    )
