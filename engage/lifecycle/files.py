"""The checklist and the register as files: CSV and JSON, and what their columns mean."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.lifecycle.models import Outreach, ReadinessItem, RegisterChange, Stakeholder
from engage.lifecycle.outreach import Counted, OutreachTold, standing_of
from engage.lifecycle.readiness import Checklist
from engage.web.cells import safe_cell
from engage.web.locale import site_day

POINT_COLUMNS = {
    "point": _l("Number of the point on the page, from 1"),
    "area": _l("What it is about: resources, cost, legal_risk, community or open_question"),
    "title_en": _l("What is to be found out, in English"),
    "title_es": _l("What is to be found out, in Spanish"),
    "state": _l("not_looked_at, under_way, known or cannot_be_known"),
    "dollars_a_year": _l("Its price in dollars a year where it is known and has one; a saving is negative"),
    "finding_en": _l("What was found, in English (Markdown)"),
    "finding_es": _l("What was found, in Spanish (Markdown)"),
    "source_en": _l("Where that is from, in English"),
    "source_es": _l("Where that is from, in Spanish"),
    "source_url": _l("Where the source can be read"),
    "checked_on": _l("Day on which it was found out"),
    "version": _l("How many times it has been published or changed in public"),
    "changed_on": _l("Day on which residents first read it as it is"),
}
CONTACT_COLUMNS = {
    "body": _l("Number of the body on the page, from 1"),
    "kind": _l("Kind of body"),
    "name_en": _l("Its name in English"),
    "name_es": _l("Its name in Spanish"),
    "languages": _l("Languages to ask it in, ISO 639 codes, with semicolons between"),
    "districts": _l("Codes of the districts where it is at home; empty for the whole county"),
    "standing": _l("What came of all attempts: answered, declined, no_answer, not_reached or not_asked"),
    "how": _l("Way of this attempt; empty for a body that nobody has tried to ask"),
    "language": _l("Language of this attempt"),
    "day": _l("Day of this attempt"),
    "outcome": _l("What came of this attempt: planned, answered, no_answer, declined or not_reached"),
    "note_en": _l("Note in English"),
    "note_es": _l("Note in Spanish"),
}
STAFF_COLUMNS = {"shown": "", **CONTACT_COLUMNS}
"""With drafts and bodies that do not want to be named: for staff only."""


def readiness_csv(told: Checklist) -> str:
    """Every published point, a row each."""
    return _csv(POINT_COLUMNS, (_point_row(number, item) for number, item in _numbered(told)))


def readiness_json(docket: Docket, told: Checklist, now: datetime) -> str:
    """The same with all that a point ever said, and what is added up."""
    return _json(
        {
            **_about(docket, now),
            "points": len(told.items),
            "known": told.known,
            "taken_back": told.taken_back,
            "costs": {
                "known_dollars_a_year": told.costs.total,
                "priced_points": len(told.costs.priced),
                "points_without_price": len(told.costs.unpriced),
            },
            "checklist": [
                dict(zip(POINT_COLUMNS, _point_row(number, item), strict=True))
                | {"said": [_said(version) for version in item.versions]}
                for number, item in _numbered(told)
            ],
        }
    )


def register_csv(bodies: Sequence[Stakeholder], today: date) -> str:
    """Every attempt to ask a body that is named, a row each; one row for a body without an attempt."""
    return _csv(CONTACT_COLUMNS, _contact_rows(bodies, today))


def staff_register_csv(bodies: Sequence[Stakeholder], today: date, now: datetime) -> str:
    """The whole register, with whether residents see each body."""
    shown = ["yes" if body.is_shown(now) else "unnamed" if body.stays_unnamed else "no" for body in bodies]
    rows = _contact_rows(bodies, today)
    return _csv(STAFF_COLUMNS, ([shown[row[0] - 1], *row] for row in rows))


def register_json(
    docket: Docket,
    bodies: Sequence[Stakeholder],
    told: OutreachTold,
    now: datetime,
    today: date,
    *,
    taken_back: int,
) -> str:
    """The bodies that are named with every attempt, what was changed of it, and what is counted of them."""
    return _json(
        {
            **_about(docket, now),
            "bodies": told.bodies,
            "asked": told.asked,
            "answered": told.answered,
            "declined": told.declined,
            "asked_and_not_named": told.unnamed,
            "taken_back": taken_back,
            "by_kind": [_counted(line) for line in told.by_kind],
            "by_language": [_counted(line) for line in told.by_language],
            "by_district": [_counted(line) for line in told.by_district],
            "register": [
                {
                    "kind": body.kind,
                    "name": _both(body.name),
                    "why": _both(body.why),
                    "languages": body.languages,
                    "districts": body.districts,
                    "standing": standing_of(body.contacts, today),
                    "attempts": [_attempt(contact) for contact in body.contacts],
                    "changed": [_change(change) for change in body.changes],
                }
                for body in bodies
            ],
        }
    )


def columns_csv() -> str:
    """What the columns of both tables mean, in the reader's language."""
    rows = [["readiness.csv", name, str(meaning)] for name, meaning in POINT_COLUMNS.items()]
    rows += [["stakeholders.csv", name, str(meaning)] for name, meaning in CONTACT_COLUMNS.items()]
    return _csv(("file", "column", "meaning"), rows)


def _numbered(told: Checklist) -> list[tuple[int, ReadinessItem]]:
    """The points in the order of the page."""
    return list(enumerate((item for _area, items in told.by_area for item in items), 1))


def _point_row(number: int, item: ReadinessItem) -> list[Any]:
    latest = item.versions[0] if item.versions else None
    return [
        number,
        item.area.value,
        item.title.en,
        item.title.es,
        item.state.value,
        item.amount,
        item.finding.en,
        item.finding.es,
        item.source.en,
        item.source.es,
        item.source_url,
        _day(item.checked_on),
        len(item.versions),
        _day(site_day(latest.published_at) if latest else None),
    ]


def _said(version: Any) -> dict[str, Any]:
    return {
        "number": version.number,
        "title": _both(version.title),
        "state": version.state,
        "finding": _both(version.finding),
        "dollars_a_year": version.amount,
        "source": _both(version.source),
        "source_url": version.source_url,
        "checked_on": _day(version.checked_on),
        "published_at": version.published_at.isoformat(),
    }


def _contact_rows(bodies: Sequence[Stakeholder], today: date) -> Iterable[list[Any]]:
    for number, body in enumerate(bodies, 1):
        about = [
            number,
            body.kind.value,
            body.name.en,
            body.name.es,
            ";".join(body.languages),
            ";".join(body.districts),
            standing_of(body.contacts, today).value,
        ]
        for contact in body.contacts:
            yield [
                *about,
                contact.how.value,
                contact.language,
                contact.happened_on.isoformat(),
                contact.outcome.value,
                contact.note.en,
                contact.note.es,
            ]
        if not body.contacts:
            yield [*about, *[None] * 6]


def _attempt(contact: Outreach) -> dict[str, Any]:
    return {
        "how": contact.how,
        "language": contact.language,
        "day": contact.happened_on.isoformat(),
        "outcome": contact.outcome,
        "note": _both(contact.note),
    }


def _change(change: RegisterChange) -> dict[str, Any]:
    return {
        "what": change.what,
        "changed_on": change.changed_on.isoformat(),
        "how": change.how,
        "language": change.language,
        "day": _day(change.happened_on),
        "outcome": change.outcome,
    }


def _counted(line: Counted) -> dict[str, Any]:
    return {"key": line.key, "bodies": line.bodies, "asked": line.asked, "answered": line.answered}


def _about(docket: Docket, now: datetime) -> dict[str, Any]:
    return {"docket": docket.slug, "title": _both(docket.title), "as_of": now.isoformat(timespec="seconds")}


def _both(text: Localised) -> dict[str, str]:
    return {"en": text.en, "es": text.es}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _csv(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else safe_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
