"""The twelve older codes that sets of sentences are labelled with, and the concerns that stand for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# An older code is met by any of its concerns. Concerns that no older code knows, such as well-being, are left
# out: a set labelled with the older codes can say nothing about them.
OLD_CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "PS": frozenset({"public_safety"}),
        "CO": frozenset({"cost_resources"}),
        "RP": frozenset({"equal_treatment"}),
        "EC": frozenset({"economy_work"}),
        "RL": frozenset({"rule_of_law"}),
        "OV": frozenset({"oversight_transparency"}),
        "TR": frozenset({"community_trust", "training_conduct"}),
        "AC": frozenset({"access_services"}),
        "DA": frozenset({"data_privacy"}),
        "DP": frozenset({"due_process_rights", "legal_liability"}),
        "FS": frozenset({"family_unity"}),
        "CR": frozenset({"crime_reporting"}),
    }
)


def older(codes: Iterable[str]) -> frozenset[str]:
    """The older codes that stand for some of these concerns; a code that has none is passed over."""
    given = frozenset(codes)
    return frozenset(old for old, new in OLD_CODES.items() if not new.isdisjoint(given))
