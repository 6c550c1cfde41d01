"""The feedback forms of the fictional county, and what people answered.

Answers go the way of every answer: a ticket is spent and the answer lies in the box, which the job opens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.base import random_id
from engage.demo import answering, reading
from engage.demo.answering import Answered
from engage.demo.reading import DATA, Calendar
from engage.dockets.models import Docket
from engage.feedback.codes import Boxed, code_index, code_of
from engage.feedback.models import (
    Entry,
    FeedbackForm,
    FormTicket,
    FormVersion,
    ResultsShown,
    TicketBatch,
)
from engage.feedback.service.box import put_in
from engage.feedback.service.publish import publish_version
from engage.meetings.models import Meeting
from engage.survey import surveyjs
from engage.survey.definition import Definition

_OPENS, _CLOSES = "09:00", "17:00"


@dataclass(frozen=True, slots=True)
class Makers:
    """Who drafts the forms, and who publishes them."""

    host: User
    clerk: User


def scripts() -> list[dict[str, Any]]:
    """The forms as their file says."""
    rows: list[dict[str, Any]] = reading.toml("forms/forms.toml")["forms"]
    return rows


def definition(name: str) -> Definition:
    """One version of a form."""
    return surveyjs.loads((DATA / "forms" / f"{name}.json").read_text(encoding="utf-8"))


def answers_in(row: Mapping[str, Any]) -> int:
    """How many answers to a form are sent."""
    return sum(version["answers"] for version in row["versions"])


def add_forms(
    session: Session, makers: Makers, calendar: Calendar, *, on_progress: Callable[[int], None]
) -> tuple[int, int]:
    """Add every form of the file with its answers; returns how many forms and how many answers."""
    rows = scripts()
    for row in rows:
        _add(session, row, makers, calendar)
        on_progress(answers_in(row))
    return len(rows), sum(map(answers_in, rows))


def _add(session: Session, row: Mapping[str, Any], makers: Makers, calendar: Calendar) -> None:
    form = _form(session, row, makers, calendar)
    if "days" not in row["versions"][0]:
        return
    tickets = _hand_out(session, form, row, makers, calendar)
    asked = [(definition(version["file"]), version["answers"]) for version in row["versions"]]
    for version, (written, _count), answers in zip(
        row["versions"], asked, answering.draw(form.slug, asked, today=calendar.today), strict=True
    ):
        form.working = surveyjs.write(written)
        published = calendar.instant(version["days"], "08:00")
        asked_now = publish_version(session, form, actor=makers.clerk, now=published)
        days = _days(form, version, row["versions"], calendar)
        _answer(session, asked_now, answers, days, tickets)


def _form(session: Session, row: Mapping[str, Any], makers: Makers, calendar: Calendar) -> FeedbackForm:
    first = row["versions"][0]
    drafted_at = calendar.instant(first.get("days", -1) - 1)
    form = FeedbackForm(
        slug=row["slug"],
        docket_id=_id_of(session, Docket, row.get("docket")),
        meeting_id=_id_of(session, Meeting, row.get("meeting")),
        host_id=makers.host.id if row.get("is_hosted") else None,
        working=surveyjs.write(definition(first["file"])),
        entry=Entry(row.get("entry", Entry.ANYBODY)),
        results=ResultsShown(row["results"]),
        opens_at=calendar.instant(row["opens_days"], _OPENS),
        closes_at=calendar.instant(row["closes_days"], _CLOSES) if "closes_days" in row else None,
        submitted_at=drafted_at if row.get("is_hosted") and "days" in first else None,
        changed_at=drafted_at,
    )
    session.add(form)
    session.flush()
    return form


def _id_of(session: Session, kind: type[Docket | Meeting], slug: str | None) -> int | None:
    return session.scalars(sa.select(kind.id).where(kind.slug == slug)).one() if slug else None


def _hand_out(
    session: Session, form: FeedbackForm, row: Mapping[str, Any], makers: Makers, calendar: Calendar
) -> list[FormTicket]:
    """The codes of a form that is answered only with one."""
    if "codes" not in row:
        return []
    batch = TicketBatch(
        form_id=form.id,
        label=row["label"],
        size=row["codes"],
        made_at=calendar.instant(row["opens_days"] - 1, "10:00"),
        actor_id=makers.clerk.id,
    )
    session.add(batch)
    session.flush()
    ids = [random_id() for _number in range(row["codes"])]
    tickets = [
        FormTicket(id=number, form_id=form.id, batch_id=batch.id, code_index=code_index(code_of(number)))
        for number in ids
    ]
    session.add_all(tickets)
    return tickets


def _days(
    form: FeedbackForm, version: Mapping[str, Any], versions: list[Mapping[str, Any]], calendar: Calendar
) -> list[date]:
    """The whole days on which this version was asked while the form was open, today not among them."""
    later = [other["days"] for other in versions if other["days"] > version["days"]]
    days = [calendar.day(number) for number in range(version["days"], min([*later, 0]))]
    opens, closes = (_day(at, calendar) for at in (form.opens_at, form.closes_at))
    return [day for day in days if (opens or day) <= day < (closes or date.max)]


def _day(at: datetime | None, calendar: Calendar) -> date | None:
    return at.astimezone(calendar.zone).date() if at else None


def _answer(
    session: Session,
    version: FormVersion,
    answers: list[Answered],
    days: list[date],
    tickets: list[FormTicket],
) -> None:
    """Put the answers into the box, each for a ticket: one that was handed out, else one of the page."""
    if tickets:
        for ticket in tickets[: len(answers)]:
            ticket.is_spent = True
    else:
        session.add_all(
            FormTicket(form_id=version.form_id, code_index=code_index(secrets.token_hex(16)), is_spent=True)
            for _answer in answers
        )
    for one in answers:
        day = days[int(one.when * len(days))]
        put_in(session, version, Boxed(one.answers, one.language, one.channel, day))
