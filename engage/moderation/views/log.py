"""The public log: everybody can see by which rules, how often and how evenly comments were decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.filters import UNSTATED
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period, public_periods
from engage.db.session import db
from engage.moderation import chain, queries, rules, words
from engage.moderation.forms import LogFilterForm
from engage.moderation.models import LogReason, ModerationAction
from engage.moderation.queries import LogEntry, Tally
from engage.moderation.review_queries import count_open_disputes
from engage.moderation.rules import is_second_person_required
from engage.moderation.views.blueprint import bp
from engage.web.paging import Page, page_number
from engage.web.streaming import streamed

_COLUMNS = (
    "number", "day", "action", "reason", "commitment", "digest", "period", "position", "tracking_number"
)  # fmt: skip
_ROWS_A_CHUNK = 500

# Counting reads every line, and everybody may ask: so each state of the log is counted once a process.
_MOST_COUNTED = 100
_counted: dict[tuple[str, int | None, tuple[int, ...]], list[Tally]] = {}

PROGRAM = """\
import csv, hashlib, sys

last = "0" * 64
for row in csv.DictReader(sys.stdin):
    fields = [last, row["day"], row["action"], row["reason"] or "-", row["commitment"]]
    last = hashlib.sha256("\\n".join(fields).encode()).hexdigest()
    if last != row["digest"]:
        sys.exit("Line " + row["number"] + " was changed.")
print(last)
"""


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One line of the table of counts: what was done, and how often for each declared position."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All positions together."""
        return sum(self.counts)


@bp.get("/moderation")
@public
def public_log() -> ResponseReturnValue:
    """The rules, the counts, and the lines of the log by day."""
    now = utcnow()
    slug = request.args.get("period")
    period = get_public_period(db.session, slug, now) if slug else None
    periods = list(db.session.scalars(public_periods(now)).all())
    number, digest = chain.head(db.session)
    tallies = _tallies(digest, period, now)
    page = Page(
        rows=queries.public_log(db.session, period, number=page_number(), now=now),
        number=page_number(),
        size=queries.QUEUE_PAGE,
        total=sum(tally.count for tally in tallies),
    )
    return render_template(
        "moderation/public_log.html",
        period=period,
        page=page,
        tallies=_table(tallies),
        open_disputes=count_open_disputes(db.session, period, now),
        rules=rules,
        two_people=is_second_person_required(),
        program=PROGRAM,
        head={"number": number, "digest": digest},
        filter_form=LogFilterForm(periods, period),
        words=words,
        comment_words=comment_words,
    )


@bp.get("/moderation.csv")
@public
def public_log_csv() -> Response:
    """The whole log with what is needed to check its chain."""
    now = utcnow()
    return streamed(
        lambda session: _csv(queries.whole_log(session, now)), mimetype="text/csv", name="moderation-log.csv"
    )


def _tallies(head: str, period: CommentPeriod | None, now: datetime) -> list[Tally]:
    """The counts as of the newest line; counted again only after another line or another period."""
    key = (head, period.id if period else None, tuple(queries.public_period_ids(db.session, now)))
    if key not in _counted:
        if len(_counted) >= _MOST_COUNTED:
            _counted.clear()
        _counted[key] = queries.tallies(db.session, period, now)
    return _counted[key]


def _table(tallies: Sequence[Tally]) -> list[TallyRow]:
    counts: dict[tuple[ModerationAction, LogReason | None], dict[str, int]] = {}
    for tally in tallies:
        row = counts.setdefault((tally.action, tally.reason), {})
        position = tally.position or UNSTATED
        row[position] = row.get(position, 0) + tally.count
    order = [(action, reason) for action in ModerationAction for reason in (None, *LogReason)]
    return [
        TallyRow(_label(*key), tuple(counts[key].get(position, 0) for position in comment_words.POSITIONS))
        for key in order
        if key in counts
    ]


def _label(action: ModerationAction, reason: LogReason | None) -> str:
    return f"{words.ACTIONS[action]}: {words.REASONS[reason]}" if reason else str(words.ACTIONS[action])


def _csv(entries: Iterator[LogEntry]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for count, entry in enumerate(entries, start=1):
        writer.writerow(_cells(entry))
        if count % _ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cells(entry: LogEntry) -> list[str]:
    """All from closed lists, digests and slugs: no cell can begin a formula, and none holds what a person
    typed.
    """
    return [
        str(entry.number),
        entry.day.isoformat(),
        entry.action,
        entry.reason or "",
        entry.commitment,
        entry.digest,
        entry.period.slug if entry.period else "",
        entry.position or "",
        entry.tracking_number or "",
    ]
