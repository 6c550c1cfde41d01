"""What is printed of what people said: as much of one side as of the other, and the rest is counted."""

from __future__ import annotations

import pytest
from flask import Flask

from engage.reports.document.blocks import Quote, Section, Text
from engage.reports.typeset.extracts import extract
from engage.reports.typeset.layout import Layout
from tests.reports.made import reader


def quote(number: int, position: str, text: str | None = "Words.") -> Quote:
    return Quote(
        tracking_number=f"7Q2M-9KXD-{number:02}",
        position=position,
        position_label=position.title(),
        text=text,
        language="en",
        begins_later=False,
        ends_sooner=False,
        href=f"/comments/{number}",
    )


def concern(code: str, *lists: Section) -> Section:
    return Section(f"voices-{code}", f"Concern {code}", (), lists)


def test_of_each_list_the_first_of_each_side_and_of_the_others_is_printed() -> None:
    positions = ("support", "support", "oppose", "oppose", "oppose", "neutral", "mixed")
    told = extract(Section("a-said", "Said", tuple(quote(*each) for each in enumerate(positions))))

    assert told.support is not None
    assert told.oppose is not None
    numbers = [each.tracking_number[-2:] for each in (told.support, told.oppose, *told.below)]
    assert numbers == ["00", "02", "05"]
    assert told.left_out == 4


def test_a_sentence_that_nobody_may_read_gives_its_place_to_the_next_of_its_side() -> None:
    told = extract(
        Section("a-said", "Said", (quote(0, "support", None), quote(1, "support"), quote(2, "oppose")))
    )

    assert told.support is not None
    assert told.support.tracking_number.endswith("01")
    assert (told.left_out, told.gone) == (0, 1)


def test_of_statements_that_do_not_go_together_the_first_whole_pair_is_printed() -> None:
    pairs = (quote(0, "oppose", None), quote(1, "support"), quote(2, "oppose"), quote(3, "neutral"))
    told = extract(Section("a-pairs", "Pairs", pairs))

    assert [each.tracking_number[-2:] for each in told.below] == ["02", "03"]
    assert not told.has_sides
    assert told.left_out == 1


def test_a_side_without_a_sentence_is_said_and_what_is_left_out_is_counted_with_its_address(
    bare_site: Flask,
) -> None:
    said = Section("a-said", "Said", (quote(0, "oppose"), quote(1, "oppose"), quote(2, "oppose")))
    section = Section("voices", "Voices", (), (concern("b", said), concern("a", said)))
    with reader(bare_site):
        laid = Layout(str, more={"voices-a": "/concerns/a", "voices-b": "/concerns/b"}).section(section)
        told = laid["sections"][0]["blocks"][0]

    assert [each["id"] for each in laid["sections"]] == ["voices-a", "voices-b"]
    assert "4 more sentences stand on the pages of the concerns, on the web." in laid["blocks"][-1]["text"]
    assert told["heads"] == ["What it is", "Support", "Oppose"]
    assert told["rows"][0]["sides"][0] is None
    assert told["rows"][0]["sides"][1]["number"] == "7Q2M-9KXD-00"
    assert told["rows"][0]["none"] == "No sentence of theirs is in this list."
    assert (told["more"], told["href"]) == ("2 more sentences on the page of this concern", "/concerns/a")


@pytest.mark.parametrize(("language", "mark"), [("en", ""), ("es", "(en inglés)")])
def test_words_in_another_language_than_the_reports_are_marked(
    bare_site: Flask, language: str, mark: str
) -> None:
    said = Section("a-said", "Said", (quote(0, "oppose"),))
    with reader(bare_site, language):
        laid = Layout(str).section(Section("voices", "Voices", (), (concern("a", said),)))

    assert laid["sections"][0]["blocks"][0]["rows"][0]["sides"][1]["mark"] == mark


def test_the_contents_name_a_concern_once_and_every_section(bare_site: Flask) -> None:
    said = Section("a-said", "Said", (quote(0, "oppose"),))
    answer = Section("answer-a", "Concern a", (Text("Accepted."),))
    sections = (
        Section("voices", "Voices", (), (concern("a", said),)),
        Section("answers", "Answers", (), (answer,)),
        Section("method", "Answers", (Text("How."),)),
    )
    with reader(bare_site):
        layout = Layout(str)
        voices, answers, method = (layout.section(each) for each in sections)

    assert [inner["is_listed"] for inner in (*voices["sections"], *answers["sections"])] == [True, False]
    assert all(each["is_listed"] for each in (voices, answers, method))
