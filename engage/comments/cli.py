"""``engage period``: comment periods for somebody with a terminal, such as a clerk with a file to import."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import sqlalchemy as sa
from flask import Flask

from engage.clock import from_wall_clock, utcnow
from engage.comments import queries
from engage.comments.service.period import PeriodDraft, create_period
from engage.db.session import db, write_transaction
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.errors import NotFound


@click.group("period")
def period_group() -> None:
    """Comment periods."""


class Zone(click.ParamType[Any]):
    """An IANA time zone."""

    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """The zone of this name."""
        if isinstance(value, ZoneInfo):
            return value
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError):
            self.fail(f"“{value}” is no time zone; one is America/New_York.", param, ctx)


class Moment(click.ParamType[Any]):
    """An ISO 8601 date and time; without an offset it is what clocks in the period's place show."""

    name = "iso"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The date and time, naive where no offset was given."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is no date and time; one is 2026-10-03T17:00.", param, ctx)


@period_group.command("add")
@click.argument("slug")
@click.option("--docket", "docket_slug", required=True, metavar="SLUG", help="The docket that it belongs to.")
@click.option("--title-en", required=True, help="Title in English.")
@click.option("--title-es", required=True, help="Title in Spanish.")
@click.option("--summary-en", default="", help="What is proposed, in English.")
@click.option("--summary-es", default="", help="What is proposed, in Spanish.")
@click.option("--opens", type=Moment(), required=True, help="First instant; may lie in the past.")
@click.option("--closes", type=Moment(), required=True, help="Instant from which comments are late.")
@click.option("--time-zone", type=Zone(), help="The place's time zone; the site's if not given.")
@click.option("--text-limit", type=click.IntRange(200, 100_000), default=5000, show_default=True)
@click.option("--draft", is_flag=True, help="Only staff see it until they publish it.")
def add_period(
    slug: str,
    docket_slug: str,
    title_en: str,
    title_es: str,
    summary_en: str,
    summary_es: str,
    opens: datetime,
    closes: datetime,
    time_zone: ZoneInfo | None,
    text_limit: int,
    *,
    draft: bool,
) -> None:
    """Add a comment period, also a closed one whose comments are to be imported."""
    app = _site()
    zone = time_zone or app.config["ENGAGE_SETTINGS"].site_time_zone
    with app.app_context(), write_transaction() as session:
        docket = session.scalar(sa.select(Docket).where(Docket.slug == docket_slug))
        if docket is None:
            raise NotFound(f"There is no docket “{docket_slug}”.")
        period = create_period(
            session,
            docket=docket,
            slug=slug,
            draft=PeriodDraft(
                title=Localised(title_en, title_es),
                summary=Localised(summary_en, summary_es),
                opens_at=_instant(opens, zone),
                closes_at=_instant(closes, zone),
                time_zone=zone.key,
                text_limit=text_limit,
            ),
            published_at=None if draft else utcnow(),
        )
        state = period.state(utcnow())
    click.echo(f"Added the comment period “{slug}” ({state}).")


@period_group.command("list")
def list_periods() -> None:
    """List every comment period: its address, state, opening and closing, title."""
    with _site().app_context(), db.sessionmaker() as session:
        now = utcnow()
        for period in queries.periods(session):
            zone = ZoneInfo(period.time_zone)
            opens, closes = (
                instant.astimezone(zone).isoformat(timespec="minutes")
                for instant in (period.opens_at, period.closes_at)
            )
            click.echo(f"{period.slug}\t{period.state(now)}\t{opens}\t{closes}\t{period.title.best('en')[0]}")


def _site() -> Flask:
    from engage.app import create_app

    return create_app()


def _instant(given: datetime, zone: ZoneInfo) -> datetime:
    return from_wall_clock(given, zone) if given.tzinfo is None else given
