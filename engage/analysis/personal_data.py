"""Personal data in a text, with its place, so that its author can be warned and a moderator can redact it.

Each kind has a grammar of its own: numbers (`personal_numbers`), dates of birth (`personal_dates`), where a
person can be reached (`personal_places`), statements of immigration status (`status_disclosure`) and, in a
narrow sense that is said there, names of private persons (`personal_names`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.folding import Folded
from engage.analysis.personal_dates import find_dates_of_birth
from engage.analysis.personal_names import find_names
from engage.analysis.personal_numbers import (
    find_a_numbers,
    find_cards,
    find_phones,
    find_plates,
    find_spelled_phones,
    find_spelled_ssns,
    find_ssns,
    says_numbers,
)
from engage.analysis.personal_places import find_addresses, find_emails
from engage.analysis.status_disclosure import find_status_disclosures


class PersonalDataKind(StrEnum):
    """What kind of personal data a stretch of text is."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    SSN = "ssn"
    A_NUMBER = "a_number"
    DOB = "dob"
    CARD = "card"
    PLATE = "plate"
    STATUS_DISCLOSURE = "status_disclosure"
    PERSON_NAME = "person_name"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One half-open stretch of the original text that holds personal data."""

    kind: PersonalDataKind
    start: int
    end: int


_Finder = Callable[[Folded], Iterator[tuple[int, int]]]

# The surest first: of two that overlap the first is kept. With each the fewest digits that it needs near each
# other: most texts have none, and most digits are a year, so most finders are seldom asked.
_OF_DIGITS: tuple[tuple[PersonalDataKind, int, _Finder], ...] = (
    (PersonalDataKind.CARD, 13, find_cards),
    (PersonalDataKind.A_NUMBER, 8, find_a_numbers),
    (PersonalDataKind.SSN, 4, find_ssns),
    (PersonalDataKind.PLATE, 1, find_plates),
    (PersonalDataKind.PHONE, 7, find_phones),
    (PersonalDataKind.ADDRESS, 1, find_addresses),
)
_OF_SPELLED_DIGITS: tuple[tuple[PersonalDataKind, _Finder], ...] = (
    (PersonalDataKind.SSN, find_spelled_ssns),
    (PersonalDataKind.PHONE, find_spelled_phones),
)
_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[a-z]+")
# No datum with its words reaches further from its digits than this, in characters.
_REACH = 130


def find_personal_data(folded: Folded) -> tuple[PersonalData, ...]:
    """Every stretch of personal data in a folded text, in order.

    Of two data that overlap the surer is kept; statements and names may hold others.
    """
    words = frozenset(_WORD.findall(folded.text))
    found: list[tuple[PersonalDataKind, int, int]] = []
    for kind, start, end in _data(folded, words):
        if not any(start < other_end and other_start < end for _, other_start, other_end in found):
            found.append((kind, start, end))
    data = [(start, end) for _, start, end in found]
    statuses = list(find_status_disclosures(folded, words))
    found += [(PersonalDataKind.STATUS_DISCLOSURE, *span) for span in statuses]
    found += [(PersonalDataKind.PERSON_NAME, *span) for span in find_names(folded, words, statuses, data)]
    stretches = (PersonalData(kind, *folded.original(start, end)) for kind, start, end in found)
    return tuple(sorted(stretches, key=lambda one: (one.start, one.end, one.kind)))


def _data(folded: Folded, words: AbstractSet[str]) -> Iterator[tuple[PersonalDataKind, int, int]]:
    """All that the finders find, whether it overlaps or not."""
    yield from ((PersonalDataKind.EMAIL, start, end) for start, end in find_emails(folded, words))
    yield from ((PersonalDataKind.DOB, start, end) for start, end in find_dates_of_birth(folded, words))
    near = list(_near_digits(folded))
    for kind, least, find in _OF_DIGITS if near else ():
        for offset, digits, stretch in near:
            if digits >= least:
                yield from ((kind, offset + start, offset + end) for start, end in find(stretch))
    if says_numbers(words):
        for kind, find in _OF_SPELLED_DIGITS:
            yield from ((kind, start, end) for start, end in find(folded))


def _near_digits(folded: Folded) -> Iterator[tuple[int, int, Folded]]:
    """The stretches within reach of a digit: where each begins, how many digits it has, and itself."""
    places = [match.start() for match in _DIGIT.finditer(folded.text)]
    if places and len(folded.text) <= 2 * _REACH:
        yield 0, len(places), folded
        return
    first = 0
    for number, place in enumerate(places):
        if number + 1 < len(places) and places[number + 1] - place <= 2 * _REACH:
            continue
        begin, end = max(0, places[first] - _REACH), place + _REACH
        stretch = Folded(folded.cased[begin:end], folded.text[begin:end], None, end - begin)
        yield begin, number + 1 - first, stretch
        first = number + 1
