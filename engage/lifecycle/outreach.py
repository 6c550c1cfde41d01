"""Who was asked about a docket and who was not, counted. Plain dataclasses, no database.

A draft counts nowhere. A body that does not want to be named is in no list and in no table either; those of
them that were asked are told by their number alone, and only where there are several: one alone would be
known by whoever misses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.db.types import Localised
from engage.lifecycle.models import Outreach, OutreachOutcome, Stakeholder, StakeholderKind

FEWEST_UNNAMED = 2
"""Fewer bodies that are not named are not told of at all."""


class Standing(StrEnum):
    """What came of all attempts to ask one body; derived, never stored. The best outcome counts."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


_BEST_FIRST = (
    (OutreachOutcome.ANSWERED, Standing.ANSWERED),
    (OutreachOutcome.DECLINED, Standing.DECLINED),
    (OutreachOutcome.NO_ANSWER, Standing.NO_ANSWER),
    (OutreachOutcome.NOT_REACHED, Standing.NOT_REACHED),
)


@dataclass(frozen=True, slots=True)
class BodyTold:
    """One body by name, and what came of asking it. A report keeps its ``id`` in place of the name."""

    name: Localised
    kind: StakeholderKind
    standing: Standing
    id: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """The bodies of one kind, language or district: how many there are, were asked, have answered."""

    key: str
    bodies: int
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class OutreachTold:
    """Who was asked, for a page or a report. All but ``unnamed`` is about the bodies that are named.

    ``not_reached`` are all that have not answered, those that did not want to take part among them (their
    standing says so). ``by_language`` counts a body under each language that it is to be asked in, and as
    asked or answered only for an attempt in that language. ``by_district`` counts a body under each district
    that it is at home in; ``countywide`` are the bodies of none. Districts come as their codes.
    """

    bodies: int = 0
    asked: int = 0
    answered: int = 0
    declined: int = 0
    unnamed: int = 0
    not_reached: tuple[BodyTold, ...] = ()
    by_kind: tuple[Counted, ...] = ()
    by_language: tuple[Counted, ...] = ()
    by_district: tuple[Counted, ...] = ()
    countywide: int = 0

    @property
    def languages_without(self) -> tuple[str, ...]:
        """The languages in which nobody has answered."""
        return tuple(line.key for line in self.by_language if not line.answered)

    @property
    def districts_without(self) -> tuple[str, ...]:
        """The districts of which no body has answered."""
        return tuple(line.key for line in self.by_district if not line.answered)

    def __bool__(self) -> bool:
        return bool(self.bodies or self.unnamed)


def standing_of(contacts: Iterable[Outreach], today: date) -> Standing:
    """What came of these attempts up to a day. What is planned has not been tried."""
    outcomes = {contact.outcome for contact in contacts if _has_happened(contact, today)}
    return next((standing for outcome, standing in _BEST_FIRST if outcome in outcomes), Standing.NOT_ASKED)


def tell(
    named: Sequence[Stakeholder], unnamed: Sequence[Stakeholder], districts: Sequence[str], today: date
) -> OutreachTold:
    """Count bodies that are named, and those that do not want to be.

    ``districts``: the codes of all, in their order.
    """
    told = [(body, standing_of(body.contacts, today)) for body in named]
    hidden = sum(standing_of(body.contacts, today) is not Standing.NOT_ASKED for body in unnamed)
    standings = [standing for _, standing in told]
    return OutreachTold(
        bodies=len(told),
        asked=sum(standing is not Standing.NOT_ASKED for standing in standings),
        answered=standings.count(Standing.ANSWERED),
        declined=standings.count(Standing.DECLINED),
        unnamed=hidden if hidden >= FEWEST_UNNAMED else 0,
        not_reached=tuple(
            BodyTold(body.name, body.kind, standing, body.id)
            for body, standing in told
            if standing is not Standing.ANSWERED
        ),
        by_kind=_by_kind(told),
        by_language=_by_language(named, today),
        by_district=tuple(_count(code, told, _at_home_in(code)) for code in districts),
        countywide=sum(not body.districts for body in named),
    )


Told = tuple[Stakeholder, Standing]


def _by_kind(told: Sequence[Told]) -> tuple[Counted, ...]:
    present = {body.kind for body, _ in told}
    return tuple(_count(kind, told, _of_kind(kind)) for kind in StakeholderKind if kind in present)


def _of_kind(kind: StakeholderKind) -> Callable[[Stakeholder], bool]:
    return lambda body: body.kind is kind


def _at_home_in(code: str) -> Callable[[Stakeholder], bool]:
    return lambda body: code in body.districts


def _count(key: str, told: Iterable[Told], belongs: Callable[[Stakeholder], bool]) -> Counted:
    standings = [standing for body, standing in told if belongs(body)]
    asked = sum(standing is not Standing.NOT_ASKED for standing in standings)
    return Counted(str(key), len(standings), asked, standings.count(Standing.ANSWERED))


def _by_language(named: Sequence[Stakeholder], today: date) -> tuple[Counted, ...]:
    """Languages to ask in, and those that somebody was asked in, by how many bodies speak them."""
    spoken = {code for body in named for code in body.languages}
    used = {contact.language for body in named for contact in body.contacts if _has_happened(contact, today)}
    lines = [_in_language(code, named, today) for code in sorted(spoken | used)]
    return tuple(sorted(lines, key=lambda line: (-line.bodies, line.key)))


def _in_language(code: str, named: Sequence[Stakeholder], today: date) -> Counted:
    standings = [
        standing_of((contact for contact in body.contacts if contact.language == code), today)
        for body in named
    ]
    return Counted(
        code,
        sum(code in body.languages for body in named),
        sum(standing is not Standing.NOT_ASKED for standing in standings),
        standings.count(Standing.ANSWERED),
    )


def _has_happened(contact: Outreach, today: date) -> bool:
    return contact.outcome is not OutreachOutcome.PLANNED and contact.happened_on <= today
