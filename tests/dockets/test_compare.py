"""The comparison of two versions says what was taken out and put in, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engage.dockets.compare import Change, ChangeKind, Words, compare, paragraphs

BEFORE = """# Agreement

The county pays for training.

- Officers wear badges.
- Officers carry cameras.

The whole agreement lasts one year."""


def kinds(changes: list[Change]) -> list[ChangeKind]:
    return [change.kind for change in changes]


def test_equal_texts_have_no_changes() -> None:
    assert set(kinds(compare(BEFORE, BEFORE))) == {ChangeKind.SAME}


def test_list_items_are_compared_one_by_one() -> None:
    assert paragraphs(BEFORE)[2:4] == ["- Officers wear badges.", "- Officers carry cameras."]


def test_a_changed_word_is_marked_within_its_paragraph() -> None:
    (change,) = [
        change
        for change in compare(BEFORE, BEFORE.replace("one year", "two years"))
        if change.kind is not ChangeKind.SAME
    ]

    assert change.words == (
        Words(ChangeKind.SAME, "The whole agreement lasts"),
        Words(ChangeKind.REMOVED, "one year."),
        Words(ChangeKind.ADDED, "two years."),
    )


def test_a_word_that_stayed_between_two_changes_does_not_chop_them_up() -> None:
    (change,) = compare(
        "Up to eight patrol deputies would do the work of officers in the county this year.",
        "Up to five patrol officers would do the work of officers in the county this year.",
    )

    assert [part.text for part in change.words] == [
        "Up to",
        "eight patrol deputies",
        "five patrol officers",
        "would do the work of officers in the county this year.",
    ]


def test_a_table_is_never_taken_apart() -> None:
    table = "| Cost | One | Two |\n|---|---|---|\n| Staff | 1 | 2 |"

    assert kinds(compare(table, table.replace("| 1 |", "| 3 |"))) == [ChangeKind.REMOVED, ChangeKind.ADDED]


def test_paragraphs_that_came_and_went_are_told_apart() -> None:
    after = BEFORE.replace(
        "The county pays for training.", "ICE teaches in Georgia and elsewhere, at no cost."
    )

    changed = [change for change in compare(BEFORE, after) if change.kind is not ChangeKind.SAME]

    assert kinds(changed) == [ChangeKind.REMOVED, ChangeKind.ADDED]


def test_a_paragraph_that_was_put_before_a_changed_one_stands_before_it() -> None:
    after = "Quite another start.\n\nIt lasts two whole years and no longer."

    assert kinds(compare("It lasts two years and no longer.", after)) == [
        ChangeKind.ADDED,
        ChangeKind.CHANGED,
    ]


words = st.sampled_from(["one", "two", "three", "*four*", "- five", "\n\n", "\n", "six."])
texts = st.lists(words, max_size=30).map(" ".join)


@given(texts, texts)
def test_both_texts_can_be_read_out_of_the_comparison(before: str, after: str) -> None:
    def plain(text: str) -> str:
        return " ".join(text.replace("*", "").split())

    changes = compare(before, after)

    for text, other in ((before, ChangeKind.ADDED), (after, ChangeKind.REMOVED)):
        read = [
            " ".join(part.text for part in change.words if part.kind is not other)
            if change.words
            else change.text
            for change in changes
            if change.kind is not other
        ]
        assert plain(" ".join(read)) == plain(" ".join(paragraphs(text)))
