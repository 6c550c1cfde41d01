"""Answers and promises as JSON and CSV: what the pages say, in both languages, and nothing of a draft."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response, url_for

from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.dockets.taxonomy import taxonomy_of
from engage.responses.models import ResponseVersion
from engage.responses.queries import Line, Promise
from engage.responses.told import ToldCommitment
from engage.web.cells import safe_cell
from engage.web.links import address_of
from engage.web.locale import LANGUAGE_NAMES

ANSWER_COLUMNS = (
    "concern", "name_en", "name_es", "comments", "support", "oppose", "state", "owner_en", "owner_es",
    "first_promised_for", "promised_for", "days_overdue", "version", "published_at", "answer_en", "answer_es",
    "commitments", "list_of_comments",
)  # fmt: skip
COMMITMENT_COLUMNS = (
    "number", "title_en", "title_es", "owner_en", "owner_es", "first_promised_for", "promised_for", "state",
    "percent", "days_overdue", "published_at", "text_en", "text_es", "latest_note_en", "latest_note_es",
)  # fmt: skip


def answers_json(period: CommentPeriod, lines: Sequence[Line], today: date) -> str:
    """The answers of a period: one object a concern, the most frequent first."""
    told = {
        "period": period.slug,
        "docket": period.docket.slug,
        "title": _texts(period.title),
        "page": address_of(url_for("responses.answers", slug=period.slug)),
        "as_of": today.isoformat(),
        "answers": [_answer(period, line, today) for line in lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def answers_csv(period: CommentPeriod, lines: Sequence[Line], today: date) -> str:
    """The answers of a period, one line a concern."""
    return _table(ANSWER_COLUMNS, (_answer_row(period, line, today) for line in lines))


def commitments_csv(promises: Sequence[Promise], today: date) -> str:
    """The promises of a docket, one line each."""
    return _table(COMMITMENT_COLUMNS, (_commitment_row(promise, today) for promise in promises))


def as_csv(content: str, name: str) -> Response:
    """A file to be saved."""
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _answer(period: CommentPeriod, line: Line, today: date) -> dict[str, Any]:
    told = line.told
    return {
        "concern": line.concern,
        "name": _name(period, line.concern),
        "comments": line.raised.comments,
        "positions": dict(sorted(line.raised.positions.items())),
        "list_of_comments": _list(period, line.concern),
        "state": told.state,
        "owner": _texts(told.owner),
        "first_promised_for": _day(told.first_due_on),
        "promised_for": _day(told.due_on),
        "days_overdue": told.overdue_days(today),
        "version": told.number or None,
        "published_at": told.published_at.isoformat() if told.published_at else None,
        "answer": _texts(told.body),
        "commitments": [_commitment(one, today) for one in told.commitments],
        "earlier_versions": [_version(version) for version in line.earlier],
    }


def _version(version: ResponseVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "published_at": version.published_at.isoformat(),
        "state": version.state,
        "owner": _texts(version.owner),
        "promised_for": _day(version.due_on),
        "answer": _texts(version.body),
    }


def _commitment(told: ToldCommitment, today: date) -> dict[str, Any]:
    return {
        "number": told.number,
        "title": _texts(told.title),
        "owner": _texts(told.owner),
        "first_promised_for": _day(told.first_due_on),
        "promised_for": _day(told.due_on),
        "state": told.state,
        "percent": told.percent,
        "days_overdue": told.overdue_days(today),
    }


def _answer_row(period: CommentPeriod, line: Line, today: date) -> list[object]:
    told, name = line.told, _name(period, line.concern)
    return [
        line.concern,
        name["en"],
        name["es"],
        line.raised.comments,
        line.raised.positions.get("support", 0),
        line.raised.positions.get("oppose", 0),
        told.state or "not_answered",
        told.owner.en,
        told.owner.es,
        _day(told.first_due_on),
        _day(told.due_on),
        told.overdue_days(today),
        told.number or None,
        told.published_at.isoformat() if told.published_at else None,
        told.body.en,
        told.body.es,
        len(told.commitments),
        _list(period, line.concern),
    ]


def _commitment_row(promise: Promise, today: date) -> list[object]:
    told = promise.told
    note = promise.steps[0].note if promise.steps else Localised()
    return [
        told.number,
        told.title.en,
        told.title.es,
        told.owner.en,
        told.owner.es,
        _day(told.first_due_on),
        _day(told.due_on),
        told.state,
        told.percent,
        told.overdue_days(today),
        told.published_at.isoformat(),
        told.body.en,
        told.body.es,
        note.en,
        note.es,
    ]


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return "\ufeff" + buffer.getvalue()


def _name(period: CommentPeriod, concern: str) -> dict[str, str]:
    taxonomy = taxonomy_of(period.docket)
    return {code: taxonomy.name_of(concern, code) for code in LANGUAGE_NAMES}


def _list(period: CommentPeriod, concern: str) -> str:
    return address_of(url_for("comments.reading_room", slug=period.slug, concern=concern))


def _texts(value: Localised) -> dict[str, str]:
    return {"en": value.en, "es": value.es}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
