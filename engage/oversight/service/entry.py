"""Entries: published once, corrected only by a later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.oversight import queries
from engage.oversight.figures import stretches_of
from engage.oversight.models import Indicator, IndicatorEntry, Unit
from engage.oversight.stretches import Stretch
from engage.oversight.told import ADDING_UNITS, TOTAL
from engage.oversight.values import Below, Value, number, said
from engage.survey.suppression import K
from engage.web.locale import site_day

NOT_WRITTEN = Localised()

_INSTANT = timedelta(microseconds=1)

MEETINGS_NOTE = Localised(
    "Counted from the meetings on this site.", "Contado a partir de las reuniones de este sitio."
)
"""The note of an entry that this site has counted itself; the record links to the meetings."""


class BadEntry(RuleBroken):
    """Values that cannot be published as they are; ``category`` says which is meant, None: no single one."""

    def __init__(self, message: object, category: str | None = None) -> None:
        super().__init__(message)
        self.category = category


class Unchanged(RuleBroken):
    """This is what is published already."""


class NotAsRead(RuleBroken):
    """What would be corrected is something else than what was read."""


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """All values of one stretch in hundredths; None: not collected; Below: the source says no more.

    ``has_rest`` says that the categories may add up to less than the total. ``base`` is of how many people or
    cases a percentage is; it is asked for, looked at and written into the note.
    """

    total: Value
    parts: Mapping[str, Value] = field(default_factory=dict)
    note: Localised = NOT_WRITTEN
    has_rest: bool = False
    base: int | None = None


def publish_entry(
    session: Session,
    indicator: Indicator,
    stretch: Stretch,
    draft: EntryDraft,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Publish what was measured for a stretch, or correct it: a later entry, the earlier one stays.

    ``seen`` is how many versions whoever corrects has read; None asks for nothing. Raises BadEntry; Unchanged
    where all is published so already; NotAsRead.
    """
    session.scalars(sa.select(Indicator.id).where(Indicator.id == indicator.id).with_for_update()).one()
    session.refresh(indicator)
    values, note = checked_values(session, indicator, stretch, draft, now)
    earlier = queries.versions(session, indicator, stretch)
    if seen not in (None, len(earlier)):
        raise NotAsRead(_l("Somebody else has published figures of this stretch meanwhile. Read them first."))
    # Whoever waited for the lock came before by the clock, and still is the one who corrects.
    at = max([now, *(version.published_at + _INSTANT for version in earlier)])
    method = max(row.number for row in indicator.methods if row.valid_from <= stretch.first_on)
    session.add_all(
        IndicatorEntry(
            indicator_id=indicator.id,
            category=category,
            first_on=stretch.first_on,
            last_on=stretch.last_on,
            hundredths=number(value),
            below=value.bound if isinstance(value, Below) else None,
            method=method,
            note=note,
            published_at=at,
        )
        for category, value in values.items()
    )
    session.flush()


def checked_values(
    session: Session, indicator: Indicator, stretch: Stretch, draft: EntryDraft, now: datetime
) -> tuple[dict[str, Value], Localised]:
    """The values by category and the note, as they would be published. Raises BadEntry and Unchanged."""
    if indicator.published_at is None or indicator.published_at > now:
        raise BadEntry(_l("Publish the indicator first: figures are published with what they mean."))
    if stretch not in stretches_of(indicator, site_day(now)):
        raise BadEntry(_l("This stretch of time is not one of the indicator’s, or it is not over yet."))
    values = _values(indicator, draft)
    _check_share(indicator.unit, draft)
    note = _with_base(draft)
    if bool(draft.note.en) != bool(draft.note.es):
        raise BadEntry(_l("Write the note in English and in Spanish, or leave both empty."))
    current = queries.current(session, indicator, stretch)
    if (
        current is not None
        and dict(current.values) == values
        and _says_nothing_new(draft, note, current.note)
    ):
        raise Unchanged(_l("This is what is published already."))
    if not draft.note.is_complete:
        _check_needs_no_note(is_correction=current is not None, is_missing=None in values.values())
    return values, note


def _values(indicator: Indicator, draft: EntryDraft) -> dict[str, Value]:
    known = [category.key for category in indicator.categories]
    parts = {key: draft.parts.get(key) for key in known}
    unknown = sorted(set(draft.parts) - set(known))
    if unknown:
        raise BadEntry(_l("The indicator has no category “%(key)s”.", key=unknown[0]), unknown[0])
    given = [value for value in parts.values() if isinstance(value, int)]
    if indicator.unit in ADDING_UNITS and isinstance(draft.total, int) and None not in parts.values():
        most = sum(given) + sum(_most(value) for value in parts.values() if isinstance(value, Below))
        _check_sum(indicator.unit, draft, draft.total, sum(given), most if parts else None)
    elif indicator.unit in ADDING_UNITS and given:
        if not isinstance(draft.total, int) and len(given) < len(parts):
            raise BadEntry(_l("Write the total: not every category has a number."), TOTAL)
        if isinstance(draft.total, int):
            _check_sum(indicator.unit, draft, draft.total, sum(given), None)
        else:
            return {TOTAL: sum(given), **parts}
    return {TOTAL: draft.total, **parts}


def _most(value: Below) -> int:
    return (value.bound - 1) * 100


def _check_sum(unit: Unit, draft: EntryDraft, total: int, together: int, most: int | None) -> None:
    """Whether the categories can add up to the total: to ``together`` at least, to ``most`` at most (None: to
    whatever it is).
    """
    if together > total or (most is not None and most < total and not draft.has_rest):
        at_most = together if most is None else most
        raise BadEntry(_does_not_add_up(said(together, unit), said(at_most, unit), said(total, unit)), TOTAL)


def _does_not_add_up(least: str, most: str, total: str) -> object:
    """That the categories do not add up; between two numbers where some are only below a bound."""
    if least == most:
        return _l(
            "The categories add up to %(sum)s, and the total is %(total)s. Mend one of them; where the "
            "total has more than the categories, say that the rest is in none of them.",
            sum=least,
            total=total,
        )
    return _l(
        "The categories add up to between %(least)s and %(most)s, and the total is %(total)s. Mend one of "
        "them; where the total has more than the categories, say that the rest is in none of them.",
        least=least,
        most=most,
        total=total,
    )


def _check_share(unit: Unit, draft: EntryDraft) -> None:
    """A share of few people, or one that stands for few of many, tells of them."""
    shares = [share for share in (draft.total, *draft.parts.values()) if isinstance(share, int)]
    if unit is not Unit.PERCENT or not shares:
        return
    if draft.base is None:
        raise BadEntry(_l("Write of how many people or cases this is the share."), "base")
    for share in shares:
        people = round(share * draft.base / 100_00)
        if people < K or draft.base - people < K:
            raise BadEntry(
                _l(
                    "This share would tell of fewer than %(limit)s people or cases. Leave it empty, and say "
                    "in the note that it is kept back for this reason.",
                    limit=K,
                ),
                "base",
            )


def _with_base(draft: EntryDraft) -> Localised:
    if draft.base is None or not any(isinstance(one, int) for one in (draft.total, *draft.parts.values())):
        return draft.note
    return Localised(
        f"{draft.note.en} Share of {draft.base:,}.".strip(),
        f"{draft.note.es} De un total de {draft.base:,}.".strip(),
    )


def _says_nothing_new(draft: EntryDraft, note: Localised, published: Localised) -> bool:
    """Whether a note adds nothing: who sends the same numbers, of the same base, without a word corrects
    nothing.
    """
    bare = _with_base(replace(draft, note=NOT_WRITTEN))
    return note == published or (not draft.note and published.en.endswith(bare.en))


def _check_needs_no_note(*, is_correction: bool, is_missing: bool) -> None:
    if is_correction:
        raise BadEntry(_l("Say in the note, in both languages, why the figure is corrected."), "note")
    if is_missing:
        raise BadEntry(_l("Say in the note, in both languages, why a number was not collected."), "note")
