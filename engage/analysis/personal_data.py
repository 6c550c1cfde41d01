"""Personal data in a text, with its place, so that its author can be warned and a moderator can redact it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.folding import Folded


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


_PATTERNS = (
    (PersonalDataKind.EMAIL, re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    (PersonalDataKind.SSN, re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")),
    (PersonalDataKind.A_NUMBER, re.compile(r"\bA[- ]?\d{3}[- ]?\d{3}[- ]?\d{2,3}\b")),
)


def find_personal_data(folded: Folded) -> tuple[PersonalData, ...]:
    """Every stretch of personal data in a folded text, in order."""
    found = [
        PersonalData(kind, *folded.original(match.start(), match.end()))
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(folded.cased)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind)))
