"""Cells of other systems become plain values."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.exchange import values
from engage.exchange.values import BadRecord


class TestPlainText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("one<br/>two<BR>three", "one\ntwo\nthree"),
            ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
            ("<ul><li>first</li><li>second</li></ul>", "first\n\nsecond"),
            ("it&#39;s &quot;fair&quot; &amp; open", 'it\'s "fair" & open'),
            ("<span style='padding-left: 30px'></span>Thank <b>you</b>", "Thank you"),
            ("<a href='https://example.org/?a=1&amp;b=2'>here</a>", "here"),
            ("line one\r\nline two\rline three", "line one\nline two\nline three"),
            ("a<!-- <b>unseen</b> <p> -->b<script><i>x</i></script>c", "abc"),
            ("seen<script>alert('x')</script><style>p{}</style><!-- not seen --> too", "seen too"),
            ("  padded   \n\n\n\n\nend ", "padded\n\nend"),
        ],
    )
    def test_takes_markup_away_and_keeps_the_lines(self, html: str, text: str) -> None:
        assert values.plain_text(html) == text

    @pytest.mark.parametrize(
        "text",
        [
            "I <3 this town",
            "if a < b and c > d, then a<b>c is odd, or <x> is",
            "AT&T, R&D, a=1&copy=2 and &notaname; stay",
            "<jane@example.org> wrote",
            "<!-- never closed",
            "<script>never closed either",
            "<p",
        ],
    )
    def test_keeps_what_only_looks_like_markup(self, text: str) -> None:
        seen = values.plain_text(text)

        assert seen.replace("\n", "") in (text, text.replace("<b>", ""), text.removeprefix("<script>"),
                                          text.removeprefix("<!--").strip())  # fmt: skip

    def test_undoes_entities_once_only(self) -> None:
        assert values.plain_text("&amp;lt;b&amp;gt;") == "&lt;b&gt;"

    @given(st.text(alphabet=st.characters(exclude_characters="<&\r", exclude_categories=["Cs"])))
    def test_leaves_plain_words_alone_but_for_space_at_the_ends_of_lines(self, text: str) -> None:
        words = values.plain_text(text)

        assert words.split() == text.split()
        assert values.plain_text(words) == words

    @given(st.text())
    def test_never_fails(self, text: str) -> None:
        values.plain_text(text)

    @pytest.mark.parametrize(
        "piece",
        ["<script>", "<!--", "<p ", "<", "&", "&#", "<a b='", " ", "\n", "<p>", "</", "&amp;", "<style><!--"],
    )
    def test_takes_time_in_proportion_to_hostile_markup(self, piece: str) -> None:
        started = time.process_time()
        values.plain_text(piece * (1_000_000 // len(piece)))

        assert time.process_time() - started < 5


class TestFormulaGuard:
    @pytest.mark.parametrize(
        ("cell", "restored"),
        [
            ("'=1+1", "=1+1"),
            ("'+1 for this", "+1 for this"),
            ("'-1", "-1"),
            ("'@mayor", "@mayor"),
            ("''=x", "''=x"),
            ("'tis the season", "'tis the season"),
            ("=1", "=1"),
            ("'", "'"),
            ("", ""),
        ],
    )
    def test_is_undone_once_and_only_before_a_formula(self, cell: str, restored: str) -> None:
        assert values.undo_formula_guard(cell) == restored

    @given(st.text())
    def test_comes_back_whole_from_an_exporter_that_guards(self, text: str) -> None:
        guarded = f"'{text}" if text[:1] in ("=", "+", "-", "@") else text

        assert values.undo_formula_guard(guarded) == (
            text if guarded != text else values.undo_formula_guard(text)
        )


class TestDays:
    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("2025-05-16T04:00Z", date(2025, 5, 16)),
            ("2025-06-17T03:59:59Z", date(2025, 6, 17)),
            ("2017-04-13 12:32:46 UTC", date(2017, 4, 13)),
            ("2024-02-29", date(2024, 2, 29)),
            ("2025/09/30 12:19:18", date(2025, 9, 30)),
            ("2016-03-01 13", date(2016, 3, 1)),
            ("2024-01-05 23:10:00 +0100", date(2024, 1, 5)),
            ("2024-01-05T23:10:00.123456-05:00", date(2024, 1, 5)),
            ("8/21/2019 13:10:31", date(2019, 8, 21)),
            ("8/21/2019 1:10 PM", date(2019, 8, 21)),
            ("Sat Nov 17 05:09:36 WIB 2018", date(2018, 11, 17)),
            ("  2024-02-29  ", date(2024, 2, 29)),
        ],
    )
    def test_are_read_as_they_are_written(self, written: str, day: date) -> None:
        assert values.day(written, "date") == day

    def test_may_have_the_day_before_the_month(self) -> None:
        assert values.day("01/02/2024", "date") == date(2024, 1, 2)
        assert values.day("01/02/2024", "date", day_first=True) == date(2024, 2, 1)

    @pytest.mark.parametrize(
        "written",
        ["2024-02-30", "13/01/2024", "yesterday", "2024", "20240101", "0001-01-01", "9999-12-31",
         "2024-01-01; DROP", "１２/01/2024", "2024-13-01", "1" * 5000],
    )  # fmt: skip
    def test_that_are_none_are_refused_in_a_short_sentence(self, written: str) -> None:
        with pytest.raises(BadRecord) as refusal:
            values.day(written, "date")

        assert str(refusal.value).startswith("The date “")
        assert len(str(refusal.value)) < 200

    def test_may_be_missing(self) -> None:
        assert values.day("  ", "date") is None


class TestWords:
    @pytest.mark.parametrize(
        ("written", "position"),
        [("Support", "support"), ("A favor", "support"), ("in favor", "support"), ("EN CONTRA", "oppose"),
         ("Oppose", "oppose"), ("neutral", "neutral"), ("mixta", "mixed"), ("question_only", "question_only"),
         ("", None), ("unclear", None)],
    )  # fmt: skip
    def test_of_both_languages_name_a_position(self, written: str, position: str | None) -> None:
        assert values.position(written) == position

    def test_that_name_no_position_are_refused(self) -> None:
        with pytest.raises(BadRecord, match="none of support, oppose, neutral, mixed, question_only"):
            values.position("agree=1;disagree=0")

    @pytest.mark.parametrize(
        ("written", "code"),
        [("en", "en"), ("ES", "es"), ("es-MX", "es"), ("pt_BR", "pt"), ("Español", "es"), ("English", "en"),
         ("spa", "es"), ("", None), ("SVK", None), ("12", None)],
    )  # fmt: skip
    def test_name_a_language_or_nothing(self, written: str, code: str | None) -> None:
        assert values.language(written) == code

    def test_name_a_disposition(self) -> None:
        assert values.disposition("Retirado") == "withdrawn"
        with pytest.raises(BadRecord):
            values.disposition("complete")


class TestWebAddresses:
    def test_are_taken_apart_at_commas_before_the_next_address_only(self) -> None:
        cell = "https://example.org/a,b.pdf, https://example.org/c.pdf"

        assert values.web_addresses(cell) == ("https://example.org/a,b.pdf", "https://example.org/c.pdf")

    @pytest.mark.parametrize("cell", ["javascript:alert(1)", "file:///etc/passwd", "see the post office", ""])
    def test_are_of_the_web_or_left_out(self, cell: str) -> None:
        assert values.web_addresses(cell) == ()


class TestLimits:
    def test_refuse_a_long_text_and_do_not_cut_it(self) -> None:
        assert len(values.comment_text("á" * 100_000)) == 100_000
        with pytest.raises(BadRecord, match=r"too long: 200,001 bytes, and the limit is 200,000"):
            values.comment_text("á" * 100_000 + "x")

    @pytest.mark.parametrize("bad", ["a\0b", "a\ud800b"])
    def test_refuse_characters_that_no_database_keeps(self, bad: str) -> None:
        for take in (values.comment_text, values.identifier, lambda value: values.short(value, "title")):
            with pytest.raises(BadRecord):
                take(bad)

    def test_hold_for_ids_and_short_cells(self) -> None:
        with pytest.raises(BadRecord, match="id is missing"):
            values.identifier("  ")
        with pytest.raises(BadRecord, match="id is too long"):
            values.identifier("x" * 201)
        with pytest.raises(BadRecord, match="title is too long"):
            values.short("x" * 1001, "title")
        with pytest.raises(BadRecord, match="too long"):
            values.web_addresses("https://example.org/" + "x" * 60_000)


@pytest.mark.parametrize(
    "word", ["REDACTED REDACTED", "Anonymous", "anónimo", "N/A", " Anonymous Anonymous "]
)
def test_a_word_that_stands_where_there_is_no_name_is_none(word: str) -> None:
    assert values.person(word) is None


def test_a_name_that_only_begins_like_such_a_word_is_one() -> None:
    assert values.person("Anonymous Collective of Carrow") == "Anonymous Collective of Carrow"
