"""Decidim, CONSUL and Pol.is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.exchange.reading import read, read_file, table


class TestDecidim:
    HEADER = ("id", "created_at", "body", "locale", "author/id", "author/name", "alignment", "depth",
              "user_group/name/ca", "user_group/name/es", "commentable_type")  # fmt: skip

    def row(self, **changes: str) -> tuple[str, ...]:
        """One comment."""
        values = {"id": "7", "created_at": "2024-05-01 10:00:00 UTC", "body": "Sí", "locale": "es",
                  "alignment": "1",
                  "author/id": "99", "author/name": "Ana"}  # fmt: skip
        return tuple((values | changes).get(column, "") for column in self.HEADER)

    def test_gives_position_language_name_and_day(self, tmp_path: Path) -> None:
        rows = [
            self.row(),
            self.row(id="8", alignment="-1"),
            self.row(id="9", alignment="0"),
            self.row(id="10", alignment=""),
        ]

        comments = read(tmp_path, table(self.HEADER, *rows, delimiter=";")).comments

        assert [comment.position for comment in comments] == ["support", "oppose", "neutral", None]
        assert (comments[0].language, comments[0].name) == ("es", "Ana")
        assert (comments[0].received_on, comments[0].posted_on) == (date(2024, 5, 1), None)

    def test_undoes_the_formula_guard_once(self, tmp_path: Path) -> None:
        rows = [
            self.row(body="'-1 to this", alignment="'-1", **{"author/name": "'@ana"}),
            self.row(id="8", body="''=twice"),
            self.row(id="9", body="'quoted'"),
        ]

        comments = read(tmp_path, table(self.HEADER, *rows, delimiter=";")).comments

        assert [comment.text for comment in comments] == ["-1 to this", "''=twice", "'quoted'"]
        assert (comments[0].position, comments[0].name) == ("oppose", "@ana")

    def test_takes_the_group_in_whatever_language_it_is_named(self, tmp_path: Path) -> None:
        content = table(self.HEADER, self.row(**{"user_group/name/es": "Vecinas"}), delimiter=";")

        assert read(tmp_path, content).comments[0].organisation == "Vecinas"

    def test_reports_what_it_does_not_know(self, tmp_path: Path) -> None:
        rows = [self.row(alignment="2"), self.row(body=""), self.row(created_at="ayer")]

        assert [
            problem.message.split(",")[0] for problem in read(tmp_path, table(self.HEADER, *rows)).problems
        ] == [
            "The alignment is “2”",
            "The comment has no text.",
            "The date “ayer” is not a date; write YEAR-MONTH-DAY or MONTH/DAY/YEAR.",
        ]

    @pytest.mark.shared
    def test_of_a_real_city_has_three_positions_and_two_languages(self) -> None:
        found = read_file(SHARED / "fixtures" / "decidim_comments.csv")

        assert {comment.position for comment in found.comments} == {"support", "oppose", "neutral"}
        assert {comment.language for comment in found.comments} == {"ca", "es"}
        assert [problem.message for problem in found.problems] == [
            "The id “20264” was already used in row 2."
        ]


class TestConsul:
    HEADER = ("id", "title", "summary", "description", "cached_votes_up", "created_at", "retired_at",
              "retired_reason", "retired_explanation")  # fmt: skip

    def test_gives_title_and_text_without_markup_and_votes_are_no_position(self, tmp_path: Path) -> None:
        row = (
            "7",
            "Más <b>árboles</b>",
            "En breve.",
            "<p>Uno.</p><p>Dos &amp; tres.</p>",
            "99",
            "05/01/2024",
            "",
            "",
            "",
        )

        (comment,) = read(tmp_path, table(self.HEADER, row, delimiter=";")).comments

        assert (comment.title, comment.text) == ("Más árboles", "En breve.\n\nUno.\n\nDos & tres.")
        assert (comment.position, comment.received_on) == (None, date(2024, 1, 5))

    def test_takes_the_title_for_the_text_where_that_is_all(self, tmp_path: Path) -> None:
        rows = [
            ("7", "Más árboles", "", "<p> </p>", "1", "", "", "", ""),
            ("8", "", "", "", "1", "", "", "", ""),
        ]

        found = read(tmp_path, table(self.HEADER, *rows))

        assert found.texts == ["Más árboles"]
        assert found.messages == ["2 8: The row has no text."]

    def test_takes_a_retired_proposal_for_withdrawn(self, tmp_path: Path) -> None:
        rows = [("7", "T", "", "Texto", "1", "", "02/01/2024", "duplicated", "Hay otra"),
                ("8", "T", "", "Texto", "1", "", "mañana", "", "")]  # fmt: skip

        found = read(tmp_path, table(self.HEADER, *rows))

        assert (found.comments[0].disposition, found.comments[0].reason) == (
            "withdrawn",
            "duplicated: Hay otra",
        )
        assert "date of retirement “mañana” is not a date" in found.problems[0].message

    def test_reads_comments_in_the_encoding_that_consul_writes(self, tmp_path: Path) -> None:
        header = ("id", "commentable_id", "commentable_type", "body", "created_at", "cached_votes_up")
        content = table(header, ("1", "7", "Proposal", "¡Qué bueno!", "2016-03-01 13", "4"), delimiter=";")

        found = read(tmp_path, content.encode("latin-1"))

        assert (found.source.format, found.source.encoding) == ("consul", "cp1252")
        assert found.texts == ["¡Qué bueno!"]

    @pytest.mark.shared
    def test_of_a_real_city_is_read_whole(self) -> None:
        found = read_file(SHARED / "fixtures" / "consul_proposals.csv")

        assert not [text for text in found.texts if "<p>" in text or "&nbsp;" in text]
        assert {comment.received_on for comment in found.comments} == {
            date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3)}  # fmt: skip


class TestPolis:
    HEADER = (
        "timestamp",
        "datetime",
        "comment-id",
        "author-id",
        "agrees",
        "disagrees",
        "moderated",
        "comment-body",
    )

    def test_votes_are_no_positions_and_a_rejected_comment_is_restricted(self, tmp_path: Path) -> None:
        rows = [("1403067224363", "x", number, "21", "38", "18", moderated, f"Text {number}")
                for number, moderated in (("0", "1"), ("1", "0"), ("2", "-1"), ("3", ""))]  # fmt: skip

        comments = read(tmp_path, table(self.HEADER, *rows)).comments

        assert [comment.disposition for comment in comments] == ["posted", "posted", "restricted", "posted"]
        assert {(comment.position, comment.name, comment.received_on) for comment in comments} == {
            (None, None, date(2014, 6, 18))}  # fmt: skip

    def test_reads_the_written_time_where_there_is_no_timestamp(self, tmp_path: Path) -> None:
        row = ("", "Wed Jun 18 11:53:44 WIB 2014", "1", "21", "0", "0", "1", "Text")

        assert read(tmp_path, table(self.HEADER, row)).comments[0].received_on == date(2014, 6, 18)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"timestamp": "noon"}, "The timestamp “noon” is no time"),
            ({"timestamp": "9" * 30}, "is no time in milliseconds"),
            ({"moderated": "2"}, "“moderated” is “2”, not 1, 0 or -1."),
            ({"comment-body": " "}, "The comment has no text."),
            ({"comment-id": ""}, "The id is missing."),
        ],
    )
    def test_reports_what_it_does_not_know(
        self, tmp_path: Path, change: dict[str, str], message: str
    ) -> None:
        row = {
            "timestamp": "1403067224363",
            "comment-id": "1",
            "moderated": "1",
            "comment-body": "Text",
        } | change

        found = read(tmp_path, table(self.HEADER, tuple(row.get(column, "") for column in self.HEADER)))

        assert message in found.problems[0].message
