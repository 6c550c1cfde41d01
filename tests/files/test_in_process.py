"""The cleaners without the process around them: what they answer is what the process sends back."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from engage.files.kinds import CannotClean
from engage.files.pdf import clean_pdf
from engage.files.pictures import clean_jpeg, clean_png
from engage.files.text import clean_text_file
from tests.files import samples


def test_a_photograph_loses_its_notes_and_stands_upright() -> None:
    cleaned = clean_jpeg(samples.jpeg(orientation=6))

    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.size == (80, 120)
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_drawing_keeps_its_dots(mode: str) -> None:
    with Image.open(io.BytesIO(clean_png(samples.png(mode=mode)))) as picture:
        assert picture.size == (120, 80)
        assert picture.info.keys() <= {"transparency"}


def test_a_document_keeps_its_pages_and_nothing_beside_them() -> None:
    cleaned = clean_pdf(samples.pdf(pages=2))

    with pikepdf.open(io.BytesIO(cleaned)) as document:
        assert len(document.pages) == 2
        assert "/Info" not in document.trailer
        assert "/Metadata" not in document.Root


@pytest.mark.parametrize(
    "filters", [[pikepdf.Name.FlateDecode], [pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]]
)
def test_a_document_that_unpacks_to_too_much_is_refused(filters: list[pikepdf.Name]) -> None:
    with pytest.raises(CannotClean):
        clean_pdf(samples.pdf_bomb(filters))


def test_a_text_is_utf_8_with_one_kind_of_line_end() -> None:
    assert clean_text_file("Año\r\nnuevo".encode("cp1252")).decode() == "Año\nnuevo\n"
