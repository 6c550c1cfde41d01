"""The report on paper: tagged, whole, the same bytes for the same report, and inert whatever people wrote."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from pdfua import validate
from pypdf import PdfReader

from engage.reports.document import document, sections_of
from engage.reports.page import ReportPage
from engage.reports.typeset import pdf, press
from engage.reports.typeset.layout import MOST_COLUMNS, MOST_ROWS, Layout
from engage.reports.typeset.pdf import CannotPrint, pdf_of, print_order
from tests.reports.made import VERSION, inputs, large_inputs, reader, report_page

ATTACKS = (
    '#eval("1+1") #read("/etc/passwd") #import "@preview/cetz:0.3.0": * #sys.inputs',
    "$x^2$ *bold* _it_ `code` @reference <label> = heading - list / term: \\ \\u{41} ~ -- ---",
    "![](http://127.0.0.1:9/x.png) [link](file:///etc/passwd) http://127.0.0.1:9/ javascript:alert(1)",
    '"]) #panic() #let x = (1 //* */ " ${7*7} {{7*7}} <script>alert(1)</script>',
)
TONGUES = (
    "أنا أعارض هذا الاتفاق لأنه يفرق العائلات",
    "我反对这个协议 because it is wrong.",
    "אני תומך בהסכם",
    "👍🏽 Yes! 👨‍👩‍👧‍👦",
    "a\x00b\x1b c\u202e d\ud800",
    "नमस्ते",
)


def text_of(content: bytes) -> str:
    """All words of a PDF on one line, as a reader program finds them."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def elements(content: bytes) -> list[pikepdf.Dictionary]:
    """The elements of its structure tree, in the order in which they are read."""

    def below(node: Any) -> Iterator[pikepdf.Dictionary]:
        if isinstance(node, pikepdf.Array):
            for each in node:
                yield from below(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            yield from below(node.get("/K"))

    with pikepdf.open(io.BytesIO(content)) as opened:
        found = list(below(opened.Root.StructTreeRoot.K))
        return [pikepdf.Dictionary(_told(element)) for element in found]


def _told(element: pikepdf.Dictionary) -> dict[str, Any]:
    scopes = [str(each.Scope) for each in _list(element.get("/A")) if "/Scope" in each]
    return {
        "/S": element.S,
        "/Alt": pikepdf.String(str(element.get("/Alt", ""))),
        "/Scope": pikepdf.String("".join(scopes)),
    }


def _is(element: Any, kind: str) -> bool:
    return isinstance(element, pikepdf.Dictionary) and element.get("/S") == kind


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [value] if value is not None else []


@pytest.fixture(scope="module")
def printed(bare_site: Flask) -> dict[str, bytes]:
    """The same version in both languages, and its brief."""
    made = {}
    for language in ("en", "es"):
        with reader(bare_site, language):
            page = report_page(quotes=["They said so.", "So did we."], texts=["Sent twice."], version=VERSION)
            made[language] = pdf_of(page)
            made[f"{language} brief"] = pdf_of(page, is_brief=True)
    return made


class TestPdf:
    @pytest.mark.parametrize("form", ["en", "es", "en brief", "es brief"])
    def test_passes_what_can_be_checked_of_pdf_ua_without_a_person(
        self, printed: dict[str, bytes], form: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "report.pdf"
        path.write_bytes(printed[form])

        assert list(validate(str(path)).findings) == []

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_says_what_it_is_to_programs(self, printed: dict[str, bytes], language: str) -> None:
        title = {"en": "Report: The draft agreement", "es": "Informe: The draft agreement (es)"}[language]
        with pikepdf.open(io.BytesIO(printed[language])) as opened:
            root, info = opened.Root, opened.docinfo
            assert str(root.Lang) == f"{language}-US"
            assert bool(root.MarkInfo.Marked)
            assert bool(root.ViewerPreferences.DisplayDocTitle)
            assert str(info["/Title"]) == title
            assert "/Author" not in info
            assert str(info["/CreationDate"]) == "D:20261120170500Z"
            metadata = root.Metadata.read_bytes().decode()
            assert re.search(r"pdfuaid:part>\s*1\s*<|pdfuaid:part=\"1\"", metadata)
            assert root.Outlines.Count > 10
            assert len([page for page in opened.pages if "/Annots" in page]) > 2

    def test_has_headings_without_a_gap_and_names_for_all_figures_and_columns(
        self, printed: dict[str, bytes]
    ) -> None:
        found = elements(printed["en"])
        levels = [int(str(each.S)[2:]) for each in found if re.fullmatch(r"/H\d", str(each.S))]
        figures = [str(each.Alt) for each in found if each.S == "/Figure"]
        scopes = [str(each.Scope) for each in found if each.S == "/TH"]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
        assert set(levels) == {1, 2, 3}
        assert len(figures) > 5
        assert all(figures)
        assert any("Support:" in alt and "Oppose:" in alt for alt in figures)
        assert scopes
        assert set(scopes) == {"/Column", "/Row"}
        assert {"/TOC", "/Table", "/L", "/Link", "/BlockQuote"} <= {str(each.S) for each in found}

    @pytest.mark.parametrize("form", ["es", "en brief"])
    def test_names_the_row_and_the_column_of_every_number(self, printed: dict[str, bytes], form: str) -> None:
        with pikepdf.open(io.BytesIO(printed[form])) as opened:
            known = dict(pikepdf.NameTree(opened.Root.StructTreeRoot.IDTree))
            bodies = [each for each in opened.objects if _is(each, "/TBody")]
            rows = [list(row.K) for body in bodies for row in body.K]

            for first, *others in rows:
                assert [str(each) for each in (first.S, first.A[0].Scope)] == ["/TH", "/Row"]
                for cell in others:
                    *columns, row = [known[str(each)] for each in cell.A[0].Headers]
                    assert row == first
                    assert [each.A[0].Scope for each in columns] == ["/Column"]
            assert len(rows) > 5

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_tells_the_numbers_of_the_document(
        self, bare_site: Flask, printed: dict[str, bytes], language: str
    ) -> None:
        text = text_of(printed[language])
        with reader(bare_site, language):
            told = document(report_page(version=VERSION))

        for group in ("positions", "tones", "languages", "districts", "channels", "concerns"):
            for line in told[group]:
                assert line["label"] in text
                assert f"{line['count']:,}" in text
        for section in told["sections"]:
            assert section["title"] in text

    def test_leads_from_its_numbers_to_their_comments(self, printed: dict[str, bytes]) -> None:
        links = [
            annotation.get_object()["/A"]["/URI"]
            for page in PdfReader(io.BytesIO(printed["en"])).pages
            for annotation in page.get("/Annots", [])
            if "/URI" in annotation.get_object().get("/A", {})
        ]

        frozen = "http://localhost/en/reports/first-draft/3/comments"
        assert f"{frozen}?position=support" in links
        assert any(
            link.startswith(frozen) and "concern=concern_00" in link and "position=oppose" in link
            for link in links
        )
        assert all(link.startswith("http://localhost/") for link in links)

    def test_says_on_every_page_which_version_it_is_and_how_many_pages_there_are(
        self, printed: dict[str, bytes]
    ) -> None:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed["es"])).pages]

        for number, text in enumerate(pages, 1):
            assert f"Página {number} de {len(pages)}" in " ".join(text.split())
            assert "Versión 3, publicada el 20 de noviembre de 2026" in " ".join(text.split())
            assert VERSION.document_digest[:16] in text

    @pytest.mark.parametrize("form", ["en brief", "es brief"])
    def test_as_a_brief_is_one_page_with_a_picture_that_leads_to_the_report(
        self, printed: dict[str, bytes], form: str
    ) -> None:
        alternatives = [str(each.Alt) for each in elements(printed[form]) if each.S == "/Figure"]

        assert len(PdfReader(io.BytesIO(printed[form])).pages) == 1
        assert any(f"http://localhost/{form[:2]}/reports/first-draft/3" in alt for alt in alternatives)

    def test_first_page_is_the_brief_also_where_it_is_long(self, bare_site: Flask) -> None:
        title = "Un título muy largo sobre el segundo borrador del acuerdo con el gobierno federal " * 2
        with reader(bare_site, "es"):
            brief = pdf_of(report_page(large_inputs(), title=title), is_brief=True)

        assert len(PdfReader(io.BytesIO(brief)).pages) == 1

    def test_first_page_is_measured_in_every_language_and_told_in_its_own(self, bare_site: Flask) -> None:
        with reader(bare_site, "es"):
            told = print_order(report_page(), is_brief=True)["data"]

        assert told["title"] == "Resumen: The draft agreement (es)"
        assert [other["title"] for other in told["others"]] == ["Brief: The draft agreement"]
        assert told["front"]["title"] == "En sus palabras"
        assert len(told["front"]["variants"]) == len(told["others"][0]["front"]["variants"])

    def test_is_the_same_bytes_for_the_same_version(
        self, bare_site: Flask, printed: dict[str, bytes]
    ) -> None:
        with reader(bare_site):
            page = report_page(quotes=["They said so.", "So did we."], texts=["Sent twice."], version=VERSION)
            again = pdf_of(page)

        assert again == printed["en"]

    def test_of_nothing_says_so(self, bare_site: Flask) -> None:
        with reader(bare_site):
            text = text_of(pdf_of(report_page(inputs(numbers={}))))

        assert "No comment is posted yet, so there is nothing to report." in text


class TestWords:
    def test_of_people_are_never_code(self, bare_site: Flask) -> None:
        with reader(bare_site):
            made = pdf_of(report_page(quotes=ATTACKS, texts=ATTACKS, title=ATTACKS[0]))

        text = text_of(made)
        for attack in ATTACKS[:1]:
            assert attack[:40] in text
        assert "root:" not in text
        assert "$x^2$ *bold* _it_ `code` @reference <label>" in text
        with pikepdf.open(io.BytesIO(made)) as opened:
            objects = b"".join(bytes(each.unparse(resolved=True)) for each in opened.objects)
        assert b"127.0.0.1:9" not in objects
        assert b"/JavaScript" not in objects
        assert b"/Launch" not in objects

    def test_of_every_tongue_are_printed_or_named(self, bare_site: Flask) -> None:
        with reader(bare_site):
            text = text_of(pdf_of(report_page(quotes=TONGUES, texts=TONGUES)))

        assert "[text in another script: Chinese] because it is wrong." in text
        assert "[picture] Yes! [picture]" in text
        assert "[text in another script: Devanagari]" in text
        assert re.search("[\u0600-\u06ff]{3}", text)
        assert re.search("[\u05d0-\u05ea]{3}", text)

    def test_that_cannot_be_read_any_more_are_not_printed(self, bare_site: Flask) -> None:
        with reader(bare_site):
            shown = report_page(quotes=["Withdrawn words."])
            left = ReportPage(shown._report, type(shown._words)(), is_file=True)
            text = text_of(pdf_of(left))

        assert "Withdrawn words." not in text
        assert "This comment cannot be read any more." in text


class TestLayout:
    def test_prints_no_more_than_a_page_can_bear_and_says_what_is_left_out(self, bare_site: Flask) -> None:
        with reader(bare_site):
            order = print_order(report_page(large_inputs(concerns=MOST_ROWS + 9, days=90)))
        blocks = [block for section in order["data"]["sections"] for block in section["blocks"]]
        found = [block for block in blocks if block["kind"] == "table"]

        assert max(len(block["rows"]) for block in found) == MOST_ROWS
        assert max(len(block["heads"]) for block in found) <= MOST_COLUMNS + 1
        assert any("9 more rows are in the spreadsheet of this report." in block["note"] for block in found)

    def test_prints_no_more_lines_than_it_may_in_all(self, bare_site: Flask) -> None:
        with reader(bare_site):
            layout = Layout(str, lines=3)
            laid = [layout.section(section) for section in sections_of(report_page())]
        rows = [len(block["rows"]) for each in laid for block in each["blocks"] if block["kind"] == "table"]

        assert sum(rows) == 3


class TestPress:
    def test_can_read_no_folder_no_package_and_no_address(self) -> None:
        for code in (
            '#read("/etc/hostname")',
            '#read("press.py")',
            '#image("http://127.0.0.1:9/x.png")',
            '#import "@local/x:1.0.0": *',
            '#include "../../__init__.py"',
        ):
            with pytest.raises(pdf._Refused):
                pdf._printed({"template": code, "data": {}, "made_at": "2026-11-20T17:05:00+00:00"})

    def test_ends_what_takes_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "LONGEST_SECONDS", 1.0)
        endless = "#let f(n) = if n > 0 { f(n - 1) + f(n - 1) } else { 1 }\n#f(60)"
        begun = time.monotonic()

        with pytest.raises(pdf._Refused):
            pdf._printed({"template": endless, "data": {}, "made_at": "2026-11-20T17:05:00+00:00"})
        assert time.monotonic() - begun < 20

    def test_loads_nothing_of_the_site(self) -> None:
        said = subprocess.run(
            [sys.executable, "-I", "-X", "importtime", press.__file__],
            input=json.dumps({"template": "", "data": {}, "made_at": "2026-11-20T17:05:00+00:00"}).encode(),
            capture_output=True,
            check=False,
        )

        assert b"flask" not in said.stderr
        assert b"engage" not in said.stderr.replace(press.__file__.encode(), b"")

    def test_tries_latin_letters_alone_where_something_cannot_be_set(
        self, bare_site: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = []

        def refuse_once(order: dict[str, Any]) -> bytes:
            given.append(json.dumps(order, ensure_ascii=False))
            if len(given) == 1:
                raise pdf._Refused("no glyph")
            return b"%PDF"

        monkeypatch.setattr(pdf, "_printed", refuse_once)
        with reader(bare_site):
            assert pdf_of(report_page(quotes=["Москва"])) == b"%PDF"

        assert "Москва" in given[0]
        assert "Москва" not in given[1]
        assert "Cyrillic" in given[1]

    def test_that_fails_is_said_in_a_sentence(
        self, bare_site: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_order: dict[str, Any]) -> bytes:
            raise pdf._Refused("no")

        monkeypatch.setattr(pdf, "_printed", refuse)
        with reader(bare_site), pytest.raises(CannotPrint, match="This report cannot be printed"):
            pdf_of(report_page())
