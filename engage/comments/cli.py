"""``engage period``: comment periods for somebody with a terminal, such as a clerk with a file to import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import sqlalchemy as sa
from flask import Flask

from engage.clock import from_wall_clock, utcnow
from engage.comments import queries
from engage.comments.models import LatePolicy, PeriodChange
from engage.comments.service.change import cancel_period, extend_period, reopen_period
from engage.comments.service.period import PeriodDraft, create_period
from engage.db.session import db, write_transaction
from engage.db.types import LANGUAGES, Localised
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
@click.option("--instructions-en", default="", help="Other ways to comment, in English; may be left out.")
@click.option("--instructions-es", default="", help="Other ways to comment, in Spanish; may be left out.")
@click.option("--notice-en", default="", help="The public notice in English, as Markdown.")
@click.option("--notice-es", default="", help="The public notice in Spanish, as Markdown.")
@click.option(
    "--language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help="A language that everything must be written in; may be repeated. Every language of the site if not "
    "given.",
)
@click.option(
    "--late",
    "late_policy",
    type=click.Choice([policy.value for policy in LatePolicy]),
    default=LatePolicy.REFUSE.value,
    show_default=True,
    help="What is done with comments that come after the end.",
)
@click.option(
    "--late-until", type=Moment(), help="Late comments are taken until then; for ever if not given."
)
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
    instructions_en: str,
    instructions_es: str,
    notice_en: str,
    notice_es: str,
    languages: tuple[str, ...],
    late_policy: str,
    late_until: datetime | None,
    opens: datetime,
    closes: datetime,
    time_zone: ZoneInfo | None,
    text_limit: int,
    *,
    draft: bool,
) -> None:
    """Add a comment period, also a closed one whose comments are to be imported.

    Residents see it only when title, summary and notice are there in every language that it needs; with
    --draft they may be written later.
    """
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
                instructions=Localised(instructions_en, instructions_es),
                notice=Localised(notice_en, notice_es),
                required_languages=languages or LANGUAGES,
                late_policy=LatePolicy(late_policy),
                late_until=_instant(late_until, zone) if late_until else None,
                opens_at=_instant(opens, zone),
                closes_at=_instant(closes, zone),
                time_zone=zone.key,
                text_limit=text_limit,
            ),
            published_at=None if draft else utcnow(),
        )
        state = period.state(utcnow())
    click.echo(f"Added the comment period “{slug}” ({state}).")


_REASONS = (
    click.argument("slug"),
    click.option("--reason-en", default="", help="Why, in English: everybody reads it."),
    click.option("--reason-es", default="", help="Why, in Spanish: everybody reads it."),
)


def _with_reason(command: Callable[..., None]) -> Callable[..., None]:
    for decorate in reversed(_REASONS):
        command = decorate(command)
    return command


@period_group.command("extend")
@_with_reason
@click.option("--closes", type=Moment(), required=True, help="The new end.")
def extend(slug: str, reason_en: str, reason_es: str, closes: datetime) -> None:
    """Let a period that is open, or not open yet, end later; the old end stays public."""
    _move_end(extend_period, slug, Localised(reason_en, reason_es), closes)


@period_group.command("reopen")
@_with_reason
@click.option("--closes", type=Moment(), required=True, help="The new end.")
def reopen(slug: str, reason_en: str, reason_es: str, closes: datetime) -> None:
    """Open a closed period again, at once; the old end stays public."""
    _move_end(reopen_period, slug, Localised(reason_en, reason_es), closes)


@period_group.command("cancel")
@_with_reason
def cancel(slug: str, reason_en: str, reason_es: str) -> None:
    """Take no more comments, for good. The period stays visible, and so does what came."""
    with _site().app_context(), write_transaction() as session:
        period = queries.get_period(session, slug)
        reason = Localised(reason_en, reason_es)
        cancel_period(session, period, reason=reason, actor=None, now=utcnow())
    click.echo(f"Cancelled the comment period “{slug}”.")


def _move_end(move: Callable[..., PeriodChange], slug: str, reason: Localised, closes: datetime) -> None:
    with _site().app_context(), write_transaction() as session:
        period = queries.get_period(session, slug)
        end = _instant(closes, period.zone)
        change = move(session, period, closes_at=end, reason=reason, actor=None, now=utcnow())
        old, new = (
            instant.astimezone(period.zone).isoformat(timespec="minutes")
            for instant in (change.old_closes_at, period.closes_at)
        )
    click.echo(f"The comment period “{slug}” ended {old} and now ends {new}.")


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
