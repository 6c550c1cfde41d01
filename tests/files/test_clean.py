"""A file that was made anew shows what it showed, and tells nothing else."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from unittest import mock

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from engage.files import LARGEST_FILE, FileKind, Refusal, Refused, clean
from engage.files.parts import strip_jpeg, strip_jpeg2000
from tests.files import samples


def refusal(name: str, content: bytes) -> Refusal:
    """Why a file is not taken."""
    with pytest.raises(Refused) as refused:
        clean(name, content)
    return refused.value.refusal


def opened(content: bytes) -> Image.Image:
    """A picture."""
    return Image.open(io.BytesIO(content))


def everything_in(pdf: bytes) -> bytes:
    """All bytes of a PDF, packed and unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [thing for thing in document.objects if isinstance(thing, pikepdf.Stream)]
        unpacked = [bytes(stream.read_raw_bytes()) for stream in streams]
        packed = [stream for stream in streams if stream.get("/Filter") == Name.FlateDecode]
        unpacked += [bytes(stream.read_bytes()) for stream in packed]
        unpacked += [repr(thing).encode() for thing in document.objects]
    return b"\n".join([pdf, *unpacked])


class TestAPhotograph:
    def test_loses_place_owner_camera_comment_and_what_stands_behind_its_end(self) -> None:
        sent = samples.jpeg()
        assert all(mark in sent for mark in samples.MARKS)

        cleaned = clean("IMG_20260101_Marisol.JPG", sent)

        assert cleaned.kind is FileKind.JPEG
        assert not [
            mark for mark in (*samples.MARKS, b"Exif", b"http", b"<script") if mark in cleaned.content
        ]
        assert set(opened(cleaned.content).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not opened(cleaned.content).getexif()

    def test_stands_upright_although_the_note_that_turned_it_is_gone(self) -> None:
        cleaned = opened(clean("a.jpg", samples.jpeg(orientation=6)).content)

        assert cleaned.size == (80, 120)
        top = cleaned.getpixel((40, 10))
        assert isinstance(top, tuple)
        assert top[2] > 200  # The left, blue side is up now.

    def test_gives_the_same_bytes_each_time(self) -> None:
        assert clean("a.jpg", samples.jpeg()).digest == clean("b.jpeg", samples.jpeg()).digest


@pytest.mark.parametrize("mode", ["RGB", "L", "I;16", "RGBA", "P"])
def test_a_png_loses_its_texts_and_keeps_its_dots(mode: str) -> None:
    cleaned = clean("screen.png", samples.png(mode=mode) if mode != "P" else _with_palette())

    assert not [mark for mark in samples.MARKS if mark in cleaned.content]
    assert opened(cleaned.content).info == {}
    assert opened(cleaned.content).size == (120, 80)


def _with_palette() -> bytes:
    buffer = io.BytesIO()
    samples.picture().convert("P").save(buffer, "PNG", transparency=0)
    return buffer.getvalue()


class TestAPdf:
    def test_loses_all_that_its_pages_do_not_show(self) -> None:
        sent = samples.pdf()
        assert samples.AUTHOR.encode() in everything_in(sent)

        kept = everything_in(clean("Marisol.pdf", sent).content)

        hidden = (*samples.MARKS, b"beacon", b"JavaScript", b"Launch", b"Exif", b"20260101", b"EmbeddedFile")
        assert not [mark for mark in hidden if mark in kept]
        for seen in (b"Visible words 0", b"Typed on top", b"What the picture shows"):
            assert seen in kept

    def test_keeps_its_pages_and_their_pictures(self) -> None:
        with pikepdf.open(io.BytesIO(clean("a.pdf", samples.pdf(3)).content)) as document:
            assert len(document.pages) == 3
            image = document.pages[0].obj.Resources.XObject.Im
            assert opened(bytes(image.read_raw_bytes())).size == (120, 80)
            assert not document.docinfo

    def test_has_no_identity_that_it_had_before_and_the_same_bytes_each_time(self) -> None:
        first, second = (clean("a.pdf", samples.pdf()) for _ in range(2))

        assert first.digest == second.digest
        with (
            pikepdf.open(io.BytesIO(samples.pdf())) as before,
            pikepdf.open(io.BytesIO(first.content)) as after,
        ):
            assert not set(map(bytes, before.trailer.ID)) & set(map(bytes, after.trailer.ID))

    def test_is_refused_where_only_a_password_opens_it(self) -> None:
        buffer = io.BytesIO()
        with pikepdf.open(io.BytesIO(samples.pdf())) as document:
            document.save(buffer, encryption=pikepdf.Encryption(user="secret", owner="secret"))

        assert refusal("a.pdf", buffer.getvalue()) is Refusal.ENCRYPTED

    def test_is_refused_where_layers_are_switched_off(self) -> None:
        buffer = io.BytesIO()
        with pikepdf.open(io.BytesIO(samples.pdf())) as document:
            layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
            document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
            document.save(buffer)

        assert refusal("a.pdf", buffer.getvalue()) is Refusal.HIDDEN_LAYERS

    def test_is_refused_with_a_photograph_among_its_drawing_orders(self) -> None:
        buffer = io.BytesIO()
        with pikepdf.new() as document:
            page = document.add_blank_page()
            page.obj.Contents = document.make_stream(
                b"q BI /W 1 /H 1 /F /DCT ID " + samples.jpeg() + b" EI Q"
            )
            document.save(buffer)

        assert refusal("a.pdf", buffer.getvalue()) is Refusal.DAMAGED


class TestAText:
    @pytest.mark.parametrize(
        "sent",
        ["Año\r\nnuevo\r\n".encode(), "Año\nnuevo".encode("utf-16"), "Año\rnuevo\x07".encode("cp1252")],
    )
    def test_is_kept_as_utf_8_with_one_kind_of_line_end(self, sent: bytes) -> None:
        assert clean("letter.TXT", sent).content == "Año\nnuevo\n".encode()

    @pytest.mark.parametrize(
        "sent",
        [b"<svg onload=alert(1)>", b"\n <!doctype html><p>", b"<?xml version='1.0'?>", b"#!/bin/sh", b"a\0b"],
    )
    def test_is_refused_where_some_program_might_run_it(self, sent: bytes) -> None:
        assert refusal("letter.txt", sent) is Refusal.WRONG_KIND


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("letter.docx", b"PK\x03\x04" + b"x" * 100, Refusal.OFFICE),
        ("letter.odt", b"PK\x03\x04" + b"x" * 100, Refusal.OFFICE),
        ("page.html", b"<h1>hello</h1>", Refusal.WRONG_KIND),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.WRONG_KIND),
        ("photo.jpg.exe", b"MZ" + b"\0" * 100, Refusal.WRONG_KIND),
        ("moving.gif", b"GIF89a" + b"\0" * 50, Refusal.WRONG_KIND),
        ("nothing.jpg", b"", Refusal.EMPTY),
        ("large.pdf", b"%PDF-" + b"x" * LARGEST_FILE, Refusal.TOO_LARGE),
        ("half.jpg", samples.jpeg((800, 800))[:3000], Refusal.DAMAGED),
        ("none.jpg", b"\xff\xd8\xff" + b"x" * 100, Refusal.DAMAGED),
        ("none.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100, Refusal.DAMAGED),
        ("none.pdf", b"%PDF-1.7 nothing", Refusal.DAMAGED),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_what_cannot_be_made_clean_is_refused_with_its_reason(
    name: str, content: bytes, why: Refusal
) -> None:
    assert refusal(name, content) is why


def test_what_is_a_picture_and_a_page_at_once_is_only_a_picture_afterwards() -> None:
    page = b"<html><script>alert(1)</script></html>"

    cleaned = clean("page.html", samples.jpeg() + page)

    assert cleaned.kind is FileKind.JPEG
    assert b"<script>" not in cleaned.content


class TestABomb:
    """A small file that unpacks to a large one: it is refused, and costs little."""

    def test_of_dots(self) -> None:
        assert refusal("bomb.png", samples.png_bomb(8_000)) is Refusal.TOO_MANY_PIXELS

    def test_of_pages(self) -> None:
        assert refusal("long.pdf", samples.pdf(2_000)) is Refusal.TOO_MANY_PAGES

    @pytest.mark.parametrize("filters", [[Name.FlateDecode], [Name.FlateDecode, Name.FlateDecode]])
    def test_of_a_page_that_unpacks_to_more_than_a_reader_should_need(self, filters: list[Name]) -> None:
        assert refusal("bomb.pdf", samples.pdf_bomb(filters)) is Refusal.TOO_HEAVY

    def test_is_stopped_by_the_clock(self) -> None:
        with pytest.raises(Refused) as refused:
            clean("slow.jpg", samples.jpeg((3000, 3000)), seconds=0.01)

        assert refused.value.refusal is Refusal.TOO_HEAVY


def test_the_cleaner_sees_no_secrets_and_only_a_few_are_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__("sys").modules["engage.files.clean"]
    monkeypatch.setattr(module, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(module, "_LONGEST_WAIT", 0.01)
    with mock.patch.object(module.subprocess, "run") as run, module._places:
        assert refusal("a.jpg", samples.jpeg()) is Refusal.BUSY
        assert not run.called
    with mock.patch.object(module.subprocess, "run", wraps=module.subprocess.run) as run:
        clean("a.jpg", samples.jpeg())
        assert run.call_args.kwargs["env"] == {}


class TestPicturesInsideAPdf:
    def test_keep_their_dots_exactly(self) -> None:
        for progressive in (False, True):
            sent = samples.jpeg(progressive=progressive)
            stripped = strip_jpeg(sent)

            assert opened(stripped).tobytes() == opened(sent).tobytes()
            assert not [mark for mark in samples.MARKS if mark in stripped]

    @pytest.mark.parametrize("kind", ["JPEG2000"])
    @pytest.mark.parametrize("bare", [True, False])
    def test_of_the_newer_kind_too(self, kind: str, bare: bool) -> None:
        buffer = io.BytesIO()
        samples.picture().save(buffer, kind, no_jp2=bare, comment=samples.AUTHOR)
        sent = buffer.getvalue()
        if not bare:
            sent += (8 + len(samples.AUTHOR)).to_bytes(4, "big") + b"xml " + samples.AUTHOR.encode()
        assert samples.AUTHOR.encode() in sent

        stripped = strip_jpeg2000(sent)

        assert samples.AUTHOR.encode() not in stripped
        assert opened(stripped).tobytes() == opened(buffer.getvalue()).tobytes()

    @pytest.mark.parametrize("cut", [2, 4, 30, 200, -400])
    def test_that_are_cut_short_are_refused(self, cut: int) -> None:
        with pytest.raises(Refused):
            strip_jpeg(samples.jpeg().split(b"\xff\xd9")[0][:cut])


def test_nothing_that_was_sent_is_left_in_the_folder_for_short_lived_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    clean("a.jpg", samples.jpeg())

    assert list(tmp_path.iterdir()) == []
