"""The document of which every form of a report is made."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from engage.reports.document import as_json, document, schema, sections_of
from engage.reports.document.blocks import Table, tables
from engage.reports.document.front import in_plain_words, shortened
from engage.reports.gather import Words
from engage.reports.page import ReportPage
from engage.reports.report import make_report
from tests.reports.made import VERSION, inputs, large_inputs, reader, report_page
from tests.reports.places import busy_period
from tests.support.pages import Client


def checked(told: object) -> None:
    """Hold a document against its published schema."""
    by_schema = json.loads(schema())
    Draft202012Validator.check_schema(by_schema)
    Draft202012Validator(by_schema).validate(told)


class TestSchema:
    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize("options", [{}, {"every": timedelta(days=40)}, {"comments": 0}])
    def test_is_kept_by_what_the_site_answers(
        self, session: Session, client: Client, language: str, options: dict[str, Any]
    ) -> None:
        period = busy_period(session, **options)

        told = client.get(f"/{language}/reports/{period.slug}.json").get_json()

        checked(told)
        assert told["$schema"] == f"http://localhost/{language}/reports/schema.json"
        assert json.loads(client.get(told["$schema"]).data) == json.loads(schema())

    def test_is_kept_by_a_version_with_quotes(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = document(report_page(quotes=["One.", "Two."], texts=["Three."]))

        checked(told)

    def test_refuses_a_number_without_its_name(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = document(report_page())
        positions = next(section for section in told["sections"] if section["id"] == "positions")
        del positions["blocks"][1]["rows"][0]["key"]

        assert not Draft202012Validator(json.loads(schema())).is_valid(told)


class TestSections:
    def test_tell_every_number_under_a_name_of_its_own(self, bare_site: Flask) -> None:
        with reader(bare_site):
            found = [each for _, each in tables(sections_of(report_page())) if not each.is_repeated]

        names = [(table.id, table.within, row.key, row.by) for table in found for row in table.rows]
        assert len(names) == len(set(names)) > 100

    def test_have_columns_for_all_that_their_rows_tell(self, bare_site: Flask) -> None:
        with reader(bare_site):
            found = [each for _, each in tables(sections_of(report_page(texts=["A text."])))]

        for table in found:
            names = {column.name for column in table.columns}
            assert names
            if table.is_crossed:
                assert {row.by for row in table.rows} <= names, table.id
            else:
                assert all(hasattr(table.rows[0], name) for name in names), table.id

    def test_say_the_same_numbers_as_the_lists_beside_them(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = document(report_page())
        blocks = chain.from_iterable(section["blocks"] for section in told["sections"])
        found = {block["id"]: block["rows"] for block in blocks if block["kind"] == "table"}

        for group in ("positions", "tones", "languages", "districts", "channels", "days", "concerns"):
            listed = {line["key"]: (line["count"], line["comments"]) for line in told[group]}
            assert listed == {row["key"]: (row["count"], row["href"]) for row in found[group]}, group

    def test_that_stand_on_the_first_page_stand_again_in_detail(self, bare_site: Flask) -> None:
        with reader(bare_site):
            first, *others = sections_of(report_page())
        on_first = [block for block in first.blocks if isinstance(block, Table)]
        behind = {(row.key, row.count) for _, table in tables(others) for row in table.rows}

        assert all(table.is_repeated for table in on_first)
        assert {
            (row.key, row.count) for table in on_first for row in table.rows if row.by in ("", "all")
        } <= behind

    def test_of_a_period_without_comments_are_few_and_say_so(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = document(report_page(inputs(numbers={})))

        checked(told)
        assert [section["id"] for section in told["sections"]] == ["summary", "not-counted", "method"]
        assert "No comment is posted yet" in json.dumps(told["sections"][0])


class TestDocument:
    def test_is_the_same_for_the_same_page_and_another_in_another_language(self, bare_site: Flask) -> None:
        said = []
        for language in ("en", "en", "es"):
            with reader(bare_site, language):
                said.append(
                    as_json(report_page(large_inputs(concerns=5, districts=3, days=30), version=None))
                )

        assert said[0] == said[1] != said[2]
        assert json.loads(said[2])["language"] == "es"

    def test_that_is_kept_holds_no_word_of_a_comment(self, bare_site: Flask) -> None:
        with reader(bare_site):
            shown = report_page(quotes=["My own words."], texts=["Words of many."])
            kept = as_json(ReportPage(make_report(shown.inputs), Words(), is_file=True))
            told = as_json(shown)

        for words in ("My own words.", "Words of many."):
            assert words in told
            assert words not in kept
        assert "7Q2M-9KXD-00" in kept

    def test_names_no_digest_that_hangs_on_itself(self, bare_site: Flask) -> None:
        """A version keeps the digest of its document, which so cannot stand in it."""
        assert VERSION.document_digest not in _with_version(bare_site)
        assert VERSION.inputs_digest in _with_version(bare_site)

    def test_says_positions_tones_and_concerns_without_speaking_for_residents(self, bare_site: Flask) -> None:
        for language in ("en", "es"):
            with reader(bare_site, language):
                said = as_json(report_page()).lower()
            for claim in ("residents think", "residents want", "majority", "most people", "la mayoría"):
                assert claim not in said


def _with_version(site: Flask) -> str:
    with reader(site):
        return as_json(report_page(version=VERSION))


class TestPlainWords:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("The **draft** in [full](/x).", "The draft in full."),
            ("# Head\n\nOne\ntwo\n\n- three\n- *four*\n", "Head One two three four"),
            ("`code` <b>x</b>", "code <b>x</b>"),
            ("", ""),
        ],
    )
    def test_are_those_that_markdown_shows(self, source: str, words: str) -> None:
        assert in_plain_words(source) == words

    def test_on_the_first_page_are_cut_between_words(self) -> None:
        told = shortened("word " * 300)

        assert len(told) <= 522
        assert told.endswith("word …")
        assert shortened("short") == "short"
