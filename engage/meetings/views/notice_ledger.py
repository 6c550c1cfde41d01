"""The notices of all meetings: how early each was posted, for everybody to see and to keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_public_docket, public_dockets
from engage.meetings import ledger, notice_rules, notice_words, queries, words
from engage.meetings.models import Meeting, MeetingNotice
from engage.meetings.notice_lead import Lead, NoticeRecord, record_of
from engage.meetings.views.blueprint import bp
from engage.meetings.views.notice import PROGRAM
from engage.web.paging import Page, page_number, paginate
from engage.web.streaming import streamed

_COLUMNS = (
    "meeting",
    "uid",
    "docket",
    "kind",
    "status",
    "starts_at",
    "time_zone",
    "rule_amount",
    "rule_unit",
    "rule_source",
    "notice_posted_at",
    "notice_hours",
    "notice_days",
    "notice",
    "agenda_posted_at",
    "agenda_hours",
    "agenda_days",
    "agenda",
    "changed_late",
    "versions",
    "title_en",
    "title_es",
)
_CHAIN_COLUMNS = ("row", "posted_at", "digest", "chain", "meeting", "document", "version")
_ROWS_A_CHUNK = 100
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/meetings/notices")
@public
def notice_ledger() -> ResponseReturnValue:
    """Every meeting with the lead times of its notice and agenda."""
    now = utcnow()
    slug = request.args.get("docket")
    docket = get_public_docket(db.session, slug, now) if slug else None
    page = paginate(db.session, _meetings(now, docket), number=page_number())
    number, digest = ledger.head(db.session)
    return render_template(
        "meetings/notice_ledger.html",
        docket=docket,
        dockets=public_dockets(db.session, now),
        page=Page(records_of(db.session, page.rows, now), page.number, page.size, page.total),
        rules=notice_rules.rules_of(db.session, docket.id if docket else None),
        head={"number": number, "digest": digest},
        csv_url=url_for("meetings.notice_ledger_csv", docket=docket.slug if docket else None),
        program=PROGRAM,
        say=notice_words,
        words=words,
        now=now,
    )


@bp.get("/meetings/notices.csv")
@public
def notice_ledger_csv() -> ResponseReturnValue:
    """The same as a table for spreadsheets, all of it."""
    now = utcnow()
    slug = request.args.get("docket")
    docket = get_public_docket(db.session, slug, now) if slug else None
    docket_id = docket.id if docket else None
    return streamed(
        lambda session: _csv(_COLUMNS, _rows(session, now, docket_id)),
        mimetype="text/csv",
        name="meeting-notices.csv",
    )


@bp.get("/meetings/notices/chain.csv")
@public
def notice_chain_csv() -> Response:
    """All that was ever posted, in order, with what is needed to check the chain.

    Of what belongs to no public meeting only the digests are told: they say nothing, and the chain needs
    them.
    """
    now = utcnow()
    return streamed(
        lambda session: _csv(_CHAIN_COLUMNS, _chain(session, now)),
        mimetype="text/csv",
        name="meeting-notices-chain.csv",
    )


def records_of(session: Session, meetings: Sequence[Meeting], now: datetime) -> list[NoticeRecord]:
    """The leads of many meetings, the rules looked up once."""
    own = notice_rules.own_rules(session, [one.docket_id for one in meetings if one.docket_id is not None])
    return [
        record_of(
            one, now, own.get((one.docket_id or 0, one.kind), notice_rules.default_rule(one.kind))
        )
        for one in meetings
    ]  # fmt: skip


def _meetings(now: datetime, docket: Docket | None) -> sa.Select[Meeting]:
    wanted = queries.public_meetings(now).options(
        joinedload(Meeting.docket), selectinload(Meeting.notices).defer(MeetingNotice.actor_id)
    )
    if docket is not None:
        wanted = wanted.where(Meeting.docket_id == docket.id)
    return wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc())


def _rows(session: Session, now: datetime, docket_id: int | None) -> Iterator[list[str]]:
    public = queries.public_meetings(now)
    if docket_id is not None:
        public = public.where(Meeting.docket_id == docket_id)
    ids = session.scalars(public.with_only_columns(Meeting.id).order_by(Meeting.starts_at, Meeting.id)).all()
    for start in range(0, len(ids), _ROWS_A_CHUNK):
        wanted = _meetings(now, None).where(Meeting.id.in_(ids[start : start + _ROWS_A_CHUNK]))
        found = session.scalars(wanted.order_by(None).order_by(Meeting.starts_at, Meeting.id)).unique().all()
        for record in records_of(session, found, now):
            yield _cells(record, now)
        session.expunge_all()


def _cells(record: NoticeRecord, now: datetime) -> list[str]:
    meeting, rule = record.meeting, record.rule
    source = "docket" if rule.is_own else "default_law" if rule.is_law else "default"
    return [
        meeting.slug,
        _inert(meeting.uid),
        meeting.docket.slug if meeting.docket else "",
        meeting.kind,
        meeting.status(now),
        meeting.local_start.isoformat(),
        meeting.time_zone,
        str(rule.amount),
        rule.unit,
        source,
        *_lead_cells(record.notice),
        *_lead_cells(record.agenda),
        str(len(record.late)),
        str(len(meeting.notices)),
        _inert(meeting.title.en),
        _inert(meeting.title.es),
    ]


def _lead_cells(lead: Lead) -> list[str]:
    posted = lead.posted_at.astimezone(lead.zone).isoformat() if lead.posted_at else ""
    numbers = ["" if number is None else str(number) for number in (lead.hours, lead.days)]
    return [posted, *numbers, lead.verdict]


def _chain(session: Session, now: datetime) -> Iterator[list[str]]:
    public = queries.public_meetings(now).with_only_columns(Meeting.id, Meeting.slug)
    slugs = {row.id: row.slug for row in session.execute(public)}
    columns = sa.select(
        MeetingNotice.id,
        MeetingNotice.posted_at,
        MeetingNotice.digest,
        MeetingNotice.chain_digest,
        MeetingNotice.meeting_id,
        MeetingNotice.kind,
        MeetingNotice.number,
    ).order_by(MeetingNotice.id)
    for row in session.execute(columns, execution_options={"yield_per": _ROWS_A_CHUNK}):
        slug = slugs.get(row.meeting_id)
        names = [slug, row.kind, str(row.number)] if slug else ["", "", ""]
        yield [str(row.id), ledger.instant_of(row.posted_at), row.digest, row.chain_digest, *names]


def _inert(text: str) -> str:
    """What staff or another system wrote, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for count, cells in enumerate(rows, start=1):
        writer.writerow(cells)
        if count % _ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
