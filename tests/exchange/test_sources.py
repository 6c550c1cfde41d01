"""Files of comments: what they are, how they are written, and what is wrong with them."""

from __future__ import annotations

import csv as standard_csv
import io
import os
import resource
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.exchange.sources import FORMATS, BadFile, open_source
from tests.conftest import SHARED
from tests.exchange.reading import read, read_file, table

HEADER = ("id", "text")
ROWS = (HEADER, ("1", "Señor Alcalde: gracias"), ("2", "Line one\nline “two”"))


class TestEncodings:
    @pytest.mark.parametrize(
        ("codec", "said"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("utf-16", "utf-16"),
            ("utf-32", "utf-32"),
            ("cp1252", "cp1252"),
        ],
    )
    def test_are_found_and_said(self, tmp_path: Path, codec: str, said: str) -> None:
        found = read(tmp_path, table(*ROWS).encode(codec))

        assert found.source.encoding == said
        assert found.texts == ["Señor Alcalde: gracias", "Line one\nline “two”"]
        assert found.source.size == (tmp_path / "export.csv").stat().st_size

    def test_damaged_utf8_is_not_taken_for_an_old_encoding(self, tmp_path: Path) -> None:
        damaged = table(*ROWS).encode() + b'"3","broken \xc3"\n'

        with pytest.raises(BadFile, match=r"^export\.csv: line 5 is not valid UTF-8"):
            read(tmp_path, damaged)

    def test_bytes_of_no_encoding_are_refused_with_their_line(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="line 2 is neither UTF-8 nor Windows-1252"):
            read(tmp_path, b"id,text\n1,odd \x81 byte\n")

    def test_half_a_character_at_the_end_of_utf16_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="not valid UTF-16"):
            read(tmp_path, table(*ROWS).encode("utf-16") + b"\x00")

    def test_utf16_without_a_mark_is_refused_with_advice(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="save it as UTF-8"):
            read(tmp_path, table(*ROWS).encode("utf-16-le"))

    def test_are_judged_by_the_whole_file_not_by_its_beginning(self, tmp_path: Path) -> None:
        rows = "id,text\n" + "".join(f"{number},{'plain words ' * 100}\n" for number in range(2_000))

        found = read(tmp_path, rows.encode() + b"z,mi opini\xf3n\n")

        assert found.source.encoding == "cp1252"
        assert found.texts[-1] == "mi opinión"


class TestDelimiters:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_are_found(self, tmp_path: Path, delimiter: str) -> None:
        rows = [("id", "text"), ("1", "a, b; c\td | e"), ("2", "more, and; more\tand|more")]

        assert read(tmp_path, table(*rows, delimiter=delimiter)).texts == [row[1] for row in rows[1:]]

    def test_are_told_from_punctuation_in_the_header(self, tmp_path: Path) -> None:
        content = "id;text;Yes, no, or maybe, or never?\n1;good;yes\n2;bad;no\n"

        assert read(tmp_path, content).texts == ["good", "bad"]

    @given(
        st.lists(
            st.text(
                alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n,;|\t\"'"),
                min_size=1,
            ),
            min_size=1,
            max_size=8,
        ),
        st.sampled_from([",", ";", "\t", "|"]),
    )
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_every_row_that_is_written_comes_back_as_a_comment_or_a_problem(
        self, tmp_path: Path, texts: list[str], delimiter: str
    ) -> None:
        written = io.StringIO()
        writer = standard_csv.writer(written, delimiter=delimiter)
        writer.writerow(["id", "text", "note"])
        writer.writerows([f"c{number}", text, "x"] for number, text in enumerate(texts))

        found = read(tmp_path, written.getvalue())

        assert [item.source_id for item in found.comments] + [
            item.source_id for item in found.problems
        ] == unordered([f"c{number}" for number in range(len(texts))])
        assert {problem.message for problem in found.problems} <= {"The row has no text."}


class unordered(list[str]):  # noqa: N801
    """Equal to a list of the same items in any order."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and sorted(other, key=str) == sorted(self)

    __hash__ = None


class TestKinds:
    HEADERS = {  # noqa: RUF012
        "regulations-gov-csv": ("Document ID", "Document Type", "Comment", "Is Withdrawn?"),
        "decidim": ("id", "created_at", "body", "locale", "author/id", "alignment", "commentable_type"),
        "consul": ("id", "title", "description", "cached_votes_up", "created_at"),
        "polis": ("timestamp", "comment-id", "comment-body", "agrees", "disagrees", "moderated"),
        "csv": ("doc_id", "text"),
    }

    @pytest.mark.parametrize("kind", list(HEADERS))
    def test_are_told_by_their_columns(self, tmp_path: Path, kind: str) -> None:
        header = self.HEADERS[kind]
        path = tmp_path / "anything.dat"
        path.write_text(table(header, tuple("" for _ in header)))

        assert open_source(path).format == kind

    def test_json_is_told_by_its_first_character_whatever_the_name(self, tmp_path: Path) -> None:
        found = read(tmp_path, b'\n [{"id":"A-1","type":"comments","attributes":{"comment":"Yes"}}]')

        assert (found.source.format, found.texts) == ("regulations-gov-json", ["Yes"])

    @pytest.mark.parametrize(
        "kind", [kind for kind in FORMATS if kind not in ("csv", "regulations-gov-json")]
    )
    def test_asked_for_and_not_there_are_refused_with_the_columns_of_the_file(
        self, tmp_path: Path, kind: str
    ) -> None:
        with pytest.raises(
            BadFile, match=rf"for the format {kind} the file lacks .* It has: number, words\.$"
        ):
            read(tmp_path, "number,words\n1,hello\n", format=kind)

    @pytest.mark.parametrize("kind", list(HEADERS))
    def test_may_be_asked_for(self, tmp_path: Path, kind: str) -> None:
        header = self.HEADERS[kind]
        path = tmp_path / "export.csv"
        path.write_text(table(header, tuple("" for _ in header)))

        assert open_source(path, format=kind).format == kind

    @pytest.mark.parametrize(
        "header",
        [
            "Document ID,Document Type,Comment,Comment",
            "id,body,alignment,body",
            "comment-id,comment-body,comment-id",
        ],
    )
    def test_with_two_columns_for_one_thing_are_refused(self, tmp_path: Path, header: str) -> None:
        with pytest.raises(BadFile, match="there are 2 columns “"):
            read(tmp_path, f"{header}\n1,2,3,4\n")

    def test_that_nobody_knows_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="no format “excel”; it may be auto or regulations-gov-csv"):
            read(tmp_path, "a,b\n1,2\n", format="excel")

    def test_of_other_systems_take_no_mapping(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="mapped in the format csv only"):
            read(tmp_path, "a,b\n1,2\n", format="polis", columns={"a": "id"})

    def test_a_mapping_makes_it_a_plain_table(self, tmp_path: Path) -> None:
        header = self.HEADERS["polis"]
        found = read(tmp_path, table(header, ("0", "7", "yes", "", "", "1")), columns={"agrees": "ignore",
                     "comment-body": "text", "comment-id": "id", "timestamp": "ignore"})  # fmt: skip

        assert (found.source.format, found.comments[0].source_id) == ("csv", "7")


class TestIds:
    def test_that_come_twice_name_both_rows(self, tmp_path: Path) -> None:
        found = read(tmp_path, "id,text\nA,one\nB,two\nA,three\nA,four\n")

        assert found.texts == ["one", "two"]
        assert found.messages == [
            "3 A: The id “A” was already used in row 1.",
            "4 A: The id “A” was already used in row 1.",
        ]

    def test_of_a_row_that_is_bad_may_be_used_again(self, tmp_path: Path) -> None:
        found = read(tmp_path, "id,text\nA,\nA,said\n")

        assert found.texts == ["said"]
        assert found.messages == ["1 A: The row has no text."]

    def test_need_be_unique_within_their_source_only(self, tmp_path: Path) -> None:
        found = read(tmp_path, "source,doc_id,text\nx,1,one\ny,1,two\n")

        assert [comment.source_id for comment in found.comments] == ["x/1", "y/1"]

    def test_are_made_of_the_text_where_there_are_none(self, tmp_path: Path) -> None:
        first = read(tmp_path, "text\nsame\nother\nsame\n").comments
        moved = read(tmp_path, "text\nnew\nother\nsame\nsame\n").comments

        assert len({comment.source_id for comment in first}) == 3
        assert {comment.source_id for comment in first} < {comment.source_id for comment in moved}

    def test_that_are_broken_are_shown_safely(self, tmp_path: Path) -> None:
        found = read(tmp_path, '[{"id":"\\ud800","type":"comments","attributes":{"comment":"Yes"}}]')

        assert found.problems[0].source_id == "?"
        found.messages[0].encode()


class TestIterating:
    def test_may_be_done_twice_and_counts_anew(self, tmp_path: Path) -> None:
        (tmp_path / "export.csv").write_text("id,text,date\n1,one,\n,,\n2,two,\n")
        source = open_source(tmp_path / "export.csv")

        assert (source.bytes_read, source.skipped) == (0, 0)
        first, second = list(source), list(source)

        assert first == second
        assert [comment.row for comment in first] == [1, 3]
        assert (source.bytes_read, source.skipped) == (source.size, 1)

    def test_takes_no_more_memory_for_a_longer_file(self, tmp_path: Path) -> None:
        def peak(rows: int) -> int:
            path = tmp_path / f"{rows}.csv"
            path.write_text(
                "id,text\n" + "".join(f"{number},{'words ' * 20}{number}\n" for number in range(rows))
            )
            source = open_source(path)
            tracemalloc.start()
            assert sum(1 for _ in source) == rows
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return most

        assert peak(10_000) < 2 * peak(1_000) + 500_000

    def test_reports_a_file_that_is_damaged_while_it_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "export.csv"
        path.write_text("id,text\n" + "".join(f"{number},words\n" for number in range(50_000)))
        items = iter(open_source(path))
        next(items)
        path.write_bytes(b"\xff" * path.stat().st_size)

        with pytest.raises(BadFile, match="failed while it was read"):
            list(items)


class TestFilesThatAreNone:
    @pytest.mark.parametrize(
        ("content", "what"),
        [
            (b"", "the file is empty"),
            (b" \n\r\n", "the file is empty"),
            (b"%PDF-1.7\n", "this is a PDF document"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "this is a PNG picture"),
            (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "an old Excel or Word document"),
            (b"\0" * 5000, "not a text file"),
            (b"id,text\n", "the file has a header, but no comments"),
            (b"id,text\n\n\n", "the file has a header, but no comments"),
            (b"id,note\n1,x\n", "no column is known to hold the text"),
            (b"text,text\na,b\n", "the text may be in text, text"),
            (
                b'id,text\n1,"never closed\n2,other\n',
                "row 1: line 3: a quotation mark that opens a cell is never closed",
            ),
            (
                b'id,text\n1,fine\n2,"He said "no" loudly"\n',
                "row 2: line 3: the quotation marks of a cell do not match",
            ),
            (
                b'"id,text\n1,never closed from the start\n',
                "a quotation mark that opens a cell is never closed",
            ),
            (b"[]", "the file has no comments"),
            (b'{"data": [], "meta": {}}', "the file has no comments"),
            (b'{"errors": [{"status": "403"}]}', "the file has no comments"),
        ],
    )
    def test_are_refused_in_one_line_that_names_the_file(
        self, tmp_path: Path, content: bytes, what: str
    ) -> None:
        with pytest.raises(BadFile) as refusal:
            read(tmp_path, content)

        assert str(refusal.value).startswith("export.csv")
        assert what in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_a_workbook_named_csv_is_refused(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "book.csv", "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")

        with pytest.raises(BadFile, match="a ZIP archive or an Excel workbook"):
            read_file(tmp_path / "book.csv")

    def test_a_file_that_is_missing_or_a_folder_or_a_pipe_is_refused(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        for name, what in (("none.csv", "no such file"), (".", "not a file"), ("pipe.csv", "not a file")):
            with pytest.raises(BadFile, match=what):
                open_source(tmp_path / name)


class TestHostileRows:
    def test_with_other_numbers_of_cells_are_reported_by_row(self, tmp_path: Path) -> None:
        found = read(tmp_path, "id,text,note\n1,one,x\n2,two\n3,three,x,y\n4,four,x\n")

        assert found.texts == ["one", "four"]
        assert found.messages == [
            "2 None: The row has 2 cells, but the header has 3.",
            "3 None: The row has 4 cells, but the header has 3.",
        ]

    def test_with_a_text_above_the_limit_are_reported_and_not_cut(self, tmp_path: Path) -> None:
        found = read(tmp_path, table(HEADER, ("1", "x" * 200_000), ("2", "x" * 200_001), ("3", "fine")))

        assert [len(text) for text in found.texts] == [200_000, 4]
        assert found.messages == ["2 2: The text is too long: 200,001 bytes, and the limit is 200,000."]

    def test_with_nul_characters_are_reported(self, tmp_path: Path) -> None:
        found = read(tmp_path, "id,text\n1,fi\0ne\n2,fine\n3\0,id\n")

        assert found.texts == ["fine"]
        assert found.messages == [
            "1 1: The text holds a NUL character.",
            "3 3\0: The id holds a NUL character.",
        ]

    def test_with_bad_dates_and_positions_are_reported(self, tmp_path: Path) -> None:
        found = read(tmp_path, "id,text,date,position\n1,a,2024-02-30,\n2,b,,maybe\n3,c,2024-02-28,oppose\n")

        assert found.texts == ["c"]
        assert [message.split(";")[0].split(" (")[0] for message in found.messages] == [
            "1 1: The date “2024-02-30” is not in the calendar",
            "2 2: The position “maybe” is none of support, oppose, neutral, mixed, question_only.",
        ]

    @pytest.mark.parametrize("quoted", [False, True])
    def test_of_a_hundred_megabytes_cost_little_memory_and_time(self, tmp_path: Path, quoted: bool) -> None:
        path = tmp_path / "long.csv"
        with path.open("w") as file:
            file.write('id,text\n1,fine\n2,"' if quoted else "id,text\n1,fine\n2,")
            for _ in range(100):
                file.write(("x" * 999_999 + "\n") if quoted else "x" * 1_000_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()

        with pytest.raises(
            BadFile, match=r"^long\.csv, row 2: line \d: the record is longer than 2,000,000 characters"
        ):
            read_file(path)

        assert time.process_time() - started < 10
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000

    def test_with_thousands_of_columns_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="3,000 columns; the limit is 2,000"):
            read(tmp_path, ",".join(f"c{n}" for n in range(3_000)) + "\n1\n")

    @given(st.binary(max_size=300))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_any_bytes_give_comments_or_one_clear_error(self, tmp_path: Path, content: bytes) -> None:
        for start in (b"", b"id,text\n", b"[{", b'{"data":', b"Document ID,Document Type,Comment\n"):
            error = refusal(tmp_path, start + content)
            assert error is None or (
                error.startswith("export.csv") and len(error) < 4_000 and "\n" not in error
            )


def refusal(where: Path, content: bytes) -> str | None:
    """What is said of a file that is refused as a whole."""
    try:
        read(where, content)
    except BadFile as error:
        return str(error)
    return None


@pytest.mark.shared
class TestRealFiles:
    @pytest.mark.parametrize(
        ("name", "kind", "comments", "problems", "skipped"),
        [
            ("corpora/polis_open_data_en.csv", "csv", 5120, 0, 0),
            ("corpora/consul_decide_madrid_2019_es.csv", "csv", 5336, 0, 0),
            ("corpora/regsgov_dedup_USDA-2020-0009-0001.csv", "csv", 717, 78, 0),
            ("fixtures/regulationsgov_bulk_sample.csv", "regulations-gov-csv", 31, 0, 1),
            ("fixtures/regulationsgov_v4_comment_detail.json", "regulations-gov-json", 1, 0, 0),
            (
                "fixtures/regulationsgov_v4_comment_detail_with_attachment.json",
                "regulations-gov-json",
                1,
                0,
                0,
            ),
            ("fixtures/decidim_comments.csv", "decidim", 23, 1, 0),
            ("fixtures/consul_proposals.csv", "consul", 40, 0, 0),
            ("fixtures/polis_comments.csv", "polis", 54, 0, 0),
            ("fixtures/eu_have_your_say_feedback.csv", "csv", 40, 0, 0),
        ],
    )
    def test_are_told_and_read_whole(
        self, name: str, kind: str, comments: int, problems: int, skipped: int
    ) -> None:
        found = read_file(SHARED / name)

        assert found.source.format == kind
        assert (len(found.comments), len(found.problems), found.source.skipped) == (
            comments,
            problems,
            skipped,
        )

    @pytest.mark.parametrize("name", ["polis_open_data_en", "consul_decide_madrid_2019_es"])
    def test_of_the_common_shape_may_also_be_mapped(self, name: str) -> None:
        mapping = {"doc_id": "id", "text": "text", "lang": "language"}

        found = read_file(SHARED / "corpora" / f"{name}.csv", format="csv", columns=mapping)

        assert not found.problems
        assert {comment.language for comment in found.comments} == {name[-2:]}

    def test_of_one_survey_are_cp1252_and_read_once_mapped(self) -> None:
        path = SHARED / "fixtures" / "surveymonkey_two_headers_cp1252.csv"

        found = read_file(path, columns={"RespondentID": "id", "Location (Census Region)": "text"})

        assert found.source.encoding == "cp1252"
        assert len(found.comments) + len(found.problems) == 31
