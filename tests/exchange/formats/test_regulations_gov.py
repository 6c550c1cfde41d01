"""Regulations.gov: the bulk CSV and the answers of the API say the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engage.exchange.sources import BadFile
from tests.conftest import SHARED
from tests.exchange.reading import Reading, read, read_file, table

ROW = {
    "Document ID": "CTY-2026-0001-0002",
    "Document Type": "Public Submission",
    "Posted Date": "2026-05-28T04:00Z",
    "Is Withdrawn?": "false",
    "Title": "Comment from Ada Example",
    "Received Date": "2026-05-16T04:00Z",
    "Duplicate Comments": "3",
    "First Name": "Ada",
    "Last Name": "Example",
    "City": "Olmeda",
    "State/Province": "NC",
    "Zip/Postal Code": "27000",
    "Country": "United States",
    "Organization Name": "Library Friends",
    "Representative's Address": "1 Main Street",
    "Comment": "I&rsquo;d keep it.<br/>See attached file(s)",
    "Restrict Reason Type": "",
    "Restrict Reason": "",
    "Reason Withdrawn": "",
    "Attachment Files": "https://downloads.example.org/a.pdf,https://downloads.example.org/a.docx",
}
ATTRIBUTES = {
    "comment": ROW["Comment"],
    "title": ROW["Title"],
    "firstName": "Ada",
    "lastName": "Example",
    "organization": "Library Friends",
    "city": "Olmeda",
    "stateProvinceRegion": "NC",
    "country": "United States",
    "zip": "27000",
    "email": "ada@example.org",
    "phone": "555-0100",
    "fax": "555-0101",
    "address1": "1 Main Street",
    "receiveDate": "2026-05-16T04:00:00Z",
    "postedDate": "2026-05-28T04:00:00Z",
    "withdrawn": False,
    "reasonWithdrawn": None,
    "restrictReason": None,
    "restrictReasonType": None,
    "duplicateComments": 3,
}


def bulk(where: Path, *changes: dict[str, str]) -> Reading:
    """A bulk file with one row a change to ROW."""
    rows = [tuple((ROW | change).values()) for change in changes]
    return read(where, table(tuple(ROW), *rows))


def detail(source_id: str = "CTY-2026-0001-0002", **changes: Any) -> dict[str, Any]:
    """The answer for one comment, with an attachment in two formats."""
    formats = [{"fileUrl": url, "format": "pdf", "size": 1} for url in ROW["Attachment Files"].split(",")]
    return {
        "data": {"id": source_id, "type": "comments", "attributes": ATTRIBUTES | changes},
        "included": [{"id": "9", "type": "attachments", "attributes": {"fileFormats": formats}}],
    }


def answers(where: Path, content: Any) -> Reading:
    """What a file of answers gives."""
    return read(where, content if isinstance(content, str) else json.dumps(content), name="answers.json")


class TestBulkCsv:
    def test_gives_what_was_said_by_whom_and_when(self, tmp_path: Path) -> None:
        (comment,) = bulk(tmp_path, {}).comments

        assert comment.source_id == "CTY-2026-0001-0002"
        assert comment.text == "I’d keep it.\nSee attached file(s)"
        assert comment.title == "Comment from Ada Example"
        assert (comment.name, comment.organisation) == ("Ada Example", "Library Friends")
        assert comment.place == "Olmeda, NC, United States"
        assert (comment.received_on, comment.posted_on) == (date(2026, 5, 16), date(2026, 5, 28))
        assert comment.attachments == tuple(ROW["Attachment Files"].split(","))
        assert (comment.disposition, comment.reason, comment.duplicates) == ("posted", None, 3)

    def test_passes_over_the_document_that_was_commented_on(self, tmp_path: Path) -> None:
        found = bulk(tmp_path, {"Document Type": "Notice", "Comment": ""}, {})

        assert (found.source.skipped, len(found.comments), found.problems) == (1, 1, [])
        assert found.comments[0].row == 2

    def test_keeps_a_withdrawn_or_restricted_comment_that_has_lost_its_text(self, tmp_path: Path) -> None:
        found = bulk(
            tmp_path,
            {"Is Withdrawn?": "TRUE", "Reason Withdrawn": "At request", "Comment": ""},
            {
                "Document ID": "2",
                "Restrict Reason Type": "Copyright",
                "Restrict Reason": "A song",
                "Comment": "",
            },
            {"Document ID": "3", "Comment": ""},
        )

        assert [(comment.disposition, comment.reason) for comment in found.comments] == [
            ("withdrawn", "At request"),
            ("restricted", "Copyright: A song"),
        ]
        assert found.messages == ["3 3: The comment has no text."]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"Received Date": "soon"}, "The received date “soon” is not a date"),
            ({"Is Withdrawn?": "perhaps"}, "“Is Withdrawn?” is “perhaps”, not true or false."),
            ({"Duplicate Comments": "many"}, "The number of duplicates is “many”, which is no number."),
            ({"Duplicate Comments": "²"}, "The number of duplicates is “²”, which is no number."),
            ({"Document ID": " "}, "The id is missing."),
        ],
    )
    def test_reports_a_row_that_cannot_be_used(
        self, tmp_path: Path, change: dict[str, str], message: str
    ) -> None:
        found = bulk(tmp_path, change)

        assert not found.comments
        assert message in found.problems[0].message

    @pytest.mark.parametrize(("written", "number"), [("", 1), ("0", 1), ("1", 1), ("250", 250)])
    def test_counts_itself_among_its_duplicates(self, tmp_path: Path, written: str, number: int) -> None:
        assert bulk(tmp_path, {"Duplicate Comments": written}).comments[0].duplicates == number

    @pytest.mark.shared
    def test_of_a_real_docket_is_read_whole(self) -> None:
        found = read_file(SHARED / "fixtures" / "regulationsgov_bulk_sample.csv")

        assert found.source.format == "regulations-gov-csv"
        assert all(comment.received_on and comment.posted_on for comment in found.comments)
        assert sum(bool(comment.attachments) for comment in found.comments) >= 5
        assert any(comment.text == "See attached file(s)" for comment in found.comments)


class TestJson:
    def test_says_the_same_as_the_bulk_csv(self, tmp_path: Path) -> None:
        assert answers(tmp_path, detail()).comments == bulk(tmp_path, {}).comments

    @pytest.mark.parametrize(
        "layout",
        [
            json.dumps([detail("A"), detail("B")]),
            json.dumps([detail("A")["data"], detail("B")["data"]], indent=2),
            json.dumps({"data": [detail("A")["data"], detail("B")["data"]], "meta": {"totalElements": 2}}),
            json.dumps({"meta": {"lastPage": True}, "data": [detail("A")["data"], detail("B")["data"]]}),
            json.dumps([{"data": [detail("A")["data"]]}, {"data": [detail("B")["data"]]}]),
            json.dumps(detail("A")) + "\n" + json.dumps(detail("B")) + "\n",
            json.dumps(detail("A")["data"]) + "\r\n\r\n" + json.dumps(detail("B")["data"]),
        ],
    )
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
    def test_may_be_laid_out_in_any_way(self, tmp_path: Path, layout: str, codec: str) -> None:
        found = read(tmp_path, layout.encode(codec), name="answers.json")

        assert [(comment.row, comment.source_id) for comment in found.comments] == [(1, "A"), (2, "B")]
        assert not found.problems

    def test_with_attachments_before_the_comment_keeps_them(self, tmp_path: Path) -> None:
        answer = detail()

        (comment,) = answers(tmp_path, {"included": answer["included"], "data": answer["data"]}).comments

        assert len(comment.attachments) == 2

    def test_of_a_list_without_texts_reports_every_comment(self, tmp_path: Path) -> None:
        listed = {
            "id": "A",
            "type": "comments",
            "attributes": {"title": "Comment on the notice", "withdrawn": False},
        }

        assert answers(tmp_path, {"data": [listed]}).messages == ["1 A: The comment has no text."]

    def test_passes_over_documents_and_dockets(self, tmp_path: Path) -> None:
        other = {"id": "D", "type": "documents", "attributes": {"title": "Notice"}}

        found = answers(tmp_path, [other, detail()])

        assert (found.source.skipped, len(found.comments)) == (1, 1)

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            (detail(comment="half \ud800"), "The text holds half a character (a lone surrogate)."),
            (detail(comment="nul \0"), "The text holds a NUL character."),
            (detail(comment=["a", "list"]), "“comment” is a list or an object, where a text is expected."),
            (detail(title={"en": "x"}), "“title” is a list or an object, where a text is expected."),
            ({"data": {"id": [], "type": "comments", "attributes": {}}}, "“id” is a list or an object"),
            ({"data": {"id": "X"}}, "there is no object with “attributes”"),
            ({"data": None}, "there is no object with “attributes”"),
            (7, "there is no object with “attributes”"),
            (None, "there is no object with “attributes”"),
            (detail(comment="x" * 200_001), "The text is too long"),
            (detail(comment="x" * 2_000_001), "The record is too long"),
        ],
    )
    def test_reports_a_bad_record_by_number_and_reads_on(
        self, tmp_path: Path, bad: Any, message: str
    ) -> None:
        found = answers(tmp_path, [detail("A"), bad, detail("B")])

        assert [comment.source_id for comment in found.comments] == ["A", "B"]
        assert found.problems[0].row == 2
        assert message in found.problems[0].message

    def test_without_a_type_goes_by_the_type_of_document(self, tmp_path: Path) -> None:
        bare = [
            {"id": source_id, "attributes": {"comment": "Yes", "documentType": kind}}
            for source_id, kind in (("A", "Public Submission"), ("B", "Notice"), ("C", None))
        ]

        found = answers(tmp_path, bare)

        assert [comment.source_id for comment in found.comments] == ["A", "C"]
        assert found.source.skipped == 1

    def test_with_odd_attachments_is_read_without_them(self, tmp_path: Path) -> None:
        odd = [
            None,
            {},
            {"attributes": {"fileFormats": "x"}},
            {"attributes": {"fileFormats": [None, {"fileUrl": 3}]}},
        ]

        (comment,) = answers(tmp_path, detail() | {"included": odd}).comments

        assert comment.attachments == ()

    def test_a_nesting_bomb_is_one_problem(self, tmp_path: Path) -> None:
        bomb = "[" * 100_000 + "]" * 100_000

        found = answers(tmp_path, f"[{json.dumps(detail())}, {bomb}]")

        assert len(found.comments) == 1
        assert found.messages == ["2 None: The record is nested 100,000 levels deep, and the limit is 50."]

    def test_a_bomb_where_the_comment_should_be_is_one_problem(self, tmp_path: Path) -> None:
        bomb = '{"a":' * 100_000 + "1" + "}" * 100_000

        assert "nested 100,000 levels" in answers(tmp_path, f'{{"data": {bomb}}}').messages[0]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (
                json.dumps([detail()])[:-1] + ", {",
                r"row 2: this is not valid JSON: the file ends in the middle",
            ),
            ('[{"id": "A" "attributes": {}}]', "row 1: this is not valid JSON"),
            (
                json.dumps(detail(), indent=1) + "]",
                "row 2: this is not valid JSON: there is something after the end",
            ),
            ("[" * 100_000, "row 1: this is not valid JSON: the file ends in the middle of a value"),
        ],
    )
    def test_that_stops_being_json_is_refused_with_the_row(
        self, tmp_path: Path, content: str, message: str
    ) -> None:
        with pytest.raises(BadFile, match=rf"^answers\.json, {message}"):
            answers(tmp_path, content)

    def test_in_an_old_encoding_is_refused_with_the_line(self, tmp_path: Path) -> None:
        content = json.dumps([detail(comment="mañana")], ensure_ascii=False, indent=1)
        line = content[: content.index("mañana")].count("\n") + 1

        with pytest.raises(
            BadFile, match=rf"^answers\.json: line {line} is not valid UTF-8, which JSON has to be"
        ):
            read(tmp_path, content.encode("cp1252"), name="answers.json")

    @pytest.mark.shared
    def test_of_a_real_comment_has_its_words_and_attachments(self) -> None:
        (comment,) = read_file(
            SHARED / "fixtures/regulationsgov_v4_comment_detail_with_attachment.json"
        ).comments

        assert comment.source_id == "CMS-2022-0163-0004"
        assert comment.attachments[0].endswith("/attachment_1.pdf")
        assert len(comment.attachments) == 2
        assert (comment.place, comment.received_on) == ("CA, United States", date(2022, 10, 7))
        assert "<" not in comment.text
