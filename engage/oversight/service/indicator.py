"""Indicators: drafted, published for good, measured in another way from a day on, ended."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken
from engage.oversight import queries
from engage.oversight.models import Frequency, Indicator, IndicatorCategory, IndicatorMethod, Unit
from engage.web.addresses import checked_address
from engage.web.locale import day

MOST_INDICATORS = 100


class SlugTaken(RuleBroken):
    """Another indicator of the docket has this address."""


class NotReady(RuleBroken):
    """Something is missing, or it is too late for this."""


class DraftChanged(RuleBroken):
    """What would be changed or published is not what was read."""


class TooMany(RuleBroken):
    """The record has as many indicators as anybody can follow."""


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """A part of the total; ``key`` names it in files."""

    key: str
    name: Localised


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """An indicator as it is to be; texts are Markdown in ``definition`` and ``method``. ``first_month`` is
    the month in which its years begin.
    """

    slug: str
    name: Localised
    definition: Localised
    unit: Unit
    frequency: Frequency
    source: Localised
    owner: Localised
    method: Localised
    starts_on: date
    source_url: str | None = None
    promised: int | None = None
    categories: tuple[CategoryDraft, ...] = field(default=())
    first_month: int = 1


def create_indicator(session: Session, docket: Docket, draft: IndicatorDraft) -> Indicator:
    """Begin an indicator that only those who write it see. Raises SlugTaken, TooMany."""
    own = Indicator.docket_id == docket.id
    there = session.scalar(sa.select(sa.func.count()).where(own)) or 0
    if there >= MOST_INDICATORS:
        raise TooMany(_l("A record has at most %(most)s indicators.", most=MOST_INDICATORS))
    last = session.scalar(sa.select(sa.func.max(Indicator.position)).where(own))
    indicator = Indicator(docket_id=docket.id, position=0 if last is None else last + 1)
    _write(indicator, draft)
    try:
        with session.begin_nested():
            session.add(indicator)
            session.flush()
    except IntegrityError:
        raise _taken() from None
    return indicator


def change_indicator(
    session: Session, indicator: Indicator, draft: IndicatorDraft, *, seen: str | None = None
) -> Indicator:
    """Change a draft. ``seen`` is the mark of what was read; None asks for nothing.

    Raises DraftChanged; NotReady for a published one: what was counted cannot mean something else.
    """
    _need_draft(session, indicator)
    _refuse_unread(indicator, seen)
    try:
        with session.begin_nested():
            # The old rows first: new ones may have the same keys.
            indicator.categories.clear()
            indicator.methods.clear()
            session.flush()
            _write(indicator, draft)
            session.flush()
    except IntegrityError:
        raise _taken() from None
    return indicator


def drop_indicator(session: Session, indicator: Indicator) -> None:
    """Throw a draft away. Raises NotReady for a published one."""
    _need_draft(session, indicator)
    session.delete(indicator)
    session.flush()


def publish_indicator(
    session: Session, indicator: Indicator, now: datetime, *, seen: str | None = None
) -> None:
    """Show it to residents, for good; a second time changes nothing. ``seen`` as in ``change_indicator``.

    Raises NotReady, DraftChanged.
    """
    _lock(session, indicator)
    if indicator.published_at is not None:
        return
    _refuse_unread(indicator, seen)
    if not indicator.docket.is_published(now):
        raise NotReady(_l("Residents cannot see this docket yet. Publish it first."))
    if not all(text.is_complete for text in _texts(indicator)):
        raise NotReady(
            _l(
                "Write the name, the definition, the source, who is responsible, the method and every "
                "category in English and in Spanish first."
            )
        )
    indicator.published_at = now
    session.flush()


def mark_of(indicator: Indicator) -> str:
    """What stands for exactly this indicator in exactly these words: SHA-256."""
    method = indicator.methods[0]
    content = (
        draft_of(indicator, method.text, method.first_month),
        [(one.number, one.valid_from) for one in indicator.methods],
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()


def draft_of(indicator: Indicator, method: Localised, first_month: int) -> IndicatorDraft:
    """An indicator as it would be written again, with one of its methods."""
    return IndicatorDraft(
        slug=indicator.slug,
        name=indicator.name,
        definition=indicator.definition,
        unit=indicator.unit,
        frequency=indicator.frequency,
        source=indicator.source,
        owner=indicator.owner,
        method=method,
        starts_on=indicator.starts_on,
        source_url=indicator.source_url,
        promised=indicator.promised,
        categories=tuple(CategoryDraft(row.key, row.name) for row in indicator.categories),
        first_month=first_month,
    )


def add_method(
    session: Session,
    indicator: Indicator,
    text: Localised,
    valid_from: date,
    *,
    told_at: datetime | None = None,
    first_month: int | None = None,
) -> Indicator:
    """Measure it in another way from a day on. ``first_month`` is the month in which its years begin from
    then on; None: as before. ``told_at`` is when residents can read of it; None: not after it begins. Raises
    NotReady.

    The day comes after all that is published: what was measured in one way is not said to be measured in
    another one.
    """
    _lock(session, indicator)
    _need_public(indicator)
    if indicator.ended_on is not None:
        raise NotReady(_l("It has ended already."))
    last = queries.last_published(session, indicator)
    if last is not None and valid_from <= last:
        raise NotReady(
            _l("Figures are published up to %(day)s. A new method can begin on a later day.", day=day(last))
        )
    newest = indicator.methods[-1]
    if valid_from <= newest.valid_from:
        raise NotReady(_l("Method %(number)s begins on that day or later.", number=newest.number))
    if newest.text == text:
        raise NotReady(_l("This is the text of method %(number)s.", number=newest.number))
    indicator.methods.append(
        IndicatorMethod(
            number=newest.number + 1,
            text=text,
            valid_from=valid_from,
            first_month=first_month or newest.first_month,
            told_at=told_at,
        )
    )
    session.flush()
    return indicator


def end_indicator(session: Session, indicator: Indicator, ended_on: date) -> Indicator:
    """Say which day is the last that is measured. What was published stays. Raises NotReady."""
    _lock(session, indicator)
    _need_public(indicator)
    last = queries.last_published(session, indicator)
    if ended_on < indicator.starts_on:
        raise NotReady(_l("The last day may not come before the first."))
    if last is not None and ended_on < last:
        raise NotReady(_l("Figures are published up to %(day)s, so it cannot end before.", day=day(last)))
    if indicator.ended_on is not None and ended_on != indicator.ended_on:
        raise NotReady(_l("It has ended already."))
    indicator.ended_on = ended_on
    session.flush()
    return indicator


def add_standard_set(session: Session, docket: Docket, starts_on: date, *, first_month: int = 1) -> int:
    """Draft the indicators of a 287(g) agreement that are not there yet; returns how many were added.

    What is told in dollars goes by years that begin in ``first_month``, as the county's books do.
    """
    session.scalars(sa.select(Docket.id).where(Docket.id == docket.id).with_for_update()).one()
    known = {indicator.slug for indicator in queries.indicators(session, docket)}
    wanted = [draft for draft in standard_set(starts_on) if draft.slug not in known]
    for draft in wanted:
        month = first_month if draft.unit is Unit.DOLLARS else 1
        create_indicator(session, docket, replace(draft, first_month=month))
    return len(wanted)


def standard_set(starts_on: date) -> list[IndicatorDraft]:
    """What a county with a 287(g) agreement may watch, measured from a day on."""
    text = (files("engage.oversight") / "data" / "standard.toml").read_text("utf-8")
    return [_draft(row, starts_on) for row in tomllib.loads(text)["indicators"]]


def _draft(row: dict[str, Any], starts_on: date) -> IndicatorDraft:
    texts: dict[str, Any] = {
        name: Localised(**row[name]) for name in ("name", "definition", "source", "owner", "method")
    }
    return IndicatorDraft(
        slug=row["slug"],
        unit=Unit(row["unit"]),
        frequency=Frequency(row["frequency"]),
        promised=row.get("promised"),
        starts_on=starts_on,
        categories=tuple(CategoryDraft(key, Localised(*names)) for key, *names in row.get("categories", [])),
        **texts,
    )


def _write(indicator: Indicator, draft: IndicatorDraft) -> None:
    checked_slug(draft.slug)
    for name in ("slug", "name", "definition", "unit", "frequency", "source", "owner"):
        setattr(indicator, name, getattr(draft, name))
    indicator.source_url = checked_address(draft.source_url)
    indicator.promised, indicator.starts_on = draft.promised, draft.starts_on
    indicator.methods.append(
        IndicatorMethod(
            number=1, text=draft.method, valid_from=draft.starts_on, first_month=draft.first_month
        )
    )
    indicator.categories.extend(
        IndicatorCategory(key=row.key, position=place, name=row.name)
        for place, row in enumerate(draft.categories)
    )


def _texts(indicator: Indicator) -> Sequence[Localised]:
    return [
        indicator.name,
        indicator.definition,
        indicator.source,
        indicator.owner,
        *(method.text for method in indicator.methods),
        *(category.name for category in indicator.categories),
    ]


def _need_draft(session: Session, indicator: Indicator) -> None:
    _lock(session, indicator)
    if indicator.published_at is not None:
        raise NotReady(_l("Residents can see this indicator. It can only end, and another one begin."))


def _refuse_unread(indicator: Indicator, seen: str | None) -> None:
    if seen not in (None, mark_of(indicator)):
        raise DraftChanged(_l("Somebody else has changed this draft meanwhile. Nothing was changed now."))


def _need_public(indicator: Indicator) -> None:
    if indicator.published_at is None:
        raise NotReady(_l("This is a draft: change it, or throw it away."))


def _lock(session: Session, indicator: Indicator) -> None:
    """One at a time changes an indicator or its entries, and sees what the one before has done."""
    session.scalars(sa.select(Indicator.id).where(Indicator.id == indicator.id).with_for_update()).one()
    session.refresh(indicator)


def _taken() -> SlugTaken:
    return SlugTaken(_l("Another page of this docket’s record has this address."))
