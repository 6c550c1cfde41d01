"""A plain table: known headers, mapped columns, and columns that are never read."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from engage.exchange.sources import BadFile, SourceComment
from tests.exchange.formats.test_regulations_gov import ROW
from tests.exchange.formats.test_regulations_gov import detail as api_answer
from tests.exchange.reading import read, table


class TestHeaders:
    @pytest.mark.parametrize(
        "header",
        ["text", "Text", "COMMENT", "Comments", "comment_text", "comment-body", "Comentario", "Su comentario",
         "texto", "Opinión", "body", "response", " Mensaje: "],
    )  # fmt: skip
    def test_for_the_text_are_known_in_both_languages(self, tmp_path: Path, header: str) -> None:
        assert read(tmp_path, table(("n", header), ("1", "hello"))).texts == ["hello"]

    def test_are_all_used(self, tmp_path: Path) -> None:
        header = (
            "ID",
            "Comentario",
            "Título",
            "Idioma",
            "Postura",
            "Organización",
            "Municipio",
            "Fecha",
            "Adjuntos",
        )
        row = (
            "a1",
            "Hola",
            "Asunto",
            "español",
            "En contra",
            "Vecinos",
            "Olmeda",
            "02/03/2024",
            "https://example.org/a",
        )

        (comment,) = read(tmp_path, table(header, row)).comments

        assert comment == SourceComment(
            row=1, source_id="a1", text="Hola", title="Asunto", language="es", position="oppose",
            organisation="Vecinos", place="Olmeda", received_on=date(2024, 3, 2), attachments=("https://example.org/a",),
        )  # fmt: skip

    def test_in_english_put_the_month_first(self, tmp_path: Path) -> None:
        (comment,) = read(tmp_path, "id,comment,Timestamp\n1,hello,2/3/2024 10:00:00\n").comments

        assert comment.received_on == date(2024, 2, 3)

    def test_of_two_texts_have_to_be_chosen_from(self, tmp_path: Path) -> None:
        content = "id,text,comment\n1,one,two\n"

        with pytest.raises(
            BadFile, match="the text may be in text, comment; say which with --map COLUMN=text"
        ):
            read(tmp_path, content)
        assert read(tmp_path, content, columns={"comment": "text"}).texts == ["two"]

    def test_that_say_nothing_are_listed(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile) as refusal:
            read(tmp_path, "col1;col2;\n1;hello;x\n")

        assert str(refusal.value) == (
            "export.csv: no column is known to hold the text of the comments; name it with --map "
            "COLUMN=text. The file has: col1, col2, (no name)."
        )

    def test_may_have_namesakes_that_nobody_needs(self, tmp_path: Path) -> None:
        assert read(tmp_path, "id,text,,,x,x\n1,hello,a,b,c,d\n").texts == ["hello"]

    def test_in_one_column_are_enough(self, tmp_path: Path) -> None:
        assert read(tmp_path, "comment\nhello\n\nworld, and all\n").problems[0].row == 2
        assert read(tmp_path, table(("comment",), ("hello",), ("world, and all",))).texts == [
            "hello",
            "world, and all",
        ]


class TestMapping:
    CONTENT = "a,b,c,Email\n1,hello,For,x@example.org\n"

    def test_names_columns_of_any_name(self, tmp_path: Path) -> None:
        columns = {"a": "id", "b": "text", "c": "position"}

        (comment,) = read(tmp_path, self.CONTENT, columns=columns).comments

        assert (comment.source_id, comment.text, comment.position) == ("1", "hello", "support")

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"d": "text"}, "there is no column “d”. The file has: a, b, c, Email."),
            ({"b": "words"}, "“words” is no field; a column may be mapped to text, id, source,"),
            ({"a": "text", "b": "text"}, "both “a” and “b” are mapped to text."),
            ({"b": "text", "Email": "name"}, "the column “Email” looks like addresses or numbers of persons"),
            ({"Email": "text"}, "the column “Email” looks like addresses or numbers of persons"),
            ({"a": "id"}, "no column is known to hold the text"),
        ],
    )
    def test_that_cannot_be_is_refused(self, tmp_path: Path, columns: dict[str, str], message: str) -> None:
        with pytest.raises(BadFile) as refusal:
            read(tmp_path, self.CONTENT, columns=columns)

        assert message in str(refusal.value)

    def test_of_a_column_with_a_namesake_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadFile, match="there are 2 columns called “b”"):
            read(tmp_path, "a,b,b\n1,x,y\n", columns={"b": "text"})

    def test_may_leave_a_known_column_out(self, tmp_path: Path) -> None:
        content = "source,id,text\nx,1,hello\n"

        assert read(tmp_path, content, columns={"source": "ignore"}).comments[0].source_id == "1"
        assert read(tmp_path, content).comments[0].source_id == "x/1"

    def test_may_put_the_day_first_and_say_what_became_of_a_comment(self, tmp_path: Path) -> None:
        columns = {"when": "received_on_day_first", "state": "disposition", "why": "reason"}

        found = read(
            tmp_path,
            "text,when,state,why\nhello,01/02/2024,withdrawn,asked to\n,,withdrawn,\n,,posted,\n",
            columns=columns,
        )

        assert found.comments[0].received_on == date(2024, 2, 1)
        assert [(c.text, c.disposition, c.reason) for c in found.comments] == [
            ("hello", "withdrawn", "asked to"), ("", "withdrawn", None)]  # fmt: skip
        assert found.messages == ["3 None: The row has no text."]

    def test_may_take_a_long_question_about_a_telephone_for_the_text(self, tmp_path: Path) -> None:
        question = "What should the county do about the emergency phone line?"

        assert read(
            tmp_path, table(("id", question), ("1", "Keep it")), columns={question: "text"}
        ).texts == ["Keep it"]


class TestPrivateData:
    MARKERS = (
        "ada@private.example",
        "555-0199",
        "12 Hidden Lane",
        "203.0.113.77",
        "99999-1234",
        "fax-555-0188",
    )
    HEADERS = (
        ("Email", "Phone", "Street Address", "IP Address", "Zip", "Fax"),
        ("e-mail", "Telephone number", "Address1", "ip", "Postal code", "FAX"),
        ("Correo electrónico", "Teléfono", "Dirección", "Dirección IP", "Código postal", "Fax"),
        ("E_MAIL", "cell", "domicilio", "IP", "postcode", "fax_number"),
        (
            "Dirección de correo electrónico",
            "Número de celular",
            "calle",
            "ip_address",
            "zip_code",
            "telefax / fax",
        ),
    )

    @pytest.mark.parametrize("header", HEADERS)
    def test_of_a_table_is_nowhere_in_what_is_read(self, tmp_path: Path, header: tuple[str, ...]) -> None:
        content = table(("id", "comment", *header), ("1", "hello", *self.MARKERS))

        (comment,) = read(tmp_path, content).comments

        assert not [marker for marker in self.MARKERS if marker in repr(comment)]

    @pytest.mark.parametrize("header", HEADERS)
    @pytest.mark.parametrize("field", ["name", "place", "title", "organisation", "reason", "text", "id"])
    def test_cannot_be_asked_for(self, tmp_path: Path, header: tuple[str, ...], field: str) -> None:
        content = table(("nr", "words", *header), ("1", "hello", *self.MARKERS))
        for column in header:
            with pytest.raises(BadFile, match="never imported"):
                read(
                    tmp_path,
                    content,
                    columns={"words": "text", column: field} if field != "text" else {column: field},
                )

    def test_of_regulations_gov_is_nowhere_in_what_is_read(self, tmp_path: Path) -> None:
        private = {"Zip/Postal Code": "99999-1234", "Representative's Address": "12 Hidden Lane",
                   "Submitter Representative": "ada@private.example"}  # fmt: skip
        rows = ROW | private
        answer = api_answer(email="ada@private.example", phone="555-0199", fax="fax-555-0188",
                            address1="12 Hidden Lane",
                            zip="99999-1234", address2="203.0.113.77")  # fmt: skip

        found = [
            *read(tmp_path, table(tuple(rows), tuple(rows.values()))).comments,
            *read(tmp_path, json.dumps(answer)).comments,
        ]

        assert len(found) == 2
        assert not [marker for marker in self.MARKERS if marker in repr(found)]

    def test_has_no_field_in_a_comment(self) -> None:
        names = {field.name for field in dataclasses.fields(SourceComment)}

        assert names == {
            "row", "source_id", "text", "title", "language", "position", "name", "organisation", "place",
            "received_on", "posted_on", "disposition", "reason", "attachments", "duplicates",
        }  # fmt: skip

    def test_a_column_of_names_is_read_only_if_asked_for(self, tmp_path: Path) -> None:
        content = "id,comment,Name\n1,hello,Ada Example\n"

        assert read(tmp_path, content).comments[0].name is None
        assert read(tmp_path, content, columns={"Name": "name"}).comments[0].name == "Ada Example"
