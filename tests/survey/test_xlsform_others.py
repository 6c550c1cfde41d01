"""XLSForms that others wrote: taken with the same meaning, or refused by sheet and row."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from engage.db.types import Localised
from engage.survey import incoming, workbook, workbook_child, xlsform, xlsform_read
from engage.survey.conditions import Comparison, Operator
from engage.survey.definition import Definition, Kind, Section
from engage.survey.expressions import parse
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition
from engage.survey.workbook import Workbook

FORUM = """
| survey |
|   | type | name | label::English (en) | label::Español (es) | hint::English (en) | required | relevant | constraint | appearance |
|   | start | start | | | | | | | |
|   | begin group | about | The forum | El foro | | | | | field-list |
|   | select_one yes_no | attended | Were you there? | ¿Estuvo usted allí? | | yes | | | |
|   | select_multiple reasons | reasons | Why not? | ¿Por qué no? | Choose two at most | | ${attended} = 'no' | count-selected(.) <= 2 | |
|   | text | why_other | Which other? | ¿Cuál otra? | | yes | selected(${reasons}, 'other') | | |
|   | integer | people | How many came with you? | ¿Cuántas personas? | | | ${attended} = 'yes' | . >= 0 and . <= 20 | |
|   | end group | | | | | | | | |
|   | begin group | views | Your view | Su opinión | | | | | |
|   | begin group | parts | Rate each part | Valore cada parte | | | ${attended} != 'no' | | table-list |
|   | select_one rating | sound | Sound | Sonido | | | | | |
|   | select_one rating | time | Time to speak | Tiempo para hablar | | | | | |
|   | end group | | | | | | | | |
|   | range | overall | Overall | En general | | | | | |
|   | rank topics | order | What first? | ¿Qué primero? | | | | | |
|   | text | more | Anything else? | ¿Algo más? | | | ${sound} = 'bad' or (count-selected(${reasons}) > 0 and not(${people} > 3)) | | multiline |
|   | date | day | When? | ¿Cuándo? | | | | . >= date('2026-01-01') | |
|   | end group | | | | | | | | |
| choices |
|   | list_name | name | label::English (en) | label::Español (es) |
|   | yes_no | yes | Yes | Sí |
|   | yes_no | no | No | No |
|   | reasons | work | Work | Trabajo |
|   | reasons | far | Too far | Muy lejos |
|   | reasons | other | Other | Otra |
|   | rating | good | Good | Bien |
|   | rating | bad | Bad | Mal |
|   | topics | jail | Jail | Cárcel |
|   | topics | road | Road | Calle |
| settings |
|   | form_title | form_id | default_language |
|   | Forum feedback | forum | English (en) |
"""  # noqa: E501 - a table has wide rows


def _taken(markdown: str) -> Taken:
    """Without the process of its own, which each of many tests would start."""
    said = workbook_child.read(".md", markdown.encode())
    return xlsform_read.take_workbook(Workbook(said["sheets"], said["refusal"]))


def _one_problem(markdown: str) -> tuple[str, int, str]:
    with pytest.raises(BadDefinition) as error:
        _taken(markdown)
    (problem,) = error.value.problems
    return problem.sheet, problem.row, str(problem)


class TestARealForm:
    def test_is_taken_with_its_meaning(self) -> None:
        definition = _taken(FORUM).definition

        assert definition.title.en == "Forum feedback"
        assert [page.name for page in definition.pages] == ["about", "views"]
        kinds = {question.name: question.kind for question in definition.questions()}
        assert kinds == {
            "attended": Kind.SINGLE,
            "reasons": Kind.MULTIPLE,
            "people": Kind.NUMBER,
            "parts": Kind.MATRIX,
            "overall": Kind.SCALE,
            "order": Kind.RANKING,
            "more": Kind.LONG_TEXT,
            "day": Kind.DATE,
        }
        by_name = {question.name: question for question in definition.questions()}
        reasons = by_name["reasons"]
        assert reasons.other
        assert reasons.most_choices == 2
        assert reasons.help == Localised("Choose two at most", "")
        assert reasons.visible_if == parse("{attended} = 'no'")
        assert (by_name["people"].minimum, by_name["people"].maximum) == ("0", "20")
        assert by_name["day"].minimum == "2026-01-01"
        assert (by_name["overall"].minimum, by_name["overall"].maximum) == ("1", "10")
        assert [row.text.es for row in by_name["parts"].rows] == ["Sonido", "Tiempo para hablar"]
        assert by_name["more"].visible_if == parse(
            "{parts.sound} = 'bad' or ({reasons} notempty and !({people} > 3))"
        )

    def test_tells_what_is_changed(self) -> None:
        notes = [str(note) for note in incoming.take(FORUM.encode()).notes]

        assert "Sheet “survey”, row 2: “start” is left out: it would tell who somebody is." in notes
        assert any("“why_other” is left out" in note for note in notes)
        assert any("a number with decimals is taken too" in note for note in notes)

    def test_comes_back_the_same_from_our_own_file(self) -> None:
        definition = _taken(FORUM).definition

        again = xlsform_read.take(xlsform.write(definition, form_id="forum")).definition

        assert again == definition

    def test_in_one_language_without_groups_is_taken(self) -> None:
        definition = _taken(
            "| survey | | | |\n| | type | name | label |\n| | text | a | First? |\n"
            "| | select_one l or_other | b | Second? |\n| choices | | | |\n| | list_name | name | label |\n"
            "| | l | x | X |\n| settings | | |\n| | form_title | default_language |\n"
            "| | Encuesta | Spanish (es) |\n"
        ).definition

        first, second = definition.questions()
        assert (first.title, definition.title) == (Localised("", "First?"), Localised("", "Encuesta"))
        assert second.other


def _survey(*rows: str, choices: str = "") -> str:
    head = "| survey | | | | | |\n| | type | name | label | relevant | constraint |\n"
    lines = "".join(f"| | {row} |\n" for row in rows)
    listed = f"| choices | | | |\n| | list_name | name | label |\n{choices}" if choices else ""
    return head + lines + listed


class TestRefused:
    @pytest.mark.parametrize(
        ("kind", "advice"),
        [
            ("begin_repeat", "Repeats"),
            ("calculate", "worked out"),
            ("geopoint", "part of the county"),
            ("image", "file"),
            ("audio", "file"),
            ("barcode", "in words"),
            ("acknowledge", "select_one"),
            ("dateTime", "in words"),
        ],
    )
    def test_types_are_named_by_sheet_and_row_with_what_to_do(self, kind: str, advice: str) -> None:
        rows = [
            "text | a | A | |",
            f"{kind} | b | B | |",
            *(["end_repeat | b | | |"] * (kind == "begin_repeat")),
        ]

        with pytest.raises(BadDefinition) as error:
            _taken(_survey(*rows))

        problem = error.value.problems[0]
        assert (problem.sheet, problem.row) == ("survey", 3)
        assert advice in str(problem)

    @pytest.mark.parametrize(
        "condition",
        [
            "${b} = 'x'",
            "${a} = ${a}",
            "${a} + 1 = 2",
            "today() > ${a}",
            "count-selected(${a}) > 2",
            "${a} =",
            "(" * 50 + "${a} = 'x'" + ")" * 50,
            "pulldata('x', 'y') = 1",
        ],
    )
    def test_conditions_are_named_by_sheet_and_row(self, condition: str) -> None:
        with pytest.raises(BadDefinition) as error:
            _taken(_survey("text | a | A | |", f"text | c | C | {condition} |"))

        assert ("survey", 3) in [(problem.sheet, problem.row) for problem in error.value.problems]

    def test_a_row_that_cannot_be_asked_is_told_once_though_others_depend_on_it(self) -> None:
        place = _one_problem(_survey("barcode | a | A | |", "text | b | B | ${a} != '' |"))

        assert place[:2] == ("survey", 2)

    def test_a_list_that_is_not_there_is_named(self) -> None:
        assert _one_problem(_survey("text | a | A | |", "select_one nolist | b | B | |"))[:2] == ("survey", 3)

    def test_a_group_without_its_end_is_named(self) -> None:
        assert _one_problem(_survey("begin_group | g | G | |", "text | a | A | |"))[:2] == ("survey", 2)

    def test_a_text_that_would_show_an_answer_is_named(self) -> None:
        sheet, row, text = _one_problem(_survey("text | a | A | |", "note | n | Hello ${a} | |"))

        assert (sheet, row) == ("survey", 3)
        assert "${a}" in text

    def test_what_only_pyxform_knows_is_told_in_its_words(self) -> None:
        sheet, row, text = _one_problem(_survey("text | a | A | |", "text | a | B | |"))

        assert (sheet, row) == ("survey", 3)
        assert "pyxform" in text

    def test_a_constraint_that_is_no_bound_is_left_out_and_told(self) -> None:
        notes = _taken(_survey("text | a | A | | regex(., '[0-9]+')")).notes

        assert any("regex" in str(note) for note in notes)


class TestWorkbooks:
    def test_old_xls_says_what_is_wrong_with_it(self) -> None:
        with pytest.raises(BadDefinition, match="cannot be read"):
            incoming.take(b"\xd0\xcf\x11\xe0" + b"\0" * 2000)

    def test_texts_that_begin_like_a_formula_are_texts(self) -> None:
        markdown = _survey(
            "text | a | =1+1 | |", "text | b | @SUM(A1) | |", "text | c | +1 | |", "text | d | -1 | |"
        )
        content = xlsform.write(_taken(markdown).definition, form_id="=f")

        sheets = zipfile.ZipFile(io.BytesIO(content))
        written = b"".join(sheets.read(name) for name in sheets.namelist() if "worksheets/" in name)
        assert b"<f>" not in written
        titles = [question.title.en for question in xlsform_read.take(content).definition.questions()]
        assert titles == ["=1+1", "@SUM(A1)", "+1", "-1"]
        cells = [
            cell
            for row in openpyxl.load_workbook(io.BytesIO(content))["survey"]
            for cell in row
            if cell.value
        ]
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.quotePrefix for cell in cells)

    @pytest.mark.parametrize(
        ("part", "said"), [("xl/vbaProject.bin", "macros"), ("xl/externalLinks/externalLink1.xml", "links")]
    )
    def test_with_macros_or_links_are_refused(self, part: str, said: str) -> None:
        with pytest.raises(BadDefinition, match=said):
            incoming.take(_with_part(part, b"x"))

    def test_that_unpack_to_much_are_refused_before_they_are_opened(self) -> None:
        with pytest.raises(BadDefinition, match="too large"):
            incoming.take(_with_part("xl/media/bomb", b"\0" * 30_000_000))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize(
        "rows",
        [
            '<row><c t="str"><v>text</v></c></row>' * 20_000,
            "<x:row/>" * 20_000,
            "<row>" + '<c t="str"/>' * 210_000 + "</row>",
        ],
        ids=["rows", "empty", "cells"],
    )
    def test_with_very_many_rows_or_cells_are_refused_before_they_are_opened(
        self, monkeypatch: pytest.MonkeyPatch, rows: str, encoding: str
    ) -> None:
        monkeypatch.setattr(workbook, "_opened", lambda *_: pytest.fail("was opened"))
        sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(encoding)

        with pytest.raises(BadDefinition, match="too large"):
            incoming.take(_with_part("xl/somewhere.data", sheet))

    def test_of_any_form_that_can_be_taken_are_opened(self) -> None:
        sheet = b"<worksheet><sheetData>" + (b"<row>" + b"<c/>" * 20 + b"</row>") * 4_000

        with pytest.raises(BadDefinition, match="cannot be read"):
            incoming.take(_with_part("xl/worksheets/sheet1.xml", sheet))

    def test_with_a_part_that_cannot_be_unpacked_are_refused(self) -> None:
        content = bytearray(_with_part("xl/odd", bytes(range(256)) * 50))
        place = content.index(b"xl/odd") + len("xl/odd") + 20
        content[place : place + 40] = b"\xff" * 40

        with pytest.raises(BadDefinition, match="damaged"):
            incoming.take(bytes(content))

    @pytest.mark.parametrize("content", [b"PK\x03\x04garbage", b"\xff\xfe\0x", b"hello", b"", b"%PDF-1.7"])
    def test_that_are_none_are_refused(self, content: bytes) -> None:
        with pytest.raises(BadDefinition):
            incoming.take(content)


def _with_part(name: str, content: bytes) -> bytes:
    """A workbook of ours with one part put in or replaced."""
    good = zipfile.ZipFile(io.BytesIO(xlsform.write(Definition(title=Localised("T", "T")), form_id="f")))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in good.namelist():
            if one != name:
                archive.writestr(one, good.read(one))
        archive.writestr(name, content)
    return made.getvalue()


def test_a_group_within_two_others_gives_them_its_questions() -> None:
    definition = _taken(
        _survey(
            "select_one l | s | S | |",
            "begin_group | p | P | |",
            "begin_group | q | Q | |",
            "begin_group | r | R | ${s} = 'x' |",
            "text | t | T | |",
            "end_group | | | |",
            "end_group | | | |",
            "end_group | | | |",
            choices="| | l | x | X |\n",
        )
    ).definition

    section = definition.pages[1].elements[0]
    assert isinstance(section, Section)
    assert [question.name for question in section.questions] == ["r", "t"]
    assert section.questions[1].visible_if == Comparison("s", Operator.EQUAL, "x")
