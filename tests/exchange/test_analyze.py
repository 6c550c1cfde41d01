"""``engage analyze``: a file in, a report out, all of it or nothing."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from engage.analysis import Analyser
from engage.exchange.analyze import COLUMNS, safe_cell, write_all
from engage.exchange.analyze_html import LISTED
from engage.exchange.cli_analyze import analyze_command
from engage.exchange.sources import BadFile
from tests.support.pages import Page

LETTER = "I urge the commissioners to reject this agreement because our deputies have enough to do already."
ROWS = [
    ("a1", "I strongly support this agreement. Criminals must go.", "support"),
    ("a2", "Me opongo al acuerdo: separa familias y nos da miedo.", "oppose"),
    ("a3", "", "oppose"),
    ("=1+1", f"{LETTER} Thank you.", ""),
    ("a5", LETTER, "oppose"),
    ("a6", "Profiling claims are nonsense. My cell is 336-555-0142.", "support"),
    ("a7", "<script>alert(1)</script> Who pays for this?", "question_only"),
    ("a8", "Tôi phản đối thỏa thuận này vì nó làm hại cộng đồng", "oppose"),
]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A small file of comments."""
    path = tmp_path / "comments in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Key", "What people said", "Side"))
        writer.writerows(ROWS)
    return path


COLUMNS_GIVEN = ("--text-column", "What people said", "--id-column", "Key", "--position-column", "Side")


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(analyze_command, [str(argument) for argument in arguments])


def _table(folder: Path) -> list[dict[str, str]]:
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _report(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text("utf-8"))


@pytest.fixture
def out(sheet: Path, tmp_path: Path) -> Path:
    """The folder of a finished analysis of the small file."""
    result = _run(sheet, "--out", tmp_path / "out", *COLUMNS_GIVEN)
    assert result.exit_code == 0, result.output
    return tmp_path / "out"


def test_the_table_has_the_columns_of_the_contract_and_a_row_for_each_row(out: Path) -> None:
    rows = _table(out)

    assert (out / "comments.csv").read_text("utf-8").split("\n")[0] == ",".join(COLUMNS)
    assert [row["id"] for row in rows] == ["a1", "a2", "a3", "'=1+1", "a5", "a6", "a7", "a8"]
    assert rows[0]["position_declared"] == rows[0]["position_suggested"] == "support"
    assert (rows[1]["language"], rows[1]["position_suggested"]) == ("es", "oppose")
    assert "family_unity" in rows[1]["concerns"].split(";")
    assert rows[5]["personal_data"] == "phone"
    assert (rows[7]["language"], rows[7]["tone"], rows[7]["tone_score"]) == ("vi", "not_scored", "")


def test_a_row_without_a_text_is_there_without_a_measure(out: Path) -> None:
    row = _table(out)[2]

    assert row == {
        "id": "a3",
        "language": "und",
        "tone": "not_scored",
        "tone_score": "",
        "concerns": "",
        "position_declared": "",
        "position_suggested": "unclear",
        "campaign": "",
        "campaign_size": "1",
        "personal_data": "",
    }


def test_texts_of_a_campaign_share_an_id_and_others_have_none(out: Path) -> None:
    rows = _table(out)

    assert rows[3]["campaign"] == rows[4]["campaign"] != ""
    assert rows[3]["campaign_size"] == rows[4]["campaign_size"] == "2"
    assert {row["campaign"] for row in rows} == {"", rows[3]["campaign"]}


def test_scores_are_numbers_between_minus_one_and_one(out: Path) -> None:
    scores = [float(row["tone_score"]) for row in _table(out) if row["tone"] != "not_scored"]

    assert scores
    assert all(-1 <= score <= 1 for score in scores)


def test_the_numbers_follow_their_published_schema_and_the_table(out: Path) -> None:
    report = _report(out)
    schema = json.loads((files("engage.exchange") / "data" / "report.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(report)

    rows = _table(out)
    assert report["rows"] == {"total": 8, "analysed": 7, "without_text": 1, "problems": 1}
    assert report["distinct_texts"] == 7
    assert report["positions"]["declared"]["oppose"] == 3  # of four: one has no text
    assert report["positions"]["declared"]["not_declared"] == 1
    assert report["tone"]["not_scored"] == {"total": 1, "reasons": {"language": 1}}
    assert report["campaigns"]["comments"] == 2
    assert report["analyser"]["version"] == Analyser().version
    for concern in report["concerns"]:
        assert concern["comments"] == sum(concern["code"] in row["concerns"].split(";") for row in rows)
        assert sum(concern["by_declared_position"].values()) == concern["comments"]
    assert next(one for one in report["concerns"] if one["code"] == "equal_treatment")["denied"] == 1


def test_equal_files_give_equal_bytes(sheet: Path, out: Path, tmp_path: Path) -> None:
    _run(sheet, "--out", tmp_path / "again", *COLUMNS_GIVEN, "--workers", 2)

    for name in ("comments.csv", "report.json", "report.html"):
        assert (out / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_is_whole_valid_and_asks_for_nothing(sheet: Path, tmp_path: Path, language: str) -> None:
    _run(sheet, "--out", tmp_path / "out", *COLUMNS_GIVEN, "--language", language)
    html = (tmp_path / "out" / "report.html").read_text("utf-8")
    page = Page(html)

    assert page.errors == []
    assert page.root.get("lang") == language
    assert len(page.all(".//h1")) == 1
    assert page.all(".//script") == page.all(".//link") == page.all(".//img") == []
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert "<script>alert" not in html


def test_every_number_on_the_page_leads_to_the_comments_behind_it(out: Path) -> None:
    page = Page((out / "report.html").read_text("utf-8"))
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    targets = {link.get("href", "")[1:] for link in page.all(".//a")}

    assert len(ids) == len(set(ids))
    assert targets <= set(ids)
    for cell in page.all(".//td[@class='n']"):
        text = "".join(cell.itertext()).strip()
        assert text == "0" or "%" in text or cell.find("a") is not None
    for section in page.all(".//section[h3]"):
        title = "".join(section[0].itertext())
        assert title.endswith(f"({len(section.findall('.//li'))})")


def test_a_long_list_says_where_the_rest_is(tmp_path: Path) -> None:
    sheet = tmp_path / "many.csv"
    sheet.write_text(
        "id,text\n" + "".join(f"n{n},I support this agreement: {n}\n" for n in range(LISTED + 10)), "utf-8"
    )
    _run(sheet, "--out", tmp_path / "out")
    page = Page((tmp_path / "out" / "report.html").read_text("utf-8"))

    section = page.one(".//section[@id='list-suggested-support']")
    assert len(section.findall(".//li")) == LISTED
    assert f"({LISTED + 10})" in "".join(section.itertext())
    assert "position_suggested = support" in "".join(section.itertext())


def test_personal_data_is_told_of_but_not_shown(out: Path) -> None:
    html = (out / "report.html").read_text("utf-8")

    assert "336-555-0142" not in html
    assert "My cell is [Telephone number]." in html


def test_a_taxonomy_of_ones_own_is_used(sheet: Path, tmp_path: Path) -> None:
    taxonomy = tmp_path / "mine.toml"
    taxonomy.write_text(
        'name = "mine"\nversion = 1\n[[concern]]\ncode = "money"\n'
        'name = { en = "Money" }\ncues = { en = ["pay"] }\n',
        "utf-8",
    )

    _run(sheet, "--out", tmp_path / "out", *COLUMNS_GIVEN, "--taxonomy", taxonomy)

    assert _table(tmp_path / "out")[6]["concerns"] == "money"
    assert _table(tmp_path / "out")[0]["concerns"] == "other_unclassified"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--taxonomy", "{tmp}/bad.toml"), "bad.toml: “name” is missing"),
        (("--cluster", "tcp://127.0.0.1:1"), "--cluster needs the package"),
        (("--semantic",), "--semantic: sentence vectors need an extra"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_nothing_is_written(
    sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr("engage.analysis.semantic.find_spec", lambda _: None)
    (tmp_path / "bad.toml").write_text("version = 1", "utf-8")

    result = _run(
        sheet,
        "--out",
        tmp_path / "out",
        *COLUMNS_GIVEN,
        *(one.replace("{tmp}", str(tmp_path)) for one in arguments),
    )

    assert result.exit_code == 1
    assert message in result.output
    assert not (tmp_path / "out").exists()


def test_a_file_that_turns_bad_leaves_nothing_and_harms_nothing(
    sheet: Path, out: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b'id,text\n1,fine\n2,"never closed\n' + b"x" * 300_000)

    result = _run(bad, "--out", out)

    assert result.exit_code != 0
    assert isinstance(result.exception, BadFile | SystemExit)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_column_that_is_not_there_is_named(sheet: Path, tmp_path: Path) -> None:
    result = _run(sheet, "--out", tmp_path / "out", "--text-column", "Nothing")

    assert isinstance(result.exception, BadFile)
    assert "Nothing" in str(result.exception)


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    def fail(_: TextIO) -> None:
        raise ValueError("no")

    (tmp_path / "one").write_text("old", "utf-8")
    with pytest.raises(ValueError, match="no"):
        write_all(tmp_path, {"one": lambda _: None, "two": fail})

    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"one": "old"}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'x"),
        ("\r=x", "'=x"),
        ("a\x00b\n", "ab"),
        ("id-7", "id-7"),
    ],
)
def test_no_cell_is_a_formula(cell: str, shown: str) -> None:
    assert safe_cell(cell) == shown


def test_it_needs_no_site(sheet: Path, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom engage.exchange.cli_analyze import analyze_command\n"
        "analyze_command.main(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'flask_babel'}))"
    )
    arguments = [sys.executable, "-c", program, str(sheet), "--out", str(tmp_path / "out"), *COLUMNS_GIVEN]

    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=100)

    assert done.stdout == "[]\n"
    assert "8 rows of comments in.csv" in done.stderr
