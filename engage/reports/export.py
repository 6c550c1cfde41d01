"""The numbers of a report as JSON and CSV: those of the page, each with the address of its comments."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engage.analysis.shares import MIN_LABELS
from engage.meetings.said import How
from engage.reports.checked import CheckedLine
from engage.reports.inputs import MeetingFacts
from engage.reports.page import ReportPage, said_at
from engage.reports.summary import Line, Summary
from engage.web.locale import language, localised

# What a spreadsheet would take for a formula, were it not marked as a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    "section", "key", "label", "within", "count", "base", "percent", "comments",
    "checked_percent", "low_percent", "high_percent", "labels",
)  # fmt: skip

GROUPS = (
    "positions",
    "tones",
    "tone_reasons",
    "languages",
    "districts",
    "channels",
    "days",
    "analysers",
)
"""The plain lists of lines that a summary has, in the order in which they are told."""


def as_json(page: ReportPage) -> str:
    """The report as an object: facts on top, then one list a measure."""
    summary, period = page.summary, page.period
    counted_at = summary.count.counted_at
    taxonomy = page.inputs.taxonomy
    told: dict[str, Any] = {
        "period": {
            "slug": period.slug,
            "title": localised(period.title),
            "state": period.state,
            "opens_at": period.opens_at.isoformat(),
            "closes_at": period.closes_at.isoformat(),
        },
        "language": language(),
        "report": page.own_href,
        **_version(page),
        "counted_at": counted_at.isoformat() if counted_at else None,
        "waiting_to_be_counted": summary.count.uncounted,
        "method": page.inputs.method,
        "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "digest": taxonomy.digest},
        "received": summary.received,
        "posted": _line(page, summary.posted),
        "waiting": summary.waiting,
        "not_posted": dict(summary.not_posted),
        "withdrawn": summary.withdrawn,
        "texts": {
            "distinct": summary.texts,
            "sent_more_than_once": summary.repeated_texts,
            "comments_with_such_a_text": summary.in_repeated_texts,
            "most_frequent": [
                _line(page, text.line)
                | {"begins": page.text_begins(text), "handed_over_by": list(text.organisers)}
                for text in summary.count.repeated
            ],
        },
        "late": _line(page, summary.late),
        "submitters": {
            "at_least": summary.fewest_submitters,
            "at_most": summary.most_submitters,
            "distinct_names": summary.names,
            "named": _line(page, summary.named),
            "unnamed": _line(page, summary.unnamed),
        },
    }
    told |= {group: _group(page, group, getattr(summary, group)) for group in GROUPS}
    told["campaigns"] = _campaigns(page)
    told["at_meetings"] = [_meeting(page, row) for row in page.meetings]
    told["days_are"] = "months" if summary.by_month else "days"
    told["tone_by_position"] = [
        {"position": split.position.key, "tones": _group(page, "tones", split.tones)}
        for split in summary.tone_by_position
    ]
    told["concerns"] = [
        _labelled(page, "concerns", concern.line)
        | {
            "positions": _group(page, "positions", concern.by_position),
            "only_denied": _line(page, concern.denied),
        }
        for concern in summary.concerns
    ]
    draw = page.checked.draw
    told["checked"] = {
        "drawn_at": draw.drawn_at.isoformat() if draw else None,
        "drawn_from": draw.drawn_from if draw else None,
        "posted_since": page.checked.since,
        "labels": page.checked.labels,
        "labels_needed": MIN_LABELS,
        **{kind: [_checked_line(page, kind, row) for row in rows] for kind, rows in _checked(page)},
    }
    told["concerns_not_found"] = list(summary.concerns_absent)
    told["districts_not_heard_from"] = list(summary.districts_silent)
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _version(page: ReportPage) -> dict[str, Any]:
    """Which published version this is; nothing for the open report."""
    if page.version is None:
        return {}
    log = page.inputs.log
    told = {
        "number": page.version.number,
        "published_at": page.version.published_at.isoformat(),
        "inputs": page.version.inputs_digest,
        "newer_comments_are_held_back": page.inputs.is_held_back,
        "log": {"size": log.size, "root": log.root} if log else None,
    }
    return {"version": told}


def _campaigns(page: ReportPage) -> dict[str, Any]:
    found = page.campaigns
    return {
        "letters": found.letters,
        "comments_that_are_versions_of_one": found.members,
        "with_own_words": found.with_own_words,
        "versions_of_none": found.alone,
        "largest": [
            _line(page, row.line)
            | {
                "page": page.address("campaigns.campaign", campaign_id=row.id),
                "begins": page.letter_begins(row),
                "distinct_texts": row.texts,
                "parts": [_line(page, part) for part in (row.copies, row.changed, row.with_own_words)],
                "positions": _group(page, "positions", row.by_position),
            }
            for row in found.largest
        ],
    }


def _meeting(page: ReportPage, row: MeetingFacts) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": localised(row.title),
        "starts_at": row.starts_at.isoformat(),
        "page": page.address("meetings.meeting", slug=row.slug),
    } | {
        which.value: {"count": said_at(row, which), "comments": page.meeting_href(row, which)}
        for which in How
    }


def as_csv(page: ReportPage) -> str:
    """The report as one row a number. No cell begins as a formula does."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _rows(page):
        unchecked = [""] * (len(_COLUMNS) - len(row))
        writer.writerow([safe_cell(cell) for cell in (*row, *unchecked)])
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return "\ufeff" + buffer.getvalue()


def safe_cell(value: object) -> object:
    """A value that a spreadsheet shows as it is: what it would calculate gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows(page: ReportPage) -> Iterator[tuple[object, ...]]:
    yield from _plain(page.summary)
    for section, kind, within, lines in _sections(page.summary):
        for line in lines:
            yield _row(page, section, line, page.label(kind, line.key) if kind else "", within)
    for text in page.summary.count.repeated:
        yield _row(page, "texts", text.line, page.text_begins(text) or "", "")
    yield from _meeting_rows(page)
    yield from _campaign_rows(page)
    for sort, checked in _checked(page):
        for row in checked:
            yield _checked_row(f"checked_{sort}", _checked_line(page, sort, row))


def _meeting_rows(page: ReportPage) -> Iterator[tuple[object, ...]]:
    for row in page.meetings:
        title = localised(row.title)
        for which in How:
            href = page.meeting_href(row, which) or ""
            yield "at_meetings", which.value, title, row.slug, said_at(row, which), "", "", href


def _campaign_rows(page: ReportPage) -> Iterator[tuple[object, ...]]:
    found = page.campaigns
    for key, n in {
        "form_letters": found.letters,
        "comments_that_are_versions_of_one": found.members,
        "versions_with_own_words": found.with_own_words,
    }.items():
        yield ("numbers", key, "", "", n, "", "", "")
    for row in found.largest:
        yield _row(page, "campaigns", row.line, page.letter_begins(row) or "", "")
        for part in (row.copies, row.changed, row.with_own_words):
            yield _row(page, "campaign_parts", part, "", row.line.key)
        for line in row.by_position:
            yield _row(page, "campaign_by_position", line, page.label("positions", line.key), row.line.key)


def _checked_row(section: str, told: dict[str, Any]) -> tuple[object, ...]:
    names = ("base", "percent", "comments", "checked_percent", "low_percent", "high_percent", "labels")
    rest = ("" if told.get(name) is None else told[name] for name in names)
    return section, told["key"], told["label"], "", told["count"], *rest


def _sections(summary: Summary) -> Iterator[tuple[str, str | None, str, Sequence[Line]]]:
    """Section, kind of label, what the lines are within, lines."""
    yield "comments", None, "", (summary.posted, summary.named, summary.unnamed, summary.late)
    for group in GROUPS:
        yield group, group, "", getattr(summary, group)
    for split in summary.tone_by_position:
        yield "tone_by_position", "tones", split.position.key, split.tones
    for concern in summary.concerns:
        yield "concerns", "concerns", "", (concern.line,)
        yield "concern_by_position", "positions", concern.key, concern.by_position
        yield "concern_only_denied", None, concern.key, (concern.denied,)


def _plain(summary: Summary) -> Iterator[tuple[object, ...]]:
    numbers = {
        "received": summary.received,
        "waiting": summary.waiting,
        **{f"not_posted:{reason}": n for reason, n in summary.not_posted},
        "withdrawn": summary.withdrawn,
        "waiting_to_be_counted": summary.count.uncounted,
        "distinct_texts": summary.texts,
        "texts_sent_more_than_once": summary.repeated_texts,
        "comments_with_such_a_text": summary.in_repeated_texts,
        "submitters_at_least": summary.fewest_submitters,
        "submitters_at_most": summary.most_submitters,
    }
    for key, n in numbers.items():
        yield ("numbers", key, "", "", n, "", "", "")


def _row(page: ReportPage, section: str, line: Line, label: str, within: str) -> tuple[object, ...]:
    percent = "" if line.percent is None else line.percent
    return section, line.key, label, within, line.n, line.base or "", percent, page.href(line) or ""


def _checked(page: ReportPage) -> Iterator[tuple[str, tuple[CheckedLine, ...]]]:
    yield "suggestions", page.checked.positions
    yield "concerns", page.checked.concerns


def _checked_line(page: ReportPage, kind: str, row: CheckedLine) -> dict[str, Any]:
    """A share as the machine has it, and as people's labels mend it where there are enough."""
    share = row.share
    told = _labelled(page, kind, row.line) | {
        "is_verified": share.verified,
        "labels": share.labels,
        "checked_percent": _one_decimal(share.value) if share.verified else None,
        "low_percent": _one_decimal(share.low),
        "high_percent": _one_decimal(share.high),
    }
    if kind == "suggestions":
        del told["comments"]
    return told


def _one_decimal(part: float | None) -> float | None:
    return None if part is None else round(100 * part, 1)


def _group(page: ReportPage, kind: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [_labelled(page, kind, line) for line in lines]


def _labelled(page: ReportPage, kind: str, line: Line) -> dict[str, Any]:
    return {"key": line.key, "label": page.label(kind, line.key)} | _line(page, line)


def _line(page: ReportPage, line: Line) -> dict[str, Any]:
    shares = {"base": line.base, "percent": line.percent} if line.base else {}
    return {"count": line.n, **shares, "comments": page.href(line)}
