"""Write the checklist: what is to be found out, what was found, and what residents see of it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.service.docket import Incomplete, need_both
from engage.errors import RuleBroken
from engage.lifecycle import queries
from engage.lifecycle.models import ReadinessArea, ReadinessItem, ReadinessState, ReadinessVersion
from engage.lifecycle.service.order import hold, lock, move, next_position
from engage.web.addresses import checked_address

NOT_WRITTEN = Localised()
NEEDS_FINDING = frozenset({ReadinessState.KNOWN, ReadinessState.CANNOT_BE_KNOWN})
"""What residents cannot be told in these states without saying what was found, or why nothing can be."""

LARGEST_AMOUNT = 2_000_000_000


class NotForGood(RuleBroken):
    """What residents once read can be taken back, and not be made undone."""


class PointsChanged(RuleBroken):
    """The drafts are not those any more that were read."""


@dataclass(frozen=True, slots=True)
class PointDraft:
    """One point as it is to be. ``amount`` is dollars a year, a saving negative, only of what is known."""

    area: ReadinessArea
    title: Localised
    state: ReadinessState = ReadinessState.NOT_LOOKED_AT
    finding: Localised = NOT_WRITTEN
    amount: int | None = None
    source: Localised = NOT_WRITTEN
    source_url: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class StandardPoint:
    """A point that a county asks before a 287(g) decision; ``code`` names it in files."""

    code: str
    area: ReadinessArea
    title: Localised


def add_point(session: Session, docket: Docket, draft: PointDraft) -> ReadinessItem:
    """Put a point on the checklist that only staff see. Raises RuleBroken.

    A draft that is there already, in every particular, is not put there again: a form may be sent twice.
    """
    _check(draft)
    lock(session, docket)
    there = queries.points(session, docket)
    for earlier in there:
        if earlier.published_at is None and draft_of(earlier) == draft:
            return earlier
    item = ReadinessItem(docket_id=docket.id, position=next_position(there))
    _write(item, draft)
    session.add(item)
    session.flush()
    return item


def change_point(
    session: Session, item: ReadinessItem, draft: PointDraft, now: datetime, *, seen: str | None = None
) -> None:
    """Write a point anew. Where residents read it, they read the new words and can still read the old.

    ``seen`` is the mark of what was read; None asks for nothing. Raises RuleBroken; PointsChanged; Incomplete
    where residents read it and a language or the source is missing.
    """
    _check(draft)
    hold(session, item)
    if seen not in (None, mark_of([item])):
        raise PointsChanged(_l("Somebody else has changed this point meanwhile. Nothing was changed now."))
    if item.published_at is not None:
        refuse_unfit(draft)
    _write(item, draft)
    if item.published_at is not None:
        _keep(session, item, now)
    session.flush()


def publish_point(session: Session, item: ReadinessItem, now: datetime, *, seen: str | None = None) -> None:
    """Show a point to residents, or leave it as it is where they see it. ``seen`` as in ``change_point``.

    Raises Incomplete, PointsChanged.
    """
    hold(session, item)
    if seen not in (None, mark_of([item])):
        raise PointsChanged(_l("Somebody has changed a point meanwhile. Read them again."))
    refuse_unfit(draft_of(item))
    if item.published_at is None:
        item.published_at = now
        _keep(session, item, now)
    session.flush()


def drafts_of(session: Session, docket: Docket) -> tuple[list[ReadinessItem], list[ReadinessItem]]:
    """The drafts that may be shown to residents, and those that still lack something."""
    fit, unfit = list[ReadinessItem](), list[ReadinessItem]()
    for item in queries.points(session, docket):
        if item.published_at is None:
            (fit if _is_fit(draft_of(item)) else unfit).append(item)
    return fit, unfit


def mark_of(items: Sequence[ReadinessItem]) -> str:
    """What stands for exactly these points in exactly these words: SHA-256."""
    content = [(item.id, draft_of(item)) for item in items]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def publish_points(session: Session, docket: Docket, *, seen: str, now: datetime) -> int:
    """Show every draft that may be shown, if they are just those that were read; returns how many.

    Raises PointsChanged.
    """
    lock(session, docket)
    fit, _unfit = drafts_of(session, docket)
    if mark_of(fit) != seen:
        raise PointsChanged(_l("Somebody has changed a point meanwhile. Read them again."))
    for item in fit:
        publish_point(session, item, now)
    return len(fit)


def take_back_point(session: Session, item: ReadinessItem) -> None:
    """Show a point no longer. The page goes on saying that one was taken back."""
    hold(session, item)
    item.published_at = None
    session.flush()


def delete_point(session: Session, item: ReadinessItem) -> None:
    """Take a draft away. Raises NotForGood where residents have read it."""
    hold(session, item)
    session.refresh(item, ["versions"])
    if item.versions:
        raise NotForGood(_l("Residents have read this point. You can take it back, but not delete it."))
    session.delete(item)
    session.flush()


def move_point(session: Session, item: ReadinessItem, *, up: bool) -> None:
    """Let a point change places with the one before or after it in its area."""
    lock(session, item.docket)
    neighbours = [one for one in queries.points(session, item.docket) if one.area is item.area]
    move(neighbours, item, up=up)
    session.flush()


def add_standard_points(session: Session, docket: Docket) -> int:
    """Begin with the standard checklist; returns how many points are new.

    A point that is there already, by its words, is not put there again: a form may be sent twice.
    """
    lock(session, docket)
    there = queries.points(session, docket)
    wanted = missing_standard_points(there)
    first = next_position(there)
    session.add_all(
        ReadinessItem(
            docket_id=docket.id,
            position=first + number,
            area=point.area,
            title=point.title,
            state=ReadinessState.NOT_LOOKED_AT,
            finding=NOT_WRITTEN,
            source=NOT_WRITTEN,
        )
        for number, point in enumerate(wanted)
    )
    session.flush()
    return len(wanted)


def missing_standard_points(there: Iterable[ReadinessItem]) -> list[StandardPoint]:
    """The points of the standard checklist that are not among these, by their words."""
    titles = {item.title for item in there}
    return [point for point in standard_points() if point.title not in titles]


@cache
def standard_points() -> Sequence[StandardPoint]:
    """The checklist of a county that considers a 287(g) agreement, in both languages."""
    source = files("engage.lifecycle") / "data" / "standard_points.toml"
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["points"]
    return tuple(
        StandardPoint(row["code"], ReadinessArea(row["area"]), Localised(row["en"], row["es"]))
        for row in rows
    )


def draft_of(item: ReadinessItem | ReadinessVersion) -> PointDraft:
    """What a row says, as it would be written again."""
    area = item.area if isinstance(item, ReadinessItem) else item.item.area
    return PointDraft(
        area, item.title, item.state, item.finding, item.amount, item.source, item.source_url, item.checked_on
    )


def refuse_unfit(draft: PointDraft) -> None:
    """Raise Incomplete unless residents may read it: both languages, a source for whatever was found, and for
    what cannot be known the reason why not.
    """
    need_both(draft.title)
    for text in (draft.finding, draft.source):
        if text and not text.is_complete:
            need_both(text)
    if draft.state in NEEDS_FINDING and not draft.finding:
        raise Incomplete(_l("What is known, or cannot be known, needs what was found, in both languages."))
    if draft.finding and not draft.source:
        raise Incomplete(_l("What was found needs where that is from, in both languages."))


def _is_fit(draft: PointDraft) -> bool:
    try:
        refuse_unfit(draft)
    except Incomplete:
        return False
    return True


def _check(draft: PointDraft) -> None:
    if not draft.title:
        raise RuleBroken(_l("Write what is to be found out."))
    if draft.amount is not None:
        if draft.state is not ReadinessState.KNOWN:
            raise RuleBroken(_l("Only what is known has an amount."))
        if abs(draft.amount) > LARGEST_AMOUNT:
            raise RuleBroken(_l("This amount is too large."))
    checked_address(draft.source_url)


def _write(item: ReadinessItem, draft: PointDraft) -> None:
    item.area, item.title, item.state, item.finding = draft.area, draft.title, draft.state, draft.finding
    item.amount, item.source, item.source_url = draft.amount, draft.source, draft.source_url
    item.checked_on = draft.checked_on


def _keep(session: Session, item: ReadinessItem, now: datetime) -> None:
    """Keep what residents read from now on, unless it is what they read last."""
    session.flush()
    session.refresh(item, ["versions"])
    latest = item.versions[0] if item.versions else None
    draft = draft_of(item)
    if latest is not None and draft_of(latest) == draft:
        return
    session.add(
        ReadinessVersion(
            item_id=item.id,
            number=latest.number + 1 if latest else 1,
            title=draft.title,
            state=draft.state,
            finding=draft.finding,
            amount=draft.amount,
            source=draft.source,
            source_url=draft.source_url,
            checked_on=draft.checked_on,
            published_at=now,
        )
    )
    session.flush()
    session.expire(item, ["versions"])
