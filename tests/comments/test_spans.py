"""Which stretches are redacted: places in the text that readers see, and in the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.comments.redacted import RedactionKind, blanked, mark_of
from engage.comments.spans import Span, each_of, found_in, in_original, merge, part_beyond, pieces, redacted

PHONE, NAME = RedactionKind.PHONE, RedactionKind.PERSON_NAME
TEXT = "Call Ana at 970-555-0142 about the vote."


def span(words: str, kind: RedactionKind = PHONE, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), kind)


def test_a_mark_stands_in_place_of_each_stretch() -> None:
    assert (
        redacted(TEXT, [span("Ana", NAME), span("970-555-0142")])
        == "Call ⟦person_name⟧ at ⟦phone⟧ about the vote."
    )


def test_what_somebody_typed_never_looks_like_a_mark() -> None:
    assert redacted("⟦phone⟧ is what Ana wrote", [span("Ana", NAME, "⟦phone⟧ is what Ana wrote")]) == (
        "[phone] is what ⟦person_name⟧ wrote"
    )


def test_the_analysis_sees_no_word_of_a_mark_and_every_place_stays() -> None:
    text = redacted(TEXT, [span("970-555-0142")])

    assert "phone" not in blanked(text)
    assert len(blanked(text)) == len(text)


def test_stretches_that_overlap_become_one_of_the_kind_of_the_longest() -> None:
    assert merge([Span(0, 4, NAME), Span(2, 20, PHONE), Span(30, 31, NAME)]) == [
        Span(0, 20, PHONE),
        Span(30, 31, NAME),
    ]


def test_a_choice_that_touches_a_mark_takes_in_all_that_it_hides() -> None:
    before = [span("970-555-0142")]
    shown = redacted(TEXT, before)

    chosen = in_original(span("at ⟦ph", text=shown), pieces(len(TEXT), before))

    assert TEXT[chosen.start : chosen.stop] == "at 970-555-0142"


def test_every_place_where_words_stand_is_found_and_no_part_of_a_word() -> None:
    text = "ana, Ana and ANA, but not Anabel or Diana. Ana  Ruiz too."

    assert [text[each.start : each.stop] for each in each_of("Ana", text, NAME)] == [
        "ana",
        "Ana",
        "ANA",
        "Ana",
    ]
    assert [text[each.start : each.stop] for each in each_of("ana ruiz", text, NAME)] == ["Ana  Ruiz"]
    assert each_of("  ", text, NAME) == []


def test_personal_data_does_not_count_towards_how_much_is_hidden() -> None:
    text = "970-555-0142"
    assert found_in(text)
    assert part_beyond(text, found_in(text)) == 0
    assert part_beyond("All of it", [Span(0, 9, PHONE)]) == 1


def test_a_choice_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the text"):
        in_original(Span(90, 95, PHONE), pieces(len(TEXT), []))


@given(st.text(min_size=1, max_size=60), st.data())
def test_whatever_is_chosen_the_rest_stays_and_can_be_chosen_again(text: str, data: st.DataObject) -> None:
    def some(length: int) -> Span:
        start = data.draw(st.integers(0, length - 1))
        return Span(
            start, data.draw(st.integers(start + 1, length)), data.draw(st.sampled_from(RedactionKind))
        )

    spans: list[Span] = []
    for _ in range(3):
        shown = redacted(text, spans)
        layout = pieces(len(text), spans)
        assert "".join(shown[piece.shown[0] : piece.shown[1]] for piece in layout) == shown
        chosen = some(len(shown))
        there = in_original(chosen, layout)
        spans = merge([*spans, there])
        hidden = {place for each in spans for place in range(each.start, each.stop)}
        assert set(range(there.start, there.stop)) <= hidden
        for piece in pieces(len(text), spans):
            if piece.kind is None:
                assert piece.shown[1] - piece.shown[0] == piece.original[1] - piece.original[0]
            else:
                assert piece.shown[1] - piece.shown[0] == len(mark_of(piece.kind))
