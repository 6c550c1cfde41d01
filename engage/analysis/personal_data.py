"""Personal data in a text, with its place, so that its author can be warned and a moderator can redact it.

Each kind has a grammar of its own: numbers (`personal_numbers`), dates of birth (`personal_dates`), where a
person can be reached (`personal_places`), statements of immigration status (`status_disclosure`) and, in a
narrow sense that is said there, names of private persons (`personal_names`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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

# The surest first: of two that overlap the first is kept.
_FINDERS: tuple[tuple[PersonalDataKind, bool, _Finder], ...] = (
    (PersonalDataKind.EMAIL, False, find_emails),
    (PersonalDataKind.CARD, True, find_cards),
    (PersonalDataKind.A_NUMBER, True, find_a_numbers),
    (PersonalDataKind.SSN, True, find_ssns),
    (PersonalDataKind.SSN, False, find_spelled_ssns),
    (PersonalDataKind.DOB, False, find_dates_of_birth),
    (PersonalDataKind.PLATE, True, find_plates),
    (PersonalDataKind.PHONE, True, find_phones),
    (PersonalDataKind.PHONE, False, find_spelled_phones),
    (PersonalDataKind.ADDRESS, True, find_addresses),
)
_DIGIT = re.compile(r"[0-9]")


def find_personal_data(folded: Folded) -> tuple[PersonalData, ...]:
    """Every stretch of personal data in a folded text, in order.

    Of two data that overlap the surer is kept; statements and names may hold others. Finders that need a digit
    are not asked about a text without one, which is most of them.
    """
    found: list[tuple[PersonalDataKind, int, int]] = []
    has_digit = _DIGIT.search(folded.text) is not None
    for kind, needs_digit, find in _FINDERS:
        if has_digit or not needs_digit:
            for start, end in find(folded):
                if not any(start < other_end and other_start < end for _, other_start, other_end in found):
                    found.append((kind, start, end))
    data = [(start, end) for _, start, end in found]
    statuses = list(find_status_disclosures(folded))
    found += [(PersonalDataKind.STATUS_DISCLOSURE, *span) for span in statuses]
    found += [(PersonalDataKind.PERSON_NAME, *span) for span in find_names(folded, statuses, data)]
    stretches = (PersonalData(kind, *folded.original(start, end)) for kind, start, end in found)
    return tuple(sorted(stretches, key=lambda one: (one.start, one.end, one.kind)))
