"""Find the report that was asked for: a published version, the latest of them, or the open one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period
from engage.errors import NotFound
from engage.reports.gather import Words, open_report
from engage.reports.page import ReportPage, Version
from engage.reports.report import Report

Which = int | Literal["open"] | None
"""The number of a version, the open report, or (None) the latest version and without one the open report."""

VersionFinder = Callable[[Session, CommentPeriod, int | None, datetime], tuple[Report, Words, Version] | None]
"""A published version by its number, or the latest; None where there is none."""

_finders: list[VersionFinder] = []


def use_versions(finder: VersionFinder) -> None:
    """Let reports be asked for by their number. Said once, by the part of the room that publishes them."""
    _finders[:] = [finder]


def load_report(session: Session, slug: str, which: Which, now: datetime) -> ReportPage:
    """The report of a public period as a file tells it, with whole addresses. Raises NotFound."""
    period = get_public_period(session, slug, now)
    if which != "open":
        found = _version(session, period, which, now)
        if found:
            report, words, version = found
            return ReportPage(report, words, version=version, is_file=True)
        if which is not None:
            raise NotFound
    return ReportPage(*open_report(session, period, now), is_file=True)


def _version(
    session: Session, period: CommentPeriod, number: int | None, now: datetime
) -> tuple[Report, Words, Version] | None:
    return _finders[0](session, period, number, now) if _finders else None
