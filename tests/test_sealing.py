"""What is sealed opens with its key, for its purpose and its row, and otherwise not at all."""

from __future__ import annotations

import pytest

from engage.sealing import CannotOpen, Sealer, derive, new_key

SECRET = "a secret of thirty-two characters"


def test_what_was_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    sealer = Sealer(SECRET, "contacts")
    first, second = sealer.seal(b"ana@example.org"), sealer.seal(b"ana@example.org")

    assert first != second
    assert b"ana" not in first
    assert sealer.open(first) == sealer.open(second) == b"ana@example.org"


@pytest.mark.parametrize(
    ("opener", "bound_to"),
    [
        (Sealer("another secret of enough characters", "contacts"), "row 1"),
        (Sealer(SECRET, "originals"), "row 1"),
        (Sealer(SECRET, "contacts"), "row 2"),
    ],
)
def test_another_key_purpose_or_row_cannot_open_it(opener: Sealer, bound_to: str) -> None:
    sealed = Sealer(SECRET, "contacts").seal(b"text", bound_to="row 1")

    with pytest.raises(CannotOpen):
        opener.open(sealed, bound_to=bound_to)


@pytest.mark.parametrize("kept", [0, 5, 20])
def test_what_was_cut_short_or_changed_does_not_open(kept: int) -> None:
    sealer = Sealer(SECRET, "contacts")
    sealed = sealer.seal(b"text")

    for changed in (sealed[:kept], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(CannotOpen):
            sealer.open(changed)


def test_a_blind_index_is_equal_for_equal_texts_only_and_differs_by_key() -> None:
    sealer = Sealer(SECRET, "contacts")

    assert sealer.index("ana@example.org") == sealer.index("ana@example.org")
    assert sealer.index("ana@example.org") != sealer.index("eva@example.org")
    assert sealer.index("ana@example.org") != Sealer(new_key(), "contacts").index("ana@example.org")


def test_keys_of_two_purposes_have_nothing_in_common() -> None:
    assert derive(SECRET, "one") != derive(SECRET, "two")
    assert len(derive(SECRET, "one", 64)) == 64
