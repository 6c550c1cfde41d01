"""The older codes and the concerns that stand for them."""

from __future__ import annotations

from engage.analysis import default_taxonomy
from engage.evaluation.concern_codes import OLD_CODES, older


def test_each_older_code_stands_for_concerns_of_the_taxonomy_and_no_concern_for_two() -> None:
    concerns = [code for codes in OLD_CODES.values() for code in codes]

    assert len(OLD_CODES) == 12
    assert set(concerns) <= set(default_taxonomy().codes)
    assert len(set(concerns)) == len(concerns)


def test_concerns_are_told_in_older_codes_and_others_are_passed_over() -> None:
    assert older(["legal_liability", "due_process_rights", "process_engagement"]) == {"DP"}
    assert older(["community_trust", "cost_resources"]) == {"TR", "CO"}
    assert older([]) == frozenset()
