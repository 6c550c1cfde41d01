"""The lines of a report as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from engage.reports.document.blocks import Column, Row, Table
from engage.reports.page import ReportPage, share_text
from engage.reports.summary import Line
from engage.web.numbers import count_said


def row(page: ReportPage, line: Line, label: str, **more: Any) -> Row:
    """A line of the report as a row, with the address of its comments; ``more`` wins over what it says."""
    told: dict[str, Any] = {
        "key": line.key,
        "label": label,
        "count": line.n,
        "base": line.base or None,
        "percent": line.percent,
        "share": share_text(line),
        "href": page.href(line),
        "how": urlencode(line.filter.arguments),
    }
    return Row(**told | more)


def rows(page: ReportPage, kind: str, lines: Iterable[Line], **more: Any) -> tuple[Row, ...]:
    """Lines of one kind, each called as its kind is."""
    return tuple(row(page, line, page.label(kind, line.key), **more) for line in lines)


def plain_row(key: str, label: str, count: int, **more: Any) -> Row:
    """A number that no list of comments stands behind."""
    return Row(key=key, label=label, count=count, **more)


def counted(heading: str, found: Iterable[Row]) -> tuple[Column, ...]:
    """The columns of a table that counts: the number, and its share where there is one."""
    bases = {each.base for each in found if each.base}
    columns = [Column(name="count", label=heading)]
    if len(bases) == 1:
        columns.append(Column(name="share", label=_("Share of %(base)s", base=count_said(bases.pop()))))
    elif bases:
        columns.append(Column(name="share", label=_("Share")))
    return tuple(columns)


def crossed(page: ReportPage, key: str, label: str, lines: Iterable[Line], **more: Any) -> tuple[Row, ...]:
    """Lines as one row of a table with two dimensions: ``key`` names the row, the lines its columns."""
    return tuple(row(page, line, label, key=key, by=line.key, **more) for line in lines)


def columns(page: ReportPage, kind: str, lines: Iterable[Line]) -> tuple[Column, ...]:
    """The columns of a table with two dimensions, each called as its kind is."""
    return tuple(Column(name=line.key, label=page.label(kind, line.key)) for line in lines)


def table(table_id: str, title: str, heading: str, found: Iterable[Row], **more: Any) -> Table:
    """A plain table of counts."""
    listed = tuple(found)
    return Table(
        id=table_id,
        title=title,
        heading=heading,
        columns=counted(str(_("Comments")), listed),
        rows=listed,
        **more,
    )
