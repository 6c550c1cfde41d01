"""Files that tell more than they show, made for tests."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ExifTags, Image, PngImagePlugin

AUTHOR = "Marisol Quintero Vega"
PLACE = "Secret Workshop 77"
MARKS = (b"Marisol", b"Secret Workshop", b"Canon 9000")


def picture(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """Two fields of colour, left and right, so that a turn can be seen."""
    image = Image.new(mode, size, "red" if mode == "RGB" else 200)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "blue" if mode == "RGB" else 20), (0, 0))
    return image


def exif(*, orientation: int = 1) -> Image.Exif:
    """Who, with what, and where."""
    notes = Image.Exif()
    notes[ExifTags.Base.Artist] = AUTHOR
    notes[ExifTags.Base.Model] = "Canon 9000"
    notes[ExifTags.Base.ImageDescription] = PLACE
    notes[ExifTags.Base.Orientation] = orientation
    notes[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (35.0, 6.0, 1.0),
        ExifTags.GPS.GPSLongitudeRef: "W",
        ExifTags.GPS.GPSLongitude: (106.0, 38.0, 2.0),
    }
    return notes


def jpeg(size: tuple[int, int] = (120, 80), *, orientation: int = 1, **options: Any) -> bytes:
    """A photograph with its place, its camera, its owner, a comment, and bytes behind its end."""
    buffer = io.BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{AUTHOR}</x:xmpmeta>".encode()
    picture(size).save(
        buffer,
        "JPEG",
        exif=exif(orientation=orientation),
        comment=AUTHOR.encode(),
        xmp=xmp,
        **options,
    )
    return buffer.getvalue() + b"<script>" + PLACE.encode()


def png(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> bytes:
    """A picture with texts beside its dots."""
    buffer = io.BytesIO()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", AUTHOR)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{AUTHOR}</x>", zip=True)
    picture(size, mode).save(buffer, "PNG", pnginfo=notes, exif=exif())
    return buffer.getvalue() + PLACE.encode()


def png_bomb(side: int) -> bytes:
    """A picture of ``side`` × ``side`` black dots in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    pack = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * side)
    dots = b"".join(pack.compress(row) for _ in range(side)) + pack.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def pdf(pages: int = 1) -> bytes:
    """A document that carries all that a PDF can hide."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(300, 200))
        page.obj.Contents = document.make_stream(
            f"BT /F1 18 Tf 20 100 Td (Visible words {number}) Tj ET q 50 0 0 50 20 20 cm /Im Do Q".encode()
        )
        page.obj.Resources = Dictionary(
            Font=Dictionary(
                F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
            ),
        )
    _put_picture(document)
    _put_marks(document)
    _put_hidden_things(document)
    buffer = io.BytesIO()
    document.save(buffer, static_id=True)
    return buffer.getvalue()


def _put_picture(document: pikepdf.Pdf) -> None:
    image = Stream(document, jpeg())
    image.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=120,
        Height=80,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
        Metadata=document.make_stream(AUTHOR.encode()),
    )
    document.pages[0].obj.Resources.XObject = Dictionary(Im=document.make_indirect(image))


def _put_marks(document: pikepdf.Pdf) -> None:
    def seen(words: str) -> Dictionary:
        drawing = document.make_stream(f"BT /F1 12 Tf 2 2 Td ({words}) Tj ET".encode())
        drawing.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 100, 20]),
            Resources=document.pages[0].obj.Resources,
        )
        return Dictionary(N=drawing)

    def mark(kind: Name, **more: Any) -> pikepdf.Object:
        place = Array([10, 150, 110, 170])
        return document.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=kind, Rect=place, T=String(AUTHOR), F=4, **more)
        )

    document.pages[0].obj.Annots = Array(
        [
            mark(Name.Text, Contents=String(f"a note by {AUTHOR}")),
            mark(Name.FreeText, Contents=String("Typed on top"), AP=seen("Typed on top")),
            mark(Name.Link, A=Dictionary(S=Name.URI, URI=String("http://beacon.example/Marisol"))),
        ]
    )


def _put_hidden_things(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = AUTHOR
    document.docinfo["/Company"] = PLACE
    with document.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:creator"] = [AUTHOR]
    document.attachments["diary.txt"] = AUTHOR.encode()
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{AUTHOR}')"))
    page = document.pages[0].obj
    page.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("http://beacon.example/run")))
    page.PieceInfo = Dictionary(Word=Dictionary(Private=String(AUTHOR)))
    page.LastModified = String("D:20260101120000-07'00'")
    page.Thumb = document.make_stream(AUTHOR.encode())
    element = document.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.P, T=String(AUTHOR), Alt=String("What the picture shows"))
    )
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([element])))
    element.P = root
    element.K = Array([Dictionary(Type=Name.OBJR, Obj=page.Annots[0], Pg=page)])
    document.Root.StructTreeRoot = root


def pdf_bomb(filters: list[Name]) -> bytes:
    """One page whose drawing orders unpack to 200 megabytes."""
    pack = zlib.compressobj(9)
    content = b"".join(pack.compress(b" " * 1_000_000) for _ in range(200)) + pack.flush()
    for _ in filters[1:]:
        content = zlib.compress(content, 9)
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        stream = Stream(document, content)
        stream.stream_dict = Dictionary(Filter=Array(filters) if len(filters) > 1 else filters[0])
        page.obj.Contents = document.make_indirect(stream)
        document.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return buffer.getvalue()
