"""What the reports tell on pages of other rooms, and to followers: which versions were published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.counted import count_with
from engage.comments.models import CommentPeriod
from engage.comments.queries import public_periods
from engage.db.session import db
from engage.dockets.models import Docket
from engage.reports.frozen import read, store
from engage.reports.listed import kept_counts
from engage.reports.loading import use_versions
from engage.reports.models import ReportVersion
from engage.responses import queries as responses
from engage.responses.queries import Standing
from engage.web.links import path_to, said_in
from engage.web.news import DOCKET, PERIOD, Happening, Subject, Told, add_source
from engage.web.parts import add_part

_PUBLISHED = _l("Version %(number)s of the report on the comments was published.")

SHOWN_AT_HOME = 2
"""So many published reports are named on the front page."""


@dataclass(frozen=True, slots=True)
class ReportTold:
    """A period with its newest published report and how far its concerns are answered."""

    period: CommentPeriod
    newest: ReportVersion
    answers: Standing


def init_app(app: Flask) -> None:
    """Hang these parts into other rooms' pages, and the news into what followers are told."""
    add_part(app, "home", _on_home)
    add_part(app, "period_report", _on_period)
    add_part(app, "docket_told", _on_docket)
    add_source(app, happenings)
    use_versions(read.find_version)
    count_with(app, kept_counts)


def happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Every version that was published, each once."""
    for version in store.published_between(session, since, now):
        if version.published_at is not None:
            yield Happening(
                key=f"report:{version.id}",
                subjects=(
                    Subject(PERIOD, str(version.period_id)),
                    Subject(DOCKET, str(version.period.docket_id)),
                ),
                happened_at=version.published_at,
                tell=partial(_tell, version),
            )


def _tell(version: ReportVersion, language: str) -> Told:
    note, _ = version.note.best(language)
    sentence = said_in(language, _PUBLISHED, number=version.number)
    return Told(
        about=version.period.title.best(language)[0],
        text=f"{sentence} {note}".strip(),
        path=path_to("reports.version", language, slug=version.period.slug, number=version.number),
    )


def _on_home() -> str:
    now = utcnow()
    told = []
    for period, newest in store.newest_reports(db.session, now, SHOWN_AT_HOME):
        lines = responses.lines(db.session, period, now)
        standing = responses.standing_of_answers(lines, responses.today_of(period, now))
        told.append(ReportTold(period, newest, standing))
    return render_template("reports/_on_home.html", reports=told) if told else ""


def _on_period(period: CommentPeriod) -> str:
    newest = store.latest(db.session, period)
    return render_template("reports/_on_period.html", period=period, newest=newest) if newest else ""


def _on_docket(docket: Docket) -> str:
    periods = public_periods(utcnow()).where(CommentPeriod.docket_id == docket.id)
    found = [
        (period, newest)
        for period in db.session.scalars(periods)
        if (newest := store.latest(db.session, period)) is not None
    ]
    return render_template("reports/_on_docket.html", reports=found) if found else ""
