"""A PDF keeps its pages and loses what stands behind them.

Of the document and of each page only what is known to show the page is kept, so that something new or
forgotten does not slip through: no author, dates, programs, comments of readers, forms, scripts, actions,
links, embedded files, small pictures of pages, earlier versions, or an identity that connects copies. What
was typed into a form or drawn by a reader becomes part of the page. The tags for screen readers stay.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Name

from engage.files.kinds import MOST_PAGES, MOST_PIXELS, CannotClean, Refusal
from engage.files.parts import strip_jpeg, strip_jpeg2000

_LARGEST_STREAM = 150_000_000
_LARGEST_STREAMS = 400_000_000
"""Bytes, unpacked: whoever opens the file must unpack it too."""

_OF_THE_DOCUMENT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLabels", "/Version"}
_OF_A_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group",
    "/StructParents", "/Tabs",
}  # fmt: skip
# Wherever they stand: in pictures, fonts, drawings, tags.
_NOWHERE = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/JS", "/AA", "/OpenAction", "/EF", "/Thumb",
    "/PtData", "/Alternates", "/SpiderInfo",
)  # fmt: skip
# A page may call a font or a picture by any name, one of the above too.
_RESOURCES = {"/Font", "/XObject", "/ExtGState", "/Pattern"}
# Marks of readers that show something on the page; others, such as notes that open by themselves, go.
_DRAWN = {
    "/Widget", "/FreeText", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Stamp", "/Line",
    "/Square", "/Circle", "/Polygon", "/PolyLine", "/Caret",
}  # fmt: skip
_DEEPEST = 60


def clean_pdf(content: bytes) -> bytes:
    """The same pages in a new file. Raises CannotClean."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            return _cleaned(pdf)
    except pikepdf.PasswordError:
        raise CannotClean(Refusal.ENCRYPTED) from None


def _cleaned(pdf: pikepdf.Pdf) -> bytes:
    pages = len(pdf.pages)
    if pages > MOST_PAGES:
        raise CannotClean(Refusal.TOO_MANY_PAGES)
    if pages == 0:
        raise CannotClean(Refusal.EMPTY)
    _refuse_hidden_layers(pdf)
    _draw_marks(pdf)
    _keep(pdf.Root, _OF_THE_DOCUMENT)
    for page in pdf.pages:
        _keep(page.obj, _OF_A_PAGE)
    for name in ("/Info", "/ID"):
        if name in pdf.trailer:
            del pdf.trailer[name]
    unpacked = 0
    for thing in pdf.objects:
        _scrub(thing)
        if isinstance(thing, pikepdf.Stream):
            unpacked += _checked_size(thing, _LARGEST_STREAMS - unpacked)
    buffer = io.BytesIO()
    # Only what can be reached from the document is written, so what was taken out is not there.
    pdf.save(
        buffer,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,
    )
    return buffer.getvalue()


def _refuse_hidden_layers(pdf: pikepdf.Pdf) -> None:
    """A layer that is switched off would be shown once the list of layers is gone."""
    layers = pdf.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return
    state = layers.get("/D")
    if isinstance(state, pikepdf.Dictionary) and (
        state.get("/BaseState", Name.ON) != Name.ON or len(state.get("/OFF", pikepdf.Array()))
    ):
        raise CannotClean(Refusal.HIDDEN_LAYERS)


def _draw_marks(pdf: pikepdf.Pdf) -> None:
    """Make what readers drew, and what was typed into a form, part of the page."""
    for page in pdf.pages:
        marks = page.obj.get("/Annots")
        if not isinstance(marks, pikepdf.Array):
            continue
        drawn = [
            mark for mark in marks if isinstance(mark, pikepdf.Dictionary) and mark.get("/Subtype") in _DRAWN
        ]
        page.obj.Annots = pikepdf.Array(drawn)
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations(mode="screen")


def _keep(thing: pikepdf.Object, names: set[str]) -> None:
    for name in [name for name in thing.keys() if name not in names]:  # noqa: SIM118 - no Python dictionary
        del thing[name]


def _scrub(thing: pikepdf.Object, depth: int = 0) -> None:
    """Take out of an object, and of those that stand in it directly, what must stand nowhere."""
    if depth > _DEEPEST:
        raise CannotClean(Refusal.TOO_HEAVY)
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        _scrub_names(thing)
    for child in _children(thing):
        if not child.is_indirect:
            _scrub(child, depth + 1)
    if isinstance(thing, pikepdf.Stream):
        _scrub_picture(thing)


def _scrub_names(thing: pikepdf.Object) -> None:
    for name in _NOWHERE:
        if name in thing and not _is_resource(thing[name]):
            del thing[name]
    if thing.get("/Subtype") == Name.Form and "/Ref" in thing:
        # A page of another file that stands in for this drawing.
        del thing["/Ref"]
    if thing.get("/Type") == Name.OBJR and "/Obj" in thing:
        # A tag that leads to a mark of a reader: the tag stays, the mark is gone.
        del thing["/Obj"]
    is_tag = thing.get("/Type") == Name.StructElem or ("/S" in thing and "/P" in thing)
    if is_tag and "/T" in thing:
        del thing["/T"]


def _is_resource(value: object) -> bool:
    return (
        isinstance(value, pikepdf.Dictionary | pikepdf.Stream) and str(value.get("/Type", "")) in _RESOURCES
    )


def _children(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    found: list[object] = []
    if isinstance(thing, pikepdf.Array):
        found = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        found = [value for _name, value in thing.items()]
    for child in found:
        if isinstance(child, pikepdf.Object):
            yield child


def _scrub_picture(stream: pikepdf.Stream) -> None:
    if stream.get("/Subtype") == Name.PS:
        # A program for printers that no reader shows.
        stream.write(b"")
        return
    filters = _filters(stream)
    last = filters[-1] if filters else ""
    if last not in ("/DCTDecode", "/DCT", "/JPXDecode"):
        return
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_PIXELS * 2:
        raise CannotClean(Refusal.TOO_MANY_PIXELS)
    parameters = stream.get("/DecodeParms")
    if len(filters) > 1:
        # Packed once more around the picture: only the picture is kept.
        content = _unpacked(bytes(stream.read_raw_bytes()), filters[:-1])
        parameters = parameters[-1] if isinstance(parameters, pikepdf.Array) else None
    else:
        content = bytes(stream.read_raw_bytes())
    stripped = strip_jpeg2000(content) if last == "/JPXDecode" else strip_jpeg(content)
    if isinstance(parameters, pikepdf.Dictionary):
        stream.write(stripped, filter=Name(last), decode_parms=parameters)
    else:
        stream.write(stripped, filter=Name(last))


def _unpacked(content: bytes, filters: list[str]) -> bytes:
    if filters not in (["/FlateDecode"], ["/Fl"]):
        raise CannotClean(Refusal.DAMAGED)
    return _inflated(content, _LARGEST_STREAM)


def _checked_size(stream: pikepdf.Stream, most: int) -> int:
    """How many bytes a packed stream unpacks to. Raises CannotClean where they are too many."""
    filters = _filters(stream)
    most = min(most, _LARGEST_STREAM)
    size = 0
    if not filters:
        size = len(stream.read_raw_bytes())
        _refuse_inline_pictures(stream, bytes(stream.read_raw_bytes()))
    elif filters in (["/FlateDecode"], ["/Fl"]):
        content = _inflated(bytes(stream.read_raw_bytes()), most)
        size = len(content)
        _refuse_inline_pictures(stream, content)
    elif filters[-1] not in ("/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"):
        # Rare kinds: the memory that this process may use is the limit.
        content = bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
        size = len(content)
        _refuse_inline_pictures(stream, content)
    elif len(filters) > 1:
        raise CannotClean(Refusal.DAMAGED)
    if size > most:
        raise CannotClean(Refusal.TOO_HEAVY)
    return size


def _refuse_inline_pictures(stream: pikepdf.Stream, content: bytes) -> None:
    """A JPEG among the drawing orders of a page is rare, and its notes could not be found safely."""
    is_drawing = "/Length1" not in stream and stream.get("/Subtype") != Name.Image
    if is_drawing and b"ID" in content and (b"/DCT" in content) and b"BI" in content:
        raise CannotClean(Refusal.DAMAGED)


def _inflated(content: bytes, most: int) -> bytes:
    unpack = zlib.decompressobj()
    try:
        result = unpack.decompress(content, most + 1)
    except zlib.error:
        raise CannotClean(Refusal.DAMAGED) from None
    if len(result) > most:
        raise CannotClean(Refusal.TOO_HEAVY)
    return result


def _filters(stream: pikepdf.Stream) -> list[str]:
    given = stream.get("/Filter")
    if given is None:
        return []
    return [str(name) for name in given] if isinstance(given, pikepdf.Array) else [str(given)]
