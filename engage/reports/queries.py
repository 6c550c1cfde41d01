"""What the reports have counted, read in the same few statements however many comments there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.campaigns import queries as letters
from engage.comments import queries as comments
from engage.comments.filters import CommentFilter
from engage.comments.models import BatchKind, Comment, CommentBatch, CommentPeriod, Disposition
from engage.db.types import Localised
from engage.dockets.taxonomy import taxonomy_of
from engage.labelling import queries as labelling
from engage.meetings.said import SaidAt, said_in
from engage.reports.campaigns import Campaigns, campaigns_of
from engage.reports.checked import Checked, Draw, check
from engage.reports.measures import DISPOSITION, OF_DISTINCT, REPEATED_TEXTS, THEME, TallyKey
from engage.reports.models import CountedPeriod, Distinct, DistinctKind, Tally
from engage.reports.summary import MOST_UNCOUNTED, Count, Line, Numbers, RepeatedText, Summary, summarise
from engage.themes.queries import Quoted, confirmed, quotes
from engage.web.paging import Page

MOST_TEXTS = 10
TEXTS_ON_A_PAGE = 50
_EXCERPT = 240


@dataclass(frozen=True, slots=True)
class Report:
    """A period, its summary, what people checked, its themes, quotes, letters, districts and meetings."""

    period: CommentPeriod
    summary: Summary
    checked: Checked
    districts: Mapping[str, Localised]
    themes: tuple[ThemeLine, ...]
    quotes: tuple[Quoted, ...]
    campaigns: Campaigns
    meetings: tuple[SaidAt, ...]


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme that staff have named, and the comments of the period in it."""

    line: Line
    name: Localised


def report_of(session: Session, slug: str, now: datetime) -> Report:
    """The report of a period that everybody may see. Raises NotFound."""
    period = comments.get_public_period(session, slug, now)
    count = Count(
        numbers=_numbers(session, period),
        counted_at=session.scalar(
            sa.select(CountedPeriod.counted_at).where(CountedPeriod.period_id == period.id)
        ),
        uncounted=_uncounted(session, period),
        repeated=repeated_texts(session, period, limit=MOST_TEXTS),
    )
    places = comments.districts(session)
    summary = summarise(count, places, taxonomy_of(period.docket).codes)
    return Report(
        period=period,
        summary=summary,
        checked=_checked(session, period, summary),
        districts={place.code: place.name for place in places},
        themes=_themes(session, period, count.numbers),
        quotes=tuple(quotes(session, period, now)),
        campaigns=_campaigns(session, count.numbers, summary.posted.n, now),
        meetings=tuple(said_in(session, period, now)),
    )


def _campaigns(session: Session, numbers: Numbers, posted: int, now: datetime) -> Campaigns:
    """The letters of a period; the few that are listed with how they begin."""
    found = campaigns_of(numbers, posted)
    listed = [row.id for row in found.largest]
    texts = {number: size.texts for number, size in letters.sizes(session, listed, now).items()}
    shown = letters.exemplars(session, texts, now)
    excerpts = {number: _shortened(comment.body[:_EXCERPT]) or "" for number, comment in shown.items()}
    return found.told(texts, excerpts)


def _themes(session: Session, period: CommentPeriod, numbers: Numbers) -> tuple[ThemeLine, ...]:
    """The themes of the period's docket, the most frequent in this period first."""
    posted = numbers.get(TallyKey(DISPOSITION, Disposition.POSTED), 0)
    found = [
        ThemeLine(
            Line(
                str(theme.id),
                numbers.get(TallyKey(THEME, str(theme.id)), 0),
                CommentFilter(theme=theme.id),
                posted,
            ),
            theme.name or Localised(),
        )
        for theme in confirmed(session, period.docket_id)
    ]
    return tuple(sorted(found, key=lambda row: (-row.line.n, int(row.line.key))))


def repeated_texts(
    session: Session, period: CommentPeriod, *, limit: int, offset: int = 0
) -> tuple[RepeatedText, ...]:
    """The texts that were sent more than once, the most frequent first."""
    excerpt = (
        sa.select(sa.func.substr(Comment.body, 1, _EXCERPT))
        .where(
            Comment.period_id == Distinct.period_id,
            Comment.body_digest == Distinct.key,
            Comment.disposition == Disposition.POSTED,
        )
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        sa.select(Distinct.key, Distinct.n, excerpt)
        .where(Distinct.period_id == period.id, Distinct.kind == DistinctKind.TEXT, Distinct.n > 1)
        .order_by(Distinct.n.desc(), Distinct.key)
        .limit(limit)
        .offset(offset)
    )
    rows = found.all()
    organisers = _organisers(session, period, [key for key, _, _ in rows])
    return tuple(
        RepeatedText(Line(key, n, CommentFilter(text=key)), _shortened(text), organisers[key])
        for key, n, text in rows
    )


def _organisers(session: Session, period: CommentPeriod, texts: list[str]) -> dict[str, tuple[str, ...]]:
    """Who has handed over files with each of these texts, by name."""
    rows = session.execute(
        sa.select(Comment.body_digest, CommentBatch.name)
        .join(Comment.batch)
        .where(
            Comment.period_id == period.id,
            Comment.body_digest.in_(texts),
            Comment.disposition == Disposition.POSTED,
            CommentBatch.kind == BatchKind.FILE,
        )
        .distinct()
        .order_by(CommentBatch.name)
    )
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for text, name in rows:
        found[text] += (name,)
    return found


def repeated_texts_page(session: Session, period: CommentPeriod, number: int) -> Page[RepeatedText]:
    """One page of them; the total is a number that is counted already."""
    total = session.scalar(
        sa.select(Tally.n).where(
            Tally.period_id == period.id, Tally.measure == OF_DISTINCT, Tally.key == REPEATED_TEXTS
        )
    )
    rows = repeated_texts(session, period, limit=TEXTS_ON_A_PAGE, offset=(number - 1) * TEXTS_ON_A_PAGE)
    return Page(rows=rows, number=number, size=TEXTS_ON_A_PAGE, total=total or 0)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in the list of all reports."""

    period: CommentPeriod
    dispositions: Mapping[str, int]
    counted_at: datetime | None
    uncounted: int

    @property
    def received(self) -> int:
        """How many comments came in."""
        return sum(self.dispositions.values())


def overview(session: Session) -> list[PeriodLine]:
    """Every period with its first numbers, for the staff: the newest first."""
    dispositions: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    tallies = sa.select(Tally.period_id, Tally.key, Tally.n).where(Tally.measure == DISPOSITION)
    for period_id, key, n in session.execute(tallies):
        dispositions[period_id][key.partition("|")[0]] += n
    counted: dict[int, datetime] = _pairs(
        session, sa.select(CountedPeriod.period_id, CountedPeriod.counted_at)
    )
    due = sa.select(Comment.period_id, sa.func.count()).where(Comment.count_due).group_by(Comment.period_id)
    uncounted: dict[int, int] = _pairs(session, due)
    return [
        PeriodLine(
            period=period,
            dispositions=dispositions[period.id],
            counted_at=counted.get(period.id),
            uncounted=uncounted.get(period.id, 0),
        )
        for period in comments.periods(session)
    ]


def _checked(session: Session, period: CommentPeriod, summary: Summary) -> Checked:
    draw = labelling.drawn(session, period)
    return check(
        summary.count.numbers,
        labelling.measures(session, period) if draw else {},
        Draw(*draw) if draw else None,
        posted=summary.posted.n,
        concerns=[concern.key for concern in summary.concerns],
    )


def _shortened(text: str | None) -> str | None:
    if text is None or len(text) < _EXCERPT:
        return text
    return text.rpartition(" ")[0] + " …" if " " in text else text + "…"


def _pairs(session: Session, statement: sa.Select[Any, Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(statement)}


def _numbers(session: Session, period: CommentPeriod) -> dict[TallyKey, int]:
    rows = session.execute(sa.select(Tally.measure, Tally.key, Tally.n).where(Tally.period_id == period.id))
    return {TallyKey(measure, key): n for measure, key, n in rows}


def _uncounted(session: Session, period: CommentPeriod) -> int:
    due = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.count_due).limit(MOST_UNCOUNTED)
    return session.scalar(sa.select(sa.func.count()).select_from(due.subquery())) or 0
