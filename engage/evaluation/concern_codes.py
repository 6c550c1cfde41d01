"""The twelve older codes that the labelled sets of concerns go by, and ours for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

OLDER: Mapping[str, frozenset[str]] = {
    "PS": frozenset({"public_safety"}),
    "CO": frozenset({"cost_resources"}),
    "RP": frozenset({"equal_treatment"}),
    "EC": frozenset({"economy_work"}),
    "RL": frozenset({"rule_of_law"}),
    "OV": frozenset({"oversight_transparency"}),
    "TR": frozenset({"community_trust"}),
    "AC": frozenset({"access_services"}),
    "DA": frozenset({"data_privacy"}),
    "DP": frozenset({"due_process_rights"}),
    "FS": frozenset({"family_unity"}),
    "CR": frozenset({"crime_reporting"}),
}


def older_codes(codes: Iterable[str]) -> frozenset[str]:
    """The older codes of some of ours; ours that had none before have none."""
    ours = frozenset(codes)
    return frozenset(code for code, same in OLDER.items() if not same.isdisjoint(ours))
