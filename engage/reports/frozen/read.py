"""A published report for a reader of today: what was kept, and of the words what everybody may read now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import compress

import numpy as np
import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.comments import words
from engage.comments.filters import CommentFilter
from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.comments.queries import get_public_period, public_comments, with_details
from engage.errors import NotFound
from engage.reports.frozen import store
from engage.reports.frozen.columns import Numbers
from engage.reports.frozen.select import select
from engage.reports.gather import Words, words_of
from engage.reports.loading import Which
from engage.reports.measures import DISPOSITION
from engage.reports.models import ReportVersion, Tally
from engage.reports.page import ReportPage, Version
from engage.reports.report import Report, make_report
from engage.reports.tables import every_cell
from engage.survey.suppression import K
from engage.web.locale import language, localised
from engage.web.paging import Page

PAGE_SIZE = 50

TRAITS = frozenset({"district", "language", "channel", "day", "month"})
"""What a filter may ask about a person, in the names of CommentFilter."""


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of the comments since a version: told only where they are K or more, or none."""

    more: int | None
    is_few: bool


def version_page(
    session: Session, period: CommentPeriod, row: ReportVersion, now: datetime, *, is_file: bool = False
) -> ReportPage:
    """A published report in words and addresses."""
    inputs = store.inputs_of_version(session, row)
    return ReportPage(
        make_report(inputs),
        words_of(session, period, inputs, now),
        version=about(session, row),
        is_file=is_file,
    )


def report_of(session: Session, row: ReportVersion) -> Report:
    """A published report without any words."""
    return make_report(store.inputs_of_version(session, row))


def find_version(
    session: Session, period: CommentPeriod, number: int | None, now: datetime
) -> tuple[Report, Words, Version] | None:
    """A published version by its number, or the newest, for the forms of a report (see loading)."""
    row = _row(session, period, number)
    if row is None:
        return None
    inputs = store.inputs_of_version(session, row)
    return make_report(inputs), words_of(session, period, inputs, now), about(session, row)


@dataclass(frozen=True, slots=True)
class Kept:
    """The JSON of a version as it was published, and its digest."""

    digest: str
    content: bytes


def published_json(session: Session, slug: str, which: Which, now: datetime, language: str) -> Kept | None:
    """The bytes that were published in a language; None where the open report is asked for."""
    if which == "open":
        return None
    row = _row(session, get_public_period(session, slug, now), which)
    return Kept(*store.document(session, row, language)) if row else None


def _row(session: Session, period: CommentPeriod, number: int | None) -> ReportVersion | None:
    if number is None:
        return store.latest(session, period)
    try:
        return store.get_version(session, period, number)
    except NotFound:
        return None


def about(session: Session, row: ReportVersion) -> Version:
    """What the pages of a version say of it."""
    if row.published_at is None or row.inputs_digest is None:
        raise ValueError("Only a published version has something to say.")
    documents = store.digests(session, row)
    return Version(row.number, row.published_at, row.inputs_digest, documents.get(language(), ""))


def since(session: Session, period: CommentPeriod, row: ReportVersion) -> Since:
    """By how many comments the open report counts more than a version, or fewer."""
    posted = session.scalar(
        sa.select(Tally.n).where(
            Tally.period_id == period.id, Tally.measure == DISPOSITION, Tally.key == Disposition.POSTED
        )
    )
    more = (posted or 0) - (row.posted or 0)
    is_few = 0 < abs(more) < K
    return Since(None if is_few else more, is_few)


@dataclass(frozen=True, slots=True)
class Listed:
    """A comment of a frozen list as everybody may read it now; None where nobody may any more."""

    comment: Comment | None


@dataclass(frozen=True, slots=True)
class FrozenList:
    """One page of the comments behind a number; ``conditions`` are what it asks for, in words.

    ``is_told``: see is_told; where it is not, only comments that can be read now are listed.
    """

    page: Page[Listed]
    conditions: list[tuple[str, str]]
    is_told: bool


def frozen_list(
    session: Session,
    row: ReportVersion,
    report: ReportPage,
    criteria: CommentFilter,
    *,
    number: int,
    now: datetime,
) -> FrozenList:
    """The comments that a number of a published report counts. Raises BadFilter for what no list knows."""
    stored = store.StoredList(session, row.list_digest or "")
    ordinals, total = _found(session, stored, row, report.made, criteria)
    first = (number - 1) * PAGE_SIZE
    here = (
        range(first, min(first + PAGE_SIZE, total))
        if ordinals is None
        else ordinals[first : first + PAGE_SIZE]
    )
    numbers = stored.tracking_numbers([int(ordinal) for ordinal in here])
    public = readable(session, numbers, now)
    # What nobody can read any more comes last on its page. At its place among the others the same comment
    # would be known again in the list of another condition, and so would be all that was counted of it.
    rows = sorted((Listed(public.get(number)) for number in numbers), key=lambda row: row.comment is None)
    page = Page(rows=rows, number=number, size=PAGE_SIZE, total=total)
    return FrozenList(page, conditions(report, criteria, row.period), is_told(report.made, criteria))


def is_told(report: Report, criteria: CommentFilter) -> bool:
    """Whether a published report may say how many comments fit, also of those that nobody can read any more.

    What crosses a trait with something else is told only where the tables of the report tell it: else one
    could ask, trait by trait, what the author of a comment that was withdrawn had in common with whom.
    """
    asked = {field.name for field in fields(criteria) if getattr(criteria, field.name) is not None}
    if not asked & TRAITS or len(asked) == 1:
        return True
    return criteria in {cell.filter for cell in every_cell(report.tables)}


def tracking_numbers(
    session: Session, row: ReportVersion, report: Report, criteria: CommentFilter
) -> tuple[list[str], int]:
    """The numbers of all comments behind a number that everybody may read now, and how many nobody may."""
    stored = store.StoredList(session, row.list_digest or "")
    mask = select(stored.column, report.inputs, criteria)
    total = row.posted or 0 if mask is None else int(np.count_nonzero(mask))
    public = np.ones(total, dtype=bool) if mask is None else mask.copy()
    public[_gone(session, stored, row)] = False
    numbers: list[str] = []
    place = 0
    for piece in stored.pieces():
        numbers += compress(piece, public[place : place + len(piece)].tolist())
        place += len(piece)
    told = total if is_told(report, criteria) else len(numbers)
    return numbers, told - len(numbers)


def conditions(report: ReportPage, criteria: CommentFilter, period: CommentPeriod) -> list[tuple[str, str]]:
    """What a filter asks for, by the names that the report uses. Such a filter has found a list before."""
    named: list[tuple[str, str]] = []
    if criteria.concern is not None:
        named.append((_("Concern"), report.label("concerns", criteria.concern)))
    if criteria.theme is not None:
        names = {theme.id: theme.name for theme in report.inputs.themes}
        named.append((_("Theme"), localised(names[criteria.theme])))
    districts = {place.code: place.name for place in report.inputs.districts}
    rest = replace(criteria, concern=None, theme=None)
    return named + words.conditions(rest, districts, period.docket)


def readable(session: Session, numbers: Sequence[str], now: datetime) -> dict[str, Comment]:
    """Those of these comments that everybody may read now, by their numbers."""
    found = session.scalars(with_details(public_comments(now).where(Comment.tracking_number.in_(numbers))))
    return {comment.tracking_number: comment for comment in found}


def _gone(session: Session, stored: store.StoredList, row: ReportVersion) -> Numbers:
    """The ordinals of the comments of a list that nobody can read any more. Few of them are."""
    hidden = sa.select(Comment.tracking_number).where(
        Comment.period_id == row.period_id,
        Comment.disposition.in_([each for each in Disposition if each is not Disposition.POSTED]),
    )
    return stored.ordinals(session.scalars(hidden))


def _found(
    session: Session, stored: store.StoredList, row: ReportVersion, report: Report, criteria: CommentFilter
) -> tuple[Numbers | None, int]:
    """The ordinals of the comments that a filter finds, None for all; and how many these are."""
    mask = select(stored.column, report.inputs, criteria)
    if mask is None:
        return None, row.posted or 0
    if not is_told(report, criteria):
        mask[_gone(session, stored, row)] = False
    found = np.flatnonzero(mask)
    return found, len(found)
