"""The numbers of a report as one list a measure: what programs have read from the first version on.

Whoever shows a report reads the sections instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from engage.analysis.shares import MIN_LABELS
from engage.meetings.said import How
from engage.reports.answers import AnswerLine
from engage.reports.checked import CheckedLine
from engage.reports.inputs import MeetingFacts
from engage.reports.page import ReportPage, said_at
from engage.reports.summary import Line
from engage.web.locale import localised

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


def told(page: ReportPage) -> dict[str, Any]:
    """One entry a measure."""
    summary = page.summary
    return {
        "received": summary.received,
        "posted": _line(page, summary.posted),
        "waiting": summary.waiting,
        "not_posted": dict(summary.not_posted),
        "withdrawn": summary.withdrawn,
        "texts": _texts(page),
        "late": _line(page, summary.late),
        "submitters": _submitters(page),
        **{group: _group(page, group, getattr(summary, group)) for group in GROUPS},
        "campaigns": _campaigns(page),
        "at_meetings": [_meeting(page, row) for row in page.meetings],
        "days_are": "months" if summary.by_month else "days",
        "tone_by_position": [
            {"position": split.position.key, "tones": _group(page, "tones", split.tones)}
            for split in summary.tone_by_position
        ],
        "concerns": [
            _labelled(page, "concerns", concern.line)
            | {
                "positions": _group(page, "positions", concern.by_position),
                "only_denied": _line(page, concern.denied),
            }
            for concern in summary.concerns
        ],
        "checked": _checked(page),
        "answers": [_answer(page, row) for row in page.answers.lines],
        "concerns_not_found": list(summary.concerns_absent),
        "districts_not_heard_from": list(summary.districts_silent),
    }


def _texts(page: ReportPage) -> dict[str, Any]:
    summary = page.summary
    return {
        "distinct": summary.texts,
        "sent_more_than_once": summary.repeated_texts,
        "comments_with_such_a_text": summary.in_repeated_texts,
        "most_frequent": [
            _line(page, text.line)
            | {"begins": page.text_begins(text), "handed_over_by": list(text.organisers)}
            for text in summary.count.repeated
        ],
    }


def _submitters(page: ReportPage) -> dict[str, Any]:
    summary = page.summary
    return {
        "at_least": summary.fewest_submitters,
        "at_most": summary.most_submitters,
        "distinct_names": summary.names,
        "named": _line(page, summary.named),
        "unnamed": _line(page, summary.unnamed),
    }


class CheckedGroup(NamedTuple):
    """A list of what people checked, with the kind of its labels and the side of which alone it is."""

    kind: str
    lines: tuple[CheckedLine, ...]
    position: str | None = None

    @property
    def name(self) -> str:
        """What programs know it by."""
        return f"{self.kind}_of_{self.position}" if self.position else self.kind


def checked_groups(page: ReportPage) -> Iterator[CheckedGroup]:
    """What people checked: of all comments, then of those that declare support and opposition."""
    yield CheckedGroup("suggestions", page.checked.positions)
    yield CheckedGroup("concerns", page.checked.concerns)
    yield CheckedGroup("tones", page.checked.tones)
    for side in page.checked.sides:
        yield CheckedGroup("concerns", side.concerns, side.position)
        yield CheckedGroup("tones", side.tones, side.position)


def one_decimal(part: float | None) -> float | None:
    """A part of 0 to 1 in percent."""
    return None if part is None else round(100 * part, 1)


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
    return (
        {
            "slug": row.slug,
            "title": localised(row.title),
            "starts_at": row.starts_at.isoformat(),
            "page": page.address("meetings.meeting", slug=row.slug),
        }
        | {
            "of_period": row.is_of_period,
            "in_person": row.in_person,
            "remote": row.remote,
            "checked_in": row.came,
            "public_notice": row.notice or None,
        }
        | {
            which.value: {"count": said_at(row, which), "comments": page.meeting_href(row, which)}
            for which in How
        }
    )


def _answer(page: ReportPage, row: AnswerLine) -> dict[str, Any]:
    """What the county answers to a concern, with what it promised; ``state`` null: nothing yet."""
    told = row.told
    return {
        "concern": row.line.key,
        "comments": row.line.n,
        "state": told.state and told.state.value,
        "owner": localised(told.owner) or None,
        "answer": localised(told.body) or None,
        "published_at": told.published_at.isoformat() if told.published_at else None,
        "first_promised_for": told.first_due_on.isoformat() if told.first_due_on else None,
        "promised_for": told.due_on.isoformat() if told.due_on else None,
        "days_overdue": row.overdue,
        "commitments": [
            {
                "number": one.number,
                "title": localised(one.title),
                "owner": localised(one.owner) or None,
                "state": one.state.value,
                "percent": one.percent,
                "promised_for": one.due_on.isoformat() if one.due_on else None,
                "days_overdue": one.overdue_days(page.answers.today),
            }
            for one in told.commitments
        ],
    }


def _checked(page: ReportPage) -> dict[str, Any]:
    draw = page.checked.draw
    return {
        "drawn_at": draw.drawn_at.isoformat() if draw else None,
        "drawn_from": draw.drawn_from if draw else None,
        "posted_since": page.checked.since,
        "labels": page.checked.labels,
        "labels_needed": MIN_LABELS,
        "read_by_person": _line(page, page.read_by_person),
        **{
            group.name: [_checked_line(page, group.kind, row) for row in group.lines]
            for group in checked_groups(page)
        },
    }


def _checked_line(page: ReportPage, kind: str, row: CheckedLine) -> dict[str, Any]:
    """A share as the machine has it, and as people's labels mend it where there are enough."""
    share = row.share
    line = _labelled(page, kind, row.line) | {
        "is_verified": share.verified,
        "labels": share.labels,
        "checked_percent": one_decimal(share.value) if share.verified else None,
        "low_percent": one_decimal(share.low),
        "high_percent": one_decimal(share.high),
    }
    if kind == "suggestions":
        del line["comments"]
    elif not row.is_listed:
        line["comments"] = None
    return line


def _group(page: ReportPage, kind: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [_labelled(page, kind, line) for line in lines]


def _labelled(page: ReportPage, kind: str, line: Line) -> dict[str, Any]:
    return {"key": line.key, "label": page.label(kind, line.key)} | _line(page, line)


def _line(page: ReportPage, line: Line) -> dict[str, Any]:
    shares = {"base": line.base, "percent": line.percent} if line.base else {}
    return {"count": line.n, **shares, "comments": page.href(line)}
