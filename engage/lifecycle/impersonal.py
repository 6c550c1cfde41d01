"""The register is of organisations and offices. What would reach or identify one person is refused."""

from __future__ import annotations

from collections.abc import Iterable

from engage.analysis import PersonalDataKind
from engage.analysis.personal_pieces import cut_at_personal_data
from engage.db.types import Localised

REFUSED = frozenset(
    {
        PersonalDataKind.EMAIL,
        PersonalDataKind.PHONE,
        PersonalDataKind.SSN,
        PersonalDataKind.A_NUMBER,
        PersonalDataKind.DOB,
        PersonalDataKind.CARD,
        PersonalDataKind.PLATE,
        PersonalDataKind.STATUS_DISCLOSURE,
    }
)
"""Not street addresses, which an office has too, and not names: a parish is often called after somebody."""


def found_in(text: str) -> str | None:
    """The first stretch that does not belong into the register; None where there is none."""
    pieces = cut_at_personal_data(text)
    return next((piece.text for piece in pieces if piece.kind in REFUSED), None)


def found_in_any(texts: Iterable[Localised]) -> str | None:
    """The first such stretch of several texts in any language."""
    return next((found for text in texts for part in (text.en, text.es) if (found := found_in(part))), None)
