"""The proof of work: only the right one, once, in time and for its own form counts (cases 23 and 24)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.checks.challenge import LIFETIME, LONGEST_PROOF, MOST_TRIES, Challenger
from engage.clock import utcnow

KEY = "a key that is used in tests only"
FORM = "comment jail"


def solve(challenge: str, **changes: Any) -> dict[str, Any]:
    """What the browser sends, before it is encoded."""
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(json.loads(challenge)))
    assert solution is not None
    found = {"counter": solution.counter, "derivedKey": solution.derived_key}
    return {"challenge": json.loads(challenge), "solution": found | changes}


def encode(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.fixture(scope="module")
def challenger() -> Challenger:
    """The site's own."""
    return Challenger(KEY)


@pytest.fixture(scope="module")
def solved(challenger: Challenger) -> dict[str, Any]:
    """A challenge with its true solution."""
    return solve(challenger.issue(FORM, utcnow()))


def test_a_true_one_counts(challenger: Challenger, solved: dict[str, Any]) -> None:
    found = challenger.check(encode(solved), FORM)

    assert found is not None
    assert len(found.digest) == 64
    assert utcnow().date() <= found.last_day <= (utcnow() + LIFETIME + timedelta(hours=1)).date()
    assert len(encode(solved)) < LONGEST_PROOF / 2


def test_the_search_ends_within_the_tries_that_are_promised(challenger: Challenger) -> None:
    counters = [solve(challenger.issue(FORM, utcnow()))["solution"]["counter"] for _ in range(5)]

    assert max(counters) < MOST_TRIES
    assert len(set(counters)) > 1


def test_one_of_another_form_does_not_count(challenger: Challenger, solved: dict[str, Any]) -> None:
    assert challenger.check(encode(solved), "comment other") is None
    assert challenger.check(encode(solved), "contest jail") is None


def test_one_of_another_site_does_not_count(solved: dict[str, Any]) -> None:
    assert Challenger("another key that is used in tests").check(encode(solved), FORM) is None


def test_one_that_is_older_than_its_life_does_not_count(challenger: Challenger) -> None:
    late = solve(challenger.issue(FORM, utcnow() - LIFETIME - timedelta(hours=1)))

    assert challenger.check(encode(late), FORM) is None


def test_a_challenge_tells_no_instant(challenger: Challenger) -> None:
    said = json.loads(challenger.issue(FORM, datetime(2026, 11, 25, 19, 47, 31, 5, tzinfo=UTC)))

    expires = datetime.fromtimestamp(said["parameters"]["expiresAt"], UTC)
    assert expires == datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "0",
        "null",
        "true",
        "e30=",
        "bnVsbA==",
        "W10=",
        "not base64 at all",
        "💥",
        "\x00",
        "A" * 1_000_000,
        encode({"challenge": {}, "solution": {}}),
        encode({"challenge": {"parameters": {}}, "solution": {}}),
        encode({"challenge": [], "solution": []}),
        encode(
            {"challenge": {"parameters": "x", "signature": 1}, "solution": {"counter": "", "derivedKey": []}}
        ),
        encode({"verified": True}),
        base64.b64encode(b'{"challenge":' + b"[" * 1000).decode(),
    ],
)
def test_garbage_does_not_count(challenger: Challenger, garbage: str) -> None:
    # The library's result is an object, which is true even where it says no.
    assert challenger.check(garbage, FORM) is None


@pytest.mark.parametrize(
    "change",
    [
        {"derivedKey": "00" * 32},
        {"derivedKey": ""},
        {"derivedKey": None},
        {"derivedKey": True},
        {"derivedKey": ["00"]},
    ],
)
def test_a_wrong_solution_does_not_count(
    challenger: Challenger, solved: dict[str, Any], change: dict[str, Any]
) -> None:
    assert challenger.check(encode(solved | {"solution": solved["solution"] | change}), FORM) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost", 1),
        ("keyPrefix", ""),
        ("keyPrefix", "00"),
        ("keySignature", None),
        ("keySignature", ""),
        ("expiresAt", 99_999_999_999),
        ("expiresAt", None),
        ("data", {"form": "comment other"}),
        ("algorithm", "SHA-256"),
        ("nonce", "00" * 16),
    ],
)
def test_a_challenge_that_was_made_easier_does_not_count(
    challenger: Challenger, solved: dict[str, Any], name: str, value: object
) -> None:
    easier = json.loads(json.dumps(solved))
    easier["challenge"]["parameters"][name] = value

    for form in (FORM, "comment other"):
        assert challenger.check(encode(easier), form) is None


@pytest.mark.parametrize("signature", [None, "", 0, True, "00" * 32, ["x"]])
def test_a_signature_that_is_not_ours_does_not_count(
    challenger: Challenger, solved: dict[str, Any], signature: object
) -> None:
    forged = {"parameters": solved["challenge"]["parameters"], "signature": signature}

    assert challenger.check(encode(solved | {"challenge": forged}), FORM) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["parameters", "signature", "algorithm", "nonce", "salt", "cost", "expiresAt", "data"]
)


@settings(max_examples=150, deadline=None)
@given(
    challenge=_JSON | st.dictionaries(_NAMES, _JSON | st.dictionaries(_NAMES, _JSON)),
    solution=_JSON | st.fixed_dictionaries({"counter": _JSON, "derivedKey": _JSON}),
)
def test_whatever_is_sent_is_answered_with_no(challenge: object, solution: object) -> None:
    assert Challenger(KEY).check(encode({"challenge": challenge, "solution": solution}), FORM) is None
