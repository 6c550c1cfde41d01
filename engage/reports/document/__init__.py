"""The report as one object, of which its JSON, CSV, XLSX, PDF and brief are all made.

Labelled in the language of the request, the same bytes for the same page: nothing here reads a clock or
the database. A part of the report is told by a function that makes a Section of the page; SECTIONS is their
order.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from flask import url_for

from engage.reports.document.answered import answers, voices
from engage.reports.document.around import clauses, forms, outreach, residents
from engage.reports.document.blocks import Section, plain
from engage.reports.document.crossed import by_traits, each_concern
from engage.reports.document.front import front
from engage.reports.document.measured import letters, meetings, not_counted, texts, tone, where
from engage.reports.document.method import LICENCE, limits_of_use, method
from engage.reports.document.said import checked, concerns, positions, quotes, themes, who
from engage.reports.document.told import told
from engage.reports.page import ReportPage
from engage.web.locale import language, localised

DOCUMENT_VERSION = 1
"""Raised when a field of the document changes its meaning or goes; its schema says what each means."""

SECTIONS: tuple[Callable[[ReportPage], Section], ...] = (
    front,
    who,
    residents,
    outreach,
    positions,
    concerns,
    each_concern,
    checked,
    themes,
    quotes,
    voices,
    tone,
    where,
    by_traits,
    clauses,
    meetings,
    forms,
    letters,
    texts,
    answers,
    not_counted,
    method,
)
"""What the report tells, in its order. Without comments only the first and what became of them."""

_WITHOUT_COMMENTS = (front, not_counted, method)


def sections_of(page: ReportPage) -> tuple[Section, ...]:
    """All that is told of this period."""
    parts = SECTIONS if page.summary.posted.n else _WITHOUT_COMMENTS
    return tuple(part(page) for part in parts)


def document(page: ReportPage) -> dict[str, Any]:
    """The report as plain values: facts on top, one list a measure, and all of it as sections."""
    return head(page) | told(page) | {"sections": plain(sections_of(page))}


def head(page: ReportPage) -> dict[str, Any]:
    """What identifies a report."""
    period, version = page.period, page.version
    counted_at = page.summary.count.counted_at
    taxonomy = page.inputs.taxonomy
    return {
        "$schema": url_for("reports.schema", _external=True),
        "document_version": DOCUMENT_VERSION,
        "period": {
            "slug": period.slug,
            "title": localised(period.title),
            "state": period.state,
            "opens_at": period.opens_at.isoformat(),
            "closes_at": period.closes_at.isoformat(),
        },
        "docket": {"slug": period.docket_slug, "title": localised(period.docket_title)},
        "language": language(),
        "report": address(page),
        "version": version
        and {
            "number": version.number,
            "published_at": version.published_at.isoformat(),
            "inputs_digest": version.inputs_digest,
            "held_back": page.inputs.is_held_back,
        },
        "counted_at": counted_at.isoformat() if counted_at else None,
        "waiting_to_be_counted": page.summary.count.uncounted,
        "method": page.inputs.method,
        "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "digest": taxonomy.digest},
        "licence": LICENCE,
        "limits": limits_of_use(),
    }


def address(page: ReportPage) -> str:
    """Where this very report is read."""
    if page.version:
        return page.address("reports.version", slug=page.period.slug, number=page.version.number)
    return page.address("reports.open_report", slug=page.period.slug)


def as_json(page: ReportPage) -> str:
    """The document as a file."""
    return json.dumps(document(page), ensure_ascii=False, indent=2) + "\n"


def schema() -> str:
    """The JSON Schema of the document."""
    return (files("engage.reports") / "data" / "report.schema.json").read_text("utf-8")
